"""Mentoring: help given on work that others own, credited by what became of their work."""

import ibis
import ibis.expr.types as ir
from ibis import _

from cadre.signals.activity import EQUAL_DAYS, active_days
from cadre.signals.assist import assists
from cadre.signals.partial import daily, share
from cadre.signals.signal import Signal, Tables, Window

_EXPLAINS = 0.5
"""An act counts from this probability on: more likely than not."""
_ANSWER_DAYS = 7
"""Answers count so long after the question; what is written in its thread later is another conversation."""
_GOES_ON_MINUTES = 10
"""What a person writes on in the same channel so soon after an answer is part of it: some send a line at a time."""
_ARTICLE_DAYS = 365
"""An article's uses count so long after it was written, so that long service does not add up."""
_MOST_USES = 4.0
"""Uses by one colleague that count in a month of active days: two who link each other's articles gain little."""


def _partials(tables: Tables) -> ir.Table:
    helped = assists(tables)
    return daily(helped, quantity=helped.credit, other="other_account_id").union(
        active_days(tables, "ticket_events", "time_entries", "task_events")
    )


def _value(partials: ir.Table, window: Window) -> ir.Table:
    """Credit a month of active days; variance as of counts of uneven size, with half an assist for the unseen."""
    del window
    exposed = partials.filter(_.other_account_id.isnull()).group_by("person_id").agg(n=_.day.nunique())
    given = (
        partials.filter(_.other_account_id.notnull()).group_by("person_id").agg(x=_.total.sum(), xx=_.total_sq.sum())
    )
    every = exposed.left_join(given, "person_id").drop("person_id_right")
    scale = EQUAL_DAYS / every.n
    return every.select(
        "person_id", "n", raw_value=every.x.fill_null(0.0) * scale,
        variance=(every.xx.fill_null(0.0) + 0.5) * scale * scale,
    )  # fmt: skip


def _evidence(tables: Tables) -> ir.Table:
    return assists(tables).mutate(effect=_.credit).drop("credit", "record_key")


def _answered(tables: Tables) -> ir.Table:
    """Answers with `explains`, the likeliest of their parts to explain: one row an answer and asker; unread ones are left out."""
    asked = tables["questions"].select("question_id", other_account_id="account_id", asked_at="local_at")
    given = tables["answers"].join(asked, "question_id").filter(_.account_id != _.other_account_id)
    given = given.filter(given.local_at.epoch_seconds() - given.asked_at.epoch_seconds() <= _ANSWER_DAYS * 86_400)
    given = given.select(
        "account_id", "other_account_id", "occurred_at", "local_at", "record_table", "answer_id"
    ).distinct()
    messages, events = tables["messages"], tables["ticket_annotations"]
    said, chat = tables["utterance_annotations"], tables["message_annotations"]
    words = ibis.union(
        *(
            read.filter(read.is_readable & read.act_explanation.notnull()).select(
                record_table=ibis.literal(name), answer_id=read[key], explains="act_explanation"
            )
            for name, read, key in (
                ("messages", chat, "message_id"), ("ticket_events", events, "event_id"), ("utterances", said, "utterance_id")
            )
        )
    )  # fmt: skip
    first = given.join(words, ["record_table", "answer_id"]).select("answer_id", "record_table", "explains")
    place = messages.select(answer_id="message_id", channel_id="channel_id")
    opened = given.filter(given.record_table == "messages").select(
        "answer_id", "account_id", began_at="occurred_at", day=given.local_at.date()
    )
    opened = opened.distinct().join(place, "answer_id")
    wrote = messages.select(
        "channel_id", "account_id", "message_id", sent_at="occurred_at", day=messages.local_at.date()
    )
    after = opened.join(wrote, ["channel_id", "account_id", "day"])
    gap = after.sent_at.epoch_seconds() - after.began_at.epoch_seconds()
    after = after.filter((gap >= 0) & (gap <= _GOES_ON_MINUTES * 60)).select("answer_id", "message_id")
    parts = chat.filter(chat.is_readable & chat.act_explanation.notnull())
    parts = parts.select("message_id", explains="act_explanation")
    later = after.join(parts, "message_id").select(
        "answer_id", record_table=ibis.literal("messages"), explains="explains"
    )
    every = (
        first.union(later.select(*first.columns)).group_by("answer_id", "record_table").agg(explains=_.explains.max())
    )
    return given.join(every, ["answer_id", "record_table"])


