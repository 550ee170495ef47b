"""Taking an erased person out of the audit log: the content of what is about them goes, every hash and proof stays."""

from collections.abc import Collection

from sqlalchemy import delete, select

from cadre.audit.event import Event
from cadre.clock import Clock
from cadre.db.audit import AuditAbout, AuditEvent, AuditPayload
from cadre.services.erasure.unname import Gone, finder_of
from cadre.services.unit_of_work import UnitOfWork

_AT_ONCE = 500
_OWN = ("log:started", "key:rotated", "payload:erased")
"""Events whose content the log itself needs; they hold counts, places and keys of the log."""


def forget_events(work: UnitOfWork, clock: Clock, actor: str, gone: Gone) -> int:
    """Erase the content of every event about a person or naming them, inside the transaction of whoever calls.

    Args:
        work: The transaction, under way.
        clock: Tells when.
        actor: Key of whoever erases.
        gone: What is looked for.

    Returns:
        Events whose content went. That it went is an event, or a check of the log would miss it.
    """
    about = select(AuditAbout.position).where(AuditAbout.person_id.in_(gone.keys))
    places = set(work.session.scalars(about))
    finder = finder_of(gone)
    words = select(AuditPayload.position, AuditPayload.payload).join(
        AuditEvent, AuditEvent.position == AuditPayload.position
    )
    for row in work.session.execute(words.where(AuditEvent.kind.not_in(_OWN)).execution_options(yield_per=5_000)):
        if finder.search(row.payload):
            places.add(row.position)
    erase_payloads(work, clock, actor, places)
    return len(places)


def erase_payloads(work: UnitOfWork, clock: Clock, actor: str, places: Collection[int]) -> None:
    """Erase the content of events and say so in the log; the commit wipes the files where `work.erasing()` is around it."""
    ordered = sorted(places)
    for start in range(0, len(ordered), _AT_ONCE):
        some = ordered[start : start + _AT_ONCE]
        for table in (AuditAbout, AuditPayload):
            work.session.execute(delete(table).where(table.position.in_(some)))
    if ordered:
        work.record(Event("payload:erased", clock.now(), actor, payload={"places": ordered}))
