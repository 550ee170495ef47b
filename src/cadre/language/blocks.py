"""Which turns are read together, and which of them have changed since: lazy expressions over the record.

A block is one month of a channel, a whole ticket or a whole meeting. Its digest covers its turns, their words and, in a
channel, the months beside it, since a link reads a little of both; it is stale where its digest or the models changed.
Keeps true: words that were dropped after they were read count as unchanged.
"""

from collections.abc import Mapping, Sequence

import ibis
import ibis.expr.types as ir
from ibis import _

ANNOTATED = {
    "messages": "message_annotations",
    "ticket_events": "ticket_annotations",
    "utterances": "utterance_annotations",
}
KEYS = {"messages": "message_id", "ticket_events": "event_id", "utterances": "utterance_id"}
SEPARATOR = "\x1f"


def turns(tables: Mapping[str, ir.Table], name: str) -> ir.Table:
    """Turns of one table in the stage's columns, without words; a turn without words ever is among them."""
    table = tables[name]
    nothing = ibis.null("string")
    if name == "messages":
        said = table.filter((table.kind == "message") & table.account_id.notnull())
        in_thread = said.thread_id.notnull() & (said.thread_id != said.message_id)
        return said.select(
            record_id=said.message_id, container_id=said.channel_id, block=said.occurred_at.strftime("%Y-%m"),
            part=in_thread.ifelse(said.thread_id, said.channel_id), account_id=said.account_id, occurred_at=said.occurred_at,
            ordinal=ibis.literal(0, "int64"), reply_to_id=said.reply_to_id, thread_id=in_thread.ifelse(said.thread_id, nothing),
            mentions=said.mention_account_ids, digest=said.content_digest, seconds=ibis.null("float64"),
        )  # fmt: skip
    if name == "ticket_events":
        said = table.filter(table.kind.isin(["note", "reply"]) & table.actor_account_id.notnull())
        return said.select(
            record_id=said.event_id, container_id=said.ticket_id, block=ibis.literal(""), part=said.ticket_id,
            account_id=said.actor_account_id, occurred_at=said.occurred_at, ordinal=ibis.literal(0, "int64"), reply_to_id=nothing,
            thread_id=nothing, mentions=said.mention_account_ids, digest=said.content_digest, seconds=ibis.null("float64"),
        )  # fmt: skip
    said = table.filter(table.meeting_id.notnull())
    seconds = ibis.coalesce(said.start_seconds, 0.0)
    at = ibis.coalesce(said.occurred_at, ibis.timestamp("2000-01-01 00:00:00", timezone="UTC"))
    return said.select(
        record_id=said.utterance_id, container_id=said.meeting_id, block=ibis.literal(""), part=said.meeting_id,
        account_id=said.account_id,
        occurred_at=said.occurred_at.isnull().ifelse(at + (seconds * 1000).cast("int64").as_interval("ms"), at),
        ordinal=ibis.coalesce(said.ordinal, 0), reply_to_id=said.reply_to_id, thread_id=nothing,
        mentions=said.addressee_account_ids, digest=said.content_digest, seconds=said.end_seconds - said.start_seconds,
    )  # fmt: skip


def words(tables: Mapping[str, ir.Table], name: str) -> ir.Table:
    """`record_id`, `body`, `text_digest` of one table's turns; a comment without words of its own has its sentences'."""
    texts = tables["texts"]
    mine = texts.filter((texts.record_table == name) & (texts.field == "body"))
    told = mine.select("record_id", "body", text_digest=mine.content_digest)
    if name != "ticket_events":
        return told
    said = tables["utterances"].filter(_.event_id.notnull()).select("utterance_id", "event_id", "ordinal")
    parts = texts.filter((texts.record_table == "utterances") & (texts.field == "body"))
    parts = parts.select(utterance_id="record_id", body="body", digest="content_digest").join(said, "utterance_id")
    joined = parts.group_by(record_id="event_id").agg(
        body=parts.body.group_concat(" ", order_by=[parts.ordinal, parts.utterance_id]),
        text_digest=parts.digest.bit_xor(),
    )
    return told.union(joined.anti_join(told, "record_id").select("record_id", "body", "text_digest"))


def blocks(tables: Mapping[str, ir.Table], name: str) -> ir.Table:
    """Blocks of one table that have or had words.

    Columns: `container_id`, `block`, `digest` of its own turns, `turns_count`, `account_ids` of who
    speaks, `newest_at`, and `dropped_count`: turns that were read and whose words are gone since.
    """
    kept = tables[ANNOTATED[name]].select(record_id=KEYS[name], kept_digest="text_digest")
    told = words(tables, name).select("record_id", "text_digest")
    found = turns(tables, name).left_join(told, "record_id").drop("record_id_right")
    found = found.left_join(kept, "record_id").drop("record_id_right")
    text = ibis.coalesce(found.text_digest, found.kept_digest, 0)
    mixed = found.digest ^ text
    dropped = found.text_digest.isnull() & found.kept_digest.notnull()
    counted = found.mutate(mixed=mixed, has=(text != 0).cast("int64"), dropped=dropped.cast("int64"))
    whole = counted.group_by("container_id", "block").agg(
        digest=counted.mixed.bit_xor(), turns_count=counted.count(), read_count=counted.has.sum(),
        dropped_count=counted.dropped.sum(), account_ids=counted.account_id.collect(distinct=True), newest_at=counted.occurred_at.max(),
    )  # fmt: skip
    return whole.filter(whole.read_count > 0).drop("read_count")


def rows(tables: Mapping[str, ir.Table], name: str, wanted: Sequence[tuple[str, str]]) -> ir.Table:
    """Turns with their words of the given (container, block) pairs, in order.

    The first message of a thread stands before its replies once more, marked `is_root`.
    """
    said = turns(tables, name).mutate(is_root=ibis.literal(value=False))
    found = said.filter((said.container_id + SEPARATOR + said.block).isin([SEPARATOR.join(key) for key in wanted]))
    if name == "messages":
        threads = found.filter(found.thread_id.notnull()).select(root_id="thread_id").distinct()
        roots = said.semi_join(threads, said.record_id == threads.root_id)
        found = found.union(
            roots.mutate(part=roots.record_id, thread_id=roots.record_id, is_root=ibis.literal(value=True))
        )
    whole = found.left_join(words(tables, name), "record_id").drop("record_id_right")
    return whole.order_by("container_id", "part", "occurred_at", "ordinal", "record_id")
