"""This week: what is asked, in which order, what was decided, and the calendar file."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest

from cadre.access.principal import Principal, Role
from cadre.reports.release import Gate
from cadre.reports.roster import staff
from cadre.reports.week.agenda import AGENDA, AgendaItem
from cadre.reports.week.ics import week_ics
from cadre.reports.week.week import MOST_ITEMS, MOST_MINUTES, fitting, week
from cadre.stewardship.facts import Facts
from cadre.warehouse import Snapshot

OWNER = Principal("owner", "owner")
NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Decision:
    item_key: str
    outcome: str
    until_on: date | None = None
    assignee: str = ""
    reason: str = ""
    decided_at: datetime = NOW


def _item(key: str, minutes: int = 2, weight: float = 1.0) -> AgendaItem:
    return AgendaItem("stale", key, "It happened", "It matters", "/record", 1, minutes, "Do it", weight)


def test_doubts_come_before_refused_rows(snapshot: Snapshot) -> None:
    report = week(Gate(OWNER, snapshot.firm), snapshot, now=NOW)

    assert [i.kind for i in report.items] == ["identity", "rejected", "rejected"]
    assert report.items[2].happened == "2 rows of psa could not be taken: no occurred_at"
    assert report.minutes == sum(i.minutes for i in report.items) <= MOST_MINUTES


def test_the_same_matter_has_the_same_key_every_week(snapshot: Snapshot) -> None:
    later = week(Gate(OWNER, snapshot.firm), snapshot, now=NOW + timedelta(days=7))

    assert [i.key for i in week(Gate(OWNER, snapshot.firm), snapshot, now=NOW).items] == [i.key for i in later.items]


def test_a_source_that_fell_behind_is_told_in_a_firms_own_workspace(own_snapshot: Snapshot) -> None:
    stale = [i for i in week(Gate(OWNER, own_snapshot.firm), own_snapshot, now=NOW).items if i.kind == "stale"]

    assert [i.happened for i in stale] == ["psa has told nothing since 20 April 2026, 14 days behind"]


def test_a_study_is_not_called_stale_for_being_old(snapshot: Snapshot) -> None:
    kinds = {i.kind for i in week(Gate(OWNER, snapshot.firm), snapshot, now=NOW + timedelta(days=4000)).items}

    assert "stale" not in kinds


@pytest.mark.parametrize("outcome", ["assigned", "done"])
def test_what_was_decided_is_left_out(snapshot: Snapshot, outcome: str) -> None:
    first = week(Gate(OWNER, snapshot.firm), snapshot, now=NOW).items[0]
    report = week(Gate(OWNER, snapshot.firm), snapshot, [Decision(first.key, outcome)], now=NOW)

    assert first.key not in {i.key for i in report.items}
    assert [s.outcome for s in report.settled] == [outcome]


def test_a_snoozed_matter_comes_back_after_its_last_day(snapshot: Snapshot) -> None:
    first = week(Gate(OWNER, snapshot.firm), snapshot, now=NOW).items[0]
    decision = Decision(first.key, "snoozed", until_on=NOW.date())

    assert first.key not in {i.key for i in week(Gate(OWNER, snapshot.firm), snapshot, [decision], now=NOW).items}
    assert first.key in {
        i.key for i in week(Gate(OWNER, snapshot.firm), snapshot, [decision], now=NOW + timedelta(days=1)).items
    }


def test_the_newest_decision_holds(snapshot: Snapshot) -> None:
    first = week(Gate(OWNER, snapshot.firm), snapshot, now=NOW).items[0]
    made = [
        Decision(first.key, "reopened", decided_at=NOW),
        Decision(first.key, "done", decided_at=NOW - timedelta(hours=1)),
    ]

    assert first.key in {i.key for i in week(Gate(OWNER, snapshot.firm), snapshot, made, now=NOW).items}


def test_no_more_than_seven_matters_and_twenty_minutes_are_asked() -> None:
    many, _ = fitting([_item(str(n)) for n in range(12)])
    long, later = fitting([_item("a", 15), _item("b", 10), _item("c", 5)])

    assert len(many) == MOST_ITEMS
    assert [i.key for i in long] == ["a", "c"]
    assert [i.key for i in later] == ["b"]


def test_every_item_says_what_why_how_long_and_what_to_do(own_snapshot: Snapshot) -> None:
    items = [item for kind in AGENDA for item in kind(Gate(OWNER, own_snapshot.firm), own_snapshot, NOW)]

    assert items
    assert all(i.happened and i.matters and i.action and i.rows.startswith("/") and 0 < i.minutes <= 20 for i in items)


def test_the_calendar_keeps_lines_short_and_carries_the_word(snapshot: Snapshot) -> None:
    text = week_ics(week(Gate(OWNER, snapshot.firm), snapshot, now=NOW), now=NOW)
    lines = text.split("\r\n")

    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert max(len(line.encode()) for line in lines) <= 75
    assert text.count("BEGIN:VTODO") == 3
    assert "Study: invented data" in text.replace("\r\n ", "")
    assert "DTSTART:20260504T090000" in text


def test_whoever_can_tell_people_is_asked_to_and_nobody_is_named(own_snapshot: Snapshot) -> None:
    keys = [s.person_id for s in staff(own_snapshot)]
    facts = Facts(told_days={keys[0]: 3}, delivered=frozenset(keys[:3]), open_contests=(4, 7))

    def items(role: Role) -> dict[str, AgendaItem]:
        gate = Gate(Principal(role, role), own_snapshot.firm, facts)
        found = [item for kind in AGENDA for item in kind(gate, own_snapshot, NOW)]
        return {item.kind: item for item in found if item.kind in ("notice", "contest")}

    owner = items("owner")

    assert "7 of 8 people have not confirmed the notice, 2 of them with it on their page" == owner["notice"].happened
    assert "2 contested rows wait for an answer" == owner["contest"].happened
    assert [["contest"], []] == [list(items("reviewer")), list(items("technician"))]
    assert [] == [name for name in ("Ada", "Bo ", "Cem") if name in str([i.json() for i in owner.values()])]
