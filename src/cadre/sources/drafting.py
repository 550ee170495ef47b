"""Drafting a mapping by looking at a table: names of its columns first, what its cells look like second.

Keeps true: a draft is TOML that `table` accepts as it stands or says at its top what it lacks; every guess is a line
with the reason behind it, every column left out is named; no cell is quoted but short words of a priority or status.
"""

from collections.abc import Iterable, Mapping
from itertools import islice

from cadre.records import BY_NAME
from cadre.sources.columns import NULLS, plain, urgency
from cadre.sources.reading import Row, rows
from cadre.sources.source import Rejected, SourceFile
from cadre.sources.times import date_habit, instant, looks_numeric

_LOOK_ROWS = 2_000

_NAMES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "time_entries": {
        "occurred_at": ("date", "workdate", "start", "starttime", "dateworked", "entrydate", "timestart"),
        "hours": ("hours", "actualhours", "hoursworked", "duration", "timespent", "minutes", "durationminutes"),
        "account_id": ("member", "resource", "technician", "tech", "employee", "user", "agent", "worker", "name"),
        "ticket_id": ("ticket", "ticketid", "ticketnumber", "ticketno"),
        "client_id": ("client", "company", "customer", "account", "organization", "organisation"),
        "kind": ("worktype", "worktypename", "type", "workrole"),
        "is_billable": ("billable", "isbillable", "billableoption"),
    },
    "ratings": {
        "occurred_at": ("date", "rated", "ratedat", "surveydate", "submitted", "responsedate"),
        "score_share": ("rating", "score", "csat", "satisfaction"),
        "ticket_id": ("ticket", "ticketid", "ticketnumber"),
        "client_id": ("client", "company", "customer"),
        "account_id": ("technician", "agent", "member", "resource"),
    },
    "messages": {
        "occurred_at": ("timestamp", "time", "date", "sentat", "ts", "created", "createdat", "datetime"),
        "account_id": ("author", "sender", "user", "username", "from", "nick", "speaker"),
        "channel_id": ("channel", "room", "conversation", "chat", "group"),
        "reply_to_id": ("replyto", "parentid", "parent", "inreplyto"),
    },
    "tickets": {
        "occurred_at": ("opened", "openedat", "created", "createdat", "createdon", "createddate", "createdate", "dateopened",
                        "dateentered", "dateoccurred", "opendate", "datecreated", "reported", "reportedat", "submitted"),
        "client_id": ("company", "companyname", "client", "clientname", "customer", "organization", "organisation", "account"),
        "type": ("type", "casetype", "tickettype", "recordtype", "issuetype"),
        "category": ("category", "topic", "topicgroup", "subtype", "issue", "subissuetype", "categorization", "classification"),
        "priority": ("priority", "urgency", "prio", "severity"),
        "channel": ("source", "channel", "origin", "contacttype", "via"),
        "team_id": ("board", "queue", "team", "assignmentgroup", "assignedgroup", "group", "servicedesk", "department"),
        "assignee_account_id": ("assignedto", "assignee", "owner", "resource", "technician", "agent", "assignedresource",
                                "primaryresource", "tech"),
        "resolver_account_id": ("resolvedby", "closedby", "completedby"),
        "requester_account_id": ("requester", "contact", "contactname", "caller", "requestedby", "enduser", "raisedby",
                                 "reportedby", "openedby"),
        "status": ("status", "state", "ticketstatus"),
        "resolved_at": ("resolved", "resolvedat", "resolvedon", "dateresolved", "resolutiondate", "completed", "completeddate"),
        "closed_at": ("closed", "closedat", "closedon", "dateclosed", "closedate", "closeddate"),
        "sla_due_at": ("due", "dueat", "duedate", "duedatetime", "slatarget", "requireddate", "deadline", "fixbydate"),
        "sla_met": ("slamet", "madesla", "withinsla", "slacompliant"),
        "reopen_count": ("reopens", "reopencount", "reopened"),
    },
}  # fmt: skip
_NEEDS = {"time_entries": ("occurred_at", "hours", "account_id"), "ratings": ("occurred_at", "score_share"),
          "messages": ("occurred_at", "account_id", "channel_id"), "tickets": ()}  # fmt: skip
