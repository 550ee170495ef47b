"""Candidates for a listing as maintainer: what each did for others and alone, by snapshot, and a logistic model over it.

Keeps true: a candidate's features are counted from events before the snapshot's day alone; what was merged by whom is not
read, for the right to merge comes with the listing. Each feature is a place among the candidates of the same project and
snapshot, so that a model fitted on one project speaks of another. How it is judged is `promotions.py`'s business.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import gammaln, ndtri
from scipy.stats import rankdata

from cadre.readiness.estimator import ReadinessModel
from cadre.sources import ReadOptions, find_source
from cadre.sources.project_events import AT_START
from cadre.sources.source import Record, SourceFile

YEAR_DAYS = 366
HALF_LIFE_DAYS = 90
"""Recent work counts double that of three months before: a quarter is the pace of releases and of snapshots' halves."""
NEWCOMER_DAYS = 180
EQUAL_ACTS = 10
RATE_DAYS = 3 * 365
RATE_LISTINGS = 6.0
"""The training projects' rate counts as that many listings, so that a short history hardly moves it (Gamma-Poisson)."""
HELP = ("reviewed", "tested", "approved")
OWN_WORK = ("output", "output_year", "own_days", "own_idle_days")
PRESENCE = ("output", "output_year", "active_days", "idle_days")
HELPING = ("people_helped_count", "newcomers_helped", "assist_recent")
SETS = (
    ("output_year", "people_helped_count", "idle_days"),
    (*PRESENCE, "people_helped_count"),
    (*PRESENCE, *HELPING),
    (*PRESENCE, *HELPING, "people_helped_rarefied", "helped_by_count", "active_months", "tenure_days"),
)
"""What may be chosen, small to large; the choice is made inside the training projects."""
PENALTIES = (20.0, 100.0)
_VAGUE = 1e3


class NobodyListedError(ValueError):
    """There is no outcome to fit on."""


@dataclass
class Project:
    """One project's record as columns.

    Attributes:
        name: As the files call it.
        people: Names by number.
        day: Local day of each event as an ordinal, ascending; `kind`, `actor`, `author` (-1: not told) go with it.
        listed_on: Person's number -> ordinal of the first listing.
        listings: Ordinals of listings after the first list, one a person, ascending.
    """

    name: str
    people: list[str]
    day: Any
    kind: Any
    actor: Any
    author: Any
    listed_on: dict[int, int]
    listings: Any


@dataclass
class Candidates:
    """One row a person and snapshot.

    Attributes:
        project: Name of the project.
        snapshot: Ordinal of the day; only what came before it was counted.
        person: Name of the person.
        listed: Whether the first listing fell on that day or in the twelve months after.
        past: Listings of the project in up to three years before, and the candidate-years they came from (n, 2).
        features: Name -> place among the candidates of the snapshot, as a normal quantile (0 is the middle).
            `output_year_log` alone is a plain log1p of the year's commits.
    """

    project: Any
    snapshot: Any
    person: Any
    listed: Any
    past: Any
    features: dict[str, Any] = field(default_factory=dict)

    def where(self, mask: Any) -> "Candidates":
        """Some of the rows."""
        plain = {f.name: getattr(self, f.name)[mask] for f in fields(self) if f.name != "features"}
        return Candidates(**plain, features={name: values[mask] for name, values in self.features.items()})


def joined(parts: Sequence[Candidates]) -> Candidates:
    """Rows of several projects or snapshots under one another."""
    if not parts:
        raise NobodyListedError("there is no other project to fit on")
    plain = {
        f.name: np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(Candidates) if f.name != "features"
    }
    return Candidates(**plain, features={name: np.concatenate([p.features[name] for p in parts]) for name in FEATURES})


def day_of(ordinal: int) -> str:
    """An ordinal as an ISO date."""
    return date.fromordinal(int(ordinal)).isoformat()


