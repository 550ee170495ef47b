"""Questions, whom they were put to, and who answered, from the annotations of the record.

A turn asks where its dialogue acts say so (a question or a request, each more likely than not). A question is put to
an account that it mentions or addresses, to the one whose thread it stands in, or to the other in a direct channel. It
is answered by the first reply of anyone else in its thread, by what is marked as a reply to it, by what a reply link
joins to it that does not itself ask, or in a direct channel by the other's next message. A link is a guess, and what
names several people at once is for all of them: by a guess it answers nobody, or whoever names colleagues all day
would have helped them all.
"""

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir
from ibis import _

from cadre.language.blocks import ANNOTATED, KEYS

LIKELY = 0.5
"""An act or a link counts from this probability on; both are calibrated, so it is right more often than not."""
_CROWD = 2
"""People named from which on something said is for all of them."""


def _asking(tables: Mapping[str, ir.Table], table: str) -> ir.Table:
    """Keys of the records of one table that ask."""
    read = tables[ANNOTATED[table]]
    asks = (read.act_question >= LIKELY) | (read.act_request >= LIKELY)
    return read.filter(asks).select(question_id=read[KEYS[table]]).distinct()


def questions(tables: Mapping[str, ir.Table]) -> ir.Table:
    """Questions asked in chat, ticket notes and meetings, one row each, in the schema of `questions`."""
    messages, events, said = tables["messages"], tables["ticket_events"], tables["utterances"]
    parts = []
    for name, table, key, container in (
        ("messages", messages.filter(messages.kind == "message"), "message_id", "channel_id"),
        ("ticket_events", events.filter(events.kind.isin(["note", "reply"])), "event_id", "ticket_id"),
        ("utterances", said.filter(said.meeting_id.notnull()), "utterance_id", "meeting_id"),
    ):
        account = "actor_account_id" if name == "ticket_events" else "account_id"
        asked = table.semi_join(_asking(tables, name), [(key, "question_id")])
        parts.append(
            asked.filter(asked[account].notnull()).select(
                question_id=asked[key],
                record_table=ibis.literal(name),
                account_id=asked[account],
                occurred_at=asked.occurred_at,
                local_at=asked.local_at,
                container_id=asked[container],
            )
        )
    return ibis.union(*parts)


def question_targets(tables: Mapping[str, ir.Table]) -> ir.Table:
    """Accounts each question was put to; nobody's own question is put to them."""
    asked = tables["questions"]
    messages, events, said = tables["messages"], tables["ticket_events"], tables["utterances"]
    parts = [
        _named(messages, "message_id", "mention_account_ids", "mention"),
        _named(events, "event_id", "mention_account_ids", "mention"),
        _named(said, "utterance_id", "addressee_account_ids", "addressee"),
    ]
    opener = messages.select(thread_id="message_id", account_id="account_id")
    threaded = messages.filter(messages.thread_id.notnull() & (messages.thread_id != messages.message_id))
    threaded = threaded.select(question_id="message_id", thread_id="thread_id")
    parts.append(threaded.join(opener, "thread_id").select("question_id", "account_id", how=ibis.literal("thread")))
    direct = tables["channels"].filter(_.kind == "direct").select("channel_id")
    here = messages.semi_join(direct, "channel_id")
    both = here.filter(here.account_id.notnull()).select("channel_id", "account_id").distinct()
    parts.append(
        here.select("channel_id", question_id="message_id")
        .join(both, "channel_id")
        .select("question_id", "account_id", how=ibis.literal("direct"))
    )
    put = ibis.union(*parts)
    own = asked.select("question_id", asker="account_id")
    put = put.join(own, "question_id").filter(_.account_id != _.asker)
    # A question both mentions and stands in a thread: one row a person, the most direct way of asking named.
    return put.group_by("question_id", "account_id").agg(how=put.how.max())