def _explained_partials(tables: Tables) -> ir.Table:
    given = _answered(tables)
    return daily(given, quantity=(given.explains >= _EXPLAINS).ifelse(1.0, 0.0), other="other_account_id")


def _explained_evidence(tables: Tables) -> ir.Table:
    given = _answered(tables)
    explains = given.explains >= _EXPLAINS
    return given.select(
        "account_id", "other_account_id", "occurred_at", "local_at", "record_table",
        record_id="answer_id",
        effect=explains.ifelse(1.0, 0.0),
        note=explains.ifelse("a colleague's question, answered and explained", "a colleague's question, answered"),
    )  # fmt: skip


def _uses(tables: Tables) -> ir.Table:
    """Uses of articles by accounts other than the author's: author, user, record.

    A link on a ticket counts once an article and ticket, and once an author, ticket and day however many articles are linked;
    a view without a ticket once an author, user and day.
    """
    wrote, events = tables["articles"], tables["article_events"]
    wrote = wrote.filter(wrote.account_id.notnull()).select("article_id", author="account_id", written_at="local_at")
    used = events.filter(events.kind.isin(["linked", "viewed"]) & events.account_id.notnull()).select(
        "article_id", "event_id", "occurred_at", "local_at", "ticket_id", user="account_id", day=events.local_at.date()
    )
    joined = used.join(wrote, "article_id").filter(_.user != _.author)
    age = joined.local_at.epoch_seconds() - joined.written_at.epoch_seconds()
    joined = joined.filter((age >= 0) & (age <= _ARTICLE_DAYS * 86_400))
    order = ["occurred_at", "event_id"]
    nothing = ibis.literal("")
    on_ticket = joined.ticket_id.notnull()
    # Where there is no ticket, user and day stand for it.
    keyed = joined.mutate(
        ticket=joined.ticket_id.coalesce(nothing),
        reader=on_ticket.ifelse(nothing, joined.user),
        read_on=on_ticket.ifelse(ibis.null("date"), joined.day),
    )
    once = ibis.window(group_by=["article_id", "ticket", "reader", "read_on"], order_by=order)
    daily_once = ibis.window(group_by=["author", "ticket", "reader", "day"], order_by=order)
    first = keyed.mutate(place=ibis.row_number().over(once)).filter(_.place == 0)
    first = first.mutate(place=ibis.row_number().over(daily_once)).filter(_.place == 0)
    return first.select("occurred_at", "local_at", account_id="author", other_account_id="user", record_id="event_id")


def _reuse_partials(tables: Tables) -> ir.Table:
    used, wrote, events = _uses(tables), tables["articles"], tables["article_events"]
    pairs = daily(used, quantity=ibis.literal(1.0), other="other_account_id")
    touched = wrote.select("account_id", "local_at").union(events.select("account_id", "local_at"))
    there = daily(touched, quantity=ibis.literal(0.0), bin_=ibis.literal(1))
    return ibis.union(pairs, there, active_days(tables, "ticket_events", "time_entries", "task_events"))


def _reuse_value(partials: ir.Table, window: Window) -> ir.Table:
    """Uses a month of active days, so many a colleague at most; variance as of counts, with half a use for the unseen.

    Persons who neither wrote, edited, linked nor viewed an article, and whose articles nobody used, are left out.
    """
    del window
    alone = partials.other_account_id.isnull()
    days = partials.filter(alone & partials.bin.isnull()).group_by("person_id").agg(n=_.day.nunique())
    there = partials.filter(~alone | (partials.bin == 1)).select("person_id").distinct()
    every = days.semi_join(there, "person_id")
    scale = EQUAL_DAYS / every.n
    every = every.mutate(scale=scale)
    pairs = partials.filter(~alone).group_by("person_id", "other_account_id").agg(times=_.n.sum())
    counted = pairs.join(every.select("person_id", "scale"), "person_id")
    counted = counted.mutate(worth=ibis.least(counted.times * counted.scale, ibis.literal(_MOST_USES)))
    sums = counted.group_by("person_id").agg(x=_.worth.sum(), xx=(_.worth * _.scale).sum())
    joined = every.left_join(sums, "person_id").drop("person_id_right")
    return joined.select(
        "person_id", "n", raw_value=joined.x.fill_null(0.0),
        variance=joined.xx.fill_null(0.0) + 0.5 * joined.scale * joined.scale,
    )  # fmt: skip


