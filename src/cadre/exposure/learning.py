"""What became of the next ticket of its kind after somebody was helped with one: a matched difference in differences.

A colleague wrote or booked time on a ticket of the learner's. The learner's next ticket of that topic is held against what its
case leads one to expect, and that against the learner's tickets of other topics in the days up to it, so that a learner who gets
better, or busier, at everything moves nothing. Only what was opened before is looked at, so that later tickets move no old figure.

Keeps true: a helper who never held the ticket helped, one who passed it on did not; the same next ticket counts once for a
helper, however often they wrote; missing outcomes are left out. Its limits: who needs help with a topic is often weak at it, and
a next ticket then looks worse than the case leads one to expect, which pulls the figure down; the record does not tell whether
the help explained anything; a topic is as coarse as the firm files it.

References:
    Angrist and Pischke 2009, ch. 5 (difference in differences); Ashenfelter 1978 (those who get help were low before it).
"""

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
from ibis import _
from numpy.typing import NDArray

from cadre.records import DERIVED_BY_NAME

WITHIN_DAYS = 60
"""The next ticket on the topic is opened within so many days of the help; what is learnt fades after (Arthur et al. 1998)."""
LEAST_ELSEWHERE = 5
"""Tickets of other topics in as many days up to the next that the learner must have, else there is nothing to hold it against."""
_OUTSIDE = ("client", "bot")

Tables = Mapping[str, ir.Table]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def helps(tables: Tables) -> ir.Table:
    """First help of each account on each resolved ticket that somebody else resolved and that it never held.

    Returns:
        `ticket_id`, `topic`, `learner_id` (person who resolved it), `account_id` and `helper_id` (account and person who
        helped), `at` (instant of the help).
    """
    events, booked = tables["ticket_events"], tables["time_entries"]
    notes = events.filter(events.kind.isin(["note", "reply"]) & events.actor_account_id.notnull())
    wrote = notes.select("ticket_id", "occurred_at", account_id="actor_account_id")
    hours = booked.filter(booked.ticket_id.notnull()).select("ticket_id", "occurred_at", "account_id")
    held = events.filter(events.from_account_id.notnull()).select("ticket_id", account_id="from_account_id")
    held = held.union(events.filter(events.to_account_id.notnull()).select("ticket_id", account_id="to_account_id"))
    given = wrote.union(hours).anti_join(held.distinct(), ["ticket_id", "account_id"])
    first = given.group_by("ticket_id", "account_id").agg(at=_.occurred_at.min())
    who = _persons(tables)
    solved = tables["ticket_expectations"].filter(_.topic.notnull()).select("ticket_id", "topic", owner="account_id")
    solved = solved.join(who.select(owner="account_id", learner_id="person_id"), "owner").drop("owner")
    helped = first.join(solved, "ticket_id").join(who.select("account_id", helper_id="person_id"), "account_id")
    helped = helped.filter(helped.helper_id != helped.learner_id)
    return helped.select("ticket_id", "topic", "learner_id", "account_id", "helper_id", "at")


def tries(tables: Tables) -> ir.Table:
    """Resolved tickets with everybody who was to solve them: who resolved them, and who held and passed them on.

    Returns:
        `ticket_id`, `topic`, `account_id` and `learner_id` (account and person), `at` (instant of opening), `occurred_at` and
        `local_at` of resolution, `alone` (1 where nobody helped and they did not pass it on, else 0) and `expected_alone` of the
        case: what is expected of help and of passing on, as if they were independent; passing on counts as not to be expected
        where too little is passed on to tell. Tickets of which help is not told are left out.
    """
    told = tables["ticket_expectations"].filter(
        _.topic.notnull() & _.helped.notnull() & _.expected_helped.notnull() & _.local_at.notnull()
    )
    told = told.select("ticket_id", "topic", "occurred_at", "local_at", "helped", "expected_helped", owner="account_id")
    holds = tables["ticket_holds"].select("ticket_id", "account_id", "passed", "expected_passed")
    given = holds.filter(holds.passed > 0).select("ticket_id", "account_id")
    both = told.select("ticket_id", account_id="owner").union(given).distinct()
    joined = both.join(told, "ticket_id").left_join(holds, ["ticket_id", "account_id"])
    passed, likely = (ibis.coalesce(joined[name], ibis.literal(0.0)) for name in ("passed", "expected_passed"))
    by_owner = joined.account_id == joined.owner
    rows = joined.select(
        "ticket_id", "topic", "account_id", "occurred_at", "local_at",
        alone=(by_owner & (joined.helped == 0) & (passed == 0)).ifelse(1.0, 0.0),
        expected_alone=(1 - joined.expected_helped) * (1 - likely),
    )  # fmt: skip
    opened = tables["tickets"].select("ticket_id", at="occurred_at").filter(_["at"].notnull())
    who = _persons(tables).select("account_id", learner_id="person_id")
    return rows.join(opened, "ticket_id").join(who, "account_id").select(
        "ticket_id", "topic", "account_id", "learner_id", "at", "occurred_at", "local_at", "alone", "expected_alone"
    )  # fmt: skip


