"""Account: where oneself is signed in, one's tokens, one's password."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from starlette.responses import RedirectResponse

from cadre.access.limit import MOST_TOKEN_HOURS, TOKEN_HOURS
from cadre.access.password import MIN_LENGTH
from cadre.errors import UsageError
from cadre.reports.people.accounts import own_account
from cadre.services.accounts.sign_in import change_password, end_session, end_token, issue_token
from cadre.web.pages.page import Page
from cadre.web.session import principal_of, secret_of
from cadre.web.view import respond, runtime_of

router = APIRouter()
PAGE = Page("account", "Where am I signed in, and as what?", router)
_BACK = "/account"


@router.get("/account")
def show(request: Request) -> Response:
    """One's own sessions and tokens."""
    return _shown(request)


@router.post("/account/session/end")
def end_one_session(request: Request, session_id: Annotated[int, Form()]) -> Response:
    """End one of one's sessions."""
    runtime = runtime_of(request)
    end_session(principal_of(request), runtime.work(), runtime.clock, session_id=session_id)
    return RedirectResponse(_BACK, status_code=303)


@router.post("/account/token")
def make_token(
    request: Request, name: Annotated[str, Form()] = "", hours: Annotated[int, Form()] = TOKEN_HOURS
) -> Response:
    """Make a token; it is shown on this answer and never again."""
    runtime = runtime_of(request)
    _, token = issue_token(principal_of(request), runtime.work(), runtime.clock, name=name, hours=hours)
    return _shown(request, token=token)


@router.post("/account/token/end")
def end_one_token(request: Request, token_id: Annotated[int, Form()]) -> Response:
    """End one of one's tokens."""
    runtime = runtime_of(request)
    end_token(principal_of(request), runtime.work(), runtime.clock, token_id=token_id)
    return RedirectResponse(_BACK, status_code=303)


@router.post("/account/password")
def set_password(
    request: Request,
    current: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    again: Annotated[str, Form()] = "",
) -> Response:
    """Set a new password; other sessions and every token end."""
    if password != again:
        raise UsageError("the two passwords are not the same", hint="Go back and type the same one twice.")
    runtime = runtime_of(request)
    change_password(
        principal_of(request),
        runtime.work(),
        runtime.clock,
        current=current,
        password=password,
        secret=secret_of(request),
        firm_name=runtime.settings.firm.name,
    )
    return RedirectResponse(f"{_BACK}?done=password", status_code=303)


def _shown(request: Request, *, token: str = "") -> Response:
    runtime = runtime_of(request)
    report = own_account(principal_of(request), runtime.sessions, now=runtime.clock.now(), secret=secret_of(request))
    return respond(
        request,
        "account.html",
        report,
        token=token,
        done=request.query_params.get("done", ""),
        least=MIN_LENGTH,
        usual_hours=TOKEN_HOURS,
        most_hours=MOST_TOKEN_HOURS,
    )
