"""Asking for help: what a person does with own tickets that take longer than their case leads one to expect."""

from datetime import date
from math import log

import ibis
import ibis.expr.types as ir
from ibis import _

from cadre.exposure import with_calendar
from cadre.signals.partial import daily
from cadre.signals.signal import Signal, Tables, Window

_STUCK = log(1.5)
"""Log hours over the expected ones from which a ticket is called stuck: half as long again."""
_PASSED_DAYS, _MOST_DAYS = 90, 28
"""How long before its resolution passing a ticket on counts, and how many days at most are looked back for a question."""
_ASKED, _PRESENT = -1, -2
"""Bins of days with a question and of days with readable words; those of stuck tickets are the days looked back, from 0."""
_LEAST_PRESENT = 5
"""Days with words of one's own in the window from which on asking in writing is taken to be open to a person."""
_READ = {"messages": ("message_annotations", "message_id"), "utterances": ("utterance_annotations", "utterance_id")}


def _stuck(tables: Tables) -> ir.Table:
    """Own tickets resolved late for their case, with whether nobody else had a hand in them."""
    solved = tables["ticket_expectations"].filter((_.log_ratio >= _STUCK) & _.helped.notnull())
    held = tables["ticket_holds"].filter(_.passed > 0).select("ticket_id", "account_id", passed_at="passed_local_at")
    passed = solved.select("ticket_id", "account_id", "local_at").join(held, ["ticket_id", "account_id"])
    gap = passed.local_at.epoch_seconds() - passed.passed_at.epoch_seconds()
    passed = passed.filter(gap <= _PASSED_DAYS * 86_400).select("ticket_id", "account_id").distinct()
    passed = passed.mutate(was_passed=True)
    joined = solved.left_join(passed, ["ticket_id", "account_id"])
    rows = joined.select(
        "ticket_id", "account_id", "occurred_at", "local_at",
        day=joined.local_at.date(),
        is_alone=(joined.helped == 0) & joined.was_passed.isnull(),
    )  # fmt: skip
    return _with_days_back(rows, tables)


def _with_days_back(rows: ir.Table, tables: Tables) -> ir.Table:
    """Rows with `days_back` to the second working day of the person before their day, `_MOST_DAYS` at most."""
    days = tables["working_days"].select("calendar_id", "day", works=_.first_start.notnull().ifelse(1, 0))
    before = ibis.window(group_by="calendar_id", order_by="day", preceding=(None, 1))
    placed = days.mutate(before=days.works.sum().over(before).fill_null(0))
    worked = placed.filter(placed.works == 1).select(their="calendar_id", worked_on="day", place=_.before + 2)
    mine = with_calendar(rows, tables).left_join(placed.select("calendar_id", "day", "before"), ["calendar_id", "day"])
    mine = mine.drop("calendar_id_right", "day_right")
    found = mine.left_join(worked, [mine.calendar_id == worked.their, mine.before == worked.place])
    gap = (found.day.cast("timestamp").epoch_seconds() - found.worked_on.cast("timestamp").epoch_seconds()) / 86_400
    back = ibis.least(gap.cast("int64"), ibis.literal(_MOST_DAYS)).fill_null(_MOST_DAYS)
    return found.select(*rows.columns, days_back=back.cast("int64"))


def _present(tables: Tables) -> ir.Table:
    """Words that a question could have been read in: chat and meetings; a note on one's own ticket asks nobody else."""
    parts = []
    for name, (annotated, key) in _READ.items():
        read = tables[annotated].filter(_.is_readable).select(key)
        said = tables[name].semi_join(read, key)
        parts.append(said.select("account_id", "local_at"))
    return parts[0].union(parts[1])


def _asked(tables: Tables) -> ir.Table:
    """Questions to colleagues: what a client is asked on a ticket is the work itself and asks nobody for help."""
    events = tables["ticket_events"]
    to_client = events.filter((events.kind == "reply") | (events.visibility == "public").fill_null(False))
    return tables["questions"].anti_join(to_client.select(question_id="event_id"), "question_id")


def _partials(tables: Tables) -> ir.Table:
    stuck, asked, present = _stuck(tables), _asked(tables), _present(tables)
    one = ibis.literal(1.0)
    tickets = daily(stuck, quantity=stuck.is_alone.ifelse(1.0, 0.0), bin_=stuck.days_back)
    questions = daily(asked, quantity=one, bin_=ibis.literal(_ASKED))
    return tickets.union(questions).union(daily(present, quantity=one, bin_=ibis.literal(_PRESENT)))


