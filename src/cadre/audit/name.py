"""Names of events, `subject:action`; the registry from which the reference is written. An unknown name is refused.

One row a name. Whoever adds a service adds its names here, and records the event in the same unit of work as the change.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EventName:
    """A name of an event.

    Attributes:
        name: `subject:action`, the action in the past.
        meaning: What happened.
    """

    name: str
    meaning: str


EVENT_NAMES: tuple[EventName, ...] = (
    EventName("log:started", "The log began; what was decided earlier stands in the other tables alone"),
    EventName("key:rotated", "Another key signs checkpoints from here on"),
    EventName("bundle:exported", "A client was given its rows with their proofs"),
    EventName("payload:erased", "Contents of earlier events were erased"),
    EventName("witness:added", "Somebody outside was asked to cosign checkpoints"),
    EventName("witness:removed", "Somebody outside no longer cosigns checkpoints"),
    EventName("action:allowed", "An agent's call went ahead"),
    EventName("action:asked", "An agent's call waits for somebody to say yes"),
    EventName("action:denied", "An agent's call was refused"),
    EventName("action:reported", "Something was told of what became of an agent's call"),
    EventName("approval:answered", "Somebody said yes or no to an agent's call"),
    EventName("approval:used", "An agent's call ran with an approval, which is used up"),
    EventName("approval:lapsed", "Nobody said yes in time, which refuses"),
    EventName("glass:broken", "Somebody on call let an agent's call through alone"),
    EventName("glass:reviewed", "Somebody else looked at what was let through alone"),
    EventName("governance:set", "A mode, limit, freeze, switch or row of the catalogue was set"),
)
"""In the order of the modules they come from."""

_KNOWN = frozenset(each.name for each in EVENT_NAMES)


def is_known(name: str) -> bool:
    """Whether the registry has a name."""
    return name in _KNOWN
