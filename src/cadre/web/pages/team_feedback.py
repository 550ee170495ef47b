"""Team feedback: the four questions a link asks about one's lead, once, without a name and without signing in."""

from fastapi import APIRouter, Request, Response
from starlette.responses import HTMLResponse

from cadre.errors import CadreError, UsageError
from cadre.reports.lead_outcome import instrument
from cadre.services.lead_outcome import answer_team, team_token
from cadre.web.pages.outcome import UNSEEN, steps_of
from cadre.web.pages.page import Page
from cadre.web.view import render, runtime_of

router = APIRouter()
PAGE = Page("team_feedback", "What do I see my lead do?", router, is_open=True)


@router.get("/team-feedback/{secret}")
def show(request: Request, secret: str) -> Response:
    """The questions."""
    return _asked(request, secret)


@router.post("/team-feedback/{secret}")
async def answer(request: Request, secret: str) -> Response:
    """Take the answers."""
    given = {name: str(value) for name, value in (await request.form()).items()}
    try:
        answer_team(runtime_of(request).work(), secret=secret, steps=steps_of(given))
    except UsageError as error:
        return _asked(request, secret, error)
    return HTMLResponse(render(request, "team_feedback.html", is_done=True, error=None, q=instrument(), unseen=UNSEEN))


def _asked(request: Request, secret: str, error: CadreError | None = None) -> Response:
    team_token(runtime_of(request).work(), secret=secret)
    html = render(request, "team_feedback.html", is_done=False, error=error, q=instrument(), unseen=UNSEEN)
    return HTMLResponse(html, status_code=error.status if error else 200)
