"""Erasing one person: find every account that is theirs, erase them together, compute the rest anew."""

from cadre.access.principal import Principal
from cadre.clock import Clock
from cadre.errors import NotFoundError
from cadre.services.actor import actor_of, happened
from cadre.services.erasure.forget import forget_accounts, require_an_owner_besides
from cadre.services.erasure.log import forget_events
from cadre.services.erasure.unname import Gone, names_of, unname
from cadre.services.unit_of_work import UnitOfWork
from cadre.warehouse import Warehouse


def keys_of(warehouse: Warehouse, person_id: str) -> tuple[str, ...]:
    """The keys under which a person is in the record: their own and those of their accounts, sorted.

    Raises:
        NotFoundError: The record knows no such person.
    """
    with warehouse.snapshot() as record:
        joins, people = record["person_accounts"], record["people"]
        accounts = record.rows(joins.filter(joins.person_id == person_id).select("account_id"))
        persons = record.rows(people.filter(people.person_id == person_id).select("person_id"))
    keys = {row["account_id"] for row in accounts} | {row["person_id"] for row in persons}
    if not keys:
        raise NotFoundError(f"no person {person_id}", hint="Take the id from `cadre people`.")
    return tuple(sorted(keys))


def erase(
    principal: Principal, warehouse: Warehouse, work: UnitOfWork, clock: Clock, *, person_id: str
) -> tuple[str, ...]:
    """Erase a person from every table and every old version; counts stay.

    Decisions who an account belongs to go too where they name the erased ones, the person out of the account they signed in
    with, and their name and keys out of everything that was written (see `unname`). The caller refreshes afterwards.

    Returns:
        The keys that were erased.

    Raises:
        ForbiddenError: Theirs is the last owner's account.
        NotFoundError: The record knows no such person.
    """
    keys = keys_of(warehouse, person_id)
    require_an_owner_besides(work, keys)
    whole, parts = names_of(warehouse, work, keys)
    warehouse.erase(keys, clock.now())
    gone = Gone(warehouse.erased_keys(keys), whole, parts, clock.now().date())
    with work:
        from cadre.db.model import IdentityDecision  # noqa: PLC0415 (Alembic and SQLAlchemy are not needed to import this)

        for decision in work.session.query(IdentityDecision).all():
            if decision.account_id in keys or decision.person_id in keys:
                work.session.delete(decision)
        forget_accounts(work, clock, keys, by=principal.name)
        with work.erasing():
            unname(work, gone)
            forget_events(work, clock, actor_of(principal), gone)
        work.record(happened(principal, clock, "person:erased", keys=len(keys)))
        work.commit()
    return keys
