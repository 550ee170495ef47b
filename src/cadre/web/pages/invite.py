"""Invite: what the link somebody was given opens, and choosing a password there."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from starlette.responses import HTMLResponse

from cadre.access.password import MIN_LENGTH
from cadre.errors import CadreError, UsageError
from cadre.services.accounts.invite import accept, opened
from cadre.services.accounts.sign_in import begin, sign_out
from cadre.web.pages.page import Page
from cadre.web.session import address_of, browser_of, secret_of, welcome
from cadre.web.view import render, runtime_of

router = APIRouter()
PAGE = Page("invite", "What does this link let me do?", router, is_open=True)


@router.get("/invite/{secret}")
def show(request: Request, secret: str) -> Response:
    """Who is invited as what, and a place for a password."""
    return _door(request, secret)


@router.post("/invite/{secret}")
def settle(
    request: Request,
    secret: str,
    password: Annotated[str, Form()] = "",
    again: Annotated[str, Form()] = "",
) -> Response:
    """Set the password and go in; whoever was signed in on this browser is not any more."""
    runtime = runtime_of(request)
    if password != again:
        return _door(request, secret, UsageError("the two passwords are not the same", hint="Type the same one twice."))
    try:
        account = accept(
            runtime.work(), runtime.clock, secret=secret, password=password, firm_name=runtime.settings.firm.name
        )
    except UsageError as error:
        return _door(request, secret, error)
    sign_out(runtime.work(), runtime.clock, secret_of(request))
    entered = begin(runtime.work(), runtime.clock, account, address=address_of(request), browser=browser_of(request))
    return welcome(request, entered)


def _door(request: Request, secret: str, error: CadreError | None = None) -> Response:
    runtime = runtime_of(request)
    invitation = opened(runtime.work(), runtime.clock, secret=secret)
    html = render(request, "invite.html", invitation=invitation, error=error, least=MIN_LENGTH)
    return HTMLResponse(html, status_code=error.status if error else 200)
