"""Knowledge articles: who wrote what when, planned before the first day, and their use by others.

Keeps true: an article is used only after it was written, and never by its author alone by construction. What makes
people write and use stands in `Articles`.
"""

from datetime import timedelta
from math import exp

from cadre.simulator.dice import Dice
from cadre.simulator.grammar import Talk
from cadre.simulator.roster import Firm, Person
from cadre.simulator.sheet import Sheet

Article = tuple[float, str, Person]


class Library:
    """All articles of the firm.

    Args:
        firm: The firm.
        sheet: Where rows go.
    """

    def __init__(self, firm: Firm, sheet: Sheet) -> None:
        self.firm, self.sheet, self._uses = firm, sheet, 0
        self._by_topic: dict[str, list[Article]] = {}
        self._planned: list[tuple[float, str, Person, str]] = []
        rules, dice = firm.world.articles, Dice(firm.seed, 8)
        days = (firm.until - firm.first).days + 1
        weights = [c.weight for c in firm.world.categories]
        for person in firm.people:
            mean = rules.per_half_year * days / 182 * exp(rules.mentoring * person.mentoring)
            for _ in range(dice.count(mean)):
                span = person.work.span(firm.first + timedelta(days=int(dice.uniform() * days)))
                topic = dice.weighted(firm.world.categories, weights).name
                if span:
                    self._planned.append((dice.between(*span), topic, person, f"KB{len(self._planned) + 1:05d}"))
        for at, topic, person, key in sorted(self._planned, key=lambda plan: plan[0]):
            self._by_topic.setdefault(topic, []).append((at, key, person))

    def put(self) -> None:
        """Write all articles and their words."""
        words = Dice(self.firm.seed, 9)
        for at, topic, person, key in self._planned:
            if self.sheet.seen(at):
                self.sheet.put("articles", key, occurred_at=at, account_id=person.psa, category=topic)
                talk = Talk(words, topic, speaks=self.sheet.with_texts)
                self.sheet.text("articles", key, person.psa, talk.say("titles"), "title")
                self.sheet.text("articles", key, person.psa, talk.say("articles"))

    def link(self, topic: str, ticket: str, user: Person, at: float, dice: Dice) -> None:
        """Perhaps have `user` link an article to the ticket they just solved."""
        rules = self.firm.world.articles
        ready = [a for a in self._by_topic.get(topic, ()) if a[0] < at]
        if not ready or not dice.chance(rules.link_share) or not self.sheet.seen(at):
            return
        _, article, _ = dice.weighted(ready, [exp(rules.clarity_pull * a[2].clarity) for a in ready])
        self.sheet.put(
            "article_events",
            f"{ticket}-{article}",
            occurred_at=at,
            article_id=article,
            kind="linked",
            account_id=user.psa,
            ticket_id=ticket,
        )
