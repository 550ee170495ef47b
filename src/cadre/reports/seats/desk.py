"""What everybody does at the desk, counted once a record: hands-on hours by week, tickets by topic; sealed until released."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir

from cadre.estimate import Measured, Sealed
from cadre.readiness.desk import Sole, Topic, sole, to_cover, totals, weekly
from cadre.reports.kept import kept
from cadre.reports.measure import Span
from cadre.reports.release import SIGNALS, Gate, release_persons
from cadre.warehouse import Snapshot


@dataclass(frozen=True, slots=True)
class Desk:
    """Counts of one window.

    Attributes:
        hours: Person -> booked hours of each week with any.
        solved: Person -> tickets resolved in each whole week with any.
        counts: Person and topic -> tickets resolved.
        of: Topic -> tickets that anybody resolved.
        clients: Client -> its name, where a source gives one.
    """

    hours: Mapping[str, tuple[float, ...]]
    solved: Mapping[str, tuple[float, ...]]
    counts: Mapping[tuple[str, Topic], int]
    of: Mapping[Topic, int]
    clients: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Loss:
    """What the desk loses with one person.

    Attributes:
        hours: Hands-on hours a week now; abstained where too few weeks have booked time.
        cover: Hours a week others have to do.
        solved: Tickets resolved a week, for firms that book no time.
        tickets: Tickets they resolved in the window.
        topics: Topics that counted.
        sole: Topics that mostly they solve.
        most: The topic of which they solve the largest share; missing where they solve hardly any.
    """

    hours: Measured
    cover: Measured
    solved: Measured
    tickets: int
    topics: int
    sole: tuple[Sole, ...]
    most: Sole | None

    def json(self) -> dict[str, Any]:
        """The keys every surface uses."""
        return {
            "hours_a_week": self.hours.json(),
            "hours_to_cover": self.cover.json(),
            "tickets_a_week": self.solved.json(),
            "tickets": self.tickets,
            "sole": [_told(each) for each in self.sole],
            "most": _told(self.most) if self.most else None,
        }


def _told(one: Sole) -> dict[str, Any]:
    return {"topic": one.topic[0], "client_id": one.topic[1], "share": one.share.json(), "learners": list(one.learners)}


def desk(snapshot: Snapshot, span: Span) -> Desk:
    """The counts of a window; kept for the newest records.

    Args:
        snapshot: The record.
        span: The window.
    """
    return kept(snapshot, ("desk", span), lambda: _desk(snapshot, span))


def losses(
    gate: Gate, found: Desk, people: Mapping[str, str], of: frozenset[str], kept_share: float | None
) -> Sealed[Mapping[str, Loss]]:
    """What the desk loses with each person, sealed; colleagues who could learn are named where they are open to whoever asks.

    Args:
        gate: Who asks.
        found: The counts.
        people: Everybody on the staff, key -> name.
        of: Whom to look at.
        kept_share: Share of hands-on work the seat keeps.
    """
    shut = gate.withheld(people, kind=SIGNALS).keys()
    made = {person: _loss(found, person, frozenset(people) - shut, kept_share) for person in of}
    named = {who for loss in made.values() for each in (*loss.sole, loss.most) if each for who, _ in each.learners}
    released = release_persons(gate, Sealed(made), named, lambda told, _: told, kind=SIGNALS)
    return Sealed(released.content)


def _loss(found: Desk, person: str, colleagues: frozenset[str], kept_share: float | None) -> Loss:
    own = {topic: n for (who, topic), n in found.counts.items() if who == person and topic[1] is None}
    hours = weekly(found.hours.get(person, ()))
    alone, most = sole(found.counts, found.of, person, colleagues)
    return Loss(
        hours=hours,
        cover=to_cover(hours, kept_share),
        solved=weekly(found.solved.get(person, ())),
        tickets=sum(own.values()),
        topics=len(own),
        sole=alone,
        most=most,
    )


def _desk(snapshot: Snapshot, span: Span) -> Desk:
    if span.start_on is None:
        return Desk({}, {}, {}, {}, {})
    accounts = snapshot.table("person_accounts").select("account_id", "person_id")
    entries, cases = snapshot.table("time_entries"), snapshot.table("ticket_expectations")
    hours = _weeks(snapshot, entries, accounts, span, entries.hours)
    solved = _weeks(snapshot, cases, accounts, span, ibis.literal(1.0))
    counts: dict[tuple[str, Topic], int] = {}
    for row in snapshot.rows(_topics(snapshot, accounts, span)):
        for topic in ((row["topic"], None), (row["topic"], row["client_id"])):
            if topic[1] is not None or topic == (row["topic"], None):
                key = (row["person_id"], topic)
                counts[key] = counts.get(key, 0) + row["n"]
    told = snapshot.table("identities")
    named = snapshot.rows(told.filter(told.client_id.notnull()).select("client_id", "display_name"))
    clients = {row["client_id"]: row["display_name"] for row in named if row["display_name"]}
    return Desk(hours, solved, counts, totals(counts), clients)


def _weeks(
    snapshot: Snapshot, table: ir.Table, accounts: ir.Table, span: Span, each: ir.Value
) -> dict[str, tuple[float, ...]]:
    """Person -> sum of a value in each whole week with any; the first and last week are cut and left out."""
    dated = _within(table.mutate(each=each), span)
    dated = dated.select("account_id", "each", week=dated.local_at.truncate("W"))
    ends = dated.agg(first=dated.week.min(), last=dated.week.max())
    whole = dated.cross_join(ends)
    whole = whole.filter((whole.week > whole.first) & (whole.week < whole.last))
    summed = whole.join(accounts, "account_id").group_by(["person_id", "week"]).agg(total=lambda t: t.each.sum())
    made: dict[str, list[float]] = {}
    for row in snapshot.rows(summed.order_by("person_id", "week")):
        made.setdefault(row["person_id"], []).append(float(row["total"]))
    return {person: tuple(weeks) for person, weeks in made.items()}


def _topics(snapshot: Snapshot, accounts: ir.Table, span: Span) -> ir.Table:
    """Tickets resolved by person, topic and client."""
    cases = _within(snapshot.table("ticket_expectations"), span)
    cases = cases.filter(cases.topic.notnull()).select("account_id", "topic", "client_id")
    joined = cases.join(accounts, "account_id")
    return joined.group_by(["person_id", "topic", "client_id"]).agg(n=lambda t: t.count())


def _within(table: ir.Table, span: Span) -> ir.Table:
    assert span.start_on is not None
    first = ibis.timestamp(span.start_on.isoformat())
    return table.filter((table.local_at >= first) & (table.local_at < first + ibis.interval(days=span.days)))
