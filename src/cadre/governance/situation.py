"""Where and when an agent acts, and what it did just before: the facts that rules about budgets, hours and order need.

Keeps true: a count never falls because a clock was set back; a call whose task nobody named belongs to whatever the
agent did in the last half hour; what was not said stays missing and is never zero. It is given the recent calls and
the settings and reads neither itself.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from cadre.governance.action import Effect

Scope = Literal["agent", "client", "firm"]

TASKLESS = timedelta(minutes=30)
"""How far back a call belongs to the present one where neither names a task."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What an agent may do at a client before a person has a say; the defaults are Cadre's own judgement.

    Attributes:
        calls_a_minute: Calls of the agent, reads included.
        writes_an_hour: Changes at the client.
        cost_a_day_cents: Money at the client on its local day, in hundredths of the firm's currency.
        cost_a_call_cents: Money in one act.
        blast_radius: 1 one thing, 2 several, 3 many, 4 all.
        confidence_percent: How sure the agent must say it is, where it says so.
    """

    calls_a_minute: int = 120
    writes_an_hour: int = 60
    cost_a_day_cents: int = 50_000
    cost_a_call_cents: int = 10_000
    blast_radius: int = 2
    confidence_percent: int = 70

    def facts(self) -> dict[str, int]:
        """The limits by name."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Hours:
    """A client's business hours.

    Attributes:
        zone: IANA name.
        opens: First local minute.
        closes: First local minute after; before `opens` where the shift ends after midnight.
        weekdays: Monday is 1.
        closed_on: Local days without business, such as public holidays.
    """

    zone: str = "UTC"
    opens: time = time(8)
    closes: time = time(18)
    weekdays: tuple[int, ...] = (1, 2, 3, 4, 5)
    closed_on: frozenset[date] = frozenset()

    def local(self, at: datetime) -> datetime:
        """An instant in the client's zone."""
        return at.astimezone(ZoneInfo(self.zone))

    def is_open(self, at: datetime) -> bool:
        """Whether the client does business at an instant; a shift over midnight belongs to the day it began."""
        return self.is_open_here(self.local(at))

    def is_open_here(self, here: datetime) -> bool:
        """The same, for an instant in the client's zone."""
        if self.opens < self.closes:
            return self._has_business(here.date()) and self.opens <= here.time() < self.closes
        begun = here if here.time() >= self.opens else here - timedelta(days=1)
        return self._has_business(begun.date()) and not self.closes <= here.time() < self.opens

    def _has_business(self, day: date) -> bool:
        return day.isoweekday() in self.weekdays and day not in self.closed_on


@dataclass(frozen=True, slots=True)
class Freeze:
    """A time in which changes wait.

    Attributes:
        client: Its id; empty for the whole firm.
        begins_at: First instant.
        ends_at: First instant after.
    """

    client: str
    begins_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Switch:
    """A kill switch as it was last set.

    Attributes:
        scope: What it stops.
        key: Id of the agent or client; empty for the firm.
        is_down: Whether it stops them now.
    """

    scope: Scope
    key: str
    is_down: bool = True


@dataclass(frozen=True, slots=True)
class Past:
    """A call that an agent made or wanted to make.

    Attributes:
        at: When it was decided.
        client: Where; empty for the firm itself.
        task: As the agent named it; empty where it did not.
        effects: What it does; empty where that could not be told.
        data_classes: Kinds of data it touched.
        cost_cents: Missing where it was not said.
        is_refused: Whether it was not allowed to happen.
        is_waiting: Whether it waits for an approver; once approved, it is a call of its own.
    """

    at: datetime
    client: str
    task: str = ""
    effects: tuple[Effect, ...] = ()
    data_classes: tuple[str, ...] = ()
    cost_cents: int | None = None
    is_refused: bool = False
    is_waiting: bool = False

    @property
    def is_done(self) -> bool:
        """Whether it was let through."""
        return not self.is_refused and not self.is_waiting

    @property
    def is_write(self) -> bool:
        """Whether it changes something, or may."""
        return set(self.effects) != {Effect.READ}

    @property
    def is_read(self) -> bool:
        """Whether it brings something to light, or may."""
        return not self.effects or Effect.READ in self.effects


