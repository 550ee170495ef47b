"""Witnesses: somebody outside who cosigns checkpoints, so that the log cannot be rewritten behind everybody's back.

Keeps true: a witness is sent sizes, hashes and signatures, never a row; nobody is asked unless an owner named them; a line
that is not that witness's signature under this checkpoint is not kept.
"""

import urllib.error
import urllib.request
from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from cadre.access.principal import Principal
from cadre.access.right import require
from cadre.audit.note import cosigned
from cadre.audit.tree import consistency_proof
from cadre.audit.verify import COSIGNATURE, Checkpoint, NoteError, read_checkpoint, verifier_key
from cadre.audit.witness import PATH, Answered, answer, request_body
from cadre.clock import Clock
from cadre.db.audit import AuditCheckpoint, AuditCosignature, AuditWitness
from cadre.errors import NotFoundError, UsageError
from cadre.services.actor import happened
from cadre.services.audit.checkpoint import checkpoint_now, reader
from cadre.services.audit.key import KeyFile
from cadre.services.unit_of_work import UnitOfWork

_WAIT_SECONDS = 20
_MOST_BYTES = 65_536


def add_witness(principal: Principal, work: UnitOfWork, clock: Clock, *, vkey: str, address: str) -> str:
    """Name somebody who cosigns from here on.

    Args:
        principal: An owner.
        work: The transaction.
        clock: Tells when.
        vkey: Their verifier key for cosignatures.
        address: Where they take checkpoints, without `/add-checkpoint`.

    Returns:
        Their name.

    Raises:
        ForbiddenError: They are no owner.
        UsageError: The key is none of a witness, or the address no http address.
    """
    require(principal, "audit:keep")
    try:
        key = verifier_key(vkey)
    except NoteError as error:
        raise UsageError(str(error), hint="Ask the witness for its key for cosignatures.") from error
    if key.algorithm != COSIGNATURE:
        raise UsageError("that key signs notes, not cosignatures", hint="Ask the witness for its cosignature/v1 key.")
    if not address.startswith(("https://", "http://")):
        raise UsageError("a witness has an address that begins with https://", hint="Leave out /add-checkpoint.")
    with work:
        work.session.add(AuditWitness(key.name, key.text, address.rstrip("/"), clock.now()))
        work.record(happened(principal, clock, "witness:added", f"witness:{key.name}", key=key.text))
        work.commit()
    return key.name


def remove_witness(principal: Principal, work: UnitOfWork, clock: Clock, *, name: str) -> None:
    """Ask somebody no longer; what they cosigned stays.

    Raises:
        ForbiddenError: They are no owner.
        NotFoundError: Nobody of that name is asked.
    """
    require(principal, "audit:keep")
    with work:
        found = _asked(work.session.connection()).get(name)
        if found is None:
            raise NotFoundError("no witness of that name", hint="See `cadre audit status`.")
        work.session.add(AuditWitness(name, found[0], "", clock.now()))
        work.record(happened(principal, clock, "witness:removed", f"witness:{name}"))
        work.commit()


def ask_witnesses(principal: Principal, work: UnitOfWork, clock: Clock, keys: KeyFile) -> dict[str, str]:
    """Make a checkpoint and have every witness cosign it.

    Returns:
        By name: empty where they did, else why not.

    Raises:
        ForbiddenError: They are no owner.
    """
    require(principal, "audit:keep")
    with work:
        connection = work.session.connection()
        checkpoint_now(connection, clock, keys)
        newest = connection.execute(select(AuditCheckpoint).order_by(AuditCheckpoint.id.desc()).limit(1)).one()
        asked, reached = _asked(connection), _reached(connection)
        work.commit()
    told: dict[str, str] = {}
    for name, (vkey, address) in asked.items():
        try:
            line = _cosignature(work, newest.note, address, reached.get(name, 0))
            cosigned(newest.note, line, verifier_key(vkey))
        except (NoteError, OSError) as error:
            told[name] = str(error)
            continue
        _keep(work, newest.id, name, line, clock.now())
        told[name] = ""
    return told


def _asked(connection: Connection) -> dict[str, tuple[str, str]]:
    rows = connection.execute(select(AuditWitness).order_by(AuditWitness.id))
    newest = {row.name: (row.vkey, row.address) for row in rows}
    return {name: told for name, told in newest.items() if told[1]}


def _reached(connection: Connection) -> dict[str, int]:
    """Size of the newest checkpoint each witness cosigned."""
    sizes = select(AuditCosignature.witness, func.max(AuditCheckpoint.size)).join(
        AuditCheckpoint, AuditCheckpoint.id == AuditCosignature.checkpoint_id
    )
    return {row[0]: row[1] for row in connection.execute(sizes.group_by(AuditCosignature.witness))}


def _cosignature(work: UnitOfWork, note: str, address: str, old: int) -> str:
    """Ask once from where we think the witness is, and once more from where it says it is."""
    checkpoint = read_checkpoint(note)
    found = _post(work, checkpoint, note, address, old)
    if found.size is not None and found.size != old and found.size <= checkpoint.size:
        found = _post(work, checkpoint, note, address, found.size)
    if found.size is not None:
        raise NoteError(f"the witness refused: it saw {found.size} events, and the log has {checkpoint.size}")
    return found.lines


def _post(work: UnitOfWork, checkpoint: Checkpoint, note: str, address: str, old: int) -> Answered:
    with work:
        proof = consistency_proof(reader(work.session.connection()), old, checkpoint.size)
    body = request_body(old, proof, note)
    asked = urllib.request.Request(f"{address}/{PATH}", data=body, headers={"Content-Type": "text/plain"})  # noqa: S310 (add_witness takes http alone)
    try:
        with urllib.request.urlopen(asked, timeout=_WAIT_SECONDS) as got:  # noqa: S310 (the same)
            return answer(got.status, got.read(_MOST_BYTES))
    except urllib.error.HTTPError as error:
        with error:
            return answer(error.code, error.read(_MOST_BYTES))


def _keep(work: UnitOfWork, checkpoint_id: int, name: str, line: str, at: datetime) -> None:
    with work:
        held = select(AuditCosignature.id).filter_by(checkpoint_id=checkpoint_id, witness=name, line=line)
        if work.session.scalar(held.limit(1)) is None:
            ended = line if line.endswith("\n") else line + "\n"
            work.session.execute(
                insert(AuditCosignature).values(checkpoint_id=checkpoint_id, witness=name, line=ended, received_at=at)
            )
            work.commit()
