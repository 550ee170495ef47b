"""Chat of one day: questions, their answers, thanks, small talk and tension.

Keeps true: an answer comes after its question, in the answerer's own working time; most answers stand in the
question's thread, some only name the asker, some carry no link at all. An answer given by phone leaves no row. How
likely and how soon people answer stands in `Answering` and `Unseen`.
"""

from collections.abc import Sequence
from datetime import timedelta
from math import exp

from cadre.simulator.casework import Ticket
from cadre.simulator.dice import Dice, tilted
from cadre.simulator.grammar import Talk
from cadre.simulator.roster import Firm, Person
from cadre.simulator.roster_rows import GENERAL, put_direct_channel
from cadre.simulator.sheet import Sheet


class Chat:
    """The chat of the firm: simulates the conversations of a day.

    Args:
        firm: The firm.
        sheet: Where rows go.
    """

    def __init__(self, firm: Firm, sheet: Sheet) -> None:
        self.firm, self.sheet = firm, sheet
        self._direct: set[str] = set()
        self._ordinal, self._count = 0, 0

    def day(self, ordinal: int, tickets: Sequence[Ticket]) -> None:
        """Write all conversations that begin on the n-th day; who asks does so about a ticket of that day, if any."""
        held: dict[int, list[Ticket]] = {}
        for ticket in tickets:
            held.setdefault(ticket.holder.index, []).append(ticket)
        self._ordinal, self._count = ordinal, 0
        dice, words = Dice(self.firm.seed, 20, ordinal), Dice(self.firm.seed, 21, ordinal)
        rules, today = self.firm.world.asking, self.firm.first + timedelta(days=ordinal)
        duty = [p for p in self.firm.people if p.work.span(today)]
        weights = [c.weight for c in self.firm.world.categories]
        speaks = self.sheet.with_texts
        for person in duty:
            span = person.work.span(today)
            assert span is not None
            near = self._near(person, duty, dice)
            for _ in range(dice.count(rules.per_day) if near else 0):
                own = held.get(person.index)
                if own:
                    ticket = dice.one(own)
                    at = dice.between(max(span[0], min(ticket.opened, span[1])), span[1])
                    self._question(person, at, near, ticket.talk, dice)
                else:
                    topic = dice.weighted(self.firm.world.categories, weights).name
                    self._question(person, dice.between(*span), near, Talk(words, topic, speaks=speaks), dice)
            for _ in range(dice.count(rules.small_talk_per_day) if near else 0):
                talk = Talk(words, self.firm.world.categories[0].name, speaks=speaks)
                where = dice.one((GENERAL, self.firm.teams[person.team].channel))
                if dice.chance(rules.tense_share / max(rules.small_talk_per_day, rules.tense_share)):
                    self._tense(person, dice.between(*span), near, talk, dice)
                else:
                    self.message(person, dice.between(*span), where, talk.say("small_talk", dice.one(near).first))

    def message(
        self,
        author: Person,
        at: float,
        channel: str,
        words: str,
        *,
        to: Sequence[Person] = (),
        link: str | None = None,
    ) -> str | None:
        """Write a message, in the thread of `link` where given; None where it lies past the last day."""
        if not self.sheet.seen(at):
            return None
        self._count += 1
        key = self.sheet.put(
            "messages",
            f"M{self._ordinal + 1:04d}-{self._count:05d}",
            occurred_at=at,
            channel_id=channel,
            account_id=author.chat,
            kind="message",
            mention_account_ids=[p.chat for p in to] or None,
            thread_id=link,
            reply_to_id=link,
        )
        self.sheet.text("messages", key, author.chat, words)
        return key

    def _near(self, person: Person, duty: Sequence[Person], dice: Dice) -> list[Person]:
        """Whom they might ask today: their team and a few others."""
        mates = [
            p
            for p in self.firm.teams[person.team].members
            if p is not person and p.work.span(self.firm.first + timedelta(days=self._ordinal))
        ]
        others = [dice.one(duty) for _ in range(self.firm.world.asking.others_count)]
        return mates + [p for n, p in enumerate(others) if p.team != person.team and p not in others[:n]]

    def _question(self, asker: Person, at: float, near: Sequence[Person], talk: Talk, dice: Dice) -> None:
        rules, answering = self.firm.world.asking, self.firm.world.answering
        draw = dice.uniform()
        if draw >= rules.mention_share + rules.direct_share:
            channel = self.firm.teams[asker.team].channel
            key = self.message(asker, at, channel, talk.say("asks"))
            people = list(near)
            for _ in range(dice.count(answering.open_answerers)):
                if people and key:
                    chosen = dice.weighted(people, [exp(answering.open_pull * p.helpfulness) for p in people])
                    people.remove(chosen)
                    self._answer(asker, chosen, at, channel, key, talk, dice, is_asked=False)
            return
        target = dice.weighted(
            near,
            [
                exp(rules.expert_pull * p.depth + rules.helpful_pull * p.helpfulness)
                * (rules.same_team if p.team == asker.team else 1.0)
                for p in near
            ],
        )
        if draw < rules.mention_share:
            channel = self.firm.teams[asker.team].channel if target.team == asker.team else GENERAL
            key = self.message(asker, at, channel, talk.say("asks", target.first), to=[target])
        else:
            channel = put_direct_channel(self.sheet, self._direct, asker, target)
            key = self.message(asker, at, channel, talk.say("asks", target.first))
        if key:
            self._answer(asker, target, at, channel, key, talk, dice, is_asked=True)

    def _answer(
        self,
        asker: Person,
        target: Person,
        at: float,
        channel: str,
        key: str,
        talk: Talk,
        dice: Dice,
        *,
        is_asked: bool,
    ) -> None:
        rules, unseen = self.firm.world.answering, self.firm.world.unseen
        answers = not is_asked or dice.chance(tilted(rules.share, rules.helpfulness * target.helpfulness))
        by_phone = dice.chance(tilted(unseen.share, unseen.leading * target.leading))
        if not answers or by_phone:
            return
        hours = dice.lognormal(rules.delay_hours * exp(-rules.delay_slope * target.helpfulness), rules.delay_sd)
        moment = target.work.after(at, hours)
        clear = dice.chance(tilted(rules.clear_share, rules.clear_clarity * target.clarity))
        occasion = self._occasion(target, dice, clear=clear)
        link, to = self._linked(asker, channel, key, dice)
        sent = self.message(target, moment, channel, talk.say(occasion, asker.first), to=to, link=link)
        if not sent:
            return
        if dice.chance(rules.repair_clear if clear else rules.repair_unclear):
            back = asker.work.after(moment, rules.delay_hours * dice.uniform())
            thread = link or self._linked(target, channel, sent, dice)[0]
            if self.message(asker, back, channel, talk.say("repairs"), link=thread):
                moment = target.work.after(back, rules.delay_hours * dice.uniform())
                self.message(target, moment, channel, talk.say("repair_answers", asker.first), link=thread)
        if dice.chance(self.firm.world.asking.thanks_share):
            later = asker.work.after(moment, dice.lognormal(rules.delay_hours, rules.delay_sd))
            self.message(asker, later, channel, talk.say("thanks", target.first), link=link)
        elif dice.chance(rules.react_share):
            self.sheet.put(
                "reactions",
                f"R{sent}",
                message_id=sent,
                account_id=asker.chat,
                name=dice.one(("+1", "raised_hands", "heart", "white_check_mark")),
            )

    def _occasion(self, target: Person, dice: Dice, *, clear: bool) -> str:
        rules = self.firm.world.answering
        brief = dice.chance(tilted(rules.brief_share, target.brevity))
        if dice.chance(tilted(rules.explain_share, rules.explain_mentoring * target.mentoring)):
            return "answers_explained" if clear else "answers_unclear"
        if brief:
            return "answers_brief"
        return "answers_plain" if clear else "answers_unclear"

    def _linked(self, asker: Person, channel: str, key: str, dice: Dice) -> tuple[str | None, list[Person]]:
        """How an answer points back: by thread, by naming the asker, or not at all; never so in a direct channel."""
        rules, draw = self.firm.world.answering, dice.uniform()
        if channel.startswith("D"):
            return None, []
        if draw < rules.thread_share:
            return key, []
        return None, [asker] if draw < rules.thread_share + rules.mention_back_share else []

    def _tense(self, author: Person, at: float, near: Sequence[Person], talk: Talk, dice: Dice) -> None:
        rules, target = self.firm.world.asking, dice.one(near)
        channel = self.firm.teams[author.team].channel
        key = self.message(author, at, channel, talk.say("tense", target.first), to=[target])
        if key and dice.chance(tilted(rules.tense_answer_share, rules.tense_slope * target.composure)):
            kind = (
                "tense_constructive"
                if dice.chance(tilted(rules.constructive_share, rules.tense_slope * target.composure))
                else "tense_other"
            )
            moment = target.work.after(
                at, dice.lognormal(self.firm.world.answering.delay_hours, self.firm.world.answering.delay_sd)
            )
            self.message(target, moment, channel, talk.say(kind, author.first), link=key)
