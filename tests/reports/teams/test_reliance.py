"""What rests on one person: told of the firm from five up, on whom only where the release rule opens them."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from cadre.access.principal import Principal
from cadre.errors import UsageError
from cadre.readiness.structure.reliance import cut_chance
from cadre.reports.measure import window
from cadre.reports.release import Withheld
from cadre.reports.teams.reliance import Cut, RelianceReport, left_to_nobody, reliance
from cadre.reports.teams.reliance_words import counted_text, cut_text, finding, near_text, row_text
from cadre.reports.week.agenda import rests_on_one
from cadre.runtime import Runtime
from cadre.services.computing.networks import network_tables
from cadre.signals import Window
from cadre.warehouse import Collector, LoadFile
from tests.seat_firm import NOW, OWNER, build, keys

PURPOSE = "selection_for_seat"


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Runtime:
    return build(tmp_path_factory.mktemp("study"))


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Runtime:
    return build(tmp_path_factory.mktemp("own"), purpose="firm")


def _look(runtime: Runtime, share: float = 0.4, asking: Principal = OWNER) -> RelianceReport:
    with runtime.looking(asking, PURPOSE) as (gate, record):
        return reliance(gate, record, least_share=share)


def test_what_leaves_nobody_comes_first_with_who_is_nearest(study: Runtime) -> None:
    found, people = _look(study), keys(study)

    assert [("mail", 30, 30), ("vpn", 8, 10), ("c1", 30, 40)] == [(r.thing, r.solved, r.of) for r in found.rows]
    assert ((people["Bo Berg"], 2),) == found.rows[1].near
    assert {"topic": (2, 2, 2), "client": (1, 0, 1), "tier": (0, 0, 0)} == found.counted


def test_it_is_said_in_words_of_the_work(study: Runtime) -> None:
    found = _look(study)
    vpn = found.rows[1]

    assert "2 topics, clients and tiers would be left to nobody practised if one person were gone" == finding(found)
    assert "On one person rest 2 of 2 topics, 1 of 1 clients." == counted_text(found)
    assert row_text(vpn, found).startswith("Vpn: 8 of 10 tickets by Ada Lind (80%, 90% interval 49% to 96%).")
    assert "Nearest to it: Bo Berg (2 solved)." == near_text(vpn, found)
    cut = Cut("Desk", vpn.person, (3, 1), 0.87)
    assert "parts of 3 and 1 would share none (in 87% of 100 networks drawn anew)" in cut_text(cut, found)


def test_a_larger_share_finds_less(study: Runtime) -> None:
    assert ["mail"] == [r.thing for r in _look(study, 0.9).rows]
    with pytest.raises(UsageError):
        _look(study, 0.0)


@pytest.mark.parametrize("role", ["owner", "manager", "reviewer", "technician"])
def test_on_whom_is_withheld_until_the_rule_opens_them_and_how_much_is_not(own: Runtime, role: str) -> None:
    found = _look(own, asking=Principal(role, role, None, 7))  # type: ignore[arg-type]

    assert ((), {}) == (found.rows, found.names)
    assert found.withheld is not None
    assert not isinstance(found.counted, Withheld)
    assert (2, 2, 2) == found.counted["topic"]


def test_a_cut_that_hangs_on_one_ticket_is_drawn_as_unsure() -> None:
    ties = {("a", "hub"): 40, ("b", "hub"): 40, ("a", "b"): 1}
    told = cut_chance(ties, ("a", "b", "hub"), ["hub"])

    assert 0.5 < told["hub"] < 0.95
    assert {} == cut_chance(ties, ("a", "b"), [])


def test_a_team_whose_shared_tickets_run_through_one_person_is_found(tmp_path: Path) -> None:
    firm = build(tmp_path)
    with firm.warehouse.loading("roster", NOW) as under_way:
        collector = Collector(under_way.folder, NOW)
        for ticket, others in enumerate((1, 2, 3) * 3):
            for step, who in enumerate((0, others)):
                collector.record("ticket_events", {
                    "external_id": f"v{ticket}-{step}", "ticket_id": f"k{ticket}", "kind": "note",
                    "occurred_at": datetime(2026, 3, 2, 9, step, tzinfo=UTC), "actor_account_id": f"u{who}",
                }, "psa.csv", ticket * 2 + step)  # fmt: skip
        stage = collector.close()
        tables = under_way.write(stage)
        under_way.note_newest(stage)
        under_way.count(stage, [LoadFile("psa.csv", "steps", "s")], tables)
        under_way.publish()
    with firm.snapshot() as record:
        span = window(record)
    assert span.start_on is not None
    with firm.warehouse.deriving(NOW) as derivation:
        for name, rows in network_tables(derivation.tables, Window(span.start_on, span.days)).items():
            derivation.write(name, rows)
        derivation.publish()

    found = _look(firm).cuts
    assert found is not None
    assert [("Service desk", keys(firm)["Lea Lead"], (1, 1, 1))] == [(c.team, c.person, c.parts) for c in found]
    assert 0.7 < found[0].chance < 1


@pytest.mark.parametrize(("role", "expected"), [("owner", 1), ("manager", 1), ("reviewer", 0), ("technician", 0)])
def test_work_that_would_be_left_to_nobody_comes_up_in_the_week_and_names_nobody(
    own: Runtime, role: str, expected: int
) -> None:
    asking = Principal(role, role, None, 7)  # type: ignore[arg-type]
    with own.looking(asking) as (gate, record):
        found = list(rests_on_one(gate, record, NOW))
        told = len(left_to_nobody(gate, record))

    assert expected == len(found)
    assert 2 == told
    assert not [name for name in keys(own) for item in found if name in str(item.json())]
