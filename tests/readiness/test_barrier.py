"""Flags: none where nothing is there, few however much is known, and who is far out is found."""

from typing import Any

import numpy as np
import pytest

from cadre.estimate import Sealed, open_sealed
from cadre.readiness.barrier import FALSE_SHARE, PATTERNS, Flag, Look, raised
from cadre.signals import SIGNALS
from cadre.signals.valuation import GROUP_LEAST
from tests.readiness.drawn import AXES, firm

BY_NAME = {pattern.name: pattern for pattern in PATTERNS}


def standing(rows: Any, **told: Any) -> tuple[Flag, ...]:
    return open_sealed(raised(rows, AXES, told.get("roles", {}), told.get("halves")).standing)


def test_every_signal_of_a_pattern_is_in_the_registry_and_its_side_agrees_with_which_way_is_better() -> None:
    better = {signal.name: signal.direction for signal in SIGNALS}
    for pattern in PATTERNS:
        for name, side in pattern.sides.items():
            assert (side == better[name]) == (pattern.kind == "early_indicator"), (pattern.name, name)


def test_what_stands_is_sealed() -> None:
    assert isinstance(raised(firm(np.random.default_rng(1)), AXES, {}).standing, Sealed)


def test_in_a_firm_where_all_are_alike_there_is_hardly_ever_a_flag() -> None:
    dice = np.random.default_rng(5)
    flagged = np.mean([bool(standing(firm(dice, spread=0.0))) for _ in range(120)])

    assert flagged <= FALSE_SHARE


def test_where_nothing_changed_hardly_any_firm_shows_a_change() -> None:
    dice = np.random.default_rng(6)
    quiet = 0
    for _ in range(60):
        halves = [firm(dice, spread=0.0), firm(dice, spread=0.0)]
        quiet += not [f for f in standing([], halves=halves) if f.kind == "change"]

    assert quiet >= 54


@pytest.mark.parametrize("error", [0.65, 0.33, 0.05])
def test_in_an_ordinary_firm_red_flags_are_few_however_much_is_known(error: float) -> None:
    dice = np.random.default_rng(7)
    count = [sum(f.kind == "red_flag" for f in standing(firm(dice, error=error))) for _ in range(30)]

    assert np.mean(count) <= 3  # of 30 people and 120 looks


@pytest.mark.parametrize("name", ["micromanagement", "communication_gaps", "helps_others"])
def test_who_lies_three_spreads_out_is_found(name: str) -> None:
    dice = np.random.default_rng(8)
    pattern = BY_NAME[name]
    planted = {signal: 3.0 if side == "high" else -3.0 for signal, side in pattern.sides.items()}
    found = 0
    for _ in range(30):
        flags = standing(firm(dice, error=0.4, planted=planted))
        found += any((f.person_id, f.name) == ("p000", name) for f in flags)

    assert found >= 27


def test_the_other_side_is_no_red_flag() -> None:
    dice = np.random.default_rng(9)
    planted = {"take_back_share": -4.0, "touches_per_delegated": -4.0}
    flags = standing(firm(dice, error=0.3, planted=planted))

    assert {"lets_go"} == {f.name for f in flags if f.person_id == "p000"}
    assert {"ahead"} == {f.direction for f in flags if f.person_id == "p000"}


def test_a_flag_tells_its_signals_and_what_it_rests_on() -> None:
    planted = {"take_back_share": 4.0, "touches_per_delegated": 4.0}
    flags = standing(firm(np.random.default_rng(10), error=0.3, planted=planted))
    flag = next(f for f in flags if (f.person_id, f.name) == ("p000", "micromanagement"))

    assert ["take_back_share", "touches_per_delegated"] == [s.split("=")[0] for s in flag.signals]
    assert all(float(s.split("=")[1]) > 2 for s in flag.signals)
    assert (120, "behind") == (flag.n, flag.direction)
    assert flag.p_value <= flag.q_value <= FALSE_SHARE


