"""The firm's roster: who works here, in which team and role, when, and when they were away.

Takes CSV files or the sheets of an XLSX workbook, each known by its columns (names are forgiving):

- people: `employee_id` (or an e-mail as the id), name, email, other logins, role, team, tier, lead (id, name or
  e-mail), start, end, fte, time zone, working hours such as `Mon-Fri 09:00-17:30` (or `working days` beside
  `working hours`), on-call hours in the same form;
- role changes: `employee_id`, `date`, `from`, `to`;
- leave and on-call: `employee_id`, `from`, `to`, and `kind` where it is not leave;
- memberships: `employee_id`, `team`, `from`, `to`; they outweigh the team of the people's rows.

Keeps true: a person is the employee id, whoever is named by e-mail or name is looked up in the people of the same
load; lines of a workbook's sheets are numbered through, sheet after sheet. Accounts are joined to people elsewhere.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from cadre.errors import UnreadableFileError
from cadre.sources.columns import Columns, day_of, reader_of_instants, real, unknown_columns
from cadre.sources.reading import Row
from cadre.sources.sheets import sheets
from cadre.sources.source import Item, ReadOptions, Record, Rejected, Source, SourceFile
from cadre.sources.times import zone_of
from cadre.sources.weekly import spans

_PERSON = ("employee id", "employee number", "employee no", "employee", "emp id", "staff id", "personnel number", "id",
           "person id", "user id", "worker id")  # fmt: skip
_EMAIL = ("work email", "e-mail", "email address", "company email", "mail", "business email")
_NAME = ("full name", "employee name", "display name", "worker", "person")
_FROM = ("from date", "start date", "leave start", "first day", "begin", "begins", "start", "started on")
_TO = ("to date", "end date", "leave end", "last day", "until", "end", "ends", "ended on")
_PEOPLE = {
    "employee_id": _PERSON,
    "email": _EMAIL,
    "name": _NAME,
    "first_name": ("first name", "given name", "preferred name"),
    "last_name": ("last name", "surname", "family name"),
    "logins": ("other logins", "handles", "login", "username", "user name", "handle", "sam account name"),
    "role": ("job title", "title", "position", "job", "role name"),
    "team": ("department", "group", "squad", "team name"),
    "tier": ("support tier", "level", "service tier"),
    "lead": ("manager", "manager id", "reports to", "supervisor", "team lead", "line manager", "manager name"),
    "start": ("start date", "hire date", "date of hire", "hired", "joined", "started", "started on"),
    "end": ("end date", "termination date", "last day", "left", "leaving date", "left on", "terminated"),
    "fte": ("employment share", "full time equivalent", "contracted share", "workload"),
    "zone": ("time zone", "timezone", "tz"),
    "days": ("working days", "work days", "workdays"),
    "hours": ("working hours", "work hours", "schedule", "shift", "hours of work"),
    "on_call": ("on call", "on-call hours", "oncall"),
}
_CHANGES = {
    "employee_id": _PERSON, "email": _EMAIL, "name": _NAME,
    "date": ("effective date", "changed on", "change date", "effective", "on"),
    "from": ("from role", "old role", "previous role", "old title", "previous title", "from title", "role before"),
    "to": ("to role", "new role", "new title", "to title", "role", "role after"),
}  # fmt: skip
_SPANS = {
    "employee_id": _PERSON, "email": _EMAIL, "name": _NAME,
    "from": _FROM, "to": _TO,
    "kind": ("leave type", "absence type", "type", "reason"),
    "team": ("department", "group", "squad", "team name"),
    "hours": ("on-call hours", "working hours", "times"),
}  # fmt: skip
_WHO = ("employee_id", "email", "name")


@dataclass(slots=True)
class _Firm:
    """Who is known by what, and what the teams are."""

    by_email: dict[str, str] = field(default_factory=dict)
    by_name: dict[str, str | None] = field(default_factory=dict)
    keys: set[str] = field(default_factory=set)
    tiers: dict[str, set[str]] = field(default_factory=dict)
    teams: dict[str, str] = field(default_factory=dict)
    moved: set[str] = field(default_factory=set)

    def note(self, key: str, name: str | None, email: str | None) -> None:
        """Remember a person; a name of two people names nobody."""
        self.keys.add(key)
        if email:
            self.by_email[email.lower()] = key
        if name:
            known = self.by_name.get(name.lower(), key)
            self.by_name[name.lower()] = key if known == key else None

    def find(self, text: str | None) -> str | None:
        """The employee id behind an id, e-mail or name; None where nobody or more than one fits."""
        if text is None or text in self.keys:
            return text
        return self.by_email.get(text.lower()) or self.by_name.get(text.lower())


def _kind_of(file: SourceFile, found: Sequence[str]) -> tuple[str, Columns]:
    """What a table tells, by its columns."""
    changes, spans_, people = Columns(found, _CHANGES), Columns(found, _SPANS), Columns(found, _PEOPLE)
    named = any(who in people for who in _WHO)
    if named and changes.has("date", "to"):
        return "changes", changes
    work = any(name in people for name in ("role", "lead", "tier", "fte", "zone"))
    if named and spans_.has("from", "to") and not work:
        if "kind" in spans_ or not ("team" in spans_ or "email" in people):
            return "spans", spans_
        if "team" in spans_ and "email" not in people:
            return "memberships", spans_
    rest = [n for n in people.at if n not in {"employee_id", "email"}]
    if ("employee_id" in people or "email" in people) and rest:
        return "people", people
    raise unknown_columns(
        file,
        found,
        ["employee_id with name, role, team (people)", "employee_id, date, from, to (role changes)",
         "employee_id, from, to (leave)"],
    )  # fmt: skip


def _name(columns: Columns, row: dict[str, str]) -> str | None:
    whole = columns.read(row, "name")
    parts = (columns.read(row, "first_name"), columns.read(row, "last_name"))
    return whole or " ".join(part for part in parts if part) or None


def _key(columns: Columns, row: dict[str, str]) -> str | None:
    email = columns.read(row, "email")
    return columns.read(row, "employee_id") or (email.lower() if email else None)


def _person(columns: Columns, row: dict[str, str], firm: _Firm, options: ReadOptions) -> Iterator[tuple[str, Any]]:
    """One person's rows as (table, values); `ValueError` where the row cannot be read."""
    key = _key(columns, row)
    if key is None:
        raise ValueError("no employee id")
    read = {name: columns.read(row, name) for name in _PEOPLE}
    start, end = day_of(read["start"], options), day_of(read["end"], options)
    share = real(read["fte"].rstrip("% ")) if read["fte"] else None
    if share is not None and share > 1:
        share = share / 100
    if share is not None and not 0 <= share <= 1:
        raise ValueError("fte: expected a share from 0 to 1, or per cent")
    if read["zone"]:
        try:
            zone_of(read["zone"])
        except Exception:  # noqa: BLE001 (an odd zone name raises whatever the platform's files raise)
            raise ValueError("time zone: expected an IANA name such as Europe/Berlin") from None
    hours = " ".join(part for part in (read["days"], read["hours"]) if part)
    weekly = [("work", span) for span in spans(hours)] + [("on_call", span) for span in spans(read["on_call"] or "")]
    team = read["team"]
    if team:
        firm.teams.setdefault(team, team)
        if read["tier"]:
            firm.tiers.setdefault(team, set()).add(read["tier"])
    yield "people", {"external_id": key, "role": read["role"], "team_id": team, "started_on": start, "left_on": end,
                     "lead_person_id": firm.find(read["lead"]), "employment_share": share,
                     "zone": read["zone"]}  # fmt: skip
    yield from _names(key, _name(columns, row), read["email"], read["logins"])
    if team and key not in firm.moved:
        yield "memberships", {"external_id": f"{key}:{team}", "person_id": key, "team_id": team, "started_on": start,
                              "ended_on": end}  # fmt: skip
    for kind, span in weekly:
        yield "schedules", {"external_id": f"{key}:{kind}:{span.weekday}:{span.start_hour:g}", "person_id": key,
                            "kind": kind, "started_on": start, "ended_on": end, "weekday": span.weekday,
                            "start_hour": span.start_hour, "end_hour": span.end_hour}  # fmt: skip


