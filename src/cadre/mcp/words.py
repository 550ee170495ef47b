"""Tools, results and answers between the protocol's types and the gate's.

Keeps true: what did not run is an error result that says so first, with the same as data beside it; a result that ran
passes unchanged but for the decision's id in `_meta`.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import mcp_types as types

from cadre.governance.action import Outcome, Tool
from cadre.mcp.task import OUTPUT_CHARACTERS
from cadre.services.agents.decide import Answer

DECISION = "cadre/decision_id"
_SEEN = ("name", "title", "description", "inputSchema", "outputSchema", "annotations")


def seen(tool: types.Tool) -> dict[str, Any]:
    """All that a server says of a tool and an agent may read."""
    told = tool.model_dump(mode="json", by_alias=True, exclude_none=True)
    return {key: told[key] for key in _SEEN if key in told}


def seen_digest(told: Mapping[str, Any]) -> str:
    """SHA-256 of what a server says of a tool."""
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def tool_of(told: Mapping[str, Any]) -> Tool:
    """A tool as the gate reads it."""
    return Tool(told["name"], told.get("description", ""), told.get("inputSchema", {}), told.get("annotations", {}))


def output_of(result: types.CallToolResult) -> tuple[Any, bool]:
    """What a call gave back, and whether it failed. Both forms are kept where they say different things."""
    texts = [part.text for part in result.content if isinstance(part, types.TextContent)]
    texts += [part.resource.text for part in result.content
              if isinstance(part, types.EmbeddedResource) and isinstance(part.resource, types.TextResourceContents)]  # fmt: skip
    text = "\n".join(texts)[:OUTPUT_CHARACTERS]
    if result.structured_content is None:
        return text, result.is_error
    return (result.structured_content if _says(text, result.structured_content) else [result.structured_content, text],
            result.is_error)  # fmt: skip


def _says(text: str, told: Any) -> bool:
    try:
        return not text or bool(json.loads(text) == told)
    except ValueError:
        return False


def held(answer: Answer, *, waits: bool) -> types.CallToolResult:
    """The result of a call that did not run."""
    told = data_of(answer)
    return types.CallToolResult(
        content=[types.TextContent(text=sentence(answer, waits=waits))], structured_content=told, is_error=True,
        _meta={"cadre/outcome": answer.outcome.value, DECISION: answer.decision_id},
    )  # fmt: skip


def data_of(answer: Answer) -> dict[str, Any]:
    """An answer as data."""
    return {"cadre": {
        "outcome": answer.outcome.value, "ran": False, "tier": answer.tier.text, "reasons": list(answer.reasons),
        "opens": list(answer.opens), "decision_id": answer.decision_id, "approval_id": answer.approval_id,
        "expires_at": answer.expires_at.isoformat() if answer.expires_at else None,
    }}  # fmt: skip


def sentence(answer: Answer, *, waits: bool) -> str:
    """An answer that stops a call, as an agent and a person read it."""
    why = " ".join(f"{told.rstrip('.')}." for told in answer.reasons + answer.opens)
    if waits and answer.outcome is Outcome.APPROVE:
        until = f" until {answer.expires_at:%Y-%m-%d %H:%M} UTC" if answer.expires_at else ""
        return (f"Not run yet: it waits for approval {answer.approval_id}{until}. Once it is approved, make the same call "
                f"again with the same arguments; it runs once. Why it asks: {why}")  # fmt: skip
    return f"Not run: refused. {why}"


def stamped(result: types.CallToolResult, decision_id: str) -> types.CallToolResult:
    """A result that ran, with the id of the decision that let it."""
    return result.model_copy(update={"meta": {**(result.meta or {}), DECISION: decision_id}})
