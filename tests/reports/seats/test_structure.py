"""Structure: what teams ask for by the record, when the next lead is needed, and that nobody is assigned who is not open."""

from pathlib import Path

import numpy as np
import pytest

from cadre.access.principal import Principal
from cadre.db.stewardship import SeekingStatement
from cadre.errors import NotFoundError, UsageError
from cadre.estimate import Abstained, Estimate, open_sealed
from cadre.readiness.seat import PEOPLE_FROM, TECHNICAL_TO
from cadre.readiness.structure.assignment import drawn
from cadre.readiness.structure.rule import WEIGHTS
from cadre.reports.readiness import prepared
from cadre.reports.seats.seats import team_key
from cadre.reports.seats.structure import Options, StructureReport, read_spans, read_weights, structure
from cadre.reports.seats.structure_words import asks_text, flip_text, headline, next_text, seat_text, swing_text
from cadre.runtime import Runtime
from cadre.services.people.seat import decide_seat, open_seat
from cadre.web import structure_chart
from tests.seat_firm import NOW, OWNER, UNSEEN, build, keys, tell

PURPOSE = "selection_for_seat"


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Runtime:
    return _opened(build(tmp_path_factory.mktemp("study")))


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Runtime:
    return _opened(build(tmp_path_factory.mktemp("own"), purpose="firm"))


def _opened(runtime: Runtime) -> Runtime:
    with runtime.snapshot() as record:
        team = team_key(record, "Service desk")
    for name, share in (("Desk lead", 0.9), ("Service manager", 0.0)):
        open_seat(OWNER, runtime.work(), runtime.clock, name=name, team_id=team, hands_on_share=share)
    return runtime


def _look(runtime: Runtime, options: Options | None = None, asking: Principal = OWNER) -> StructureReport:
    with runtime.looking(asking, PURPOSE) as (gate, record):
        return structure(gate, record, runtime.sessions, now=NOW, options=options)


def test_a_team_is_described_from_the_record_with_n_or_the_reason(study: Runtime) -> None:
    (team,) = _look(study).teams
    inputs = team.facts.inputs

    assert ("Service desk", 10, 1, 9.0) == (team.facts.name, team.facts.people, team.facts.leads, team.facts.reports)
    assert (0.0, 80) == (inputs["hands_on"].value, inputs["hands_on"].n)
    assert "0% of" in inputs["hands_on"].told
    assert (1.0, "serves tier 1") == (inputs["tiers"].value, inputs["tiers"].told)
    assert inputs["service"].value is not None
    assert all(each.n or each.value is None for each in inputs.values())


def test_bad_news_is_said_first(study: Runtime) -> None:
    assert "Service desk has 9 people to one lead, past 8" == headline(_look(study))
    assert "past" not in headline(_look(study, Options(spans=(5, 9))))


def test_the_next_lead_follows_from_the_spans(study: Runtime) -> None:
    narrow, wide = _look(study), _look(study, Options(spans=(12, 15)))

    assert (True, True) == narrow.next.is_now
    assert "One more lead is needed now" in next_text(narrow)
    assert (14, 17) == wide.next.at
    assert "from 14 people on" in next_text(wide)


def test_growth_is_told_for_multiples_and_a_size_asked_for(study: Runtime) -> None:
    found = _look(study, Options(size=50, people_share=0.5))

    assert [10, 15, 20, 30, 50] == [s.people for s in found.scenarios]
    assert {(0.5, 0.5, 0.5)} == {s.share for s in found.scenarios}


def test_the_mix_leans_to_people_leaders_as_the_firm_grows(study: Runtime) -> None:
    shares = [s.share[0] for s in _look(study).scenarios if s.share]

    assert sorted(shares) == shares
    assert shares[0] < shares[-1]


def test_weights_change_the_answer_and_every_sentence_can_be_said(study: Runtime) -> None:
    usual = _look(study).teams[0].asks
    alone = _look(study, Options(weights={**dict.fromkeys(WEIGHTS, 0.0), "tiers": 1.0})).teams[0].asks

    assert usual.position != alone.position
    assert 0.0 == alone.position
    assert asks_text(alone).startswith("Asks for a technical leader")
    assert all("unless" in flip_text(usual, flip) for flip in usual.flips)
    assert all(swing_text(swing) for swing in usual.swings)


