"""Flags in words: bad news first, people by name, with their rows; closed where numbers about persons are."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from cadre.errors import NotFoundError
from cadre.estimate import Sealed
from cadre.records import DERIVED_BY_NAME
from cadre.reports.people.person import person
from cadre.reports.release import Gate
from cadre.reports.roster import staff
from cadre.reports.signals.flags import REASON, flags, standing
from cadre.reports.week.agenda import standing_flags
from cadre.reports.week.week import week
from cadre.warehouse import Snapshot, Warehouse
from tests.reports.conftest import DAYS, NOW, OWNER, START, build

PEOPLE = 12


def _flagged(root: Path, purpose: str) -> Warehouse:
    warehouse = build(root, purpose=purpose, people=PEOPLE, signal="hold_share")
    with warehouse.snapshot() as record:
        who = {s.name: s.person_id for s in staff(record)}
    window = {"window_start": START, "window_days": DAYS, "p_value": 0.0002, "q_value": 0.01, "n": 100}
    red = {**window, "kind": "red_flag", "name": "reluctance_to_delegate", "signals": ["hold_share=3.10"],
           "direction": "behind"}  # fmt: skip
    late = {"window_start": START + timedelta(days=91), "window_days": 91, "level": 0.9}
    change = {**window, **late, "kind": "change", "name": "peer_answer_hours", "signals": ["peer_answer_hours=4.2"],
              "direction": "up", "before": 1.5, "value": 3.1, "low": 2.3, "high": 4.2}  # fmt: skip
    early = {**window, "kind": "early_indicator", "name": "lets_go", "direction": "ahead",
             "signals": ["hold_share=-1.00", "take_back_share=2.00"]}  # fmt: skip
    rows = [
        {**change, "person_id": who["Gus Rey"]},
        {**early, "person_id": who["Bo Berg"]},
        {**red, "person_id": who["Gus Rey"]},
        {**red, "name": "gone in this version", "person_id": who["Ada Lind"]},
    ]
    looks = [
        {**window, "kind": kind, "people_count": 11, "looked_at_count": count, "found_count": 1}
        for kind, count in (("early_indicator", 11), ("red_flag", 44), ("change", 20))
    ]
    with warehouse.deriving(NOW) as derivation:
        table = pa.Table.from_pylist(rows, DERIVED_BY_NAME["flags"].schema())
        derivation.write("flags", Sealed(table))
        derivation.write("flag_looks", pa.Table.from_pylist(looks, DERIVED_BY_NAME["flag_looks"].schema()))
        derivation.publish()
    return warehouse


@pytest.fixture(scope="module")
def study_firm(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    return _flagged(tmp_path_factory.mktemp("flagged"), "study")


@pytest.fixture(scope="module")
def own_firm(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    return _flagged(tmp_path_factory.mktemp("own_flagged"), "firm")


@pytest.fixture
def flagged(study_firm: Warehouse) -> Iterator[Snapshot]:
    with study_firm.snapshot() as record:
        yield record


@pytest.fixture
def own_flagged(own_firm: Warehouse) -> Iterator[Snapshot]:
    with own_firm.snapshot() as record:
        yield record


def _of(snapshot: Snapshot, name: str) -> Any:
    return next(every for who, every in flags(Gate(OWNER, snapshot.firm), snapshot).rows if who.name == name)


def test_people_are_listed_by_name_and_a_flag_this_version_does_not_know_is_left_out(flagged: Snapshot) -> None:
    assert ["Bo Berg", "Gus Rey"] == [who.name for who, _ in flags(Gate(OWNER, flagged.firm), flagged).rows]


def test_bad_news_comes_first_and_says_what_was_seen_with_interval_n_and_peers(flagged: Snapshot) -> None:
    red, change = _of(flagged, "Gus Rey")
    (seen,) = red.beyond

    assert ("Red flag", "Change") == (red.word, change.word)
    assert "reluctance to delegate" == red.framework
    assert seen.sentence == seen.card.sentence.format(value="+70 points", n="100")
    assert "+62 to +77 points, 90% interval, n = 100" == seen.interval
    assert "middle of 11 peers +50 points" == seen.middle_text


def test_a_change_says_since_when_from_what_to_what_and_how_sure(flagged: Snapshot) -> None:
    _, change = _of(flagged, "Gus Rey")
    (seen,) = change.beyond

    assert START + timedelta(days=91) == change.since
    assert "Wait for an answer: up from 1.5 h to 3.1 h, more than peers." == seen.sentence
    assert seen.interval.endswith("90% interval, n = 100")


def test_a_signal_of_the_pattern_that_is_ordinary_is_named_apart(flagged: Snapshot) -> None:
    (early,) = _of(flagged, "Bo Berg")

    assert ["hold_share"] == [s.card.name for s in early.ordinary]
    assert () == early.beyond  # take_back_share is not measured in this record


def test_how_often_was_looked_is_said_with_what_was_found(flagged: Snapshot) -> None:
    assert [
        "Red flags: 1 of 44 looked at stand (11 people)",
        "Early indicators: 1 of 11 looked at stand (11 people)",
        "Changes: 1 of 20 looked at stand (11 people)",
    ] == [look.text for look in flags(Gate(OWNER, flagged.firm), flagged).looks]


def test_a_persons_report_holds_their_flags_and_what_was_looked_for(flagged: Snapshot) -> None:
    who = {s.name: s.person_id for s in staff(flagged)}
    gus, hana = (
        person(Gate(OWNER, flagged.firm), flagged, who["Gus Rey"]),
        person(Gate(OWNER, flagged.firm), flagged, who["Hana Kim"]),
    )

    assert ["red_flag", "change"] == [f["kind"] for f in gus.json()["flags"]]
    assert ("Keeps work that peers pass on",) == gus.looked_for
    assert ((), ()) == (hana.flags, hana.looked_for)  # too little evidence: not looked at


def test_one_person_can_be_asked_for_and_nobody_unknown(flagged: Snapshot) -> None:
    who = {s.name: s.person_id for s in staff(flagged)}

    assert [who["Bo Berg"]] == [
        p["person_id"] for p in flags(Gate(OWNER, flagged.firm), flagged, who["Bo Berg"]).json()["people"]
    ]
    assert [] == flags(Gate(OWNER, flagged.firm), flagged, who["Ada Lind"]).json()["people"]
    with pytest.raises(NotFoundError):
        flags(Gate(OWNER, flagged.firm), flagged, "p_nobody")


def test_the_week_counts_red_flags_and_names_nobody(flagged: Snapshot) -> None:
    (item,) = standing_flags(Gate(OWNER, flagged.firm), flagged, NOW)

    assert "1 red flag stands among 44 looked at" == item.happened
    assert "/flags" == item.rows
    assert "Gus" not in str(item.json())


def test_in_a_workspace_about_ones_own_people_flags_stay_closed(own_flagged: Snapshot) -> None:
    who = {s.name: s.person_id for s in staff(own_flagged)}
    found, gus = (
        flags(Gate(OWNER, own_flagged.firm), own_flagged),
        person(Gate(OWNER, own_flagged.firm), own_flagged, who["Gus Rey"]),
    )

    assert found.withheld is not None
    assert ((), ()) == (found.rows, found.looks)
    assert ((), (), ()) == (gus.flags, gus.looked_for, gus.looks)
    assert [] == list(standing_flags(Gate(OWNER, own_flagged.firm), own_flagged, NOW))
    assert "flags" not in {item.kind for item in week(Gate(OWNER, own_flagged.firm), own_flagged, now=NOW).items}


def test_what_stands_is_sealed_until_released(flagged: Snapshot) -> None:
    assert "Sealed(...)" == repr(standing(flagged))
    assert "not a finding" in REASON
