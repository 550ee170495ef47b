"""Bringing the sums of signals up to date: only days whose rows changed, and the days near enough to be moved by them.

Every table that signals read is digested by local day. Days whose digest is not the one kept are touched, whatever touched
them: a new load, a late row, a correction, an erasure, another reading of a text. A signal's partials are recomputed for the
days within its `horizon_days` of a touched one, from the rows within as much again. Where the code of the signals, the
roster, the firm's week or what is left out changed, everything is.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from ibis import _

from cadre import signals
from cadre.records import BY_NAME, DERIVED_BY_NAME, Firm
from cadre.signals import SIGNALS, Signal, Tables
from cadre.warehouse import Derivation, Snapshot

Days = tuple[tuple[date, date], ...]
"""Spans of local days, both ends included, in order and apart."""

_FACTS = (
    "messages", "ticket_events", "tickets", "time_entries", "task_events", "utterances", "articles", "article_events", "meetings",
)  # fmt: skip
_DERIVED: Mapping[str, str] = {
    "answers": "answer_id", "questions": "question_id", "question_waits": "question_id",
    "ticket_expectations": "ticket_id", "ticket_holds": "event_id", "team_effects": "account_id", "learning_steps": "ticket_id",
    "stated_help": "statement_id",
}  # fmt: skip
_READ: Mapping[str, tuple[str, str]] = {
    "message_annotations": ("messages", "message_id"),
    "ticket_annotations": ("ticket_events", "event_id"),
    "utterance_annotations": ("utterances", "utterance_id"),
}
_WHOLE = ("people", "schedules")
_READINGS = frozenset({"asks_back", "constructive", "word_count", "is_readable"})
"""What signals read of an annotation beside its acts."""
_KEYS: Mapping[str, tuple[str, ...]] = {
    "messages": ("message_id", "question_id", "answer_id"),
    "ticket_events": ("event_id", "passed_event_id", "question_id", "answer_id"),
    "utterances": ("utterance_id", "question_id", "answer_id"),
    "tickets": ("ticket_id",),
    "time_entries": ("time_entry_id",),
    "task_events": ("event_id",),
    "articles": ("article_id",),
    "article_events": ("event_id",),
    "meetings": ("meeting_id",),
    "stated_help": ("statement_id",),
}
"""Table of a record -> columns, there and in what is derived from it, that hold its key."""
_PRIME = 1_000_003_999


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A record that does not count for one signal of one person."""

    person_id: str
    signal: str
    record_table: str
    record_id: str


def bring_partials_up(
    derivation: Derivation, firm: Firm, *, whole: bool = False, left_out: Sequence[LeftOut] = ()
) -> int:
    """Write `signal_partials` and the digests they stand on.

    Args:
        derivation: Being written; everything that signals read is.
        firm: Its week and holidays are in the digest.
        whole: Compute everything anew.
        left_out: Rows that do not count for a person's signal, since a contest of theirs was upheld.

    Returns:
        Rows of `signal_partials`.
    """
    tables = derivation.tables
    now = tables.arrow(_digests(tables).order_by("record_table", "day"))
    stamp = _stamp(tables, firm, left_out)
    now = pa.concat_tables([now, pa.Table.from_pylist([stamp], now.schema)])
    days = None if whole else _touched(tables.arrow(tables["day_digests"]), now)
    if days == ():
        return tables.count("signal_partials")
    written = derivation.write("signal_partials", _partials(tables, days, left_out))
    derivation.write("day_digests", now)
    return written


def _partials(tables: Snapshot, days: Days | None, left_out: Sequence[LeftOut]) -> ir.Table:
    """Partials of every signal whose tables have rows: the kept ones, and those of touched days computed anew."""
    names = DERIVED_BY_NAME["signal_partials"].schema().names
    kept = tables["signal_partials"]
    parts: list[ir.Table] = []
    for signal in SIGNALS:
        if signal.lacking(tables.filled()):
            continue
        near = None if days is None else _widened(days, signal.horizon_days)
        seen = tables if near is None else Near(tables, _widened(near, signal.horizon_days))
        made = _counting(signal, seen, tables, [row for row in left_out if row.signal == signal.name])
        if near is not None:
            made = made.filter(_within(made.day, near))
            old = kept.filter(kept.signal == signal.name)
            parts.append(old.filter(~_within(old.day, near)).select(*names))
        parts.append(made.mutate(signal=ibis.literal(signal.name)).select(*names))
    return ibis.union(*parts) if len(parts) > 1 else (parts[0] if parts else kept.limit(0))


class Near(Mapping[str, ir.Table]):
    """The tables with only the rows of some days; those that happen at no instant are whole, and so are tickets' own rows.

    Args:
        tables: All rows.
        days: Spans of local days.
    """

    def __init__(self, tables: Tables, days: Days) -> None:
        self._tables, self._days = tables, days

    def __getitem__(self, name: str) -> ir.Table:
        table = self._tables[name]
        if name == "tickets" or "local_at" not in table.columns:
            return table
        return table.filter(_within(table.local_at.date(), self._days))

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)


class Without(Mapping[str, ir.Table]):
    """The tables without some records, wherever their key stands.

    Args:
        tables: All rows.
        keys: Column that holds a key -> keys left out.
    """

    def __init__(self, tables: Tables, keys: Mapping[str, frozenset[str]]) -> None:
        self._tables, self._keys = tables, keys

    def __getitem__(self, name: str) -> ir.Table:
        table = self._tables[name]
        for column in self._keys.keys() & set(table.columns):
            table = table.filter(table[column].isnull() | table[column].notin(sorted(self._keys[column])))
        return table

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)


