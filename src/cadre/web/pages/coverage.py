"""Coverage: what this record can and cannot show."""

from fastapi import APIRouter, Request, Response

from cadre.reports.release import Withheld
from cadre.reports.trust.coverage import CoverageReport, coverage
from cadre.web.export import Sheet
from cadre.web.gate import looking
from cadre.web.pages.page import Page
from cadre.web.view import plural, respond

router = APIRouter()
PAGE = Page(
    "coverage", "What can this record show, and what not?", router, section="Record", label="Coverage", path="/coverage"
)


@router.get("/coverage")
def show(request: Request) -> Response:
    """Signals carried, sources that would unlock more, seen share by person."""
    with looking(request) as (gate, snapshot):
        report = coverage(gate, snapshot)
    lines = [(c.card.name, c.is_carried, ", ".join(c.missing), c.people, c.thin) for c in report.carried]
    sheet = Sheet("coverage", ("signal", "carried", "missing tables", "people", "thin"), lines, report.purpose)
    seen = () if isinstance(report.seen, Withheld) else report.seen
    return respond(
        request,
        "coverage.html",
        report,
        sheet=sheet,
        title=_title(report),
        seen=seen,
        seen_withheld=report.seen if isinstance(report.seen, Withheld) else None,
        labels={c.card.name: c.card.label for c in report.carried},
    )


def _title(report: CoverageReport) -> str:
    carried = sum(c.is_carried for c in report.carried)
    if not report.people:
        return "Nothing to see yet: no work was loaded"
    return f"This record carries {carried} of {plural(len(report.carried), 'behaviour')} for {plural(report.people, 'person', 'people')}"
