"""XES event logs (IEEE 1849): one trace a ticket, one event a step of its history.

Keeps true: an event is told by the event before it in its trace, in the order of the file; memory holds one trace and
the names met; a document type or entity is refused before it is read. The ordinal of an event in its file is its line.
Whoever is named as resource is staff, except those the setting `bots = ["..."]` names. The words of the standard
lifecycle (`start`, `complete` and so on) tell of a step, not of a ticket, so they make nothing resolved or closed.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any
from xml.parsers import expat

from cadre.errors import UnreadableFileError
from cadre.sources.columns import NULLS, reader_of_instants, urgency
from cadre.sources.reading import MAX_LINE_BYTES, open_bytes
from cadre.sources.source import Item, ReadOptions, Record, Rejected, Source, SourceFile

MAX_TRACE_EVENTS = 1_000_000
_CHUNK_BYTES = 256 * 1024
_NAME, _STEP, _TIME, _ACTOR, _TEAM = (
    "concept:name", "lifecycle:transition", "time:timestamp", "org:resource", "org:group",
)  # fmt: skip
_KEPT = frozenset({_NAME, _STEP, _TIME, _ACTOR, _TEAM, "priority", "category", "product"})
_LIFECYCLE = frozenset({
    "schedule", "assign", "reassign", "start", "suspend", "resume", "complete", "autoskip", "manualskip",
    "withdraw", "ate_abort", "pi_abort", "unknown",
})  # fmt: skip
_ENDED = {"resolved": "resolved", "solved": "resolved", "completed": "resolved",
          "closed": "closed", "cancelled": "closed", "canceled": "closed"}  # fmt: skip
_HINT = "Nothing of it was loaded. Export the log again as XES and repeat the same command."

Attributes = dict[str, str | None]
Trace = tuple[Attributes, list[tuple[int, Attributes]]]


class _Parser:
    """Pushes bytes in and takes whole traces out; only attributes directly on a trace or event are kept."""

    def __init__(self, file: SourceFile) -> None:
        self.file = file
        self.done: list[Trace] = []
        self.stray: list[int] = []
        self.fed_bytes = 0
        self.expat = expat.ParserCreate()
        self.expat.buffer_text = True
        self.expat.StartDoctypeDeclHandler = self._refuse
        self.expat.StartElementHandler, self.expat.EndElementHandler = self._handlers()

    def _refuse(self, *_: object) -> None:
        raise UnreadableFileError(
            f"{self.file.name}: carries a document type definition, which no event log needs", hint=_HINT
        )

    def _handlers(self) -> tuple[Any, Any]:  # noqa: C901 (called for every element; kept flat for speed)
        depth = count = attribute_depth = 0
        prefix = ""
        target: Attributes | None = None  # the trace or event whose attributes come next
        trace: Trace | None = None

        def start(tag: str, attributes: dict[str, str]) -> None:
            nonlocal depth, count, attribute_depth, prefix, target, trace
            depth += 1
            if depth == attribute_depth and (key := attributes.get("key")) is not None:
                if key in _KEPT and target is not None:
                    target[key] = _value(key, attributes.get("value"))
            elif depth == 1:
                prefix = tag.removesuffix("log")
                if tag not in {"log", f"{prefix}log"} or (prefix and not prefix.endswith(":")):
                    raise UnreadableFileError(f"{self.file.name}: expected an XES log", hint=_HINT)
            elif tag == f"{prefix}event":
                count += 1
                if trace is None or depth != 3:
                    self.stray.append(count)
                else:
                    target, attribute_depth = {}, 4
                    trace[1].append((count, target))
                    if len(trace[1]) > MAX_TRACE_EVENTS:
                        raise UnreadableFileError(
                            f"{self.file.name}: more than {MAX_TRACE_EVENTS:,} events in one trace", hint=_HINT
                        )
            elif depth == 2 and tag == f"{prefix}trace":
                trace = ({}, [])
                target, attribute_depth = trace[0], 3

        def end(_: str) -> None:
            nonlocal depth, attribute_depth, target, trace
            depth -= 1
            if trace is not None:
                if depth == 1:
                    self.done.append(trace)
                    trace = target = None
                    attribute_depth = 0
                elif depth == 2 and attribute_depth == 4:
                    target, attribute_depth = trace[0], 3

        return start, end

    def feed(self, data: bytes) -> None:
        """Parse further bytes; no bytes mean the end of the file."""
        self.fed_bytes += len(data)
        try:
            self.expat.Parse(data, not data)
        except expat.ExpatError as error:
            raise UnreadableFileError(
                f"{self.file.name}: not whole XML ({expat.ErrorString(error.code)}, line {error.lineno})", hint=_HINT
            ) from error
        except (ValueError, LookupError) as error:
            raise UnreadableFileError(f"{self.file.name}: its encoding is unknown", hint=_HINT) from error
        if self.fed_bytes - max(self.expat.CurrentByteIndex, 0) > MAX_LINE_BYTES + len(data):
            raise UnreadableFileError(
                f"{self.file.name}: an element is longer than {MAX_LINE_BYTES // 2**20} MiB", hint=_HINT
            )


def _value(key: str, text: str | None) -> str | None:
    """An attribute's value; words for "not told" are missing, but a resource is whoever the log says it is."""
    text = (text or "").strip()
    if key == "org:resource":
        return text or None
    return None if text.lower() in NULLS or text == "UNKNOWN" else text


