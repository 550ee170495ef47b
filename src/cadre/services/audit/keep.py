"""Keeping the log while Cadre serves: a checkpoint at the start, now and then while it grows, and at the end.

Keeps true: where nothing came since the last checkpoint none is made; what goes wrong here stops nobody from working, is
said in the program's own log, and shows in *This week* once the newest checkpoint is a day old.
"""

import json
import logging

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from cadre.access.principal import Principal
from cadre.access.right import require
from cadre.clock import Clock
from cadre.db.audit import AuditCheckpoint, AuditEvent, AuditPayload
from cadre.db.audit_rows import size_of
from cadre.errors import CadreError
from cadre.services.actor import happened
from cadre.services.audit.check import Checked
from cadre.services.audit.checkpoint import checkpoint_now
from cadre.services.audit.key import KeyFile, current_key
from cadre.services.now_and_then import NowAndThen
from cadre.services.unit_of_work import UnitOfWork

_LOG = logging.getLogger("cadre.audit")
CHECKED = "log:checked"


class Keeper:
    """Signs checkpoints beside whatever else this process does.

    Args:
        work: A transaction of its own; used from one thread at a time.
        clock: Tells when.
        keys: Where the private key lies.
        minutes: Minutes from one look to the next; 0 signs at the start and the end alone.
        origin: Name of a log that has none yet; a random one unless given.
    """

    def __init__(self, work: UnitOfWork, clock: Clock, keys: KeyFile, *, minutes: float, origin: str = "") -> None:
        self._work, self._clock, self._keys, self._minutes, self._origin = work, clock, keys, minutes, origin
        self._signing = NowAndThen(self.sign, minutes * 60, "audit-keeper")

    def begin(self) -> None:
        """Sign now, and go on in a thread of its own."""
        self.sign()
        if self._minutes:
            self._signing.begin()

    def end(self) -> None:
        """Stop, and sign what came last."""
        self._signing.end()
        self.sign()

    def sign(self) -> bool:
        """Sign where the log grew since the newest checkpoint; whether one was made."""
        work = self._work
        try:
            with work:
                newest = select(AuditCheckpoint.size).order_by(AuditCheckpoint.id.desc()).limit(1)
                connection = work.session.connection()
                if connection.scalar(newest) == size_of(connection):
                    return False
                origin = "" if current_key(connection) else self._origin
                checkpoint_now(connection, self._clock, self._keys, origin=origin)
                work.commit()
        except (CadreError, SQLAlchemyError, OSError) as error:
            _LOG.warning("no checkpoint of the audit log was made: %s", type(error).__name__)
            return False
        return True


def note_check(principal: Principal, work: UnitOfWork, clock: Clock, found: Checked) -> None:
    """Put on record that a check found something wrong, or that one after it found nothing.

    Checks that find nothing as ever leave no event, so that looking does not make the log grow. Where the log is too
    damaged to take an event, whoever checked sees what was found all the same.

    Args:
        principal: Who checked.
        work: The transaction.
        clock: Tells when.
        found: What was found.

    Raises:
        ForbiddenError: They may not.
    """
    require(principal, "audit:keep")
    try:
        with work:
            if not found.problems and not _was_wrong(work):
                return
            work.record(happened(principal, clock, CHECKED, size=found.size, problems=len(found.problems)))
            work.commit()
    except (CadreError, SQLAlchemyError) as error:
        _LOG.warning("what a check of the audit log found is not on record: %s", type(error).__name__)


def _was_wrong(work: UnitOfWork) -> bool:
    """Whether the newest check on record found something."""
    wanted = (
        select(AuditPayload.payload)
        .join(AuditEvent, AuditEvent.position == AuditPayload.position)
        .where(AuditEvent.kind == CHECKED)
        .order_by(AuditEvent.position.desc())
    )
    told = work.session.scalar(wanted.limit(1))
    return told is not None and json.loads(told)["problems"] > 0
