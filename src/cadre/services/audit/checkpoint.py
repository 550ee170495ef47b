"""Making checkpoints: signed notes of how long the log is and what its root is.

A checkpoint protects what lies before it once somebody else holds it: a client, a witness, a mailbox. Kept on this machine
alone it tells of mishaps, not of somebody who owns the machine.
"""

from functools import partial

from sqlalchemy import Connection, insert, select

from cadre.access.principal import Principal
from cadre.access.right import require
from cadre.audit.note import checkpoint
from cadre.audit.tree import Read, root_of, tiled
from cadre.audit.verify import is_signed, read_note
from cadre.clock import Clock
from cadre.db.audit import AuditCheckpoint, AuditCosignature
from cadre.db.audit_rows import hashes, held_head, tile
from cadre.services.audit.key import KeyFile, signer_of
from cadre.services.unit_of_work import UnitOfWork


def reader(connection: Connection) -> Read:
    """Hashes of the log's subtrees."""
    return tiled(partial(tile, connection), partial(hashes, connection))


def make_checkpoint(principal: Principal, work: UnitOfWork, clock: Clock, keys: KeyFile, *, origin: str = "") -> str:
    """Sign how long the log is and what its root is; where nothing came since the last, that one is given again.

    Args:
        principal: Who asks.
        work: The transaction.
        clock: Tells when.
        keys: Where the private key lies.
        origin: Name of a log that has none yet.

    Returns:
        The checkpoint, with the lines of witnesses it has so far.

    Raises:
        ForbiddenError: They may not.
        NotFoundError: The private key is not here.
    """
    require(principal, "audit:keep")
    with work:
        note = checkpoint_now(work.session.connection(), clock, keys, origin=origin)
        work.commit()
    return note


def checkpoint_now(connection: Connection, clock: Clock, keys: KeyFile, *, origin: str = "") -> str:
    """The same, inside the transaction of whoever calls."""
    size, _ = held_head(connection)
    signer = signer_of(connection, keys, clock, origin=origin)
    found = connection.execute(select(AuditCheckpoint).order_by(AuditCheckpoint.id.desc()).limit(1)).one_or_none()
    if found is not None and found.size == size and is_signed(read_note(found.note), signer.key()):
        lines = select(AuditCosignature.line).where(AuditCosignature.checkpoint_id == found.id)
        return str(found.note) + "".join(connection.execute(lines.order_by(AuditCosignature.id)).scalars())
    note = checkpoint(signer, size, root_of(reader(connection), size))
    connection.execute(insert(AuditCheckpoint).values(size=size, note=note, made_at=clock.now()))
    return note
