"""Deciding who an account belongs to; every decision can be taken back, and a refresh makes it true everywhere."""

from cadre.access.principal import Principal
from cadre.access.right import require
from cadre.clock import Clock
from cadre.db.model import IdentityDecision
from cadre.errors import NotFoundError, UsageError
from cadre.services.actor import happened
from cadre.services.unit_of_work import UnitOfWork
from cadre.warehouse import Warehouse

VERDICTS = ("join", "split", "undo")


def decide_identity(
    principal: Principal,
    work: UnitOfWork,
    clock: Clock,
    warehouse: Warehouse,
    *,
    verdict: str,
    account_id: str,
    person_id: str,
    reason: str = "",
) -> IdentityDecision:
    """Record whether an account belongs to a person.

    Raises:
        ForbiddenError: They are neither owner nor manager.
        UsageError: The verdict is unknown.
        NotFoundError: The record holds no such account.
    """
    require(principal, "identity:decide")
    if verdict not in VERDICTS:
        raise UsageError(f"unknown verdict {verdict!r}", hint=f"Use one of {', '.join(VERDICTS)}.")
    with warehouse.snapshot() as record:
        accounts = record["accounts"]
        if not record.rows(accounts.filter(accounts.account_id == account_id).limit(1)):
            raise NotFoundError(
                f"no account {account_id}", hint="Take it from the list of doubtful joins (cadre doctor)."
            )
    decision = IdentityDecision(
        verdict=verdict,
        account_id=account_id,
        person_id=person_id,
        reason=reason.strip(),
        decided_by=principal.name,
        decided_at=clock.now(),
    )
    with work:
        work.session.add(decision)
        work.record(happened(principal, clock, "identity:decided", about=[account_id, person_id], verdict=verdict))
        work.commit()
    return decision
