"""Spans out of the gateway and back in as acts of the work record."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import anyio
import pytest

from cadre.governance.action import Outcome, Tier
from cadre.governance.outcome import Told
from cadre.mcp.spans import CONVENTIONS, Spans
from cadre.services.agents.decide import Answer, Caller
from cadre.sources import otel
from tests.mcp.desk import AT, Desk
from tests.sources.taken import take

ALLOWED = Answer("d1", Outcome.ALLOW, Tier.AUTONOMOUS, ("so",))
PARENT = f"00-{'a' * 32}-{'b' * 16}-01"


def written(
    path: Path, answer: Answer = ALLOWED, told: Told | None = Told.DONE, traceparent: str = ""
) -> dict[str, Any]:
    Spans(path).add(Caller("bot", "acme", "t1"), "get_ticket", answer, told, begun=AT, ended=AT + timedelta(seconds=1.5),
                    traceparent=traceparent)  # fmt: skip
    line = json.loads(path.read_text().splitlines()[-1])
    return dict(line["resourceSpans"][0]["scopeSpans"][0]["spans"][0])


def test_what_the_gateway_writes_the_source_reads_back(desk: Desk, tmp_path: Path) -> None:
    async def run() -> list[Any]:
        async with desk.gateway() as client:
            made = [await client.call_tool("get_ticket", {"ticket_id": key}) for key in ("T-1", "T-9")]
            return [*made, await client.call_tool("close_ticket", {"ticket_id": "T-1"})]

    read, failed, asked = anyio.run(run)
    found = take(otel.SOURCE, tmp_path, {"s.jsonl": desk.spans.read_text()})
    acts = {row["decision_id"]: row for row in found.by_id("agent_actions").values()}

    assert {
        read.meta["cadre/decision_id"]: ("get_ticket", "done"), failed.meta["cadre/decision_id"]: ("get_ticket", "failed"),
        asked.meta["cadre/decision_id"]: ("close_ticket", "asked"),
    } == {key: (row["tool"], row["outcome"]) for key, row in acts.items()}  # fmt: skip
    assert {("bot", "acme")} == {(row["account_id"], row["client_id"]) for row in acts.values()}
    assert {} == found.refused


def test_both_sides_follow_the_same_version_of_the_conventions() -> None:
    assert CONVENTIONS.removesuffix(".0").endswith(f"/{otel.CONVENTIONS}")


def test_a_span_stands_within_the_one_around_it(tmp_path: Path) -> None:
    inside, alone = (written(tmp_path / "s.jsonl", traceparent=told) for told in (PARENT, "00-zz-1-01"))

    assert ("a" * 32, "b" * 16) == (inside["traceId"], inside["parentSpanId"])
    assert "parentSpanId" not in alone
    assert ("1777885200000000000", "1777885201500000000") == (alone["startTimeUnixNano"], alone["endTimeUnixNano"])


@pytest.mark.parametrize(("answer", "told", "problem"), [
    (ALLOWED, Told.DONE, None), (ALLOWED, Told.FAILED, "tool_error"), (ALLOWED, Told.ATTEMPTED, "unknown"),
    (Answer("", Outcome.DENY, Tier.FORBIDDEN, ("no",)), None, "refused"),
    (Answer("d2", Outcome.APPROVE, Tier.APPROVE, ("ask",)), None, "asked"),
])  # fmt: skip
def test_a_call_that_did_not_go_well_is_an_error_of_its_kind(tmp_path: Path, answer: Answer, told: Told | None,
                                                             problem: str | None) -> None:  # fmt: skip
    span = written(tmp_path / "s.jsonl", answer, told)
    kinds = [one["value"]["stringValue"] for one in span["attributes"] if one["key"] == "error.type"]

    assert ([problem] if problem else [], {"code": 2} if problem else {}) == (kinds, span["status"])


def test_every_call_is_a_span_of_its_own_and_names_its_decision(tmp_path: Path) -> None:
    asked = Answer("d2", Outcome.APPROVE, Tier.APPROVE, ("ask",))
    spans = [written(tmp_path / "s.jsonl", asked, None) for _ in range(2)]
    spans.append(written(tmp_path / "s.jsonl", Answer("d2", Outcome.ALLOW, Tier.APPROVE, ("yes",))))

    assert 3 == len({span["spanId"] for span in spans})
    assert {"d2"} == {one["value"]["stringValue"] for span in spans for one in span["attributes"]
                      if one["key"] == "cadre.decision_id"}  # fmt: skip