def test_under_the_least_number_of_peers_nobody_is_looked_at() -> None:
    rows = firm(np.random.default_rng(11), people=GROUP_LEAST - 1)

    assert {(0, 0, 0)} == {
        (look.people_count, look.looked_at_count, look.found_count) for look in raised(rows, AXES, {}).looks
    }


def test_without_evidence_a_person_is_not_looked_at() -> None:
    rows = firm(np.random.default_rng(12), people=20)
    for row in rows:
        if row["person_id"] == "p003":
            row["value"] = None

    assert Look("red_flag", 19, 76, 0).looked_at_count == raised(rows, AXES, {}).looks[0].looked_at_count


def test_people_are_held_against_their_own_role() -> None:
    rows = firm(np.random.default_rng(13), people=30, spread=0.3, error=0.2)
    roles = {f"p{n:03d}": "Lead" if n < 12 else "Technician" for n in range(30)}
    for row in rows:
        row["value"] = row["raw_value"] = row["raw_value"] + 5.0 * (roles[row["person_id"]] == "Lead")
    flags = [f for f in standing(rows, roles=roles) if f.kind == "red_flag"]

    assert len(flags) <= 4


def test_a_change_that_all_share_is_nobodys_and_one_of_their_own_is_found() -> None:
    dice = np.random.default_rng(14)
    before, after = firm(dice, spread=0.0, error=0.2), firm(dice, spread=0.0, error=0.2)
    for row in after:
        row["raw_value"] = row["value"] = row["raw_value"] + 2.0
        if (row["person_id"], row["signal"]) == ("p004", "hold_share"):
            row["raw_value"] = row["value"] = row["raw_value"] + 3.0
    flags = [f for f in standing([], halves=(before, after)) if f.kind == "change"]

    assert [("p004", "hold_share", "up")] == [(f.person_id, f.name, f.direction) for f in flags]
    (flag,) = flags
    assert flag.before is not None
    assert flag.value is not None
    assert flag.low is not None
    assert flag.high is not None
    assert flag.before < flag.low < flag.value < flag.high
    assert (0.9, 60) == (flag.level, flag.n)


def test_where_one_signal_speaks_against_it_a_pattern_does_not_stand() -> None:
    planted = {"take_back_share": 5.0, "touches_per_delegated": -3.0}
    flags = standing(firm(np.random.default_rng(18), error=0.2, planted=planted))

    assert not [f for f in flags if (f.person_id, f.name) == ("p000", "micromanagement")]


def test_what_piles_up_is_no_change() -> None:
    dice = np.random.default_rng(17)
    before, after = firm(dice, spread=0.0, error=0.2), firm(dice, spread=0.0, error=0.2)
    for row in after:
        if (row["person_id"], row["signal"]) == ("p004", "knowledge_reuse"):
            row["raw_value"] = row["value"] = 9.0

    assert not standing([], halves=(before, after))


def test_what_a_small_role_asks_for_is_nobodys_flag() -> None:
    dice = np.random.default_rng(15)
    roles = {f"p{n:03d}": f"Lead {n}" if n < 4 else f"Engineer {n % 5}" for n in range(30)}
    flagged = []
    for _ in range(10):
        rows = firm(dice, spread=0.3, error=0.2)
        for row in rows:
            row["value"] = row["raw_value"] = row["raw_value"] + 3.0 * roles[row["person_id"]].startswith("Lead")
        flagged += [f.person_id for f in standing(rows, roles=roles) if roles[f.person_id].startswith("Lead")]

    assert len(flagged) <= 2


def test_in_small_roles_that_are_alike_who_lies_far_out_is_found() -> None:
    dice = np.random.default_rng(16)
    roles = {f"p{n:03d}": f"Engineer {n % 5}" for n in range(30)}
    planted = {"take_back_share": 4.0, "touches_per_delegated": 4.0}
    found = 0
    for _ in range(20):
        flags = standing(firm(dice, error=0.3, planted=planted), roles=roles)
        found += any((f.person_id, f.name) == ("p000", "micromanagement") for f in flags)

    assert found >= 16
