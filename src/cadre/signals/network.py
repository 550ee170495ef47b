"""Networks of who works with whom: typed edges with a direction, how often and how often it turned out well.

They count, they do not judge: who hands much on is a matter of role, and degree centrality is only weakly related to
leading (Ghaffar et al. 2018), so no estimate of leading rests on them. All is pure lazy Ibis; nothing here knows a page.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
from ibis import _

from cadre.signals.activity import EQUAL_DAYS, active_days
from cadre.signals.assist import assists
from cadre.signals.signal import Tables, Window

SOON_HOURS = 8.0
"""An answer within a working day counts as soon."""
_ORDER = ("occurred_at", "source_file", "source_line")
_OUTSIDERS = ("client", "bot")
_ACCOUNTS: Mapping[str, tuple[str, ...]] = {
    "ticket_events": ("actor_account_id", "from_account_id"),
    "tickets": ("assignee_account_id", "resolver_account_id"),
    "time_entries": ("account_id",),
    "task_events": ("actor_account_id", "for_account_id"),
    "messages": ("account_id",),
    "utterances": ("account_id",),
    "questions": ("account_id",),
    "answers": ("account_id",),
    "question_waits": ("account_id", "asker_account_id"),
    "stated_help": ("account_id", "other_account_id"),
}


@dataclass(frozen=True, slots=True)
class Network:
    """A kind of tie between two who work together.

    Attributes:
        name: Key, in the field's terms.
        label: As shown on pages.
        verb: What the source does to the target, between two names: "Ada *handed work to* Bo".
        outward: Head over colleagues one was the source of: "Handed work to"; in a network without direction, over all.
        inward: Head over colleagues one was the target of; empty in a network without direction.
        good: What `good` counts, for a person; empty where there is no outcome.
        is_directed: Whether source and target differ in what they do.
        needs: Tables that must have rows.
        explanation: Plain language: what is counted and what is not.
        reference: Where the construct comes from.
        edges: Tables and window (None for all) -> `source`, `target`, `times` (at least 1), `judged` (of how many the
            outcome is known, 0 where there is none) and `good` (how many of these turned out well; missing where
            none is known). Source and target are what the tables have as accounts: see `among_persons`.
    """

    name: str
    label: str
    verb: str
    outward: str
    inward: str
    good: str
    is_directed: bool
    needs: tuple[str, ...]
    explanation: str
    reference: str
    edges: Callable[[Tables, Window | None], ir.Table]


def steps(tables: Tables) -> ir.Table:
    """Steps of tickets by somebody.

    Args:
        tables: Canonical tables; reads `ticket_events`.

    Returns:
        One row per event with an actor: `ticket_id`, `actor`, and what orders the steps of a ticket: time, then file
        and line; steps of one line, by the actor's key. Events without an actor are left out, so that the steps
        around them are consecutive.
    """
    events = tables["ticket_events"]
    return events.filter(events.actor_account_id.notnull()).select("ticket_id", *_ORDER, actor="actor_account_id")


def handover(table: ir.Table) -> ir.Table:
    """How often work went straight from one actor to another.

    Args:
        table: Rows of `steps`.

    Returns:
        One row per ordered pair: `source`, `target`, `times` (at least 1). Steps of one actor in a row do not count.

    References:
        van der Aalst, Reijers, Song, Discovering Social Networks from Event Logs, CSCW 14 (2005): handover of work,
        direct succession, counting multiple appearances.
    """
    pairs = table.select(source=_.actor.lag(1).over(_ordered(table)), target=_.actor)
    return _counted(pairs.filter(pairs.source.notnull() & (pairs.source != pairs.target)))


def working_together(table: ir.Table) -> ir.Table:
    """On how many tickets two actors both took a step.

    Args:
        table: Rows of `steps`.

    Returns:
        One row per pair, `source` before `target` as text: `source`, `target`, `times` (tickets).

    References:
        van der Aalst, Reijers, Song 2005, metrics based on joint cases; here as a count, not a share.
    """
    seen = table.select("ticket_id", "actor").distinct()
    other = seen.view()
    both = seen.join(other, [seen.ticket_id == other.ticket_id, seen.actor < other.actor], rname="other_{name}")
    return _counted(both.select(source=both.actor, target=both.other_actor))


def subcontracting(table: ir.Table) -> ir.Table:
    """How often work went from one actor to another and straight back.

    Args:
        table: Rows of `steps`.

    Returns:
        One row per ordered pair: `source` (who gave and got it back), `target` (who did it between), `times`.

    References:
        van der Aalst, Reijers, Song 2005: subcontracting in direct succession.
    """
    window = _ordered(table)
    runs = table.select(source=_.actor.lag(2).over(window), target=_.actor.lag(1).over(window), back=_.actor)
    found = runs.filter(runs.source.notnull() & (runs.source == runs.back) & (runs.target != runs.back))
    return _counted(found.select("source", "target"))


def who_answers_whom(tables: Tables, window: Window | None = None) -> ir.Table:
    """Whose questions were answered by whom, and how often within a working day.

    Args:
        tables: The record; reads `questions`, `answers` and `question_waits`.
        window: Local days on which the answer counts; all unless given.

    Returns:
        Edges from who asked to who answered. `times` counts questions, however many records the answer took. `judged`
        are those put to the answerer, whose wait is known; `good` those answered within `SOON_HOURS` of the answerer's
        own working hours. An answer by somebody who was not asked has no wait, and is in `times` alone.
    """
    asked = tables["questions"].select("question_id", source="account_id")
    given = _within(tables["answers"], window).select("question_id", target="account_id")
    pairs = given.join(asked, "question_id").filter(_.source != _.target).distinct()
    waits = tables["question_waits"]
    known = waits.filter(waits.answer_id.notnull() | waits.is_over).select(
        "question_id",
        target="account_id",
        soon=(waits.answer_id.notnull() & (waits.waited_hours <= SOON_HOURS)).ifelse(1.0, 0.0),
    )
    known = known.group_by("question_id", "target").agg(soon=_.soon.max())
    joined = pairs.left_join(known, ["question_id", "target"])
    return _judged(joined.select("source", "target", good="soon"))


def mentoring(tables: Tables, window: Window | None = None) -> ir.Table:
    """Who helped on whose work, and what became of it.

    Args:
        tables: The record; reads what `assist.assists` reads.
        window: Local days on which the help counts; all unless given.

    Returns:
        Edges from helper to owner. `times` counts tickets and tasks, each once a helper; `good` sums their credit:
        1, 0.5 or 0 as in the signal `assist_credit`.
    """
    helped = _within(assists(tables), window)
    return _judged(helped.select(source="account_id", target="other_account_id", good="credit"))


def among_persons(tables: Tables) -> Tables:
    """The tables that networks read, with persons in the place of their accounts.

    Returns:
        All that networks read. Where an account belongs to a client, to a bot or to nobody, its place is empty: its steps are
        left out like steps without an actor, and what it asked or answered makes no edge.
    """
    accounts = tables["person_accounts"]
    known = accounts.filter(accounts.kind.notin(_OUTSIDERS)).select("account_id", "person_id")
    placed = {name: _as_persons(tables[name], columns, known) for name, columns in _ACCOUNTS.items()}
    placed["ticket_events"] = _named_as_persons(placed["ticket_events"], known)
    return {**placed, **{name: tables[name] for name in ("ticket_expectations", "ticket_annotations")}}


def with_months(edges: ir.Table, tables: Tables, window: Window | None = None) -> ir.Table:
    """Edges with `months`: active days of the less present of the two, as months of `EQUAL_DAYS`, at least 1.

    Times over months are what the two did with each other had both been there: part-time, leave or a later start move
    neither. Below a month it is not scaled up, so that a week's trace does not speak for a year.

    Args:
        edges: Edges between what `tables` have as accounts.
        tables: The record, the same as for the edges.
        window: The same window.
    """
    traces = ("messages", "ticket_events", "time_entries", "task_events", "utterances")
    inside = {name: _within(tables[name], window) for name in traces}
    days = active_days(inside, *traces).group_by("account_id").agg(days=_.day.nunique())
    joined = edges.join(days.select(source="account_id", source_days="days"), "source")
    joined = joined.join(days.select(target="account_id", target_days="days"), "target")
    months = ibis.least(joined.source_days, joined.target_days) / EQUAL_DAYS
    return joined.select(*edges.columns, months=ibis.greatest(months, ibis.literal(1.0)))


def _stepped(counted: Callable[[ir.Table], ir.Table]) -> Callable[[Tables, Window | None], ir.Table]:
    """A network over steps in the shape of all: nothing is known of how it turned out."""

    def edges(tables: Tables, window: Window | None = None) -> ir.Table:
        inside = {"ticket_events": _within(tables["ticket_events"], window)}
        found = counted(steps(inside))
        return found.mutate(judged=ibis.literal(0).cast("int64"), good=ibis.null("float64"))

    return edges


def _as_persons(table: ir.Table, columns: tuple[str, ...], known: ir.Table) -> ir.Table:
    for column in columns:
        person = known.select(_key="account_id", _person="person_id")
        joined = table.left_join(person, [(column, "_key")])
        table = joined.select(*(c for c in table.columns if c != column), **{column: joined["_person"]})
    return table


def _named_as_persons(events: ir.Table, known: ir.Table) -> ir.Table:
    named = events.filter(events.mention_account_ids.notnull())
    named = named.select("event_id", account_id=named.mention_account_ids.unnest()).join(known, "account_id")
    persons = named.group_by("event_id").agg(named_persons=_.person_id.collect())
    joined = events.left_join(persons, "event_id")
    return joined.select(
        *(c for c in events.columns if c != "mention_account_ids"), mention_account_ids=joined.named_persons
    )


def _within(table: ir.Table, window: Window | None) -> ir.Table:
    if window is None:
        return table
    day = table.local_at.date()
    return table.filter((day >= ibis.literal(window.start)) & (day < ibis.literal(window.end)))


def _ordered(table: ir.Table) -> ibis.expr.builders.WindowBuilder:
    # The actor and not the event's own key breaks ties: it is read anyway, and equal actors change no count.
    return ibis.window(group_by=table.ticket_id, order_by=[*(table[name] for name in _ORDER), table.actor])


def _counted(pairs: ir.Table) -> ir.Table:
    return pairs.group_by("source", "target").agg(times=_.count())


def _judged(pairs: ir.Table) -> ir.Table:
    some = pairs.filter(pairs.source.notnull() & pairs.target.notnull())
    return some.group_by("source", "target").agg(
        times=_.count(), judged=_.good.count(), good=_.good.sum().cast("float64")
    )


_AALST = "van der Aalst, Reijers, Song, Discovering Social Networks from Event Logs, CSCW 14 (2005)"

NETWORKS: tuple[Network, ...] = (
    Network(
        name="handover",
        label="Work handed over",
        verb="handed work to",
        outward="Handed work to",
        inward="Got work from",
        good="",
        is_directed=True,
        needs=("ticket_events",),
        explanation="How often the next step on a ticket was somebody else's: from who took the step before to who took the "
        "next. Steps of one person in a row do not count, and steps of clients and bots are passed over.",
        reference=f"{_AALST}: handover of work in direct succession, counting multiple appearances.",
        edges=_stepped(handover),
    ),
    Network(
        name="working_together",
        label="Work on the same tickets",
        verb="worked on tickets with",
        outward="Worked with",
        inward="",
        good="",
        is_directed=False,
        needs=("ticket_events",),
        explanation="On how many tickets both took a step, whatever the step and however many.",
        reference=f"{_AALST}: metrics based on joint cases, as a count.",
        edges=_stepped(working_together),
    ),
    Network(
        name="subcontracting",
        label="Work passed on and got back",
        verb="passed on and got back from",
        outward="Passed on and got back from",
        inward="Did a step for",
        good="",
        is_directed=True,
        needs=("ticket_events",),
        explanation="How often a ticket went from one to another for one step and straight back.",
        reference=f"{_AALST}: subcontracting in direct succession.",
        edges=_stepped(subcontracting),
    ),
    Network(
        name="who_answers_whom",
        label="Questions answered",
        verb="had questions answered by",
        outward="Were answered by",
        inward="Answered",
        good=f"answered within {SOON_HOURS:.0f} working hours",
        is_directed=True,
        needs=("questions", "answers"),
        explanation="Whose questions in chat, on tickets and in meetings were answered by whom. Within "
        f"{SOON_HOURS:.0f} working hours of the answerer counts as soon; where the question was not put to the answerer, "
        "it is not known how long it waited. An answer across the desk leaves no trace.",
        reference="Reply structure as in Kummerfeld et al. 2019; a question's wait by the answerer's own working hours.",
        edges=who_answers_whom,
    ),
    Network(
        name="mentoring",
        label="Help on others' work",
        verb="helped on the work of",
        outward="Helped",
        inward="Were helped by",
        good="credited: done in time and did not come back",
        is_directed=True,
        needs=("tickets", "ticket_events"),
        explanation="Tickets and changes of a colleague on which somebody wrote a note, booked time, reviewed or tested; once "
        "each, however often they wrote. One credit where the work was then done in time and did not come back, a half "
        "where it took longer, none where it came back or stayed open.",
        reference="The Leadership DNA framework, 'help others solve problems collaboratively'; credit as in the signal "
        "`assist_credit`.",
        edges=mentoring,
    ),
)
