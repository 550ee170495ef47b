"""What other policies or tiers would have decided over decisions that were recorded, held against what was decided.

Keeps true: replayed with what was in force, every decision comes out as it was recorded, to the last character; whatever
does not is named and never counted as agreement. Minutes of approvers are a stated guess times counted asks.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from cadre.governance.action import Outcome, Tier
from cadre.governance.decision import Decision, Inputs, decided
from cadre.policy.engine import Engine
from cadre.policy.source import Rule

MINUTES_PER_APPROVAL = 2.0
"""Minutes that one person needs for one ask: Cadre's own guess, for a firm to replace with what it measures."""

Retier = Callable[[Inputs], tuple[Tier, tuple[str, ...]]]
"""A new catalogue: inputs as recorded -> tier and reasons."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A decision as it lies in the record.

    Attributes:
        decision_id: Its id.
        at: When it was decided.
        text: Canonical JSON of the decision, inputs included.
    """

    decision_id: str
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """A decision that would come out otherwise.

    Attributes:
        decision_id: Its id.
        at: When it was decided.
        before: As recorded, judged as if enforced.
        after: As replayed, judged as if enforced.
        reasons: As replayed.
    """

    decision_id: str
    at: datetime
    before: tuple[Outcome, Tier]
    after: tuple[Outcome, Tier]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Effort:
    """What enforcing costs people.

    Attributes:
        weeks: Length of what was replayed, at least one day.
        stopped: Acts refused.
        asked: Acts that ask; four eyes count once.
        looks: Asks of the same agent, client, tool and rules within one hour, counted once, as a batch is.
        answers: People's answers; four eyes need two.
        minutes_per_approval: As given.
    """

    weeks: float
    stopped: int
    asked: int
    looks: int
    answers: int
    minutes_per_approval: float

    @property
    def minutes_a_week(self) -> float:
        """Approvers' minutes a week if every ask is answered by itself."""
        return self.answers * self.minutes_per_approval / self.weeks


@dataclass(frozen=True, slots=True)
class Replay:
    """What a replay found.

    Attributes:
        count: Decisions that were replayed.
        changes: Those that come out otherwise.
        unread: Ids of records that could not be read.
        differing: Ids of records that differ although nothing changed; empty where all is well.
        effort: What enforcing would have cost.
        unmatched: Rules that forbid or raise and matched nothing.
        matched: How often each of the others decided, by id.
    """

    count: int
    changes: tuple[Change, ...]
    unread: tuple[str, ...]
    differing: tuple[str, ...]
    effort: Effort
    unmatched: tuple[Rule, ...]
    matched: dict[str, int]


def replay(records: Iterable[Recorded], engine: Engine, *, retier: Retier | None = None,
           minutes_per_approval: float = MINUTES_PER_APPROVAL) -> Replay:  # fmt: skip
    """Decide recorded decisions again.

    Args:
        records: In any order.
        engine: The policies to try.
        retier: The catalogue to try; None keeps the tier of each record.
        minutes_per_approval: Minutes of one person for one ask.
    """
    changes, unread, differing = [], [], []
    made: list[tuple[datetime, Decision]] = []
    for record in records:
        try:
            told = json.loads(record.text)
            found = _again(told, engine, retier)
            before = (Outcome(told["judged"]), Tier.named(told["tier"]))
            is_same = told["versions"]["policy"] == engine.version and retier is None
        except (KeyError, TypeError, ValueError, AttributeError):
            unread.append(record.decision_id)
            continue
        made.append((record.at, found))
        if is_same and found.text() != record.text:
            differing.append(record.decision_id)
        if before != (after := (found.judged, found.tier)):
            changes.append(Change(record.decision_id, record.at, before, after, found.reasons))
    matched = Counter(name for _, found in made for name in found.policy_ids)
    rules = tuple(rule for rule in engine.rules if rule.effect == "forbid" and rule.name not in matched)
    effort = _effort(made, minutes_per_approval)
    return Replay(len(made), tuple(changes), tuple(unread), tuple(differing), effort, rules, dict(matched))


def _again(told: dict[str, object], engine: Engine, retier: Retier | None) -> Decision:
    inputs = Inputs.read(told["inputs"])  # type: ignore[arg-type]
    if retier is not None:
        tier, why = retier(inputs)
        inputs = replace(inputs, tier=tier.text, why=why, facts={**inputs.facts, "tier": int(tier)})
    model = told["versions"]["nature"]  # type: ignore[index]
    return decided(inputs, engine, digest=str(told["digest"]), model=model)


def _effort(made: list[tuple[datetime, Decision]], minutes: float) -> Effort:
    asked = [(at, found) for at, found in made if found.judged == Outcome.APPROVE]
    looks = {
        (at.replace(minute=0, second=0, microsecond=0), found.inputs.agent, found.inputs.client,
         found.inputs.facts.get("tool"), found.policy_ids, found.tier)
        for at, found in asked
    }  # fmt: skip
    times = [at for at, _ in made]
    days = max(1.0, (max(times) - min(times)).total_seconds() / 86_400) if times else 1.0
    return Effort(
        weeks=days / 7,
        stopped=sum(found.judged == Outcome.DENY for _, found in made),
        asked=len(asked),
        looks=len(looks),
        answers=sum(2 if found.tier == Tier.FOUR_EYES else 1 for _, found in asked),
        minutes_per_approval=minutes,
    )


def as_recorded(decision_id: str, at: datetime, decision: Decision) -> Recorded:
    """A decision as it is put on record."""
    return Recorded(decision_id, at, decision.text())
