"""Meetings: giving others the floor, and what came of decisions.

Who speaks more, or louder, is not counted. A meeting without a transcript is not seen.
"""

from datetime import timedelta

import ibis
import ibis.expr.types as ir
from ibis import _

from cadre.signals.partial import daily, share
from cadre.signals.signal import Signal, Tables, Window
from cadre.signals.turns import LIKELY, accounts_of, does, turns

NEXT_TURNS = 2
"""A hand-over is taken up at once or after one turn more of the same speaker."""
FOLLOW_DAYS = 5
"""A working week's days: what was decided and is not begun by then has been overtaken."""


def _spoken(tables: Tables) -> ir.Table:
    """Utterances that could be read; back-channels ("yes", "mm-hm") are listening and no turn at the floor."""
    said = turns(tables).filter(_.record_table == "utterances")
    hands = does(said, "question", "request")
    return said.mutate(asks=hands).filter(hands | ~does(said, "acknowledgement"))


def _given(tables: Tables) -> ir.Table:
    """Utterances with whether they handed the floor over (1) or not (0)."""
    said = _spoken(tables)
    after = _next_speaker(tables)
    answers = turns(tables).filter(_.record_table == "utterances")
    answers = answers.filter(does(answers, "answer")).select(next_id="record_id").distinct().mutate(answers=True)
    links = tables["reply_links"].filter(_.record_table == "utterances")
    links = links.filter((links.place == 1) & (links.probability >= LIKELY) & links.parent_id.notnull())
    links = links.select(next_id="record_id", replied_id="parent_id").distinct()
    joined = said.left_join(after, "record_id").drop("record_id_right")
    joined = joined.left_join(answers, "next_id").drop("next_id_right")
    joined = joined.left_join(links, "next_id").drop("next_id_right")
    taken = joined.answers.fill_null(False) | (joined.replied_id == joined.record_id).fill_null(False)
    return joined.mutate(given=(joined.asks & taken).ifelse(1.0, 0.0))


def _next_speaker(tables: Tables) -> ir.Table:
    """The next utterance by somebody else, within `NEXT_TURNS`, of each utterance; also of those that were not read."""
    rows = tables["utterances"].filter(_.meeting_id.notnull() & _.local_at.notnull())
    order = ibis.window(group_by="meeting_id", order_by=["occurred_at", "ordinal", "utterance_id"])
    places = range(NEXT_TURNS, 0, -1)
    who = {f"who_{n}": rows.account_id.lead(n).over(order) for n in places}
    which = {f"id_{n}": rows.utterance_id.lead(n).over(order) for n in places}
    others = rows.mutate(**who, **which)
    found: ir.StringValue = ibis.null("string")
    for n in places:  # the nearest last, so that it wins
        found = (others[f"who_{n}"] != others.account_id).fill_null(False).ifelse(others[f"id_{n}"], found)
    return others.select(record_id="utterance_id", next_id=found)


def _given_partials(tables: Tables) -> ir.Table:
    said = _given(tables)
    return daily(said, quantity=said.given)


def _given_evidence(tables: Tables) -> ir.Table:
    said = _given(tables)
    return said.select(
        "account_id", "record_table", "record_id", "occurred_at", "local_at",
        effect="given",
        note=(said.given > 0).ifelse("asked, and somebody else took the floor", "spoke without handing over"),
    )  # fmt: skip


def _decided(tables: Tables) -> ir.Table:
    """The first decision or instruction of each account in each meeting about a ticket, with what others did there after."""
    dated = tables["meetings"].filter(_.ticket_id.notnull() & _.local_at.notnull())
    about = dated.select(container_id="meeting_id", ticket_id="ticket_id")
    said = turns(tables).filter(_.record_table == "utterances").join(about, "container_id")
    voiced = said.filter(does(said, "decision", "instruction"))
    # Once a meeting: what follows a meeting follows all that was decided in it, and talk adds nothing.
    order = ibis.window(group_by=["container_id", "account_id"], order_by=["occurred_at", "record_id"])
    voiced = voiced.mutate(nth=ibis.row_number().over(order)).filter(_.nth == 0)
    voiced = voiced.select("account_id", "record_table", "record_id", "occurred_at", "local_at", "ticket_id")
    by = _with_person(voiced.select("record_id", "ticket_id", "account_id", said_at="occurred_at"), tables)
    done = _with_person(_done(tables), tables).select("ticket_id", "done_at", who="person")
    later = by.join(done, "ticket_id")
    waited = later.done_at.epoch_seconds() - later.said_at.epoch_seconds()
    later = later.filter((later.person != later.who) & (waited > 0) & (waited <= FOLLOW_DAYS * 86_400))
    followed = later.select("record_id").distinct().mutate(is_followed=True)
    joined = voiced.left_join(followed, "record_id").drop("record_id_right")
    return joined.mutate(followed=joined.is_followed.fill_null(False).ifelse(1.0, 0.0)).drop("is_followed")


