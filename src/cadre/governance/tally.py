"""What one agent did lately, counted as it happens, so that a decision costs the same after a thousand calls as after one.

Keeps true: it gives what `situation` counts from the calls themselves; where a clock was set back it counts rather too
much than too little. It holds no call longer than a day and a bit.
"""

from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice

from cadre.governance.situation import TASKLESS, Past, Request

KEPT = timedelta(hours=26)
"""A local day has up to 25 hours."""

_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)


@dataclass(slots=True)
class _Client:
    writes: deque[datetime] = field(default_factory=deque)
    costs: deque[tuple[datetime, int]] = field(default_factory=deque)


@dataclass(slots=True)
class _Seen:
    """Clients and kinds of data that were read, each with when it last was."""

    clients: dict[str, datetime] = field(default_factory=dict)
    classes: dict[str, datetime] = field(default_factory=dict)

    def see(self, call: Past) -> None:
        self.clients[call.client] = max(call.at, self.clients.get(call.client, call.at))
        for name in call.data_classes:
            self.classes[name] = max(call.at, self.classes.get(name, call.at))


class Tally:
    """Counts of one agent's calls."""

    def __init__(self) -> None:
        self._calls: deque[datetime] = deque()
        self._refusals: deque[datetime] = deque()
        self._clients: dict[str, _Client] = {}
        self._tasks: dict[str, _Seen] = {}
        self._any, self._taskless = _Seen(), _Seen()

    def add(self, call: Past) -> None:
        """Count a call."""
        self._calls.append(call.at)
        if call.is_refused:
            self._refusals.append(call.at)
        if not call.is_done:
            return
        here = self._clients.setdefault(call.client, _Client())
        if call.is_write:
            here.writes.append(call.at)
        if call.cost_cents:
            here.costs.append((call.at, call.cost_cents))
        if call.is_read:
            self._read(call)

    def take_back(self, call: Past) -> None:
        """Count a call no more that was not made after all; what it would have read stays seen, which is the safe side."""
        counted = [self._calls]
        if call.is_refused:
            counted.append(self._refusals)
        here = self._clients.get(call.client)
        if here is not None and call.is_done:
            if call.is_write:
                counted.append(here.writes)
            if call.cost_cents:
                with suppress(ValueError):
                    here.costs.remove((call.at, call.cost_cents))
        for times in counted:
            with suppress(ValueError):  # so old that it was let go
                times.remove(call.at)

    def facts(self, request: Request, day_begin: datetime) -> dict[str, int | tuple[str, ...]]:
        """What policies ask about the time before a request.

        Args:
            request: Who, where and when.
            day_begin: When the client's present local day began.
        """
        here = self._clients.get(request.client) or _Client()
        while here.costs and here.costs[0][0] < request.at - KEPT:
            here.costs.popleft()
        clients, classes = self._sequence(request)
        return {
            "calls_last_minute": _since(self._calls, request.at - _MINUTE),
            "writes_last_hour": _since(here.writes, request.at - _HOUR),
            "cost_today_cents": sum(cents for at, cents in here.costs if at >= day_begin),
            "refusals_last_hour": _since(self._refusals, request.at - _HOUR),
            "other_clients_read": tuple(sorted(clients - {"", request.client})),
            "classes_read": tuple(sorted(classes)),
        }

    def _read(self, call: Past) -> None:
        for seen in (self._any, *([] if call.task else [self._taskless])):
            seen.see(call)
        if not call.task:
            return
        task = self._tasks.pop(call.task, None) or _Seen()
        task.see(call)
        self._tasks[call.task] = task  # the newest last
        for name in tuple(islice(self._tasks, 2)):
            if max(self._tasks[name].clients.values()) < call.at - KEPT:
                del self._tasks[name]

    def _sequence(self, request: Request) -> tuple[set[str], set[str]]:
        # Without a task all of the half hour belongs together; with one, only what named none joins its own.
        since = request.at - TASKLESS
        near = self._taskless if request.task else self._any
        task = self._tasks.get(request.task) if request.task else None
        clients = {name for name, at in near.clients.items() if at > since} | {*(task.clients if task else ())}
        return clients, {name for name, at in near.classes.items() if at > since} | {*(task.classes if task else ())}


def _since(times: deque[datetime], bound: datetime) -> int:
    """How many are later than a bound; whatever is earlier at the front is let go."""
    while times and times[0] <= bound:
        times.popleft()
    return len(times)
