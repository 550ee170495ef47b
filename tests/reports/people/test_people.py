"""People and person: who is listed, in which order, what is said and what is withheld."""

import json
from typing import Any

import pytest

from cadre.access.principal import Principal
from cadre.errors import NotFoundError, UsageError
from cadre.estimate import Abstained, Estimate
from cadre.reports.people.people import people
from cadre.reports.people.person import person, person_key
from cadre.reports.release import Gate
from cadre.warehouse import Snapshot

OWNER = Principal("owner", "owner")


def _people(snapshot: Snapshot, registry: Any, **told: Any) -> Any:
    return people(Gate(OWNER, snapshot.firm), snapshot, registry=registry, **told)


def test_staff_are_listed_by_name_without_clients_and_bots(snapshot: Snapshot, registry: Any) -> None:
    names = [row.name for row in _people(snapshot, registry).rows]

    assert names == [
        "Ada Lind", "Bo Berg", "Cem Aydin", "Dora Novak", "Eli Stone", "Fay Wong", "Gus Rey", "Hana Kim",
    ]  # fmt: skip


def test_an_estimate_orders_strongest_first_and_nobody_without_one_is_ranked(snapshot: Snapshot, registry: Any) -> None:
    names = [row.name for row in _people(snapshot, registry, order="collaboration").rows]

    assert names == [
        "Fay Wong", "Eli Stone", "Dora Novak", "Cem Aydin", "Bo Berg", "Ada Lind", "Gus Rey", "Hana Kim",
    ]  # fmt: skip


@pytest.mark.parametrize("order", ["-collaboration", "collaboration desc", "worst", ""])
def test_no_order_starts_with_the_weakest(snapshot: Snapshot, registry: Any, order: str) -> None:
    assert _people(snapshot, registry, order=order).rows == _people(snapshot, registry).rows


def test_thin_evidence_is_an_abstention_with_its_counts(snapshot: Snapshot, registry: Any) -> None:
    hana = _people(snapshot, registry).rows[-1]

    assert hana.measured["noted_share"] == Abstained("not enough evidence", 4, 0)


def test_seen_share_is_missing_without_a_schedule(snapshot: Snapshot, registry: Any) -> None:
    rows = {row.name: row for row in _people(snapshot, registry).rows}

    assert rows["Ada Lind"].seen_share is None
    assert 0 < (rows["Bo Berg"].seen_share or 0) < 0.1


def test_the_spread_of_the_firm_is_the_middle_eighty_percent(snapshot: Snapshot, registry: Any) -> None:
    spread = _people(snapshot, registry).spread["noted_share"]

    assert (0.43, 0.55, 0.67, 7, 1) == pytest.approx(
        (spread.low, spread.middle, spread.high, spread.people, spread.thin)
    )


def test_numbers_about_persons_stay_closed_in_a_firms_own_workspace(own_snapshot: Snapshot, registry: Any) -> None:
    report = _people(own_snapshot, registry)

    assert report.withheld is not None
    assert "The notice is delivered" in report.withheld.opens
    assert [] == [r for r in report.rows if r.measured or r.estimates or r.seen_share is not None]
    assert report.spread == {}
    assert report.purpose == ""


def test_every_report_about_people_is_plain_json(snapshot: Snapshot, registry: Any) -> None:
    told = json.loads(json.dumps(_people(snapshot, registry).json()))

    assert told["label"] == "Study: invented data"
    assert told["people"][2]["measured"]["noted_share"] == {
        "value": 0.5, "low": 0.42, "high": pytest.approx(0.57), "level": 0.9, "n": 100,
    }  # fmt: skip


def test_a_person_is_told_in_sentences_with_the_firms_middle(snapshot: Snapshot, registry: Any) -> None:
    key = person_key(snapshot, "cem")
    report = person(Gate(OWNER, snapshot.firm), snapshot, key, registry=registry)

    assert report.findings[0].sentence == "Wrote a note on 50% of 100 tickets of colleagues."
    assert report.findings[0].compared == "probably behind the firm's middle (55%)"
    assert [c.name for c in report.not_measured] == ["heard_share"]


def test_months_carry_their_own_interval(snapshot: Snapshot, registry: Any) -> None:
    months = (
        person(Gate(OWNER, snapshot.firm), snapshot, person_key(snapshot, "Cem Aydin"), registry=registry)
        .findings[0]
        .months
    )

    assert [f"{m.starts_on:%Y-%m}" for m in months] == ["2025-12", "2026-01", "2026-02", "2026-03", "2026-04"]
    assert [m.n for m in months] == [20] * 5
    assert all(m.low < m.value < m.high for m in months)


def test_the_five_contrasts_name_what_is_not_measured(snapshot: Snapshot, registry: Any) -> None:
    found = person(Gate(OWNER, snapshot.firm), snapshot, person_key(snapshot, "Cem"), registry=registry).contrasts
    missing = [s.name for c in found for s in (*c.first, *c.second) if s.measured is None]

    assert len(found) == 5
    assert isinstance(found[1].first[0].measured, Estimate)
    assert missing == [
        "solo_share", "assist_credit", "credit_given_share", "tension_answered_share", "constructive_share",
        "adjusted_speed", "team_lift", "adjusted_quality", "team_steadiness",
    ]  # fmt: skip


def test_nothing_about_a_person_is_shown_in_a_firms_own_workspace(own_snapshot: Snapshot, registry: Any) -> None:
    report = person(Gate(OWNER, own_snapshot.firm), own_snapshot, person_key(own_snapshot, "Cem"), registry=registry)

    assert report.withheld is not None
    assert (report.estimates, report.findings, report.contrasts, report.seen_share) == ({}, (), (), None)


def test_a_name_that_fits_several_people_is_refused_with_their_keys(snapshot: Snapshot) -> None:
    with pytest.raises(UsageError, match="people fit that name"):
        person_key(snapshot, "a")


def test_an_unknown_person_is_not_found(snapshot: Snapshot, registry: Any) -> None:
    with pytest.raises(NotFoundError):
        person(Gate(OWNER, snapshot.firm), snapshot, "p_nobody", registry=registry)
