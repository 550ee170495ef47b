"""What people declare about themselves, kept apart: no other table points here, and this one points to none.

Keeps true: rows are added, never changed or deleted (triggers refuse it), but for erasing; the newest one about a person and
an attribute holds, and an empty one takes it back: what stood before it is then overwritten. It is read by the person about themselves, and by the fairness audit.
"""

from datetime import date

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from cadre.db.model import Base


class Declaration(Base):
    """A person declared which group they belong to, or took it back.

    Attributes:
        person_id: Key of the person.
        attribute: What it is about; one of `cadre.stewardship.declaration.CHOICES`.
        label: The group, as offered; empty for taking back; `withdrawn TIME.NUMBER` for what was erased.
        declared_on: The day; no hour, so that it meets no other log.
    """

    __tablename__ = "declarations"

    person_id: Mapped[str] = mapped_column(String(64), index=True)
    attribute: Mapped[str] = mapped_column(String(40))
    label: Mapped[str] = mapped_column(String(80))
    declared_on: Mapped[date] = mapped_column()
    id: Mapped[int | None] = mapped_column(primary_key=True, autoincrement=True, nullable=False, default=None)
