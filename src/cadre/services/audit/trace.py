"""The events of one decision in the audit log, each with its place and whether the tree proves it there; nothing is changed.

Keeps true: an event is found by the instant it tells and by the id it names, with a handful of reads however long the log is;
proved means that the header as it lies hashes to a leaf from which the kept hashes lead to the root.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from cadre.access.principal import Principal
from cadre.access.right import require
from cadre.audit.event import instant
from cadre.audit.tree import inclusion_proof, root_of
from cadre.audit.verify import ProofError, check_inclusion, leaf_hash
from cadre.db.audit import AuditCheckpoint, AuditEvent
from cadre.db.audit_rows import size_of
from cadre.services.audit.checkpoint import reader
from cadre.services.unit_of_work import UnitOfWork

_MOST_BESIDE = 1_000
"""Events looked through behind an instant: more than one transaction of the log holds."""


@dataclass(frozen=True, slots=True)
class Traced:
    """An event of a decision.

    Attributes:
        position: Its place in the log.
        kind: Its name.
        at: When, as the log tells it.
        actor: Key of whoever did it.
        is_proved: Whether the tree proves it there.
        is_signed: Whether a signed checkpoint covers it.
    """

    position: int
    kind: str
    at: datetime
    actor: str
    is_proved: bool
    is_signed: bool


def trace(principal: Principal, work: UnitOfWork, decision_id: str, instants: Iterable[datetime]) -> tuple[Traced, ...]:
    """The events of a decision, in their order.

    Args:
        principal: An owner or manager.
        work: A transaction.
        decision_id: Its id.
        instants: When something happened to it, by its own rows.

    Raises:
        ForbiddenError: They may not.
    """
    require(principal, "machine:manage")
    with work:
        connection = work.session.connection()
        size = size_of(connection)
        signed = work.session.scalar(select(AuditCheckpoint.size).order_by(AuditCheckpoint.id.desc()).limit(1)) or 0
        found: dict[int, Any] = {}
        for at in sorted(set(instants)):
            found.update(_beside(connection, f'"decision:{decision_id}"', instant(at), size))
        read = reader(connection)
        root = root_of(read, size)
        return tuple(
            Traced(place, row.kind, datetime.fromisoformat(json.loads(row.header)["at"]), row.actor,
                   _is_proved(row.header, inclusion_proof(read, place, size), place, size, root), place < signed)
            for place, row in sorted(found.items())
        )  # fmt: skip


def _beside(connection: Connection, name: str, at: str, size: int) -> dict[int, Any]:
    """Events that name something, from the first at or after an instant; times in the log never run backwards."""
    low, high = 0, size
    while low < high:
        middle = (low + high) // 2
        header = connection.execute(select(AuditEvent.header).where(AuditEvent.position == middle)).scalar_one()
        if json.loads(header)["at"] < at:
            low = middle + 1
        else:
            high = middle
    rows = connection.execute(
        select(AuditEvent.position, AuditEvent.kind, AuditEvent.actor, AuditEvent.header)
        .where(AuditEvent.position >= low, AuditEvent.position < low + _MOST_BESIDE, AuditEvent.header.contains(name))
    )  # fmt: skip
    return {row.position: row for row in rows}


def _is_proved(header: str, proof: list[bytes], place: int, size: int, root: bytes) -> bool:
    try:
        check_inclusion(leaf_hash(header.encode()), place, size, proof, root)
    except ProofError:
        return False
    return True