def _reuse_evidence(tables: Tables) -> ir.Table:
    used = _uses(tables)
    own = tables["article_events"].filter(_.account_id.notnull())
    own = own.select(
        "account_id", "occurred_at", "local_at", record_id="event_id", other_account_id=ibis.null("string"),
        record_table=ibis.literal("article_events"), effect=ibis.literal(0.0), note=ibis.literal("worked with an article"),
    )  # fmt: skip
    wrote = tables["articles"].filter(_.account_id.notnull())
    wrote = wrote.select(
        "account_id", "occurred_at", "local_at", record_id="article_id", other_account_id=ibis.null("string"),
        record_table=ibis.literal("articles"), effect=ibis.literal(0.0), note=ibis.literal("wrote an article"),
    )  # fmt: skip
    made = used.mutate(
        record_table=ibis.literal("article_events"), effect=ibis.literal(1.0),
        note=ibis.literal("an article they wrote, used by a colleague"),
    )  # fmt: skip
    return ibis.union(*(part.select(*made.columns) for part in (made, own, wrote)))


SIGNALS: tuple[Signal, ...] = (
    Signal(
        name="assist_credit",
        label="Help on others' work, in a month",
        family="mentoring",
        unit="tickets",
        direction="high",
        scale="identity",
        min_n=20,
        needs=(("ticket_events", "tickets"), ("time_entries", "tickets"), ("task_events",)),
        horizon_days=90,
        grade="B",
        sentence="Help on colleagues' work was worth {value} in a month of active days (seen on {n} days).",
        explanation="Tickets and changes of a colleague on which the person wrote a note, booked time, reviewed or tested. "
        "One credit where the colleague's work was then done within what its case leads one to expect and did not come "
        "back, a half where it took longer, none where it came back or stayed open. Once a ticket, however often they wrote; a note of fewer than eight "
        "words counts only where it names the owner or its writer booked time there; "
        "notes on a ticket they held themselves before passing it on do not count. Help without a trace counts a half once the "
        "colleague confirmed it.",
        reference="The Leadership DNA framework, 'help others solve problems collaboratively'; the credit rule is "
        "ours. Graded B: in public projects those who reviewed and tested others' changes were listed as maintainers more often, "
        "beyond their own output (validation/promotions.py), which is a proxy for leading; its part on tickets has invented data alone.",
        partials=_partials,
        value=_value,
        evidence=_evidence,
    ),
    Signal(
        name="explanation_share",
        label="Answers that explain",
        family="mentoring",
        unit="share",
        direction="high",
        scale="logit",
        min_n=10,
        needs=(("messages", "texts"), ("utterances", "texts"), ("ticket_events", "texts")),
        horizon_days=_ANSWER_DAYS + 1,
        grade="C",
        sentence="Explained in {value} of the answers they gave to colleagues' questions ({n} answers).",
        explanation="Answers within a week to colleagues' questions in chat, notes and meetings, and which of them say why or how. In chat an "
        f"answer is what the person writes in the channel within {_GOES_ON_MINUTES} minutes, so that one long message and many "
        "short ones count alike. Answers in words that are not read, and those given aloud, are not counted, neither for nor "
        "against anyone; many questions need no explanation.",
        reference="The Leadership DNA framework, 'mentoring'; dialogue acts as in language.act; explaining against handing over "
        "as in Nelson-Le Gall 1981.",
        partials=_explained_partials,
        value=share,
        evidence=_explained_evidence,
    ),
    Signal(
        name="knowledge_reuse",
        label="Uses of articles they wrote",
        family="mentoring",
        unit="times",
        direction="high",
        scale="identity",
        min_n=20,
        needs=(("articles", "article_events", "ticket_events"), ("articles", "article_events", "time_entries"),
               ("articles", "article_events", "task_events")),
        horizon_days=_ARTICLE_DAYS + 1,
        grade="C",
        sentence="Colleagues used articles they had written {value} in a month of active days (seen on {n} days).",
        explanation="Tickets to which a colleague linked an article the person wrote, and days on which a colleague opened one "
        f"without a ticket, in the year after it was written; from one colleague {_MOST_USES:.0f} in a month of active days at "
        "most. Writing articles that nobody uses counts nothing, and own use neither. Missing for who has nothing to do with "
        "articles.",
        reference="The Leadership DNA framework, 'sharing knowledge'; reuse as the measure of shared knowledge as in Watson and "
        "Hewett 2006.",
        partials=_reuse_partials,
        value=_reuse_value,
        evidence=_reuse_evidence,
    ),
)  # fmt: skip
