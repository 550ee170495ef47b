"""A client of the gate for agents written in Python: ask before acting, wait for a yes, say what became of it.

Keeps true: what cannot be asked is not done; an approval is used just before the act, with the very same call; the secret is
sent to one address and to nobody else. It imports the standard library alone, so that it can be copied beside an agent.

    client = Client("http://127.0.0.1:8765", agent="cadre/mailer", secret=secret, client="acme")

    @governed(client, tool="send_mail", description="Send an e-mail")
    def send_mail(to: str, text: str) -> None: ...
"""

import base64
import functools
import http.client
import inspect
import json
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, ParamSpec, TypeVar
from urllib.parse import quote, urlsplit

P = ParamSpec("P")
R = TypeVar("R")
_EARLY_SECONDS = 30


class GateError(Exception):
    """The gate could not be asked, so nothing may be done.

    Args:
        message: What went wrong.
        status: Of HTTP; 0 where nobody answered.
    """

    def __init__(self, message: str, status: int = 0) -> None:
        super().__init__(message)
        self.status = status


class RefusedError(GateError):
    """The gate says no; the message says why."""


class WaitingError(RefusedError):
    """Somebody has to say yes first; asking again later may find that they did.

    Args:
        told: The answer.
    """

    def __init__(self, told: "Told") -> None:
        super().__init__("; ".join(told.reasons), 200)
        self.told = told


@dataclass(frozen=True)
class Told:
    """What the gate answered.

    Attributes:
        is_allowed: Whether it may be done now.
        outcome: `allow`, `approve` or `deny`.
        tier: Who has a say.
        reasons: Sentences a person can read.
        decision_id: By which the record of it is found.
        approval_id: Of the approval that is waited for; empty where none is.
    """

    is_allowed: bool
    outcome: str
    tier: str
    reasons: tuple[str, ...]
    decision_id: str
    approval_id: str


