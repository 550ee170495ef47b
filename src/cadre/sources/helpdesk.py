"""Help-desk conversations: comments sentence by sentence, the tickets they belong to, and a lead's scores of people.

Keeps true: each sentence is one utterance, each comment one ticket event with its words; a ticket is written once,
after all files of a load, from whatever tells of it, so that the order of the files does not matter. Files are known
by their columns. Give comments and tickets together: from comments alone a ticket is a shell (who asked, who holds
it), dated by its first comment, so that it never replaces a ticket row that came before; ticket rows alone do not
tell who asked. A group that is the login of somebody who wrote or was scored is that person, else a team. Sentences
of a ticket must stand together in their file; one that comes after its ticket ended is refused.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cadre.sources.columns import Columns, flag, reader_of_instants, real, unknown_columns, urgency, whole
from cadre.sources.reading import rows
from cadre.sources.source import Item, ReadOptions, Record, Rejected, Source, SourceFile

_UTTERANCES = {
    "ticket": ("issueid", "issue_id", "ticket_id"),
    "comment": ("id", "comment_id"),
    "ordinal": ("utr_seq", "utterance_seq"),
    "author": (),
    "at": ("created", "created_at"),
    "private": ("is_private", "private"),
    "body": ("actionbody",),
    "role": ("author_role",),
}
_CASES = {
    "ticket": ("case_id", "ticket_id"),
    "record": ("source_record_id",),
    "title": ("case_title", "summary", "subject"),
    "body": ("case_text", "description"),
    "type": ("case_type",),
    "category": ("source_label",),
    "priority": (),
    "group": ("assigned_group", "assignee"),
    "status": (),
    "opened_at": ("created_at",),
    "resolved_at": (),
    "closed_at": (),
    "reopen_count": (),
}
_SCORES = {"employee": ("technician",), "q1": (), "q2": (), "q3": (), "q4": (), "q5": ()}
_QUESTIONS = ("q1", "q2", "q3", "q4", "q5")
_KINDS = {
    "utterances": (_UTTERANCES, ("ticket", "comment", "author", "at", "body")),
    "scores": (_SCORES, ("employee", "q1")),
    "cases": (_CASES, ("ticket", "body", "status")),
}
_UNTOLD = frozenset({"unknown", "unassigned"})
_LOWEST, _HIGHEST = 1.0, 5.0


@dataclass(slots=True)
class _Comment:
    """A comment while its sentences come in."""

    author: str
    at: datetime
    is_private: bool | None
    sentences: dict[int, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Ticket:
    """What is known of a ticket so far."""

    values: dict[str, Any] = field(default_factory=dict)
    group: str | None = None
    requester: str | None = None
    assignee: str | None = None
    first_at: datetime | None = None
    file: str = ""
    line: int | None = None


class _Desk:
    """Reads the files of a load; keeps a short state a ticket and the comments of the ticket at hand."""

    def __init__(self, options: ReadOptions) -> None:
        self.when = reader_of_instants(options)
        self.tickets: dict[str, _Ticket] = {}
        self.roles: dict[str, set[str]] = {}
        self._at_hand = ""
        self._ended: set[str] = set()
        self._comments: dict[str, _Comment] = {}

    def utterance(self, columns: Columns, row: dict[str, str], file: str, line: int) -> Iterator[Item]:
        """One sentence; the comments of the ticket before once another begins."""
        ticket, comment = _number(columns.read(row, "ticket")), _number(columns.read(row, "comment"))
        author, at = columns.read(row, "author"), self.when(columns.read(row, "at"))
        if not ticket or not comment or not author or at is None:
            raise ValueError("a ticket, a comment, an author and a time are needed")
        if ticket != self._at_hand:
            yield from self.end_ticket(file)
            if ticket in self._ended:
                raise ValueError("its ticket ended further up: sort the file by ticket and comment")
            self._at_hand = ticket
        held = self._comments.get(comment)
        if held is None:
            held = _Comment(author, at, flag(columns.read(row, "private")))
            self._comments[comment] = held
        given = whole(columns.read(row, "ordinal"))
        ordinal = len(held.sentences) if given is None else given
        held.sentences[ordinal] = columns.read(row, "body") or ""
        self._note(ticket, author, columns.read(row, "role"), at, file)
        values = {"external_id": f"{comment}.{ordinal}", "occurred_at": at, "event_id": comment,
                  "account_id": author, "ordinal": ordinal}  # fmt: skip
        yield Record("utterances", values, file, line)

    def _note(self, ticket: str, author: str, role: str | None, at: datetime, file: str) -> None:
        known = self.tickets.setdefault(ticket, _Ticket(file=file))
        self.roles.setdefault(author, set()).add((role or "").lower())
        if role == "reporter":
            known.requester = known.requester or author
        elif role == "assignee":
            known.assignee = author
        if known.first_at is None or at < known.first_at:
            known.first_at = at

    def end_ticket(self, file: str) -> Iterator[Record]:
        """The comments of the ticket at hand, as events and words."""
        for key, comment in self._comments.items():
            visibility = None if comment.is_private is None else "private" if comment.is_private else "public"
            values = {"external_id": key, "occurred_at": comment.at, "ticket_id": self._at_hand,
                      "kind": "note" if comment.is_private else "reply", "actor_account_id": comment.author,
                      "visibility": visibility}  # fmt: skip
            yield Record("ticket_events", values, file, None)
            words = "\n".join(text for _, text in sorted(comment.sentences.items()) if text)
            if words:
                yield _text("ticket_events", key, "body", words, file, account_id=comment.author)
        if self._at_hand:
            self._ended.add(self._at_hand)
        self._at_hand = ""
        self._comments.clear()

    def case(self, columns: Columns, row: dict[str, str], file: str, line: int) -> Iterator[Item]:
        """One ticket row; the ticket itself is written by `close`."""
        raw, number = columns.read(row, "ticket"), columns.read(row, "record")
        if raw is None:
            raise ValueError("no ticket id")
        key = _number(number if number and raw.lower() == f"mendeley_{number}" else raw.removeprefix("mendeley_"))
        cells = {name: columns.read(row, name) for name in _CASES}
        told = {name: None if text and text.lower() in _UNTOLD else text for name, text in cells.items()}
        ticket = self.tickets.setdefault(key, _Ticket())
        if ticket.line is not None:
            raise ValueError("its ticket came before in these files")
        opened, resolved = self.when(told["opened_at"]), self.when(told["resolved_at"])
        closed = self.when(told["closed_at"])
        values = {
            "revised_at": closed or resolved or opened,
            "occurred_at": opened,
            "type": told["type"],
            "category": told["category"],
            "priority": urgency(told["priority"]),
            "status": told["status"],
            "resolved_at": resolved,
            "closed_at": closed,
            "reopen_count": whole(told["reopen_count"]),
        }
        ticket.values, ticket.group, ticket.file, ticket.line = values, told["group"], file, line
        for name in ("title", "body"):
            if cells[name]:
                yield _text("tickets", key, name, cells[name], file)

    def score(self, columns: Columns, row: dict[str, str], file: str, line: int) -> Iterator[Item]:
        """One person's scores by a lead; the date of the survey is not told."""
        employee = columns.read(row, "employee")
        if employee is None:
            raise ValueError("no employee")
        scores = {name: real(columns.read(row, name)) for name in _QUESTIONS}
        told = {name: score for name, score in scores.items() if score is not None}
        if not told or not all(_LOWEST <= score <= _HIGHEST for score in told.values()):
            raise ValueError("expected scores from 1 to 5")
        self.roles.setdefault(employee, set()).add("assignee")
        for name, score in told.items():
            values = {"external_id": f"{employee}.{name}", "survey": "manager-scores", "question": name,
                      "about_account_id": employee,
                      "score_share": (score - _LOWEST) / (_HIGHEST - _LOWEST)}  # fmt: skip
            yield Record("survey_responses", values, file, line)

    def close(self, file: str) -> Iterator[Record]:
        """Accounts, teams and tickets, from all files together."""
        teams = set()
        for key, ticket in self.tickets.items():
            values = {"external_id": key, "revised_at": ticket.first_at, **ticket.values}
            values["requester_account_id"], values["assignee_account_id"] = ticket.requester, ticket.assignee
            if ticket.group in self.roles:
                values["assignee_account_id"] = ticket.group
                self.roles[str(ticket.group)].add("assignee")
            elif ticket.group:
                values["team_id"] = ticket.group
                teams.add(ticket.group)
            yield Record("tickets", values, ticket.file or file, ticket.line)
        for author, roles in self.roles.items():
            kind = "staff" if "assignee" in roles else "client" if "reporter" in roles else "unknown"
            yield Record("accounts", {"external_id": author, "kind": kind}, file, None)
            values = {"external_id": f"account:{author}", "account_id": author, "handle": author}
            yield Record("identities", values, file, None)
        for team in sorted(teams):
            yield Record("teams", {"external_id": team, "name": team}, file, None)


