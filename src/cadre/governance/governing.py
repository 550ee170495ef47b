"""What governs agents at one instant, as values: settings by place, registers and approvers.

Keeps true: the most specific setting holds; without one, decisions are enforced; on one day a standing is worked out once,
since nothing here changes. Who reads the settings and how long they are kept is the business of `services.governing`.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from functools import cached_property
from typing import Any

from cadre.governance.ai_register import Entry, covers
from cadre.governance.catalogue import Row
from cadre.governance.catalogue import row as row_from
from cadre.governance.decision import Mode
from cadre.governance.situation import Freeze, Hours, Limits, Standing, Switch

MACHINE = "machine"
"""Key of whoever sits at the machine, who answers where nobody has an account."""

_Key = tuple[str, str, str, str]
_MOST_KEPT = 10_000


@dataclass(frozen=True, slots=True)
class Approvers:
    """Who answers what agents ask for at a client.

    Attributes:
        administrators: Keys of the client's own, whose turn is first; may be empty.
        on_call: Keys of the firm's, whose turn is next.
        first_minutes: How long the first turn lasts.
        minutes: How long both last together; silence refuses after it.
    """

    administrators: frozenset[str]
    on_call: frozenset[str]
    first_minutes: int = 30
    minutes: int = 60


def row_of(key: str, client: str, value: str | Mapping[str, Any]) -> Row:
    """A row of the firm's catalogue: a tier for the tool that is called `key`, or all fields of a row.

    Raises:
        ValueError: A tier is none.
        KeyError: A field is missing.
    """
    if isinstance(value, str):
        value = {"label": key, "tool": key, "tier": value, "why": f"The firm's catalogue says {value}."}
    return row_from({**value, "name": key, "client": client})


@dataclass(frozen=True)
class Governing:
    """What governs agents at one instant.

    Attributes:
        settings: Value by kind, agent, client and key; the newest of each.
        machines: Last day and client by key of every machine that is registered and not retired.
        tools: The AI register.
        staff: Keys of accounts that may answer.
        zone: IANA zone of the firm, for clients of whom none was told.
    """

    settings: Mapping[_Key, Any] = field(default_factory=dict)
    machines: Mapping[str, tuple[date | None, str | None]] = field(default_factory=dict)
    tools: tuple[Entry, ...] = ()
    staff: frozenset[str] = frozenset()
    zone: str = "UTC"
    _standings: dict[tuple[object, ...], Standing] = field(default_factory=dict, init=False, repr=False, compare=False)
    _opening: dict[str, Hours] = field(default_factory=dict, init=False, repr=False, compare=False)
    _modes: dict[tuple[str, str], Mode] = field(default_factory=dict, init=False, repr=False, compare=False)

    def mode(self, agent: str, client: str) -> Mode:
        """How far decisions bind; enforced where nobody said."""
        found = self._modes.get((agent, client))
        if found is None:
            if len(self._modes) >= _MOST_KEPT:
                self._modes.clear()
            told = self._specific("mode", agent, client)
            found = self._modes[agent, client] = Mode(told) if told else Mode.ENFORCE
        return found

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """The firm's own rows of the catalogue, for all clients and for each."""
        return tuple(row_of(key, client, value) for (kind, _, client, key), value in self.settings.items()
                     if kind == "catalogue")  # fmt: skip

    def approvers(self, client: str) -> Approvers:
        """Who answers; where nobody said, whoever may by their role."""
        told = self._specific("approvers", "", client) or {}
        return Approvers(
            frozenset(told.get("administrators", ())),
            frozenset(told["on_call"]) if told.get("on_call") else self.staff or frozenset({MACHINE}),
            int(told.get("first_minutes", 30)),
            int(told.get("minutes", 60)),
        )

    def limits(self, agent: str, client: str) -> dict[str, int]:
        """Limits that somebody set, the more specific over the others; empty where nobody did."""
        limits: dict[str, int] = {}
        for key in reversed(_lookups("limits", agent, client, "")):
            limits |= self.settings.get(key) or {}
        return limits

    def without(self, kind: str, agent: str, client: str, key: str) -> "Governing":
        """The same as if one setting had not been made."""
        kept = {where: value for where, value in self.settings.items() if where != (kind, agent, client, key)}
        return replace(self, settings=kept)

    def standing(self, agent: str, client: str, tool: str, data_classes: Collection[str], at: datetime) -> Standing:
        """What registers, settings and switches say about an agent and a tool at a client."""
        hours = self._opening.get(client) or self._hours(client)
        today = hours.local(at).date()
        key = (agent, client, tool, tuple(data_classes), today)
        found = self._standings.get(key)
        if found is None:
            if len(self._standings) >= _MOST_KEPT or len(self._opening) >= _MOST_KEPT:
                self._standings.clear()
                self._opening.clear()
            self._opening[client] = hours
            found = self._standings[key] = self._standing(agent, client, tool, data_classes, hours, today)
        return found

    def _standing(self, agent: str, client: str, tool: str, data_classes: Collection[str], hours: Hours,
                  today: date) -> Standing:  # fmt: skip
        ends_on, bound_to = self.machines.get(agent, (date.min, None))
        return Standing(
            is_registered=(ends_on is None or today <= ends_on) and bound_to in {None, client},
            is_tool_registered=covers(self.tools, tool, client, data_classes, today),
            hours=hours,
            limits=Limits(**self.limits(agent, client)),
            freezes=tuple(self._freezes(client)),
            switches=tuple(self._switches(agent, client)),
        )

    def _specific(self, kind: str, agent: str, client: str, key: str = "") -> Any:
        return next((told for each in _lookups(kind, agent, client, key) if (told := self.settings.get(each))), None)

    def _hours(self, client: str) -> Hours:
        told = self._specific("hours", "", client) or {}
        plain = Hours()
        return Hours(
            told.get("zone", self.zone),
            time.fromisoformat(told["opens"]) if "opens" in told else plain.opens,
            time.fromisoformat(told["closes"]) if "closes" in told else plain.closes,
            tuple(told.get("weekdays", plain.weekdays)),
            frozenset(date.fromisoformat(day) for day in told.get("closed_on", ())),
        )

    def _freezes(self, client: str) -> list[Freeze]:
        return [Freeze(whose, datetime.fromisoformat(told["begins_at"]), datetime.fromisoformat(told["ends_at"]))
                for (kind, _, whose, _), told in self.settings.items()
                if kind == "freeze" and told and whose in {"", client}]  # fmt: skip

    def _switches(self, agent: str, client: str) -> list[Switch]:
        reach = (Switch("agent", agent), Switch("client", client), Switch("firm", ""))
        places = ((agent, ""), ("", client), ("", ""))
        return [one for one, place in zip(reach, places, strict=True) if self.settings.get(("switch", *place, ""))]


def _lookups(kind: str, agent: str, client: str, key: str) -> list[_Key]:
    """Where a setting may stand, the most specific first."""
    places = [(agent, client), (agent, ""), ("", client), ("", "")]
    return [(kind, *place, key) for place in dict.fromkeys(places)]
