"""Declaring for oneself which group one belongs to, and taking it back, which erases what was declared.

Keeps true: of a declaration that was taken back no byte says which group it was, in the database's files neither.
"""

from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy import select

from cadre.access.principal import Principal
from cadre.clock import Clock
from cadre.db.declared import Declaration
from cadre.errors import UsageError
from cadre.services.duty import own_person
from cadre.services.unit_of_work import UnitOfWork
from cadre.stewardship.declaration import CHOICES, erased


def declare(principal: Principal, work: UnitOfWork, clock: Clock, *, labels: Mapping[str, str]) -> int:
    """Declare, change or take back; what is said again as it stands adds nothing, what is taken back is erased.

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
        take_back(work, person, [attribute for attribute, label in changed.items() if not label])
        for attribute, label in changed.items():
            work.session.add(Declaration(person, attribute, label, clock.now().date()))
        work.commit()
    return len(changed)


def take_back(work: UnitOfWork, person_id: str, attributes: Collection[str]) -> None:
    """Overwrite what a person declared, inside the transaction of whoever calls; the commit wipes the files.

    Args:
        work: The transaction, under way.
        person_id: Whose.
        attributes: What about.
    """
    mine = select(Declaration).where(Declaration.person_id == person_id, Declaration.attribute.in_(attributes))
    rows = work.session.scalars(mine.order_by(Declaration.id)).all()
    if not rows:
        return
    with work.erasing():
        for attribute in attributes:
            said = [row for row in rows if row.attribute == attribute]
            for row, label in zip(said, erased([row.label for row in said]), strict=True):
                row.label = label


def forget_declarations(work: UnitOfWork, people: Collection[str], erased_on: date) -> None:
    """Take back everything that erased persons declared, inside the transaction of whoever calls.

    Args:
        work: The transaction, under way.
        people: Their keys.
        erased_on: The day.
    """
    for person in people:
        mine = select(Declaration).where(Declaration.person_id == person).order_by(Declaration.id)
        newest = {row.attribute: row.label for row in work.session.scalars(mine)}
        take_back(work, person, newest)
        work.session.add_all(Declaration(person, name, "", erased_on) for name, label in newest.items() if label)
    work.session.flush()
