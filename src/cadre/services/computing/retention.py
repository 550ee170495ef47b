"""Dropping words that were read and are older than the firm wants to keep; the annotations stay.

Keeps true: words go by whole blocks, all of whose turns are old enough and were read; nothing goes unless the firm's
`keep_text_days` says so. Afterwards a block cannot be read again: another model's annotations begin where words are.
"""

from datetime import timedelta

from ibis import _

from cadre.access.principal import Principal
from cadre.clock import Clock
from cadre.language.blocks import ANNOTATED, SEPARATOR, blocks, turns
from cadre.warehouse import Snapshot, Warehouse


def drop_old_texts(principal: Principal, warehouse: Warehouse, clock: Clock) -> int:
    """Drop the words of blocks that ended more than `keep_text_days` ago and were read.

    Returns:
        Texts dropped; 0 where the firm keeps its words.
    """
    del principal
    days = warehouse.firm.keep_text_days
    if days is None:
        return 0
    before = clock.now() - timedelta(days=days)
    with warehouse.snapshot() as record:
        found = {name: _records(record, name, before) for name in ANNOTATED}
        spoken = record["utterances"].filter(_.event_id.isin(found["ticket_events"])).select("utterance_id")
        found["utterances"] += [row["utterance_id"] for row in record.rows(spoken)]
    if not any(found.values()):
        return 0
    return warehouse.drop_texts(found, clock.now())


def _records(record: Snapshot, name: str, before: object) -> list[str]:
    """Records of one table in blocks that were read, still have words and ended before an instant."""
    kept = record["annotation_blocks"]
    read = {(row["container_id"], row["block"]) for row in record.rows(kept.filter(kept.record_table == name))}
    old = blocks(record, name).filter((_.newest_at < before) & (_.dropped_count == 0)).select("container_id", "block")
    keys = [SEPARATOR.join(key) for row in record.rows(old) if (key := (row["container_id"], row["block"])) in read]
    if not keys:
        return []
    said = turns(record, name)
    wanted = said.filter((said.container_id + SEPARATOR + said.block).isin(keys)).select("record_id")
    return [row["record_id"] for row in record.rows(wanted)]
