"""Teams, signals, coverage and the release rule: what is shown about groups, and what never gives somebody away."""

import ast
from pathlib import Path
from typing import Any

import pytest

import cadre
from cadre.access.principal import Principal
from cadre.errors import NotFoundError
from cadre.estimate import Abstained, Estimate, Sealed
from cadre.records import Firm
from cadre.reports.release import Gate, Withheld, purpose_word, release_group, release_person
from cadre.reports.signals.signals import signals
from cadre.reports.teams.team import pooled, teams
from cadre.reports.trust.coverage import coverage
from cadre.warehouse import Snapshot

OWNER = Principal("owner", "owner")


def test_only_the_release_rule_opens_what_is_sealed_and_the_warehouse_stores_it() -> None:
    root = Path(cadre.__file__).parent
    callers = set()
    for file in root.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            names = {a.name for a in node.names} if isinstance(node, ast.ImportFrom | ast.Import) else set()
            if "open_sealed" in names or (isinstance(node, ast.Attribute) and node.attr in ("open_sealed", "_content")):
                callers.add(file.relative_to(root).as_posix())

    assert callers == {"estimate.py", "reports/release.py", "warehouse/derive.py"}


def test_a_study_releases_and_a_firm_withholds_persons() -> None:
    shown = release_person(Gate(OWNER, Firm(purpose="study")), Sealed(3), "p1")
    kept = release_person(Gate(OWNER, Firm(purpose="firm")), Sealed(3), "p1")

    assert shown == 3
    assert isinstance(kept, Withheld)


@pytest.mark.parametrize(("size", "is_shown"), [(0, False), (4, False), (5, True)])
def test_group_figures_start_at_five_people(size: int, is_shown: bool) -> None:
    got = release_group(Gate(OWNER, Firm(purpose="firm")), Sealed(3), size, lambda content: content + 1)

    assert (got == 4) is is_shown


@pytest.mark.parametrize(
    ("firm", "word"),
    [
        (Firm(purpose="study", is_invented=True), "Study: invented data"),
        (Firm(purpose="study"), "Study"),
        (Firm(purpose="firm"), ""),
    ],
)
def test_a_study_carries_its_word(firm: Firm, word: str) -> None:
    assert purpose_word(firm) == word


def test_a_team_of_two_has_no_figures_and_one_of_six_has(snapshot: Snapshot, registry: Any) -> None:
    rows = {r.name: r for r in teams(Gate(OWNER, snapshot.firm), snapshot, registry=registry).rows}

    assert isinstance(rows["Projects"].figures, Withheld)
    assert isinstance(rows["Service desk"].figures, dict)
    assert isinstance(rows["Service desk"].figures["noted_share"], Estimate)


def test_the_whole_firm_does_not_give_a_small_team_away(own_snapshot: Snapshot, registry: Any) -> None:
    whole = teams(Gate(OWNER, own_snapshot.firm), own_snapshot, registry=registry).whole.figures

    assert isinstance(whole, dict)
    assert isinstance(whole["noted_share"], Abstained)


def test_a_mean_over_members_combines_their_errors() -> None:
    member = Estimate(0.5, 0.4, 0.7, 0.9, 10)
    mean = pooled([member] * 5, size=5)

    assert isinstance(mean, Estimate)
    assert (mean.value, mean.n) == pytest.approx((0.5, 50))
    assert (mean.low, mean.high) == pytest.approx((0.5 - 0.1 / 5**0.5, 0.5 + 0.2 / 5**0.5))


def test_four_estimates_are_too_few_for_a_mean() -> None:
    member = Estimate(0.5, 0.4, 0.7, 0.9, 10)

    assert isinstance(pooled([member] * 4 + [None] * 3, size=7), Abstained)


def test_an_unknown_team_is_not_found(snapshot: Snapshot, registry: Any) -> None:
    with pytest.raises(NotFoundError):
        teams(Gate(OWNER, snapshot.firm), snapshot, one="nowhere", registry=registry)


def test_signals_show_everybody_without_names_in_a_study_only(
    snapshot: Snapshot, own_snapshot: Snapshot, registry: Any
) -> None:
    shown = signals(Gate(OWNER, snapshot.firm), snapshot, registry=registry).rows[0]
    kept = signals(Gate(OWNER, own_snapshot.firm), own_snapshot, registry=registry).rows[0]

    assert len(shown.values) == 7
    assert kept.values == ()
    assert not isinstance(kept.spread, Withheld)
    assert kept.spread is not None
    assert kept.spread.people == 7


def test_coverage_says_which_tables_are_missing(snapshot: Snapshot, registry: Any) -> None:
    report = coverage(Gate(OWNER, snapshot.firm), snapshot, registry=registry, sources=())

    assert [(c.card.name, c.is_carried, c.missing, c.people) for c in report.carried] == [
        ("noted_share", True, (), 7),
        ("heard_share", False, ("utterances",), 0),
    ]
    assert report.scheduled == 7


def test_coverage_names_the_source_that_would_unlock_a_signal(
    snapshot: Snapshot, registry: Any, transcript: Any
) -> None:
    found = coverage(Gate(OWNER, snapshot.firm), snapshot, registry=registry, sources=(transcript,)).next_sources

    assert [(s.name, s.unlocks) for s in found] == [("transcript", ("heard_share",))]
