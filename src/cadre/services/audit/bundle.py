"""Handing out: a client gets its own rows, each with its proof; of others it sees hashes alone."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import select

from cadre.access.principal import Principal
from cadre.access.right import require
from cadre.audit.event import Event
from cadre.audit.tree import consistency_proof, inclusion_proof
from cadre.audit.verify import EXPORTED, FORMAT, read_checkpoint
from cadre.clock import Clock
from cadre.db.audit import OWN, AuditCheckpoint, AuditEvent, AuditPayload
from cadre.db.audit_rows import newest_own
from cadre.errors import NotFoundError
from cadre.services.actor import actor_of
from cadre.services.audit.checkpoint import checkpoint_now, reader
from cadre.services.audit.key import KeyFile, handovers
from cadre.services.unit_of_work import UnitOfWork

_MOST_CHECKPOINTS = 400
"""Older checkpoints a bundle proves against by itself: a year of one a day."""


def export_bundle(
    principal: Principal,
    work: UnitOfWork,
    clock: Clock,
    keys: KeyFile,
    *,
    client_id: str,
    first: int = 1,
    since: Collection[int] = (),
) -> dict[str, Any]:
    """A client's rows with their proofs, as `cadre.audit.verify` reads them.

    That it was handed out is an event of that client and the last row, so that no row before it can be kept back.

    Args:
        principal: Who hands out.
        work: The transaction.
        clock: Tells when.
        keys: Where the private key lies.
        client_id: The client.
        first: Number of the client's row to begin with, from 1.
        since: Sizes of checkpoints the client holds, beside the newest ones made here.

    Raises:
        ForbiddenError: They may not.
        NotFoundError: The log has no row of that client.
    """
    require(principal, "audit:keep")
    with work:
        if not newest_own(work.session.connection(), client_id):
            raise NotFoundError("the log has no row of that client", hint="Take its key from `cadre audit status`.")
        work.record(Event(EXPORTED, clock.now(), actor_of(principal), client_id=client_id))
        work.commit()
    with work:
        connection = work.session.connection()
        note = checkpoint_now(connection, clock, keys)
        size, read = read_checkpoint(note).size, reader(connection)
        made = select(AuditCheckpoint.size).order_by(AuditCheckpoint.id.desc()).limit(_MOST_CHECKPOINTS)
        sizes = {old for old in (*since, *connection.execute(made).scalars()) if 0 < old < size}
        own = (
            select(AuditEvent.position, AuditEvent.header, AuditPayload.salt, AuditPayload.payload)
            .outerjoin(AuditPayload, AuditPayload.position == AuditEvent.position)
            .where(AuditEvent.client_id == client_id, OWN, AuditEvent.nth >= first)
        )
        rows = [
            {
                "position": row.position,
                "header": row.header,
                "payload": row.payload,
                "salt": row.salt.hex() if row.salt is not None else None,
                "proof": [node.hex() for node in inclusion_proof(read, row.position, size)],
            }
            for row in connection.execute(own.order_by(AuditEvent.nth))
            if row.position < size
        ]
        between = {str(old): [node.hex() for node in consistency_proof(read, old, size)] for old in sorted(sizes)}
        told = list(handovers(connection))
        work.commit()
    return {"format": FORMAT, "client": client_id, "checkpoint": note, "handovers": told, "consistency": between,
            "rows": rows}  # fmt: skip
