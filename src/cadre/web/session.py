"""Who is asking, request by request: pages take their principal from here and nowhere else.

Keeps true: a page is closed unless it says that it is open; a secret travels in a cookie that scripts cannot read, or
in the `Authorization` header; where nobody has an account yet, whoever sits at the machine is the owner.
"""

import json
from urllib.parse import quote, urlsplit

from fastapi import Request, Response
from starlette.responses import RedirectResponse

from cadre.access.limit import ABSOLUTE
from cadre.access.principal import Principal
from cadre.access.secret import hashed
from cadre.errors import CadreError, ForbiddenError, UnauthenticatedError
from cadre.services.accounts.sign_in import SignedIn, has_accounts, in_session, with_token
from cadre.web.guard import SAFE
from cadre.web.view import runtime_of

SIGN_IN = "/sign-in"
_BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrom", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Macintosh", "macOS"),
    ("Linux", "Linux"),
)  # fmt: skip


def principal_of(request: Request) -> Principal:
    """On whose behalf a request is answered.

    Raises:
        UnauthenticatedError: Nobody is signed in, which only an open page can meet.
    """
    asking = signed_in(request)
    if asking is None:
        raise UnauthenticatedError("nobody is signed in", hint="Sign in.")
    return asking


def signed_in(request: Request) -> Principal | None:
    """Who was found to ask; None where nobody was, or nobody looked."""
    asking = getattr(request.state, "principal", None)
    assert asking is None or isinstance(asking, Principal)
    return asking


def require_sign_in(request: Request) -> None:
    """Find who asks before a closed page answers.

    Raises:
        UnauthenticatedError: Nobody does, or what was shown as proof does not hold.
    """
    request.state.principal = _asking(request)
    principal_of(request)


def notice_sign_in(request: Request) -> None:
    """Find who asks, if anybody, for a page that is open to all."""
    try:
        request.state.principal = _asking(request)
    except UnauthenticatedError:
        request.state.principal = None


def cookie_of(request: Request) -> str:
    """Name of the cookie: the workspace's own, since browsers give cookies to every port of a machine alike."""
    return f"cadre_session_{hashed(str(runtime_of(request).root))[:8]}"


def secret_of(request: Request) -> str:
    """The secret of a session, from its cookie; empty where there is none."""
    return request.cookies.get(cookie_of(request), "")


def address_of(request: Request) -> str:
    """Network address a request comes from."""
    return request.client.host if request.client else ""


def browser_of(request: Request) -> str:
    """What a browser calls itself, in two words, so that people can tell their sessions apart."""
    told = request.headers.get("user-agent", "")
    browser = next((word for sign, word in _BROWSERS if sign in told), told.partition("/")[0][:40] or "Unknown")
    system = next((word for sign, word in _SYSTEMS if sign in told), "")
    return f"{browser} on {system}" if system else browser


def local_path(told: str) -> str:
    """A path of these pages; the first page for anything that leads elsewhere, or in a circle."""
    parts = urlsplit(told)
    is_ours = told.startswith("/") and not told.startswith(("//", "/\\")) and not parts.scheme and not parts.netloc
    if not is_ours or parts.path in (SIGN_IN, "/sign-out") or any(ord(c) < 32 or c == "\\" for c in told):
        return "/"
    return told


def welcome(request: Request, entered: SignedIn, to: str = "/") -> Response:
    """Go on with a new session."""
    answer = RedirectResponse(local_path(to), status_code=303)
    answer.set_cookie(
        cookie_of(request),
        entered.secret,
        max_age=int(ABSOLUTE.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )
    return answer


def farewell(request: Request) -> Response:
    """Go to the door without a session."""
    answer = RedirectResponse(SIGN_IN, status_code=303)
    answer.delete_cookie(cookie_of(request), httponly=True, samesite="lax")
    return answer


def ask_to_sign_in(request: Request, error: CadreError) -> Response:
    """A program is told so; a person is led to the door and, where they only looked, back afterwards."""
    if "authorization" in request.headers or request.query_params.get("format") == "json":
        body = json.dumps({"error": error.message, "hint": error.hint})
        headers = {"WWW-Authenticate": "Bearer"}
        return Response(body, media_type="application/json", status_code=error.status, headers=headers)
    came = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    if request.headers.get("hx-request"):
        came = urlsplit(request.headers.get("hx-current-url", "")).path or "/"
    to = SIGN_IN
    if request.method == "GET" and local_path(came) != "/":
        to += f"?next={quote(came, safe='/')}"
    if request.headers.get("hx-request"):
        return Response(status_code=error.status, headers={"HX-Redirect": to})
    return RedirectResponse(to, status_code=303)


def _asking(request: Request) -> Principal | None:
    runtime = runtime_of(request)
    proof = request.headers.get("authorization")
    if proof is not None:
        scheme, _, token = proof.partition(" ")
        if scheme.casefold() != "bearer":
            raise UnauthenticatedError("this way of signing in is not known", hint="Send Authorization: Bearer TOKEN.")
        bearer = with_token(runtime.work(), runtime.clock, token.strip())
        if request.method not in SAFE:
            raise ForbiddenError(
                "a token reads over the web, it changes nothing",
                hint="Sign in and do it on the page, or use a command.",
            )
        return bearer
    secret = secret_of(request)
    asking = in_session(runtime.work(), runtime.clock, secret) if secret else None
    if asking is None and not has_accounts(runtime.work()):
        return runtime.principal
    return asking
