"""What a case leads one to expect: hours to resolution, and the chance of each thing that may become of it.

Additive models over the levels of a case's factors: ridge regression for log hours and ratings, ridge logistic regression
for shares. People are dealt into folds and each fold is expected by models fitted without it, so that nobody's own cases set
the expectation they are held against. Levels seen on fewer than `RARE` cases are pooled; how hard weights are held back is
chosen on persons within the training folds. Weights are kept and used for later
cases until the record has grown by `GROWTH`, so that what was expected of an old case stays as it was. Half the difference between what odd and even weeks lead one to expect is the doubt of an
expectation: its mean square over a person's cases is the variance that the fit itself adds to theirs.

References:
    Hoerl and Kennard 1970 (ridge); le Cessie and van Houwelingen 1992 (ridge logistic); Chernozhukov et al. 2018 (cross-fitting).
"""

from collections.abc import Mapping, Sequence
from hashlib import sha256

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from cadre.exposure.case import FACTORS, PEERS
from cadre.exposure.ridge import Solved, chances, one_thread, penalties, solved
from cadre.records import DERIVED_BY_NAME

VERSION = "case-mix-2"
FOLDS = 5
RARE = 10
GROWTH = 1.2
MIN_CASES = 60
"""Cases whose outcome is known; fewer set no expectation."""
LEAST_HOURS = 0.05
"""Three minutes: shorter spans are clicks, and their logarithm would rule the fit."""
SHARES = ("reopened", "late", "recurred", "helped")
HELD = ("passed",)
SPREAD = "spread"
_VALUES = frozenset({"hours", "rating_share"})

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Model = tuple[str, int, int]
"""Outcome, fold, and 0 for all cases or 1 and 2 for the odd and even weeks'."""
Weights = Mapping[Model, Solved]


def fold_of(person_id: str) -> int:
    """The fold a person is in, 0 to `FOLDS` - 1; the same in every record."""
    return int(sha256(person_id.encode()).hexdigest()[:8], 16) % FOLDS


def fitted(rows: pa.Table, persons: Mapping[str, str], outcomes: Sequence[str]) -> pa.Table:
    """Models of what to expect, one an outcome and fold.

    Args:
        rows: What `case.cases` or `case.holds` gives.
        persons: Account -> person, so that a person's accounts share a fold.
        outcomes: `hours`, `rating_share` or a share's column.

    Returns:
        Rows of `expectation_weights`, each model on all cases and on those of odd and of even weeks alone; none for an outcome known of fewer than `MIN_CASES` cases, and none for a fold outside
        which fewer than half as many are.
    """
    levels = _levels(rows)
    design, folds, odd = _design(rows, levels), _folds(rows, persons), _odd_weeks(rows)
    with one_thread():
        return _fits(rows, levels, design, folds, odd, outcomes)


def _fits(
    rows: pa.Table, levels: "Levels", design: Ints, folds: Ints, odd: NDArray[np.bool_], outcomes: Sequence[str]
) -> pa.Table:
    made: list[pa.Table] = []
    for outcome in outcomes:
        target = _target(rows, outcome)
        known = ~np.isnan(target)
        if known.sum() < MIN_CASES:
            continue
        is_share = outcome not in _VALUES
        best = penalties(design[known], target[known], folds[known], len(levels))
        usual = max(best.values(), key=list(best.values()).count)
        for fold in range(FOLDS):
            train = known & (folds != fold)
            if train.sum() < MIN_CASES // 2:
                continue
            start = None
            for half, which in enumerate((train, train & odd, train & ~odd)):
                if which.any():
                    found = solved(
                        design[which], target[which], len(levels), best.get(fold, usual), is_share=is_share, start=start
                    )
                    start = found.weights if half == 0 else start
                    made.append(_stored((outcome, fold, half), levels, found, rows.num_rows))
    return pa.concat_tables(made) if made else DERIVED_BY_NAME["expectation_weights"].schema().empty_table()


