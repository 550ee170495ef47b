"""Annotating what was written and said, as far as it is new or changed; can be stopped and goes on where it stopped.

Keeps true: every portion is published whole, so an interruption loses at most the portion at work; annotating again
changes nothing; the same record gives the same annotations however many loads it came in.
"""

import hashlib
import os
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any, Self

import pyarrow as pa
import pyarrow.compute as pc
from ibis import _

from cadre.access.principal import Principal
from cadre.clock import Clock
from cadre.language import blocks as found_blocks
from cadre.language.annotation import CONTEXT_AFTER, CONTEXT_BEFORE, Said, annotations, version
from cadre.language.blocks import ANNOTATED, KEYS, SEPARATOR
from cadre.services.computing.ingest import Progress
from cadre.warehouse import Derivation, Snapshot, Warehouse

PORTION_TURNS = 40_000
"""Turns annotated before they are published; some ten seconds' work."""
BATCH_TURNS = 10_000
"""Turns read together; a longer block is read whole."""

MANY_TURNS, MAX_PROCESSES = 15_000, 4
"""From so many turns in a portion on, processes read side by side; starting them takes some seconds."""

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Block:
    """A block of one table as it is now: its digest with its neighbours', its size, the blocks read around it."""

    key: Key
    digest: str
    turns: int
    beside: tuple[Key, ...]
    is_dropped: bool


def annotate(
    principal: Principal, warehouse: Warehouse, clock: Clock, *, progress: Progress = lambda step, rows: None
) -> dict[str, int]:
    """Bring the annotations up to the record.

    Args:
        principal: Who asks.
        warehouse: The workspace's record.
        clock: Tells now.
        progress: Called after every portion, with the turns annotated so far.

    Returns:
        Table -> turns annotated; no entry for a table with nothing new.
    """
    del principal
    done: dict[str, int] = defaultdict(int)
    with _Readers() as readers:
        for name in ANNOTATED:
            _bring_up(name, warehouse, clock, readers, done, progress)
    return dict(done)


def _bring_up(
    name: str, warehouse: Warehouse, clock: Clock, readers: "_Readers", done: dict[str, int], progress: Progress
) -> None:
    """Annotate what is stale of one table, portion by portion."""
    while True:
        with warehouse.deriving(clock.now()) as derivation:
            stale, gone = _stale(derivation.tables, name)
            if not stale and not gone:
                return
            portion = _first(stale)
            _write(derivation, name, portion, gone, readers)
            derivation.publish()
        if portion:
            done[name] += sum(block.turns for block in portion)
            progress(f"reading {name.replace('_', ' ')}", done[name])
        if len(portion) == len(stale):
            return


