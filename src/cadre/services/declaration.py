"""Declaring for oneself which group one belongs to, and taking it back."""

from collections.abc import Mapping

from sqlalchemy import select

from cadre.access.principal import Principal
from cadre.clock import Clock
from cadre.db.declared import Declaration
from cadre.errors import UsageError
from cadre.services.duty import own_person
from cadre.services.unit_of_work import UnitOfWork
from cadre.stewardship.declaration import CHOICES


def declare(principal: Principal, work: UnitOfWork, clock: Clock, *, labels: Mapping[str, str]) -> int:
    """Declare, change or take back; what is said again as it stands adds nothing.

    Args:
        principal: Who says it, about themselves.
        work: The transaction.
        clock: Tells the day.
        labels: Attribute -> group; an empty one takes it back.

    Returns:
        How many declarations changed.

    Raises:
        ForbiddenError: Whoever asks is no person on the staff.
        UsageError: An attribute or a group is not offered.
    """
    person = own_person(principal)
    for attribute, label in labels.items():
        if attribute not in CHOICES or (label and label not in CHOICES[attribute]):
            # Never the words themselves: a refused declaration is one, too, and errors are written to logs.
            raise UsageError("this is not offered as a declaration", hint="Choose on your own page, or nothing.")
    with work:
        said = select(Declaration.attribute, Declaration.label).where(Declaration.person_id == person)
        now = {row.attribute: row.label for row in work.session.execute(said.order_by(Declaration.id))}
        changed = {name: label for name, label in labels.items() if now.get(name, "") != label}
        for attribute, label in changed.items():
            work.session.add(Declaration(person, attribute, label, clock.now().date()))
        work.commit()
    return len(changed)
