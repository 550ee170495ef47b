"""Documents can be followed: links lead somewhere, records keep their form, questions have an answer or say why not."""

import re
from pathlib import Path

import pytest
from tools.lint.house import ROOT

from cadre.web.pages import PAGES

DOCUMENTS = [*sorted((ROOT / "docs").rglob("*.md")), ROOT / "CONTRIBUTING.md"]
HEADINGS = ["## Context", "## Decision", "## Consequences", "## Alternatives", "## References"]
RECORDS = sorted((ROOT / "docs/decisions").glob("[0-9]*.md"))
SCREEN_LINES = 45
ROW = re.compile(
    r"^\| (?P<who>owner|technician|account manager) \| (?P<q>[^|]+\?) \| (?P<path>[^|]+) \| (?P<told>[^|]+) \|$"
)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_between_documents_leads_somewhere(path: Path) -> None:
    told = re.findall(r"\]\((?!https?:|#)([^)#\s]+)", path.read_text("utf-8"))

    assert [] == [link for link in told if not (path.parent / link).exists()]


def test_the_index_leads_to_every_document() -> None:
    index = (ROOT / "docs/index.md").read_text("utf-8")
    there = {p.relative_to(ROOT / "docs").as_posix() for p in DOCUMENTS if p.is_relative_to(ROOT / "docs")}

    assert [] == sorted(name for name in there - {"index.md"} if f"({name})" not in index)


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.stem)
def test_a_decision_record_fits_a_screen_and_names_code_that_exists(path: Path) -> None:
    text = path.read_text("utf-8")

    assert HEADINGS == re.findall(r"^## .*$", text, re.MULTILINE)
    assert len(text.splitlines()) <= SCREEN_LINES
    named = re.findall(
        r"`((?:src|tests|tools|docs|requirements|validation|benchmarks)/[\w./*-]+|pyproject\.toml)`", text
    )
    assert named
    assert [] == [name for name in named if not list(ROOT.glob(name))]


def test_thirty_questions_each_with_a_page_or_what_is_missing() -> None:
    rows = [ROW.match(line) for line in (ROOT / "docs/questions.md").read_text("utf-8").splitlines()]
    found = [row.groupdict() for row in rows if row]
    paths = {route.path for page in PAGES for route in page.router.routes}

    assert {"owner": 10, "technician": 10, "account manager": 10} == {
        who: sum(row["who"] == who for row in found) for who in ("owner", "technician", "account manager")
    }
    unknown = [
        row["path"] for row in found
        if row["path"].strip() != "not built yet" and row["path"].strip().strip("`").split(" > ")[-1].strip("` ") not in paths
    ]  # fmt: skip
    assert [] == unknown
