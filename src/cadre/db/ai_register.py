"""The AI register: which AI tools the firm and its clients use, with what data, under what terms, as somebody checked.

Keeps true: a row is one check of a tool, added and never edited; the newest about a tool holds. What nobody found out is
missing, never a guess, and stays visible as unknown with the day it was last asked.
"""

from datetime import date, datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from cadre.db.model import Base, UtcDateTime


class AiToolCheck(Base):
    """What was found out about an AI tool on one day.

    Attributes:
        key: Of the tool; the newest row of a key holds.
        name: As shown.
        checked_on: The day.
        recorded_by: Name of the principal.
        recorded_at: When.
        tools: Names of tools and servers that agents call and that are this one, a line each; empty where none is.
        client_id: Client whose tool it is; missing for the firm's own.
        vendor: Who offers it; missing for unknown, as all below.
        model: Which model answers.
        purpose: What it is used for.
        owner_person_id: Who on the staff answers for it.
        data_classes: Kinds of data it may be given, separated by spaces; empty text for none.
        processed_in: Countries or regions where it works on them.
        kept: Where and how long it keeps them.
        trains: `yes`, `no` or `opt-out`: whether what it is given trains models.
        sub_processors: Who else gets to see them.
        contract: Under which contract or terms.
        is_ended: Whether it is no longer used.
    """

    __tablename__ = "ai_tool_checks"

    key: Mapped[str] = mapped_column(String(100), index=True)
    name: Mapped[str] = mapped_column(String(200))
    checked_on: Mapped[date]
    recorded_by: Mapped[str] = mapped_column(String(200))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    tools: Mapped[str] = mapped_column(Text, default="")
    client_id: Mapped[str | None] = mapped_column(String(200), default=None)
    vendor: Mapped[str | None] = mapped_column(String(200), default=None)
    model: Mapped[str | None] = mapped_column(String(200), default=None)
    purpose: Mapped[str | None] = mapped_column(Text, default=None)
    owner_person_id: Mapped[str | None] = mapped_column(String(64), default=None)
    data_classes: Mapped[str | None] = mapped_column(Text, default=None)
    processed_in: Mapped[str | None] = mapped_column(Text, default=None)
    kept: Mapped[str | None] = mapped_column(Text, default=None)
    trains: Mapped[str | None] = mapped_column(String(8), default=None)
    sub_processors: Mapped[str | None] = mapped_column(Text, default=None)
    contract: Mapped[str | None] = mapped_column(Text, default=None)
    is_ended: Mapped[bool] = mapped_column(default=False)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True, init=False)
