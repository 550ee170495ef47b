"""A planted number leaves by no door it should not: every page and format, the command line and the log, for every role.

One person has 6,161 observations, which nobody else has and no sum gives, so that finding it means having been shown it.
New pages are tried without being named here: the routes of the application are walked.
"""

import io
import logging
import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from fastapi.routing import APIRoute
from typer.testing import CliRunner

from cadre.access.principal import Principal
from cadre.cli.app import app as commands
from cadre.clock import FixedClock
from cadre.config import create_workspace, load_settings
from cadre.runtime import Runtime
from cadre.services.people.notice import confirm_notice, deliver_notice, publish_notice
from cadre.web import create_app
from cadre.web.pages import PAGES
from tests.web.conftest import Asked, _firm

DAY = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
SIGNAL, WHO = "peer_answer_share", "Cem Aydin"
PLANTED = re.compile(r"6,?161(?!\d)|0\.4137|41\.37")
ALL = ("", "json", "csv")
ROLES = ("owner", "manager", "reviewer", "technician")
STEADY = ("/static", "/theme", "/sign-in", "/sign-out", "/invite", "/account", "/accounts")


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    root = tmp_path_factory.mktemp("leak") / "firm"
    create_workspace(root, name="Lindgren IT", purpose="firm", invented=True, zone="Europe/Berlin")
    firm = _firm()
    made = firm._signal

    def marked(number: int, person_id: str, signal: str) -> dict[str, Any]:
        row = made(number, person_id, signal)
        return {**row, "value": 0.4137, "low": 0.35, "high": 0.47, "n": 6161} if number == 2 else row

    firm._signal = marked
    warehouse = firm.build(root, purpose="firm", signal=SIGNAL)
    with warehouse.snapshot() as record:
        told = record.rows(record.table("identities").select("display_name", "person_id"))
    return root, {row["display_name"]: row["person_id"] for row in told if row["person_id"]}


@pytest.fixture
def root(planted: tuple[Path, dict[str, str]], tmp_path: Path) -> Path:
    return Path(shutil.copytree(planted[0], tmp_path / "firm"))


@pytest.fixture
def keys(planted: tuple[Path, dict[str, str]]) -> dict[str, str]:
    return planted[1]


def _runtime(root: Path, role: str, person_id: str | None = None, *, day: int = 0) -> Runtime:
    told = Principal(role, role, person_id)  # type: ignore[arg-type]
    return Runtime(root, load_settings(root), FixedClock(DAY + timedelta(days=day)), told)


def _tell(root: Path, person_id: str) -> None:
    owner, own = _runtime(root, "owner"), _runtime(root, "technician", person_id)
    publish_notice(owner.principal, owner.work(), owner.clock, text="What is looked at.")
    deliver_notice(owner.principal, owner.work(), owner.clock, people=[person_id])
    confirm_notice(own.principal, own.work(), own.clock, number=1)


def _paths(person_id: str) -> list[str]:
    fill = {"person_id": person_id, "name": SIGNAL, "team_id": "roster/t1", "table": "ticket_events", "key": "psa/v49"}
    routes = [route for page in PAGES for route in page.router.routes if isinstance(route, APIRoute)]
    paths = [r.path for r in routes if "GET" in (r.methods or ()) and not r.path.startswith(STEADY)]
    found = [re.sub(r"{(\w+)(?::path)?}", lambda part: fill.get(part.group(1), "x"), path) for path in paths]
    return [*found, f"/people/{person_id}/evidence/helping", "/people?view=responsiveness", "/people?order=helping"]


def _read(answer: Any) -> str:
    if answer.content[:2] != b"PK":
        return str(answer.text)
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    return "\n".join(str(cell.value) for sheet in book for row in sheet for cell in row)


def _doors(
    root: Path,
    keys: dict[str, str],
    role: str,
    own: str | None,
    *,
    day: int,
    purpose: str = "",
    forms: tuple[str, ...] = ("json",),
) -> set[str]:
    """The doors at which the planted number came out."""
    asked, out = Asked(create_app(_runtime(root, role, own, day=day))), set()
    for path in _paths(keys[WHO]):
        for form in forms:
            query = "&".join(part for part in (f"format={form}" if form else "", purpose) if part)
            joined = f"{path}{'&' if '?' in path else '?'}{query}" if query else path
            answer = asked.get(joined)
            assert answer.status_code < 500, joined
            if PLANTED.search(_read(answer)):
                out.add(f"{path} {form}".strip())
    if PLANTED.search(_read(asked.get(f"/people?format=xlsx&{purpose}"))):
        out.add("/people xlsx")
    return out


@pytest.mark.parametrize("role", ROLES)
def test_before_anybody_was_told_no_door_opens(
    root: Path, keys: dict[str, str], role: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        forms = ALL if role == "owner" else ("json",)
        found = _doors(root, keys, role, keys[WHO] if role == "technician" else None, day=400, forms=forms)

    assert set() == found
    assert [] == [name for name in keys if name in caplog.text]


@pytest.mark.parametrize(("role", "who", "day", "purpose"), [
    ("technician", "Bo Berg", 400, ""), ("reviewer", None, 400, ""), ("manager", None, 13, ""),
    ("manager", None, 400, "purpose=pay"), ("owner", None, 400, "purpose=bonus"),
])  # fmt: skip
def test_a_person_who_was_told_opens_to_nobody_else(
    root: Path, keys: dict[str, str], role: str, who: str | None, day: int, purpose: str
) -> None:
    _tell(root, keys[WHO])

    assert set() == _doors(root, keys, role, keys[who] if who else None, day=day, purpose=purpose)


def test_to_themselves_and_their_lead_they_open_and_not_in_the_log(
    root: Path, keys: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    _tell(root, keys[WHO])
    with caplog.at_level(logging.DEBUG):
        own = _doors(root, keys, "technician", keys[WHO], day=0)
        asked = Asked(create_app(_runtime(root, "technician", keys[WHO])))
        shown = [asked.get(f"/people/{keys[WHO]}{form}").text for form in ("", "?format=csv")]
        lead = _doors(root, keys, "manager", None, day=14)
    page = f"/people/{keys[WHO]}"

    assert own >= {f"{page} json", "/people json", "/people xlsx"}
    assert [True, True] == [bool(PLANTED.search(text)) for text in shown]
    assert lead >= {f"{page} json", "/people json", "/people xlsx"}
    assert None is PLANTED.search(caplog.text)
    assert [] == [name for name in keys if name in caplog.text]


def test_the_command_line_keeps_the_same_rule(root: Path, keys: dict[str, str]) -> None:
    asked = (["people"], ["people", "--json"], ["person", WHO], ["person", WHO, "--json"], ["flags", "--json"],
             ["person", WHO, "--signal", SIGNAL, "--json"], ["network", "--json"], ["week", "--json"],
             ["coverage", "--json"], ["signals", "--json"], ["contest", "--json"], ["review", "--json"])  # fmt: skip

    def out(*more: str) -> list[str]:
        runs = [CliRunner().invoke(commands, [*words, "-w", str(root), *more]) for words in asked]
        return [" ".join(w) for w, run in zip(asked, runs, strict=True) if PLANTED.search(run.output)]

    before = out()
    _tell(root, keys[WHO])
    paid = [CliRunner().invoke(commands, ["person", WHO, "-w", str(root), "--purpose", "pay"]).output]

    assert [] == before
    assert [False] == [bool(PLANTED.search(text)) for text in paid]
    assert {"people --json", f"person {WHO}", f"person {WHO} --json"} <= set(out())
