"""What people do who have learnt what is counted: farmed mentions, padded notes, traded favours.

Keeps true: none of it helps anybody, so nothing in the outcome of work changes. Picking easy tickets, the fourth
game, happens where tickets are taken. Who games, and how much, stands in `Gaming`.
"""

from collections.abc import Sequence
from datetime import timedelta

from cadre.simulator.casework import Casework, Ticket
from cadre.simulator.chat import Chat
from cadre.simulator.dice import Dice
from cadre.simulator.grammar import Talk
from cadre.simulator.roster import Firm, Person
from cadre.simulator.roster_rows import GENERAL


class Games:
    """The games of a day.

    Args:
        firm: The firm.
        casework: Where notes are padded.
        chat: Where mentions are farmed and favours traded.
    """

    def __init__(self, firm: Firm, casework: Casework, chat: Chat) -> None:
        self.firm, self.casework, self.chat, self.rules = firm, casework, chat, firm.world.gaming

    def day(self, ordinal: int, tickets: Sequence[Ticket]) -> None:
        """Write the games played on the n-th day."""
        dice, words = Dice(self.firm.seed, 50, ordinal), Dice(self.firm.seed, 51, ordinal)
        today = self.firm.first + timedelta(days=ordinal)
        duty = [p for p in self.firm.people if p.work.span(today)]
        for person in duty:
            span = person.work.span(today)
            if span and person.games and len(duty) > self.rules.farmed_names:
                topic = dice.one(self.firm.world.categories).name
                talk = Talk(words, topic, client=dice.one(self.firm.clients).name, speaks=self.chat.sheet.with_texts)
                self._play(person, duty, tickets, span, talk, dice)

    def _play(
        self,
        person: Person,
        duty: Sequence[Person],
        tickets: Sequence[Ticket],
        span: tuple[float, float],
        talk: Talk,
        dice: Dice,
    ) -> None:
        rules = self.rules
        for _ in range(dice.count(rules.farmed_per_day)):
            others = dice.some([p for p in duty if p is not person], rules.farmed_names)
            self.chat.message(person, dice.between(*span), GENERAL,
                              talk.say("farmed", *(p.first for p in others)), to=others)  # fmt: skip
        theirs = [t for t in tickets if t.holder is not person]
        for _ in range(dice.count(rules.padded_per_day) if theirs else 0):
            ticket = dice.one(theirs)
            at = person.work.after(ticket.opened, dice.uniform())
            if ticket.resolved_at is None or at < ticket.resolved_at:
                self.casework.event(ticket, at, "note", person.psa, talk.say("padded"), visibility="private")
        partner = self.firm.people[person.partner] if person.partner >= 0 else None
        for _ in range(dice.count(rules.favours_per_day) if partner in duty else 0):
            assert partner is not None
            channel, at = self.firm.teams[person.team].channel, dice.between(*span)
            key = self.chat.message(person, at, channel, talk.say("favours", partner.first), to=[partner])
            if key:
                later = at + 60 * rules.favour_minutes * 2 * dice.uniform()
                self.chat.message(partner, later, channel, talk.say("favour_answers"), link=key)
