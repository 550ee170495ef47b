"""One act from request to undo as a line of time: who asked, how it was judged, who said yes, what ran, what became of it.

Keeps true: every moment is one that a row tells; what nobody told is said as missing. The proof of each moment comes from the
audit log by `services.audit.trace` and is laid beside it by its time and kind.
"""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from cadre.governance.outcome import State
from cadre.reports.agents.act import ActRecord
from cadre.reports.agents.called import Called

_TOLD = {"attempted": "It began", "done": "It was done", "failed": "It failed", "verified": "Somebody looked, and it was so",
         "contradicted": "Somebody looked, and it was not so", "undone": "It was taken back", "reopened": "It came back"}  # fmt: skip


class Proved(Protocol):
    """An event of the audit log, as `services.audit.trace.Traced`."""

    @property
    def position(self) -> int:
        """Its place."""

    @property
    def kind(self) -> str:
        """Its name."""

    @property
    def at(self) -> datetime:
        """When, as the log tells it."""

    @property
    def is_proved(self) -> bool:
        """Whether the tree proves it there."""

    @property
    def is_signed(self) -> bool:
        """Whether a signed checkpoint covers it."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened.

    Attributes:
        what: In words.
        at: When; None for what did not happen.
        by: Name of whoever did it; empty where nobody did.
        detail: More about it, sentence by sentence.
        kind: Name of its event in the audit log; empty where it has none of its own.
        position: Its place in the log; None where it was not found there.
        is_proved: Whether the tree proves it there.
        is_signed: Whether a signed checkpoint covers it.
    """

    what: str
    at: datetime | None
    by: str
    detail: tuple[str, ...] = ()
    kind: str = ""
    position: int | None = None
    is_proved: bool = False
    is_signed: bool = False

    def json(self) -> dict[str, Any]:
        """The keys every surface uses."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class ActReview:
    """One act from request to undo.

    Attributes:
        record: The decision.
        moments: What happened, in order.
    """

    record: ActRecord
    moments: tuple[Moment, ...]

    @property
    def unproved(self) -> int:
        """Moments that should lie in the audit log and are not proved there."""
        return sum(one.kind != "" and not one.is_proved for one in self.moments)

    def json(self) -> dict[str, Any]:
        """The keys every surface uses."""
        return {
            "decision": self.record.json(),
            "moments": [one.json() for one in self.moments],
            "unproved": self.unproved,
        }


def instants(record: ActRecord) -> tuple[datetime, ...]:
    """When something happened to an act, by its own rows."""
    return (record.act.at, *(at for _, _, at in record.act.steps), *(one.at for one in record.heard))


def act_review(record: ActRecord, names: Called, events: Iterable[Proved]) -> ActReview:
    """The line of time of an act.

    Args:
        record: The decision.
        names: What keys are called.
        events: Of the audit log that name the decision.
    """
    free = sorted(events, key=lambda one: one.position)
    made: list[Moment] = []
    for moment in _moments(record, names):
        own = next(
            (one for one in free if one.kind == moment.kind and moment.at is not None and one.at >= moment.at), None
        )
        if own is None:
            made.append(moment)
        else:
            free.remove(own)
            made.append(replace(moment, position=own.position, is_proved=own.is_proved, is_signed=own.is_signed))
    return ActReview(record, tuple(made))


def headline(found: ActReview) -> str:
    """What is said first."""
    if found.unproved:
        return f"{found.unproved} of what happened is not proved by the audit log"
    return f"{found.moments[-1].what}; the audit log proves each step"


def _moments(record: ActRecord, names: Called) -> Iterator[Moment]:
    act = record.act
    agent = names.agent(act.agent)
    if record.user_request:
        yield Moment("A person asked", act.at, "", (record.user_request,))
    else:
        yield Moment("No person's request is known", None, "")
    kind = {"allow": "action:allowed", "approve": "action:asked", "deny": "action:denied"}[act.answered]
    told = {"allow": "It was let through", "approve": "It had to be asked for", "deny": "It was refused"}[act.answered]
    watched = ("The agent was only watched, so nothing was held back.",) if act.answered != act.judged else ()
    yield Moment(f"{agent} wanted to call {act.tool}, and was judged: {act.tier}. {told}", act.at, agent,
                 (*watched, *act.reasons, *(f"Rule: {rule}" for rule in act.rules)), kind)  # fmt: skip
    yield from _answers(record, names)
    for one in record.heard:
        undo = ("One step takes it back.",) if one.is_undo_offered else ()
        yield Moment(_TOLD.get(one.told, one.told), one.at, names.who(one.by), (*([one.detail] if one.detail else []), *undo),
                     "action:reported")  # fmt: skip
    if not record.heard and act.aftermath is not None:
        lost = act.aftermath.state is State.SILENT
        yield Moment("Nobody told what became of it" if lost else "What became of it is not told yet", None, "")


def _answers(record: ActRecord, names: Called) -> Iterator[Moment]:
    words = {"yes": ("said yes", "approval:answered"), "no": ("said no", "approval:answered"),
             "glass": ("let it through alone in an emergency", "glass:broken"), "used": ("ran it", "approval:used"),
             "right": ("looked at the emergency and found it right", "glass:reviewed"),
             "wrong": ("looked at the emergency and found it wrong", "glass:reviewed")}  # fmt: skip
    for what, by, at in record.act.steps:
        if what == "lapsed":
            yield Moment("Nobody answered in time, which refuses", at, "", kind="approval:lapsed")
            continue
        told, kind = words[what]
        reason = _reason(record, by, at)
        yield Moment(f"{names.who(by)} {told}", at, names.who(by), (reason,) if reason else (), kind)


def _reason(record: ActRecord, by: str, at: datetime) -> str:
    answers = record.approval.answers if record.approval else ()
    return next((one.reason for one in answers if one.approver == by and one.at == at), "")