@dataclass(slots=True)
class _Case:
    """A ticket as far as its trace tells, after each event."""

    actor: str | None = None
    team: str | None = None
    status: str | None = None
    group: str = "open"
    seen_count: int = 0
    ticket: dict[str, Any] = field(default_factory=dict)


@lru_cache(maxsize=4096)
def _status(name: str | None, step: str | None) -> tuple[str | None, str]:
    """Status as text, and whether that is open, resolved or closed."""
    words = set(re.findall(r"[a-z]+", (name or "").lower()))
    if step is not None and step.lower() not in _LIFECYCLE:
        words |= set(re.findall(r"[a-z]+", step.lower()))
    groups = {_ENDED[word] for word in words if word in _ENDED}
    status = "/".join(part for part in (name, step) if part) or None
    return status, "closed" if "closed" in groups else "resolved" if groups else "open"


class _Log:
    """Turns traces into records; keeps the names met and how many events each case has had."""

    def __init__(self, options: ReadOptions) -> None:
        self.when = reader_of_instants(options)
        self.bots = {str(name) for name in options.settings.get("bots", ())}
        self.actors: dict[str, str] = {}
        self.teams: dict[str, str] = {}
        self.events: Counter[str] = Counter()

    def take(self, trace: Trace, file: str) -> Iterator[Item]:
        """The events of one trace, then its ticket."""
        about, events = trace
        name = about.get(_NAME)
        if name is None:
            for line, _ in events:
                yield Rejected("its trace has no concept:name to know the case by", file, line)
            return
        case = _Case(seen_count=self.events[name])
        for line, event in events:
            self.events[name] += 1
            try:
                at = self.when(event.get(_TIME))
            except ValueError as error:
                yield Rejected(f"time:timestamp: {error}", file, line)
                continue
            if at is None:
                yield Rejected("no time:timestamp", file, line)
                continue
            values = {"external_id": f"{name}#{self.events[name]}", "occurred_at": at, "ticket_id": name}
            yield Record("ticket_events", values | self._step(case, event, at, file), file, line)
        if case.ticket:
            told = {"priority": urgency(about.get("priority")), "category": about.get("category")}
            case.ticket.update({column: value for column, value in told.items() if value is not None})
            yield Record("tickets", {"external_id": name, **case.ticket}, file, None)

    def _step(self, case: _Case, event: Attributes, at: datetime, file: str) -> dict[str, Any]:
        actor, team = event.get(_ACTOR), event.get(_TEAM)
        status, group = _status(event.get(_NAME), event.get(_STEP))
        values: dict[str, Any] = {"actor_account_id": actor}
        if actor is not None:
            self.actors.setdefault(actor, file)
            if actor != case.actor:
                values["from_account_id"], values["to_account_id"] = case.actor, actor
        if team is not None:
            self.teams.setdefault(team, file)
            if team != case.team:
                values["from_team_id"], values["to_team_id"] = case.team, team
        if status is not None and status != case.status:
            values["from_status"], values["to_status"] = case.status, status
        group = case.group if status is None else group
        kind = values["kind"] = _kind(case, values, group)
        case.actor, case.team, case.status = actor or case.actor, team or case.team, status or case.status
        _tell(case, event, at, kind, group)
        return values

    def close(self) -> Iterator[Record]:
        """Whom and which teams the events name."""
        for actor, file in self.actors.items():
            kind = "bot" if actor in self.bots else "staff"
            yield Record("accounts", {"external_id": actor, "kind": kind}, file, None)
            values = {"external_id": f"account:{actor}", "account_id": actor, "display_name": actor}
            yield Record("identities", values, file, None)
        for team, file in self.teams.items():
            yield Record("teams", {"external_id": team, "name": team}, file, None)