def _done(tables: Tables) -> ir.Table:
    """Steps on tickets and time booked on them by staff: `ticket_id`, `account_id`, `done_at`."""
    events, booked = tables["ticket_events"], tables["time_entries"]
    steps = events.filter(events.actor_account_id.notnull()).select(
        "ticket_id", account_id="actor_account_id", done_at="occurred_at"
    )
    hours = booked.filter(booked.ticket_id.notnull()).select("ticket_id", "account_id", done_at="occurred_at")
    return steps.union(hours).anti_join(accounts_of(tables, "client", "bot"), "account_id")


def _with_person(rows: ir.Table, tables: Tables) -> ir.Table:
    """Rows with `person`: one speaks in a meeting and works on tickets under two accounts; an account where none is known."""
    owners = tables["person_accounts"].select("account_id", "person_id")
    joined = rows.left_join(owners, "account_id").drop("account_id_right")
    return joined.mutate(person=ibis.coalesce(joined.person_id, joined.account_id)).drop("person_id", "account_id")


def _followed_partials(tables: Tables) -> ir.Table:
    voiced = _decided(tables)
    return daily(voiced, quantity=voiced.followed)


def _followed_value(partials: ir.Table, window: Window) -> ir.Table:
    """Share followed, of what was decided long enough before the window's end to know."""
    return share(partials.filter(partials.day < ibis.literal(window.end - timedelta(days=FOLLOW_DAYS))), window)


def _followed_evidence(tables: Tables) -> ir.Table:
    voiced = _decided(tables)
    note = (voiced.followed > 0).ifelse(
        "decided in a meeting; others then worked on the ticket",
        "decided in a meeting; nobody else worked on the ticket",
    )
    return voiced.mutate(effect=voiced.followed, note=note).drop("followed", "ticket_id")


SIGNALS: tuple[Signal, ...] = (
    Signal(
        name="floor_given_share",
        label="Giving the floor in meetings",
        family="meetings",
        unit="share",
        direction="high",
        scale="logit",
        min_n=40,
        needs=(("utterances", "meetings"),),
        horizon_days=1,
        grade="C",
        sentence="Handed the floor to somebody else in {value} of their turns in meetings ({n} turns).",
        explanation="What the person said in meetings with a transcript, and which of it asks something that somebody else "
        "answers within two turns. A question nobody takes up does not count, and neither do short signs of listening. Missing "
        "for who attends few such meetings; who speaks little has a wide interval, not a low value. Meetings of two, and "
        "meetings one is sent to in order to ask, make it high.",
        reference="Turn allocation: Sacks, Schegloff and Jefferson 1974; leader inclusiveness: Nembhard and Edmondson 2006.",
        partials=_given_partials,
        value=share,
        evidence=_given_evidence,
    ),
    Signal(
        name="followed_through_share",
        label="Decisions that others took up",
        family="meetings",
        unit="share",
        direction="high",
        scale="logit",
        min_n=5,
        needs=(("utterances", "meetings", "ticket_events"), ("utterances", "meetings", "time_entries")),
        horizon_days=FOLLOW_DAYS + 1,
        grade="C",
        is_experimental=True,
        sentence="After {value} of the meetings in which they decided something, others worked on the ticket ({n} meetings).",
        explanation="Meetings about a ticket in which the person decided or instructed something, once a meeting, and whether "
        f"anybody else at the firm did something on that ticket within {FOLLOW_DAYS} days. Whether it was what had been decided "
        "is not read, and on a busy ticket somebody always does something. Meetings of the last "
        f"{FOLLOW_DAYS} days are not counted yet. Missing where no meeting is tied to a ticket.",
        reference="Meeting follow-through as an outcome: Allen, Lehmann-Willenbrock and Rogelberg 2015; the measure is ours.",
        partials=_followed_partials,
        value=_followed_value,
        evidence=_followed_evidence,
    ),
)
