"""What one declares is on one's own page and nowhere else: every page and format, the command line, the log."""

import logging
import re
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError
from typer.testing import CliRunner

from cadre.access.principal import Principal
from cadre.cli.app import app as commands
from cadre.runtime import Runtime
from cadre.services.people.declaration import declare
from cadre.services.people.notice import confirm_notice, deliver_notice, publish_notice
from tests.seat_firm import NAMES, build, keys
from tests.web.test_fairness import _asks, _post
from tests.web.test_leak import _paths, _read

PLANTED = "Native Hawaiian or Pacific Islander"
SAID = re.compile(PLANTED)


@pytest.fixture
def own(tmp_path: Path) -> Runtime:
    return build(tmp_path / "firm", purpose="firm")


def _declare(runtime: Runtime, *people: str, **labels: str) -> None:
    known = keys(runtime)
    for name in people:
        who = Principal(name, "technician", known[name])
        declare(who, runtime.work(), runtime.clock, labels={k.replace("_", " "): v for k, v in labels.items()})


def _tell(runtime: Runtime) -> None:
    publish_notice(runtime.principal, runtime.work(), runtime.clock, text="What is looked at.")
    deliver_notice(runtime.principal, runtime.work(), runtime.clock, people=list(keys(runtime).values()))
    for name, key in keys(runtime).items():
        confirm_notice(Principal(name, "technician", key), runtime.work(), runtime.clock, number=1)


def test_a_declaration_leaves_by_no_door(own: Runtime, caplog: pytest.LogCaptureFixture) -> None:
    _tell(own)
    cem = keys(own)["Cem Aydin"]
    _declare(own, "Cem Aydin", race_or_ethnicity=PLANTED)
    out: set[str] = set()
    with caplog.at_level(logging.DEBUG):
        for role, who in (("owner", None), ("manager", None), ("reviewer", None), ("technician", keys(own)["Bo Berg"])):
            asked = _asks(own, role, who, day=20)
            for path in _paths(cem):
                # The choices themselves stand on everybody's page; chosen they are on one's own alone.
                for form in ("", "?format=json", "?format=csv")[: 3 if role == "owner" else 1]:
                    text_of = _read(asked.get(f"{path}{form}" if "?" not in path else path))
                    found = "selected>" + PLANTED in text_of if path == "/me" and not form else SAID.search(text_of)
                    out |= {f"{role} {path}{form}"} if found else set()
    runs = [
        ["me"],
        ["people", "--json"],
        ["fairness", "--json"],
        ["fairness"],
        ["week", "--json"],
        ["record", "--json"],
    ]
    told = [CliRunner().invoke(commands, [*words, "-w", str(own.root)]).output for words in runs]

    assert set() == out
    assert [] == [line for line in told if SAID.search(line)]
    assert None is SAID.search(caplog.text)


def test_on_ones_own_page_it_stands_chosen_and_in_no_json_of_it(own: Runtime) -> None:
    _declare(own, "Cem Aydin", race_or_ethnicity=PLANTED)
    mine = _asks(own, "technician", keys(own)["Cem Aydin"])

    assert f"<option selected>{PLANTED}</option>" in mine.get("/me").text
    assert PLANTED not in mine.get("/me?format=json").text


def test_it_is_declared_on_the_page_and_taken_back(own: Runtime) -> None:
    mine = _asks(own, "technician", keys(own)["Bo Berg"])
    said = _post(mine, "/me/declare", sex="male", age="40 or over").text
    back = _post(mine, "/me/declare", sex="", age="").text
    refused = _post(mine, "/me/declare", sex="a word of my own")

    assert ["male", "40 or over"] == re.findall(r"<option selected>([^<]+)", said)
    assert [] == re.findall(r"<option selected>([^<]+)", back)
    assert (400, False) == (refused.status_code, "a word of my own" in refused.text)
    assert 403 == _post(_asks(own), "/me/declare", sex="male").status_code


def test_ten_who_declare_are_counted_and_one_who_takes_it_back_closes_it(own: Runtime) -> None:
    _declare(own, *NAMES[:5], sex="female")
    _declare(own, *NAMES[5:], sex="male")
    told = _asks(own).get("/fairness?format=json").json()
    page = _asks(own).get("/fairness").text
    _declare(own, NAMES[0], sex="")
    after = _asks(own).get("/fairness")

    assert {"sex": 10} == told["audit"]["declared"]
    assert "Of 10 people, declared were: sex by 10." in page
    assert "No rates for estimate above the median, by sex: only 4 of 9 people are on one side of it" in page
    assert "Declared groups are not shown until five declarations have changed" in after.text
    assert "No rates by sex: somebody took a declaration back" in after.text


def test_before_and_after_a_single_declaration_the_audit_is_the_same(own: Runtime) -> None:
    _declare(own, *NAMES[:6], sex="female")
    asked = _asks(own)
    before: Any = asked.get("/fairness?format=json").json()["audit"]
    _declare(own, NAMES[6], sex="male")

    assert before == asked.get("/fairness?format=json").json()["audit"]


@pytest.mark.parametrize("statement", ["UPDATE declarations SET label = 'male'", "DELETE FROM declarations"])
def test_rows_are_added_never_changed(own: Runtime, statement: str) -> None:
    _declare(own, "Bo Berg", sex="male")
    engine = create_engine(f"sqlite:///{own.root / 'decisions.sqlite'}")

    with engine.begin() as connection, pytest.raises(IntegrityError, match="never changed"):
        connection.execute(text(statement))


def test_the_table_is_read_and_written_in_one_place_each() -> None:
    source = Path(__file__).parents[2] / "src" / "cadre"
    users = [
        p.relative_to(source).as_posix() for p in sorted(source.rglob("*.py")) if "db.declared" in p.read_text("utf-8")
    ]

    assert ["reports/trust/declaration.py", "services/people/declaration.py"] == users
