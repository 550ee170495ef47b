"""The release rule: the one place that opens what is sealed, and says why it does not.

Keeps true: what is open is decided below the pages, by the policies, for who asks, for what purpose, and with what each
person was told; figures about a group leave from five people up. A refusal says which rule held and what would open it.
What was opened is noted in the gate; whoever built the gate writes it down before the answer leaves.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from cadre.access.principal import Principal
from cadre.estimate import Sealed, open_sealed
from cadre.policy.engine import Engine, shipped
from cadre.records import Firm
from cadre.stewardship.facts import Asker, Facts
from cadre.stewardship.opening import Opening
from cadre.stewardship.rule import Answer, Refusal, answers, group_answer

T = TypeVar("T")
R = TypeVar("R")

MIN_GROUP = 5
"""People a group figure needs, so that nobody can be read off it; the policies hold the same number (a test looks)."""

STUDY_WORD = "Study"
SIGNALS, READINESS, CANDIDATE = "see_signals", "see_readiness", "see_candidate"
CONTESTED, RECORD = "see_contested", "see_record"
DEVELOPMENT, CONTEST = "development", "contest"


@dataclass(frozen=True, slots=True)
class Withheld:
    """What is not shown, and why.

    Attributes:
        rule: Which rule held, in one sentence.
        opens: What would release it.
    """

    rule: str
    opens: str

    def json(self) -> dict[str, str]:
        """The keys every surface uses."""
        return {"withheld": self.rule, "opens": self.opens}


@dataclass(frozen=True, slots=True)
class HeldBack:
    """Some of many who are not shown for the same reason; it counts them and names nobody."""

    people: int
    why: Withheld

    @property
    def sentence(self) -> str:
        """How many, in words."""
        return f"{self.people:,} {'person is' if self.people == 1 else 'people are'} not released to you"

    def json(self) -> dict[str, str | int]:
        """The keys every surface uses."""
        return {"people": self.people, **self.why.json()}


@dataclass(frozen=True, slots=True)
class Released(Generic[T]):
    """What is open of many persons.

    Attributes:
        content: The content, narrowed to those who are open.
        open: Keys of the persons who are open.
        why: Person -> why they are not.
    """

    content: T
    open: frozenset[str]
    why: Mapping[str, Withheld]

    @property
    def withheld(self) -> Withheld | None:
        """The most frequent reason where nobody is open; None where somebody is, or nobody was asked for."""
        return self.held[0].why if self.held and not self.open else None

    @property
    def held(self) -> tuple[HeldBack, ...]:
        """Those who are not open, counted by reason, the most frequent first."""
        return tuple(HeldBack(count, why) for why, count in Counter(self.why.values()).most_common())


class Gate:
    """Who asks, for what, and what is known of everybody; made once a request.

    Args:
        principal: Who asks.
        firm: The firm.
        facts: What is known, or how to read it once it is asked for; with none, nobody was told and nobody is open in a
            firm's own workspace.
        purpose: What is asked for; one of `cadre.stewardship.rule.PURPOSES`.
        engine: The policies; those that come with Cadre unless given.
    """

    def __init__(
        self,
        principal: Principal,
        firm: Firm,
        facts: Facts | Callable[[], Facts] | None = None,
        *,
        purpose: str = DEVELOPMENT,
        engine: Engine | None = None,
    ) -> None:
        self.principal = principal
        self.firm = firm
        self._facts = facts or Facts()
        self.asker = Asker(principal.role, principal.person_id, firm.purpose, purpose)
        self._engine = engine or shipped()
        self._noted: dict[tuple[str, str], Opening] = {}

    @property
    def facts(self) -> Facts:
        """What is known of everybody, read when it is first asked for."""
        if not isinstance(self._facts, Facts):
            self._facts = self._facts()
        return self._facts

    @property
    def openings(self) -> tuple[Opening, ...]:
        """What was opened so far about persons of a firm's own workspace, each person and kind once."""
        return tuple(self._noted.values())

    def withheld(self, people: Iterable[str], *, kind: str = SIGNALS) -> dict[str, Withheld]:
        """Who is not open, and why; asking opens nothing.

        Args:
            people: Keys of persons.
            kind: What is asked for.
        """
        return {person: shut for person, answer in self._answers(people, kind).items() if (shut := _shut(answer))}

    def seen_by(self, person_id: str, *, role: str, person_key: str | None, purpose: str, kind: str) -> Withheld | None:
        """Why somebody else would not be shown a person now; None where they would. Opens nothing.

        Args:
            person_id: The person.
            role: Role of whoever would ask.
            person_key: Their own key, where they are somebody in particular.
            purpose: What they would ask for.
            kind: What they would ask to see.
        """
        other = Asker(role, person_key, self.firm.purpose, purpose)
        # Their own answers are theirs to know, so nobody else is taken to have given any.
        known = replace(self.facts, answered=frozenset())
        return _shut(answers(self._engine, known, other, kind, [person_id])[person_id])

    def group(self, size: int) -> Withheld | None:
        """Why a figure about a group of that size is not shown; None where it is."""
        return _shut(group_answer(self._engine, self.asker, size))

    def seen_alone(self, people: Iterable[str]) -> frozenset[str]:
        """Others whom the asker sees one by one: a group figure beside them must not give away the few who are left.

        In a study everybody is open, so nothing can be given away.
        """
        if self.firm.purpose == "study":
            return frozenset()
        asked = [person for person in people if person != self.principal.person_id]
        return frozenset(asked) - self.withheld(asked).keys()

    def _answers(self, people: Iterable[str], kind: str) -> Mapping[str, Answer]:
        # A study asks for nobody's notice, so there is nothing to read but who seeks no lead role.
        is_needed = self.firm.purpose != "study" or kind == CANDIDATE
        return answers(self._engine, self.facts if is_needed else Facts(), self.asker, kind, people)

    def _note(self, told: Mapping[str, Answer], kind: str) -> None:
        if self.firm.purpose == "study":
            return
        for person, answer in told.items():
            if answer.refusal is None:
                self._noted.setdefault((person, kind), Opening(person, kind, self.asker.purpose, answer.rules))


