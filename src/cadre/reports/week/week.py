"""This week: at most seven matters that fit in twenty minutes, worst consequence first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from cadre.records import Firm
from cadre.reports.head import dated_head
from cadre.reports.release import Gate, purpose_word
from cadre.reports.week.agenda import AGENDA, AgendaItem
from cadre.warehouse import Snapshot

MOST_ITEMS = 7
MOST_MINUTES = 20


class Decided(Protocol):
    """What was decided about an item: the columns of `db.model.AgendaDecision` that are needed here."""

    item_key: str
    outcome: str
    assignee: str
    reason: str
    until_on: date | None
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class Settled:
    """An item that is not shown because of a decision."""

    item: AgendaItem
    outcome: str
    assignee: str
    reason: str
    until_on: date | None

    def json(self) -> dict[str, Any]:
        """The keys every surface uses."""
        return {
            "item": self.item.json(),
            "outcome": self.outcome,
            "assignee": self.assignee,
            "reason": self.reason,
            "until_on": self.until_on.isoformat() if self.until_on else None,
        }


@dataclass(frozen=True, slots=True)
class WeekReport:
    """What this week asks.

    Attributes:
        firm: The firm.
        purpose: The word to show; empty for a firm's own workspace.
        as_of: When the record was last changed; missing for an empty one.
        items: What needs somebody, worst consequence first.
        minutes: How long they take together.
        later: What did not fit, worst first.
        settled: What was snoozed, assigned or done and would be shown otherwise.
        is_empty: Whether nothing was loaded yet.
    """

    firm: Firm
    purpose: str
    as_of: datetime | None
    items: tuple[AgendaItem, ...]
    minutes: int
    later: tuple[AgendaItem, ...]
    settled: tuple[Settled, ...]
    is_empty: bool

    def json(self) -> dict[str, Any]:
        """The keys every surface uses."""
        return {
            **dated_head(self.firm, self.purpose, self.as_of),
            "minutes": self.minutes,
            "items": [i.json() for i in self.items],
            "later": [i.json() for i in self.later],
            "settled": [s.json() for s in self.settled],
        }


def week(
    gate: Gate,
    snapshot: Snapshot,
    decisions: Iterable[Decided] = (),
    *,
    now: datetime,
    further: Iterable[AgendaItem] = (),
) -> WeekReport:
    """What this week asks of whoever leads the firm.

    Args:
        gate: Who asks.
        snapshot: The record.
        decisions: What was decided; the newest about an item holds.
        now: The current instant.
        further: Matters that decisions of the firm brought up, such as `seat_dates.due_outcomes`.
    """
    found = [*(item for kind in AGENDA for item in kind(gate, snapshot, now)), *further]
    holding = _holding(decisions, now.date())
    ranked = sorted((i for i in found if i.key not in holding), key=lambda i: (-i.weight, i.key))
    items, later = fitting(ranked)
    settled = tuple(_settled(i, holding[i.key]) for i in found if i.key in holding)
    return WeekReport(
        firm=snapshot.firm,
        purpose=purpose_word(snapshot.firm),
        as_of=snapshot.manifest.made_at,
        items=items,
        minutes=sum(i.minutes for i in items),
        later=later,
        settled=settled,
        is_empty=not snapshot.manifest.rows("loads"),
    )


def fitting(ranked: Sequence[AgendaItem]) -> tuple[tuple[AgendaItem, ...], tuple[AgendaItem, ...]]:
    """The items that fit, and the rest; an item too long for what is left is passed over, never cut."""
    items: list[AgendaItem] = []
    later: list[AgendaItem] = []
    minutes = 0
    for item in ranked:
        if len(items) < MOST_ITEMS and minutes + item.minutes <= MOST_MINUTES:
            items.append(item)
            minutes += item.minutes
        else:
            later.append(item)
    return tuple(items), tuple(later)


def _holding(decisions: Iterable[Decided], today: date) -> dict[str, Decided]:
    newest: dict[str, Decided] = {}
    for decision in sorted(decisions, key=lambda d: d.decided_at):
        newest[decision.item_key] = decision
    return {
        key: d
        for key, d in newest.items()
        if d.outcome in ("assigned", "done")
        or (d.outcome == "snoozed" and d.until_on is not None and d.until_on >= today)
    }


def _settled(item: AgendaItem, decision: Decided) -> Settled:
    return Settled(item, decision.outcome, decision.assignee, decision.reason, decision.until_on)
