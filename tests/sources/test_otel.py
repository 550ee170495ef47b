"""OpenTelemetry spans: tools that agents called, tokens used, and no content."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cadre.errors import UnreadableFileError
from cadre.sources.otel import SOURCE
from tests.sources.taken import take


def attribute(key: str, value: Any) -> dict[str, Any]:
    return {"key": key, "value": {"intValue": str(value)} if isinstance(value, int) else {"stringValue": value}}


def span(key: str, *attributes: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"traceId": "t", "spanId": key, "name": "x", "startTimeUnixNano": "1714557600000000000",
            "endTimeUnixNano": "1714557601500000000", "attributes": list(attributes), **more}  # fmt: skip


TOOL = span("1", attribute("gen_ai.operation.name", "execute_tool"), attribute("gen_ai.tool.name", "reset_password"),
            attribute("gen_ai.tool.call.arguments", "user=ann"), attribute("cadre.decision_id", "d-9"))  # fmt: skip
CHAT = span("2", attribute("gen_ai.operation.name", "chat"), attribute("gen_ai.usage.input_tokens", 120),
            attribute("gen_ai.usage.output_tokens", 30), status={"code": 2})  # fmt: skip
HTTP = span("3", attribute("http.method", "GET"))


def line(*spans: dict[str, Any]) -> str:
    resource = {"attributes": [attribute("service.name", "Triage agent"), attribute("tenant.id", "acme")]}
    return json.dumps({"resourceSpans": [{"resource": resource, "scopeSpans": [{"spans": list(spans)}]}]})


def test_acts_are_read_and_other_spans_refused(tmp_path: Path) -> None:
    found = take(SOURCE, tmp_path, {"s.jsonl": f"{line(TOOL, HTTP)}\n{line(CHAT)}\nno json\n"})

    acts = found.by_id("agent_actions")
    assert {"t/1": "reset_password", "t/2": "chat"} == {key: row["tool"] for key, row in acts.items()}
    assert ("Triage agent", "acme", "d-9", "done", 1.5) == tuple(
        acts["t/1"][k] for k in ("account_id", "client_id", "decision_id", "outcome", "duration_seconds"))  # fmt: skip
    assert (150, "failed") == (acts["t/2"]["tokens_count"], acts["t/2"]["outcome"])
    assert datetime(2024, 5, 1, 10, tzinfo=UTC) == acts["t/1"]["occurred_at"]
    assert {2: "a span without gen_ai.operation.name", 4: "not a line of JSON"} == found.refused
    assert "user=ann" not in str(found.tables)


def test_an_agent_that_acts_without_a_decision_is_noted_as_a_machine(tmp_path: Path) -> None:
    governed = take(SOURCE, tmp_path, {"s.jsonl": line(TOOL)})
    past = take(SOURCE, tmp_path, {"s.jsonl": line(TOOL, CHAT)})

    assert {} == governed.by_id("machine_identities")
    assert [("Triage agent", "Triage agent", "agent", [])] == [
        (key, row["account_id"], row["kind"], row["owner_account_ids"])
        for key, row in past.by_id("machine_identities").items()
    ]


def test_another_file_is_refused_as_a_whole(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="expected resourceSpans"):
        take(SOURCE, tmp_path, {"s.json": '{"spans": []}'})
