"""The application put together: pages and who may open them, static files, guards, and errors as pages."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from importlib.resources import files
from typing import Any

from fastapi import Depends, FastAPI, Request, Response
from fastapi.staticfiles import StaticFiles
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from cadre.errors import CadreError, NotFoundError, UnauthenticatedError
from cadre.runtime import Runtime
from cadre.services.agents.approve import lapse_approvals
from cadre.web import agent_api
from cadre.web.agent_route import refusal
from cadre.web.guard import Guard, is_without_cookies
from cadre.web.lean import Lean
from cadre.web.pages import NAV, PAGES
from cadre.web.session import ask_to_sign_in, notice_sign_in, require_sign_in
from cadre.web.view import failure
from cadre.web.waiting import Waiting

_MINUTE = 60


def create_app(runtime: Runtime, papers: Mapping[str, Callable[[Any], bytes]] | None = None) -> FastAPI:
    """The pages of one workspace.

    Args:
        runtime: The workspace with its parts.
        papers: Page -> what makes a PDF of its report; documents stand beside pages, so that who starts both gives them.
    """
    app = FastAPI(title="Cadre", docs_url=None, redoc_url=None, openapi_url=None, lifespan=_lifespan)
    app.state.runtime = runtime
    app.state.waiting = Waiting()
    app.state.papers = dict(papers or {})
    app.state.nav = NAV
    app.add_middleware(Guard)
    app.add_middleware(Lean)  # added last, so it stands first
    app.include_router(agent_api.evaluations)  # first, so that it is found first
    app.mount("/static", StaticFiles(directory=str(files("cadre.web") / "static")), name="static")
    app.include_router(agent_api.router)
    app.include_router(agent_api.shared)
    for page in PAGES:
        asked = notice_sign_in if page.is_open else require_sign_in
        app.include_router(page.router, dependencies=[Depends(asked)])
    app.add_exception_handler(CadreError, _refused)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _broken)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    minding = asyncio.create_task(_mind(app.state.runtime))
    yield
    minding.cancel()
    app.state.runtime.close()


async def _mind(runtime: Runtime) -> None:
    """Note what nobody answered in time, once a minute, so that it stays refused whatever the clock says later."""
    while True:
        with suppress(CadreError, SQLAlchemyError):  # a full disk is told to whoever asks; the next minute tries again
            await run_in_threadpool(lapse_approvals, runtime.work(), runtime.clock)
        await asyncio.sleep(_MINUTE)


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, CadreError)
    if isinstance(error, UnauthenticatedError):
        return ask_to_sign_in(request, error)
    return failure(request, error)


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if is_without_cookies(request.url.path):
        return refusal(error)
    notice_sign_in(request)
    if error.status_code == 404:
        return failure(request, NotFoundError("there is no such page", hint="Start from This week."))
    told = CadreError(str(error.detail), hint="Go back and try again.")
    told.status = error.status_code
    shown = failure(request, told)
    shown.headers.update(error.headers or {})
    return shown


def _broken(request: Request, error: Exception) -> Response:
    """A fault of ours: its kind is shown, its text is not, since it may hold content."""
    told = CadreError(
        f"this page failed inside Cadre ({type(error).__name__})", hint="Run `cadre doctor` and report it."
    )
    return failure(request, told)