def _names(key: str, name: str | None, email: str | None, logins: str | None) -> Iterator[tuple[str, Any]]:
    if name or email:
        yield "identities", {"external_id": f"person:{key}", "person_id": key, "display_name": name,
                             "email": email.lower() if email else None}  # fmt: skip
    for login in (logins or "").replace(",", ";").split(";"):
        handle = login.strip()
        if handle:
            naming = {"email": handle.lower()} if "@" in handle else {"handle": handle}
            yield "identities", {"external_id": f"person:{key}:{handle.lower()}", "person_id": key, **naming}


def _who(columns: Columns, row: dict[str, str], firm: _Firm) -> str:
    given = columns.read(row, "employee_id")
    if given:
        return firm.find(given) or given
    key = firm.find(columns.read(row, "email")) or firm.find(columns.read(row, "name"))
    if key is None:
        raise ValueError("no employee id, and no person of this load has that e-mail or name")
    return key


def _span(
    kind: str, columns: Columns, row: dict[str, str], firm: _Firm, options: ReadOptions
) -> Iterator[tuple[str, Any]]:
    key = _who(columns, row, firm)
    start, end = day_of(columns.read(row, "from"), options), day_of(columns.read(row, "to"), options)
    if start is None:
        raise ValueError("no first day")
    if end is not None and end < start:
        raise ValueError("the last day lies before the first")
    if kind == "memberships":
        team = columns.read(row, "team")
        if team is None:
            raise ValueError("no team")
        firm.teams.setdefault(team, team)
        yield "memberships", {"external_id": f"{key}:{team}:{start}", "person_id": key, "team_id": team,
                              "started_on": start, "ended_on": end}  # fmt: skip
        return
    on_call = "call" in (columns.read(row, "kind") or "").lower()
    what = "on_call" if on_call else "leave"
    base = {"person_id": key, "kind": what, "started_on": start, "ended_on": end}
    weekly = spans(columns.read(row, "hours") or "") if on_call else []
    for span in weekly:
        yield "schedules", {**base, "external_id": f"{key}:{what}:{start}:{span.weekday}:{span.start_hour:g}",
                            "weekday": span.weekday, "start_hour": span.start_hour,
                            "end_hour": span.end_hour}  # fmt: skip
    if not weekly:
        yield "schedules", {**base, "external_id": f"{key}:{what}:{start}"}


