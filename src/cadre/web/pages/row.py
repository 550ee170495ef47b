"""Row: one stored record with its words and where it came from."""

from fastapi import APIRouter, Request, Response

from cadre.reports.people.contest import contested_by
from cadre.reports.release import CONTEST
from cadre.reports.row import row
from cadre.web.gate import looking
from cadre.web.pages.page import Page
from cadre.web.view import respond, runtime_of

router = APIRouter()
PAGE = Page("row", "What does this record say, and where does it come from?", router)


@router.get("/record/{table}/{key:path}")
def show(request: Request, table: str, key: str) -> Response:
    """One stored row."""
    is_answer = request.query_params.get("purpose") == CONTEST
    asking = contested_by(runtime_of(request).sessions, table, key) if is_answer else frozenset()
    with looking(request) as (gate, snapshot):
        report = row(gate, snapshot, table, key, contested_by=asking)
    return respond(request, "row.html", report, panel="_row.html")
