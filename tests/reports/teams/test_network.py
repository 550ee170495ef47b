"""Networks: who may see what, small teams, and measures with intervals or not at all."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cadre.access.principal import Principal
from cadre.errors import NotFoundError
from cadre.estimate import Abstained, Estimate
from cadre.reports.release import Gate, Withheld
from cadre.reports.roster import Staff
from cadre.reports.teams import network as module
from cadre.reports.teams.network import LEAST_TIMES, NetworkReport, Pair, TeamTable, network
from cadre.signals.centrality import Spans
from cadre.signals.network import NETWORKS
from cadre.warehouse import Snapshot

OWNER = Principal("owner at this machine", "owner")
HANDOVER = NETWORKS[0]


def _staff(key: str, team: str) -> Staff:
    return Staff(key, key, None, team, team, (), None, is_listed=True)


def _found(*pairs: tuple[str, str, int]) -> Any:
    made = tuple(Pair(a, b, times, 0, None) for a, b, times in pairs)
    return module._Found(made, (), Spans({}, {}, {}, 0.0, None))


def _two_teams(small: int = 5) -> dict[str, Staff]:
    return {f"{t}{n}": _staff(f"{t}{n}", t) for t, size in (("x", 6), ("y", small)) for n in range(size)}


def test_a_network_names_people_by_person_and_leaves_clients_and_bots_out(snapshot: Snapshot) -> None:
    report = network(Gate(OWNER, snapshot.firm), snapshot, "handover")

    assert report.withheld is None
    assert report.is_carried
    assert {s.person_id for s in report.stands} == {k for p in report.pairs for k in (p.source, p.target)}
    assert {"Ada Lind", "Hana Kim"} <= {report.people[s.person_id].name for s in report.stands}
    assert [p.times for p in report.pairs] == sorted((p.times for p in report.pairs), reverse=True)
    assert date(2025, 11, 3) == report.window_start


def test_in_a_firms_own_workspace_nothing_names_a_person(own_snapshot: Snapshot) -> None:
    report = network(Gate(OWNER, own_snapshot.firm), own_snapshot, "handover")
    told = report.json()

    assert report.withheld is not None
    assert ((), (), {}) == (report.pairs, report.stands, report.people)
    assert ([], []) == (told["pairs"], told["people"])
    assert isinstance(report.teams, TeamTable)
    assert ["Service desk"] == [name for _, name, _ in report.teams.teams]


def test_every_measure_has_an_interval_and_n_or_a_reason(snapshot: Snapshot) -> None:
    report = network(Gate(OWNER, snapshot.firm), snapshot, "handover")
    told = [m for s in report.stands for m in s.measured.values()]

    assert any(isinstance(m, Estimate) for m in told)
    for measured in told:
        if isinstance(measured, Estimate):
            assert measured.n >= LEAST_TIMES
        else:
            assert isinstance(measured, Abstained)
            assert measured.n < LEAST_TIMES


@pytest.mark.parametrize("name", [n.name for n in NETWORKS])
def test_every_network_can_be_asked_for(snapshot: Snapshot, name: str) -> None:
    report = network(Gate(OWNER, snapshot.firm), snapshot, name)

    assert name == report.json()["network"]
    assert "Ghaffar" in report.json()["caution"]


def test_a_network_nobody_knows_is_not_found(snapshot: Snapshot) -> None:
    with pytest.raises(NotFoundError, match="no network fame"):
        network(Gate(OWNER, snapshot.firm), snapshot, "fame")


def test_a_cell_with_fewer_than_five_people_is_not_told_and_gives_no_share() -> None:
    people = _two_teams()
    inside = [(f"{t}{n}", f"{t}{(n + 1) % 5}", 3) for t in "xy" for n in range(5)]
    table = module._teams(_found(*inside, ("x0", "y0", 40), ("x1", "y1", 1)), people, HANDOVER)
    cells = {(c.source, c.target): c.times for c in table.cells}

    assert {("x", "x"): 15, ("y", "y"): 15, ("x", "y"): None, ("y", "x"): 0} == cells
    assert table.within_share is None
    told = module._teams(_found(*inside, *((f"x{n}", f"y{n}", 2) for n in range(5))), people, HANDOVER)
    assert pytest.approx(30 / 40) == told.within_share


def test_a_team_of_four_is_in_no_cell() -> None:
    table = module._teams(_found(("x0", "y0", 9), ("y0", "y1", 9)), _two_teams(small=4), HANDOVER)

    assert ["x"] == [name for _, name, _ in table.teams]
    assert [("x", "x", 0)] == [(c.source, c.target, c.times) for c in table.cells]


def test_without_direction_the_table_reads_the_same_both_ways() -> None:
    pairs = [(f"x{n}", f"y{n}", n + 1) for n in range(5)]
    table = module._teams(_found(*pairs), _two_teams(), NETWORKS[1])
    cells = {(c.source, c.target): c.times for c in table.cells}

    assert cells["x", "y"] == cells["y", "x"] == 15
    assert 0.0 == table.within_share


@pytest.fixture
def tiny(tmp_path: Path) -> Iterator[Snapshot]:
    from cadre.records import Firm
    from cadre.warehouse import Warehouse

    with Warehouse(tmp_path / "w", Firm(name="Empty")).snapshot() as record:
        yield record


def test_an_empty_record_has_a_network_of_nobody(tiny: Snapshot) -> None:
    report: NetworkReport = network(Gate(OWNER, tiny.firm), tiny)

    assert not report.is_carried
    assert isinstance(report.teams, Withheld)
    assert () == report.pairs
