"""An event, and what is written of it: a header that is hashed and stays, a payload that can be erased.

Keeps true: the header names no person. Who did it is the key of an account or an agent, or `machine`; whom it is about,
and every word somebody wrote, belong into the payload, of which the header holds a digest under a salt that nobody can
guess. Without the salt the digest tells nothing, so erasing payload and salt erases the content and leaves every proof.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from cadre.audit.canonical import canonical, canonical_plain
from cadre.audit.name import is_known
from cadre.audit.unguessable import unguessable
from cadre.audit.verify import leaf_hash, payload_digest
from cadre.errors import UsageError

VERSION = 1
_KEY = re.compile(r"[\w.@:/+=%-]{1,120}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened.

    Attributes:
        kind: Its name, one of `name.EVENT_NAMES`.
        at: When.
        actor: Who did it: `account:3`, `agent:patcher`, `machine`. Never a name.
        client_id: The client it belongs to, who may see it; empty for the firm's own matters.
        objects: Keys of the things it is about, `seat:noc`; never of persons.
        about: Keys of the persons it is about; erased with them.
        payload: The facts as they were then; JSON values. Erased with the persons it is about.
    """

    kind: str
    at: datetime
    actor: str
    client_id: str = ""
    objects: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    payload: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not is_known(self.kind):
            raise UsageError(f"no event is called {self.kind!r}", hint="Add it to `cadre.audit.name.EVENT_NAMES`.")
        for key in (self.actor, *self.objects, *((self.client_id,) if self.client_id else ())):
            if not _KEY.fullmatch(key):
                raise UsageError("the header of an event holds keys, and this is none",
                                 hint="Use up to 120 letters, digits and . @ : / + = % - _ without spaces.")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """An event as it is written: the header with its hash, and apart from it what may be erased.

    Attributes:
        event: The event.
        nth: Its number among the client's events; missing without a client.
        at: When, as the header says: never before the event ahead of it.
        header: Canonical JSON.
        leaf: Hash of the header.
        salt: 32 bytes.
        payload: Canonical JSON.
    """

    event: Event
    nth: int | None
    at: datetime
    header: str
    leaf: bytes
    salt: bytes
    payload: str


def entry(event: Event, *, nth: int | None = None, not_before: datetime | None = None) -> Entry:
    """Write an event.

    Args:
        event: What happened.
        nth: Its number among the client's events.
        not_before: When the event ahead of it happened. Where the clock says earlier, this is taken, and the header
            says under `clock` what the clock said.

    Raises:
        UsageError: The payload holds something that is no JSON value.
    """
    at = max(event.at, not_before) if not_before else event.at
    salt = unguessable()
    payload = canonical({**event.payload, "about": event.about} if event.about else dict(event.payload))
    told: dict[str, Any] = {
        "actor": event.actor,
        "at": instant(at),
        "kind": event.kind,
        "objects": event.objects,
        "payload": payload_digest(salt, payload.encode()),
        "v": VERSION,
    }
    if event.client_id:
        told["client"], told["nth"] = event.client_id, nth
    if at != event.at:
        told["clock"] = instant(event.at)
    header = canonical_plain(told)
    return Entry(event, nth, at, header, leaf_hash(header.encode()), salt, payload)


def instant(at: datetime) -> str:
    """An instant as headers write it: UTC, microseconds."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")[:26] + "Z"
