"""Setting what governs agents: modes, limits, hours, freezes, kill switches, rows of the catalogue, approvers.

Keeps true: a setting is added with its reason and its event and never edited; a value that could not be read later is
not taken; everybody may stop agents, and only who answers for them may let them go on.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from cadre.access.principal import Principal
from cadre.access.right import Right, require
from cadre.clock import Clock
from cadre.db.governance import GovernanceSetting
from cadre.errors import UsageError
from cadre.governance.decision import Mode
from cadre.governance.governing import row_of
from cadre.governance.loosening import loosening
from cadre.governance.situation import Limits
from cadre.services.actor import actor_of, happened
from cadre.services.agents.governing import read_governing
from cadre.services.agents.loosening import seen_tiers
from cadre.services.duty import told
from cadre.services.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Place:
    """What a setting is about; empty means all.

    Attributes:
        agent: An agent's key.
        client: A client's key.
        key: What within them, such as a tool's name.
    """

    agent: str = ""
    client: str = ""
    key: str = ""


def set_value(principal: Principal, work: UnitOfWork, clock: Clock, kind: str, value: Any, *, place: Place,
              reason: str) -> GovernanceSetting:  # fmt: skip
    """Set what governs from now on.

    Args:
        principal: An owner or manager; to switch off, anybody.
        work: The transaction.
        clock: Tells when.
        kind: One of `KINDS`.
        value: As the kind has it; None ends what was set.
        place: What it is about.
        reason: Why, in the decider's words.

    Raises:
        ForbiddenError: They may not.
        UsageError: The kind or value is none, or no reason was given.
    """
    made = new_setting(principal, clock, kind, value, place=place, reason=reason)
    with work:
        add_setting(principal, work, clock, made, value)
        work.commit()
    return made


def right_of(kind: str, value: Any) -> Right:
    """The right that setting something takes: everybody may stop agents."""
    return "action:stop" if kind == "switch" and value is True else "action:govern"


def new_setting(principal: Principal, clock: Clock, kind: str, value: Any, *, place: Place, reason: str,
                takes_back: int | None = None) -> GovernanceSetting:  # fmt: skip
    """A setting that may be made, before it is added; raises as `set_value` does."""
    require(principal, right_of(kind, value))
    if kind not in KINDS:
        raise UsageError(f"unknown kind {kind!r}", hint=f"There are {', '.join(KINDS)}.")
    if value is not None:
        try:
            _plain(kind, value)
            KINDS[kind](value, place)
        except _UNREADABLE as error:
            raise UsageError(f"a value of {kind} cannot be read ({error})", hint=_HINTS[kind]) from error
    why = told(reason, "what governs agents", "Say why; it is kept for good.")
    return GovernanceSetting(kind, place.agent, place.client, place.key, json.dumps(value, sort_keys=True),
                             actor_of(principal), clock.now(), why, takes_back=takes_back)  # fmt: skip


def add_setting(principal: Principal, work: UnitOfWork, clock: Clock, made: GovernanceSetting, value: Any) -> None:
    """Add a setting and its event to a transaction."""
    more: dict[str, Any] = {} if made.takes_back is None else {"takes_back": made.takes_back}
    wider = _loosening(work.session, made.kind, value, Place(made.agent, made.client_id, made.key))
    work.session.add(made)
    work.record(happened(
        principal, clock, "governance:set", *([f"agent:{made.agent}"] if made.agent else []),
        client_id=made.client_id, setting=made.kind, key=made.key, value=value,
        **({"looser": wider} if wider else {}), **more,
    ))  # fmt: skip


def would_loosen(work: UnitOfWork, kind: str, value: Any, place: Place) -> str:
    """What a setting would loosen, in words; empty where nothing, or where it could not be made."""
    if value is None or (kind in KINDS and _fits(kind, value, place)):
        with work:
            return _loosening(work.session, kind, value, place)
    return ""


def _fits(kind: str, value: Any, place: Place) -> bool:
    try:
        KINDS[kind](value, place)
    except _UNREADABLE:
        return False
    return True


def _loosening(session: Session, kind: str, value: Any, place: Place) -> str:
    tool = row_of(place.key, place.client, value).tool if kind == "catalogue" and value is not None else ""
    seen = seen_tiers(session, tool, place.client)
    return loosening(read_governing(session), kind, (place.agent, place.client, place.key), value, seen)


def _plain(kind: str, value: Any) -> None:
    """Say in plain words that a value is of another make."""
    if kind in {"limits", "hours", "freeze", "approvers"} and not isinstance(value, dict):
        raise ValueError(f"{json.dumps(value)} is no JSON object")


def _is_mode(value: Any, place: Place) -> None:
    del place
    if value not in [*Mode]:
        raise ValueError(f"{value} is no mode")


def _is_limits(value: Any, place: Place) -> None:
    del place
    if unknown := {*value} - {*Limits().facts()}:
        raise ValueError(f"there is no limit {', '.join(sorted(unknown))}")
    if not all(type(number) is int and 0 <= number < 2**53 for number in value.values()):
        raise ValueError("a limit is a whole number")


def _is_hours(value: Any, place: Place) -> None:
    del place
    if unknown := {*value} - {"zone", "opens", "closes", "weekdays", "closed_on"}:
        raise ValueError(", ".join(sorted(unknown)))
    ZoneInfo(value.get("zone", "UTC"))
    for name in ("opens", "closes"):
        time.fromisoformat(value.get(name, "08:00"))
    for day in value.get("closed_on", ()):
        date.fromisoformat(day)
    if not {*value.get("weekdays", (1,))} <= {*range(1, 8)}:
        raise ValueError("weekdays are 1 to 7")


def _is_freeze(value: Any, place: Place) -> None:
    del place
    begins, ends = (datetime.fromisoformat(value[name]) for name in ("begins_at", "ends_at"))
    if begins.tzinfo is None or ends.tzinfo is None or begins >= ends:
        raise ValueError("a freeze begins before it ends, both with a zone")


def _is_switch(value: Any, place: Place) -> None:
    if value is not True or (place.agent and place.client):
        raise ValueError("a switch is true, and about one agent, one client or the firm")


def _is_row(value: Any, place: Place) -> None:
    if not place.key or place.agent:
        raise ValueError("a row has a name and holds for all agents")
    if not isinstance(value, str) and ({*value} - _FIELDS or not (value.get("tool") or value.get("verbs"))):
        raise ValueError("a row speaks of a tool, or of verbs and things")
    row_of(place.key, place.client, value)


def _is_approvers(value: Any, place: Place) -> None:
    if place.agent or {*value} - {"administrators", "on_call", "first_minutes", "minutes"}:
        raise ValueError("approvers are of a client")
    first, both = int(value.get("first_minutes", 30)), int(value.get("minutes", 60))
    if not 0 < first < both:
        raise ValueError("the first turn ends before the time does")
    for name in ("administrators", "on_call"):
        if not all(isinstance(who, str) and who.startswith("account:") for who in value.get(name, ())):
            raise ValueError("approvers are accounts")


KINDS: dict[str, Callable[[Any, Place], None]] = {
    "mode": _is_mode, "limits": _is_limits, "hours": _is_hours, "freeze": _is_freeze, "switch": _is_switch,
    "catalogue": _is_row, "approvers": _is_approvers,
}  # fmt: skip
"""Kind of setting -> what checks its value."""

_UNREADABLE = (KeyError, TypeError, ValueError, AttributeError, OverflowError)
_FIELDS = frozenset({"label", "verbs", "things", "tier", "asked", "why", "protective", "undo", "tool"})

_HINTS = {
    "mode": "Use observe, advise or enforce.",
    "limits": f"Name any of {', '.join(Limits().facts())} with a whole number.",
    "hours": 'Such as {"zone": "Europe/Vienna", "opens": "08:00", "closes": "18:00", "weekdays": [1, 2, 3, 4, 5]}.',
    "freeze": 'Such as {"begins_at": "2026-12-20T00:00+00:00", "ends_at": "2027-01-02T00:00+00:00"}.',
    "switch": "Set true to stop, and end it to let go on.",
    "catalogue": "Name a tool and autonomous, notify, approve, four-eyes or forbidden; or give tier, why, verbs and things.",
    "approvers": 'Such as {"administrators": ["account:3"], "on_call": ["account:1"], "first_minutes": 30, "minutes": 60}.',
}
