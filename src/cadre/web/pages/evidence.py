"""Evidence: the rows behind one number, as a page or as the side panel of another."""

from fastapi import APIRouter, Request, Response

from cadre.reports.evidence import PAGE_ROWS, evidence
from cadre.web.export import Sheet
from cadre.web.gate import looking
from cadre.web.pages.page import Page
from cadre.web.view import respond

router = APIRouter()
PAGE = Page("evidence", "Which rows is this number made of?", router)


@router.get("/people/{person_id}/evidence/{name}")
def show(request: Request, person_id: str, name: str, offset: int = 0) -> Response:
    """The rows behind a signal of a person, newest first."""
    with looking(request) as (gate, snapshot):
        report = evidence(gate, snapshot, person_id, name, offset=offset)
    columns = ("when", "what happened", "effect", "table", "record", "source", "file", "line")
    lines = [
        (r.local_at, r.note, r.effect, r.record_table, r.record_id, r.source, r.source_file, r.source_line)
        for r in report.rows
    ]
    return respond(
        request,
        "evidence.html",
        report,
        sheet=Sheet("evidence", columns, lines, report.purpose),
        panel="_evidence.html",
        page_rows=PAGE_ROWS,
    )
