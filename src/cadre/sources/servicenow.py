"""ServiceNow incidents: an event log with one row an update, or a list with one row an incident.

Keeps true: a source row is one ticket event whose kind is the most telling change against the incident's row before;
an incident is one ticket in its latest state; memory holds one state an incident. People: where a column holds bare
numbers, each column counts its own people, because masked logs number every column by itself (in the public incident
log a resolving row's `sys_updated_by`, `resolved_by` and `assigned_to` are one person in nine of ten cases under three
different numbers), so the key is `<column>:<number>`; names and logins are one key everywhere. The setting
`one_numbering = true` says that numbers, too, mean one person everywhere. Whoever only ever calls is a client.
A list with one row an incident tells no history: its row counts as `created` only where nothing was changed since.
Export each incident from its first change: a row is told by the row before it, which an earlier load does not lend.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cadre.sources.columns import Columns, flag, reader_of_instants, urgency, whole
from cadre.sources.reading import rows
from cadre.sources.source import Item, ReadOptions, Record, Rejected, Source, SourceFile

WANTED = {
    "number": ("incident number", "task number"),
    "state": ("incident_state", "ident_state", "incident state"),
    "updated_at": ("sys_updated_at", "sys_updated_on", "updated"),
    "updated_by": ("sys_updated_by",),
    "created_at": ("sys_created_at", "sys_created_on", "created"),
    "created_by": ("sys_created_by",),
    "mod_count": ("sys_mod_count", "updates"),
    "reassignment_count": ("reassignments",),
    "reopen_count": ("reopens",),
    "made_sla": ("made sla",),
    "caller": ("caller_id", "requested_for"),
    "opened_by": ("opened by",),
    "opened_at": ("opened",),
    "resolved_by": ("resolved by",),
    "resolved_at": ("resolved",),
    "closed_at": ("closed",),
    "due_at": ("sla_due", "due_date"),
    "channel": ("contact_type", "contact type"),
    "client": ("company", "account"),
    "category": (),
    "priority": (),
    "group": ("assignment_group", "assignment group"),
    "holder": ("assigned_to", "assigned to"),
    "major": ("major_incident_state", "is_major"),
    "parent": ("parent_incident", "parent incident"),
    "title": ("short_description", "short description"),
    "body": ("description",),
}
_PEOPLE = {
    "caller": "caller_id", "opened_by": "opened_by", "created_by": "sys_created_by",
    "updated_by": "sys_updated_by", "resolved_by": "resolved_by", "holder": "assigned_to",
}  # fmt: skip
_LOGINS = frozenset({"updated_by", "created_by"})
_RESOLVED = frozenset({"resolved", "solved", "6"})
_CLOSED = frozenset({"closed", "closed complete", "closed incomplete", "closed skipped", "canceled", "cancelled", "7"})
_BOTS = frozenset({"system", "guest", "sys.scheduler"})
_MOST_MODS = 4096
"""Changes of an incident up to which a bit each is kept; beyond it, repeats are counted by key."""


@dataclass(slots=True)
class _State:
    """The latest row of an incident, as cells, with what was seen of it."""

    cells: dict[str, str | None]
    mods: int
    mod_count: int | None
    updated_at: datetime
    file: str
    title: int = 0
    body: int = 0


class _Log:
    """Reads the rows of all files of a load; keeps one state an incident."""

    def __init__(self, options: ReadOptions) -> None:
        self.when = reader_of_instants(options)
        self.one_numbering = bool(options.settings.get("one_numbering", False))
        self.states: dict[str, _State] = {}
        self.people: dict[str, set[str]] = {}
        self.names: dict[str, str] = {}
        self.teams: set[str] = set()
        self.clients: set[str] = set()
        self.repeats: Counter[tuple[str, str]] = Counter()

    def take(self, cells: dict[str, str | None], file: str, line: int) -> Iterator[Item]:
        """The event of one row, and its words where they are new; `ValueError` where the row cannot be read."""
        number = cells["number"]
        if number is None:
            raise ValueError("no incident number")
        at = self._checked(cells)
        for column in _PEOPLE:
            self._meet(cells, column)
        for found, into in ((cells["group"], self.teams), (cells["client"], self.clients)):
            if found:
                into.add(found)
        before = self.states.get(number)
        mod_count = whole(cells["mod_count"])
        late = before is not None and _is_older(mod_count, at, before)
        values: dict[str, Any] = {
            "external_id": self._event_id(number, mod_count, cells, before),
            "occurred_at": at,
            "ticket_id": number,
            "actor_account_id": cells["updated_by"],
            **({"kind": "update"} if late else _change(before.cells if before else None, cells, self.when, at)),
        }
        yield Record("ticket_events", values, file, line)
        if before is None:
            before = self.states[number] = _State(cells, 0, mod_count, at, file)
        if mod_count is not None and 0 <= mod_count < _MOST_MODS:
            before.mods |= 1 << mod_count
        if not late:
            before.cells, before.mod_count, before.updated_at, before.file = cells, mod_count, at, file
            yield from _words(number, before)

    def _checked(self, cells: dict[str, str | None]) -> datetime:
        when = self.when
        for name in ("opened_at", "resolved_at", "closed_at", "due_at", "created_at"):
            try:
                when(cells[name])
            except ValueError as error:
                raise ValueError(f"{name}: {error}") from None
        at = when(cells["updated_at"])
        if at is None:
            raise ValueError("no time of update")
        for name in ("reopen_count", "reassignment_count", "mod_count"):
            whole(cells[name])
        flag(cells["made_sla"])
        return at

    def _meet(self, cells: dict[str, str | None], column: str) -> None:
        raw = cells[column]
        if raw is None:
            return
        key = raw if self.one_numbering or not raw.isdigit() else f"{_PEOPLE[column]}:{raw}"
        cells[column] = key
        self.people.setdefault(key, set()).add(column)
        self.names[key] = key if raw.isdigit() else raw  # a bare number names nobody across columns

    def _event_id(self, number: str, mod: int | None, cells: Mapping[str, Any], before: _State | None) -> str:
        mark = str(mod) if mod is not None else str(cells["updated_at"])
        if mod is not None and 0 <= mod < _MOST_MODS and not (before and before.mods >> mod & 1):
            return f"{number}.{mark}.0"
        self.repeats[number, mark] += 1
        seen = mod is not None and 0 <= mod < _MOST_MODS
        return f"{number}.{mark}.{self.repeats[number, mark] - (0 if seen else 1)}"

    def close(self) -> Iterator[Record]:
        """The tickets in their latest state, and whom and what they name."""
        file = next(iter(self.states.values())).file if self.states else ""
        for key, columns in self.people.items():
            yield Record("accounts", {"external_id": key, "kind": _kind(key, columns)}, file, None)
            naming = "handle" if columns <= _LOGINS else "display_name"
            naming = "email" if "@" in key else naming
            name = self.names[key].lower() if naming == "email" else self.names[key]
            yield Record("identities", {"external_id": f"account:{key}", "account_id": key, naming: name}, file, None)
        for team in sorted(self.teams):
            yield Record("teams", {"external_id": team, "name": team}, file, None)
        for client in sorted(self.clients):
            yield Record("clients", {"external_id": client}, file, None)
            values = {"external_id": f"client:{client}", "client_id": client, "display_name": client}
            yield Record("identities", values, file, None)
        for number, state in self.states.items():
            yield Record("tickets", _ticket(number, state, self.when), state.file, None)


def _is_older(mod_count: int | None, at: datetime, before: _State) -> bool:
    if mod_count is not None and before.mod_count is not None:
        return mod_count < before.mod_count
    return at < before.updated_at


def _group_of(status: str | None) -> str:
    lower = (status or "").lower()
    return "resolved" if lower in _RESOLVED else "closed" if lower in _CLOSED else "open"


def _change(
    old: Mapping[str, str | None] | None, new: Mapping[str, str | None], when: Any, at: datetime
) -> dict[str, Any]:
    """Kind and from/to of a row against the row before."""
    if old is None:
        return _first(new, when, at)
    values: dict[str, Any] = {}
    for name, column in (("holder", "account_id"), ("group", "team_id"), ("state", "status")):
        if old[name] != new[name]:
            values[f"from_{column}"], values[f"to_{column}"] = old[name], new[name]
    was, now = _group_of(old["state"]), _group_of(new["state"])
    if (was != "open" and now == "open") or (whole(new["reopen_count"]) or 0) > (whole(old["reopen_count"]) or 0):
        kind = "reopened"
    elif now not in (was, "open"):
        kind = now
    elif any(values.get(f"from_{c}") and values.get(f"to_{c}") for c in ("account_id", "team_id")):
        kind = "handed_over"
    elif values.get("to_account_id") or values.get("to_team_id"):
        kind = "assigned"
    else:
        kind = "status" if "to_status" in values else "update"
    return {"kind": kind, **values}


def _first(new: Mapping[str, str | None], when: Any, at: datetime) -> dict[str, Any]:
    """The first row of an incident tells of its creation only where nothing was changed since."""
    held = {"to_account_id": new["holder"], "to_team_id": new["group"], "to_status": new["state"]}
    mods = whole(new["mod_count"])
    if mods == 0 or (mods is None and at in {when(new["created_at"]), when(new["opened_at"])}):
        return {"kind": "created", **held}
    for state, column in (("closed", "closed_at"), ("resolved", "resolved_at")):
        if _group_of(new["state"]) == state and when(new[column]) == at:
            return {"kind": state, "to_status": new["state"]}
    return {"kind": "update"}


def _ticket(number: str, state: _State, when: Any) -> dict[str, Any]:
    cells = state.cells
    made, over = flag(cells["made_sla"]), _group_of(cells["state"]) != "open"
    return {
        "external_id": number,
        "revised_at": state.updated_at,
        "occurred_at": when(cells["opened_at"]),
        "client_id": cells["client"],
        "type": "incident",
        "category": cells["category"],
        "priority": urgency(cells["priority"]),
        "channel": cells["channel"],
        "team_id": cells["group"],
        "assignee_account_id": cells["holder"],
        "resolver_account_id": cells["resolved_by"],
        "requester_account_id": cells["caller"],
        "status": cells["state"],
        "resolved_at": when(cells["resolved_at"]),
        "closed_at": when(cells["closed_at"]),
        "sla_due_at": when(cells["due_at"]),
        "sla_met": made if over or made is False else None,
        "reopen_count": whole(cells["reopen_count"]),
        "handover_count": whole(cells["reassignment_count"]),
        "is_major": None if cells["major"] is None else cells["major"].lower() in {"accepted", "true", "yes", "1"},
        "parent_ticket_id": cells["parent"],
    }


def _words(number: str, state: _State) -> Iterator[Record]:
    for name in ("title", "body"):
        text = state.cells[name]
        mark = hash(text) if text else 0
        if text and mark != getattr(state, name):
            setattr(state, name, mark)
            values = {"external_id": f"tickets/{number}/{name}", "record_table": "tickets", "record_id": number,
                      "field": name, "body": text, "account_id": state.cells["caller"],
                      "revised_at": state.updated_at}  # fmt: skip
            yield Record("texts", values, state.file, None)
        state.cells[name] = None


def _kind(key: str, columns: set[str]) -> str:
    if key.lower() in _BOTS:
        return "bot"
    if "caller" in columns and not columns & {"holder", "resolved_by"}:
        return "client"
    return "staff"


def _read(files: Sequence[SourceFile], options: ReadOptions) -> Iterator[Item]:
    log = _Log(options)
    for file in files:
        columns: Columns | None = None
        for item in rows(file):
            if isinstance(item, Rejected):
                yield item
                continue
            line, row = item
            if columns is None:
                columns = Columns(row, WANTED)
                columns.need(file, "number", "state", "updated_at")
                found = [(name, columns.at.get(name, "")) for name in WANTED]
            cells = {name: _cell(row.get(column)) for name, column in found}
            try:
                yield from log.take(cells, file.name, line)
            except ValueError as error:
                yield Rejected(str(error), file.name, line)
    yield from log.close()


def _cell(text: str | None) -> str | None:
    return None if not text or text in {"?", "NULL"} else text


SOURCE = Source(
    name="servicenow",
    label="ServiceNow incidents",
    group="msp",
    accepts="an incident event log or incident list as CSV or XLSX (number, state, updated, ...)",
    patterns=("*.csv", "*.csv.gz", "*.xlsx"),
    yields=("tickets", "ticket_events", "accounts", "identities", "teams", "clients", "texts"),
    read=_read,
    tried="a public log of 141,712 events of 24,918 incidents",
    reference="UCI 498, Incident management process enriched event log; ServiceNow documentation, incident table",
)