def projects(folder: Path) -> list[Project]:
    """The projects below a folder, read through the product's source; those without an event are left out."""
    source = find_source("project-events")
    paths = sorted({path for pattern in source.patterns for path in folder.rglob(pattern)})
    events: dict[str, list[tuple[int, str, str, str | None]]] = {}
    listings: dict[str, dict[str, tuple[int, bool]]] = {}
    for item in source.read([SourceFile(path, path.name) for path in paths], ReadOptions()) if paths else ():
        if not isinstance(item, Record):
            continue
        told = item.values
        if item.table == "task_events":
            row = (told["occurred_at"].toordinal(), told["kind"], told["actor_account_id"], told["for_account_id"])
            events.setdefault(told["task_id"].rsplit("#", 1)[0], []).append(row)
        elif item.table == "role_changes":
            # The project of a listing stands nowhere but in its key.
            first = (told["occurred_at"].toordinal(), told["from_role"] == AT_START)
            known = listings.setdefault(told["external_id"].split("|", 1)[0], {})
            known[told["account_id"]] = min(first, known.get(told["account_id"], first))
    return [_columns(name, rows, listings.get(name, {})) for name, rows in sorted(events.items())]


def _columns(name: str, rows: list[tuple[int, str, str, str | None]], listings: dict[str, tuple[int, bool]]) -> Project:
    people = sorted({row[2] for row in rows} | {row[3] for row in rows if row[3]} | set(listings))
    number = {person: k for k, person in enumerate(people)}
    rows.sort(key=lambda row: row[0])
    return Project(
        name, people, np.array([row[0] for row in rows]), np.array([row[1] for row in rows]),
        np.array([number[row[2]] for row in rows]), np.array([number[row[3]] if row[3] else -1 for row in rows]),
        {number[person]: on for person, (on, _) in listings.items()},
        np.array(sorted(on for on, at_start in listings.values() if not at_start), int),
    )  # fmt: skip


def _years_on(day: date, years: int) -> date:
    return day.replace(year=day.year + years, day=min(day.day, 28) if (day.month, day.day) == (2, 29) else day.day)


