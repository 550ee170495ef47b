"""Tickets of one day: what arrives, who takes it, how it changes hands.

Keeps true: how long a ticket takes follows the case mix stated in `Tickets`, so that whoever picks easy tickets looks
quick and is not; seniors pass work on as `Delegation` says, and hard cases go up. What holders do meanwhile stands in
`casework`.
"""

from collections.abc import Sequence
from datetime import timedelta
from itertools import accumulate
from math import exp, log

from cadre.simulator.casework import Casework, Ticket
from cadre.simulator.dice import Dice, tilted
from cadre.simulator.grammar import Talk
from cadre.simulator.habits import Category
from cadre.simulator.roster import Firm, Person
from cadre.simulator.worktime import HOUR


class Desk:
    """The ticket system of the firm: simulates the tickets of a day.

    Args:
        firm: The firm.
        casework: What people do on tickets.
    """

    def __init__(self, firm: Firm, casework: Casework) -> None:
        self.firm, self.casework, self.rules = firm, casework, firm.world.tickets
        dice = Dice(firm.seed, 7)
        loads = (c.seats * dice.lognormal(1.0, self.rules.client_load_sd) for c in firm.clients)
        self._client_sums = list(accumulate(loads))
        self.category_weights = [c.weight for c in firm.world.categories]

    def day(self, ordinal: int) -> list[Ticket]:
        """All tickets that arrive on the n-th day, written with their whole life."""
        dice, words = Dice(self.firm.seed, 10, ordinal), Dice(self.firm.seed, 11, ordinal)
        today, found = self.firm.first + timedelta(days=ordinal), list[Ticket]()
        duty_of = {team.index: self.firm.on_duty(team, today) for team in self.firm.teams}
        for team in self.firm.teams:
            duty = duty_of[team.index]
            spans = [span for p in duty if (span := p.work.span(today))]
            for _ in range(dice.count(team.plan.day_rate * len(duty))):
                opened = dice.between(min(s[0] for s in spans), max(s[1] for s in spans) - HOUR)
                category = dice.weighted(self.firm.world.categories, self.category_weights)
                shown = team.plan.difficulty + category.difficulty
                difficulty = shown + self.rules.difficulty_sd * dice.normal()
                holder = dice.weighted(duty, self._pulls(duty, shown, difficulty))
                key = f"T{ordinal + 1:04d}-{len(found) + 1:04d}"
                ticket = self.arrival(key, opened, holder, category, difficulty, dice, words)
                above = self.firm.escalation_team(team)
                self._live(ticket, duty, duty_of[above.index] if above else [], dice)
                found.append(ticket)
        return found

    def _pulls(self, duty: Sequence[Person], shown: float, difficulty: float) -> list[float]:
        """How strongly each person on duty draws the ticket: the deep ones hard cases, pickers what looks easy."""
        pick, pull = self.firm.world.gaming.easy_pick, self.rules.depth_pull
        return [exp(pull * p.depth * difficulty - (pick * shown if p.games else 0.0)) for p in duty]

    def arrival(
        self, key: str, opened: float, holder: Person, category: Category, difficulty: float, dice: Dice, words: Dice
    ) -> Ticket:
        """A ticket with its case: client, priority and channel drawn."""
        rules, team = self.rules, self.firm.teams[holder.team]
        client = dice.along(self.firm.clients, self._client_sums)
        user = int(dice.uniform() * len(client.users))
        priority = dice.weighted(range(1, len(rules.priority_share) + 1), rules.priority_share)
        channel = rules.channels[-1] if team.plan.alerts else dice.weighted(rules.channels, rules.channel_share)
        talk = Talk(
            words,
            category.name,
            client=client.name,
            user=client.users[user],
            ticket=key,
            speaks=self.casework.sheet.with_texts,
        )
        return Ticket(key, team, client, user, category, priority, channel, difficulty, opened, talk, holder)

    def begin(self, ticket: Ticket, delay_hours: float) -> float:
        """Write creation and assignment; returns when the holder has it."""
        alert = ticket.team.plan.alerts
        words = ticket.talk.say("alert_titles" if alert else "requests")
        ticket.title = words if alert else ""
        self.casework.event(
            ticket,
            ticket.opened,
            "created",
            "psa:monitor" if alert else ticket.requester,
            words,
            visibility="public",
            to_status="new",
        )
        at = ticket.holder.work.after(ticket.opened, delay_hours)
        if self.casework.event(
            ticket,
            at,
            "assigned",
            "psa:dispatch",
            to_account_id=ticket.holder.psa,
            to_team_id=ticket.team.key,
            from_status="new",
            to_status="assigned",
        ):
            ticket.status, ticket.assignee = "assigned", ticket.holder
        return at

    def hours(self, ticket: Ticket, duty: Sequence[Person], dice: Dice) -> float:
        """Working hours an average holder would need, the lift of teammates on duty included."""
        rules = self.rules
        mates = [p.leading for p in duty if p is not ticket.holder]
        lift = rules.lift_effect * sum(mates) / len(mates) if mates else 0.0
        ticket.slowness = rules.noise_sd * dice.normal() - lift
        return exp(
            log(rules.median_hours)
            + ticket.category.log_hours
            + ticket.client.effect
            + rules.priority_effect[ticket.priority - 1]
            + rules.channel_effect[rules.channels.index(ticket.channel)]
            + rules.difficulty_effect * ticket.difficulty
            + ticket.slowness
        )

    def _live(self, ticket: Ticket, duty: Sequence[Person], above: Sequence[Person], dice: Dice) -> None:
        rules, ways, holder = self.rules, self.firm.world.delegation, ticket.holder
        at = self.begin(ticket, dice.lognormal(rules.assign_hours, rules.assign_sd))
        hours = self.hours(ticket, duty, dice)
        left = 1.0
        juniors = [p for p in duty if not (p.is_lead or p.is_senior)]
        boss = holder.is_lead or holder.is_senior
        log_odds = rules.escalate_difficulty * ticket.difficulty - rules.escalate_depth * holder.depth
        if boss and juniors and ticket.difficulty < ways.difficulty_below and ticket.priority > 1:
            if dice.chance(tilted(ways.pass_share, ways.pass_slope * holder.delegation)):
                at, left = self._delegated(ticket, at, hours, juniors, duty, dice)
        elif above and dice.chance(tilted(rules.escalate_share, log_odds)):
            at, left = self._escalated(ticket, at, hours, above, duty, dice)
        elif len(duty) > 1 and dice.chance(rules.shift_handover_share):
            at = self.casework.stretch(ticket, at, hours * rules.handover_part, duty, dice)
            peer = dice.one([p for p in duty if p is not holder])
            self.casework.hand(ticket, at, peer, holder, ticket.talk.say("handovers", peer.first))
            left = 1 - rules.handover_part
        at = self.casework.stretch(ticket, at, hours * left, duty, dice)
        self.casework.resolve(ticket, at, hours, duty, dice)

    def _delegated(
        self, ticket: Ticket, at: float, hours: float, juniors: Sequence[Person], duty: Sequence[Person], dice: Dice
    ) -> tuple[float, float]:
        ways, boss, junior = self.firm.world.delegation, ticket.holder, dice.one(juniors)
        at = boss.work.after(at, ways.pass_hours)
        self.casework.hand(ticket, at, junior, boss, ticket.talk.say("handovers", junior.first))
        for _ in range(dice.count(ways.touches * exp(-ways.touches_slope * boss.delegation))):
            moment = boss.work.after(at, hours * dice.uniform())
            self.casework.event(
                ticket,
                moment,
                "note",
                boss.psa,
                ticket.talk.say("interventions"),
                visibility="private",
                mention_account_ids=[junior.psa],
            )
        if not dice.chance(tilted(ways.take_back_share, -ways.take_back_slope * boss.delegation)):
            return at, 1.0
        at = self.casework.stretch(ticket, at, hours * ways.take_back_part, duty, dice)
        at = boss.work.after(at, 0)
        self.casework.hand(ticket, at, boss, boss, ticket.talk.say("take_backs"))
        return at, 1 - ways.take_back_part

    def _escalated(
        self, ticket: Ticket, at: float, hours: float, above: Sequence[Person], duty: Sequence[Person], dice: Dice
    ) -> tuple[float, float]:
        rules, owner, engineer = self.rules, ticket.holder, dice.one(above)
        at = self.casework.stretch(ticket, at, hours * rules.handover_part, duty, dice)
        thin = dice.chance(tilted(rules.bounce_share, -rules.bounce_clarity * owner.clarity))
        words = ticket.talk.say("escalations_thin" if thin else "escalations")
        self.casework.hand(ticket, at, engineer, owner, words, "escalated")
        if thin:
            at = engineer.work.after(at, rules.bounce_hours)
            self.casework.hand(ticket, at, owner, engineer, ticket.talk.say("bounces"))
            at = owner.work.after(at, rules.bounce_hours)
            self.casework.hand(ticket, at, engineer, owner, ticket.talk.say("escalations"), "escalated")
        return at, 1 - rules.handover_part
