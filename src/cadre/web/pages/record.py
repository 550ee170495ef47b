"""Record: what was loaded, what was refused, who is who."""

from fastapi import APIRouter, Request, Response

from cadre.reports.record import RecordReport, record
from cadre.web.export import Sheet
from cadre.web.pages.page import Page
from cadre.web.view import plural, respond, runtime_of

router = APIRouter()
PAGE = Page("record", "What was loaded, what was refused, who is who?", router, label="Record", path="/record")


@router.get("/record")
def show(request: Request, source: str = "") -> Response:
    """Record health; `source` narrows what was refused."""
    runtime = runtime_of(request)
    with runtime.snapshot() as snapshot:
        report = record(runtime.principal, snapshot, erased_count=runtime.warehouse.erased_count())
    refusals = [r for r in report.refusals if source in ("", r.source)]
    lines = [(r.source, r.reason, r.rows, " ".join(f"{f}:{line}" for f, line in r.places)) for r in report.refusals]
    return respond(
        request,
        "record.html",
        report,
        sheet=Sheet("refused", ("source", "reason", "rows", "first places"), lines, report.purpose),
        refusals=refusals,
        source=source,
        told=sum(t.rows for t in report.tables if not t.is_derived),
        title=_title(report),
    )


def _title(report: RecordReport) -> str:
    if not report.loads:
        return "Nothing was loaded yet"
    rows = sum(t.rows for t in report.tables if not t.is_derived)
    refused = f"{plural(report.rows_rejected, 'row')} refused" if report.rows_rejected else "no row refused"
    return f"{plural(rows, 'row')} from {plural(len(report.sources), 'source')}, {refused}"
