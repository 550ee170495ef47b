"""The page of validity: its first line, what it shows without a record, and that figures of leads stay with who may know."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest

from cadre.access.principal import Principal
from cadre.db.seats import LeadOutcome, SeatDecision
from cadre.readiness.competency import COMPETENCIES
from cadre.records import DERIVED_BY_NAME
from cadre.runtime import Runtime
from cadre.web import create_app
from tests.seat_firm import DAYS, NOW, START, build, keys
from tests.web.conftest import Asked


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Runtime:
    return build(tmp_path_factory.mktemp("validity"))


def _asks(runtime: Runtime, role: str) -> Asked:
    return Asked(create_app(replace(runtime, principal=Principal(role, role))))  # type: ignore[arg-type]


def test_without_a_refresh_the_page_says_what_to_do_and_shows_the_studies(empty: Asked) -> None:
    text = empty.get("/validity").text
    assert "cadre ingest" in text
    assert "+.176 [-.088, .462]" in text
    assert "What it must not be used for" in text


def test_before_anything_repeats_there_is_nothing_to_believe(made: Runtime) -> None:
    text = _asks(made, "owner").get("/validity").text
    assert "<h1>Nothing here is computed yet, so there is nothing to believe</h1>" in text
    assert "Too few outcomes to tell: 0 of 20" in text


def test_how_leads_turned_out_is_not_for_everybody(made: Runtime) -> None:
    told = {role: _asks(made, role).get("/validity?format=json").json()["own"] for role in ("owner", "reviewer")}
    assert (True, None) == (told["owner"]["outcomes"] == 0, told["reviewer"])


def test_the_page_is_there_as_tables(made: Runtime) -> None:
    csv = _asks(made, "owner").get("/validity?format=csv").text
    assert "python validation/managers.py" in csv


def _copy(made: Runtime, folder: Path) -> Runtime:
    return replace(made, root=Path(shutil.copytree(made.root, folder)))


def test_where_nothing_repeats_selection_says_so_first_and_ranks_nobody(made: Runtime, tmp_path: Path) -> None:
    runtime = _copy(made, tmp_path / "null")
    rows = [{"name": each.name, "about": "competency", "method": "halves", "window_start": START, "window_days": DAYS,
             "value": 0.1, "low": -0.2, "high": 0.4, "level": 0.9, "n": 28} for each in COMPETENCIES]  # fmt: skip
    with runtime.warehouse.deriving(NOW) as derivation:
        derivation.write("reliabilities", pa.Table.from_pylist(rows, DERIVED_BY_NAME["reliabilities"].schema()))
        derivation.publish()
    text = _asks(runtime, "owner").get("/selection").text

    assert "<h1>In this record people cannot be told apart in what readiness weighs</h1>" in text
    assert "Craft: in this record it is not shown to repeat from half to half" in text
    assert 'class="who"' not in text


def test_with_outcomes_leads_stand_beside_each_other_and_beside_a_person(made: Runtime, tmp_path: Path) -> None:
    runtime = _copy(made, tmp_path / "led")
    with runtime.sessions() as session:
        for number in range(24):
            known = json.dumps({"collaboration": [1.5 - 3 * (number % 2), 0.1]})
            row = SeatDecision("seat", f"p{number}", "why", "owner", NOW, 1, "0", "x", known)
            session.add(row)
            session.flush()
            verdict = "not_well" if number % 2 else "well"
            session.add(LeadOutcome(row.id or 0, 18, verdict, "[]", "owner", NOW))
        session.commit()
    asked = _asks(runtime, "owner")
    page, person = asked.get("/validity").text, asked.get(f"/people/{keys(runtime)['Hana Kim']}").text

    assert "12 leads who turned out well" in page
    assert "the former had the higher estimate in 100%" in page
    assert "too few such leads: 0 of 5" in page
    assert "Leads who turned out well here" in person
