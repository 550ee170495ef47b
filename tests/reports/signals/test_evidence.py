"""The parts of an estimate add up to it, what a team has in common among them."""

from typing import Any

import pytest

from cadre.estimate import Estimate
from cadre.reports.release import Gate
from cadre.reports.roster import staff
from cadre.reports.signals.evidence import evidence
from cadre.signals import Signal
from cadre.warehouse import Snapshot
from tests.seat_firm import OWNER


def test_signals_and_the_teams_part_add_up_to_the_estimate(snapshot: Snapshot, registry: tuple[Signal, ...]) -> None:
    gate = Gate(OWNER, snapshot.firm)
    person = next(one.person_id for one in staff(snapshot) if one.name == "Cem Aydin")
    found: Any = evidence(gate, snapshot, person, "collaboration", registry=registry)
    whole = sum(part.contribution for part in found.parts) + found.team_part

    assert isinstance(found.measured, Estimate)
    assert pytest.approx(found.measured.value) == whole
    assert found.json()["team_part"] == found.team_part
