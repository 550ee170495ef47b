"""Rates of an outcome by group, the ratio of each to the highest, and what so few people can show.

Two outcomes are those of New York's rules: *selected*, and *above the median* of the estimates (their scoring rate). A third,
*estimated*, asks whether the estimate abstains more often for some. Keeps true: every ratio has the interval that belongs to
its exact test, and the true ratio that would have been found; that the highest group was picked by looking is allowed for in
one figure, the chance of so low a ratio where groups make no difference. Groups that may not be shown appear as a count.

References:
    6 RCNY 5-300 and 5-301 (selection rate, scoring rate, impact ratio, unknown categories, categories under 2%);
    29 CFR 1607.4(D) (four fifths). Tests and intervals: `inference.exact`. Power: `inference.power`.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite
from statistics import median
from typing import Literal

import numpy as np

from cadre.estimate import Estimate
from cadre.inference.exact import ratio_interval, ratio_p, share_interval
from cadre.inference.multiplicity import adjusted
from cadre.inference.power import Seen, smallest_ratio
from cadre.readiness.fairness.disclosure import RULES, Label, Labels, Line, Rules, crossed, shown, single

FOUR_FIFTHS = 0.8
"""Ratio under which American agencies look closer: a rule of thumb, no proof of anything either way."""
DRAWS = 10_000
Outcome = Literal["selected", "above_median", "estimated"]
Happened = Sequence[bool | None]


@dataclass(frozen=True, slots=True)
class Ratio:
    """A group's rate over the highest rate.

    Attributes:
        value: The impact ratio, 0 to 1.
        low: Lower end of its interval.
        high: Upper end; None where the counts set none.
        level: Level of the interval.
        is_exact: Whether the interval's coverage is guaranteed.
        to: Group with the highest rate.
        n: People of both groups.
        p_value: Exact test (Barnard's, pooled score) of equal rates.
        fisher_p: Fisher's exact test of the same, which is more careful.
        q_value: The same over all ratios of the audit (Benjamini and Hochberg).
        power: The true ratio that would have been found.
    """

    value: float
    low: float
    high: float | None
    level: float
    is_exact: bool
    to: str
    n: int
    p_value: float
    fisher_p: float
    q_value: float
    power: Seen


@dataclass(frozen=True, slots=True)
class GroupRate:
    """How often an outcome happened in one group.

    Attributes:
        group: As declared; two declarations joined by "and".
        count: How often.
        rate: Its share of the group, exact interval; `n` is people.
        ratio: To the highest rate; None for that group itself, and where `reason` says why.
        reason: Why there is no ratio; None where there is one or none is due.
    """

    group: str
    count: int
    rate: Estimate
    ratio: Ratio | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """An outcome by the groups of one attribute, or of two together.

    Attributes:
        outcome: Which.
        attribute: As declared; two of them joined by "and".
        people: People of whom the outcome is known.
        unknown: Of them, people who declared nothing here.
        rates: Groups that may be shown; empty where `reason` says why.
        withheld_groups: Groups that may not.
        withheld_people: People in them.
        chance: How often the lowest ratio would be as low or lower if groups made no difference; None under two groups.
        nearest: The highest lowest ratio that came out among these draws: people are whole, so it may lie far under 1.
        reason: Why no group is shown.
    """

    outcome: Outcome
    attribute: str
    people: int
    unknown: int
    rates: tuple[GroupRate, ...]
    withheld_groups: int
    withheld_people: int
    chance: float | None
    nearest: float | None
    reason: str | None

    @property
    def lowest(self) -> float | None:
        """The lowest ratio shown."""
        return min((rate.ratio.value for rate in self.rates if rate.ratio), default=None)


def above_median(estimates: Sequence[float | None]) -> list[bool | None]:
    """Who lies above the median of all estimates (not at it: the rules say above); None without an estimate."""
    known = [value for value in estimates if value is not None]
    middle = median(known) if known else 0.0
    return [None if value is None else value > middle for value in estimates]


def table(
    outcome: Outcome, happened: Happened, attribute: str, labels: Labels, *, rules: Rules = RULES, seed: int = 1
) -> Table:
    """An outcome by the groups of one attribute.

    Args:
        outcome: Which.
        happened: One a person; None where it is not known, who are left out.
        attribute: Name of what was declared.
        labels: One a person, in the same order; None for who declared nothing.
        rules: How many people a figure needs.
        seed: Of the draws behind `chance`.
    """
    known = [k for k, told in enumerate(happened) if told is not None]
    kept = [labels[k] for k in known]
    sizes, lines = single(kept)
    return _table(outcome, [bool(happened[k]) for k in known], attribute, kept, sizes, lines, rules, seed)


def crossed_table(
    outcome: Outcome, happened: Happened, attributes: tuple[str, str], labels: tuple[Labels, Labels], *,
    rules: Rules = RULES, seed: int = 1,
) -> Table:  # fmt: skip
    """The same by the groups of two attributes together; who declared only one of them is unknown."""
    known = [k for k, told in enumerate(happened) if told is not None]
    first, second = ([side[k] for k in known] for side in labels)
    sizes, lines = crossed(first, second)
    pairs = [(a, b) if a is not None and b is not None else None for a, b in zip(first, second, strict=True)]
    return _table(
        outcome, [bool(happened[k]) for k in known], " and ".join(attributes), pairs, sizes, lines, rules, seed
    )


def over_all(tables: Sequence[Table]) -> tuple[Table, ...]:
    """The tables with q-values that allow for every ratio of all of them."""
    found = [rate.ratio.p_value for one in tables for rate in one.rates if rate.ratio]
    q = iter(adjusted(found).tolist())
    return tuple(
        replace(one, rates=tuple(
            replace(rate, ratio=replace(rate.ratio, q_value=next(q))) if rate.ratio else rate for rate in one.rates
        ))
        for one in tables
    )  # fmt: skip


def _table(
    outcome: Outcome, happened: list[bool], attribute: str, labels: Sequence[Label | None], sizes: dict[Label, int],
    lines: list[Line], rules: Rules, seed: int,
) -> Table:  # fmt: skip
    people, unknown = len(happened), sum(label is None for label in labels)
    reason, counts = _counted(happened, labels, sizes, lines, rules.least_people)
    rates = _rates({_name(g): (counts[g], sizes[g]) for g in counts}, people, rules)
    held = [g for g in rates if g.reason is None]
    chance, nearest = _chance([g.count for g in held], [g.rate.n for g in held], seed)
    return Table(
        outcome, attribute, people, unknown, rates, len(sizes) - len(counts),
        sum(size for label, size in sizes.items() if label not in counts),
        chance, nearest, reason,
    )  # fmt: skip


def lowest_ratio(happened: Happened, labels: Labels, *, rules: Rules = RULES) -> float | None:
    """The lowest ratio that a table of these would show, without its tests and intervals.

    Args:
        happened: One a person; None where it is not known, who are left out.
        labels: One a person, in the same order; None for who declared nothing.
        rules: How many people a figure needs.
    """
    known = [k for k, told in enumerate(happened) if told is not None]
    kept = [labels[k] for k in known]
    sizes, lines = single(kept)
    _, counts = _counted([bool(happened[k]) for k in known], kept, sizes, lines, rules.least_people)
    large = {g: count / sizes[g] for g, count in counts.items() if sizes[g] >= rules.least_share * len(known)}
    top = _highest({_name(g): (counts[g], sizes[g]) for g in large})
    highest = max(large.values(), default=0.0)
    return min((rate / highest for g, rate in large.items() if highest and _name(g) != top), default=None)


def _counted(
    happened: list[bool], labels: Sequence[Label | None], sizes: dict[Label, int], lines: list[Line], least: int
) -> tuple[str | None, dict[Label, int]]:
    """Why no group is shown, and how often it happened in each that is."""
    people, seen = len(happened), shown(sizes, lines, least)
    fewer = min(sum(happened), people - sum(happened))
    reason = None
    if not sizes:
        reason = "nobody declared it"
    elif fewer == 0:
        reason = "it is the same for everybody"
    elif fewer < least:
        reason = (
            f"only {fewer} of {people} people are on one side of it, and they are known by name; {least} are needed"
        )
    elif not seen:
        reason = f"no group can be shown: those with fewer than {least} people could be read off"
    counted = Counter(label for h, label in zip(happened, labels, strict=True) if h)
    return reason, {} if reason else {g: counted[g] for g in sizes if g in seen}


def _name(label: Label) -> str:
    return label if isinstance(label, str) else " and ".join(label)


def _rates(groups: dict[str, tuple[int, int]], people: int, rules: Rules) -> tuple[GroupRate, ...]:
    large = {name: told for name, told in groups.items() if told[1] >= rules.least_share * people}
    top = _highest(large)
    made = []
    for name, (count, size) in groups.items():
        ends = share_interval(count, size, rules.level)
        rate = GroupRate(name, count, Estimate(count / size, ends.low, ends.high, rules.level, size))
        if name not in large:
            rate = replace(rate, reason=f"under {rules.least_share:.0%} of the people looked at")
        elif top is not None and name != top and large[top][0]:
            rate = replace(rate, ratio=_ratio(count, size, *large[top], top, rules))
        made.append(rate)
    return tuple(made)


def _highest(groups: Mapping[str, tuple[int, int]]) -> str | None:
    """The group with the highest rate, of those the largest."""
    return max(groups, key=lambda name: (groups[name][0] / groups[name][1], groups[name][1], name), default=None)


def _ratio(count: int, size: int, top_count: int, top_size: int, top: str, rules: Rules) -> Ratio:
    from scipy.stats import fisher_exact  # noqa: PLC0415

    ends = ratio_interval(count, size, top_count, top_size, rules.level)
    p = ratio_p(count, size, top_count, top_size)
    fisher = float(fisher_exact([[count, top_count], [size - count, top_size - top_count]]).pvalue)
    # Power is asked at the rate of both together: the highest rate was picked for being high.
    base = (count + top_count) / (size + top_size)
    return Ratio(
        count / size / (top_count / top_size), ends.low, ends.high if isfinite(ends.high) else None, rules.level,
        ends.is_exact, top, size + top_size, p, fisher, p, smallest_ratio(size, top_size, base, rules.level),
    )  # fmt: skip


def _chance(counts: list[int], sizes: list[int], seed: int) -> tuple[float | None, float | None]:
    """Draws with as many people in each group and as often the outcome: how often so low a ratio, and the nearest to 1."""
    if len(counts) < 2 or not sum(counts):
        return None, None
    dice = np.random.default_rng(seed)
    drawn = dice.multivariate_hypergeometric(sizes, sum(counts), DRAWS) / np.array(sizes)
    here = np.array(counts) / np.array(sizes)
    lowest = drawn.min(axis=1) / drawn.max(axis=1)
    chance = (1 + (lowest <= here.min() / here.max() + 1e-9).sum()) / (1 + DRAWS)
    return float(chance), float(max(lowest.max(), here.min() / here.max()))