def is_stale(weights: pa.Table, outcome: str, cases: int) -> bool:
    """Whether models have to be fitted anew: there are none, of another version, or for a much smaller record."""
    mine = [row for row in weights.select(["outcome", "n", "model_version"]).to_pylist() if row["outcome"] == outcome]
    if not mine:
        return cases >= MIN_CASES
    return mine[0]["model_version"] != VERSION or not mine[0]["n"] <= cases < GROWTH * max(mine[0]["n"], MIN_CASES)


def expectations(rows: pa.Table, weights: pa.Table, persons: Mapping[str, str]) -> pa.Table:
    """Each resolved ticket against what was to be expected of it.

    Args:
        rows: What `case.cases` gives.
        weights: What `fitted` gave, now or earlier.
        persons: Account -> person.

    Returns:
        Rows of `ticket_expectations`; cases for which no hours can be expected are left out.
    """
    schema = DERIVED_BY_NAME["ticket_expectations"].schema()
    expected = _expected(rows, weights, persons, ("hours", *SHARES, "rating_share"))
    if "hours" not in expected:
        return schema.empty_table()
    hours, difficulty = expected["hours"], expected[SPREAD]
    open_hours = np.maximum(_numbers(rows, "open_hours"), LEAST_HOURS)
    shares = {name: _numbers(rows, name) for name in (*SHARES, "rating_share")}
    nothing = np.full(rows.num_rows, np.nan)
    columns = {
        **{name: rows.column(name) for name in ("ticket_id", "account_id", "occurred_at", "local_at", "client_id", "topic")},
        "open_hours": open_hours,
        "expected_hours": np.exp(hours),
        "log_ratio": np.log(open_hours) - hours,
        "difficulty": difficulty,
        "doubt_difficulty": expected[f"doubt_{SPREAD}"],
        **shares,
        **{f"expected_{name}": expected.get(name, nothing) for name in shares},
        **{f"doubt_{name}": expected.get(f"doubt_{name}", nothing) for name in ("hours", *shares)},
        "fold": _folds(rows, persons),
        "model_version": [VERSION] * rows.num_rows,
    }  # fmt: skip
    return _table(columns, schema).filter(pa.array(~np.isnan(hours)))


def hold_expectations(rows: pa.Table, weights: pa.Table, persons: Mapping[str, str]) -> pa.Table:
    """Each hold of a ticket against how likely its case made passing it on: rows of `ticket_holds`."""
    schema = DERIVED_BY_NAME["ticket_holds"].schema()
    expected = _expected(rows, weights, persons, HELD)
    columns = {name: rows.column(name) for name in schema.names if name in rows.column_names}
    columns |= {
        "expected_passed": expected.get("passed", np.full(rows.num_rows, np.nan)),
        "doubt_passed": expected.get("doubt_passed", np.full(rows.num_rows, np.nan)),
        "fold": _folds(rows, persons),
        "model_version": [VERSION] * rows.num_rows,
    }
    return _table(columns, schema)


def _expected(
    rows: pa.Table, weights: pa.Table, persons: Mapping[str, str], outcomes: Sequence[str]
) -> dict[str, Floats]:
    """Outcome -> what is expected of each case, missing where its fold has no model; `spread` is the difficulty."""
    models, levels = _loaded(weights)
    design, folds = _design(rows, levels), _folds(rows, persons)
    made: dict[str, Floats] = {}
    for outcome in outcomes:
        told, (hard, spread) = np.full((3, rows.num_rows), np.nan), np.full((2, rows.num_rows), np.nan)
        for fold in range(FOLDS):
            mine = folds == fold
            for half in range(3):
                if model := models.get((outcome, fold, half)):
                    raw = model.middle + model.weights[design[mine]].sum(axis=1)
                    told[half, mine] = raw if outcome in _VALUES else chances(raw)
                    if half == 0:
                        hard[mine], spread[mine] = (raw - model.centre) / model.spread, model.spread
        if not np.isnan(told[0]).all():
            made[outcome], made[f"doubt_{outcome}"] = told[0], (told[1] - told[2]) / 2
        if outcome == "hours":
            made[SPREAD], made[f"doubt_{SPREAD}"] = hard, (told[1] - told[2]) / 2 / spread
    return made


