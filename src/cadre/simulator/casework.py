"""Work on one ticket: the stretches its holders spend on it, help from others, resolution, reopening, rating.

Keeps true: events past the last day are not written; a helper whose help is unseen leaves no row but the work still
gets shorter. Who holds the ticket when is decided in `tickets`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import exp
from typing import Any

from cadre.simulator.articles import Library
from cadre.simulator.dice import Dice, tilted
from cadre.simulator.grammar import Talk
from cadre.simulator.habits import Category
from cadre.simulator.roster import Client, Firm, Person, Team
from cadre.simulator.sheet import Sheet
from cadre.simulator.worktime import HOUR


@dataclass(slots=True, eq=False)
class Ticket:
    """A ticket while it is simulated; `slowness` is what its log of hours holds beyond the case mix."""

    key: str
    team: Team
    client: Client
    user: int
    category: Category
    priority: int
    channel: str
    difficulty: float
    opened: float
    talk: Talk
    holder: Person
    slowness: float = 0.0
    status: str = "new"
    events: int = 0
    handovers: int = 0
    reopened: int = 0
    resolved_at: float | None = None
    closed_at: float | None = None
    resolver: Person | None = None
    assignee: Person | None = None
    team_now: Team | None = None
    helpers: list[Person] = field(default_factory=list)
    entries: int = 0
    is_major: bool = False
    title: str = ""

    @property
    def requester(self) -> str:
        """Account of the client's user who asked."""
        return self.client.login(self.user)


