"""What a ticket leads one to expect: working hours to resolution from its case, fitted without the person's own.

A ridge regression of log hours on one-hot levels of type, category, priority, client, channel, first team, weekday and
part of the day. People are dealt into folds and each fold is predicted by the others, so that nobody's own tickets set
the expectation they are held against. Levels seen on fewer than `RARE` tickets are pooled.

References:
    Hoerl and Kennard 1970 (ridge); Chernozhukov et al. 2018 (cross-fitting).
"""

from collections.abc import Mapping, Sequence
from hashlib import sha256

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from cadre.exposure.working_hours import working_hours
from cadre.records import DERIVED_BY_NAME, Firm

VERSION = "ridge-1"
RARE = 10
FOLDS = 5
_PENALTY = 5.0
_LEAST_HOURS = 0.05
"""Three minutes: shorter spans are clicks, and their logarithm would rule the fit."""
_LEVELS = ("type", "category", "priority", "client_id", "channel", "team_id", "weekday", "part")
_LEAST_ROWS = 60

Floats = NDArray[np.float64]


def cases(tables: Mapping[str, ir.Table], firm: Firm) -> ir.Table:
    """Resolved tickets with who resolved them, the hours they took and the case they were.

    The resolver is the one the ticket names, else the actor of its last resolving step, else its assignee.
    """
    tickets, events = tables["tickets"], tables["ticket_events"]
    ends = events.filter(events.kind.isin(["resolved", "closed"]) & events.actor_account_id.notnull())
    last = ends.group_by("ticket_id").agg(
        last_actor=ends.actor_account_id.argmax(ends.occurred_at),
        last_local_at=ends.local_at.max(),
        last_at=ends.occurred_at.max(),
    )
    firsts = events.filter(events.to_team_id.notnull())
    first = firsts.group_by("ticket_id").agg(first_team_id=firsts.to_team_id.argmin(firsts.occurred_at))
    joined = tickets.left_join(last, "ticket_id").drop("ticket_id_right").left_join(first, "ticket_id")
    resolver = joined.resolver_account_id.coalesce(joined.last_actor, joined.assignee_account_id)
    # The ticket's own resolution instant has no local twin; its span from opening is carried over to the local clock.
    span = joined.resolved_at.epoch_seconds() - joined.occurred_at.epoch_seconds()
    by_ticket = joined.local_at + span.as_interval("s")
    done = joined.resolved_at.isnull().ifelse(joined.last_local_at, by_ticket)
    hours = working_hours(joined.local_at, done, firm)
    shaped = joined.select(
        "ticket_id", "type", "category", "client_id", "channel",
        team_id=joined.first_team_id.coalesce(joined.team_id),
        priority=joined.priority.cast("string"),
        weekday=joined.local_at.day_of_week.index().cast("string"),
        part=(joined.local_at.hour() / 4).floor().cast("string"),
        account_id=resolver,
        occurred_at=joined.resolved_at.coalesce(joined.last_at),
        local_at=done,
        open_hours=hours,
    )  # fmt: skip
    return shaped.filter(shaped.account_id.notnull() & shaped.open_hours.notnull())


def expectations(rows: pa.Table, persons: Mapping[str, str]) -> pa.Table:
    """Each case against what is expected of it.

    Args:
        rows: What `cases` gives.
        persons: Account -> person, so that a person's accounts share a fold.

    Returns:
        Rows of `ticket_expectations`; none where there are fewer than 60 cases, or for a person whom the others' cases are
        too few to hold against.
    """
    schema = DERIVED_BY_NAME["ticket_expectations"].schema()
    if rows.num_rows < _LEAST_ROWS:
        return schema.empty_table()
    hours = np.maximum(rows.column("open_hours").to_numpy(), _LEAST_HOURS)
    target = np.log(hours)
    design = _design(rows)
    owners = [persons.get(a, a) for a in rows.column("account_id").to_pylist()]
    folds = np.array([int(sha256(owner.encode()).hexdigest()[:8], 16) % FOLDS for owner in owners])
    expected = np.full_like(target, np.nan)
    for fold in range(FOLDS):
        inside = folds == fold
        if not inside.any():
            continue
        if (~inside).sum() >= _LEAST_ROWS // 2:
            expected[inside] = _fit_predict(design, target, ~inside, inside)
    known = ~np.isnan(expected)
    if not known.all():
        return (
            expectations(rows.filter(pa.array(known)), persons) if known.sum() >= _LEAST_ROWS else schema.empty_table()
        )
    spread = float(expected.std()) or 1.0
    columns = {
        "ticket_id": rows.column("ticket_id"),
        "account_id": rows.column("account_id"),
        "occurred_at": rows.column("occurred_at"),
        "local_at": rows.column("local_at"),
        "open_hours": pa.array(hours),
        "expected_hours": pa.array(np.exp(expected)),
        "log_ratio": pa.array(target - expected),
        "difficulty": pa.array((expected - expected.mean()) / spread),
        "model_version": pa.array([VERSION] * rows.num_rows),
    }
    return pa.table({name: columns[name] for name in schema.names}).cast(schema)


def _design(rows: pa.Table) -> NDArray[np.int64]:
    """One column of level numbers a factor; rare and missing levels share a number each."""
    columns: list[Sequence[int]] = []
    start = 0
    for name in _LEVELS:
        codes = rows.column(name).combine_chunks().cast(pa.string()).fill_null("(missing)").dictionary_encode()
        index = codes.indices.to_numpy()
        counts = np.bincount(index, minlength=len(codes.dictionary))
        numbers = np.where(counts >= RARE, np.cumsum(counts >= RARE), 0)
        columns.append(numbers[index] + start)
        start += int(numbers.max()) + 1
    return np.stack(columns, axis=1).astype(np.int64)


def _fit_predict(
    design: NDArray[np.int64], target: Floats, train: NDArray[np.bool_], test: NDArray[np.bool_]
) -> Floats:
    from scipy.sparse import csr_matrix, identity  # noqa: PLC0415
    from scipy.sparse.linalg import cg  # noqa: PLC0415

    width = int(design.max()) + 1

    def matrix(which: NDArray[np.bool_]) -> csr_matrix:
        cells = design[which]
        count = cells.shape[0]
        pointers = np.arange(0, cells.size + 1, cells.shape[1])
        return csr_matrix((np.ones(cells.size), cells.ravel(), pointers), shape=(count, width))

    known = matrix(train)
    middle = target[train].mean()
    normal = known.T @ known + _PENALTY * identity(width)
    weights, _ = cg(normal, known.T @ (target[train] - middle), rtol=1e-8, maxiter=500)
    return np.asarray(middle + matrix(test) @ weights)