def answers(tables: Mapping[str, ir.Table]) -> ir.Table:
    """Replies by others to each question; at most one row a question and account, the first."""
    asked, messages, said = tables["questions"], tables["messages"], tables["utterances"]
    found = ibis.union(_in_thread(asked, messages), _marked(asked, messages, "messages", "message_id"),
                       _marked(asked, said, "utterances", "utterance_id"), _in_direct(asked, messages, tables["channels"]),
                       *(_linked(tables, asked, name) for name in ANNOTATED))  # fmt: skip
    first = ibis.window(group_by=["question_id", "account_id"], order_by=["occurred_at", "answer_id"])
    return found.mutate(place=ibis.row_number().over(first)).filter(_.place == 0).drop("place")


def _named(table: ir.Table, key: str, names: str, how: str) -> ir.Table:
    some = table.filter(table[names].notnull()).select(question_id=key, account_id=names)
    return some.mutate(account_id=some.account_id.unnest()).mutate(how=ibis.literal(how))


_ANSWER = ("question_id", "answer_id", "record_table", "account_id", "occurred_at", "local_at")


def _later(joined: ir.Table) -> ir.Table:
    """The columns of an answer from question-reply pairs, by someone else and not before the question."""
    kept = joined.filter(
        joined.account_id.notnull() & (joined.account_id != joined.asker)
        & ((joined.occurred_at >= joined.asked_at) | joined.asked_at.isnull())
    )  # fmt: skip
    return kept.select(*_ANSWER)


def _asker(asked: ir.Table, table: str) -> ir.Table:
    return asked.filter(asked.record_table == table).select(
        "question_id", "container_id", asker="account_id", asked_at="occurred_at"
    )


def _said(messages: ir.Table) -> ir.Table:
    return messages.filter(messages.kind == "message").select(
        "channel_id", "thread_id", "reply_to_id", "mention_account_ids", "account_id", "occurred_at", "local_at",
        answer_id="message_id", record_table=ibis.literal("messages"),
    )  # fmt: skip


def _in_thread(asked: ir.Table, messages: ir.Table) -> ir.Table:
    """The rest of the thread a question opened or stands in."""
    place = messages.select(question_id="message_id", thread=ibis.coalesce(messages.thread_id, messages.message_id))
    there = _asker(asked, "messages").join(place, "question_id")
    replies = _said(messages).filter(_.thread_id.notnull()).mutate(thread=_.thread_id)
    return _later(there.join(replies, "thread").filter(_.answer_id != _.question_id))


def _marked(asked: ir.Table, table: ir.Table, name: str, key: str) -> ir.Table:
    """What the source marks as a reply."""
    replies = table.filter(table.reply_to_id.notnull()).select(
        "account_id", "occurred_at", "local_at",
        question_id="reply_to_id", answer_id=key, record_table=ibis.literal(name),
    )  # fmt: skip
    return _later(_asker(asked, name).join(replies, "question_id"))


def _in_direct(asked: ir.Table, messages: ir.Table, channels: ir.Table) -> ir.Table:
    """In a direct channel: the other's next messages within the same hours."""
    direct = channels.filter(channels.kind == "direct").select("channel_id")
    replies = _said(messages).semi_join(direct, "channel_id")
    waiting = _asker(asked, "messages")
    near = replies.join(waiting, [replies.channel_id == waiting.container_id, replies.occurred_at > waiting.asked_at,
                                  replies.occurred_at <= waiting.asked_at + ibis.interval(hours=24)])  # fmt: skip
    return _later(near)


def _linked(tables: Mapping[str, ir.Table], asked: ir.Table, name: str) -> ir.Table:
    """What a reply link joins to a question, does not ask itself and is not said to several."""
    links = tables["reply_links"]
    likely = links.filter((links.record_table == name) & links.parent_id.notnull() & (links.probability >= LIKELY))
    likely = likely.select(question_id="parent_id", answer_id="record_id")
    table, account = tables[name], "actor_account_id" if name == "ticket_events" else "account_id"
    named = table["addressee_account_ids" if name == "utterances" else "mention_account_ids"]
    said = table.filter(named.length().fill_null(0) < _CROWD).select(
        "occurred_at", "local_at", answer_id=KEYS[name], account_id=table[account], record_table=ibis.literal(name)
    )
    replies = likely.join(said, "answer_id").anti_join(_asking(tables, name), [("answer_id", "question_id")])
    return _later(_asker(asked, name).join(replies, "question_id"))