def _value(partials: ir.Table, window: Window) -> ir.Table:
    """Share of stuck tickets without help, passing on or a question, with the variance of its logit.

    Persons with words of their own on fewer than `_LEAST_PRESENT` days of the window are left out, and so are tickets
    whose days for asking began before it.
    """
    seen = partials.filter(_.bin == _PRESENT).group_by("person_id").agg(days=_.day.nunique())
    seen = seen.filter(_.days >= _LEAST_PRESENT).select("person_id")
    mine = partials.filter(_.bin >= 0).semi_join(seen, "person_id")
    since = (mine.day.cast("timestamp").epoch_seconds() / 86_400).cast("int64") - mine.bin
    first = window.start.toordinal() - date(1970, 1, 1).toordinal()
    mine = mine.mutate(since=since, until=since + mine.bin).filter(_.since >= first)
    mine = mine.group_by("person_id", "since", "until").agg(n=_.n.sum(), alone=_.total.sum())
    asked = partials.filter(_.bin == _ASKED).select("person_id", asked_on="day").distinct()
    asked = asked.select("person_id", number=(asked.asked_on.cast("timestamp").epoch_seconds() / 86_400).cast("int64"))
    with_question = mine.join(asked, "person_id").filter((_.number >= _.since) & (_.number <= _.until))
    with_question = with_question.select("person_id", "since", "until").distinct().mutate(has_asked=True)
    joined = mine.left_join(with_question, ["person_id", "since", "until"])
    unasked = joined.has_asked.fill_null(False).ifelse(0.0, joined.alone)
    sums = joined.mutate(unasked=unasked).group_by("person_id").agg(k=_.unasked.sum(), n=_.n.sum())
    return sums.select(
        "person_id", "n", raw_value=sums.k / sums.n, variance=1 / (sums.k + 0.5) + 1 / (sums.n - sums.k + 0.5)
    )


def _evidence(tables: Tables) -> ir.Table:
    stuck = _with_person(_stuck(tables), tables)
    asked = _with_person(_asked(tables).select("account_id", asked_on=_.local_at.date()), tables)
    asked = asked.select("person_id", "asked_on").distinct()
    near = stuck.select("ticket_id", "person_id", "day", "days_back").join(asked, "person_id")
    gap = (near.day.cast("timestamp").epoch_seconds() - near.asked_on.cast("timestamp").epoch_seconds()) / 86_400
    near = near.filter((gap >= 0) & (gap <= near.days_back)).select("ticket_id").distinct().mutate(has_asked=True)
    joined = stuck.left_join(near, "ticket_id").drop("ticket_id_right")
    is_unasked = joined.is_alone & joined.has_asked.isnull()
    return joined.select(
        "account_id", "occurred_at", "local_at",
        record_table=ibis.literal("tickets"),
        record_id="ticket_id",
        other_account_id=ibis.null("string"),
        effect=is_unasked.ifelse(1.0, 0.0),
        note=is_unasked.ifelse(
            "took much longer than its case; no question, help or passing on seen",
            "took much longer than its case; help was asked for or given, or it was passed on",
        ),
    )  # fmt: skip


def _with_person(rows: ir.Table, tables: Tables) -> ir.Table:
    owners = tables["person_accounts"].select(owned="account_id", owner="person_id")
    joined = rows.left_join(owners, [rows.account_id == owners.owned])
    return joined.select(*rows.columns, person_id=ibis.coalesce(joined.owner, joined.account_id))


SIGNALS: tuple[Signal, ...] = (
    Signal(
        name="stuck_unasked_share",
        label="Stuck without asking",
        family="asking",
        unit="share",
        direction="low",
        scale="logit",
        min_n=10,
        needs=(("ticket_events", "tickets", "messages", "texts"), ("time_entries", "tickets", "messages", "texts"),
               ("ticket_events", "tickets", "utterances", "texts"), ("time_entries", "tickets", "utterances", "texts")),
        horizon_days=_PASSED_DAYS + 1,
        grade="C",
        sentence="On {value} of the tickets that took them much longer than expected no question or help was seen ({n} tickets).",
        explanation="Tickets the person resolved in half as many working hours again as their case leads one to expect, or "
        "more; and on which of them nobody else wrote or booked time, which the person did not pass on, while on the day of "
        "the resolution and the person's two working days before it they asked colleagues no question in chat, internal "
        "notes or meetings, about anything. Where somebody asks every day the share is 0 and says little. Counted only for people "
        f"with readable words in chat or meetings on at least {_LEAST_PRESENT} days: who asks aloud, has no chat or writes a "
        "language that is not read is left out. Waiting for a client makes a ticket long too, and then there is nothing to ask.",
        reference="The Leadership DNA framework, 'reluctance to ask for help'; help seeking as in Lee 1997.",
        partials=_partials,
        value=_value,
        evidence=_evidence,
    ),
)  # fmt: skip
