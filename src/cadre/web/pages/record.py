"""Record: what was loaded, what was refused, who is who."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from starlette.responses import RedirectResponse

from cadre.reports.trust.record import RecordReport, record
from cadre.reports.week.decision import identity_decisions
from cadre.services.computing.refresh import refresh
from cadre.services.identity import decide_identity
from cadre.web.export import Sheet
from cadre.web.pages.page import Page
from cadre.web.session import principal_of
from cadre.web.view import plural, respond, runtime_of

router = APIRouter()
PAGE = Page(
    "record", "What was loaded, what was refused, who is who?", router, section="Record", label="Record", path="/record"
)


@router.get("/record")
def show(request: Request, source: str = "") -> Response:
    """Record health; `source` narrows what was refused."""
    runtime = runtime_of(request)
    with runtime.snapshot() as snapshot:
        report = record(principal_of(request), snapshot, erased_count=runtime.warehouse.erased_count())
    refusals = [r for r in report.refusals if source in ("", r.source)]
    lines = [(r.source, r.reason, r.rows, " ".join(f"{f}:{line}" for f, line in r.places)) for r in report.refusals]
    return respond(
        request,
        "record.html",
        report,
        sheet=Sheet("refused", ("source", "reason", "rows", "first places"), lines, report.purpose),
        refusals=refusals,
        source=source,
        decided=identity_decisions(runtime.sessions),
        told=sum(t.rows for t in report.tables if not t.is_derived),
        title=_title(report),
    )


@router.post("/record/identity")
def settle(
    request: Request,
    verdict: Annotated[str, Form()],
    account_id: Annotated[str, Form()],
    person_id: Annotated[str, Form()],
) -> Response:
    """Say whether an account belongs to a person, or take that back; what it touches is computed anew first."""
    runtime = runtime_of(request)
    decide_identity(
        principal_of(request),
        runtime.work(),
        runtime.clock,
        runtime.warehouse,
        verdict=verdict,
        account_id=account_id,
        person_id=person_id,
    )
    refresh(principal_of(request), runtime.warehouse, runtime.work(), runtime.clock)
    return RedirectResponse("/record#doubts", status_code=303)


def _title(report: RecordReport) -> str:
    if not report.loads:
        return "Nothing was loaded yet"
    rows = sum(t.rows for t in report.tables if not t.is_derived)
    refused = f"{plural(report.rows_rejected, 'row')} refused" if report.rows_rejected else "no row refused"
    return f"{plural(rows, 'row')} from {plural(len(report.sources), 'source')}, {refused}"
