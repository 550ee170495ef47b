"""A table of one's own (CSV, XLSX, Parquet), read through a checked mapping.

Keeps true: a row goes whole or is refused whole, with the column that was wrong; names and addresses of the accounts,
clients and channels it names go to `identities`, its words to `texts`, apart from the rest.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from cadre.errors import UnreadableFileError
from cadre.records.schema import FILLED, Column
from cadre.sources.columns import day_of, flag, reader_of_instants, real, urgency, whole
from cadre.sources.flat import Ids, Named
from cadre.sources.mapping import HINT, Mapped, Target, parse
from cadre.sources.reading import rows
from cadre.sources.source import Item, ReadOptions, Record, Rejected, Source, SourceFile

_CLIENTS = frozenset({"requester_account_id"})
"""Account columns whose accounts are clients unless the mapping tells otherwise."""


class _Cells:
    """Reads the cells of rows as the mapping says."""

    def __init__(self, mapped: Mapped, options: ReadOptions) -> None:
        day_first = mapped.day_first if mapped.day_first is not None else options.day_first
        self._options = ReadOptions(zone=mapped.zone or options.zone, day_first=day_first)
        self._nulls = mapped.nulls
        self._by_kind: dict[str, Callable[[str], Any]] = {
            "text": str, "integer": whole, "real": real, "flag": flag,
            "instant": reader_of_instants(self._options), "date": lambda told: day_of(told, self._options),
        }  # fmt: skip
        self.named = Named()
        self.channels: set[str] = set()

    def text(self, row: Mapping[str, str], name: str) -> str | None:
        """A cell, None where it is missing."""
        cell = row.get(name, "")
        return None if cell.lower() in self._nulls else cell

    def value(self, target: Target, column: Column, row: Mapping[str, str]) -> Any:
        """The value of a canonical column; `ValueError` where the cell is none."""
        if column.name not in target.columns:
            value = target.constants.get(column.name)
        else:
            told = self.text(row, target.columns[column.name])
            value = None if told is None else self._read(target, column, told)
        return self._noted(target, column, value)

    def _read(self, target: Target, column: Column, told: str) -> Any:
        words = target.values.get(column.name)
        if words and told.lower() in words:
            return words[told.lower()]
        if column.name in {"priority", "severity"}:
            number = urgency(told)
            if number is None:
                raise ValueError(f"no {column.name} word or number; list it under values")
            return number
        if column.kind == "texts":
            parts = told.split(target.separators.get(column.name, ","))
            return [part.strip() for part in parts if part.strip()]
        found = self._by_kind[column.kind](told)
        return found * target.scales.get(column.name, 1.0) if isinstance(found, float) else found

    def _noted(self, target: Target, column: Column, value: Any) -> Any:
        """Note what the value names, so that the account, client, team or channel is there."""
        for each in value if isinstance(value, list) else [value]:
            if each is None:
                continue
            match column.ref:
                case "accounts":
                    kind = target.kinds.get(column.name, "client" if column.name in _CLIENTS else "staff")
                    self.named.account(each, kind, name=None if "@" in each else each)
                case "clients":
                    self.named.client(each)
                case "teams":
                    self.named.team(each)
                case "channels":
                    self.channels.add(each)
        return value


def _read(files: Sequence[SourceFile], options: ReadOptions) -> Iterator[Item]:
    mapped = parse(options.mapping)
    cells = _Cells(mapped, options)
    ids = {number: Ids() for number in range(len(mapped.targets))}
    for file in files:
        is_first = True
        for item in rows(file, mapped.sheet):
            if isinstance(item, Rejected):
                yield item
                continue
            line, row = item
            if is_first:
                _check_columns(mapped, row, file)
                is_first = False
            try:
                made = [r for n, target in enumerate(mapped.targets) for r in _records(cells, target, row, ids[n])]
            except ValueError as error:
                yield Rejected(str(error), file.name, line)
                continue
            for table, values in made:
                yield Record(table, values, file.name, line)
    if files:
        yield from cells.named.records(files[0].name)
        for key in sorted(cells.channels):
            yield Record("channels", {"external_id": key, "kind": "public"}, files[0].name, None)


def _records(cells: _Cells, target: Target, row: Mapping[str, str], ids: Ids) -> Iterator[tuple[str, dict[str, Any]]]:
    values: dict[str, Any] = {}
    for column in (*FILLED[1:], *target.table.columns):
        try:
            values[column.name] = cells.value(target, column, row)
        except ValueError as error:
            raise ValueError(f"{target.columns.get(column.name, column.name)}: {error}") from None
    parts = [cells.text(row, name) for name in target.id]
    if target.id and all(part is None for part in parts):
        raise ValueError(f"no {' or '.join(target.id)}, which make the row's id")
    key = "/".join(part or "" for part in parts) if target.id else ids.of(row)
    yield target.table.name, {"external_id": key, **values}
    author = next(
        (values[c] for c in ("account_id", "actor_account_id", "requester_account_id") if values.get(c)), None
    )
    for name, source in target.texts.items():
        body = cells.text(row, source)
        if body:
            yield "texts", {"external_id": f"{target.table.name}/{key}/{name}", "record_table": target.table.name,
                            "record_id": key, "field": name, "account_id": author, "body": body}  # fmt: skip


def _check_columns(mapped: Mapped, row: Mapping[str, str], file: SourceFile) -> None:
    wanted = {c for t in mapped.targets for c in (*t.id, *t.columns.values(), *t.texts.values())}
    missing = sorted(wanted - set(row))
    if missing:
        found = ", ".join(list(row)[:30])
        raise UnreadableFileError(
            f"{file.name}: found the columns {found}; the mapping names {', '.join(missing)}", hint=HINT
        )


SOURCE = Source(
    name="table",
    label="A table of your own, with a mapping",
    group="msp",
    accepts="CSV, TSV, XLSX or Parquet, with a TOML mapping that `cadre map` drafts",
    patterns=("*.csv", "*.csv.gz", "*.tsv", "*.xlsx", "*.parquet"),
    yields=(
        "tickets", "ticket_events", "time_entries", "ratings", "messages", "channels", "tasks", "task_events", "alerts",
        "articles", "article_events", "meetings", "attendances", "utterances", "survey_responses", "accounts",
        "identities", "clients", "teams", "texts",
    ),
    read=_read,
    tried="two public ticket tables (38,000 and 2,500 rows)",
    reference="docs/how-to/first-real-ingest.md",
)  # fmt: skip