class _Readers:
    """Reads batches here, or where a portion holds many turns in processes beside, which start once."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool:
            self._pool.shutdown(cancel_futures=True)

    def read(self, batches: Iterator[Said], turns: int) -> Iterator[tuple[pa.Table, pa.Table]]:
        """Annotations of each batch, in order; batches are fetched while others are read."""
        count = min(os.cpu_count() or 1, MAX_PROCESSES)
        if turns < MANY_TURNS or count < 2:
            yield from map(annotations, batches)
            return
        self._pool = self._pool or ProcessPoolExecutor(count, mp_context=get_context("spawn"))
        waiting = deque[Future[tuple[pa.Table, pa.Table]]]()
        for batch in batches:
            waiting.append(self._pool.submit(annotations, batch))
            if len(waiting) > count:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _stale(tables: Snapshot, name: str) -> tuple[list[_Block], list[Key]]:
    """Blocks to annotate, and keys of blocks whose turns are gone."""
    if not tables.count("texts") and not tables.count("annotation_blocks"):
        return [], []  # a record without any words: who answers whom stands in its threads and mentions alone
    now = tables.rows(found_blocks.blocks(tables, name).order_by("container_id", "block"))
    kept_table = tables["annotation_blocks"]
    kept = {
        (row["container_id"], row["block"]): (row["digest"], row["model_version"])
        for row in tables.rows(kept_table.filter(kept_table.record_table == name))
    }
    current = _with_neighbours(now, _names(tables) if now else {})
    if not current:
        return [], list(kept)
    # A block whose words were dropped cannot be read again; what was read from it stays.
    stale = [b for b in current if kept.get(b.key) != (b.digest, version()) and not (b.is_dropped and b.key in kept)]
    return stale, list(set(kept) - {block.key for block in current})


def _with_neighbours(rows: Sequence[Mapping[str, Any]], names: Mapping[str, Sequence[str]]) -> list[_Block]:
    """Blocks with digests that cover their turns, the months beside them and what their speakers are called."""
    found = []
    for k, row in enumerate(rows):
        key = (str(row["container_id"]), str(row["block"]))
        around = [
            rows[n] for n in (k - 1, k + 1) if 0 <= n < len(rows) and rows[n]["container_id"] == row["container_id"]
        ]
        told = [(each["block"], each["digest"], each["turns_count"]) for each in (row, *around)]
        called = sorted((account, sorted(names.get(account, ()))) for account in row["account_ids"] if account)
        digest = hashlib.blake2b(repr((told, called)).encode("utf-8", "replace"), digest_size=12).hexdigest()
        found.append(
            _Block(
                key,
                digest,
                int(str(row["turns_count"])),
                tuple((key[0], str(each["block"])) for each in around),
                bool(row["dropped_count"]),
            )
        )
    return found


def _first(stale: list[_Block]) -> list[_Block]:
    """As many blocks as make a portion; at least one."""
    taken: list[_Block] = []
    turns = 0
    for block in stale:
        turns += block.turns
        if taken and turns > PORTION_TURNS:
            break
        taken.append(block)
    return taken


def _write(derivation: Derivation, name: str, portion: list[_Block], gone: list[Key], readers: _Readers) -> None:
    names = _names(derivation.tables)
    lists = _lists(derivation.tables)
    annotated, linked = [], []
    batches = (
        _said(rows, names, name, *lists)
        for batch in _batches(portion)
        if (rows := _rows(derivation.tables, name, batch)).num_rows
    )
    for found, links in readers.read(batches, sum(block.turns for block in portion)):
        annotated.append(found.rename_columns([KEYS[name] if c == "record_id" else c for c in found.column_names]))
        linked.append(links.append_column("record_table", pa.array([name] * links.num_rows, pa.string())))
    redone = [SEPARATOR.join(key) for key in (*(block.key for block in portion), *gone)]
    for table, new in (
        (ANNOTATED[name], annotated),
        ("reply_links", linked),
        ("annotation_blocks", [_ledger(name, portion, version())]),
    ):
        _forget(derivation, table, name, redone)
        for rows in new:
            if rows.num_rows:
                derivation.append(table, rows)


def _forget(derivation: Derivation, table: str, name: str, redone: list[str]) -> None:
    """Take the rows of redone blocks out of a table; nothing is written where there are none."""
    old = derivation.tables[table]
    if not derivation.tables.count(table):
        return
    mine = (old.container_id + SEPARATOR + old.block).isin(redone)
    if "record_table" in old.columns:
        mine = mine & (old.record_table == name)
    if derivation.tables.rows(old.filter(mine).agg(n=_.count()))[0]["n"]:
        derivation.write(table, old.filter(~mine))


def _batches(portion: list[_Block]) -> Iterator[list[_Block]]:
    batch: list[_Block] = []
    turns = 0
    for block in portion:
        if batch and turns + block.turns > BATCH_TURNS:
            yield batch
            batch, turns = [], 0
        batch.append(block)
        turns += block.turns
    if batch:
        yield batch


def _rows(tables: Snapshot, name: str, batch: list[_Block]) -> pa.Table:
    """Rows of a batch's blocks, each with what is read beside it: a block is read by itself, whatever its batch.

    Returns:
        Rows of `language.blocks.rows` and `is_context`; `part` tells blocks apart, and a turn stands in it once as
        itself and perhaps again as context of the next block.
    """
    wanted = {key for block in batch for key in (block.key, *block.beside)}
    rows = tables.arrow(found_blocks.rows(tables, name, sorted(wanted)))
    columns = {each: rows.column(each).to_pylist() for each in ("container_id", "block", "part", "is_root")}
    places = defaultdict[Key, list[int]](list)
    for k, key in enumerate(zip(columns["container_id"], columns["block"], strict=True)):
        places[key].append(k)
    taken: list[int] = []
    context: list[bool] = []
    parts: list[str] = []
    for block in batch:
        here = sorted(k for key in (block.key, *block.beside) for k in places[key])
        aside = [columns["is_root"][k] or columns["block"][k] != block.key[1] for k in here]
        keep = _near_kept(aside, [columns["part"][k] for k in here], CONTEXT_BEFORE, CONTEXT_AFTER)
        taken += [k for k, kept in zip(here, keep, strict=True) if kept]
        context += [each for each, kept in zip(aside, keep, strict=True) if kept]
        parts += [f"{columns['part'][k]}{SEPARATOR}{block.key[1]}" for k, kept in zip(here, keep, strict=True) if kept]
    found = rows.take(pa.array(taken, pa.int64())).append_column("is_context", pa.array(context, pa.bool_()))
    return found.set_column(found.schema.get_field_index("part"), "part", pa.array(parts, pa.string()))


def _said(
    rows: pa.Table, names: Mapping[str, Sequence[str]], name: str, clients: tuple[str, ...], people: tuple[str, ...]
) -> Said:
    threaded = rows.filter(rows.column("thread_id").is_valid())
    closed = frozenset((rows if name == "ticket_events" else threaded).column("part").to_pylist())
    mine = set(pc.unique(rows.column("account_id")).to_pylist())
    called = {account: told for account, told in names.items() if account in mine}
    return Said(rows, called, closed, is_spoken=name == "utterances", clients=clients, people=people)


def _near_kept(context: list[bool], parts: list[str], before: int, after: int) -> list[bool]:
    """Whether each turn is to be annotated or stands near enough to one of its part that is."""
    keep = [not each for each in context]
    for order, reach in ((range(len(context)), after), (range(len(context) - 1, -1, -1), before)):
        last, part = -reach - 1, None
        for step, k in enumerate(order):
            if parts[k] != part:
                last, part = -reach - 1, parts[k]
            if not context[k]:
                last = step
            elif step - last <= reach and last >= 0:
                keep[k] = True
    return keep


def _names(tables: Snapshot) -> dict[str, list[str]]:
    """Names each account may be called by: its handle, its whole name and its first."""
    identities = tables["identities"]
    found: dict[str, list[str]] = defaultdict(list)
    for row in tables.rows(
        identities.filter(identities.account_id.notnull()).select("account_id", "handle", "display_name")
    ):
        for name in (row["handle"], row["display_name"], (row["display_name"] or "").split(" ")[0]):
            if name and name not in found[row["account_id"]]:
                found[row["account_id"]].append(name)
    return dict(found)


def _lists(tables: Snapshot) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names of the clients, and whole names of the people: what is private in words though it has no form of its own."""
    named = tables["identities"].filter(_.display_name.notnull())
    told = tables.rows(named.select("client_id", "account_id", "person_id", "display_name").distinct())
    clients = {row["display_name"] for row in told if row["client_id"]}
    people = {row["display_name"] for row in told if row["account_id"] or row["person_id"]}
    return tuple(sorted(clients)), tuple(sorted(people))


def _ledger(name: str, portion: list[_Block], models: str) -> pa.Table:
    return pa.Table.from_pylist(
        [
            {"record_table": name, "container_id": block.key[0], "block": block.key[1], "digest": block.digest,
             "turns_count": block.turns, "model_version": models}
            for block in portion
        ]
    )  # fmt: skip