_IDS = ("id", "number", "ticketnumber", "ticketid", "ticketno", "ticket", "caseid", "casenumber", "key", "reference", "ref",
        "recordid", "incidentnumber", "messageid", "entryid")  # fmt: skip
_UNKNOWN = frozenset({"unknown", "unspecified", "not set", "unset", "tbd", "undefined", "(blank)"})
_TITLES = ("summary", "title", "subject", "shortdescription", "headline")
_BODIES = ("description", "body", "text", "message", "document", "casetext", "details", "notes", "initialdescription",
           "content", "comment")  # fmt: skip


def draft(file: SourceFile) -> str:
    """A mapping for a table, as TOML with a reason behind every guess."""
    look = [row for row in islice(rows(file), _LOOK_ROWS) if not isinstance(row, Rejected)]
    if not look:
        return f"# {file.name}: no rows to look at, so nothing could be guessed.\n"
    names = list(look[0][1])
    by_plain = {plain(name): name for name in reversed(names)}
    cells = {name: _cells(look, name) for name in names}
    target = _target(by_plain)
    lines, taken = _columns(target, by_plain, cells)
    key = next((by_plain[n] for n in _IDS if n in by_plain and _is_key(cells[by_plain[n]], len(look))), None)
    if key:
        taken.add(key)
    words = _texts(by_plain, cells, taken)
    taken |= set(words.values())
    lacking = [c.name for c in BY_NAME[target].columns if c.required and c.name not in {line[0] for line in lines}]
    made = [f"# Drafted from {file.name} by its column names and its first {len(look):,} rows. Check every line."]
    made += _dates(cells)
    unknown = sorted({cell for column in cells.values() for cell in set(column) if cell.lower() in _UNKNOWN})
    if unknown:
        listed = ", ".join(_quoted(word) for word in ("?", "null", "none", "n/a", *unknown))
        made.append(f"nulls = [{listed}]  # words that mean: not told")
    made += ["", "[[table]]", f'to = "{target}"']
    made.append(
        f"id = [{_quoted(key)}]"
        if key
        else "# id: no column tells each row apart; ids are made from the rows' content."
    )
    constants = {"messages": {"kind": "message"}}.get(target, {})
    for name in [c for c in lacking if c not in constants]:
        made.append(
            f"# {name} is needed and no column looked like it: add it under [table.columns] or [table.constants]."
        )
    made += ["", "[table.columns]", *(f"{name} = {_quoted(column)}  # {why}" for name, column, why in lines)]
    if constants:
        made += ["", "[table.constants]", *(f'{k} = "{v}"' for k, v in constants.items())]
    made += _priorities(lines, cells)
    made += _scales(lines, cells)
    if words:
        made += ["", "[table.texts]", *(f"{field} = {_quoted(column)}" for field, column in words.items())]
    left = [name for name in names if name not in taken]
    if left:
        made += ["", f"# Not used: {', '.join(left)}."]
    return "\n".join(made) + "\n"


def _target(by_plain: Mapping[str, str]) -> str:
    """The canonical table whose needed columns are there; tickets where none other fits."""
    for name, needed in _NEEDS.items():
        if needed and all(any(n in by_plain for n in _NAMES[name][c]) for c in needed):
            return name
    return "tickets"


