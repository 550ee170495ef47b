"""The audit log: what was decided here, by whom, and whether the log of it still holds. Owners alone look."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from starlette.responses import PlainTextResponse

from cadre.audit.name import EVENT_NAMES
from cadre.reports.audit.log import MOST_SHOWN, LogReport, Wanted, log_report
from cadre.reports.roster import staff
from cadre.services.audit.check import Checked, check_log
from cadre.services.audit.checkpoint import make_checkpoint
from cadre.services.audit.keep import note_check
from cadre.web.export import Sheet
from cadre.web.pages.page import Page
from cadre.web.session import principal_of
from cadre.web.view import plural, respond, runtime_of

router = APIRouter()
PAGE = Page("audit", "What was decided here, and does the log of it still hold?", router)
_MOST_TAKEN = 5_000
"""Events in a file that is taken away; older ones follow with `before`."""
_SUBJECTS = tuple(dict.fromkeys(each.name.partition(":")[0] for each in EVENT_NAMES))


@router.get("/audit")
def show(
    request: Request,
    client: Annotated[str, Query()] = "",
    subject: Annotated[str, Query()] = "",
    actor: Annotated[str, Query()] = "",
    person: Annotated[str, Query()] = "",
    before: Annotated[int | None, Query()] = None,
) -> Response:
    """Newest events, by client, subject, actor or person; and up to where the log is signed."""
    kind = f"{subject}:" if subject else ""
    return _shown(request, Wanted(client.strip(), actor.strip(), kind, person.strip(), before), subject=subject)


@router.post("/audit/verify")
def verify(request: Request) -> Response:
    """Read the whole log anew and show what was found."""
    runtime, who = runtime_of(request), principal_of(request)
    checked = check_log(who, runtime.work())
    note_check(who, runtime.work(), runtime.clock, checked)
    return _shown(request, Wanted(), checked=checked)


@router.post("/audit/checkpoint")
def sign(request: Request) -> Response:
    """Sign how long the log is and what its root is; the answer is a file, to be kept elsewhere."""
    runtime = runtime_of(request)
    note = make_checkpoint(principal_of(request), runtime.work(), runtime.clock, runtime.audit_keys)
    return PlainTextResponse(note, headers={"Content-Disposition": 'attachment; filename="checkpoint.txt"'})


def _shown(request: Request, wanted: Wanted, *, subject: str = "", checked: Checked | None = None) -> Response:
    runtime = runtime_of(request)
    most = MOST_SHOWN if request.query_params.get("format", "html") == "html" else _MOST_TAKEN
    report = log_report(principal_of(request), runtime.sessions, wanted, most=most)
    with runtime.snapshot() as snapshot:
        names = {person.person_id: person.name for person in staff(snapshot)}
    columns = ("place", "at", "event", "actor", "client", "objects", "about", "facts")
    lines = [
        (row.position, row.at, row.kind, row.actor, row.client_id, " ".join(row.objects), " ".join(row.about),
         "erased" if row.facts is None else "; ".join(f"{key}: {value}" for key, value in row.facts))
        for row in report.rows
    ]  # fmt: skip
    return respond(
        request,
        "audit.html",
        report,
        sheet=Sheet("audit", columns, lines),
        title=_title(report, checked, runtime.clock.now()),
        wanted=wanted,
        subject=subject,
        subjects=_SUBJECTS,
        names=names,
        checked=checked,
        is_stale=report.state.is_stale(runtime.clock.now()),
        instant=datetime.fromisoformat,
    )


def _title(report: LogReport, checked: Checked | None, now: datetime) -> str:
    state = report.state
    if checked is not None and checked.problems:
        return "The audit log does not hold"
    if state.is_stale(now):
        return f"{plural(state.uncovered, 'event')} could be cut off unseen"
    if checked is not None:
        return f"All {plural(checked.size, 'event')} hold"
    return f"{plural(state.size, 'event')} on record"
