"""Deciding about many persons at once, and saying of a refusal which rule held and what would open it.

What would open it is asked of the policies themselves: facts are changed as people could change them, and the fewest
changes that are permitted are the answer. So the words cannot drift from the rule. Persons with the same facts are
decided once.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cadre.policy.engine import Engine, Fact
from cadre.policy.source import Rule
from cadre.stewardship.facts import Asker, Facts, of_group

LONG_DAYS = 36_500
"""Longer than any time the policies wait for."""
PURPOSES = {
    "development": "helping the person grow",
    "selection_for_seat": "filling a named seat",
    "self": "looking at what is shown about oneself",
    "contest": "answering a contest",
    "study": "a study of public or invented data",
}
"""What one may ask for; the policies say which kind goes with which."""
_OWN_PURPOSE = {"see_candidate": "selection_for_seat", "see_contested": "contest"}


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something stays closed, and what would open it."""

    rule: str
    opens: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What was decided about one person or group.

    Attributes:
        refusal: None where it is open.
        rules: Ids of the policies that decided; empty where none permitted.
    """

    refusal: Refusal | None
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """Something people can do that would open a result: its rule and the act, each in one sentence."""

    name: str
    rule: str
    opens: str


STEPS = (
    Step(
        "purpose",
        "This is not opened for the purpose given",
        "It is asked for with another purpose: {purpose}.",
    ),
    Step(
        "told",
        "Numbers about a person stay closed until they were told and have confirmed it",
        "The notice is delivered to them and they confirm it on their own page, or on paper.",
    ),
    Step(
        "days",
        "A person has 14 days to look and contest before others see numbers about them",
        "It opens 14 days after they confirmed the notice{so_far}.",
    ),
    Step(
        "audit",
        "Readiness is opened with a fairness audit that is at most 182 days old",
        "A fairness audit is made and recorded.",
    ),
    Step(
        "answers",
        "A reviewer answers about a person before they see anything about them",
        "Whoever asks finishes their own blind review of them.",
    ),
    Step(
        "review",
        "A candidate is shown with at least one finished review",
        "Somebody finishes a blind review of them.",
    ),
)
_NOT_FOR = {
    "see_signals": ("Signals and their evidence are for the person and whoever they report to",
                    "Ask the person, or their lead. You ask as {role}."),
    "see_readiness": ("Readiness is for the person and for reviewers",
                      "Nothing opens it to you here. You ask as {role}."),
    "see_candidate": ("Candidates for a seat are for the owner", "Ask the owner. You ask as {role}."),
    "see_contested": ("A contested row is for the person and whoever answers the contest",
                      "Ask a reviewer. You ask as {role}."),
    "see_record": ("A row of the record opens to those who may see the evidence it belongs to",
                   "Ask the owner or a manager. You ask as {role}."),
}  # fmt: skip
_FAULT = Refusal(
    "The release rule could not be decided, so nothing is opened",
    "Somebody has to look at the policies: run `cadre doctor`.",
)


def answers(engine: Engine, facts: Facts, asker: Asker, kind: str, people: Iterable[str]) -> Mapping[str, Answer]:
    """What is decided about each of many persons.

    Args:
        engine: The policies.
        facts: What is known about everybody.
        asker: Who asks, and for what.
        kind: One of `cadre.policy.engine.KINDS`.
        people: Keys of the persons.
    """
    made: dict[str, Answer] = {}
    known: dict[frozenset[tuple[str, Fact]], Answer] = {}
    for person in people:
        about = facts.about(asker, person)
        pattern = frozenset(about.items())
        if pattern not in known:
            known[pattern] = answer(engine, asker, kind, about)
        made[person] = known[pattern]
    return made


def answer(engine: Engine, asker: Asker, kind: str, about: Mapping[str, Fact]) -> Answer:
    """What is decided about one set of facts."""
    told = engine.decide(asker.role, kind, about)
    rules = tuple(rule.name for rule in told.rules)
    if told.is_allowed:
        return Answer(None, rules)
    if told.fault:
        return Answer(_FAULT, rules)
    if asker.purpose not in PURPOSES and not told.rules:
        words = "Everything about people is asked for with a purpose, and this one is not known"
        return Answer(Refusal(words, f"Ask with one of these: {', '.join(PURPOSES)}."), rules)
    if told.rules:
        # Whether somebody seeks a lead role is no business of those to whom candidates would not open anyway.
        lifted = engine.decide(asker.role, kind, _changed(about, kind, [step.name for step in STEPS], is_seeking=True))
        is_for_them = lifted.is_allowed or any(rule.effect == "forbid" for rule in lifted.rules)
        return Answer(_forbidden(told.rules) if is_for_them else _not_for(kind, asker), rules)
    return Answer(_lacking(engine, asker, kind, about), rules)


def group_answer(engine: Engine, asker: Asker, size: int) -> Answer:
    """Whether a figure about a group of that size may be shown."""
    told = engine.decide(asker.role, "see_group", of_group(asker, size))
    rules = tuple(rule.name for rule in told.rules)
    if told.is_allowed:
        return Answer(None, rules)
    if told.fault:
        return Answer(_FAULT, rules)
    if told.rules:
        return Answer(_forbidden(told.rules), rules)
    words = f"A group of {size} is too small for a figure: somebody could be read off it"
    return Answer(Refusal(words, "Figures are shown from 5 people up."), rules)


def _forbidden(rules: tuple[Rule, ...]) -> Refusal:
    first = next((rule for rule in rules if rule.effect == "forbid"), rules[0])
    return Refusal(first.text, first.opens)


def _not_for(kind: str, asker: Asker) -> Refusal:
    rule, opens = _NOT_FOR[kind]
    return Refusal(rule, opens.format(role=asker.role))


def _lacking(engine: Engine, asker: Asker, kind: str, about: Mapping[str, Fact]) -> Refusal:
    """The fewest steps that would open it; who it is for, where no step would."""
    lacking = [step.name for step in STEPS]

    def is_open(steps: list[str]) -> bool:
        return engine.decide(asker.role, kind, _changed(about, kind, steps)).is_allowed

    if not is_open(lacking):
        return _not_for(kind, asker)
    for step in STEPS:
        fewer = [name for name in lacking if name != step.name]
        if is_open(fewer):
            lacking = fewer
    left = [step for step in STEPS if step.name in lacking]
    days = about.get("told_days")
    so_far = f"; {days} {'has' if days == 1 else 'have'} passed" if days is not None else ""
    wanted = PURPOSES[_OWN_PURPOSE.get(kind, "development")]
    return Refusal(left[0].rule, " ".join(s.opens.format(so_far=so_far, purpose=wanted) for s in left))


def _changed(about: Mapping[str, Fact], kind: str, steps: list[str], *, is_seeking: bool = False) -> dict[str, Fact]:
    made = dict(about)
    if is_seeking:
        made["is_seeking"] = True
    # A purpose that is forbidden is not changed: that would tell people to ask under another name.
    if "purpose" in steps and not is_seeking:
        made["purpose"] = _OWN_PURPOSE.get(kind, "development")
    if "told" in steps:
        made.setdefault("told_days", 0)
    if "days" in steps and "told_days" in made:
        made["told_days"] = LONG_DAYS
    if "audit" in steps:
        made["audit_age_days"] = 0
    if "answers" in steps:
        made["has_answered"] = True
    if "review" in steps:
        made["finished_reviews"] = max(1, int(made["finished_reviews"]))
    return made
