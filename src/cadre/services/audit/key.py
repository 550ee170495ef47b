"""The key that signs checkpoints: where it lies, how the first is made, how it hands over to the next.

The private half lies in `private/audit-key` of the workspace, readable by its owner alone, or comes from the environment
(`CADRE_AUDIT_KEY`), which keeps it off this disk. The public half is in the database and is what clients are given.
"""

import os
import secrets
from pathlib import Path

from sqlalchemy import Connection, insert, select

from cadre.access.principal import Principal
from cadre.access.right import require
from cadre.audit.event import Event
from cadre.audit.note import Signer, handover, new_signer, read_signer
from cadre.audit.verify import NoteError, VerifierKey, verifier_key
from cadre.clock import Clock
from cadre.db.audit import AuditKey
from cadre.db.audit_rows import held_head
from cadre.errors import CadreError, NotFoundError, UsageError
from cadre.services.actor import actor_of
from cadre.services.unit_of_work import UnitOfWork


class KeyFile:
    """Where the private key is kept.

    Args:
        path: The file.
        told: The key as the environment tells it; then no file is looked at.
    """

    def __init__(self, path: Path, told: str = "") -> None:
        self._path, self._next, self.is_told, self._told = path, path.with_name(f"{path.name}.next"), bool(told), told

    def read(self, vkey: str) -> Signer | None:
        """The private half of a public key; of the one that lies there, where none is asked for.

        Raises:
            CadreError: It is damaged.
        """
        if self._told:
            found = [self._told]
        else:
            found = [path.read_text("utf-8") for path in (self._path, self._next) if path.exists()]
        try:
            signers = [read_signer(text) for text in found]
        except NoteError as error:
            raise CadreError(str(error), hint="Bring private/audit-key back from a backup.") from error
        return next((signer for signer in signers if vkey in {"", signer.vkey}), None)

    def stage(self, signer: Signer) -> None:
        """Keep a key beside the one that signs: a crash before or after the database knows of it loses neither."""
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._next.unlink(missing_ok=True)
        with os.fdopen(os.open(self._next, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(signer.text() + "\n")
            out.flush()
            os.fsync(out.fileno())

    def settle(self) -> None:
        """Let the staged key take the place of the one before."""
        if self._next.exists():
            self._next.replace(self._path)


def signer_of(connection: Connection, keys: KeyFile, clock: Clock, *, origin: str = "") -> Signer:
    """The key that signs now; made where the log has none yet, inside the transaction of whoever calls.

    Args:
        connection: In a transaction.
        keys: Where the private half lies.
        clock: Tells when.
        origin: Name of a new log, best a name under a domain of the firm's; a random one unless given.

    Raises:
        NotFoundError: The private half of the key that holds is not there.
        UsageError: The log has another name already.
    """
    held_head(connection)  # two first checkpoints at once make one key
    known = current_key(connection)
    signer = keys.read(known.text if known else "")
    if known is None:
        made = signer or new_signer(origin or f"cadre-audit/{secrets.token_hex(6)}")
        if signer is None:
            keys.stage(made)
            keys.settle()
        connection.execute(insert(AuditKey).values(vkey=made.vkey, handover="", since_at=clock.now()))
        return made
    if signer is None:
        raise NotFoundError("the private key that the log signs with is not here",
                            hint="Bring private/audit-key back, or set CADRE_AUDIT_KEY; every checkpoint so far still holds.")  # fmt: skip
    if origin and origin != known.name:
        raise UsageError(f"the log is called {known.name}", hint="A log keeps its name for good.")
    return signer


def current_key(connection: Connection) -> VerifierKey | None:
    """The public key that holds; None before the first checkpoint."""
    found = connection.execute(select(AuditKey.vkey).order_by(AuditKey.id.desc()).limit(1)).scalar()
    return verifier_key(found) if found else None


def handovers(connection: Connection) -> tuple[str, ...]:
    """Notes in which one key handed over to the next, the oldest first."""
    told = select(AuditKey.handover).where(AuditKey.handover != "").order_by(AuditKey.id)
    return tuple(connection.execute(told).scalars())


def rotate(principal: Principal, work: UnitOfWork, clock: Clock, keys: KeyFile) -> tuple[str, str]:
    """Let another key sign from here on; the hand-over is signed by both and is an event of the log.

    Returns:
        The new public key, and the new private key where the environment has to be told it, since no file holds it.

    Raises:
        ForbiddenError: They may not.
        NotFoundError: The old private key is not here.
    """
    require(principal, "audit:keep")
    with work:
        connection = work.session.connection()
        size, _ = held_head(connection)
        old = signer_of(connection, keys, clock)
        new = new_signer(old.name)
        note = handover(old, new, size)
        connection.execute(insert(AuditKey).values(vkey=new.vkey, handover=note, since_at=clock.now()))
        work.record(Event("key:rotated", clock.now(), actor_of(principal), payload={"handover": note}))
        if not keys.is_told:
            keys.stage(new)
        work.commit()
    if not keys.is_told:
        keys.settle()
    return new.vkey, (new.text() if keys.is_told else "")
