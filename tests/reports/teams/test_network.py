"""Networks: who may see what, small teams, and measures with intervals or not at all."""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from cadre.access.principal import Principal
from cadre.errors import NotFoundError
from cadre.estimate import Abstained, Estimate
from cadre.records import DERIVED_BY_NAME
from cadre.reports.release import Gate, Withheld
from cadre.reports.roster import Staff
from cadre.reports.teams import network as module
from cadre.reports.teams.network import LEAST_TIMES, NetworkReport, TeamTable, network
from cadre.reports.teams.ties import Drawn, Pair, pairs_of
from cadre.signals.network import NETWORKS
from cadre.warehouse import Snapshot

OWNER = Principal("owner at this machine", "owner")
HANDOVER = NETWORKS[0]


def _staff(key: str, team: str) -> Staff:
    return Staff(key, key, None, team, team, (), None, is_listed=True)


def _ties(*pairs: tuple[str, str, int]) -> pa.Table:
    rows = [{"network": "n", "window_start": date(2026, 1, 1), "window_days": 9, "months": 1.0, "judged_count": 0,
             "source_id": a, "target_id": b, "times": times} for a, b, times in pairs]  # fmt: skip
    return pa.Table.from_pylist(rows, DERIVED_BY_NAME["network_ties"].schema())


def _found(*pairs: tuple[str, str, int], people: dict[str, Staff]) -> Drawn:
    return Drawn(pairs_of(_ties(*pairs), people), (), None)


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
    table = module._teams(_found(*inside, ("x0", "y0", 40), ("x1", "y1", 1), people=people), people, HANDOVER)
    cells = {(c.source, c.target): c.times for c in table.cells}

    assert {("x", "x"): 15, ("y", "y"): 15, ("x", "y"): None, ("y", "x"): 0} == cells
    assert table.within_share is None
    told = module._teams(_found(*inside, *((f"x{n}", f"y{n}", 2) for n in range(5)), people=people), people, HANDOVER)
    assert pytest.approx(30 / 40) == told.within_share


def test_a_team_of_four_is_in_no_cell() -> None:
    people = _two_teams(small=4)
    table = module._teams(_found(("x0", "y0", 9), ("y0", "y1", 9), people=people), people, HANDOVER)

    assert ["x"] == [name for _, name, _ in table.teams]
    assert [("x", "x", 0)] == [(c.source, c.target, c.times) for c in table.cells]


def test_without_direction_the_table_reads_the_same_both_ways() -> None:
    pairs = [(f"x{n}", f"y{n}", n + 1) for n in range(5)]
    people = _two_teams()
    table = module._teams(_found(*pairs, people=people), people, NETWORKS[1])
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


def test_pairs_come_most_first_then_by_name_and_only_among_the_people_told() -> None:
    people = _two_teams()
    pairs = pairs_of(_ties(("x0", "y1", 3), ("y0", "x1", 9), ("x0", "y0", 3), ("x0", "gone", 99)), people)
    told = [Pair("y0", "x1", 9, 0, None), Pair("x0", "y0", 3, 0, None), Pair("x0", "y1", 3, 0, None)]

    assert told == list(pairs)
    assert told[1:] == list(pairs[1:])
    assert told[-1] == pairs[-1]
    assert told[1:2] == list(pairs.only(frozenset({"x0", "y0"})))
    assert [9, 3, 3] == pairs.times.tolist()


def test_the_table_of_teams_is_the_one_that_counting_pair_by_pair_gives() -> None:
    dice = random.Random(3)
    people = {f"{team}{n}": _staff(f"{team}{n}", team) for team in "xyz" for n in range(6)}
    for chosen in NETWORKS[:2]:
        ends = {tuple(dice.sample(sorted(people), 2)) for _ in range(60)}
        ties = [
            (a, b, dice.randint(1, 9))
            for a, b in sorted(ends if chosen.is_directed else {tuple(sorted(e)) for e in ends})
        ]
        times: Counter[tuple[str, str]] = Counter()
        took_part: dict[tuple[str, str], set[str]] = {}
        for a, b, number in ties:
            for way in {(a[0], b[0])} if chosen.is_directed else {(a[0], b[0]), (b[0], a[0])}:
                times[way] += number
                took_part.setdefault(way, set()).update((a, b))
        table = module._teams(_found(*ties, people=people), people, chosen)
        expected = {(a, b): times[a, b] if len(took_part.get((a, b), ())) >= 5 or not times[a, b] else None
                    for a in "xyz" for b in "xyz"}  # fmt: skip

        assert expected == {(cell.source, cell.target): cell.times for cell in table.cells}
