"""Questions, whom they were put to, and who answered, by plain rules that a reader can check.

A text asks when it holds a question mark outside links and code, or opens as English requests for help do. A question
is put to an account that it mentions or addresses, to the one whose thread it stands in, or to the other in a direct
channel. It is answered by the first reply of anyone else in its thread, by what is marked as a reply to it, or, where
a channel has no threads, by a message that mentions the asker within `OPEN_HOURS`. A trained model replaces the rules
later and keeps these three tables.
"""

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir
from ibis import _

VERSION = "rules-1"
OPEN_HOURS = 4.0
"""Hours a question in a channel without threads waits for a mention of its asker."""

_OUTSIDE = r"https?://\S+|`[^`]*`"
_OPENING = (
    r"(?i)^(\s*(<@[^>]+>|@\S+)[\s,:]*)*((hi|hey|hello)\b[^.?!]{0,30}[,.!\s]+)?"
    r"(can|could|would|does|do|did|is|are|has|have|any)\s?(some|any)?(one|body)\b|(?i)^\s*(please\s+)?(can|could|would|will) (you|we)\b|(?i)^\s*(please help|how do (i|we)|"
    r"what (is|are|do)|where (is|are|do)|who (knows|can|has))\b"
)


def asks(body: ir.StringValue) -> ir.BooleanValue:
    """Whether a text asks something; false for an empty one."""
    plain = body.re_replace(_OUTSIDE, " ")
    return plain.contains("?") | plain.re_search(_OPENING)


def _asking(tables: Mapping[str, ir.Table], table: str) -> ir.Table:
    """Keys of the records of one table whose body asks."""
    texts = tables["texts"]
    mine = texts.filter((texts.record_table == table) & (texts.field == "body"))
    return mine.filter(asks(mine.body)).select(question_id=mine.record_id).distinct()


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
                       _marked(asked, said, "utterances", "utterance_id"), _by_mention(asked, messages),
                       _in_direct(asked, messages, tables["channels"]), _in_ticket(asked, tables["ticket_events"]))  # fmt: skip
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


def _by_mention(asked: ir.Table, messages: ir.Table) -> ir.Table:
    """In channels without threads: a message that mentions the asker soon after, and before the asker's next question."""
    threaded = messages.filter(messages.thread_id.notnull()).select("channel_id").distinct()
    calls = _said(messages).filter(_.mention_account_ids.notnull()).anti_join(threaded, "channel_id")
    calls = calls.mutate(asker=calls.mention_account_ids.unnest())
    turns = ibis.window(group_by=["container_id", "asker"], order_by="asked_at")
    waiting = _asker(asked, "messages")
    waiting = waiting.mutate(next_at=waiting.asked_at.lead().over(turns))
    near = calls.join(waiting, [calls.channel_id == waiting.container_id, calls.asker == waiting.asker,
                                calls.occurred_at >= waiting.asked_at,
                                calls.occurred_at <= waiting.asked_at + ibis.interval(minutes=int(OPEN_HOURS * 60))])  # fmt: skip
    return _later(near.filter(near.next_at.isnull() | (near.occurred_at < near.next_at)))


def _in_direct(asked: ir.Table, messages: ir.Table, channels: ir.Table) -> ir.Table:
    """In a direct channel: the other's next messages within the same hours."""
    direct = channels.filter(channels.kind == "direct").select("channel_id")
    replies = _said(messages).semi_join(direct, "channel_id")
    waiting = _asker(asked, "messages")
    near = replies.join(waiting, [replies.channel_id == waiting.container_id, replies.occurred_at > waiting.asked_at,
                                  replies.occurred_at <= waiting.asked_at + ibis.interval(hours=24)])  # fmt: skip
    return _later(near)


def _in_ticket(asked: ir.Table, events: ir.Table) -> ir.Table:
    """On a ticket: notes and replies by an account the question mentions, within three days."""
    notes = events.filter(events.kind.isin(["note", "reply"])).select(
        "ticket_id", "occurred_at", "local_at", account_id="actor_account_id", answer_id="event_id",
        record_table=ibis.literal("ticket_events"),
    )  # fmt: skip
    mentioned = _named(events, "event_id", "mention_account_ids", "mention").select("question_id", "account_id")
    waiting = _asker(asked, "ticket_events").join(mentioned, "question_id").select(
        "question_id", "container_id", "asker", "asked_at", asked_account="account_id"
    )  # fmt: skip
    near = notes.join(waiting, [notes.ticket_id == waiting.container_id, notes.account_id == waiting.asked_account,
                                notes.occurred_at > waiting.asked_at,
                                notes.occurred_at <= waiting.asked_at + ibis.interval(hours=72)])  # fmt: skip
    return _later(near)
