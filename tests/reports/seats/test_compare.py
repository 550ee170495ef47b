"""People side by side: intervals on one scale, the chance of each order, and nobody who is not open."""

from dataclasses import replace

import pytest

from cadre.access.principal import Principal
from cadre.db.stewardship import Opened
from cadre.errors import UsageError
from cadre.estimate import Abstained, Estimate
from cadre.reports.seats.compare import CompareReport, compare
from cadre.reports.seats.compare_words import hundred, line_text, order_text
from cadre.runtime import Runtime
from tests.seat_firm import OWNER, UNSEEN, build, keys, tell

PURPOSE = "selection_for_seat"


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Runtime:
    return build(tmp_path_factory.mktemp("study"))


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Runtime:
    return build(tmp_path_factory.mktemp("own"), purpose="firm")


def _look(runtime: Runtime, *names: str, asking: Principal = OWNER, purpose: str = PURPOSE) -> CompareReport:
    people = keys(runtime)
    with runtime.looking(asking, purpose) as (gate, record):
        return compare(gate, record, runtime.sessions, [people[name] for name in names])


def test_people_stand_in_the_order_asked_with_every_number_in_its_interval(study: Runtime) -> None:
    found = _look(study, "Ada Lind", "Hana Kim", "Eli Stone")

    told = [c.estimate for c in found.people] + [m for line in found.lines for m in line.measured.values()]
    assert ["Ada Lind", "Hana Kim", "Eli Stone"] == [c.person.name for c in found.people]
    assert {Estimate, Abstained} >= {type(m) for m in told}
    assert 8 == len(found.lines)


def test_an_order_has_its_chance(study: Runtime) -> None:
    found = _look(study, "Ada Lind", "Hana Kim")
    (first, second), other = (order for order, _ in found.orders)

    assert pytest.approx(1.0) == sum(chance for _, chance in found.orders)
    assert (second, first) == other
    assert "Hana Kim, then Ada Lind" in order_text(found.orders[0][0], found.orders[0][1], found.names)
    assert pytest.approx(found.orders[0][1], abs=0.01) == 1 - found.above[second, first]


def test_what_can_be_told_apart_is_named_and_what_cannot_too(study: Runtime) -> None:
    found = _look(study, "Ada Lind", "Hana Kim")
    craft = next(line for line in found.lines if line.name == "craft")

    assert "Hana Kim above Ada Lind (99 in 100)" == line_text(craft, found.names)
    assert "cannot be told apart" == line_text(replace(craft, apart=()), found.names)
    assert "These people cannot be told apart in readiness to lead" == found.headline


def test_of_whom_nothing_was_seen_no_order_is_told(study: Runtime) -> None:
    found = _look(study, "Ada Lind", UNSEEN)

    assert ((), {}) == (found.orders, found.above)
    assert "Too little was seen to place them beside each other" == found.headline
    assert all("too little" in line_text(line, found.names) for line in found.lines)


def test_two_to_four_are_compared(study: Runtime) -> None:
    with pytest.raises(UsageError):
        _look(study, "Ada Lind")
    with pytest.raises(UsageError):
        _look(study, "Ada Lind", "Bo Berg", "Cem Aydin", "Dora Novak", "Eli Stone")
    assert "Choose two to four people" == _look(study).headline


def test_only_who_is_open_is_shown_and_that_is_written_down(own: Runtime) -> None:
    hana, gus = (keys(own)[name] for name in ("Hana Kim", "Gus Rey"))
    closed = _look(own, "Hana Kim", "Ada Lind")
    tell(own, hana, gus)
    one, both = _look(own, "Hana Kim", "Ada Lind"), _look(own, "Hana Kim", "Gus Rey")

    assert (() == closed.people) == bool(closed.withheld)
    assert () == closed.choices
    assert ["Hana Kim"] == [c.person.name for c in one.people]
    assert "One person alone cannot be compared" == one.headline
    assert {"Hana Kim", "Gus Rey"} == {c.person.name for c in both.people}
    with own.sessions() as session:
        opened = {(row.person_id, row.kind) for row in session.query(Opened).all()}
    assert {(hana, "see_candidate"), (gus, "see_candidate")} == opened


@pytest.mark.parametrize("role", ["manager", "reviewer", "technician"])
@pytest.mark.parametrize("purpose", ["selection_for_seat", "development", "pay"])
def test_other_roles_and_purposes_open_nobody(own: Runtime, role: str, purpose: str) -> None:
    asking = Principal(role, role, None, 7)  # type: ignore[arg-type]

    assert () == _look(own, "Bo Berg", "Ada Lind", asking=asking, purpose=purpose).people


def test_a_chance_is_never_certain() -> None:
    assert ["99 in 100", "1 in 100", "50 in 100"] == [hundred(chance) for chance in (1.0, 0.0, 0.5)]