def _persons(tables: Tables) -> ir.Table:
    return tables["person_accounts"].filter(_.kind.notin(_OUTSIDE)).select("account_id", "person_id")


def learning_steps(helped: pa.Table, tried: pa.Table) -> pa.Table:
    """Each help with the learner's next ticket on its topic.

    Args:
        helped: Rows of `helps`.
        tried: Rows of `tries`.

    Returns:
        Rows of `learning_steps`. Helps after which no ticket of the topic came, or too few of others, are not there.
    """
    schema = DERIVED_BY_NAME["learning_steps"].schema()
    helped = helped.sort_by([("at", "ascending"), ("ticket_id", "ascending"), ("account_id", "ascending")])
    tried = tried.sort_by([("at", "ascending"), ("ticket_id", "ascending"), ("account_id", "ascending")])
    opened, residual = _instants(tried), _numbers(tried, "alone") - _numbers(tried, "expected_alone")
    learners, topics = _grouped(tried, "learner_id"), _grouped(tried, "learner_id", "topic")
    given = zip(
        _instants(helped).tolist(),
        *(helped.column(name).to_pylist() for name in ("learner_id", "topic", "ticket_id", "account_id", "helper_id")),
        strict=True,
    )
    keys = tried.column("ticket_id").to_pylist()
    found: dict[tuple[str, int], tuple[str, str, float, int]] = {}
    for at, learner, topic, ticket, account, helper in given:
        same, every = topics.get((learner, topic)), learners.get((learner,))
        if same is None or every is None:
            continue
        place = int(np.searchsorted(opened[same], at, "right"))
        if place == len(same) or opened[same[place]] > at + WITHIN_DAYS * 86_400:
            continue
        following = int(same[place])
        until = opened[following]
        span, kin = (
            rows[slice(*np.searchsorted(opened[rows], [until - WITHIN_DAYS * 86_400, until]))] for rows in (every, same)
        )
        others = len(span) - len(kin)
        if others < LEAST_ELSEWHERE or keys[following] == ticket:
            continue
        elsewhere = float(residual[span].sum() - residual[kin].sum()) / others
        # A later help before the same next ticket takes the earlier one's place.
        found[helper, following] = (ticket, account, elsewhere, others)
    if not found:
        return schema.empty_table()
    places = np.array([key[1] for key in found], np.int64)
    rows = tried.take(pa.array(places))
    usual = np.array([told[2] for told in found.values()], np.float64)
    columns = {
        **{name: rows.column(name) for name in ("ticket_id", "topic", "occurred_at", "local_at", "alone", "expected_alone")},
        "account_id": [told[1] for told in found.values()],
        "learner_account_id": rows.column("account_id"),
        "helped_ticket_id": [told[0] for told in found.values()],
        "elsewhere": usual,
        "elsewhere_count": [told[3] for told in found.values()],
        "gain": residual[places] - usual,
    }  # fmt: skip
    return pa.table([columns[name] for name in schema.names], names=schema.names).cast(schema)


def _grouped(rows: pa.Table, *names: str) -> dict[tuple[str, ...], Ints]:
    """Places of the rows of each combination of values, in order."""
    made: dict[tuple[str, ...], list[int]] = {}
    for n, key in enumerate(zip(*(rows.column(name).to_pylist() for name in names), strict=True)):
        made.setdefault(key, []).append(n)
    return {key: np.array(places, np.int64) for key, places in made.items()}


def _instants(rows: pa.Table) -> Floats:
    return np.asarray(rows.column("at").to_numpy().astype("datetime64[us]").astype(np.int64) / 1e6, np.float64)


def _numbers(rows: pa.Table, name: str) -> Floats:
    return np.asarray(rows.column(name).to_numpy(), np.float64)
