"""The gate of a Cadre that runs elsewhere, over HTTP, as the agent of a secret.

Keeps true: whatever is not a plain answer refuses; tokens are fetched anew before they end or when one is not taken.
"""

import threading
import time as clockwork
from datetime import datetime
from typing import Any

import httpx2

from cadre.errors import CadreError, ForbiddenError, NotFoundError
from cadre.governance.action import Action, Outcome, Tier
from cadre.governance.outcome import Told
from cadre.mcp.gate import NoGateError, Stands
from cadre.services.agents.decide import Answer, Caller

TIMEOUT_SECONDS = 20.0
_EARLY_SECONDS = 60.0


class RemoteGate:
    """Asks a running Cadre.

    Args:
        url: Where it is, such as `http://127.0.0.1:8765`.
        secret: The agent's, from `cadre machine secret`.
        http: Another client than one of its own.
    """

    def __init__(self, url: str, secret: str, http: httpx2.Client | None = None) -> None:
        self._http = http or httpx2.Client(base_url=url, timeout=TIMEOUT_SECONDS)
        self._secret = secret
        self._token, self._ends = "", 0.0
        self._lock = threading.Lock()

    def decide(self, caller: Caller, action: Action) -> Answer:
        """Decide; what cannot be asked refuses."""
        try:
            return _answer(self._sent("POST", "/access/v1/evaluation", _evaluation(caller, action)))
        except CadreError as error:
            return Answer(
                "", Outcome.DENY, Tier.FORBIDDEN, (f"Refused, because the gate did not decide: {error.message}.",)
            )

    def stands(self, agent: str, decision_id: str) -> Stands:
        """How a decision stands."""
        del agent  # the token's own
        told = self._sent("GET", f"/decisions/{decision_id}")
        return Stands(str(told.get("approval", "")), tuple(map(str, told.get("answered_by", ()))))

    def is_free(self, caller: Caller, action: Action) -> bool:
        """No: asking would put a second question on record."""
        del caller, action
        return False

    def use(self, caller: Caller, action: Action, decision_id: str) -> Answer:
        """Use its approval up.

        Raises:
            ForbiddenError: The gate says no.
        """
        answer = _answer(self._sent("POST", f"/decisions/{decision_id}/use", _evaluation(caller, action)))
        if answer.outcome is not Outcome.ALLOW:
            raise ForbiddenError("the gate does not let it run", hint="Ask again.")
        return answer

    def outcome(self, agent: str, decision_id: str, told: Told) -> None:
        """Tell what became of it."""
        del agent
        self._sent("POST", f"/decisions/{decision_id}/outcome", {"told": told.value})

    def check(self) -> None:
        """Sign in, so that a wrong secret is told at once.

        Raises:
            CadreError: The gate cannot be reached or does not take the secret.
        """
        with self._lock:
            self._sign_in()

    def _sent(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        for last in (False, True):
            with self._lock:
                if clockwork.monotonic() >= self._ends:
                    self._sign_in()
                token = self._token
            response = self._asked(method, path, body, {"Authorization": f"Bearer {token}"})
            if response.status_code != httpx2.codes.UNAUTHORIZED or last:
                return _told(response)
            with self._lock:
                self._ends = 0.0
        raise NoGateError("the gate takes no token", hint="Make a new secret with `cadre machine secret NAME`.")

    def _sign_in(self) -> None:
        told = _told(self._asked("POST", "/agents/token", None, {}, auth=("agent", self._secret)))
        self._token = str(told["access_token"])
        self._ends = clockwork.monotonic() + max(0.0, float(told["expires_in"]) - _EARLY_SECONDS)

    def _asked(self, method: str, path: str, body: dict[str, Any] | None, headers: dict[str, str],
               auth: tuple[str, str] | None = None) -> httpx2.Response:  # fmt: skip
        try:
            return self._http.request(method, path, json=body, headers=headers, auth=auth)
        except (httpx2.HTTPError, httpx2.InvalidURL, TypeError, ValueError) as error:
            raise NoGateError(f"the gate cannot be asked ({type(error).__name__})",
                              hint="Start it with `cadre serve`, and give its address with --cadre.") from error  # fmt: skip


def _told(response: httpx2.Response) -> dict[str, Any]:
    try:
        told = response.json()
    except ValueError:
        told = {}
    if response.is_success and isinstance(told, dict):
        return told
    said = told if isinstance(told, dict) else {}
    if response.status_code == httpx2.codes.NOT_FOUND:
        raise NotFoundError("the gate knows no such decision", hint="Ask again.")
    raise NoGateError(
        str(said.get("error") or f"the gate answered {response.status_code}"), hint=str(said.get("hint", ""))
    )


def _answer(told: dict[str, Any]) -> Answer:
    try:
        why = told["context"]
        until = why.get("expires_at")
        outcome = Outcome(why["outcome"])
        if outcome is Outcome.ALLOW and told["decision"] is not True:
            outcome = Outcome.DENY  # of two answers the stricter holds
        return Answer(why["decision_id"], outcome, Tier.named(why["tier"]), tuple(why["reasons"]),
                      tuple(why.get("opens", ())), why.get("approval_id", ""),
                      datetime.fromisoformat(until) if until else None)  # fmt: skip
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise NoGateError("the gate's answer cannot be read", hint="Use the same version on both sides.") from error


def _evaluation(caller: Caller, action: Action) -> dict[str, Any]:
    """The call as the gate's HTTP routes take it (AuthZEN access evaluation)."""
    tool = action.tool
    around: dict[str, Any] = {
        "user_request": action.user_request, "task": caller.task, "on_behalf_of": caller.on_behalf_of,
        "history": [{"tool": step.tool, "arguments": step.arguments, "output": step.output} for step in action.history],
    }  # fmt: skip
    if caller.cost_cents is not None:
        around["cost_cents"] = caller.cost_cents
    if caller.confidence is not None:
        around["confidence"] = caller.confidence
    return {
        "subject": {"type": "agent", "id": caller.agent},
        "action": {"name": tool.name, "properties": {
            "arguments": action.arguments, "description": tool.description, "input_schema": tool.schema,
            "annotations": tool.hints,
        }},
        "resource": {"type": "client" if caller.client else "firm", "id": caller.client,
                     "properties": {"revision": caller.target_revision}},
        "context": around,
    }  # fmt: skip