def _half_year_on(day: date) -> date:
    month = day.month + 6
    year, month = day.year + (month - 1) // 12, (month - 1) % 12 + 1
    last = (date(year + month // 12, month % 12 + 1, 1) - date(year, month, 1)).days
    return date(year, month, min(day.day, last))


def snapshots(project: Project) -> list[date]:
    """1 January and 1 July from 6 months after the first listing to 12 months before the last event.

    Without any listing told the first event stands for the first listing, so that a file with blank answers is read.
    """
    opened = min(project.listed_on.values(), default=int(project.day[0]))
    begin, end = _half_year_on(date.fromordinal(opened)), date.fromordinal(int(project.day[-1]))
    days = [date(year, month, 1) for year in range(begin.year, end.year + 1) for month in (1, 7)]
    return [day for day in days if begin <= day and _years_on(day, 1) <= end]


def candidates(project: Project, *, approvals: bool = True) -> Candidates:
    """All candidates of a project with their features.

    Args:
        project: Its record.
        approvals: Whether an approval counts as help in the features; who is a candidate does not depend on it.
    """
    opened = min(project.listed_on.values(), default=int(project.day[0]))
    settled = _half_year_on(date.fromordinal(opened)).toordinal()
    parts = [_at(project, day, settled, approvals=approvals) for day in snapshots(project)]
    none = np.zeros(0)
    empty = Candidates(none.astype(str), none.astype(int), none.astype(str), none.astype(bool), none.reshape(0, 2),
                       dict.fromkeys(FEATURES, none))  # fmt: skip
    return joined([empty, *parts])


def _at(project: Project, day: date, settled: int, *, approvals: bool) -> Candidates:
    at, year_before, year_after = (_years_on(day, k).toordinal() for k in (0, -1, 1))
    people, end = len(project.people), int(np.searchsorted(project.day, at))
    days, kind, actor, author = (column[:end] for column in (project.day, project.kind, project.actor, project.author))
    made, helped = kind == "authored", np.isin(kind, HELP) & (actor != author) & (author >= 0)
    in_year = days >= year_before
    listed_on = np.full(people, np.iinfo(np.int64).max)
    listed_on[list(project.listed_on)] = list(project.listed_on.values())
    busy = np.bincount(actor[in_year & (made | helped)], minlength=people) > 0
    who = np.flatnonzero(busy & (listed_on >= at))
    counted = helped if approvals else helped & (kind != "approved")
    told = _counts(at, days, actor, author, made, counted, in_year, people)
    features = {name: _place(values[who]) for name, values in told.items()}
    features["output_year_log"] = np.log1p(told["output_year"][who])
    since = max(settled, at - RATE_DAYS)
    before = project.listings[(project.listings >= since) & (project.listings < at)]
    # Where no later listing is told at all the answers are blank: then nothing is known of the rate.
    years = max(0, at - since) / 365.25 if len(project.listings) else 0.0
    return Candidates(
        np.full(len(who), project.name), np.full(len(who), at), np.array(project.people)[who],
        listed_on[who] < year_after, np.tile([float(len(before)), years * len(who)], (len(who), 1)), features,
    )  # fmt: skip


def _counts(
    at: int, days: Any, actor: Any, author: Any, made: Any, helped: Any, in_year: Any, people: int
) -> dict[str, Any]:
    """Counts of each person before a snapshot.

    Returns:
        output: Commits, each halved for every 90 days since. output_year: Commits of the year. active_days: Days with a
        commit or help, halved likewise. active_months: 30-day spans of the year with either. idle_days: Days since the
        last. own_days, own_idle_days: The same from commits alone. tenure_days: Days since the first. people_helped_count:
        Others whose change they reviewed, tested or approved in the year. newcomers_helped: Those of them whose first commit was at most 180 days before the help.
        people_helped_rarefied: People expected among ten of their acts of help (Hurlbert 1971), all where fewer.
        assist_recent: Acts of help, halved likewise. helped_by_count: People who did so for their changes in the year.
    """
    recent = 0.5 ** ((at - days) / HALF_LIFE_DAYS)
    seen = made | helped
    first, began = np.full(people, at), np.full(people, at)
    np.minimum.at(first, actor[seen], days[seen])
    np.minimum.at(began, actor[made], days[made])
    spans = np.unique(actor[seen & in_year].astype(np.int64) * 100 + (at - days[seen & in_year]) // 30)
    giver, taker = actor[helped & in_year].astype(np.int64), author[helped & in_year]
    pair, times = np.unique(giver * people + taker, return_counts=True)
    fresh = days[helped & in_year] - began[taker] <= NEWCOMER_DAYS
    new_pair = np.unique((giver * people + taker)[fresh])
    return {
        "output": np.bincount(actor[made], recent[made], people),
        "output_year": np.bincount(actor[made & in_year], minlength=people),
        **dict(zip(("active_days", "idle_days"), _presence(at, days[seen], actor[seen], people), strict=True)),
        **dict(zip(("own_days", "own_idle_days"), _presence(at, days[made], actor[made], people), strict=True)),
        "active_months": np.bincount(spans // 100, minlength=people),
        "tenure_days": at - first,
        "people_helped_count": np.bincount(pair // people, minlength=people),
        "newcomers_helped": np.bincount(new_pair // people, minlength=people),
        "people_helped_rarefied": _rarefied(pair // people, times, people),
        "assist_recent": np.bincount(actor[helped], recent[helped], people),
        "helped_by_count": np.bincount(pair % people, minlength=people),
    }


FEATURES = (
    "output", "output_year", "active_days", "own_days", "active_months", "idle_days", "own_idle_days", "tenure_days", "people_helped_count",
    "newcomers_helped", "people_helped_rarefied", "assist_recent", "helped_by_count", "output_year_log",
)  # fmt: skip


def _presence(at: int, days: Any, actor: Any, people: int) -> tuple[Any, Any]:
    """Days with an event, each halved for every 90 days since, and days since the last event."""
    dated = np.unique(actor.astype(np.int64) * 10_000_000 + days)
    last = np.zeros(people, np.int64)
    np.maximum.at(last, actor, days)
    recent = 0.5 ** ((at - dated % 10_000_000) / HALF_LIFE_DAYS)
    return np.bincount(dated // 10_000_000, recent, people), at - last


def _rarefied(giver: Any, times: Any, people: int) -> Any:
    every = np.bincount(giver, times, people)[giver]
    left = every - times

    def ways(some: Any) -> Any:
        return gammaln(some + 1) - gammaln(np.maximum(some - EQUAL_ACTS, 0) + 1)

    missed = np.where(left >= EQUAL_ACTS, np.exp(ways(left) - ways(every)), 0.0)
    return np.bincount(giver, np.where(every > EQUAL_ACTS, 1 - missed, 1.0), people)


def _place(values: Any) -> Any:
    """Normal quantile of the mean rank among the candidates of one snapshot."""
    return ndtri((rankdata(values) - 0.5) / len(values)) if len(values) else np.zeros(0)


@dataclass
class Logistic:
    """The product's own estimator over standardised features.

    Attributes:
        features: Their names.
        middle: Mean of each in training; `spread` its standard deviation.
        model: `cadre.readiness.estimator.ReadinessModel`; its first weight after the intercept is held at 1 and is that of the
            log odds of the project's own past rate, 0 where that is not known.
        rate: Share of candidacies listed in training.
        with_rate: Whether the past rate is known.
    """

    features: tuple[str, ...]
    middle: Any
    spread: Any
    model: ReadinessModel
    rate: float
    with_rate: bool

    def log_odds(self, some: Candidates) -> Any:
        """Log odds of being listed within the year."""
        z = (_matrix(some, self.features) - self.middle) / self.spread
        return self.model.decision_function(np.column_stack([_known(some, self.rate, self.with_rate), z]))

    def told(self) -> str:
        """The weights in words."""
        return ", ".join(
            f"{name} {weight:+.2f}" for name, weight in zip(self.features, self.model.coef_[2:], strict=True)
        )


def _matrix(some: Candidates, features: Sequence[str]) -> Any:
    return np.column_stack([some.features[name] for name in features])


def _offset(some: Candidates, rate: float) -> Any:
    """Log odds of the project's rate before the snapshot, drawn towards the rate in training."""
    expected = (some.past[:, 0] + RATE_LISTINGS) / (some.past[:, 1] + RATE_LISTINGS / rate)
    return np.log(expected / np.maximum(1 - expected, 1e-3))


def fit(train: Candidates, features: Sequence[str], penalty: float, *, with_rate: bool) -> Logistic:
    """The product's estimator on training rows; the same rows give the same weights.

    Args:
        train: Rows to fit on; some were listed and some not.
        features: Which features.
        penalty: Precision of the normal prior of each weight, the intercept's aside.
        with_rate: See `Logistic`.
    """
    x, y = _matrix(train, features), train.listed.astype(float)
    if not 0 < y.sum() < len(y):
        raise NobodyListedError("nobody was listed in the data to fit on")
    middle, spread = x.mean(axis=0), np.maximum(x.std(axis=0), 1e-9)
    rate = float(y.mean())
    z = np.column_stack([_known(train, rate, with_rate), (x - middle) / spread])
    mean = np.r_[0.0, 1.0, np.zeros(len(features))]
    sd = np.r_[_VAGUE, 0.0, np.full(len(features), 1 / np.sqrt(penalty))]
    return Logistic(tuple(features), middle, spread, ReadinessModel(mean, sd).fit(z, y), rate, with_rate)


def _known(some: Candidates, rate: float, with_rate: bool) -> Any:
    return _offset(some, rate) if with_rate else np.zeros(len(some.listed))


def choice(train: Candidates) -> tuple[tuple[str, ...], float]:
    """The set of features and the penalty that do best on training projects left out in turn.

    With one training project people are left out in its place. Judged by the mean AUC of the left-out parts, ties by the
    smaller set: where a larger set gains less than .001 the smaller stays.
    """
    _, group = np.unique(train.project, return_inverse=True)
    if group.max(initial=0) == 0:
        _, person = np.unique(train.person, return_inverse=True)
        group = person % 4
    best = 0.0
    found: tuple[tuple[str, ...], float] = (SETS[0], PENALTIES[0])
    for features in SETS:
        for penalty in PENALTIES:
            parts = [_left_out(train, group == k, features, penalty) for k in np.unique(group)]
            value = float(np.mean([p for p in parts if p is not None] or [0.0]))
            if value > best + 0.001:
                best, found = value, (features, penalty)
    return found


def _left_out(train: Candidates, out: Any, features: Sequence[str], penalty: float) -> float | None:
    some, rest = train.where(out), train.where(~out)
    if not some.listed.any() or some.listed.all() or not rest.listed.any():
        return None
    place = rankdata(fit(rest, features, penalty, with_rate=True).log_odds(some))
    yes = int(some.listed.sum())
    return float((place[some.listed].sum() - yes * (yes + 1) / 2) / (yes * (len(place) - yes)))
