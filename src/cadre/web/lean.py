"""The evaluation once more, without the framework: the same service and the same answers, at a fraction of the cost.

Keeps true: it takes what the documented route takes and answers what that answers; anything but an evaluation goes on to
the application behind it.
"""

from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.types import ASGIApp, Receive, Scope, Send

from cadre.errors import UnauthenticatedError, UsageError
from cadre.web.agent_route import ENCODE, refusal
from cadre.web.guard import HEADERS, foreign_host
from cadre.web.shape import Evaluation, verdict

LEAN = "/lean/v1/evaluation"
MOST_BYTES = 4_000_000
_HEADERS = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
_HEADERS += [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
_start = {"type": "http.response.start", "status": 200}


class Lean:
    """Answers evaluations; hands everything else on.

    Args:
        app: What stands behind it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer an evaluation, or hand on."""
        if scope["type"] != "http" or scope["path"] != LEAN or scope["method"] != "POST":
            await self.app(scope, receive, send)
            return
        try:
            body = await self._answer(scope, receive)
        except Exception as error:  # noqa: BLE001 (a program reads JSON, whatever went wrong)
            told = refusal(RequestValidationError(error.errors()) if isinstance(error, ValidationError) else error)
            await told(scope, receive, send)
            return
        headers = [*_HEADERS, (b"content-length", str(len(body)).encode())]
        await send({**_start, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    @staticmethod
    async def _answer(scope: Scope, receive: Receive) -> bytes:
        proof, host = "", ""
        for name, value in scope["headers"]:
            if name == b"authorization":
                proof = value.decode("latin-1")
            elif name == b"host":
                host = value.decode("latin-1")
        if why := foreign_host(host):
            raise UsageError(why, hint="Ask at 127.0.0.1.")
        if proof[:7].lower() != "bearer ":
            raise UnauthenticatedError("no proof of an agent was shown", hint="Send Authorization: Bearer ...")
        app: FastAPI = scope["app"]
        agent = app.state.runtime.door.agent(proof[7:].strip())
        caller, action = Evaluation.model_validate_json(await _read(receive)).asked(agent)
        answer = await app.state.waiting.settled(*app.state.runtime.governor.submit(caller, action))
        return ENCODE(verdict(answer))


async def _read(receive: Receive) -> bytes:
    parts: list[bytes] = []
    size = 0
    while True:
        message: Any = await receive()
        if message["type"] != "http.request":
            raise UsageError("the request was broken off", hint="Send it again.")
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > MOST_BYTES:
            raise UsageError(f"a request has at most {MOST_BYTES:,} bytes", hint="Send less history.")
        if not message.get("more_body"):
            return b"".join(parts)
