"""An audit's figures in plain words: what was found, what it can and cannot mean, and what cannot be told.

Keeps true: bad news first, an interval and a count beside every number, and never that something is fair; that nothing was
found says how large it would have had to be.
"""

from collections.abc import Mapping, Sequence

from cadre.estimate import Abstained, Estimate
from cadre.inference.power import Seen
from cadre.readiness.fairness.proxy import FALSE_SHARE, Proxies
from cadre.readiness.fairness.rates import FOUR_FIFTHS, GroupRate, Table
from cadre.readiness.fairness.sweep import Sweep

OUTCOMES = {
    "selected": "selected",
    "above_median": "estimate above the median",
    "estimated": "having an estimate at all",
}
"""Outcome -> as it stands in a sentence."""


def number(value: float | None) -> str:
    """Two digits, without the zero before the point; "open" where there is no end.

    What is just under four fifths has a third digit, so that it does not look as if it were not.
    """
    if value is None:
        return "open"
    digits = 2 if value >= FOUR_FIFTHS or round(value, 2) < FOUR_FIFTHS else 3
    return f"{value:.{digits}f}".removeprefix("0")


def sentences(
    people: int, declared: Mapping[str, int], tables: Sequence[Table], sweeps: Sequence[Sweep], found: Proxies | None,
    halves: Seen | None, needed: int,
) -> tuple[str, ...]:  # fmt: skip
    """What was found; differences first, then what stands in their way of being seen."""
    told = [_lowest(one) for one in tables if one.lowest is not None]
    told += [_lines(one) for one in sweeps if one.lines]
    told += _proxies(found)
    return (_declared(people, declared), *told, *_halves(people, halves, needed))


def abstentions(
    people: int, declared: Mapping[str, int], tables: Sequence[Table], sweeps: Sequence[Sweep], found: Proxies | None,
    left_out: int,
) -> tuple[str, ...]:  # fmt: skip
    """What cannot be told, and why; `left_out` people are in one outcome alone and in no table."""
    told = [
        f"No rates by {name}: none of {people} people declared it." for name, count in declared.items() if not count
    ]
    if left_out and tables:
        told.append(
            f"{left_out} people with an estimate or a decision alone are in no table of the two: "
            "set beside each other, the tables would tell what they declared."
        )
    if tables and not any(one.outcome == "above_median" for one in tables):
        told.append(
            "No rates above the median: who was selected is nearly who lies above it, and the few who differ "
            "could be read off."
        )
    for one in tables:
        what = f"{OUTCOMES[one.outcome]}, by {one.attribute}"
        if one.reason:
            told.append(f"No rates for {what}: {one.reason}.")
        elif one.withheld_groups:
            told.append(
                f"{groups(one.withheld_groups)} with {one.withheld_people} people in all not shown for {what}: "
                "so few people, or those beside them, could be read off."
            )
    told += [f"No other lines for {one.attribute}: {one.reason}." for one in sweeps if one.reason]
    if found is None:
        told.append("No proxy was looked for: no signals were given.")
        return tuple(told)
    for reason in dict.fromkeys(p.area.reason for p in found.predicted if isinstance(p.area, Abstained)):
        told.append(f"Not tested as a proxy: {reason}.")
    left = sum(isinstance(e.effect, Abstained) for e in found.effects)
    if left:
        told.append(f"{left} of {len(found.effects)} pairs of attribute and signal have too few people to be tested.")
    return tuple(told)


def finding(rate: GroupRate, chance: float | None) -> str:
    """What a ratio can mean: told from its interval, the many ratios looked at, and the highest group's being picked.

    Args:
        rate: The group's.
        chance: Of so low a ratio in its table where groups make no difference.
    """
    ratio = rate.ratio
    if ratio is None:
        return rate.reason or "the highest rate"
    where = "under four fifths" if ratio.value < FOUR_FIFTHS else "not under four fifths"
    if ratio.high is None or ratio.high >= 1 or ratio.p_value > 1 - ratio.level:
        return f"{where}, and cannot be told from 1"
    if ratio.q_value > FALSE_SHARE or (chance is not None and chance > FALSE_SHARE):
        return f"{where}; it stands out alone, and not among all that was looked at"
    return "clearly under four fifths" if ratio.high < FOUR_FIFTHS else f"clearly under 1, and {where} by its value"


