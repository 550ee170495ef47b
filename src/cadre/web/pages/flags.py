"""Flags: what stands out over the firm, and the rows to look at; people by name, never by how far out they lie."""

from fastapi import APIRouter, Request, Response

from cadre.reports.signals.flags import REASON, FlagsReport, flags
from cadre.web.export import Sheet
from cadre.web.gate import looking
from cadre.web.pages.page import Page
from cadre.web.view import plural, respond

router = APIRouter()
PAGE = Page("flags", "What stands out, and which rows are worth a look?", router)


@router.get("/flags")
def show(request: Request) -> Response:
    """Everything that stands."""
    with looking(request) as (gate, snapshot):
        report = flags(gate, snapshot)
    return respond(request, "flags.html", report, sheet=_sheet(report), title=_title(report), flag_reason=REASON)


def _title(report: FlagsReport) -> str:
    if report.withheld:
        return "Nothing is shown about people yet"
    if not report.looks:
        return "Nothing was looked at yet"
    if not report.rows:
        return "Nothing stands out"
    count = sum(len(every) for _, every in report.rows)
    return f"{plural(count, 'thing')} about {plural(len(report.rows), 'person', 'people')} {'is' if count == 1 else 'are'} worth a look at the rows"


def _sheet(report: FlagsReport) -> Sheet:
    columns = ("person", "kind", "name", "since", "signal", "what was seen", "value", "low", "high", "n")
    lines = [
        (who.name, flag.word, flag.label, flag.since, s.card.label, s.sentence, s.measured.value, s.measured.low,
         s.measured.high, s.measured.n)
        for who, every in report.rows
        for flag in every
        for s in flag.beyond
    ]  # fmt: skip
    return Sheet("flags", columns, lines, report.purpose)
