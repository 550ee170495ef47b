"""Evidence: the rows behind one number, as a page or as the side panel of another."""

from typing import Any

from fastapi import APIRouter, Request, Response

from cadre.reports.people.contest import Dispute, contests
from cadre.reports.release import SIGNALS, Gate
from cadre.reports.signals.evidence import PAGE_ROWS, EvidenceReport, evidence
from cadre.web.charts import scale_for
from cadre.web.export import Sheet
from cadre.web.gate import looking
from cadre.web.pages.page import Page
from cadre.web.view import respond, runtime_of

router = APIRouter()
PAGE = Page("evidence", "Which rows is this number made of?", router)


@router.get("/people/{person_id}/evidence/{name}")
def show(request: Request, person_id: str, name: str, offset: int = 0) -> Response:
    """The rows behind a signal of a person, newest first."""
    with looking(request) as (gate, snapshot):
        report = evidence(gate, snapshot, person_id, name, offset=offset)
        is_mine = gate.principal.person_id == person_id
        held = _contested(request, gate, snapshot, report)
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
        is_mine=is_mine,
        disputes=held,
        contested={(d.record_table, d.record_id) for d in held},
        scales={
            d.contest_id: scale_for(d.card.unit, None, [m for m in (d.with_row, d.without_row) if m]) for d in held
        },
    )


def _contested(request: Request, gate: Gate, snapshot: Any, report: EvidenceReport) -> tuple[Dispute, ...]:
    """Rows behind this number that are contested and not answered; a study has no contests."""
    if report.withheld or report.parts or report.firm.purpose == "study":
        return ()
    sessions = runtime_of(request).sessions
    return contests(
        gate, snapshot, sessions, person_id=report.person.person_id, signal=report.card.name, kind=SIGNALS
    ).rows
