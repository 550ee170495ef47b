"""Why believe this: the page's first line is the worst of it, figures of leads need leads, and documents say what the file says."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from cadre.access.principal import Principal
from cadre.estimate import Abstained, Estimate
from cadre.readiness.competency import COMPETENCIES
from cadre.records import DERIVED_BY_NAME
from cadre.reports.measure import window
from cadre.reports.readiness import Outcome, silent
from cadre.reports.release import Gate
from cadre.reports.trust.studies import studies
from cadre.reports.trust.validity import ValidityReport, finding, repeat_words, validity
from cadre.runtime import Runtime
from cadre.warehouse import Snapshot
from tests.seat_firm import DAYS, NOW, OWNER, START, build

DOCUMENT = Path(__file__).parents[3] / "docs" / "explanation" / "validity.md"


def _row(name: str, value: float | None, reach: float = 0.2) -> dict[str, Any]:
    ends = (None, None, None) if value is None else (value - reach, value + reach, 0.9)
    return {"name": name, "about": "competency", "method": "halves", "window_start": START, "window_days": DAYS,
            "value": value, "low": ends[0], "high": ends[1],
            "level": ends[2], "n": 28, "reason": "too few" if value is None else None}  # fmt: skip


def _repeating(runtime: Runtime, values: dict[str, float | None]) -> None:
    schema = DERIVED_BY_NAME["reliabilities"].schema()
    with runtime.warehouse.deriving(NOW) as derivation:
        derivation.write("reliabilities", pa.Table.from_pylist([_row(n, v) for n, v in values.items()], schema))
        derivation.publish()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Runtime:
    """A firm in which everything repeats but strategic thinking."""
    runtime = build(tmp_path_factory.mktemp("validity"))
    _repeating(runtime, {each.name: 0.1 if each.name == "strategy" else 0.7 for each in COMPETENCIES})
    return runtime


@pytest.fixture
def record(made: Runtime) -> Iterator[Snapshot]:
    with made.snapshot() as snapshot:
        yield snapshot


def _report(record: Snapshot, outcomes: int = 0, principal: Principal = OWNER) -> ValidityReport:

    leads = [Outcome(f"p{k}", k % 2 == 1, (("collaboration", 1.0 if k % 2 else -1.0, 0.1),)) for k in range(outcomes)]
    return validity(Gate(principal, record.firm), record, leads)


def test_the_first_line_says_what_is_not_known_and_what_repeats(record: Snapshot) -> None:
    report = _report(record)
    assert "Nothing yet shows who leads well; 6 of 7 competencies of leading are known to repeat here" == finding(
        report
    )
    words = {one.name: repeat_words(one) for one in report.competencies}
    assert "repeats itself from half to half: .70 [.50, .90], 28 people" == words["craft"]
    assert "not shown to repeat from half to half: .10 [\N{MINUS SIGN}.10, .30], 28 people" == words["strategy"]


def test_what_does_not_repeat_is_silent_and_adds_nothing_to_readiness(record: Snapshot) -> None:
    report = _report(record)
    assert ["strategy"] == [one.name for one in report.competencies if one.silent]
    assert report.resting == pytest.approx(1 - report.competencies[6].weight)


def test_where_most_does_not_repeat_nobody_is_told_apart(made: Runtime, tmp_path: Path) -> None:
    shutil.copytree(made.root, tmp_path / "null")
    runtime = replace(made, root=tmp_path / "null")
    _repeating(runtime, {each.name: 0.0 for each in COMPETENCIES})
    with runtime.snapshot() as record:
        report = _report(record)
        quiet = silent(record, window(record))
    assert "In this record people cannot be told apart in what readiness weighs" == finding(report)
    assert {each.name for each in COMPETENCIES} == set(quiet)
    assert report.live is not None
    assert (0, 0.0) == (report.live.ranked, report.live.probable)


def test_outcomes_wait_for_twenty_and_then_check_the_estimates(record: Snapshot) -> None:
    few, many = _report(record, 6), _report(record, 24)
    assert "Too few outcomes to tell who leads well: 6 of 20" in finding(few)
    assert few.own is not None
    assert many.own is not None
    assert Abstained("too few such leads", 3, 5) == few.own.well.competencies["collaboration"]
    assert isinstance(many.own.check.area, Estimate)
    assert "Estimates told apart how leads turned out (24 outcomes)" in finding(many)


def test_how_leads_turned_out_is_for_owner_and_manager(record: Snapshot) -> None:
    told = [_report(record, 24, Principal(role, role)).own is None for role in ("owner", "manager", "reviewer")]
    assert [False, False, True] == told


def test_the_documents_say_what_the_file_of_studies_says() -> None:
    text = re.sub(r"\*\*", "", DOCUMENT.read_text("utf-8"))
    on, found = studies()
    assert on in text
    assert [] == [one.what for one in found if one.figure not in text or one.command.split(" --")[0] not in text]


def test_what_fell_short_stands_first_among_studies_of_its_kind() -> None:
    _, found = studies()
    real = [one.is_met for one in found if one.data == "real"]
    assert sorted(real) == real
    assert False in real