def test_open_seats_are_filled_together_by_those_who_lead_nobody(study: Runtime) -> None:
    found = _look(study)
    people = keys(study)

    assert ["Service manager", "Desk lead"] == [s.seat.name for s in found.seats]
    assert people["Lea Lead"] not in {who for s in found.seats for who, _ in s.place.others}
    assert people[UNSEEN] not in {who for s in found.seats for who, _ in s.place.others}
    assert 2 == len({s.place.person for s in found.seats})
    assert 8 == found.candidates
    assert all(("Cannot be told apart" in seat_text(s, found.names)) != s.place.holds for s in found.seats)


def test_a_kind_of_lead_has_its_interval_or_its_reason(study: Runtime) -> None:
    kinds = {k.person.name: k.estimate for k in _look(study).kinds}

    assert {Estimate, Abstained} >= {type(m) for m in kinds.values()}
    assert sorted(kinds) == list(kinds)
    assert isinstance(kinds[UNSEEN], Abstained)


def test_who_seeks_no_lead_role_and_a_filled_seat_are_left_out(tmp_path: Path) -> None:
    firm = _opened(build(tmp_path))
    people = keys(firm)
    decide_seat(
        OWNER, firm.work(), firm.clock, firm.warehouse, key="desk-lead", person_id=people["Bo Berg"], reason="x"
    )
    with firm.sessions() as session:
        session.add(SeekingStatement(person_id=people["Hana Kim"], is_seeking=False, stated_at=NOW))
        session.commit()

    found = _look(firm)
    assert ["Service manager"] == [s.seat.name for s in found.seats]
    assert "Hana Kim" not in {k.person.name for k in found.kinds}
    assert people["Hana Kim"] not in {who for s in found.seats for who, _ in s.place.others}


def test_nobody_is_shown_before_the_rule_opens_them(own: Runtime) -> None:
    closed = _look(own)
    tell(own, *[person for name, person in keys(own).items() if name in ("Hana Kim", "Gus Rey")])
    opened, other = _look(own), _look(own, asking=Principal("m", "manager", None, 7))

    assert ((), 0) == (closed.kinds, closed.candidates)
    assert closed.withheld is not None
    assert [()] * 2 == [s.place.others for s in closed.seats]
    assert {"Hana Kim", "Gus Rey"} == set(opened.names.values())
    assert 2 == opened.candidates
    assert () == other.kinds
    assert other.teams[0].facts.reports == opened.teams[0].facts.reports


@pytest.mark.parametrize(
    "made",
    [
        lambda: Options(spans=(9, 5)),
        lambda: Options(size=-1),
        lambda: Options(people_share=2.0),
        lambda: Options(weights={"looks": 1.0}),
        lambda: read_spans("five"),
        lambda: read_weights({"firm": "much"}),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(made: object) -> None:
    with pytest.raises(UsageError):
        made()  # type: ignore[operator]


def test_spans_are_read_as_people_write_them() -> None:
    assert [(5, 8), (6, 6), (5, 8)] == [read_spans(told) for told in ("", "6", "5 \N{EN DASH} 8")]


def test_a_team_that_is_not_there_is_not_found(study: Runtime) -> None:
    with pytest.raises(NotFoundError):
        _look(study, Options(team="nowhere"))


def test_charts_change_their_words_where_the_rule_does() -> None:
    assert (TECHNICAL_TO, PEOPLE_FROM) == (structure_chart._TECHNICAL, structure_chart._PEOPLE)


def test_fits_are_drawn_from_the_readiness_that_the_seat_sheet_shows(study: Runtime) -> None:
    with study.snapshot() as record:
        ready = open_sealed(prepared(record))
    stands = ready.standing
    found = drawn(ready.competence, stands.order, stands.weights, ready.profile.names, frozenset(stands.order))
    told = {each.person_id: each for each in stands.people}

    for row, person in enumerate(found.people):
        value, low, high = (getattr(told[person], name) for name in ("value", "low", "high"))
        assert pytest.approx(value, abs=0.15) == found.ready[row].mean()
        assert pytest.approx(high - low, rel=0.25) == np.diff(np.quantile(found.ready[row], (0.05, 0.95)))[0]
        assert pytest.approx(ready.types[person].value, abs=0.1) == found.kind[row].mean()