def _tell(case: _Case, event: Attributes, at: datetime, kind: str, group: str) -> None:
    """Carry the ticket forward to the state after an event."""
    ticket = case.ticket
    if not ticket:
        ticket.update(occurred_at=at, reopen_count=0)
    if kind == "reopened":
        ticket["reopen_count"] += 1
    if group == "open":
        ticket["resolved_at"] = ticket["closed_at"] = ticket["resolver_account_id"] = None
    elif case.group == "open":
        ticket["resolved_at"], ticket["resolver_account_id"] = at, event.get(_ACTOR)
    if group == "closed" and case.group != "closed":
        ticket["closed_at"] = at
    ticket["priority"] = urgency(event.get("priority")) or ticket.get("priority")
    ticket["category"] = event.get("category") or event.get("product") or ticket.get("category")
    ticket.update(revised_at=at, status=case.status, team_id=case.team, assignee_account_id=case.actor)
    case.group, case.seen_count = group, case.seen_count + 1


def _kind(case: _Case, values: dict[str, Any], group: str) -> str:
    if not case.seen_count:
        return "created"
    if case.group != "open" and group == "open":
        return "reopened"
    if group not in (case.group, "open"):
        return group
    if values.get("from_team_id"):
        return "handed_over"
    if values.get("to_account_id") or values.get("to_team_id"):
        return "assigned"
    return "status" if values.get("to_status") else "update"


def _read(files: Sequence[SourceFile], options: ReadOptions) -> Iterator[Item]:
    log = _Log(options)
    for file in files:
        parser = _Parser(file)
        with open_bytes(file) as stream:
            while True:
                data = stream.read(_CHUNK_BYTES)
                parser.feed(data)
                for line in parser.stray:
                    yield Rejected("an event outside any trace belongs to no case", file.name, line)
                for trace in parser.done:
                    yield from log.take(trace, file.name)
                parser.stray.clear()
                parser.done.clear()
                if not data:
                    break
    yield from log.close()


SOURCE = Source(
    name="xes",
    label="XES event logs",
    group="study",
    accepts="event logs in XES, plain or gzip, with one trace a ticket",
    patterns=("*.xes", "*.xes.gz"),
    yields=("tickets", "ticket_events", "accounts", "identities", "teams"),
    read=_read,
    tried="a public incident log of 65,533 events in 7,554 cases",
    reference="IEEE 1849-2016, XES; BPI Challenge 2013, incidents (4TU.ResearchData)",
)
