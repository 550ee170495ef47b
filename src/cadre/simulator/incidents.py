"""Major incidents: a ticket, a channel of its own, a coordinator, updates to those affected, perhaps a review.

Keeps true: the channel opens with the ticket and everything in it happens before the resolution or says that it came.
How composed people coordinate, and how often the coordinator gives news, stands in `Incidents`.
"""

from collections.abc import Sequence
from datetime import timedelta
from math import exp

from cadre.simulator.casework import Casework, Ticket
from cadre.simulator.chat import Chat
from cadre.simulator.dice import Dice, tilted
from cadre.simulator.meetings import Meetings
from cadre.simulator.roster import Firm, Person
from cadre.simulator.tickets import Desk
from cadre.simulator.worktime import HOUR


class Incidents:
    """The major incidents of the firm.

    Args:
        firm: The firm.
        casework: What people do on tickets.
        desk: Where the case of a ticket is drawn.
        chat: Where the channel is.
        meetings: Where the review is held.
    """

    def __init__(self, firm: Firm, casework: Casework, desk: Desk, chat: Chat, meetings: Meetings) -> None:
        self.firm, self.casework, self.desk, self.chat, self.meetings = firm, casework, desk, chat, meetings
        self.rules = firm.world.incidents

    def day(self, ordinal: int) -> None:
        """Write the incidents that begin on the n-th day."""
        dice, words = Dice(self.firm.seed, 30, ordinal), Dice(self.firm.seed, 31, ordinal)
        today = self.firm.first + timedelta(days=ordinal)
        duty = [p for p in self.firm.people if p.work.span(today)]
        if len(duty) <= self.rules.people:
            return
        for number in range(dice.count(self.rules.per_person_day * len(duty))):
            people = dice.some(duty, self.rules.people)
            span = people[0].work.span(today)
            assert span is not None
            opened = dice.between(*span)
            people = [p for p in people if p.work.is_on(opened)]
            key = f"P{ordinal + 1:04d}-{number + 1:02d}"
            category = dice.weighted(self.firm.world.categories, self.desk.category_weights)
            ticket = self.desk.arrival(key, opened, people[0], category, category.difficulty, dice, words)
            ticket.priority, ticket.is_major = 1, True
            self._live(ticket, people, dice)

    def _live(self, ticket: Ticket, people: Sequence[Person], dice: Dice) -> None:
        lead, casework = people[0], self.casework
        self.desk.begin(ticket, 0.0)
        hours = dice.lognormal(self.rules.hours, self.rules.hours_sd)
        hours *= exp(-self.rules.hours_composure * lead.composure)
        end = ticket.opened + HOUR * hours
        channel = casework.sheet.put("channels", f"I{ticket.key}", kind="incident")
        casework.sheet.put("identities", f"channel:{channel}", channel_id=channel,
                           display_name=f"incident-{ticket.key.lower()}")  # fmt: skip
        self._updates(ticket, lead, channel, end, dice)
        for _ in range(dice.count(self.rules.turns_per_hour * hours)):
            self._turn(ticket, dice.one(people), people, channel, dice.between(ticket.opened, end), end, dice)
        self.chat.message(lead, end, channel, ticket.talk.say("incident_over"))
        for person in people:
            casework.book(ticket, person, end, hours, "work" if person is lead else "help")
        ticket.helpers.extend(people[1:])
        casework.resolve(ticket, end, hours, people, dice)
        if dice.chance(self.rules.review_share) and len(people) > 1:
            self.meetings.review(ticket, people, end + self.rules.review_after_hours * HOUR, dice)

    def _updates(self, ticket: Ticket, lead: Person, channel: str, end: float, dice: Dice) -> None:
        rules = self.rules
        gap = HOUR * rules.update_hours * exp(-rules.update_composure * lead.composure)
        at = ticket.opened + gap * exp(rules.update_sd * dice.normal())
        while at < end:
            self.chat.message(lead, at, channel, ticket.talk.say("incident_updates", people="Two of us"))
            self.casework.event(ticket, at, "reply", lead.psa, ticket.talk.say("incident_public"), visibility="public")
            at += gap * exp(rules.update_sd * dice.normal())

    def _turn(
        self, ticket: Ticket, speaker: Person, people: Sequence[Person], channel: str, at: float, end: float, dice: Dice
    ) -> None:
        rules, talk = self.rules, ticket.talk
        others = dice.some([p for p in people if p is not speaker], 2)
        if others and dice.chance(tilted(rules.coordinate_share, rules.coordinate_composure * speaker.composure)):
            words = talk.say("incident_coordinate", *(p.first for p in others))
            self.chat.message(speaker, at, channel, words, to=others)
        elif others and dice.chance(rules.question_share):
            key = self.chat.message(
                speaker, at, channel, talk.say("incident_questions", others[0].first), to=others[:1]
            )
            later = at + 60 * dice.lognormal(rules.answer_minutes, rules.update_sd)
            if key and later < end:
                self.chat.message(others[0], later, channel, talk.say("incident_answers"), link=key)
        else:
            self.chat.message(speaker, at, channel, talk.say("incident_chatter"))
