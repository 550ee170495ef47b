"""Whether a setting lets agents do more than they could before, and what it was held against, in words.

Keeps true: where it cannot be told, a setting counts as loosening, so that nothing gets looser unmarked. Pure: what held
before is given to it.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from cadre.governance.action import Tier
from cadre.governance.catalogue import Row, default
from cadre.governance.decision import Mode
from cadre.governance.governing import Governing, row_of
from cadre.governance.situation import Limits
from cadre.governance.words import forms, root

_MODES = (Mode.OBSERVE, Mode.ADVISE, Mode.ENFORCE)


def looser_mode(before: str | None, after: str | None) -> str:
    """From which mode to which; empty where it does not get looser. Without a mode decisions are enforced."""
    was, now = (Mode(told) if told else Mode.ENFORCE for told in (before, after))
    return f"from {was.value} to {now.value}" if _MODES.index(now) < _MODES.index(was) else ""


def looser_limits(before: Mapping[str, int] | None, after: Mapping[str, int] | None) -> str:
    """The limits that get wider; empty where none does. One that is not named is Cadre's own."""
    was, now = ({**Limits().facts(), **(told or {})} for told in (before, after))
    wider = [
        f"{name.replace('_', ' ')} from {was[name]:,} to {now[name]:,}"
        for name in was
        if (now[name] < was[name] if name == "confidence_percent" else now[name] > was[name])
    ]
    return ", ".join(wider)


Where = tuple[str, str, str]
"""Agent, client and key that a setting is about; empty for all."""

Say = tuple[Tier, Tier]
"""Who has a say where nobody asked for an act in so many words, and where a person did."""


def looser_row(after: Row, held: Iterable[Say]) -> str:
    """From which tier to which a kind of act comes; empty where it does not get looser.

    Args:
        after: The row that shall hold.
        held: Where such acts stood; none where that is not known, and then asking is taken for it.
    """
    known = [*held] or [(Tier.APPROVE, Tier.APPROVE)]
    was, asked = (max(each[place] for each in known) for place in (0, 1))
    if after.tier < was:
        return f"from {was.text} to {after.tier.text}"
    return f"from {asked.text} to {after.asked.text} where a person asks for it" if after.asked < asked else ""


def looser_end(before: Row, held: Iterable[Say]) -> str:
    """To which tier a kind of act comes when its row ends; empty where that is not looser.

    Args:
        before: The row that ends.
        held: Where such acts stand without it; none where that is not known.
    """
    known = [*held]
    if not known:
        return f"from {before.tier.text} to whatever it is by itself" if before.tier > Tier.AUTONOMOUS else ""
    was = Row(before.name, "", frozenset(), (), max(each[0] for each in known), max(each[1] for each in known), "")
    return looser_row(was, [(before.tier, before.asked)])


def overlapping(one: Row, others: Iterable[Row]) -> tuple[Row, ...]:
    """Rows that speak of some of the same acts: a verb is shared, and one's things are all among the other's."""
    return tuple(
        other
        for other in others
        if one.verbs & other.verbs and any(_within(mine, theirs) for mine in one.things for theirs in other.things)
    )


def loosening(now: Governing, kind: str, where: Where, after: Any, seen: Iterable[Tier] = ()) -> str:
    """What gets looser by a setting, in words; empty where nothing does, or the kind has no order.

    Args:
        now: What governs before it.
        kind: Of the setting.
        where: Agent, client and key that it is about; empty for all.
        after: What shall hold; None ends what was set.
        seen: Tiers of late calls of the tool that a row is about, before policies.
    """
    agent, client, key = where
    rest, before = now.without(kind, *where), now.settings.get((kind, *where))
    if kind == "catalogue":
        return _of_row(rest, client, key, (before, after), seen)
    if kind == "mode":
        return looser_mode(now.mode(agent, client), after or rest.mode(agent, client))
    if kind == "limits":
        return looser_limits(now.limits(agent, client), {**rest.limits(agent, client), **(after or {})})
    words = {"switch": "what was stopped goes on", "freeze": "a freeze ends early"}
    return words.get(kind, "") if before and not after else ""


def _of_row(rest: Governing, client: str, key: str, change: tuple[Any, Any], seen: Iterable[Tier]) -> str:
    before, after = (row_of(key, client, told) if told else None for told in change)
    if after is None:
        return looser_end(before, _elsewhere(before, rest.rows)) if before else ""
    if before is not None:
        return looser_row(after, [(before.tier, before.asked)])
    return looser_row(after, [*_elsewhere(after, rest.rows), *((tier, tier) for tier in seen)])


def _elsewhere(one: Row, others: Iterable[Row]) -> list[Say]:
    """Where other rows put the same acts."""
    own = [other for other in others if other.client in {"", one.client}]
    met = [other for other in own if other.tool == one.tool] if one.tool else overlapping(one, (*own, *default()))
    return [(other.tier, other.asked) for other in met]


def _within(mine: frozenset[str], theirs: frozenset[str]) -> bool:
    ours, others = ({form for word in words for form in (*forms(word), root(word))} for words in (mine, theirs))
    return theirs <= ours or mine <= others
