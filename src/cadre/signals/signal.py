"""What a signal is: one behaviour, defined once, in two pure steps and its evidence.

Keeps true: steps are lazy Ibis expressions over the tables they are given, at account (or account pair) by local
day, so that a new day costs a day; nothing here touches a database. What must be fitted is a stage elsewhere.
"""

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import ibis.expr.types as ir

Tables = Mapping[str, ir.Table]
"""Canonical and derived tables by name. A table without rows is there, empty."""


@dataclass(frozen=True, slots=True)
class Window:
    """A span of local days, `start` included, `end` excluded."""

    start: date
    days: int

    @property
    def end(self) -> date:
        """The first day after the window."""
        return self.start + timedelta(days=self.days)


@dataclass(frozen=True, slots=True)
class Unmeasured:
    """A behaviour that was meant to be seen and is not, so that pages can say so.

    Attributes:
        name: Key it would have had.
        family: Family it would have been in.
        reason: Plain language: why not.
    """

    name: str
    family: str
    reason: str


@dataclass(frozen=True, slots=True)
class Signal:
    """A behaviour seen in the work record.

    Attributes:
        name: Key, in the field's terms.
        label: As shown on pages.
        family: Which family of `docs/reference/signals.md` it is in.
        unit: `share` (0-1), `points` (difference of two shares, -1 to 1), `saved` (share of the expected hours saved; below 0
            where more were needed), `hours` (working hours unless it says otherwise), `people`, `tickets`, `topics`,
            `times` (a count a case) or `sd`.
        direction: Which way is better; `context` where neither is.
        scale: Scale on which values are shrunk and intervals are symmetric: `logit`, `log` or `identity`.
        min_n: Observations under which the result is "not enough evidence".
        needs: Alternatives, each a set of canonical tables: the signal is measured where every table of one of them
            has rows.
        horizon_days: How far back a new row can change a day's partials.
        grade: A validated on a real outcome, B on real data with a proxy, C on the simulator only.
        caution: What it must not be used for, in one sentence; empty where the grade says all there is.
        is_experimental: Whether it is shown as a trial, in no estimate and no alert, until a study speaks for it.
        leaves_out: What the colleague with most is left out by: `rows` or `days` of theirs; empty where nobody is.
        sentence: What was seen, for a person, with `{value}`, `{n}` filled in.
        explanation: Plain language: what is counted, what is not, what missing means.
        reference: Where the construct or formula comes from.
        partials: Tables -> rows of `signal_partials` without the `signal` column.
        value: Partials joined with `person_id` -> person_id, raw_value (unit), variance (on `scale`), n.
        evidence: Tables -> account_id, record_table, record_id, occurred_at, local_at, effect, note: the rows behind it;
            `effect` is what the row did in the signal's unit, `note` a short behaviour phrase without names.
    """

    name: str
    label: str
    family: str
    unit: Literal["share", "points", "saved", "hours", "people", "sd", "tickets", "topics", "times"]
    direction: Literal["high", "low", "context"]
    scale: Literal["logit", "log", "identity"]
    min_n: int
    needs: tuple[tuple[str, ...], ...]
    horizon_days: int
    grade: Literal["A", "B", "C"]
    sentence: str
    explanation: str
    reference: str
    partials: Callable[[Tables], ir.Table]
    value: Callable[[ir.Table, Window], ir.Table]
    evidence: Callable[[Tables], ir.Table]
    caution: str = ""
    is_experimental: bool = False
    leaves_out: Literal["", "rows", "days"] = ""

    def lacking(self, filled: AbstractSet[str]) -> tuple[str, ...]:
        """The tables without rows that keep it from being measured: none where it is, else those of the nearest way.

        Args:
            filled: Canonical tables that have rows.
        """
        return min((tuple(name for name in way if name not in filled) for way in self.needs), key=len)
