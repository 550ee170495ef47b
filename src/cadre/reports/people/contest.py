"""Contested rows: what somebody said is wrong, the answer, and the estimate with and without the row.

Keeps true: without the row is told where the value is the mean of its rows; it moves the estimate by the row's whole part,
which is the most it can move, since estimates are drawn towards the firm's middle. Elsewhere the next refresh tells.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from cadre.db.stewardship import Contest, ContestAnswer
from cadre.estimate import Estimate, Measured, Sealed
from cadre.records import Firm
from cadre.reports.head import head
from cadre.reports.measure import Readings, readings, window
from cadre.reports.release import CONTESTED, SIGNALS, Gate, Withheld, purpose_word, release_person
from cadre.reports.roster import Staff, staff
from cadre.reports.signals.signals import SignalCard, card
from cadre.signals import SIGNALS as REGISTRY
from cadre.signals import Signal
from cadre.signals.partial import MEANS
from cadre.warehouse import Snapshot


@dataclass(frozen=True, slots=True)
class Dispute:
    """One contested row.

    Attributes:
        contest_id: Key.
        person_id: Whose row.
        person: Their name.
        card: The signal it counts for.
        record_table: Table of the row.
        record_id: Key of the row.
        words: What they say is wrong.
        contested_at: When.
        verdict: `upheld`, `kept`, or empty while it is open.
        reason: Why; empty while it is open.
        answered_by: Who answered; empty while it is open.
        with_row: The estimate as it stands; None where it is withheld or was not looked at.
        without_row: The same without the row; None where it is withheld or cannot be told.
        withheld: Why the numbers are not shown; None where they are.
    """

    contest_id: int
    person_id: str
    person: str
    card: SignalCard
    record_table: str
    record_id: str
    words: str
    contested_at: datetime
    verdict: str
    reason: str
    answered_by: str
    with_row: Measured | None
    without_row: Estimate | None
    withheld: Withheld | None

    def json(self) -> dict[str, Any]:
        """The keys every surface uses."""
        return {
            "contest_id": self.contest_id,
            "person_id": self.person_id,
            "name": self.person,
            "signal": self.card.name,
            "record_table": self.record_table,
            "record_id": self.record_id,
            "words": self.words,
            "contested_at": self.contested_at.isoformat(),
            "verdict": self.verdict,
            "reason": self.reason,
            "answered_by": self.answered_by,
            "with_row": self.with_row.json() if self.with_row else None,
            "without_row": self.without_row.json() if self.without_row else None,
            "withheld": self.withheld.json() if self.withheld else None,
        }


@dataclass(frozen=True, slots=True)
class ContestReport:
    """Contested rows, those that wait for an answer first."""

    firm: Firm
    purpose: str
    rows: tuple[Dispute, ...]

    @property
    def open(self) -> tuple[Dispute, ...]:
        """Those that wait for an answer, oldest first."""
        return tuple(row for row in self.rows if not row.verdict)

    @property
    def answered(self) -> tuple[Dispute, ...]:
        """Those that have one."""
        return tuple(row for row in self.rows if row.verdict)

    def json(self) -> dict[str, Any]:
        """The keys every surface uses."""
        return {
            **head(self.firm, self.purpose),
            "contests": [row.json() for row in self.rows],
        }


def contests(
    gate: Gate,
    snapshot: Snapshot,
    sessions: sessionmaker[Session],
    *,
    person_id: str = "",
    signal: str = "",
    kind: str = CONTESTED,
    number: int | None = None,
    registry: Sequence[Signal] = REGISTRY,
) -> ContestReport:
    """Contested rows that whoever asks may answer or see.

    Args:
        gate: Who asks.
        snapshot: The record.
        sessions: Sessions on the database of decisions.
        person_id: Only this person's; everybody's unless given.
        signal: Only those of this signal, and only open ones.
        number: The one contest of which numbers are opened; of all unless given.
        kind: As what the numbers are asked for; `SIGNALS` beside the evidence of one person.
        registry: The signals.
    """
    wanted = select(Contest, ContestAnswer).outerjoin(ContestAnswer, ContestAnswer.contest_id == Contest.id)
    if person_id:
        wanted = wanted.where(Contest.person_id == person_id)
    if signal:
        wanted = wanted.where(Contest.signal == signal, ContestAnswer.id.is_(None))
    with sessions() as session:
        found = session.execute(wanted.order_by(Contest.id)).all()
    by_name = {s.name: s for s in registry}
    people = {s.person_id: s for s in staff(snapshot)} if found else {}
    known = readings(snapshot) if found else None
    rows = tuple(
        _dispute(
            gate,
            snapshot,
            contest,
            answer,
            by_name[contest.signal],
            people[contest.person_id],
            known if number in (None, contest.id) else None,
            kind,
        )
        for contest, answer in found
        if contest.signal in by_name and contest.person_id in people
    )
    return ContestReport(snapshot.firm, purpose_word(snapshot.firm), rows)


def contested_by(sessions: sessionmaker[Session], table: str, key: str) -> frozenset[str]:
    """Keys of those whose contest of a row waits for an answer.

    Args:
        sessions: Sessions on the database of decisions.
        table: Table of the row.
        key: Its key.
    """
    wanted = (
        select(Contest.person_id)
        .outerjoin(ContestAnswer, ContestAnswer.contest_id == Contest.id)
        .where(Contest.record_table == table, Contest.record_id == key, ContestAnswer.id.is_(None))
    )
    with sessions() as session:
        return frozenset(session.scalars(wanted))


def without(signal: Signal, measured: Measured | None, effect: float | None, raw: float | None) -> Estimate | None:
    """An estimate without one of its rows; None where the value is not the mean of its rows.

    Args:
        signal: The signal.
        measured: The estimate with it.
        effect: What the row did, in the signal's unit.
        raw: The mean before it is drawn towards the firm's middle.
    """
    is_mean = signal.value in MEANS and isinstance(measured, Estimate) and measured.n > 1
    if not is_mean or effect is None or raw is None:
        return None
    assert isinstance(measured, Estimate)
    step = (raw - effect) / (measured.n - 1)
    low, value, high = (_inside(end + step, signal.scale) for end in (measured.low, measured.value, measured.high))
    return Estimate(value, low, high, measured.level, measured.n - 1)


def _inside(value: float, scale: str) -> float:
    return min(max(value, 0.0), 1.0) if scale == "logit" else value


def _dispute(
    gate: Gate,
    snapshot: Snapshot,
    contest: Contest,
    answer: ContestAnswer | None,
    signal: Signal,
    person: Staff,
    known: Sealed[Readings] | None,
    kind: str,
) -> Dispute:
    def shown(held: Readings) -> tuple[Measured | None, Estimate | None]:
        measured = held.of(person.person_id, signal.name)
        effect = _effect(snapshot, signal, contest, person)
        return measured, without(signal, measured, effect, _raw(snapshot, person.person_id, signal.name))

    told: tuple[Measured | None, Estimate | None] | Withheld
    told = (
        (None, None) if answer or known is None else release_person(gate, known.map(shown), person.person_id, kind=kind)
    )
    is_shut = isinstance(told, Withheld)
    return Dispute(
        contest_id=contest.id,
        person_id=person.person_id,
        person=person.name,
        card=card(signal),
        record_table=contest.record_table,
        record_id=contest.record_id,
        words="" if is_shut and kind == SIGNALS else contest.words,
        contested_at=contest.contested_at,
        verdict=answer.verdict if answer else "",
        reason=answer.reason if answer else "",
        answered_by=answer.answered_by if answer else "",
        with_row=None if isinstance(told, Withheld) else told[0],
        without_row=None if isinstance(told, Withheld) else told[1],
        withheld=told if isinstance(told, Withheld) else None,
    )


def _effect(snapshot: Snapshot, signal: Signal, contest: Contest, person: Staff) -> float | None:
    """What the row did; None where it is not among the rows, or counts without a size."""
    accounts = [a.account_id for a in person.accounts] or [person.person_id]
    table = snapshot.view(signal.evidence)
    chosen = table.filter(
        table.account_id.isin(accounts)
        & (table.record_table == contest.record_table)
        & (table.record_id == contest.record_id)
    )
    rows = snapshot.rows(chosen.select("effect").limit(1))
    return float(rows[0]["effect"]) if rows and rows[0]["effect"] is not None else None


def _raw(snapshot: Snapshot, person_id: str, name: str) -> float | None:
    span = window(snapshot)
    table = snapshot.table("signal_values")
    chosen = table.filter(
        (table.person_id == person_id)
        & (table.signal == name)
        & (table.window_start == span.start_on)
        & (table.window_days == span.days)
    )
    rows = snapshot.rows(chosen.select("raw_value"))
    return rows[0]["raw_value"] if rows else None
