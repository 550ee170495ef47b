"""What the presets for professional services automation systems share: tickets, notes and time entries.

Keeps true: what a system calls a column stands in its preset, what the column means here; a ticket row tells a state
and never a history, so events come from notes alone; members of the firm and contacts of clients have keys of their
own (`member:`, `contact:`), because systems number them apart. JSON objects are read with their nested names joined
by `/`, as in `owner/identifier`; a CSV's columns may be written that way or in words.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cadre.sources.columns import Columns, Wanted, flag, reader_of_instants, real, unknown_columns, urgency, whole
from cadre.sources.flat import Named
from cadre.sources.json_rows import json_rows
from cadre.sources.markup import text_of
from cadre.sources.reading import rows
from cadre.sources.source import Item, ReadOptions, Record, Rejected, SourceFile

_KINDS = ("time", "note", "ticket")
_FIRST_YEAR = 1902
Read = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Preset:
    """How one system writes tickets, notes and time entries.

    Attributes:
        ticket: Meanings of a ticket's columns.
        note: Meanings of a note's columns.
        time: Meanings of a time entry's columns.
        needs: Kind -> meanings that tell it; tried in the order time, note, ticket.
        is_private: Whether a note is hidden from the client; None where not told.
        urgency: 1 most urgent to 5 least from the priority as written.
        is_billable: Whether a time entry is billed.
        is_on_ticket: Whether a time entry's charge is a ticket.
    """

    ticket: Wanted
    note: Wanted
    time: Wanted
    needs: Mapping[str, tuple[str, ...]]
    is_private: Callable[[Read], bool | None]
    is_billable: Callable[[Read], bool | None]
    urgency: Callable[[str | None, ReadOptions], int | None] = field(default=lambda text, options: urgency(text))
    is_on_ticket: Callable[[Read], bool] = field(default=lambda read: True)

    def layout(self, found: tuple[str, ...]) -> tuple[str, Columns] | None:
        """What a row with these columns is; None where it is none of the three."""
        for kind in _KINDS:
            columns = Columns(found, {"ticket": self.ticket, "note": self.note, "time": self.time}[kind])
            if columns.has(*self.needs[kind]):
                return kind, columns
        return None


class _Load:
    """Reads the rows of one load."""

    def __init__(self, preset: Preset, options: ReadOptions) -> None:
        self.preset, self.options, self.named = preset, options, Named()
        self._instant = reader_of_instants(options)
        self._layouts: dict[tuple[str, ...], tuple[str, Columns] | None] = {}

    def when(self, text: str | None) -> datetime | None:
        """An instant; the years 1899 to 1901 that systems write for none are missing."""
        at = self._instant(text)
        return None if at is not None and at.year < _FIRST_YEAR else at

    def layout(self, row: Mapping[str, Any]) -> tuple[str, Columns] | None:
        """What a row is; remembered by its columns."""
        found = tuple(row)
        if found not in self._layouts:
            self._layouts[found] = self.preset.layout(found)
        return self._layouts[found]

    def rows_of(self, kind: str, read: Read) -> Iterator[tuple[str, dict[str, Any]]]:
        """(table, values) of one row, its main record first; `ValueError` refuses it."""
        make = {"ticket": self._ticket, "note": self._note, "time": self._time}[kind]
        return make(read)

    def _ticket(self, read: Read) -> Iterator[tuple[str, dict[str, Any]]]:
        key = _needed(read, "id", "ticket id")
        requester = self._contact(read, "requester")
        yield (
            "tickets",
            {
                "external_id": key,
                "revised_at": self.when(read("revised_at")),
                "occurred_at": self.when(read("opened_at")),
                "client_id": self.named.client(read("client"), read("client_name")),
                "type": read("type"),
                "category": read("category"),
                "priority": self.preset.urgency(read("priority"), self.options),
                "channel": read("channel"),
                "team_id": self.named.team(read("team"), read("team_name")),
                "assignee_account_id": self._member(read, "holder"),
                "resolver_account_id": self._member(read, "resolver"),
                "requester_account_id": requester,
                "status": read("status"),
                "resolved_at": self.when(read("resolved_at")),
                "closed_at": self.when(read("closed_at")),
                "sla_due_at": self.when(read("due_at")),
                "sla_met": flag(read("sla_met")),
                "reopen_count": whole(read("reopen_count")),
                "parent_ticket_id": _real_id(read("parent")),
            },
        )
        for name in ("title", "body"):
            yield from _words("tickets", key, name, read(name), requester)

    def _note(self, read: Read) -> Iterator[tuple[str, dict[str, Any]]]:
        ticket, at = _needed(read, "ticket", "ticket"), self.when(read("at"))
        number = _needed(read, "id", "note id")
        if at is None:
            raise ValueError("no time")
        key = f"note:{ticket}:{number}"
        hidden = self.preset.is_private(read)
        member = self._member(read, "member") if _real_id(read("member")) else None
        contact = self._contact(read, "contact") if _real_id(read("contact")) else None
        if member is None and contact is None:
            member = self._member(read, "creator")
        author = member or contact
        yield (
            "ticket_events",
            {
                "external_id": key,
                "revised_at": self.when(read("revised_at")),
                "occurred_at": at,
                "ticket_id": ticket,
                "kind": "reply" if hidden is False else "note",
                "actor_account_id": author,
                "visibility": None if hidden is None else "private" if hidden else "public",
            },
        )
        yield from _words("ticket_events", key, "title", read("title"), author)
        yield from _words("ticket_events", key, "body", read("body"), author)
        hours = real(read("hours"))
        if hours and hours > 0 and member:
            yield "time_entries", {"external_id": key, "occurred_at": at, "account_id": member, "ticket_id": ticket,
                                   "hours": hours, "is_billable": self.preset.is_billable(read)}  # fmt: skip

    def _time(self, read: Read) -> Iterator[tuple[str, dict[str, Any]]]:
        key = _needed(read, "id", "time entry id")
        at, member = self.when(read("at")) or self.when(read("date")), self._member(read, "member")
        hours = real(read("hours"))
        if at is None or member is None:
            raise ValueError("a start or date and a member are needed")
        if hours is None or hours <= 0:
            raise ValueError("hours: expected above 0")
        yield (
            "time_entries",
            {
                "external_id": key,
                "revised_at": self.when(read("revised_at")),
                "occurred_at": at,
                "account_id": member,
                "ticket_id": _real_id(read("ticket")) if self.preset.is_on_ticket(read) else None,
                "client_id": self.named.client(read("client"), read("client_name")),
                "hours": hours,
                "kind": read("kind"),
                "is_billable": self.preset.is_billable(read),
            },
        )
        notes = "\n".join(text for text in (read("body"), read("internal")) if text)
        yield from _words("time_entries", key, "body", notes, member)

    def _member(self, read: Read, who: str) -> str | None:
        key = _real_id(read(who)) or read(f"{who}_name")
        account = f"member:{key.lower()}" if key else None
        return self.named.account(account, "staff", name=read(f"{who}_name"), email=read(f"{who}_email"))

    def _contact(self, read: Read, who: str) -> str | None:
        email, name = read(f"{who}_email"), read(f"{who}_name")
        key = _real_id(read(who)) or (email.lower() if email else name)
        return self.named.account(f"contact:{key}" if key else None, "client", name=name, email=email)


def read_psa(preset: Preset, files: Sequence[SourceFile], options: ReadOptions) -> Iterator[Item]:
    """Read a system's files.

    Raises:
        UnreadableFileError: The first row of a file is neither a ticket, a note nor a time entry.
    """
    load = _Load(preset, options)
    for file in files:
        is_first = True
        for item in _rows(file):
            if isinstance(item, Rejected):
                yield item
                continue
            line, row = item
            layout = load.layout(row)
            if layout is None and is_first:
                expected = [f"{', '.join(needs)} ({kind})" for kind, needs in preset.needs.items()]
                raise unknown_columns(file, tuple(row), expected)
            is_first = False
            yield from _taken(load, layout, row, file, line)
    if files:
        yield from load.named.records(files[0].name)


def _taken(
    load: _Load, layout: tuple[str, Columns] | None, row: dict[str, Any], file: SourceFile, line: int
) -> Iterator[Item]:
    if layout is None:
        yield Rejected("neither a ticket, a note nor a time entry", file.name, line)
        return
    kind, columns = layout
    try:
        made = list(load.rows_of(kind, lambda meaning: columns.read(row, meaning)))
    except ValueError as error:
        yield Rejected(str(error), file.name, line)
        return
    for at, (table, values) in enumerate(made):
        yield Record(table, values, file.name, line if at == 0 else None)


def _rows(file: SourceFile) -> Iterator[tuple[int, dict[str, Any]] | Rejected]:
    if file.path.name.lower().removesuffix(".gz").endswith((".json", ".jsonl", ".ndjson")):
        for item in json_rows(file):
            yield item if isinstance(item, Rejected) else (item[0], flattened(item[1]))
    else:
        yield from rows(file)


def flattened(item: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """An object with its nested objects' names joined by `/`; lists and nulls are left out."""
    flat: dict[str, Any] = {}
    for name, value in item.items():
        if isinstance(value, Mapping):
            flat.update(flattened(value, f"{prefix}{name}/"))
        elif value is not None and not isinstance(value, list):
            flat[f"{prefix}{name}"] = value
    return flat


def _needed(read: Read, meaning: str, called: str) -> str:
    text = _real_id(read(meaning))
    if text is None:
        raise ValueError(f"no {called}")
    return text


def _real_id(text: str | None) -> str | None:
    """An id; the 0 and -1 that systems write for none are missing."""
    return None if text is None or text in {"0", "-1"} else text.removesuffix(".0")


def _words(
    table: str, key: str, name: str, html: str | None, author: str | None
) -> Iterator[tuple[str, dict[str, Any]]]:
    text = text_of(html) if html else ""
    if text:
        yield "texts", {"external_id": f"{table}/{key}/{name}", "record_table": table, "record_id": key,
                        "field": name, "account_id": author, "body": text}  # fmt: skip


YIELDS = ("tickets", "ticket_events", "time_entries", "accounts", "identities", "clients", "teams", "texts")
PATTERNS = ("*.json", "*.jsonl", "*.json.gz", "*.jsonl.gz", "*.csv", "*.csv.gz", "*.xlsx")
