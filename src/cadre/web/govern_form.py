"""What a form about agents says, as a setting: its kind, its value and what it is about. It judges nothing."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from starlette.datastructures import FormData

from cadre.errors import UsageError
from cadre.governance.catalogue import Row, default
from cadre.governance.situation import Limits
from cadre.services.agents.govern import Place

_OF_CLIENTS = frozenset({"hours", "approvers", "catalogue", "freeze"})


def setting_of(form: FormData, zone: str) -> tuple[str, Any, Place]:
    """Kind, value and place of what was asked for; a form with `end` ends what was set.

    Args:
        form: As it was sent.
        zone: Of the times it names.

    Raises:
        UsageError: A number or a time is none.
    """
    kind, client, key = (_text(form, name) for name in ("kind", "client", "key"))
    place = Place("" if kind in _OF_CLIENTS else _text(form, "agent"), client, key)
    if _text(form, "end"):
        return kind, None, place
    try:
        if kind == "catalogue":
            return _row(form, place)
        if kind == "freeze":
            value = _freeze(form, zone)
            return kind, value, Place("", client, key or value["begins_at"])
        made = {"limits": _limits, "hours": _hours, "approvers": _approvers}.get(kind)
        return kind, (made(form) if made else _text(form, "value")), place
    except ValueError as error:
        raise UsageError(f"this cannot be read ({error})", hint="Go back and look at the numbers and times.") from error


def switch_of(told: str) -> Place:
    """What a kill switch is about: `firm`, `agent:KEY` or `client:KEY`.

    Raises:
        UsageError: It is none of them.
    """
    scope, _, key = told.partition(":")
    if told == "firm":
        return Place()
    if scope not in {"agent", "client"} or not key:
        raise UsageError("nothing was chosen", hint="Choose what to stop: one agent, one client, or all.")
    return Place(agent=key) if scope == "agent" else Place(client=key)


def _limits(form: FormData) -> dict[str, int]:
    return {name: int(told) for name in Limits().facts() if (told := _text(form, name))}


def _hours(form: FormData) -> dict[str, Any]:
    told: dict[str, Any] = {name: value for name in ("zone", "opens", "closes") if (value := _text(form, name))}
    days = [int(str(day)) for day in form.getlist("weekdays")]
    closed = _text(form, "closed_on").replace(",", " ").split()
    return {**told, **({"weekdays": days} if days else {}), **({"closed_on": closed} if closed else {})}


def _freeze(form: FormData, zone: str) -> dict[str, str]:
    return {
        name: datetime.fromisoformat(_text(form, name)).replace(tzinfo=ZoneInfo(zone)).isoformat()
        for name in ("begins_at", "ends_at")
    }


def _approvers(form: FormData) -> dict[str, Any]:
    who = {name: [str(one) for one in form.getlist(name)] for name in ("administrators", "on_call")}
    minutes = {name: int(told) for name in ("first_minutes", "minutes") if (told := _text(form, name))}
    return {**{name: some for name, some in who.items() if some}, **minutes}


def _row(form: FormData, place: Place) -> tuple[str, Any, Place]:
    """A tool by its exact name, a kind of act of the default catalogue, or one of the firm's own words."""
    tool, act, tier = (_text(form, name) for name in ("tool", "act", "tier"))
    asked = _text(form, "asked") or tier
    if tool:
        value = {"label": tool, "tool": tool, "tier": tier, "asked": asked, "why": f"The firm's catalogue says {tier}."}
        return "catalogue", (tier if asked == tier else value), Place("", place.client, tool)
    known = next((row for row in default() if row.name == act), None)
    if known is not None:
        return "catalogue", {**_written(known), "tier": tier, "asked": asked}, Place("", place.client, act)
    label = _text(form, "label")
    value = {"label": label, "verbs": _text(form, "verbs").lower(), "things": _text(form, "things").lower(),
             "tier": tier, "asked": asked, "why": _text(form, "why") or "The firm's own kind of act."}  # fmt: skip
    return "catalogue", value, Place("", place.client, place.key or "-".join(label.lower().split()))


def _written(row: Row) -> dict[str, Any]:
    things = (" ".join(sorted("+".join(sorted(words)) for words in row.things)), " ".join(sorted(row.verbs)))
    return {"label": row.label, "things": things[0], "verbs": things[1], "why": row.why,
            **({"protective": True} if row.protective else {}), **({"undo": row.undo} if row.undo else {})}  # fmt: skip


def _text(form: FormData, name: str) -> str:
    return str(form.get(name, "")).strip()
