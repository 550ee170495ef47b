"""Project events: who authored, reviewed, tested or merged which change, and who was made maintainer when.

Keeps true: tables are told by their columns; a row is one task event, a change is one task of its author. Rows carry
a date alone, so they count as 12:00 in the source's zone: days are right, hours mean nothing. The key of an event is
its content, so a later export adds no doubles; rows that are exact repeats get an ordinal and are all kept. A first
listing on the initial list is no promotion: its role before is `listed at the start`.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time
from functools import lru_cache
from hashlib import blake2b

from cadre.sources.columns import Columns, flag, unknown_columns
from cadre.sources.reading import rows
from cadre.sources.source import Item, ReadOptions, Record, Rejected, Source, SourceFile
from cadre.sources.times import day, zone_of

WANTED = {
    "project": ("repo", "repository"),
    "date": (),
    "kind": (),
    "actor": (),
    "author": ("patch_author",),
    "change": ("commit_no",),
    "person": (),
    "listed": ("first_listed_date",),
    "initial": ("initial_list",),
}
KINDS = {
    "commit": "authored",
    "apply": "merged",
    "reviewed": "reviewed",
    "tested": "tested",
    "acked": "approved",
    "helped": "helped",
    "reported": "reported",
    "suggested": "suggested",
}
AT_START = "listed at the start"
MAINTAINER = "maintainer"
_HOUR = time(12)


class _Projects:
    """Reads the rows of all files of a load; keeps one task a change and how often a row was met."""

    def __init__(self, options: ReadOptions) -> None:
        zone, day_first = zone_of(options.zone), options.day_first

        @lru_cache(maxsize=4096)
        def at(text: str) -> datetime:
            return datetime.combine(day(text, day_first=day_first), _HOUR, zone).astimezone(UTC)

        self.at = at
        self.repeats: dict[bytes, int] = {}
        self.tasks: dict[tuple[str, str], tuple[str | None, datetime | None, str]] = {}
        self.accounts: dict[str, str] = {}

    def event(self, columns: Columns, row: dict[str, str], file: str, line: int) -> Record:
        """The task event of one row; `ValueError` where it cannot be read."""
        project, change = columns.read(row, "project"), columns.read(row, "change")
        actor, author = columns.read(row, "actor"), columns.read(row, "author")
        kind, on = KINDS.get((columns.read(row, "kind") or "").lower()), columns.read(row, "date")
        if project is None or change is None:
            raise ValueError("no repository or no number of the change")
        if actor is None:
            raise ValueError("no actor")
        if kind is None:
            raise ValueError(f"kind: expected one of {', '.join(KINDS)}")
        if on is None:
            raise ValueError("no date")
        at = self.at(on)
        self.accounts.setdefault(actor, file)
        if author is not None:
            self.accounts.setdefault(author, file)
        known_author, made_at, first_file = self.tasks.get((project, change), (None, None, file))
        made_at = at if kind == "authored" else made_at
        self.tasks[project, change] = (known_author or author, made_at, first_file)
        values = {
            "external_id": self._key(project, change, kind, actor, author or "", on),
            "occurred_at": at,
            "task_id": f"{project}#{change}",
            "kind": kind,
            "actor_account_id": actor,
            "for_account_id": author,
        }
        return Record("task_events", values, file, line)

    def promotion(self, columns: Columns, row: dict[str, str], file: str, line: int) -> Record:
        """The role change of one row; `ValueError` where it cannot be read."""
        project, person = columns.read(row, "project"), columns.read(row, "person")
        on, initial = columns.read(row, "listed"), flag(columns.read(row, "initial"))
        if project is None or person is None or on is None:
            raise ValueError("no repository, no person or no date of listing")
        at = self.at(on)
        self.accounts.setdefault(person, file)
        values = {
            "external_id": self._key(project, person, on, MAINTAINER),
            "occurred_at": at,
            "account_id": person,
            "from_role": AT_START if initial else None,
            "to_role": MAINTAINER,
        }
        return Record("role_changes", values, file, line)

    def _key(self, *parts: str) -> str:
        told = "|".join(parts)
        mark = blake2b(told.encode(), digest_size=12).digest()
        ordinal = self.repeats[mark] = self.repeats.get(mark, -1) + 1
        return f"{told}|{ordinal}"

    def close(self) -> Iterator[Record]:
        """The tasks, and whom they name."""
        for (project, change), (author, made_at, file) in self.tasks.items():
            values = {
                "external_id": f"{project}#{change}",
                "occurred_at": made_at,
                "account_id": author,
                "project": project,
            }
            yield Record("tasks", values, file, None)
        for key, file in self.accounts.items():
            yield Record("accounts", {"external_id": key, "kind": "staff"}, file, None)
            told = {"external_id": f"account:{key}", "account_id": key, "handle": key}
            yield Record("identities", told, file, None)


def _read(files: Sequence[SourceFile], options: ReadOptions) -> Iterator[Item]:
    projects = _Projects(options)
    for file in files:
        columns: Columns | None = None
        for item in rows(file):
            if isinstance(item, Rejected):
                yield item
                continue
            line, row = item
            if columns is None:
                columns = Columns(row, WANTED)
                if columns.has("project", "person", "listed"):
                    take = projects.promotion
                elif columns.has("project", "date", "kind", "actor", "change"):
                    take = projects.event
                else:
                    expected = ["repo", "date", "kind", "actor", "commit_no", "or person, first_listed_date"]
                    raise unknown_columns(file, columns.found, expected)
            try:
                yield take(columns, row, file.name, line)
            except ValueError as error:
                yield Rejected(str(error), file.name, line)
    yield from projects.close()


SOURCE = Source(
    name="project-events",
    label="Project events",
    group="study",
    accepts="tables of who did what to which change, and of who became maintainer when, as CSV",
    patterns=("*_events.csv", "*_events.csv.gz", "*_promotions.csv", "*_promotions.csv.gz"),
    yields=("tasks", "task_events", "role_changes", "accounts", "identities"),
    read=_read,
    tried="three public project histories of 492,893 events and 523 listings",
    reference="git-log(1) and the trailers of the Linux kernel's submitting-patches documentation",
)
