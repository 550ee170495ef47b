"""An event, and what is written of it: a header that is hashed and stays, a payload that can be erased.

Keeps true: the header names no person. Who did it is the key of an account or an agent, or `machine`; whom it is about,
and every word somebody wrote, belong into the payload, of which the header holds a digest under a salt that nobody can
guess. Without the salt the digest tells nothing, so erasing payload and salt erases the content and leaves every proof.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple

from cadre.audit.canonical import canonical
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
            require_key(key)


def require_key(key: str) -> None:
    """Refuse what is no key.

    Raises:
        UsageError: It may be a name, or would have to be escaped.
    """
    if not _KEY.fullmatch(key):
        raise UsageError("the header of an event holds keys, and this is none",
                         hint="Use up to 120 letters, digits and . @ : / + = % - _ without spaces.")  # fmt: skip


class Draft(NamedTuple):
    """An event in words, all that is known of it before it has a place: as plain as it travels between processes.

    Whoever makes one without an `Event` has its keys checked by `require_key` and takes a kind of the registry.

    Attributes:
        kind: Its name.
        at: When, as headers write it.
        actor: Who did it.
        client_id: The client it belongs to; empty for the firm's own matters.
        objects: Keys of the things it is about.
        about: Keys of the persons it is about.
        payload: Canonical JSON.
    """

    kind: str
    at: str
    actor: str
    client_id: str
    objects: tuple[str, ...]
    about: tuple[str, ...]
    payload: str


class Entry(NamedTuple):
    """An event as it is written: the header with its hash, and apart from it what may be erased.

    Attributes:
        draft: The event in words.
        nth: Its number among the client's events; missing without a client.
        at: When, as the header says: never before the event ahead of it.
        header: Canonical JSON.
        leaf: Hash of the header.
        salt: 32 bytes.
    """

    draft: Draft
    nth: int | None
    at: str
    header: str
    leaf: bytes
    salt: bytes

    @property
    def payload(self) -> str:
        """Canonical JSON."""
        return self.draft.payload


def draft(event: Event) -> Draft:
    """Put an event into words.

    Raises:
        UsageError: The payload holds something that is no JSON value.
    """
    payload = canonical({**event.payload, "about": event.about} if event.about else dict(event.payload))
    return Draft(event.kind, instant(event.at), event.actor, event.client_id, tuple(event.objects), tuple(event.about),
                 payload)  # fmt: skip


def entry(told: Draft, *, nth: int | None = None, not_before: str = "") -> Entry:
    """Write an event.

    Args:
        told: What happened.
        nth: Its number among the client's events.
        not_before: When the event ahead of it happened; empty ahead of the first. Where the clock says earlier, this is
            taken, and the header says under `clock` what the clock said.
    """
    at = max(told.at, not_before)  # of one width, so that words are in the order of time
    salt = unguessable()
    # Keys need no escaping (`_KEY`), so the canonical text is put together; a test holds it against the encoder.
    client = f',"client":"{told.client_id}"' if told.client_id else ""
    clock = f',"clock":"{told.at}"' if at != told.at else ""
    number = f',"nth":{"null" if nth is None else nth}' if told.client_id else ""
    objects = ",".join([f'"{key}"' for key in told.objects])
    header = (
        f'{{"actor":"{told.actor}","at":"{at}"{client}{clock},"kind":"{told.kind}"{number},'
        f'"objects":[{objects}],'
        f'"payload":"{payload_digest(salt, told.payload.encode())}","v":{VERSION}}}'
    )
    return Entry(told, nth, at, header, leaf_hash(header.encode()), salt)


def instant(at: datetime) -> str:
    """An instant as headers write it: UTC, microseconds."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")[:26] + "Z"
