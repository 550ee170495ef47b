"""Blind reviews: whom one may review, and the questions, answered before anything is seen."""

from fastapi import APIRouter, Request, Response
from starlette.datastructures import FormData
from starlette.responses import HTMLResponse, RedirectResponse

from cadre.errors import UsageError
from cadre.reports.people.review import ReviewReport, reviews
from cadre.services.duty import REVIEWERS, act_as
from cadre.services.people.review import Answered, finish_review
from cadre.web.gate import looking
from cadre.web.pages.page import Page
from cadre.web.session import principal_of
from cadre.web.view import plural, render, respond, runtime_of

router = APIRouter()
PAGE = Page("review", "What have I seen this person do, before I look at any number?", router)


@router.get("/reviews")
def show(request: Request) -> Response:
    """Whom one may review."""
    return respond(request, "reviews.html", report := _report(request), title=_title(report))


@router.get("/reviews/{person_id}")
def ask(request: Request, person_id: str) -> Response:
    """The questions about one person, or the answers one gave."""
    report = _report(request, person_id)
    return respond(request, "review.html", report, p=report.people[0], q=report.questions, given={}, error="")


@router.post("/reviews/{person_id}")
async def finish(request: Request, person_id: str) -> Response:
    """Finish the review; where something is missing, the page comes back with what was written."""
    runtime, form = runtime_of(request), await request.form()
    given = _answers(form)
    try:
        finish_review(principal_of(request), runtime.work(), runtime.clock, person_id=person_id, answers=given)
    except UsageError as error:
        report = _report(request, person_id)
        said = f"{error.message}. {error.hint}"
        about = {"p": report.people[0], "q": report.questions, "given": _told(form), "error": said}
        html = render(request, "review.html", r=report, is_panel=False, **about)
        return HTMLResponse(html, status_code=error.status)
    return RedirectResponse(f"/reviews/{person_id}", status_code=303)


def _report(request: Request, person_id: str = "") -> ReviewReport:
    act_as(principal_of(request), REVIEWERS, "review a person")
    with looking(request, purpose="selection_for_seat") as (gate, snapshot):
        return reviews(gate, snapshot, runtime_of(request).sessions, one=person_id)


def _answers(form: FormData) -> dict[str, Answered]:
    """What was chosen, a question without a choice left out."""
    made = {}
    for name, value in _told(form).items():
        question, _, part = name.rpartition(":")
        if part == "step" and (value == "none" or value.isdigit()):
            step = None if value == "none" else int(value)
            made[question] = Answered(step, _told(form).get(f"{question}:why", ""))
    return made


def _told(form: FormData) -> dict[str, str]:
    return {name: value for name, value in form.items() if isinstance(value, str)}


def _title(report: ReviewReport) -> str:
    done = sum(p.finished_at is not None for p in report.people)
    return f"You have reviewed {done} of {plural(len(report.people), 'person', 'people')}"