def _target(rows: pa.Table, outcome: str) -> Floats:
    if outcome == "hours":
        return np.log(np.maximum(_numbers(rows, "open_hours"), LEAST_HOURS))
    return _numbers(rows, outcome)


def _numbers(rows: pa.Table, name: str) -> Floats:
    """A column as numbers, missing as NaN."""
    return np.asarray(rows.column(name).to_numpy(), np.float64)


def _odd_weeks(rows: pa.Table) -> NDArray[np.bool_]:
    """Whether each case ended, or was got, in an odd week; unknown instants are in even ones."""
    at = rows.column("local_at").cast(pa.timestamp("us")).to_numpy().astype("datetime64[D]")
    days = np.where(np.isnat(at), 0, at.astype(np.int64))
    return np.asarray((days + 3) // 7 % 2 == 1)


def _folds(rows: pa.Table, persons: Mapping[str, str]) -> Ints:
    coded = rows.column("account_id").combine_chunks().dictionary_encode()
    folds = np.array([fold_of(persons.get(a, a)) for a in coded.dictionary.to_pylist()] or [0], np.int64)
    return np.asarray(folds[coded.indices.to_numpy(zero_copy_only=False)], np.int64)


Levels = dict[tuple[str, str], int]
"""(factor, level) -> place in the weights; the level of each factor's rare and missing ones is empty."""


def _factors(rows: pa.Table) -> list[str]:
    return [name for name in (*FACTORS, PEERS) if name in rows.column_names]


def _levels(rows: pa.Table) -> Levels:
    found: Levels = {}
    for factor in _factors(rows):
        found[factor, ""] = len(found)
        told = rows.column(factor).combine_chunks().cast(pa.string()).drop_null().value_counts()
        for each in sorted(told.to_pylist(), key=lambda x: str(x["values"])):
            if each["counts"] >= RARE and each["values"]:
                found[factor, each["values"]] = len(found)
    return found


def _design(rows: pa.Table, levels: Levels) -> Ints:
    """Place of each case's level in the weights. Shape (cases, factors)."""
    columns = []
    for factor in _factors(rows):
        coded = rows.column(factor).combine_chunks().cast(pa.string()).fill_null("").dictionary_encode()
        rare = levels.get((factor, ""), 0)
        places = np.array(
            [levels.get((factor, level), rare) for level in coded.dictionary.to_pylist()] or [rare], np.int64
        )
        columns.append(places[coded.indices.to_numpy(zero_copy_only=False)])
    return np.stack(columns, axis=1)


def _stored(model: Model, levels: Levels, found: Solved, cases: int) -> pa.Table:
    outcome, fold, half = model
    factors, names = zip(*levels, strict=True)
    count = len(levels) + 3
    columns = {
        "outcome": [outcome] * count,
        "fold": [fold] * count,
        "half": [half] * count,
        "factor": ["", "", "", *factors],
        "level": ["middle", "centre", SPREAD, *names],
        "weight": [found.middle, found.centre, found.spread, *found.weights.tolist()],
        "n": [cases] * count,
        "model_version": [VERSION] * count,
    }
    return _table(columns, DERIVED_BY_NAME["expectation_weights"].schema())


def _loaded(weights: pa.Table) -> tuple[Weights, Levels]:
    levels: Levels = {}
    told: dict[Model, dict[tuple[str, str], float]] = {}
    for row in weights.to_pylist():
        if row["factor"]:
            levels.setdefault((row["factor"], row["level"]), len(levels))
        told.setdefault((row["outcome"], row["fold"], row["half"]), {})[row["factor"], row["level"]] = row["weight"]
    models = {
        key: Solved(
            np.array([mine.get(level, mine.get((level[0], ""), 0.0)) for level in levels], np.float64),
            mine["", "middle"], mine["", "centre"], mine["", SPREAD],
        )
        for key, mine in told.items()
    }  # fmt: skip
    return models, levels


def _table(columns: Mapping[str, object], schema: pa.Schema) -> pa.Table:
    arrays = [
        column if isinstance(column := columns[f.name], pa.ChunkedArray) else pa.array(column, from_pandas=True)
        for f in schema
    ]
    return pa.table(arrays, names=schema.names).cast(schema)
