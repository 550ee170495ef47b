"""The fairness audit: rates, ratios, lines, proxies and what so few people can show, with the sentences that tell them.

Keeps true: groups come from what people declared about themselves and are never guessed; where nobody did, the audit says so
and the proxy tests stand alone. Nothing in an `Audit` is about one person. It is no independent bias audit as New York asks
for, since whoever makes a system cannot audit it independently; it is what such an auditor, or the firm itself, needs to see.
Who may see it, and whether it is fresh, is decided elsewhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from cadre.inference.power import Seen, people_needed, smallest_ratio
from cadre.readiness.fairness.disclosure import RULES, Labels, Rules, are_too_near, shown, single
from cadre.readiness.fairness.proxy import PERMUTATIONS, Proxies, Told, proxies
from cadre.readiness.fairness.rates import (
    FOUR_FIFTHS,
    Happened,
    Outcome,
    Table,
    above_median,
    crossed_table,
    over_all,
    table,
)
from cadre.readiness.fairness.sentences import abstentions, sentences
from cadre.readiness.fairness.sweep import Sweep, sweep

ESTIMATE = "estimate"
"""The estimate itself among the signals that are held against attributes."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What proxies are looked for in.

    Attributes:
        signals: Signal -> one value a person on its working scale; None where there is not enough evidence.
        attributes: How somebody works or can be reached, such as part-time: 0, 1 or a number a person; None where unknown.
        roles: One a person.
    """

    signals: Mapping[str, Told]
    attributes: Mapping[str, Told]
    roles: Sequence[str]


@dataclass(frozen=True, slots=True)
class Audit:
    """One fairness audit, in aggregate.

    Attributes:
        people: People looked at.
        estimated: Of them, people with an estimate.
        declared: Attribute -> people who declared it.
        tables: Outcomes by groups, and by two attributes together.
        sweeps: The line drawn elsewhere, one an attribute.
        proxies: What was looked for among signals; None where no signals were given.
        halves: What could have been found if everybody had declared and made two equal groups; None under two people.
        needed: People in each of two equal groups, about, for a true ratio of four fifths to be found there.
        sentences: What was found, in plain words.
        abstentions: What cannot be told, and why.
        level: Level of the intervals.
    """

    people: int
    estimated: int
    declared: Mapping[str, int]
    tables: tuple[Table, ...]
    sweeps: tuple[Sweep, ...]
    proxies: Proxies | None
    halves: Seen | None
    needed: int
    sentences: tuple[str, ...]
    abstentions: tuple[str, ...]
    level: float

    @property
    def is_declared(self) -> bool:
        """Whether anybody declared anything."""
        return any(self.declared.values())


def audit(
    estimates: Sequence[float | None], declared: Mapping[str, Labels], *, chosen: Happened | None = None,
    evidence: Evidence | None = None, rules: Rules = RULES, seed: int = 1, permutations: int = PERMUTATIONS,
) -> Audit:  # fmt: skip
    """Audit estimates, and decisions where there are any.

    Args:
        estimates: One a person, more is above; None where it abstained.
        declared: Attribute -> what each person declared, in the same order; None for nothing.
        chosen: Whether each person was selected; None for who was not up for it. Without it only estimates are audited.
        evidence: Signals and attributes for the proxy tests.
        rules: How many people a figure needs.
        seed: Of draws, folds and permutations.
        permutations: Of the proxy tests.
    """
    told = {name: sum(label is not None for label in labels) for name, labels in declared.items()}
    named = {name: labels for name, labels in declared.items() if told[name]}
    above, picked, left_out = _alike(above_median(estimates), chosen, rules.least_people)
    tables = _tables(estimates, named, above, picked, rules, seed)
    kept = [None if side is None else value for value, side in zip(estimates, above, strict=True)]
    sweeps = tuple(sweep(kept, name, labels, chosen=picked, rules=rules) for name, labels in named.items())
    found = None
    if evidence is not None:
        groups = {n: column for name, labels in declared.items() for n, column in _columns(name, labels, rules).items()}
        signals = {ESTIMATE: estimates, **evidence.signals}
        found = proxies(
            signals, {**evidence.attributes, **groups}, evidence.roles, seed=seed, permutations=permutations
        )
    people, with_estimate = len(estimates), sum(value is not None for value in estimates)
    halves = smallest_ratio(people // 2, people - people // 2, 0.5, rules.level) if people > 1 else None
    needed = people_needed(FOUR_FIFTHS, 0.5, rules.level)
    return Audit(
        people, with_estimate, told, tables, sweeps, found, halves, needed,
        sentences(people, told, tables, sweeps, found, halves, needed), abstentions(people, told, tables, sweeps, found, left_out),
        rules.level,
    )  # fmt: skip


def _alike(above: Happened, chosen: Happened | None, least: int) -> tuple[Happened, Happened | None, int]:
    """Both outcomes for the same people where they differ by few, and how many were left out.

    Set beside each other, two tables that differ by three people tell what these three declared.
    """
    if chosen is None:
        return above, None, 0
    pairs = list(zip(above, chosen, strict=True))
    sides = [(a is None) - (b is None) for a, b in pairs]
    few = {side for side in (-1, 1) if 0 < sides.count(side) < least}
    return (
        [None if side in few else a for (a, _), side in zip(pairs, sides, strict=True)],
        [None if side in few else b for (_, b), side in zip(pairs, sides, strict=True)],
        sum(sides.count(side) for side in few),
    )


def _tables(
    estimates: Sequence[float | None], named: Mapping[str, Labels], above: Happened, chosen: Happened | None,
    rules: Rules, seed: int,
) -> tuple[Table, ...]:  # fmt: skip
    made: list[Table] = []
    outcomes: list[tuple[Outcome, Happened]] = [("above_median", above)] if chosen is None else [("selected", chosen)]
    if chosen is not None and not are_too_near(chosen, above, rules.least_people):
        outcomes.append(("above_median", above))
    for outcome, happened in outcomes:
        made += [table(outcome, happened, name, labels, rules=rules, seed=seed) for name, labels in named.items()]
        made += [
            crossed_table(outcome, happened, (a, b), (named[a], named[b]), rules=rules, seed=seed)
            for a, b in combinations(named, 2)
        ]
    has = [value is not None for value in estimates]
    if not all(has):
        made += [table("estimated", has, name, labels, rules=rules, seed=seed) for name, labels in named.items()]
    return over_all(made)


def _columns(name: str, labels: Labels, rules: Rules) -> dict[str, Told]:
    """Each group that may be shown against as many other declared people; of two that are all, one is enough."""
    sizes, lines = single(labels)
    rest = sum(sizes.values()) - rules.least_people
    seen = sorted(str(label) for label in shown(sizes, lines, rules.least_people) if sizes[label] <= rest)
    if len(seen) == 2 == len(sizes):
        seen = seen[:1]
    return {
        f"{name}: {group}": [None if label is None else float(label == group) for label in labels] for group in seen
    }