def seen(power: Seen) -> str:
    """What so many people could have shown."""
    first, second = power.people
    so_many = f"with {first} and {second} people at a rate of {number(power.base)}"
    if power.ratio is None:
        return f"{so_many}, not even a group in which it never happens would be found four times in five"
    return (
        f"{so_many}, a true ratio above {number(power.ratio)} cannot be relied on to show "
        f"(at {number(power.ratio)} it is found four times in five)"
    )


def _declared(people: int, declared: Mapping[str, int]) -> str:
    if not any(declared.values()):
        return (
            f"None of {people} people declared a group: rates by group cannot be told, and the proxy tests stand alone."
        )
    parts = ", ".join(f"{name} by {count}" for name, count in declared.items())
    return f"Of {people} people, declared were: {parts}. The others are unknown; no group is guessed for anybody."


def _lowest(one: Table) -> str:
    rate = min((r for r in one.rates if r.ratio), key=lambda r: r.ratio.value if r.ratio else 1.0)
    ratio = rate.ratio
    assert ratio is not None
    top = next(r for r in one.rates if r.group == ratio.to)
    chance = ""
    if one.chance is not None:
        chance = f" Where groups make no difference, a lowest ratio like this comes about in {one.chance:.1%} of draws."
    if one.nearest is not None and one.nearest < FOUR_FIFTHS:
        chance += f" People being whole, none above {number(one.nearest)} can come out of these counts."
    return (
        f"{OUTCOMES[one.outcome].capitalize()}, by {one.attribute}: the lowest ratio is {number(ratio.value)} "
        f"[{number(ratio.low)}, {number(ratio.high)}], {rate.group} ({rate.count} of {rate.rate.n}) to {top.group} "
        f"({top.count} of {top.rate.n}): {finding(rate, one.chance)}.{chance} {_capital(seen(ratio.power))}."
    )


def _lines(one: Sweep) -> str:
    under = f"under four fifths at {len(one.under)} of {len(one.lines)}"
    where = f" (with {', '.join(str(k) for k in one.under)} people above)" if one.under else ""
    return f"Drawing the line elsewhere, by {one.attribute}: the lowest ratio is {under} lines{where}."


def _proxies(found: Proxies | None) -> list[str]:
    if found is None:
        return []
    told = []
    for effect in found.effects:
        if effect.found and isinstance(effect.effect, Estimate):
            e = effect.effect
            told.append(
                f"Proxy found: {effect.attribute} moves {effect.signal} by {e.value:+.2f} [{e.low:+.2f}, {e.high:+.2f}] "
                f"standard deviations beyond role (n = {e.n})."
            )
    told += [
        f"All signals together tell {one.attribute}, beyond role: area under the curve {number(one.area.value)} "
        f"[{number(one.area.low)}, {number(one.area.high)}] (n = {one.area.n})."
        for one in found.predicted
        if one.found and isinstance(one.area, Estimate)
    ]
    if not told and found.looked_at:
        widest = max((e.effect.high - e.effect.low) / 2 for e in found.effects if isinstance(e.effect, Estimate))
        told.append(
            f"No proxy found among {found.looked_at} pairs of attribute and signal; intervals reach up to {widest:.1f} "
            "standard deviations to either side, so smaller ones can have been missed."
        )
    return told


def _halves(people: int, halves: Seen | None, needed: int) -> list[str]:
    if halves is None:
        return []
    so_few = f"Had all {people} declared and made two equal groups: {seen(halves)}."
    return [f"{so_few} For four fifths to show at a rate of .50, about {needed} people in each group are needed."]


def groups(count: int) -> str:
    """So many groups, in words."""
    return "1 group" if count == 1 else f"{count} groups"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