def release_persons(
    gate: Gate,
    sealed: Sealed[T],
    people: Collection[str],
    narrow: Callable[[T, frozenset[str]], T],
    *,
    kind: str = SIGNALS,
) -> Released[T]:
    """What is known about many persons, of those who are open.

    Args:
        gate: Who asks.
        sealed: The content, opened only here.
        people: Keys of everybody it is about.
        narrow: Content and keys -> the content about these alone.
        kind: What is asked for.
    """
    told = gate._answers(people, kind)  # noqa: SLF001 (the rule and its gate are one)
    gate._note(told, kind)  # noqa: SLF001
    is_open = frozenset(person for person, answer in told.items() if answer.refusal is None)
    why = {person: shut for person, answer in told.items() if (shut := _shut(answer))}
    return Released(narrow(open_sealed(sealed), is_open), is_open, why)


def release_person(gate: Gate, sealed: Sealed[T], person_id: str, *, kind: str = SIGNALS) -> T | Withheld:
    """What is known about one person.

    Args:
        gate: Who asks.
        sealed: The content, about that person alone; opened only here.
        person_id: Key of the person.
        kind: What is asked for.
    """
    told = gate._answers([person_id], kind)  # noqa: SLF001
    gate._note(told, kind)  # noqa: SLF001
    return _shut(told[person_id]) or open_sealed(sealed)


def release_row(
    gate: Gate, sealed: Sealed[T], people: Collection[str], *, contested_by: Collection[str] = ()
) -> T | Withheld:
    """One stored row: open where the evidence of somebody in it is; without staff in it, to who keeps the record.

    Args:
        gate: Who asks.
        sealed: The row and its words, opened only here.
        people: Keys of the staff it names.
        contested_by: Keys of those whose contest of this row waits for an answer.
    """
    is_answer = bool(contested_by) and gate.asker.purpose == CONTEST
    if not people and not is_answer:
        told = gate._answers([""], RECORD)  # noqa: SLF001
        return _shut(told[""]) or open_sealed(sealed)
    kind = CONTESTED if is_answer else SIGNALS
    told = gate._answers(contested_by if is_answer else people, kind)  # noqa: SLF001
    gate._note(told, kind)  # noqa: SLF001
    shut = [_shut(answer) for answer in told.values()]
    return (None if None in shut else shut[0]) or open_sealed(sealed)


def release_group(gate: Gate, sealed: Sealed[T], size: int, summary: Callable[[T], R]) -> R | Withheld:
    """A figure about a group, from five people up.

    Args:
        gate: Who asks.
        sealed: The content about its members, opened only here.
        size: People in the group.
        summary: Turns the content into a figure that names nobody.
    """
    return gate.group(size) or summary(open_sealed(sealed))


def _shut(answer: Answer) -> Withheld | None:
    refusal: Refusal | None = answer.refusal
    return Withheld(refusal.rule, refusal.opens) if refusal else None


def purpose_word(firm: Firm) -> str:
    """The word every surface of a study workspace carries; empty for a firm's own."""
    if firm.purpose != "study":
        return ""
    return f"{STUDY_WORD}: invented data" if firm.is_invented else STUDY_WORD