def _number(text: str | None) -> str:
    return (text or "").removesuffix(".0")


def _text(table: str, key: str, name: str, body: str | None, file: str, **more: Any) -> Record:
    values = {"external_id": f"{table}/{key}/{name}", "record_table": table, "record_id": key, "field": name,
              "body": body, **more}  # fmt: skip
    return Record("texts", values, file, None)


def _kind_of(file: SourceFile, found: Sequence[str]) -> tuple[str, Columns]:
    for kind, (wanted, needed) in _KINDS.items():
        columns = Columns(found, wanted)
        if columns.has(*needed):
            return kind, columns
    expected = ["issueid, id, author, created, actionbody (comments)", "case_id, case_text, status (tickets)"]
    raise unknown_columns(file, found, [*expected, "or employee, q1, q2 (scores)"])


def _read(files: Sequence[SourceFile], options: ReadOptions) -> Iterator[Item]:
    desk = _Desk(options)
    for file in files:
        kind, columns = "", Columns((), {})
        for item in rows(file):
            if isinstance(item, Rejected):
                yield item
                continue
            line, row = item
            if not kind:
                kind, columns = _kind_of(file, tuple(row))
            take = {"utterances": desk.utterance, "cases": desk.case, "scores": desk.score}[kind]
            try:
                yield from take(columns, row, file.name, line)
            except ValueError as error:
                yield Rejected(str(error), file.name, line)
        yield from desk.end_ticket(file.name)
    if files:
        yield from desk.close(files[0].name)


SOURCE = Source(
    name="helpdesk",
    label="Help-desk conversations",
    group="msp",
    accepts="comments by sentence, tickets and a lead's scores, as CSV or XLSX, known by their columns",
    patterns=("*.csv", "*.csv.gz", "*.xlsx"),
    yields=(
        "tickets",
        "ticket_events",
        "utterances",
        "texts",
        "accounts",
        "identities",
        "teams",
        "survey_responses",
    ),
    read=_read,
    tried="30,104 sentences of 7,286 comments on 360 tickets, public data",
    reference="Abdellatif, Help Desk Tickets, Mendeley Data, doi 10.17632/btm76zndnt; Zenodo 7384758",
)
