"""Spans of governed calls, one line of OTLP JSON each, as the source `otel` and any collector read them.

Keeps true: no argument, result or word of a person is in a span; a call that did not run is a span with an error, and names
the decision that its later run will name too.

References:
    OpenTelemetry semantic conventions for generative AI, version 1.37 (`execute_tool` spans); OTLP 1.7, JSON encoding;
    W3C Trace Context (`traceparent`).
"""

import json
import re
import secrets
import threading
from datetime import datetime
from pathlib import Path
from typing import Any

from cadre import __version__
from cadre.governance.action import Outcome
from cadre.governance.outcome import Told
from cadre.services.agents.decide import Answer, Caller

CONVENTIONS = "https://opentelemetry.io/schemas/1.37.0"
SERVICE = "cadre-mcp-gateway"
_PARENT = re.compile(r"^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}$")
_INTERNAL, _ERROR = 1, 2


class Spans:
    """Appends spans to a file.

    Args:
        path: The file; made where it is missing.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()

    def add(self, caller: Caller, tool: str, answer: Answer, told: Told | None, *, begun: datetime, ended: datetime,
            traceparent: str = "") -> None:  # fmt: skip
        """Append the span of one call.

        Args:
            caller: Who made it.
            tool: Name.
            answer: What the gate said.
            told: What became of it; None where it did not run.
            begun: When it was asked for.
            ended: When it was answered.
            traceparent: Of the span around it; empty where there is none.

        Raises:
            OSError: The file cannot be written.
        """
        line = json.dumps(_line(caller, tool, answer, told, begun, ended, traceparent), separators=(",", ":")) + "\n"
        with self._lock, self._path.open("a", encoding="utf-8") as file:
            file.write(line)


def _line(caller: Caller, tool: str, answer: Answer, told: Told | None, begun: datetime, ended: datetime,
          traceparent: str) -> dict[str, Any]:  # fmt: skip
    problem = _problem(answer, told)
    around = _PARENT.match(traceparent)
    span: dict[str, Any] = {
        "traceId": around.group(1) if around else secrets.token_hex(16),
        "spanId": secrets.token_hex(8),
        "name": f"execute_tool {tool}",
        "kind": _INTERNAL,
        "startTimeUnixNano": str(_nanoseconds(begun)),
        "endTimeUnixNano": str(_nanoseconds(ended)),
        "attributes": _attributes({
            "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": tool, "gen_ai.tool.type": "extension",
            "gen_ai.agent.id": caller.agent, "gen_ai.agent.name": caller.agent,
            "gen_ai.conversation.id": caller.task, "error.type": problem, "cadre.decision_id": answer.decision_id,
            "cadre.client_id": caller.client, "cadre.outcome": answer.outcome.value, "cadre.tier": answer.tier.text,
        }),
        "status": {"code": _ERROR} if problem else {},
    }  # fmt: skip
    if around:
        span["parentSpanId"] = around.group(2)
    resource = _attributes({"service.name": SERVICE, "service.version": __version__})
    scope = {"scope": {"name": "cadre.mcp", "version": __version__}, "spans": [span], "schemaUrl": CONVENTIONS}
    return {"resourceSpans": [{"resource": {"attributes": resource}, "scopeSpans": [scope], "schemaUrl": CONVENTIONS}]}


def _problem(answer: Answer, told: Told | None) -> str:
    """Low-cardinality kind of what went wrong; empty where nothing did."""
    if told is None:
        return {Outcome.DENY: "refused", Outcome.APPROVE: "asked", Outcome.ALLOW: "refused"}[answer.outcome]
    return {Told.FAILED: "tool_error", Told.ATTEMPTED: "unknown"}.get(told, "")


def _attributes(told: dict[str, str]) -> list[dict[str, Any]]:
    return [{"key": key, "value": {"stringValue": value}} for key, value in told.items() if value]


def _nanoseconds(at: datetime) -> int:
    return int(at.timestamp()) * 1_000_000_000 + at.microsecond * 1_000
