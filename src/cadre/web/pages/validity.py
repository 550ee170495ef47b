"""Validity: why believe this, and how far?"""

from fastapi import APIRouter, Request, Response

from cadre.reports.seats.seats import outcomes
from cadre.reports.seats.selection import LABELS
from cadre.reports.trust.validity import VALIDITY, ValidityReport, finding, repeat_words, validity
from cadre.web.charts import scale_for
from cadre.web.export import Sheet
from cadre.web.gate import looking
from cadre.web.pages.page import Page
from cadre.web.view import respond, runtime_of

router = APIRouter()
PAGE = Page("validity", "Why believe this, and how far?", router, section="People", label="Validity", path="/validity")


@router.get("/validity")
def show(request: Request) -> Response:
    """What speaks for the estimates and what does not."""
    with looking(request) as (gate, snapshot):
        report = validity(gate, snapshot, outcomes(runtime_of(request).sessions))
    halves = [one.halves for one in report.competencies if one.halves]
    months = [one.months for one in report.competencies if one.months]
    leads = [m for p in (report.own.well, report.own.not_well) for m in p.competencies.values()] if report.own else []
    return respond(
        request,
        "validity.html",
        report,
        sheet=_sheet(report),
        title=finding(report),
        repeat_words=repeat_words,
        scale=scale_for("correlation", None, [*halves, *months]),
        together_scale=scale_for("correlation", None, [report.live.craft_leading]) if report.live else None,
        lead_scale=scale_for("sd", None, leads),
        labels=LABELS,
        ceiling=VALIDITY,
    )


def _sheet(report: ValidityReport) -> Sheet:
    lines: list[list[object]] = []
    of_signals = [told for _, told in report.signals if told]
    for one in (*report.competencies, *of_signals):
        for method, found in (("halves", one.halves), ("months", one.months)):
            told = found.json() if found else {}
            numbers = [told.get(key) for key in ("value", "low", "high", "n", "abstained")]
            lines.append([one.label, method, *numbers, one.silent])
    lines += [[s.what, "study", s.figure, None, None, None, s.asked, s.command] for s in report.studies]
    columns = ("what", "how", "value", "low", "high", "people", "asked for or why not", "note")
    return Sheet("validity", columns, lines, report.purpose)
