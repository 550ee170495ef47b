"""A setting about agents in one sentence, as a list, a note after a change and a history say it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from cadre.governance.action import Tier
from cadre.governance.governing import Governing
from cadre.governance.situation import Hours, Limits
from cadre.reports.agents.called import Called, plainly
from cadre.reports.agents.governing import Setting

DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
LIMIT_WORDS = {
    "calls_a_minute": "calls a minute",
    "writes_an_hour": "changes an hour at a client",
    "cost_a_day_cents": "money a day at a client, in hundredths",
    "cost_a_call_cents": "money in one act, in hundredths",
    "blast_radius": "reach of one act: 1 one thing, 2 several, 3 many, 4 all",
    "confidence_percent": "how sure the agent must say it is, %",
}
TIER_WORDS = {
    Tier.AUTONOMOUS: "goes ahead",
    Tier.NOTIFY: "goes ahead, and somebody is told",
    Tier.APPROVE: "asks one person",
    Tier.FOUR_EYES: "asks two people",
    Tier.FORBIDDEN: "is not done",
}
assert {*LIMIT_WORDS} == {*Limits().facts()}
_MODES = {"observe": "only observed", "advise": "advised", "enforce": "enforced"}


def told(one: Setting, names: Called, zone: str = "UTC") -> str:
    """A setting in one sentence, without its reason.

    Args:
        one: The setting; where its value is None it ended.
        names: What keys are called.
        zone: Of the firm, in which instants are shown and hours without a zone of their own are meant.
    """
    if one.kind == "switch":
        whom = names.agent(one.agent) if one.agent else where_words(one, names)
        return f"{whom} {'is stopped' if one.value else 'may go on'}" if one.agent else (
            f"All agents {'are stopped' if one.value else 'may go on'}{' at ' + whom if one.client_id else ''}"
        )  # fmt: skip
    if one.value is None:
        return f"{_ENDED[one.kind]}{': ' + plainly(one.key) if one.key else ''}, for {where_words(one, names)}"
    return _WORDS[one.kind](one, names, zone)


def told_by(one: Setting, names: Called, zone: str = "UTC") -> str:
    """The same, and what it takes back."""
    said = told(one, names, zone)
    return said if one.takes_back is None else f"{said}, by taking back setting {one.takes_back}"


def told_again(one: Setting, names: Called, governs: Governing, zone: str = "UTC") -> str:
    """What holds once a setting is taken back, in one sentence.

    Args:
        one: The setting as it was before; where its value is None, nothing was set there.
        names: What keys are called.
        governs: What governs now.
        zone: In which instants are shown.
    """
    if one.value is None and one.kind == "mode":
        rest = governs.without("mode", one.agent, one.client_id, one.key).mode(one.agent, one.client_id)
        return f"{_mode(replace(one, value=rest.value), names, zone)}, as nothing is said of it then"
    return told(one, names, zone)


def where_words(one: Setting, names: Called) -> str:
    """What a setting is about: an agent, a client, both or everything."""
    who = names.agent(one.agent) if one.agent else ""
    if one.client_id:
        return f"{who} at {names.client(one.client_id)}" if who else names.client(one.client_id)
    return who or "All agents at all clients"


def say_words(tier: Tier, asked: Tier) -> str:
    """Who has a say in a kind of act."""
    same = f"{tier.text}: {TIER_WORDS[tier]}"
    return same if asked == tier else f"{same}; {asked.text} where a person asked for exactly this"


def _mode(one: Setting, names: Called, zone: str) -> str:
    del zone
    is_all = not one.agent
    return f"{where_words(one, names)} {'are' if is_all else 'is'} {_MODES[one.value]}"


def _limits(one: Setting, names: Called, zone: str) -> str:
    del zone
    parts = (f"{number:,} {LIMIT_WORDS[name].partition(':')[0]}" for name, number in sorted(one.value.items()))
    return f"{where_words(one, names)}: {'; '.join(parts) or 'the usual limits'}"


def _hours(one: Setting, names: Called, zone: str) -> str:
    usual, value = Hours(), one.value
    opens, closes = (value.get(name, f"{at:%H:%M}") for name, at in (("opens", usual.opens), ("closes", usual.closes)))
    days = ", ".join(DAY_NAMES[day - 1][:3] for day in value.get("weekdays", usual.weekdays))
    closed = len(value.get("closed_on", ()))
    rest = f", closed on {closed} further day{'s' if closed > 1 else ''}" if closed else ""
    return (f"{where_words(one, names)}: {time.fromisoformat(opens):%H:%M} to {time.fromisoformat(closes):%H:%M} "
            f"{value.get('zone', zone)}, {days}{rest}")  # fmt: skip


def _freeze(one: Setting, names: Called, zone: str) -> str:
    begins, ends = (
        datetime.fromisoformat(one.value[name]).astimezone(ZoneInfo(zone)) for name in ("begins_at", "ends_at")
    )
    shown = (f"{at.day} {at:%b %Y, %H:%M}" for at in (begins, ends))
    return f"{where_words(one, names)}: changes wait from {' until '.join(shown)}"


def _approvers(one: Setting, names: Called, zone: str) -> str:
    del zone
    first, rest = (", ".join(map(names.who, one.value.get(name, ()))) for name in ("administrators", "on_call"))
    turns = [f"first {first}, for {one.value.get('first_minutes', 30)} minutes"] if first else []
    turns.append(f"{'then ' if first else ''}{rest or 'whoever may by their role'}")
    return (
        f"{where_words(one, names)}: {', '.join(turns)}; silence refuses after {one.value.get('minutes', 60)} minutes"
    )


def _row(one: Setting, names: Called, zone: str) -> str:
    del zone
    value = one.value if isinstance(one.value, Mapping) else {"tier": one.value}
    tier = Tier.named(str(value["tier"]))
    said = say_words(tier, Tier.named(str(value.get("asked") or value["tier"])))
    return f"{plainly(value.get('label', one.key))} at {names.client(one.client_id) if one.client_id else 'all clients'} stands at {said}"


_WORDS: Mapping[str, Callable[[Setting, Called, str], str]] = {
    "mode": _mode, "limits": _limits, "hours": _hours, "freeze": _freeze, "approvers": _approvers, "catalogue": _row,
}  # fmt: skip
_ENDED: Mapping[str, Any] = {
    "mode": "A mode ended", "limits": "Limits are the usual ones again", "hours": "Hours are the usual ones again",
    "freeze": "A freeze ended", "approvers": "Whoever may by their role answers again", "catalogue": "A row ended",
}  # fmt: skip
