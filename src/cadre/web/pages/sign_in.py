"""Sign in and out."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from starlette.responses import HTMLResponse, RedirectResponse

from cadre.errors import CadreError, TooManyTriesError, UnauthenticatedError
from cadre.services.accounts.sign_in import has_accounts, sign_in, sign_out
from cadre.web.pages.page import Page
from cadre.web.session import address_of, browser_of, farewell, local_path, secret_of, signed_in, welcome
from cadre.web.view import render, runtime_of

router = APIRouter()
PAGE = Page("sign_in", "Who are you?", router, is_open=True)


@router.get("/sign-in")
def show(request: Request, next: str = "/") -> Response:  # noqa: A002 (the word people know in an address)
    """The form; whoever is signed in already goes on."""
    if signed_in(request) is not None:
        return RedirectResponse(local_path(next), status_code=303)
    return _door(request, to=next)


@router.post("/sign-in")
def enter(
    request: Request,
    name: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    to: Annotated[str, Form()] = "/",
) -> Response:
    """Check name and password; the session of before ends either way of going in."""
    runtime = runtime_of(request)
    if not has_accounts(runtime.work()):
        return RedirectResponse("/accounts", status_code=303)
    try:
        entered = sign_in(
            runtime.work(),
            runtime.clock,
            name=name,
            password=password,
            address=address_of(request),
            browser=browser_of(request),
        )
    except (UnauthenticatedError, TooManyTriesError) as error:
        return _door(request, to=to, name=name, error=error)
    sign_out(runtime.work(), runtime.clock, secret_of(request))
    return welcome(request, entered, to)


@router.post("/sign-out")
def leave(request: Request) -> Response:
    """End this session."""
    runtime = runtime_of(request)
    sign_out(runtime.work(), runtime.clock, secret_of(request))
    return farewell(request)


def _door(request: Request, *, to: str, name: str = "", error: CadreError | None = None) -> Response:
    is_over = error is None and bool(secret_of(request))
    html = render(request, "sign_in.html", to=local_path(to), name=name, error=error, is_over=is_over)
    headers = {"Retry-After": str(error.wait_seconds)} if isinstance(error, TooManyTriesError) else {}
    return HTMLResponse(html, status_code=error.status if error else 200, headers=headers)
