"""Spans of AI agents as OpenTelemetry writes them to files (OTLP JSON), by the conventions for generative AI.

Keeps true: a span with a `gen_ai.operation.name` is an act, named by its tool or else its operation; other spans are
refused with that reason; whoever acted without a decision of the gate is noted as a machine. Prompts, completions, arguments and results are not taken, whatever a span carries.

References:
    OpenTelemetry semantic conventions for generative AI, version 1.37 (`gen_ai.*` attributes); OTLP 1.7, JSON encoding.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from cadre.errors import UnreadableFileError
from cadre.sources.flat import Named
from cadre.sources.json_rows import json_rows
from cadre.sources.source import Item, ReadOptions, Record, Rejected, Source, SourceFile

CONVENTIONS = "1.37"
"""Version of the semantic conventions that names are read by."""
_NO_ACT = "a span without gen_ai.operation.name"
_NOT_RUN = {"refused": "refused", "asked": "asked"}
"""Kinds of error with which Cadre's gateway marks a call that did not run."""
_CLIENT = ("cadre.client_id", "tenant.id", "client.id")


class _Spans:
    """Reads the spans of one load; numbers them within their file."""

    def __init__(self, options: ReadOptions) -> None:
        self.named = Named()
        self.client = options.settings.get("client")

    def act(self, span: Mapping[str, Any], resource: Mapping[str, Any]) -> dict[str, Any]:
        """The act of one span. `ValueError` refuses it."""
        told = {**resource, **_attributes(span.get("attributes"))}
        operation = told.get("gen_ai.operation.name")
        if not operation:
            raise ValueError(_NO_ACT)
        began, ended = _instant(span.get("startTimeUnixNano")), _instant(span.get("endTimeUnixNano"))
        if began is None or not span.get("spanId"):
            raise ValueError("no spanId or no startTimeUnixNano")
        agent = told.get("gen_ai.agent.id") or told.get("gen_ai.agent.name") or told.get("service.name")
        name = told.get("gen_ai.agent.name") or told.get("service.name")
        tokens = [told[k] for k in ("gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens") if k in told]
        client = next((str(told[key]) for key in _CLIENT if told.get(key)), self.client)
        status = span.get("status")
        failed = isinstance(status, Mapping) and str(status.get("code")) in {"2", "STATUS_CODE_ERROR"}
        decision = told.get("cadre.decision_id")
        if agent and not decision:
            self.named.machine(str(agent), "agent")
        return {
            "external_id": f"{span.get('traceId', '')}/{span['spanId']}", "occurred_at": began,
            "account_id": self.named.account(str(agent), "bot", name=str(name)) if agent else None,
            "client_id": self.named.client(client), "tool": str(told.get("gen_ai.tool.name") or operation),
            "outcome": _NOT_RUN.get(str(told.get("error.type")), "failed") if failed else "done",
            "decision_id": str(decision) if decision else None,
            "duration_seconds": (ended - began).total_seconds() if ended and ended >= began else None,
            "tokens_count": sum(int(one) for one in tokens) if tokens else None,
        }  # fmt: skip


def _read(files: Sequence[SourceFile], options: ReadOptions) -> Iterator[Item]:
    spans = _Spans(options)
    for file in files:
        number, is_first = 0, True
        for item in json_rows(file):
            if isinstance(item, Rejected):
                number += 1
                yield Rejected(item.reason, file.name, number)
                continue
            if is_first and "resourceSpans" not in item[1]:
                raise UnreadableFileError(
                    f"{file.name}: found {', '.join(list(item[1])[:20])}; expected resourceSpans",
                    hint="Write spans with the file exporter of the OpenTelemetry collector, as JSON.",
                )
            is_first = False
            for resource, span in _spans(item[1]):
                number += 1
                try:
                    yield Record("agent_actions", spans.act(span, resource), file.name, number)
                except ValueError as error:
                    yield Rejected(str(error), file.name, number)
    if files:
        yield from spans.named.records(files[0].name)


def _spans(item: Mapping[str, Any]) -> Iterator[tuple[dict[str, Any], Mapping[str, Any]]]:
    for group in _objects(item.get("resourceSpans")):
        resource = group.get("resource")
        shared = _attributes(resource.get("attributes")) if isinstance(resource, Mapping) else {}
        for scope in _objects(group.get("scopeSpans")):
            for span in _objects(scope.get("spans")):
                yield shared, span


def _objects(value: Any) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def _attributes(told: Any) -> dict[str, Any]:
    found = {}
    for one in _objects(told):
        value = one.get("value")
        if isinstance(one.get("key"), str) and isinstance(value, Mapping) and value:
            found[one["key"]] = next(iter(value.values()))
    return found


def _instant(nanoseconds: Any) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(nanoseconds) // 1000 / 1e6, UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return None


SOURCE = Source(
    name="otel",
    label="OpenTelemetry spans of AI agents",
    group="msp",
    accepts="spans of the OpenTelemetry collector's file exporter, as JSON or JSON lines",
    patterns=("*.json", "*.jsonl", "*.ndjson", "*.json.gz", "*.jsonl.gz"),
    yields=("agent_actions", "machine_identities", "accounts", "identities", "clients"),
    read=_read,
    tried="not yet tried on a live export",
    reference="OpenTelemetry semantic conventions for generative AI; OTLP JSON encoding",
)
