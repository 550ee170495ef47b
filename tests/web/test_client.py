"""Pages of clients and of all agents: what is asked for is there, in words, and the statement comes as a document."""

from collections.abc import Iterator

import pytest

from cadre.documents.statement import statement_pdf
from cadre.runtime import Runtime
from cadre.web import create_app
from tests.agent_firm import build
from tests.web.conftest import Asked
from tests.web.door import SAME


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runtime]:
    runtime = build(tmp_path_factory.mktemp("agents") / "firm", days=4)
    yield runtime
    runtime.close()


@pytest.fixture(scope="module")
def pages(firm: Runtime) -> Asked:
    return Asked(create_app(firm, papers={"client": statement_pdf}))


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/agents", "What acts outside of the gate"),
        ("/clients", "Alder Foods"),
        ("/clients/psa/alder", "Who answers for it"),
        ("/clients/psa/alder/statement", "What AI never does"),
    ],
)
def test_a_page_answers_its_question(pages: Asked, path: str, expected: str) -> None:
    page = pages.get(path)

    assert (200, True) == (page.status_code, expected in page.text)


@pytest.mark.parametrize("path", ["/agents", "/clients", "/clients/psa/alder"])
def test_what_a_page_shows_can_be_taken_away(pages: Asked, path: str) -> None:
    assert [200, 200] == [pages.get(f"{path}?format={kind}").status_code for kind in ("json", "csv")]


def test_the_statement_is_handed_over_as_a_document(pages: Asked) -> None:
    paper = pages.get("/clients/psa/alder/statement?format=pdf")

    assert ("application/pdf", b"%PDF", 'attachment; filename="ai-at-alder-foods.pdf"') == (
        paper.headers["content-type"], paper.content[:4], paper.headers["content-disposition"])  # fmt: skip


def test_an_act_is_reviewed_from_request_to_undo(pages: Asked) -> None:
    told = pages.get("/decisions?format=json").json()["decisions"]
    asked = next(one["decision_id"] for one in told if one["answered"] == "approve")
    page = pages.get(f"/decisions/{asked}/review").text

    assert (True, False) == ("of the log, proved" in page, "NOT proved" in page)


def test_what_became_of_an_act_is_written_down_by_who_looked(pages: Asked) -> None:
    told = pages.get("/decisions?found=allow&format=json").json()["decisions"]
    key = next(one["decision_id"] for one in told if one["aftermath"] and one["aftermath"]["state"] == "done")
    nothing, written = (
        pages.post(f"/decisions/{key}/told", data=told, headers=SAME, follow_redirects=False)
        for told in ({"told": "wonderful"}, {"told": "reopened", "detail": "The printer is off again"})
    )
    page, board = pages.get(f"/decisions/{key}").text, pages.get("/agents?format=json").json()

    assert (400, 303) == (nothing.status_code, written.status_code)
    assert "reopened, told by whoever sits at the machine" in page
    assert (key, "reopened") in {(one["decision_id"], one["kind"]) for one in board["incidents"]}


@pytest.mark.parametrize("found", ["", "deny", "silent"])
def test_a_list_is_taken_away_as_it_was_filtered(pages: Asked, found: str) -> None:
    told = pages.get(f"/decisions?found={found}&client=psa/alder&format=json").json()["decisions"]
    lines = pages.get(f"/decisions?found={found}&client=psa/alder&format=csv").text.splitlines()[1:]

    assert [one["decision_id"] for one in told] == [line.partition(",")[0] for line in lines]
    assert {"psa/alder"} >= {one["client_id"] for one in told}


def test_an_unknown_client_is_said_to_be_none(pages: Asked) -> None:
    assert 404 == pages.get("/clients/nobody").status_code


def test_an_empty_firm_is_told_what_to_do_first(empty: Asked) -> None:
    assert "Put the first agent behind the gate" in empty.get("/agents").text
    assert "Nothing to tell a client yet" in empty.get("/clients").text
