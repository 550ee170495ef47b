"""What each signal is, in plain language, and how it is spread over the firm."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import partial
from statistics import median
from typing import Any

from cadre.estimate import Estimate
from cadre.readiness import COMPETENCIES
from cadre.records import Firm
from cadre.reports.kept import kept
from cadre.reports.measure import Readings, readings
from cadre.reports.release import MIN_GROUP, Gate, Withheld, release_group
from cadre.reports.roster import staff
from cadre.reports.wording import Direction
from cadre.signals import SIGNALS, UNMEASURED, Signal, Unmeasured
from cadre.warehouse import Snapshot

GRADES = {
    "A": "Validated on a real outcome",
    "B": "On real data, against a proxy",
    "C": "On the simulator only: no real outcome has confirmed it",
}


@dataclass(frozen=True, slots=True)
class SignalCard:
    """What a signal is, as pages and commands show it. Attributes as in `signals.Signal`; one text a way in `needs`."""

    name: str
    label: str
    family: str
    unit: str
    direction: Direction
    scale: str
    min_n: int
    grade: str
    needs: tuple[str, ...]
    sentence: str
    explanation: str
    reference: str
    caution: str = ""
    is_experimental: bool = False

    @property
    def grade_text(self) -> str:
        """What the grade means."""
        return GRADES[self.grade]


@dataclass(frozen=True, slots=True)
class Spread:
    """How a signal is spread over the people of the firm who have an estimate.

    Attributes:
        low: Tenth percentile of their point estimates, in the signal's unit.
        middle: Median.
        high: Ninetieth percentile.
        least: Smallest value a shared scale has to hold (lowest interval end).
        most: Largest.
        people: How many have an estimate.
        thin: How many were seen and have not enough evidence.
    """

    low: float
    middle: float
    high: float
    least: float
    most: float
    people: int
    thin: int

    def json(self) -> dict[str, float | int]:
        """The keys every surface uses."""
        return {
            "low": self.low,
            "middle": self.middle,
            "high": self.high,
            "people": self.people,
            "thin": self.thin,
        }


@dataclass(frozen=True, slots=True)
class SignalRow:
    """A signal with its spread.

    Attributes:
        card: The signal.
        spread: How the firm is spread; None with fewer than five estimates.
        values: Everybody's point estimate, without names; empty where numbers about persons are withheld.
    """

    card: SignalCard
    spread: Spread | Withheld | None
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class SignalsReport:
    """Every signal of this version, measured here or not, and the behaviours that none measures."""

    firm: Firm
    rows: tuple[SignalRow, ...]
    unmeasured: tuple[Unmeasured, ...] = UNMEASURED

    def json(self) -> dict[str, Any]:
        """The keys every surface uses."""
        return {
            "firm": self.firm.name,
            "purpose": self.firm.purpose,
            "signals": [
                {**asdict(r.card), "spread": r.spread.json() if r.spread is not None else None} for r in self.rows
            ],
            "unmeasured": [asdict(each) for each in self.unmeasured],
        }


def card(signal: Signal) -> SignalCard:
    """A signal without its steps."""
    names = ("name", "label", "family", "unit", "direction", "scale", "min_n", "grade", "sentence")
    return SignalCard(
        **{name: getattr(signal, name) for name in names},
        needs=tuple(" and ".join(way) for way in signal.needs),
        explanation=signal.explanation,
        reference=signal.reference,
        caution=signal.caution,
        is_experimental=signal.is_experimental,
    )


def estimate_card(name: str) -> SignalCard:
    """A competency, shown like one of the signals it rests on; its rule stands in `readiness.measurement`."""
    told = next(competency for competency in COMPETENCIES if competency.name == name)
    return SignalCard(
        name=name,
        label=told.label,
        family="estimate",
        unit="sd",
        direction="high",
        scale="identity",
        min_n=0,
        grade="C",
        needs=(),
        sentence="{value} standard deviations from what their team has in common ({n} observations).",
        explanation=f"{told.behaviour} The signals below, each on the firm's own scale; those that a study has shown weigh more. Little "
        "evidence draws an estimate to the middle of the team, and what is missing of a signal widens the interval.",
        reference="Dawes 1979, The robust beauty of improper linear models; Morris 1983, Parametric empirical Bayes inference.",
    )


def cards(signals: Sequence[Signal] = SIGNALS) -> tuple[SignalCard, ...]:
    """All signals without their steps, in the order of the registry."""
    return tuple(card(signal) for signal in signals)


def spread(known: Readings, name: str, *, among: frozenset[str], beside: frozenset[str] = frozenset()) -> Spread | None:
    """The spread of one signal or estimate.

    Args:
        known: What is known about persons.
        name: A signal or competency.
        among: The persons to look at.
        beside: Those of them whom the asker sees one by one.

    Returns:
        The spread; None where fewer than five people have an estimate, or where it would give away the few who are
        not seen one by one.
    """
    found = [known.of(person_id, name) for person_id in among]
    left = sum(isinstance(known.of(person_id, name), Estimate) for person_id in among - beside) if beside else 0
    if beside and 0 < left < MIN_GROUP:
        return None
    held = [m for m in found if isinstance(m, Estimate)]
    if len(held) < MIN_GROUP:
        return None
    values = sorted(m.value for m in held)
    return Spread(
        low=_quantile(values, 0.1),
        middle=median(values),
        high=_quantile(values, 0.9),
        least=min(m.low for m in held),
        most=max(m.high for m in held),
        people=len(held),
        thin=sum(m is not None for m in found) - len(held),
    )


def spreads(
    known: Readings, names: Sequence[str], *, among: frozenset[str], beside: frozenset[str] = frozenset()
) -> dict[str, Spread]:
    """The spreads of those signals and estimates that have one."""
    made = {name: spread(known, name, among=among, beside=beside) for name in names}
    return {name: s for name, s in made.items() if s is not None}


def firm_spreads(gate: Gate, snapshot: Snapshot, names: Sequence[str], *, among: frozenset[str]) -> dict[str, Spread]:
    """How the firm is spread, as a figure about a group; nothing where the group is too small.

    Args:
        gate: Who asks.
        snapshot: The record; its newest window is told.
        names: Signals and estimates.
        among: The people of the firm.
    """
    beside = gate.seen_alone(among)
    sealed, asked = readings(snapshot), ("spreads", tuple(names), among, frozenset(beside))
    made = release_group(
        gate,
        sealed,
        len(among),
        lambda known: kept(snapshot, asked, lambda: spreads(known, names, among=among, beside=beside)),
    )
    return {} if isinstance(made, Withheld) else made


def signals(
    gate: Gate, snapshot: Snapshot, *, registry: Sequence[Signal] = SIGNALS, one: str | None = None
) -> SignalsReport:
    """What each signal is and how it is spread over the firm.

    Args:
        gate: Who asks.
        snapshot: The record.
        registry: The signals.
        one: Only the signal of that name; none of that name gives no rows.
    """
    sealed = readings(snapshot)
    among = frozenset(person.person_id for person in staff(snapshot))
    beside = gate.seen_alone(among)
    is_shut = bool(gate.withheld(among))  # every dot is somebody's number, so all are shown or none
    rows = []
    for each in registry:
        if one is not None and each.name != one:
            continue
        name = each.name

        held = release_group(gate, sealed, len(among), partial(spread, name=name, among=among, beside=beside))
        dots = release_group(gate, sealed, len(among), partial(_values, name=name, among=among))
        values = () if is_shut or isinstance(dots, Withheld) or held is None else dots
        rows.append(SignalRow(card(each), held, values))
    return SignalsReport(snapshot.firm, tuple(rows))


def _values(known: Readings, name: str, among: frozenset[str]) -> tuple[float, ...]:
    return tuple(sorted(m.value for p in among if isinstance(m := known.of(p, name), Estimate)))


def _quantile(ordered: Sequence[float], share: float) -> float:
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])
