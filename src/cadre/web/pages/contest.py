"""Contests: rows that people say are wrong, and the answers to them."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from starlette.responses import RedirectResponse

from cadre.reports.people.contest import ContestReport, contests
from cadre.services.duty import REVIEWERS, act_as
from cadre.services.people.contest import answer_contest
from cadre.web.charts import scale_for
from cadre.web.export import Sheet
from cadre.web.gate import looking
from cadre.web.pages.page import Page
from cadre.web.session import principal_of
from cadre.web.view import plural, respond, runtime_of

router = APIRouter()
PAGE = Page("contest", "Which rows do people say are wrong, and what is the answer?", router)


@router.get("/contests")
def show(request: Request, number: int = 0) -> Response:
    """Contested rows, those that wait for an answer first; `number` is the one whose estimate is shown."""
    act_as(principal_of(request), REVIEWERS, "look at contests")
    with looking(request, purpose="contest") as (gate, snapshot):
        report = contests(gate, snapshot, runtime_of(request).sessions, number=number)
    lines = [
        (d.person, d.card.label, d.record_table, d.record_id, d.words, d.verdict or "open", d.reason)
        for d in report.rows
    ]
    columns = ("person", "signal", "table", "record", "what they say", "answer", "reason")
    scales = {
        d.contest_id: scale_for(d.card.unit, None, [m for m in (d.with_row, d.without_row) if m]) for d in report.open
    }
    sheet = Sheet("contests", columns, lines, report.purpose)
    return respond(request, "contest.html", report, sheet=sheet, title=_title(report), scales=scales, opened=number)


@router.post("/contests/answer")
def answer(
    request: Request,
    contest_id: Annotated[int, Form()],
    verdict: Annotated[str, Form()],
    reason: Annotated[str, Form()] = "",
) -> Response:
    """Answer one."""
    runtime = runtime_of(request)
    answer_contest(
        principal_of(request), runtime.work(), runtime.clock, contest_id=contest_id, verdict=verdict, reason=reason
    )
    return RedirectResponse("/contests", status_code=303)


def _title(report: ContestReport) -> str:
    waiting = len(report.open)
    if not report.rows:
        return "Nobody says that a row is wrong"
    return f"{plural(waiting, 'row waits', 'rows wait')} for an answer" if waiting else "Every contest is answered"