def _columns(
    target: str, by_plain: Mapping[str, str], cells: Mapping[str, list[str]]
) -> tuple[list[tuple[str, str, str]], set[str]]:
    lines: list[tuple[str, str, str]] = []
    taken: set[str] = set()
    for column, options in _NAMES[target].items():
        kind = BY_NAME[target].column(column).kind
        for name in (column.removesuffix("_at").replace("_", ""), *options):
            found = by_plain.get(name)
            if found is None or found in taken:
                continue
            why = _fits(kind, cells[found], column)
            if why:
                lines.append((column, found, why))
                taken.add(found)
                break
    return lines, taken


def _fits(kind: str, cells: list[str], column: str) -> str:
    """Why a column's cells can be of that kind; empty where they cannot."""
    if not cells:
        return "by its name; every cell looked at was empty"
    match kind:
        case "instant":
            good = sum(_is_time(cell) for cell in cells)
            return f"by its name; {good:,} of {len(cells):,} cells are times" if good > 0.8 * len(cells) else ""
        case "real":
            return "by its name; its cells are numbers" if _numbers(cells) > 0.8 * len(cells) else ""
        case "integer" if column == "priority":
            good = sum(urgency(cell) is not None for cell in cells)
            return f"by its name; {len(set(cells))} words or numbers" if good or len(set(cells)) < 12 else ""
        case "integer":
            return "by its name; its cells are numbers" if _numbers(cells) > 0.8 * len(cells) else ""
    return "by its name"


def _priorities(lines: Iterable[tuple[str, str, str]], cells: Mapping[str, list[str]]) -> list[str]:
    column = next((found for name, found, _ in lines if name == "priority"), None)
    if column is None:
        return []
    words = {cell for cell in cells[column] if urgency(cell) is None and len(cell) < 30}
    strange = sorted(word for word in words if word.lower() not in _UNKNOWN)[:12]
    if not strange:
        return []
    made = ["", "# Words of a priority that are not known: give each a number from 1 (most urgent) to 5, or list it in nulls.",
            "[table.values.priority]"]  # fmt: skip
    return made + [f"{_quoted(word)} = 3  # a guess" for word in strange]


def _scales(lines: Iterable[tuple[str, str, str]], cells: Mapping[str, list[str]]) -> list[str]:
    for name, found, _ in lines:
        if name == "hours" and "minute" in found.lower():
            return ["", "[table.scales]", "hours = 0.016666666666666666  # the column is in minutes"]
        if name == "score_share" and cells[found]:
            most = max(float(c) for c in cells[found] if _numbers([c]))
            if most > 1:
                return [
                    "",
                    "[table.scales]",
                    f"score_share = {1 / most}  # the highest score seen is {most:g}; 0 is taken as worst",
                ]
    return []


def _dates(cells: Mapping[str, list[str]]) -> list[str]:
    texts = [cell for column in cells.values() for cell in column if looks_numeric(cell)]
    if not texts:
        return []
    habit, days, months = date_habit(texts)
    if habit is None:
        return ["# day_first: no date tells whether 03/04 is April or March; set it.", "# day_first = true"]
    return [f"day_first = {str(habit).lower()}  # {max(days, months):,} dates can only be read so"]


def _texts(by_plain: Mapping[str, str], cells: Mapping[str, list[str]], taken: set[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for field, names in (("title", _TITLES), ("body", _BODIES)):
        column = next((by_plain[n] for n in names if n in by_plain and by_plain[n] not in taken), None)
        if column and cells[column] and column not in found.values():
            found[field] = column
    return found


def _cells(look: list[Row], name: str) -> list[str]:
    return [row[name] for _, row in look if row.get(name, "").lower() not in NULLS]


def _is_key(cells: list[str], count: int) -> bool:
    return len(cells) == count == len(set(cells))


def _is_time(cell: str) -> bool:
    if looks_numeric(cell):
        return True
    try:
        instant(cell, "UTC")
    except ValueError:
        return False
    return True


def _numbers(cells: Iterable[str]) -> int:
    good = 0
    for cell in cells:
        try:
            float(cell.replace(",", "."))
            good += 1
        except ValueError:
            continue
    return good


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
