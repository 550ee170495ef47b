"""Row: one stored record with its words and where it came from."""

from fastapi import APIRouter, Request, Response

from cadre.reports.row import row
from cadre.web.gate import looking
from cadre.web.pages.page import Page
from cadre.web.view import respond

router = APIRouter()
PAGE = Page("row", "What does this record say, and where does it come from?", router)


@router.get("/record/{table}/{key:path}")
def show(request: Request, table: str, key: str) -> Response:
    """One stored row."""
    with looking(request) as (gate, snapshot):
        report = row(gate, snapshot, table, key)
    return respond(request, "row.html", report, panel="_row.html")
