"""Meetings with a transcript: the weekly meeting of each team, and the review after a major incident.

Keeps true: only people at work at that hour attend, turns follow one another in time, and whoever is given the floor
speaks next. Transcripts carry no labels of acts, as real ones do not.
"""

from collections.abc import Sequence
from datetime import timedelta
from math import exp

from cadre.simulator.casework import Ticket
from cadre.simulator.dice import Dice, tilted
from cadre.simulator.grammar import Talk
from cadre.simulator.roster import Firm, Person
from cadre.simulator.roster_rows import day_start
from cadre.simulator.sheet import Sheet
from cadre.simulator.worktime import HOUR


class Meetings:
    """The recorded meetings of the firm.

    Args:
        firm: The firm.
        sheet: Where rows go.
    """

    def __init__(self, firm: Firm, sheet: Sheet) -> None:
        self.firm, self.sheet, self.rules = firm, sheet, firm.world.meetings

    def day(self, ordinal: int) -> None:
        """Write the weekly meetings held on the n-th day; teams take the working days in turn."""
        dice, words = Dice(self.firm.seed, 40, ordinal), Dice(self.firm.seed, 41, ordinal)
        today = self.firm.first + timedelta(days=ordinal)
        at = day_start(self.firm, ordinal) + HOUR * self.rules.start_hour
        for team in self.firm.teams:
            if team.index % 5 != today.weekday():
                continue
            people = [p for p in team.members if p.work.is_on(at)][: self.rules.most]
            if len(people) >= self.rules.least:
                talk = self._case(words, dice)
                self._held(f"W{ordinal + 1:04d}-{team.index + 1}", at, people, talk, "standup", None, dice)

    def _case(self, words: Dice, dice: Dice) -> Talk:
        """Some case the firm might be talking about."""
        topic, client = dice.one(self.firm.world.categories).name, dice.one(self.firm.clients).name
        return Talk(words, topic, client=client, speaks=self.sheet.with_texts)

    def review(self, ticket: Ticket, people: Sequence[Person], at: float, dice: Dice) -> None:
        """Write the review of an incident, a day later."""
        self._held(f"V{ticket.key}", at, people, ticket.talk, "review", ticket.key, dice)

    def _held(
        self, key: str, at: float, people: Sequence[Person], talk: Talk, kind: str, ticket: str | None, dice: Dice
    ) -> None:
        rules, spoken = self.rules, list[tuple[Person, str]]()
        chair = next((p for p in people if p.is_lead), people[0])
        spoken.append((chair, talk.say("meeting_open")))
        weights = [exp(rules.talk_craft * p.craft) * (rules.lead_talk if p is chair else 1.0) for p in people]
        for _ in range(max(1, dice.count(rules.turns))):
            speaker = dice.weighted(people, weights)
            other = dice.one([p for p in people if p is not speaker])
            if dice.chance(tilted(rules.floor_share, rules.floor_leading * speaker.mentoring)):
                spoken.append((speaker, talk.say("meeting_floor", other.first)))
                spoken.append((other, talk.say("meeting_answer")))
            elif dice.chance(rules.decide_share):
                spoken.append((speaker, talk.say("meeting_decide", other.first)))
            else:
                own = talk if ticket else self._case(talk.dice, dice)
                spoken.append((speaker, own.say("incident_review" if ticket else "meeting_report")))
        ends, seconds = list[tuple[float, float]](), 0.0
        for _ in spoken:
            length = dice.lognormal(rules.turn_seconds, rules.turn_sd)
            ends.append((seconds, seconds + length))
            seconds += length
        if not self.sheet.seen(at + seconds):
            return
        self.sheet.put("meetings", key, occurred_at=at, ended_at=at + seconds, kind=kind, ticket_id=ticket)
        for person in people:
            self.sheet.put("attendances", f"{key}-{person.index + 1}", meeting_id=key, account_id=person.chat)
        for ordinal, ((person, words), (start, stop)) in enumerate(zip(spoken, ends, strict=True)):
            said = self.sheet.put(
                "utterances", f"{key}-u{ordinal}", occurred_at=at + start, meeting_id=key, account_id=person.chat,
                ordinal=ordinal, start_seconds=round(start, 2), end_seconds=round(stop, 2),
            )  # fmt: skip
            self.sheet.text("utterances", said, person.chat, words)
