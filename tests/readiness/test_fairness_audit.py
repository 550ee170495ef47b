"""The audit: what it says where nobody declared, where few did, where a gap is planted, and that it never says more."""

from dataclasses import FrozenInstanceError

import numpy as np
import pytest

from cadre.readiness.fairness import Audit, Evidence, audit
from cadre.readiness.fairness.rates import Table

Declared = dict[str, list[str | None]]


def firm(
    people: int, seed: int = 1, *, gap: float = 0.0, late: float = 0.0, declares: bool = True, chosen: bool = False
) -> Audit:
    dice = np.random.default_rng(seed)
    groups: Declared = {
        "gender": [("women", "men", None)[k] for k in dice.choice(3, people, p=[0.45, 0.45, 0.1])],
        "age": [("under 40", "40 and over", None)[k] for k in dice.choice(3, people, p=[0.45, 0.45, 0.1])],
    }
    shift = (dice.random(people) < 0.4).astype(float)
    estimates: list[float | None] = [
        None if dice.random() < 0.1 else float(dice.normal() - gap * (label == "women") + late * s)
        for label, s in zip(groups["gender"], shift, strict=True)
    ]
    evidence = Evidence(
        {f"signal_{k}": dice.normal(size=people).tolist() for k in range(4)},
        {"late_shift": shift.tolist()},
        ["Technician"] * people,
    )
    return audit(
        estimates, groups if declares else {name: [None] * people for name in groups},
        chosen=[value is not None and value > 0.5 for value in estimates] if chosen else None,
        evidence=evidence, permutations=500,
    )  # fmt: skip


def of(told: Audit, outcome: str, attribute: str) -> Table:
    return next(one for one in told.tables if (one.outcome, one.attribute) == (outcome, attribute))


def test_where_nobody_declared_it_says_so_and_the_proxy_tests_stand_alone() -> None:
    told = firm(40, declares=False, late=2.0)

    assert not told.is_declared
    assert ((), ()) == (told.tables, told.sweeps)
    assert (
        "None of 40 people declared a group: rates by group cannot be told, and the proxy tests stand alone."
        == told.sentences[0]
    )
    assert any(line.startswith("Proxy found: late_shift moves estimate") for line in told.sentences)
    assert "No rates by gender: none of 40 people declared it." in told.abstentions


def test_fourteen_people_are_told_what_they_cannot_see() -> None:
    told = firm(14)
    assert told.halves is not None

    assert told.halves.ratio is None
    assert "with 7 and 7 people at a rate of .50, not even a group in which it never happens" in told.sentences[-1]
    assert "about 305 people in each group are needed" in told.sentences[-1]
    assert not any("clearly" in line for line in told.sentences)


def test_a_planted_gap_is_told_with_counts_interval_chance_and_power() -> None:
    told = firm(160, gap=1.5)
    (line,) = [one for one in told.sentences if one.startswith("Estimate above the median, by gender:")]

    assert "clearly under four fifths" in line
    assert "women (" in line
    assert "of draws" in line
    assert "cannot be relied on to show" in line


def test_in_firms_without_a_gap_hardly_ever_is_anything_clearly_told() -> None:
    clear = sum(any("clearly" in line for line in firm(40, seed).sentences) for seed in range(12))

    assert clear <= 2


def test_who_is_selected_is_audited_where_it_is_given_and_with_groups_crossed() -> None:
    told = firm(120, chosen=True)

    assert {("selected", "gender"), ("selected", "age"), ("selected", "gender and age")} == {
        (one.outcome, one.attribute) for one in told.tables if one.outcome == "selected"
    }
    assert {g.group for g in of(told, "above_median", "gender and age").rates} == {
        f"{a} and {b}" for a in ("women", "men") for b in ("under 40", "40 and over")
    }


def test_those_without_an_estimate_are_left_out_and_looked_at_by_themselves() -> None:
    told = firm(120)

    assert told.estimated == of(told, "above_median", "gender").people < told.people
    assert 120 == of(told, "estimated", "gender").people


def test_no_count_under_five_is_anywhere_but_of_people_withheld_or_unknown() -> None:
    for seed in range(5):
        told = firm(30, seed, chosen=True)
        for one in told.tables:
            assert all(rate.rate.n >= 5 for rate in one.rates)
            assert one.withheld_people == 0 or one.withheld_people + one.unknown >= 5 or not one.rates


def test_where_four_fifths_cannot_be_kept_by_anybody_it_says_so() -> None:
    told = audit([float(k) for k in range(14)], {"gender": ["women", "men"] * 7})
    (line,) = [one for one in told.sentences if one.startswith("Estimate above the median")]

    assert "comes about in 100.0% of draws. People being whole, none above .75 can come out of these counts." in line


def test_tables_beside_each_other_tell_nobody_apart() -> None:
    labels: Declared = {"gender": ["women", "men"] * 20}
    estimates: list[float | None] = [None if k in {0, 1, 2} else float(k % 17) for k in range(40)]
    told = audit(estimates, labels, chosen=[k % 3 == 0 for k in range(40)])
    people = [{rate.group: rate.rate.n for rate in one.rates} for one in told.tables if one.rates]

    assert [{"men": 19, "women": 18}] * 2 == people
    assert any(line.startswith("3 people with an estimate or a decision alone") for line in told.abstentions)


def test_where_the_selected_are_nearly_those_above_the_median_only_one_of_both_is_shown() -> None:
    told = audit([float(k) for k in range(40)], {"gender": ["women", "men"] * 20}, chosen=[k >= 22 for k in range(40)])

    assert ["selected"] == [one.outcome for one in told.tables]
    assert any(line.startswith("No rates above the median") for line in told.abstentions)
    assert 20 not in [line.chosen for line in told.sweeps[0].lines]


def test_the_line_at_the_median_is_the_table_above_the_median() -> None:
    told = firm(60, gap=1.0)
    table = of(told, "above_median", "gender")
    middle = sum(rate.count for rate in table.rates)
    line = next(one for one in told.sweeps[0].lines if one.chosen == told.estimated // 2)

    assert middle <= line.chosen
    assert table.lowest == pytest.approx(line.lowest)


def test_an_audit_cannot_be_changed_and_comes_out_the_same_again() -> None:
    told = firm(30)
    with pytest.raises(FrozenInstanceError):
        told.people = 3  # type: ignore[misc]

    assert firm(30) == told


def test_without_signals_it_says_that_no_proxy_was_looked_for() -> None:
    told = audit([1.0, 2.0, None], {})

    assert told.proxies is None
    assert "No proxy was looked for: no signals were given." in told.abstentions


def test_nobody_at_all_is_no_error() -> None:
    assert (0, None) == (audit([], {}).people, audit([], {}).halves)