class Casework:
    """What people do on tickets.

    Args:
        firm: The firm.
        sheet: Where rows go.
        library: Knowledge articles that tickets may link.
    """

    def __init__(self, firm: Firm, sheet: Sheet, library: Library) -> None:
        self.firm, self.sheet, self.library, self.rules = firm, sheet, library, firm.world.tickets
        self._learnt: dict[tuple[int, str], int] = {}

    def event(self, ticket: Ticket, at: float, kind: str, actor: str, words: str = "", **values: Any) -> bool:
        """Write an event with its words; False where it lies past the last day."""
        if not self.sheet.seen(at):
            return False
        ticket.events += 1
        key = self.sheet.put(
            "ticket_events",
            f"{ticket.key}-{ticket.events}",
            occurred_at=at,
            kind=kind,
            ticket_id=ticket.key,
            actor_account_id=actor,
            **values,
        )
        self.sheet.text("ticket_events", key, actor, words)
        return True

    def status(self, ticket: Ticket, at: float, kind: str, actor: str, status: str, words: str = "") -> bool:
        """Write an event that changes the status; False where it lies past the last day."""
        old = ticket.status
        done = self.event(ticket, at, kind, actor, words, visibility="public", from_status=old, to_status=status)
        ticket.status = status if done else old
        return done

    def hand(self, ticket: Ticket, at: float, to: Person, actor: Person, words: str, kind: str = "handed_over") -> None:
        """Change the holder, and the team where the new holder is of another."""
        old, old_team, new_team = ticket.holder, self.firm.teams[ticket.holder.team], self.firm.teams[to.team]
        moves = old_team is not new_team
        ticket.holder = to
        if self.event(
            ticket,
            at,
            kind,
            actor.psa,
            words,
            visibility="private",
            from_account_id=old.psa,
            to_account_id=to.psa,
            from_team_id=old_team.key if moves else None,
            to_team_id=new_team.key if moves else None,
        ):
            ticket.handovers += 1
            ticket.assignee, ticket.team_now = to, new_team

    def stretch(self, ticket: Ticket, at: float, hours: float, duty: Sequence[Person], dice: Dice) -> float:
        """The holder works on it; returns when the stretch ends. `hours` are those of an average person."""
        holder, rules = ticket.holder, self.rules
        assists = self.firm.world.assists
        learnt = self._learnt.get((holder.index, ticket.category.name), 0)
        hours *= exp(-rules.speed_effect * holder.speed - assists.learn_speed * learnt)
        if dice.chance(tilted(assists.share, assists.difficulty * ticket.difficulty - assists.learn_need * learnt)):
            hours = self._assisted(ticket, at, hours, duty, dice)
        for _ in range(dice.count(rules.notes_mean)):
            self.event(
                ticket,
                holder.work.after(at, hours * dice.uniform()),
                "note",
                holder.psa,
                ticket.talk.say("notes"),
                visibility="private",
            )
        for _ in range(dice.count(rules.replies_mean)):
            plain = dice.chance(tilted(rules.plain_share, rules.plain_clarity * holder.clarity))
            words = ticket.talk.say("replies_plain" if plain else "replies_jargon")
            self.event(
                ticket, holder.work.after(at, hours * dice.uniform()), "reply", holder.psa, words, visibility="public"
            )
        if dice.chance(rules.time_share):
            self.book(ticket, holder, holder.work.after(at, hours), hours * rules.hands_on_share, "work")
        return holder.work.after(at, hours)

    def book(self, ticket: Ticket, person: Person, at: float, hours: float, kind: str) -> None:
        """Write a time entry, booked in twentieths of an hour."""
        if self.sheet.seen(at):
            ticket.entries += 1
            self.sheet.put(
                "time_entries",
                f"{ticket.key}-time-{ticket.entries}",
                occurred_at=at,
                kind=kind,
                account_id=person.psa,
                ticket_id=ticket.key,
                client_id=ticket.client.key,
                hours=max(0.05, round(hours * 20) / 20),
                is_billable=kind == "work",
            )

    def _assisted(self, ticket: Ticket, at: float, hours: float, duty: Sequence[Person], dice: Dice) -> float:
        world, rules = self.firm.world, self.firm.world.assists
        others = [p for p in duty if p is not ticket.holder]
        if not others:
            return hours
        helper = dice.weighted(others, [exp(rules.mentoring_pull * p.mentoring) for p in others])
        when = dice.uniform()
        left = (1 - when) * exp(-(rules.effect + rules.effect_mentoring * helper.mentoring))
        explains = dice.chance(tilted(rules.explain_share, rules.explain_mentoring * helper.mentoring))
        if explains:
            topic = (ticket.holder.index, ticket.category.name)
            self._learnt[topic] = min(rules.learn_most, self._learnt.get(topic, 0) + 1)
        books = dice.chance(rules.time_share)
        if dice.chance(tilted(world.unseen.share, world.unseen.leading * helper.leading)):
            return hours * (when + left)
        moment = helper.work.after(ticket.holder.work.after(at, hours * when), 0)
        self.event(
            ticket,
            moment,
            "note",
            helper.psa,
            ticket.talk.say("assist_explained" if explains else "assist_brief", ticket.holder.first),
            visibility="private",
            mention_account_ids=[ticket.holder.psa],
        )
        if books:
            self.book(ticket, helper, moment, dice.lognormal(rules.hours, rules.hours_sd), "help")
        ticket.helpers.append(helper)
        return hours * (when + left)

    def resolve(self, ticket: Ticket, at: float, hours: float, duty: Sequence[Person], dice: Dice) -> None:
        """Resolve, perhaps reopen and resolve again, close and rate; then write the ticket's latest state."""
        rules, holder = self.rules, ticket.holder
        reopens = dice.chance(tilted(rules.reopen_share, -rules.reopen_quality * holder.quality))
        again = at + HOUR * dice.lognormal(rules.reopen_hours, rules.reopen_sd)
        self._resolved(ticket, at, dice)
        if reopens and self.status(ticket, again, "reopened", ticket.requester, "assigned", ticket.talk.say("reopens")):
            ticket.reopened, ticket.resolved_at, ticket.resolver = 1, None, None
            at = self.stretch(ticket, again, hours * rules.reopen_part, duty, dice)
            self._resolved(ticket, at, dice)
        closed = at + HOUR * rules.close_hours
        if ticket.resolver and self.status(ticket, closed, "closed", "psa:dispatch", "closed"):
            ticket.closed_at = closed
        if dice.chance(rules.rating_share):
            self._rate(ticket, at + HOUR * dice.lognormal(rules.reopen_hours, rules.reopen_sd), dice)
        self.library.link(ticket.category.name, ticket.key, holder, at, dice)
        self.put(ticket)

    def _resolved(self, ticket: Ticket, at: float, dice: Dice) -> None:
        thanks = [h for h in ticket.helpers if h is not ticket.holder][-1:]
        named = thanks and dice.chance(self.firm.world.assists.thank_share)
        words = ticket.talk.say("resolutions")
        if named:
            words = f"{words} {ticket.talk.say('credits', thanks[0].first)}".strip()
        old = ticket.status
        if self.event(
            ticket,
            at,
            "resolved",
            ticket.holder.psa,
            words,
            visibility="public",
            from_status=old,
            to_status="resolved",
            mention_account_ids=[thanks[0].psa] if named else None,
        ):
            ticket.status, ticket.resolved_at, ticket.resolver = "resolved", at, ticket.holder

    def _rate(self, ticket: Ticket, at: float, dice: Dice) -> None:
        rules, person = self.rules, ticket.resolver
        if person is None or not self.sheet.seen(at):
            return
        score = (
            rules.rating_mean
            + rules.rating_quality * person.quality
            + rules.rating_clarity * person.clarity
            - rules.rating_slowness * ticket.slowness
            + rules.rating_sd * dice.normal()
        )
        stars = min(4, max(0, round(score * 4)))
        self.sheet.put(
            "ratings",
            f"{ticket.key}-rating",
            occurred_at=at,
            ticket_id=ticket.key,
            client_id=ticket.client.key,
            account_id=person.psa,
            score_share=stars / 4,
        )

    def put(self, ticket: Ticket) -> None:
        """Write the ticket and its title."""
        due = ticket.opened + HOUR * self.rules.sla_hours[ticket.priority - 1]
        done = ticket.resolved_at
        late = due < self.sheet.end
        alert = ticket.channel == self.rules.channels[-1]
        team = ticket.team_now or ticket.team
        self.sheet.put(
            "tickets",
            ticket.key,
            occurred_at=ticket.opened,
            client_id=ticket.client.key,
            type="incident" if alert or ticket.category.name != "onboarding" else "request",
            category=ticket.category.name,
            priority=ticket.priority,
            channel=ticket.channel,
            team_id=team.key,
            assignee_account_id=ticket.assignee.psa if ticket.assignee else None,
            resolver_account_id=ticket.resolver.psa if ticket.resolver else None,
            requester_account_id="psa:monitor" if alert else ticket.requester,
            status=ticket.status,
            resolved_at=done,
            closed_at=ticket.closed_at,
            sla_due_at=due,
            sla_met=done <= due if done is not None else (False if late else None),
            reopen_count=ticket.reopened,
            handover_count=ticket.handovers,
            is_major=ticket.is_major,
        )
        title = ticket.title or ticket.talk.say("incident_titles" if ticket.is_major else "titles")
        self.sheet.text("tickets", ticket.key, "psa:monitor" if alert else ticket.requester, title, "title")
        if alert:
            self.sheet.put(
                "alerts",
                f"A{ticket.key}",
                occurred_at=ticket.opened,
                client_id=ticket.client.key,
                ticket_id=ticket.key,
                kind=ticket.category.name,
                severity=ticket.priority,
                cleared_at=done,
            )