def _counting(signal: Signal, seen: Tables, tables: Snapshot, left_out: Sequence[LeftOut]) -> ir.Table:
    """Partials of one signal; those of a person with rows left out are computed without these."""
    made = signal.partials(seen)
    owners = tables["person_accounts"]
    for person in sorted({row.person_id for row in left_out}):
        keys: dict[str, frozenset[str]] = {}
        for row in left_out:
            for column in _KEYS.get(row.record_table, ()) if row.person_id == person else ():
                keys[column] = keys.get(column, frozenset()) | {row.record_id}
        own = owners.filter(owners.person_id == person).select("account_id")
        instead = signal.partials(Without(seen, keys)).semi_join(own, "account_id")
        made = made.anti_join(own, "account_id").union(instead.select(*made.columns))
    return made


def _within(day: ir.DateValue, days: Days) -> ir.BooleanValue:
    found: ir.BooleanValue = ibis.literal(value=False)
    for first, last in days:
        found |= day.between(ibis.literal(first), ibis.literal(last))
    return found


def _widened(days: Days, by: int) -> Days:
    """Spans made longer by so many days at both ends; what then touches is joined."""
    wide: list[tuple[date, date]] = []
    for first, last in sorted(days):
        low, high = first - timedelta(days=by), last + timedelta(days=by)
        if wide and low <= wide[-1][1] + timedelta(days=1):
            wide[-1] = (wide[-1][0], max(wide[-1][1], high))
        else:
            wide.append((low, high))
    return tuple(wide)


def _touched(kept: pa.Table, now: pa.Table) -> Days | None:
    """Days on which any table changed; None where everything has to be computed anew."""
    before, after = (
        {(row["record_table"], row["day"]): (row["n"], row["digest"]) for row in table.to_pylist()}
        for table in (kept, now)
    )
    changed = {key[1] for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
    if None in changed:
        return None
    return _widened(tuple((day, day) for day in sorted(changed)), 0)


def _digests(tables: Snapshot) -> ir.Table:
    """Rows and digest of each table and local day."""
    parts = []
    kinds = tables["channels"].select("channel_id", channel_kind="kind")
    for name in _FACTS:
        table = tables[name]
        if name == "messages":  # what a channel is tells what its messages are
            table = table.left_join(kinds, "channel_id")
            parts.append(_by_day(name, table, table.content_digest, table.channel_kind))
        else:
            parts.append(_by_day(name, table, table.content_digest, table[BY_NAME[name].key]))
    for name, key in _DERIVED.items():
        table = tables[name]
        parts.append(_by_day(name, table, table[key], *(table[c] for c in table.columns if c != key)))
    for name, (record, key) in _READ.items():
        table = tables[name].join(tables[record].select(key, "local_at"), key)
        told = [table[c] for c in table.columns if c.startswith("act_") or c in _READINGS]
        parts.append(_by_day(name, table, table[key], *told))
        links = tables["reply_links"].filter(_.record_table == record).drop("record_table")
        linked = links.join(tables[record].select(key, "local_at"), [("record_id", key)])
        columns = (linked[c] for c in ("parent_id", "probability"))
        parts.append(_by_day(f"reply_links {record}", linked, linked.record_id, *columns))
    return ibis.union(*parts)


def _by_day(name: str, table: ir.Table, *columns: ir.Value) -> ir.Table:
    row: ir.IntegerValue = ibis.literal(0, "int64")
    for column in columns:
        row = (row * 1009 + ibis.coalesce(column.hash() % _PRIME, ibis.literal(7, "int64")).cast("int64")) % _PRIME
    dated = table.select(day=table.local_at.date(), row=row).filter(_.day.notnull())
    return dated.group_by("day").agg(n=_.count(), digest=_.row.sum().cast("int64")).select(
        "day", "n", "digest", record_table=ibis.literal(name)
    ).select("record_table", "day", "n", "digest")  # fmt: skip


def _stamp(tables: Snapshot, firm: Firm, left_out: Sequence[LeftOut]) -> dict[str, object]:
    """What a change of makes everything be computed anew: code, roster, the firm's week, and rows left out."""
    told = [_code(), json.dumps(asdict(firm), sort_keys=True)]
    told += sorted(str(row) for row in left_out)
    for name in _WHOLE:
        table = tables[name]
        told += [str(row) for row in tables.rows(table.select("content_digest").order_by("content_digest"))]
    owners = tables["person_accounts"].semi_join(tables["people"], "person_id").select("account_id", "person_id")
    told += [str(row) for row in tables.rows(owners.order_by("account_id"))]
    told += sorted(signal.name for signal in SIGNALS if not signal.lacking(tables.filled()))
    digest = int.from_bytes(hashlib.blake2b("\n".join(told).encode(), digest_size=7).digest(), "big")
    return {"record_table": "", "day": None, "n": len(told), "digest": digest}


@cache
def _code() -> str:
    """Digest of the code of the signals."""
    folder = Path(signals.__file__).parent
    told = hashlib.blake2b(digest_size=16)
    for path in sorted(folder.rglob("*.py")):
        told.update(path.read_bytes())
    return told.hexdigest()
