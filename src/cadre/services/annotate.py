"""Annotating what was written and said, as far as it is new or changed; can be stopped and goes on where it stopped.

Keeps true: every portion is published whole, so an interruption loses at most the portion at work; annotating again
changes nothing; the same record gives the same annotations however many loads it came in.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc
from ibis import _

from cadre.access.principal import Principal
from cadre.clock import Clock
from cadre.language import blocks as found_blocks
from cadre.language.blocks import ANNOTATED, KEYS, SEPARATOR
from cadre.services.ingest import Progress
from cadre.warehouse import Derivation, Snapshot, Warehouse

PORTION_TURNS = 40_000
"""Turns annotated before they are published; some ten seconds' work."""
BATCH_TURNS = 10_000
"""Turns read together; a longer block is read whole."""

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Block:
    """A block of one table as it is now: its digest with its neighbours', its size, the blocks read around it."""

    key: Key
    digest: str
    turns: int
    beside: tuple[Key, ...]


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
    for name in ANNOTATED:
        while True:
            with warehouse.deriving(clock.now()) as derivation:
                stale, gone = _stale(derivation.tables, name)
                if not stale and not gone:
                    break
                portion = _first(stale)
                _write(derivation, name, portion, gone)
                derivation.publish()
            done[name] += sum(block.turns for block in portion)
            progress(f"reading {name.replace('_', ' ')}", done[name])
            if len(portion) == len(stale):
                break
    return dict(done)


def _stale(tables: Snapshot, name: str) -> tuple[list[_Block], list[Key]]:
    """Blocks to annotate, and keys of blocks whose turns are gone."""
    if not {name, "texts"} & tables.filled() and not tables.count("annotation_blocks"):
        return [], []
    now = tables.rows(found_blocks.blocks(tables, name).order_by("container_id", "block"))
    kept_table = tables["annotation_blocks"]
    kept = {
        (row["container_id"], row["block"]): (row["digest"], row["model_version"])
        for row in tables.rows(kept_table.filter(kept_table.record_table == name))
    }
    current = _with_neighbours(now)
    if not current:
        return [], list(kept)
    from cadre.language.annotation import version  # noqa: PLC0415 (loads the models' cards only where there are words)

    stale = [block for block in current if kept.get(block.key) != (block.digest, version())]
    return stale, list(set(kept) - {block.key for block in current})


def _with_neighbours(rows: Sequence[Mapping[str, object]]) -> list[_Block]:
    found = []
    for k, row in enumerate(rows):
        key = (str(row["container_id"]), str(row["block"]))
        around = [rows[n] for n in (k - 1, k + 1) if 0 <= n < len(rows) and rows[n]["container_id"] == row["container_id"]]
        told = [(each["block"], each["digest"], each["turns_count"]) for each in (row, *around)]
        digest = hashlib.blake2b(repr(told).encode(), digest_size=12).hexdigest()
        found.append(_Block(key, digest, int(str(row["turns_count"])), tuple((key[0], str(each["block"])) for each in around)))
    return found


def _first(stale: list[_Block]) -> list[_Block]:
    """As many blocks as make a portion; at least one."""
    taken: list[_Block] = []
    for block in stale:
        if taken and sum(each.turns for each in taken) + block.turns > PORTION_TURNS:
            break
        taken.append(block)
    return taken


def _write(derivation: Derivation, name: str, portion: list[_Block], gone: list[Key]) -> None:
    from cadre.language.annotation import annotations, version  # noqa: PLC0415 (loads the models)

    names = _names(derivation.tables)
    annotated, linked = [], []
    for batch in _batches(portion):
        rows = _rows(derivation.tables, name, batch)
        if rows.num_rows:
            found, links = annotations(_said(rows, names, name))
            annotated.append(found.rename_columns([KEYS[name] if c == "record_id" else c for c in found.column_names]))
            linked.append(links.append_column("record_table", pa.array([name] * links.num_rows, pa.string())))
    redone = [SEPARATOR.join(key) for key in (*(block.key for block in portion), *gone)]
    for table, new in ((ANNOTATED[name], annotated), ("reply_links", linked), ("annotation_blocks", [_ledger(name, portion, version())])):
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
    for block in portion:
        if batch and sum(each.turns for each in batch) + block.turns > BATCH_TURNS:
            yield batch
            batch = []
        batch.append(block)
    if batch:
        yield batch


def _rows(tables: Snapshot, name: str, batch: list[_Block]) -> pa.Table:
    """Rows of a batch's blocks, and of those beside them as far as a link reads."""
    wanted = {block.key for block in batch}
    around = {key for block in batch for key in block.beside} - wanted
    rows = tables.arrow(found_blocks.rows(tables, name, [*wanted, *around]))
    keys = list(zip(rows.column("container_id").to_pylist(), rows.column("block").to_pylist(), strict=True))
    return rows.append_column("is_context", pa.array([key not in wanted for key in keys], pa.bool_()))


def _said(rows: pa.Table, names: Mapping[str, Sequence[str]], name: str) -> "object":
    from cadre.language.annotation import CONTEXT_AFTER, CONTEXT_BEFORE, Said  # noqa: PLC0415

    context, parts = rows.column("is_context").to_pylist(), rows.column("part").to_pylist()
    keep = _near_kept(context, parts, CONTEXT_BEFORE, CONTEXT_AFTER)
    kept = rows.filter(pa.array(keep, pa.bool_()))
    closed = frozenset(parts) if name == "ticket_events" else frozenset(pc.unique(kept.column("thread_id").drop_null()).to_pylist())
    return Said(kept, names, closed)


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
    for row in tables.rows(identities.filter(identities.account_id.notnull()).select("account_id", "handle", "display_name")):
        for name in (row["handle"], row["display_name"], (row["display_name"] or "").split(" ")[0]):
            if name and name not in found[row["account_id"]]:
                found[row["account_id"]].append(name)
    return dict(found)


def _ledger(name: str, portion: list[_Block], models: str) -> pa.Table:
    return pa.Table.from_pylist(
        [
            {"record_table": name, "container_id": block.key[0], "block": block.key[1], "digest": block.digest,
             "turns_count": block.turns, "model_version": models}
            for block in portion
        ]
    )  # fmt: skip