@dataclass(frozen=True, slots=True)
class Request:
    """Who wants to act, where and when.

    Attributes:
        agent: Its id.
        client: Whose environment; empty for the firm itself.
        at: When it asks.
        task: As the agent names it; empty where it does not.
        target_revision: Version of the thing that is acted on; empty where it has none.
        cost_cents: What the act costs; missing where it was not said.
        confidence: How sure the agent says it is, 0 to 1; missing where it does not say.
    """

    agent: str
    client: str
    at: datetime
    task: str = ""
    target_revision: str = ""
    cost_cents: int | None = None
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """What registers, settings and switches say about an agent, its tool and a client.

    Attributes:
        is_registered: The agent stands in the register and is not retired or expired.
        is_tool_registered: The AI register says where the tool keeps what it is given.
        hours: The client's.
        limits: The agent's at the client.
        freezes: Of the client and the firm; others are ignored.
        switches: All that were ever set, each as it stands.
    """

    is_registered: bool = False
    is_tool_registered: bool = False
    hours: Hours = Hours()
    limits: Limits = Limits()
    freezes: tuple[Freeze, ...] = ()
    switches: tuple[Switch, ...] = ()


@dataclass(frozen=True, slots=True)
class Situation:
    """All that a decision needs to know beside what the call does.

    Attributes:
        request: Who, where and when.
        stopped: Switches that are down and reach this call.
        facts: The rest, by the names of the policies' schema.
    """

    request: Request
    stopped: tuple[Scope, ...]
    facts: Mapping[str, bool | int | tuple[str, ...] | dict[str, int]]


def situation(request: Request, standing: Standing, past: Iterable[Past] = ()) -> Situation:
    """What holds at the instant of a request.

    Args:
        request: Who, where and when.
        standing: Registers, settings and switches.
        past: The agent's calls of the last day, in any order.
    """
    calls = tuple(past)
    return situation_after(request, standing, {**_counts(request, calls, day_begin(request, standing)),
                                               **_sequence(request, calls)})  # fmt: skip


def situation_after(request: Request, standing: Standing, before: Mapping[str, int | tuple[str, ...]]) -> Situation:
    """The same, where what came before is counted already, as `tally` does."""
    here = standing.hours.local(request.at)
    facts: dict[str, bool | int | tuple[str, ...] | dict[str, int]] = {
        "is_registered": standing.is_registered,
        "is_tool_registered": standing.is_tool_registered,
        "hour": here.hour,
        "weekday": here.isoweekday(),
        "is_business_hours": standing.hours.is_open_here(here),
        "is_frozen": any(f.client in ("", request.client) and f.begins_at <= request.at < f.ends_at
                         for f in standing.freezes),
        "limits": standing.limits.facts(),
        **before,
    }  # fmt: skip
    if request.cost_cents is not None:
        facts["cost_cents"] = request.cost_cents
    if request.confidence is not None:
        facts["confidence_percent"] = int(request.confidence * 100)
    return Situation(request, _stopped(request, standing.switches), facts)


def _counts(request: Request, calls: tuple[Past, ...], day_begin: datetime) -> dict[str, int]:
    minute, hour = request.at - timedelta(minutes=1), request.at - timedelta(hours=1)
    done = [c for c in calls if c.client == request.client and c.is_done]
    return {
        "calls_last_minute": sum(c.at > minute for c in calls),
        "writes_last_hour": sum(c.is_write and c.at > hour for c in done),
        "cost_today_cents": sum(c.cost_cents or 0 for c in done if c.at >= day_begin),
        "refusals_last_hour": sum(c.is_refused and c.at > hour for c in calls),
    }


def _sequence(request: Request, calls: tuple[Past, ...]) -> dict[str, tuple[str, ...]]:
    since = request.at - TASKLESS
    same = [c for c in calls if c.is_read and c.is_done
            and (c.task == request.task if c.task and request.task else c.at > since)]  # fmt: skip
    return {
        "other_clients_read": tuple(sorted({c.client for c in same} - {"", request.client})),
        "classes_read": tuple(sorted({name for c in same for name in c.data_classes})),
    }


def day_begin(request: Request, standing: Standing) -> datetime:
    """When the client's present local day began."""
    here = standing.hours.local(request.at)
    return datetime.combine(here.date(), time(), here.tzinfo).astimezone(UTC)


def _stopped(request: Request, switches: tuple[Switch, ...]) -> tuple[Scope, ...]:
    if not switches:
        return ()
    keys: dict[Scope, str] = {"agent": request.agent, "client": request.client, "firm": ""}
    return tuple(scope for scope, key in keys.items()
                 if any(s.is_down and s.scope == scope and s.key == key for s in switches))  # fmt: skip
