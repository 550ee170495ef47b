"""Notice: what people are told before numbers about them are opened, and who of them was."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from starlette.responses import RedirectResponse

from cadre.errors import UsageError
from cadre.reports.people.notice import NoticeReport, notice
from cadre.services.people.notice import deliver_notice, publish_notice, record_paper_receipt
from cadre.stewardship.notice import notice_text
from cadre.web.export import Sheet
from cadre.web.pages.page import Page
from cadre.web.session import principal_of
from cadre.web.view import plural, respond, runtime_of

router = APIRouter()
PAGE = Page("notice", "What are people told, and who was?", router)
_BACK = "/notice"
_ASK = "[Name, and how to reach them]"


@router.get("/notice")
def show(request: Request) -> Response:
    """The notice that holds, and for a lead where everybody stands with it."""
    runtime, asking = runtime_of(request), principal_of(request)
    with runtime.snapshot() as snapshot:
        report = notice(asking, snapshot, runtime.sessions)
    lines = [(p.name, p.delivered_at, p.confirmed_at, p.how, p.reason) for p in report.people]
    return respond(
        request,
        "notice.html",
        report,
        sheet=Sheet("notice", ("person", "delivered", "confirmed", "how", "reason"), lines, report.purpose),
        title=_title(report),
        is_lead=asking.role in ("owner", "manager"),
        own=asking.person_id,
        draft=report.text or notice_text(report.firm.name, _ASK),
    )


@router.post("/notice/publish")
def publish(request: Request, text: Annotated[str, Form()] = "") -> Response:
    """Publish a version."""
    if _ASK in text:
        raise UsageError("the notice does not say yet whom people can ask", hint=f"Put a name in place of {_ASK}.")
    runtime = runtime_of(request)
    publish_notice(principal_of(request), runtime.work(), runtime.clock, text=text.replace("\r\n", "\n"))
    return RedirectResponse(_BACK, status_code=303)


@router.post("/notice/deliver")
def deliver(request: Request) -> Response:
    """Deliver it to everybody who has not got it."""
    runtime, asking = runtime_of(request), principal_of(request)
    with runtime.snapshot() as snapshot:
        missing = notice(asking, snapshot, runtime.sessions).undelivered
    deliver_notice(asking, runtime.work(), runtime.clock, people=missing)
    return RedirectResponse(_BACK, status_code=303)


@router.post("/notice/paper")
def paper(request: Request, person_id: Annotated[str, Form()], reason: Annotated[str, Form()] = "") -> Response:
    """Record a paper receipt."""
    runtime = runtime_of(request)
    record_paper_receipt(principal_of(request), runtime.work(), runtime.clock, person_id=person_id, reason=reason)
    return RedirectResponse(_BACK, status_code=303)


def _title(report: NoticeReport) -> str:
    if not report.number:
        return "Nobody was told yet: no notice was published"
    if len(report.people) < 2:
        return "What you are told"
    return f"{report.confirmed} of {plural(len(report.people), 'person', 'people')} have confirmed the notice"
