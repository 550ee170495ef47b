"""The fairness report: attributes as the roster tells them, the few left out, lines five apart, drafts with what is known."""

from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from cadre.access.principal import Principal
from cadre.errors import ForbiddenError
from cadre.reports.measure import window
from cadre.reports.release import Gate
from cadre.reports.trust.attribute import ATTRIBUTES, CHAT, TENURE, ZONE, attributes
from cadre.reports.trust.fairness import FairnessReport, _on_a_line, drafts, fairness
from cadre.runtime import Runtime
from cadre.services.people.notice import confirm_notice, deliver_notice, publish_notice
from tests.seat_firm import NAMES, NOW, build, keys


@pytest.fixture
def own(tmp_path: Path) -> Runtime:
    return build(tmp_path / "firm", purpose="firm")


def _report(runtime: Runtime, role: str = "owner", *, name: str = "", day: int = 0) -> FairnessReport:
    from cadre.reports.facts import facts

    who = Principal(role, role, keys(runtime).get(name))  # type: ignore[arg-type]
    with runtime.snapshot() as record:
        told = facts(runtime.sessions, record, who, NOW + timedelta(days=day))
        return fairness(Gate(who, record.firm, told), record, runtime.sessions, today=NOW.date())


def _tell(runtime: Runtime, names: tuple[str, ...]) -> None:
    known = keys(runtime)
    publish_notice(runtime.principal, runtime.work(), runtime.clock, text="What is looked at.")
    deliver_notice(runtime.principal, runtime.work(), runtime.clock, people=[known[n] for n in names])
    for name in names:
        confirm_notice(Principal(name, "technician", known[name]), runtime.work(), runtime.clock, number=1)


def test_attributes_come_from_the_roster_and_are_missing_where_it_is_silent(own: Runtime) -> None:
    with own.snapshot() as record:
        people = [*keys(own).values(), "p_nobody"]
        found = attributes(record, people, window(record))

    assert list(ATTRIBUTES) == list(found)
    assert {11} == {len(column) for column in found.values()}
    assert [None] * 3 == [found[name][-1] for name in (ZONE, CHAT, TENURE)]


def test_a_few_who_alone_are_closed_are_in_no_figure(own: Runtime) -> None:
    before = _report(own, "manager", name="Lea Lead", day=14)
    _tell(own, NAMES[1:8])
    after = _report(own, "manager", name="Lea Lead", day=14)

    assert (0, 10) == (before.left_out, before.audit.people if before.audit else 0)
    assert (2, 8) == (after.left_out, after.audit.people if after.audit else 0)


def test_a_technician_may_not_read_it(own: Runtime) -> None:
    with pytest.raises(ForbiddenError, match="owner or manager or reviewer"):
        _report(own, "technician")


@pytest.mark.parametrize("ranked", [9, 10, 23, 28, 100])
def test_whatever_number_is_given_two_selections_differ_by_five_or_none(ranked: int) -> None:
    lines = sorted({_on_a_line(wanted, ranked) for wanted in range(1, ranked + 20)})

    assert {5} >= {b - a for a, b in pairwise(lines)}
    assert ranked // 2 in lines


def test_drafts_hold_what_is_known_and_say_what_is_not(own: Runtime) -> None:
    made = drafts(_report(own), today=date(2026, 5, 4))

    assert {"summary", "assessment"} == set(made)
    assert "| Data from | 2025-11-03 |" in made["summary"]
    assert "| Data until | 2026-05-03 |" in made["summary"]
    assert "| Independent auditor | *unknown* |" in made["summary"]


def test_the_report_carries_no_key_and_no_name_of_a_person(own: Runtime) -> None:
    told = str(_report(own).json())

    assert [] == [word for name, key in keys(own).items() for word in (name, key) if word in told]
