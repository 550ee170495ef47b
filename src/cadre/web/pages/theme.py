"""Light, dark, or as the system says: kept in a cookie, so that it works without script."""

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, Request, Response
from starlette.responses import RedirectResponse

from cadre.errors import UsageError
from cadre.web.pages.page import Page
from cadre.web.view import THEMES

router = APIRouter()
PAGE = Page("theme", "How should pages look?", router, is_open=True)
_KEPT_SECONDS = 365 * 24 * 3600


@router.post("/theme")
def choose(request: Request, theme: Annotated[str, Form()]) -> Response:
    """Keep the theme and go back to the page it was chosen on."""
    if theme not in THEMES:
        raise UsageError(f"unknown theme {theme!r}", hint=f"Use one of {', '.join(THEMES)}.")
    came = urlsplit(request.headers.get("referer", "/"))
    back = (came.path or "/") + (f"?{came.query}" if came.query else "")
    answer = RedirectResponse("/" + back.lstrip("/"), status_code=303)
    answer.set_cookie("theme", theme, max_age=_KEPT_SECONDS, samesite="strict", httponly=True)
    return answer
