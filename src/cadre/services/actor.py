"""By which key the audit log knows somebody, never a name; and the event of what they did."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from cadre.access.principal import Principal
from cadre.audit.event import Event
from cadre.clock import Clock

MACHINE = "machine"
_LONGEST = 120


def actor_of(principal: Principal) -> str:
    """Key of whoever acts: their account's number, or the machine where nobody signs in."""
    return MACHINE if principal.account_id is None else f"account:{principal.account_id}"


def happened(
    who: Principal | str,
    clock: Clock,
    kind: str,
    *objects: str,
    about: Iterable[str | None] = (),
    client_id: str | None = None,
    **payload: Any,
) -> Event:
    """An event, for `UnitOfWork.record`.

    Args:
        who: Who did it, or their key.
        clock: Tells when.
        kind: A name of `cadre.audit.name`.
        objects: Keys of things, `seat:noc`; none of persons.
        about: Keys of persons; missing ones are left out.
        client_id: The client whose matter it is.
        payload: Facts as they were then, as JSON values: keys and words of this code, never somebody's own words.
    """
    actor = who if isinstance(who, str) else actor_of(who)
    return Event(
        kind, clock.now(), actor, client_id=_key(client_id or ""), objects=tuple(map(_key, objects)),
        about=tuple(person for person in about if person), payload=payload,
    )  # fmt: skip


def _key(text: str) -> str:
    """A key as headers take it; signs from elsewhere are written as in an address."""
    return quote(text, safe=".@:/+=-")[:_LONGEST]
