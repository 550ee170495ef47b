"""Recording that a fairness audit was made; its figures are made elsewhere."""

from datetime import date

from cadre.access.principal import Principal
from cadre.clock import Clock
from cadre.db.stewardship import FairnessAudit
from cadre.errors import UsageError
from cadre.services.actor import happened
from cadre.services.duty import LEADS, act_as, told
from cadre.services.unit_of_work import UnitOfWork


def record_audit(principal: Principal, work: UnitOfWork, clock: Clock, *, audit_on: date, summary: str) -> None:
    """Record that a fairness audit was made.

    Args:
        principal: Who records it.
        work: The transaction.
        clock: Tells when.
        audit_on: The day it was made; readiness opens while it is at most 182 days ago.
        summary: What it said, in a few sentences.

    Raises:
        UsageError: The day is still to come, or nothing is said.
    """
    act_as(principal, LEADS, "record a fairness audit")
    if audit_on > clock.now().date():
        raise UsageError(f"{audit_on.isoformat()} is still to come", hint="Give the day the audit was made.")
    words = told(summary, "an audit", "Say in a few sentences what it found.")
    with work:
        work.session.add(FairnessAudit(audit_on=audit_on, summary=words, recorded_by=principal.name,
                                       recorded_at=clock.now()))  # fmt: skip
        work.record(happened(principal, clock, "fairness:audited", audit_on=audit_on.isoformat()))
        work.commit()
