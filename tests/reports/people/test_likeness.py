"""Likeness to the firm's own leads: nothing without outcomes or below five, open as readiness is, oneself left out."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cadre.access.principal import Principal
from cadre.estimate import Abstained, Estimate
from cadre.reports.people.likeness import like_leads
from cadre.reports.readiness import Outcome
from cadre.reports.release import Gate
from cadre.runtime import Runtime
from cadre.warehouse import Snapshot
from tests.seat_firm import NAMES, OWNER, build, keys


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Runtime:
    return build(tmp_path_factory.mktemp("likeness"))


@pytest.fixture
def record(made: Runtime) -> Iterator[Snapshot]:
    with made.snapshot() as snapshot:
        yield snapshot


def _outcomes(count: int, *, person: str = "") -> list[Outcome]:
    """So many leads of either kind: high on collaboration where it went well."""
    made = [
        Outcome(f"p{k}", k % 2 == 0, (("collaboration", 1.2 if k % 2 == 0 else -1.2, 0.1),)) for k in range(2 * count)
    ]
    return [*made[1:], Outcome(person, True, made[0].known)] if person else made


def test_without_outcomes_there_is_nothing_to_be_like(made: Runtime, record: Snapshot) -> None:
    assert {} == like_leads(Gate(OWNER, record.firm), record, keys(made)["Hana Kim"], ())


def test_who_showed_more_is_more_like_those_who_turned_out_well(made: Runtime, record: Snapshot) -> None:
    gate, who = Gate(OWNER, record.firm), keys(made)
    strong, weak = (like_leads(gate, record, who[name], _outcomes(6)) for name in (NAMES[8], NAMES[1]))
    told = [one[kind] for one in (strong, weak) for kind in ("well", "not_well")]
    assert all(isinstance(each, Estimate) and each.n == 6 for each in told)
    values = [each.value for each in told if isinstance(each, Estimate)]
    assert [True, True] == [values[0] > values[1], values[2] < values[3]]


def test_fewer_than_five_others_tell_nothing(made: Runtime, record: Snapshot) -> None:
    gate, person = Gate(OWNER, record.firm), keys(made)["Hana Kim"]
    few, own = (
        like_leads(gate, record, person, _outcomes(4)),
        like_leads(gate, record, person, _outcomes(5, person=person)),
    )
    assert [4, 4, 5] == [few["well"].n, own["well"].n, own["not_well"].n]
    assert isinstance(few["well"], Abstained)
    assert isinstance(own["well"], Abstained)


def test_in_a_firms_own_workspace_it_opens_as_readiness_does(tmp_path: Path) -> None:
    runtime = build(tmp_path / "own", purpose="firm")
    with runtime.snapshot() as record:
        gate = Gate(Principal("manager", "manager"), record.firm)
        assert {} == like_leads(gate, record, keys(runtime)["Hana Kim"], _outcomes(6))