@dataclass
class Client:
    """The gate at one address, on behalf of one agent at one client; of one thread, as its connection is.

    Attributes:
        address: Such as `http://127.0.0.1:8765`.
        agent: The agent's key in the register.
        secret: What it shows to get tokens.
        client: Key of the client in whose environment it acts; empty for the firm itself.
        context: What holds for the whole task: `user_request`, `history`, `task`, `on_behalf_of`.
        patience_seconds: How long a call waits for a yes; 0 raises at once where somebody has to be asked.
        look_seconds: How often it looks while it waits.
    """

    address: str
    agent: str
    secret: str = field(repr=False)
    client: str = ""
    context: dict[str, Any] = field(default_factory=dict)
    patience_seconds: float = 0
    look_seconds: float = 2
    _token: str = field(default="", repr=False)
    _token_ends: float = field(default=0, repr=False)

    def may(self, tool: str, arguments: Mapping[str, Any], *, description: str = "", revision: str = "",
            input_schema: Mapping[str, Any] | None = None) -> tuple[Told, dict[str, Any]]:  # fmt: skip
        """Ask whether a call may be made.

        Returns:
            The answer, and the question as it was sent, for `use`.

        Raises:
            GateError: It could not be asked.
        """
        call = {"arguments": dict(arguments), "description": description, "input_schema": dict(input_schema or {})}
        where = {"type": "client" if self.client else "firm", "id": self.client, "properties": {"revision": revision}}
        body = {"subject": {"type": "agent", "id": self.agent}, "action": {"name": tool, "properties": call},
                "resource": where, "context": self.context}  # fmt: skip
        return _told(self._sent("POST", "/access/v1/evaluation", body)), body

    def stands(self, decision_id: str) -> dict[str, Any]:
        """How a decision stands: `approval`, `may_run`, who answered.

        Raises:
            GateError: It could not be asked, or is none of this agent's.
        """
        return self._sent("GET", f"/access/v1/decisions/{quote(decision_id, safe='')}")

    def use(self, decision_id: str, body: Mapping[str, Any]) -> Told:
        """Use an approval up, just before the act.

        Raises:
            GateError: It is not approved, was used, or something changed.
        """
        return _told(self._sent("POST", f"/decisions/{quote(decision_id, safe='')}/use", body))

    def tell(self, decision_id: str, told: str, *, detail: str = "", undo_offered: bool = False) -> None:
        """Say what became of an act: `done`, `failed`, `undone`.

        Raises:
            GateError: It could not be told.
        """
        word = {"told": told, "detail": detail[:20_000], "undo_offered": undo_offered}
        self._sent("POST", f"/decisions/{quote(decision_id, safe='')}/outcome", word)

    def opened(self, tool: str, arguments: Mapping[str, Any], **more: Any) -> str:
        """Ask, wait for a yes as long as patience lasts, and use it up; gives the id of the decision.

        Raises:
            RefusedError: The answer is no; `WaitingError` where nobody said yes yet.
            GateError: It could not be asked.
        """
        told, body = self.may(tool, arguments, **more)
        if told.outcome == "approve":
            self._wait(told)
            self.use(told.decision_id, body)
        elif not told.is_allowed:
            raise RefusedError("; ".join(told.reasons), 200)
        return told.decision_id

    def _wait(self, told: Told) -> None:
        until = time.monotonic() + self.patience_seconds
        while True:
            state = self.stands(told.decision_id)["approval"]
            if state == "approved":
                return
            if state != "pending":
                raise RefusedError(f"the approval is {state}", 200)
            if time.monotonic() >= until:
                raise WaitingError(told)
            time.sleep(min(self.look_seconds, max(0.0, until - time.monotonic())))

    def _sent(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        if time.monotonic() >= self._token_ends:
            self._renew()
        try:
            return self._asked(method, path, f"Bearer {self._token}", body)
        except GateError as error:
            if error.status != 401:
                raise
        self._renew()
        return self._asked(method, path, f"Bearer {self._token}", body)

    def _renew(self) -> None:
        proof = base64.b64encode(f":{self.secret}".encode()).decode()
        told = self._asked("POST", "/agents/token", f"Basic {proof}", None)
        self._token = told["access_token"]
        self._token_ends = time.monotonic() + told["expires_in"] - _EARLY_SECONDS

    def _asked(self, method: str, path: str, proof: str, body: Mapping[str, Any] | None) -> dict[str, Any]:
        parts = urlsplit(self.address)
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        connection = kind(parts.netloc, timeout=30)
        try:
            sent = None if body is None else json.dumps(body)
            connection.request(method, path, sent, {"Authorization": proof, "Content-Type": "application/json"})
            answer = connection.getresponse()
            told = json.loads(answer.read() or b"{}")
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise GateError(f"the gate did not answer ({type(error).__name__}), so nothing may be done") from error
        finally:
            connection.close()
        if answer.status >= 400:
            raise GateError(str(told.get("error", "the gate refused the question")), answer.status)
        assert isinstance(told, dict)
        return told


def governed(
    client: Client, *, tool: str = "", description: str = "", undo_offered: bool = False
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let a function run only once the gate said yes to exactly this call, and tell the gate what became of it.

    Args:
        client: The gate.
        tool: Name of the tool; the function's own unless given.
        description: What it does; its docstring unless given.
        undo_offered: Whether one step takes it back.
    """

    def around(act: Callable[P, R]) -> Callable[P, R]:
        signature = inspect.signature(act)

        @functools.wraps(act)
        def asking(*given: P.args, **named: P.kwargs) -> R:
            bound = signature.bind(*given, **named)
            bound.apply_defaults()
            words = description or inspect.getdoc(act) or ""
            decision = client.opened(tool or act.__name__, bound.arguments, description=words)
            try:
                done = act(*given, **named)
            except BaseException:
                with suppress(GateError):  # the fault of the act says more than that it could not be told
                    client.tell(decision, "failed")
                raise
            client.tell(decision, "done", undo_offered=undo_offered)
            return done

        return asking

    return around


def _told(answer: Mapping[str, Any]) -> Told:
    why = answer["context"]
    return Told(answer["decision"] is True, why["outcome"], why["tier"], tuple(why["reasons"]), why["decision_id"],
                why["approval_id"])  # fmt: skip
