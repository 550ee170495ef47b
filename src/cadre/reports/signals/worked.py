"""One row worked through, so that a signal is understood: what was expected, what happened, what it did to the value.

Keeps true: in a study workspace alone, of a person near the firm's middle who is not named; how far one row moves the value
is told only where the value is the mean of its rows, and what the mean is drawn to afterwards is said.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import floor, log10
from typing import Any

from cadre.estimate import Estimate
from cadre.reports.measure import Readings, Span, readings, window
from cadre.reports.release import MIN_GROUP, Gate, Withheld, release_persons
from cadre.reports.roster import staff
from cadre.reports.signals.evidence import EvidenceReport, EvidenceRow, evidence
from cadre.reports.signals.signals import SignalRow, SignalsReport, signals
from cadre.reports.wording import full_text, number
from cadre.signals import SIGNALS, Signal, Unmeasured
from cadre.signals.partial import MEANS
from cadre.warehouse import Snapshot

_MOST_PLACES, _NOTHING = 4, 1e-9
_STUDY_ALONE = Withheld(
    rule="A worked example shows a row of somebody's work, so there is one in a study workspace alone",
    opens="In this workspace each person finds the rows behind their own numbers on their page.",
)


@dataclass(frozen=True, slots=True)
class Worked:
    """A row, and what it did.

    Attributes:
        person: The estimate of the person it is of, in words; who that is is not told.
        row: The row.
        case: What its case led one to expect and what came, in a sentence; empty where nothing was expected.
        counts: How the row counts, in words.
        moves: What the value would be without it, in a sentence; how many rows there are where the value is not their mean.
    """

    person: str
    row: EvidenceRow
    case: str
    counts: str
    moves: str

    def json(self) -> dict[str, Any]:
        """The keys every surface uses."""
        return {
            "person": self.person,
            "row": self.row.json(),
            "case": self.case,
            "counts": self.counts,
            "moves": self.moves,
        }


@dataclass(frozen=True, slots=True)
class Explained:
    """Signals, and of one of them a row worked through.

    Attributes:
        report: What each is and how it is spread.
        example: The row; why it is not shown; None where there is none, or where more than one signal is asked for.
    """

    report: SignalsReport
    example: Worked | Withheld | None

    @property
    def rows(self) -> tuple[SignalRow, ...]:
        """The signals."""
        return self.report.rows

    @property
    def unmeasured(self) -> tuple[Unmeasured, ...]:
        """What was tried and is not measured."""
        return self.report.unmeasured

    def json(self) -> dict[str, Any]:
        """The keys every surface uses."""
        return {**self.report.json(), "example": self.example.json() if self.example else None}


def explained(
    gate: Gate, snapshot: Snapshot, *, one: str | None = None, registry: Sequence[Signal] = SIGNALS
) -> Explained:
    """What each signal is, or what one is, with a row of it worked through.

    Args:
        gate: Who asks.
        snapshot: The record.
        one: Only the signal of that name; none of that name gives no rows.
        registry: The signals.
    """
    found = next((signal for signal in registry if signal.name == one), None)
    return Explained(
        signals(gate, snapshot, registry=registry, one=one), example(gate, snapshot, found) if found else None
    )


def example(gate: Gate, snapshot: Snapshot, signal: Signal) -> Worked | Withheld | None:
    """A row of somebody near the firm's middle, worked through; None where too few people have an estimate.

    Args:
        gate: Who asks.
        snapshot: The record.
        signal: The signal.
    """
    if snapshot.firm.purpose != "study":
        return _STUDY_ALONE
    among = frozenset(person.person_id for person in staff(snapshot))
    released = release_persons(gate, readings(snapshot), among, Readings.only)
    if released.withheld:
        return released.withheld
    person_id = nearest_middle(released.content, signal.name, among)
    if person_id is None:
        return None
    return worked(
        snapshot, signal, evidence(gate, snapshot, person_id, signal.name, registry=(signal,)), window(snapshot)
    )


def nearest_middle(known: Readings, name: str, among: frozenset[str]) -> str | None:
    """The person whose estimate is the median of the firm, the lower of two; None with fewer than five estimates."""
    held = sorted((m.value, person) for person in among if isinstance(m := known.of(person, name), Estimate))
    return held[(len(held) - 1) // 2][1] if len(held) >= MIN_GROUP else None


def worked(snapshot: Snapshot, signal: Signal, found: EvidenceReport, span: Span) -> Worked | None:
    """A typical row of a person's evidence, worked through; None where no row has a size.

    Args:
        snapshot: The record.
        signal: The signal.
        found: The newest rows behind the person's value, released.
        span: The window they are of.
    """
    sized = [row for row in found.rows if row.effect is not None]
    if not sized or not isinstance(found.measured, Estimate):
        return None
    row = _typical(sized, signal)
    raw, n = _raw(snapshot, found.person.person_id, signal.name, span)
    return Worked(
        person=full_text(found.measured, signal.unit),
        row=row,
        case=_case(snapshot, row, signal.name),
        counts=f"It counts as {_counted(row, signal)}.",
        moves=moved(signal, float(row.effect or 0.0), raw, n, found.total),
    )


def moved(signal: Signal, effect: float, raw: float | None, n: int, total: int) -> str:
    """What the mean of the rows would be without one of them, and what the estimate makes of that mean.

    Args:
        signal: The signal.
        effect: What the row did.
        raw: The value before it is drawn towards the middle; None where it is not known.
        n: Observations the value rests on.
        total: Rows behind it.
    """
    if signal.value not in MEANS or raw is None or n != total or n < 2:
        return f"It is one of {total:,} rows. The value is not their mean: the definition says how they add up."
    without = (raw * n - effect) / (n - 1)
    step = raw - without
    drawn = "The estimate is that mean drawn towards the middle, the less so the more rows."
    if abs(step) < _NOTHING:
        return f"It moves nothing: the mean of all {n:,} rows is {_fine(raw, signal, step)} without it, too. {drawn}"
    by = _fine(step, signal, step, is_signed=True)
    sides = f"from {_fine(without, signal, step)} to {_fine(raw, signal, step)}"
    return f"It moves the mean of all {n:,} rows by {by}, {sides}. {drawn}"


def _typical(rows: list[EvidenceRow], signal: Signal) -> EvidenceRow:
    """For a share the newest row that counts; else the newest whose size is the median size."""
    if signal.scale == "logit":
        return next((row for row in rows if (row.effect or 0.0) >= 1), rows[0])
    sizes = sorted(abs(row.effect or 0.0) for row in rows)
    middle = sizes[len(sizes) // 2]
    return min(rows, key=lambda row: abs(abs(row.effect or 0.0) - middle))


def _counted(row: EvidenceRow, signal: Signal) -> str:
    effect = float(row.effect or 0.0)
    if signal.scale == "logit":
        return f"{effect:.2g} in the share"
    if signal.unit == "saved":
        return f"{_text(effect, 2, is_signed=True)} on the log scale of hours saved"
    return number(effect, signal.unit, places=0 if effect == round(effect) else 2)


def _fine(value: float, signal: Signal, step: float, *, is_signed: bool = False) -> str:
    """A value with as many digits as it takes to see a step of that size, which may be more than an estimate earns."""
    is_share = signal.unit in {"share", "saved", "points"}
    size = abs(step) * (100 if is_share else 1)
    places = min(max(0, 1 - floor(log10(size))), _MOST_PLACES) if size > _NOTHING else 1
    if is_share:
        word = " points" if is_signed or signal.unit == "points" else "%"
        return _text(100 * value, places, is_signed=is_signed or signal.unit == "points") + word
    return _text(value, places, is_signed=is_signed or signal.unit == "sd") + {"hours": " h"}.get(signal.unit, "")


def _text(value: float, places: int, *, is_signed: bool = False) -> str:
    return f"{value:+.{places}f}".removeprefix("" if is_signed else "+").replace("-", "\N{MINUS SIGN}")


def _raw(snapshot: Snapshot, person_id: str, name: str, span: Span) -> tuple[float | None, int]:
    """The value before shrinkage and the observations it rests on."""
    table = snapshot.table("signal_values")
    chosen = table.filter(
        (table.person_id == person_id)
        & (table.signal == name)
        & (table.window_start == span.start_on)
        & (table.window_days == span.days)
    )
    rows = snapshot.rows(chosen.select("raw_value", "n"))
    return (rows[0]["raw_value"], rows[0]["n"] or 0) if rows else (None, 0)


def _case(snapshot: Snapshot, row: EvidenceRow, name: str) -> str:
    if row.record_table != "tickets" or name not in _CASES:
        return ""
    table = snapshot.table("ticket_expectations")
    found = snapshot.rows(table.filter(table.ticket_id == row.record_id).limit(1))
    return _CASES[name](found[0]) if found else ""


def _hours(value: float) -> str:
    return f"{value:.1f} h" if value < 100 else f"{value:,.0f} h"


def _speed(case: Mapping[str, Any]) -> str:
    return f"This ticket: expected {_hours(case['expected_hours'])} at work for its case, took {_hours(case['open_hours'])}."


def _difficulty(case: Mapping[str, Any]) -> str:
    return f"This ticket: its case leads one to expect {_hours(case['expected_hours'])} at work, whoever takes it."


def _quality(case: Mapping[str, Any]) -> str:
    told = "came back" if case["reopened"] else "did not come back"
    parts = [f"expected to come back with a chance of {100 * case['expected_reopened']:.0f}%, it {told}"]
    if case["rating_share"] is not None and case["expected_rating_share"] is not None:
        parts.append(
            f"its client gave {100 * case['rating_share']:.0f} of 100 where {100 * case['expected_rating_share']:.0f} was expected"
        )
    return f"This ticket: {'; '.join(parts)}."


def _recurrence(case: Mapping[str, Any]) -> str:
    told = "it was" if case["recurred"] else "it was not"
    return (
        "This ticket: that the client would have the same again within two weeks was expected with a chance of "
        f"{100 * case['expected_recurred']:.0f}%; {told} so."
    )


_CASES: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "adjusted_speed": _speed,
    "team_lift": _speed,
    "difficulty_solved": _difficulty,
    "adjusted_quality": _quality,
    "recurrence": _recurrence,
}
