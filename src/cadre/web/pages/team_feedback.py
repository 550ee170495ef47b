"""Team feedback: the four questions a link asks about one's lead, once, without a name and without signing in."""

from fastapi import APIRouter, Request, Response
from starlette.responses import HTMLResponse

from cadre.errors import CadreError, UsageError
from cadre.reports.seats.lead_outcome import asked_about, instrument
from cadre.services.people.lead_outcome import answer_team, team_token
from cadre.web.pages.outcome import UNSEEN, steps_of
from cadre.web.pages.page import Page
from cadre.web.view import render, runtime_of

router = APIRouter()
PAGE = Page("team_feedback", "What do I see my lead do?", router, is_open=True)


@router.get("/team-feedback/{secret}")
def show(request: Request, secret: str) -> Response:
    """The questions."""
    _as_nobody(request)
    return _asked(request, secret)


@router.post("/team-feedback/{secret}")
async def answer(request: Request, secret: str) -> Response:
    """Take the answers."""
    _as_nobody(request)
    given = {name: str(value) for name, value in (await request.form()).items()}
    try:
        answer_team(runtime_of(request).work(), secret=secret, steps=steps_of(given))
    except UsageError as error:
        return _asked(request, secret, error)
    return HTMLResponse(_page(request, is_done=True))


def _as_nobody(request: Request) -> None:
    """Forget who is signed in in this browser, so that no name stands over answers that carry none."""
    request.state.principal = None


def _asked(request: Request, secret: str, error: CadreError | None = None) -> Response:
    runtime = runtime_of(request)
    about = asked_about(runtime.sessions, team_token(runtime.work(), secret=secret))
    return HTMLResponse(_page(request, error=error, about=about), status_code=error.status if error else 200)


def _page(
    request: Request, *, is_done: bool = False, error: CadreError | None = None, about: tuple[str, int] | None = None
) -> str:
    return render(
        request, "team_feedback.html", is_done=is_done, error=error, about=about, q=instrument(), unseen=UNSEEN
    )
