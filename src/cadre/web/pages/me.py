"""My page: what I was told, who may see what about me, who saw it, and what I say myself."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from starlette.responses import RedirectResponse

from cadre.errors import UsageError
from cadre.reports.people.me import MyReport, me
from cadre.reports.signals.signals import cards
from cadre.reports.trust.declaration import own_declarations
from cadre.services.people.contest import contest_row
from cadre.services.people.declaration import declare
from cadre.services.people.notice import confirm_notice
from cadre.services.people.statement import answer_help, state_help, state_seeking
from cadre.stewardship.declaration import CHOICES, LEAST_LOT
from cadre.web.gate import looking
from cadre.web.pages.page import Page
from cadre.web.session import principal_of
from cadre.web.view import respond, runtime_of

router = APIRouter()
PAGE = Page("me", "What is known about me, who sees it, and what do I say to it?", router)
_BACK = "/me"


@router.get("/me")
def show(request: Request) -> Response:
    """One's own page."""
    with looking(request, purpose="self") as (gate, snapshot):
        report = me(gate, snapshot, runtime_of(request).sessions)
        # Beside the report and never in it: what one declares is on this page alone, in no export and no JSON.
        own = own_declarations(gate.principal, runtime_of(request).sessions)
    return respond(request, "me.html", report, title=_title(report), labels={c.name: c.label for c in cards()},
                   declared=own, choices=CHOICES, least_lot=LEAST_LOT)  # fmt: skip


@router.post("/me/confirm")
def confirm(request: Request, number: Annotated[int, Form()]) -> Response:
    """Confirm the notice."""
    runtime = runtime_of(request)
    confirm_notice(principal_of(request), runtime.work(), runtime.clock, number=number)
    return RedirectResponse(_BACK, status_code=303)


@router.post("/me/seeking")
def seek(request: Request, is_seeking: Annotated[str, Form()]) -> Response:
    """Say whether one seeks a lead role."""
    runtime = runtime_of(request)
    state_seeking(principal_of(request), runtime.work(), runtime.clock, is_seeking=is_seeking == "yes")
    return RedirectResponse(_BACK, status_code=303)


@router.post("/me/declare")
async def say_groups(request: Request) -> Response:
    """Declare which groups one belongs to, or take it back."""
    runtime, form = runtime_of(request), await request.form()
    labels = {name: value for name, value in form.items() if isinstance(value, str)}
    declare(principal_of(request), runtime.work(), runtime.clock, labels=labels)
    return RedirectResponse(f"{_BACK}#declared", status_code=303)


@router.post("/me/help")
def say_help(
    request: Request,
    helped_person_id: Annotated[str, Form()],
    helped_on: Annotated[str, Form()],
    words: Annotated[str, Form()] = "",
    ticket_id: Annotated[str, Form()] = "",
) -> Response:
    """Say that one helped."""
    try:
        day = date.fromisoformat(helped_on)
    except ValueError:
        raise UsageError(f"{helped_on!r} is no date", hint="Write it as yyyy-mm-dd.") from None
    runtime = runtime_of(request)
    state_help(
        principal_of(request),
        runtime.work(),
        runtime.clock,
        helped_person_id=helped_person_id,
        helped_on=day,
        words=words,
        ticket_id=ticket_id,
    )
    return RedirectResponse(_BACK, status_code=303)


@router.post("/me/help/answer")
def confirm_help(
    request: Request, statement_id: Annotated[int, Form()], is_confirmed: Annotated[str, Form()]
) -> Response:
    """Say whether a colleague's help was so."""
    runtime = runtime_of(request)
    answer_help(
        principal_of(request),
        runtime.work(),
        runtime.clock,
        statement_id=statement_id,
        is_confirmed=is_confirmed == "yes",
    )
    return RedirectResponse(_BACK, status_code=303)


@router.post("/me/contest")
def contest(
    request: Request,
    signal: Annotated[str, Form()],
    record_table: Annotated[str, Form()],
    record_id: Annotated[str, Form()],
    words: Annotated[str, Form()] = "",
) -> Response:
    """Contest a row behind one's own number."""
    runtime = runtime_of(request)
    contest_row(
        principal_of(request),
        runtime.work(),
        runtime.clock,
        signal=signal,
        record_table=record_table,
        record_id=record_id,
        words=words,
    )
    return RedirectResponse(f"{_BACK}#contests", status_code=303)


def _title(report: MyReport) -> str:
    others = len({s.who for s in report.seen if not s.is_me})
    if report.purpose or report.told.confirmed_at:
        who = "nobody else has" if not others else "one other has" if others == 1 else f"{others} others have"
        return f"{report.person.name}: {who} looked at numbers about you"
    if report.told.delivered_at:
        return f"{report.person.name}: there is a notice for you to read"
    return f"{report.person.name}: nothing about you is shown to anybody"
