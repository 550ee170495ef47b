"""The routes that agents use: who asks comes from an agent's token, and every answer, errors included, is JSON.

Keeps true: a token of a person opens nothing here and an agent's opens nothing elsewhere; whatever breaks inside is told by
its kind alone, since its text may hold content.
"""

import base64
import binascii
import json
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from msgspec.json import Encoder
from starlette.exceptions import HTTPException
from starlette.routing import Match
from starlette.types import Scope

from cadre.access.secret import PREFIX
from cadre.errors import CadreError, UnauthenticatedError
from cadre.services.machines.sign_in import Agent
from cadre.web import quick_shape
from cadre.web.shape import verdict
from cadre.web.view import runtime_of

ENCODE = Encoder().encode
_SIGN_IN = {"WWW-Authenticate": 'Bearer realm="cadre-gate"'}
_Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class AgentRoute(APIRoute):
    """A route whose errors are JSON."""

    def get_route_handler(self) -> _Handler:
        """The handler, with errors as answers."""
        handle = super().get_route_handler()

        async def answering(request: Request) -> Response:
            try:
                return await handle(request)
            except Exception as error:  # noqa: BLE001 (a program reads JSON, whatever went wrong)
                return refusal(error)

        return answering


class EvaluationRoute(AgentRoute):
    """The route of evaluations: what `quick_shape` takes needs neither dependencies nor types; all else goes through both."""

    def get_route_handler(self) -> _Handler:
        """The handler, with a quick way before it."""
        handle = super().get_route_handler()

        async def answering(request: Request) -> Response:
            try:
                agent = await agent_behind(request)
                told = quick_shape.read(await request.body(), agent.key)
            except (CadreError, ValueError):
                told = None
            if told is None:
                return await handle(request)
            state = request.app.state
            answer = await state.waiting.settled(*state.runtime.governor.submit(*told))
            return Response(ENCODE(verdict(answer)), media_type="application/json")

        return answering


class SharedRoute(AgentRoute):
    """A route that stands only where a request carries an agent's token; else the page of the same path answers."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether it is for an agent."""
        proof = next((value for name, value in scope.get("headers", ()) if name == b"authorization"), b"")
        if proof[:7].lower() != b"bearer " or proof[7:].strip().startswith(PREFIX.encode()):
            return Match.NONE, {}
        return super().matches(scope)


def refusal(error: Exception) -> Response:
    """An error as JSON: what, and what to do next."""
    headers: dict[str, str] = {}
    if isinstance(error, RequestValidationError):
        first = error.errors()[0]
        told, hint, status = (
            f"{_place(first['loc'])}: {first['msg']}",
            "The description lies at /agents/openapi.json.",
            422,
        )
    elif isinstance(error, HTTPException):
        told, hint, status = str(error.detail), "The description lies at /agents/openapi.json.", error.status_code
        headers = dict(error.headers or {})
    elif isinstance(error, CadreError):
        told, hint, status = error.message, error.hint, error.status
        headers = _SIGN_IN if isinstance(error, UnauthenticatedError) else {}
    else:
        told, status = f"this failed inside Cadre ({type(error).__name__}), so nothing was decided", 500
        hint = "Run `cadre doctor` and report it."
    body = json.dumps({"error": told, "hint": hint})
    return Response(body, status_code=status, media_type="application/json", headers=headers)


async def agent_behind(request: Request) -> Agent:
    """The agent that asks.

    Raises:
        UnauthenticatedError: No token of an agent was shown, or it does not hold.
    """
    return runtime_of(request).door.agent(_proof(request.headers.get("authorization", ""), "bearer"))


def secret_shown(request: Request) -> str:
    """The secret with which an agent asks for a token: the password of HTTP Basic, whatever the user name.

    Raises:
        UnauthenticatedError: None was shown.
    """
    try:
        told = base64.b64decode(_proof(request.headers.get("authorization", ""), "basic"), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        told = ""
    secret = told.partition(":")[2]
    if not secret:
        raise UnauthenticatedError("no secret was shown", hint="Send the agent's secret as the password of HTTP Basic.")
    return secret


def _proof(header: str, wanted: str) -> str:
    scheme, _, proof = header.partition(" ")
    if scheme.casefold() != wanted or not proof.strip():
        raise UnauthenticatedError("no proof of an agent was shown", hint=f"Send Authorization: {wanted.title()} ...")
    return proof.strip()


def _place(where: tuple[int | str, ...]) -> str:
    return ".".join(map(str, where)) or "body"
