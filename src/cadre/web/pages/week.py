"""This week: what needs somebody, and deciding about it."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from starlette.responses import RedirectResponse

from cadre.reports.agents.week import agent_matters
from cadre.reports.audit.week import log_matters
from cadre.reports.seats.week import due_outcomes
from cadre.reports.week.decision import decisions
from cadre.reports.week.ics import week_ics
from cadre.reports.week.week import WeekReport, week
from cadre.services.agenda import decide
from cadre.web.export import Sheet
from cadre.web.gate import looking
from cadre.web.pages.page import Page
from cadre.web.session import principal_of
from cadre.web.view import respond, runtime_of

router = APIRouter()
PAGE = Page("week", "What needs me this week?", router, section="This week", label="This week", path="/")


@router.get("/")
def show(request: Request) -> Response:
    """The items of the week."""
    report = _report(request)
    columns = ("what happened", "why it matters", "action", "minutes", "rows")
    rows = [(i.happened, i.matters, i.action, i.minutes, i.row_count) for i in report.items]
    return respond(request, "week.html", report, sheet=Sheet("this-week", columns, rows, report.purpose))


@router.get("/week.ics")
def calendar(request: Request) -> Response:
    """The items as a calendar file."""
    text = week_ics(_report(request), now=runtime_of(request).clock.now())
    headers = {"Content-Disposition": 'attachment; filename="cadre-week.ics"'}
    return Response(text, media_type="text/calendar; charset=utf-8", headers=headers)


@router.post("/week/decide")
def settle(
    request: Request,
    item_key: Annotated[str, Form()],
    outcome: Annotated[str, Form()],
    reason: Annotated[str, Form()] = "",
    assignee: Annotated[str, Form()] = "",
) -> Response:
    """Snooze, assign, finish or reopen an item; then the week again."""
    runtime = runtime_of(request)
    decide(
        principal_of(request),
        runtime.work(),
        runtime.clock,
        item_key=item_key,
        outcome=outcome,
        reason=reason,
        assignee=assignee,
    )
    return RedirectResponse("/", status_code=303)


def _report(request: Request) -> WeekReport:
    runtime = runtime_of(request)
    with looking(request) as (gate, snapshot):
        now = runtime.clock.now()
        where = (gate, snapshot, runtime.sessions, now)
        further = (*due_outcomes(*where), *agent_matters(*where), *log_matters(*where))
        return week(gate, snapshot, decisions(runtime.sessions), now=now, further=further)
