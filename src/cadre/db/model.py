"""Tables of decisions. A decision is added, never edited: the newest one about a thing holds."""

from datetime import UTC, date, datetime

from sqlalchemy import Connection, DateTime, String, Text, event
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedAsDataclass, Mapper, mapped_column
from sqlalchemy.types import TypeDecorator

from cadre.errors import UsageError


class UtcDateTime(TypeDecorator[datetime]):
    """An instant that stays in UTC where the database has no zones (SQLite)."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To naive UTC."""
        del dialect
        return value.astimezone(UTC).replace(tzinfo=None) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Back to aware UTC."""
        del dialect
        return value.replace(tzinfo=UTC) if value else None


class Base(MappedAsDataclass, DeclarativeBase):
    """Base of all decision tables."""


@event.listens_for(Base, "before_insert", propagate=True)
@event.listens_for(Base, "before_update", propagate=True)
def _fits(mapper: Mapper[Base], connection: Connection, row: Base) -> None:
    """Refuse words that are too long in plain words: PostgreSQL would fail, SQLite keep them."""
    del connection
    for column in mapper.columns:
        longest = column.type.length if isinstance(column.type, String) else None
        value = getattr(row, mapper.get_property_by_column(column).key)
        if longest and isinstance(value, str) and len(value) > longest:
            what = column.name.replace("_", " ")
            raise UsageError(f"{what}: {len(value)} characters, and {longest} are kept", hint="Say it in fewer words.")


class Erasing(Base):
    """The door of an erasure: while a row stands here, rows that only grow can be overwritten.

    One stands here inside the transaction of `UnitOfWork.erasing` and at no other time, so that nobody else sees it.
    """

    __tablename__ = "erasing"

    id: Mapped[int | None] = mapped_column(primary_key=True, autoincrement=True, nullable=False, default=None)


class AgendaDecision(Base):
    """What was decided about one item of *This week*.

    Attributes:
        item_key: Key of the item; the same matter has the same key every week.
        outcome: `snoozed`, `assigned`, `done` or `reopened`.
        reason: Why, in the decider's words; needed for `done`.
        assignee: Who takes it, for `assigned`.
        until_on: Last day of a snooze.
        decided_by: Name of the principal.
        decided_at: When.
    """

    __tablename__ = "agenda_decisions"

    item_key: Mapped[str] = mapped_column(String(200), index=True)
    outcome: Mapped[str] = mapped_column(String(16))
    decided_by: Mapped[str] = mapped_column(String(200))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(Text, default="")
    assignee: Mapped[str] = mapped_column(String(200), default="")
    until_on: Mapped[date | None] = mapped_column(default=None)
    id: Mapped[int | None] = mapped_column(primary_key=True, autoincrement=True, default=None)


class IdentityDecision(Base):
    """Whether an account belongs to a person, as somebody decided.

    Attributes:
        verdict: `join`, `split` (it does not belong) or `undo` (the rules decide again).
        account_id: The account.
        person_id: The person; for an account without a person in the roster, another account's key.
        reason: Why, in the decider's words.
        decided_by: Name of the principal.
        decided_at: When.
    """

    __tablename__ = "identity_decisions"

    verdict: Mapped[str] = mapped_column(String(8))
    account_id: Mapped[str] = mapped_column(String(64), index=True)
    person_id: Mapped[str] = mapped_column(String(64))
    decided_by: Mapped[str] = mapped_column(String(200))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(Text, default="")
    id: Mapped[int | None] = mapped_column(primary_key=True, autoincrement=True, default=None)