def _change(columns: Columns, row: dict[str, str], firm: _Firm, options: ReadOptions) -> Iterator[tuple[str, Any]]:
    key = _who(columns, row, firm)
    at = reader_of_instants(options)(columns.read(row, "date"))
    to_role = columns.read(row, "to")
    if at is None or to_role is None:
        raise ValueError("a date and the role after it are needed")
    yield "role_changes", {"external_id": f"{key}:{at:%Y-%m-%d}:{to_role}", "occurred_at": at, "person_id": key,
                           "from_role": columns.read(row, "from"), "to_role": to_role}  # fmt: skip


def _survey(files: Sequence[SourceFile]) -> _Firm:
    """Who and what the files name; raises `UnreadableFileError` for a file without a single known table."""
    firm = _Firm()
    moved: list[tuple[str | None, ...]] = []
    for file in files:
        kinds: list[str] = []
        problem: UnreadableFileError | None = None
        for found, rows in sheets(file):
            try:
                kind, columns = _kind_of(file, found)
            except UnreadableFileError as error:
                problem = error if found else problem
                continue
            kinds.append(kind)
            for item in rows if kind in {"people", "memberships"} else ():
                if isinstance(item, Rejected):
                    continue
                if kind == "memberships":
                    moved.append(tuple(columns.read(item[1], who) for who in _WHO))
                elif key := _key(columns, item[1]):
                    firm.note(key, _name(columns, item[1]), columns.read(item[1], "email"))
        if problem and not kinds:
            raise problem
    firm.moved = {key for who in moved for key in (firm.find(text) for text in who) if key}
    return firm


def _read(files: Sequence[SourceFile], options: ReadOptions) -> Iterator[Item]:
    firm = _survey(files)
    for file in files:
        for found, rows in sheets(file):
            try:
                kind, columns = _kind_of(file, found)
            except UnreadableFileError:
                kind, columns = "", Columns(found, {})
            for item in rows:
                if isinstance(item, Rejected):
                    yield item
                elif kind:
                    yield from _take(kind, columns, item, file, firm, options)
                else:
                    yield Rejected("its sheet has none of the known columns", file.name, item[0])
    for team in firm.teams:
        tiers = firm.tiers.get(team, set())
        tier = next(iter(tiers)) if len(tiers) == 1 else None
        yield Record("teams", {"external_id": team, "name": team, "tier": tier}, files[0].name, None)


def _take(
    kind: str, columns: Columns, item: Row, file: SourceFile, firm: _Firm, options: ReadOptions
) -> Iterator[Item]:
    line, row = item
    try:
        if kind == "people":
            made = list(_person(columns, row, firm, options))
        elif kind == "changes":
            made = list(_change(columns, row, firm, options))
        else:
            made = list(_span(kind, columns, row, firm, options))
    except ValueError as error:
        yield Rejected(str(error), file.name, line)
        return
    for table, values in made:
        yield Record(table, values, file.name, line)


SOURCE = Source(
    name="roster",
    label="HR roster",
    group="msp",
    accepts="people, role changes, leave and memberships as CSV or as sheets of an XLSX workbook",
    patterns=("*.csv", "*.xlsx"),
    yields=("people", "identities", "teams", "memberships", "role_changes", "schedules"),
    read=_read,
    tried="not yet tried on a live export",
    reference="the format stands in this connector's documentation; column names as common HR systems write them",
)
