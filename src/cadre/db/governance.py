"""Tables of what agents wanted, what was decided, who said yes, what became of it, and the settings all this follows.

Keeps true: every row is a fact and only added (triggers of migration 0010 refuse the rest); the newest setting of a key
holds; an approval is used once, which the database itself keeps. What was asked for in full lies apart and may be erased.
"""

from datetime import datetime

from sqlalchemy import FetchedValue, ForeignKey, Index, SmallInteger, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from cadre.db.model import Base, UtcDateTime

_USED = text("what = 'used'")
_COUNTED = ("at", "answered", "agent", "client_id", "tool", "judged", "tier", "decision_id")
READS, CHANGES = text("is_read = 1"), text("is_read = 0")
"""Decisions about acts that only read, and all others; a count of either says it so, or the index over them is not used."""
NOT_DONE = text("told <> 'done'")
"""Reports of anything but that it was done; a question about those says it too, for the same reason."""


class GovernanceSetting(Base):
    """A setting as somebody decided it; the newest of the same kind, agent, client and key holds.

    Attributes:
        kind: One of `services.agents.govern.KINDS`: mode, limits, hours, freeze, switch, catalogue, approvers.
        agent: The agent it is about; empty for all.
        client_id: The client it is about; empty for all.
        key: What within them, such as a tool's name; empty where the kind has one value.
        value: JSON; `null` ends it.
        decided_by: Key of who decided.
        decided_at: When.
        reason: Why, in their words.
        takes_back: Id of the setting that it takes back; missing where it is one of its own.
    """

    __tablename__ = "governance_settings"
    __table_args__ = (Index("ix_governance_settings_of", "kind", "agent", "client_id", "key"),)

    kind: Mapped[str] = mapped_column(String(16))
    agent: Mapped[str] = mapped_column(String(200))
    client_id: Mapped[str] = mapped_column(String(200))
    key: Mapped[str] = mapped_column(String(200))
    value: Mapped[str] = mapped_column(Text)
    decided_by: Mapped[str] = mapped_column(String(200))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(Text)
    id: Mapped[int | None] = mapped_column(primary_key=True, autoincrement=True, nullable=False, default=None)
    takes_back: Mapped[int | None] = mapped_column(default=None)


class ActionDecision(Base):
    """What was decided about one call.

    Attributes:
        decision_id: Its id.
        at: When.
        agent: Its key in the register.
        client_id: Whose environment; empty for the firm itself.
        task: As the agent named it; empty where it did not.
        tool: Name.
        answered: What the agent was told: allow, approve, deny.
        judged: What it would be told if enforced.
        tier: By name.
        digest: SHA-256 of the exact action; empty where it could not be written down.
        record: The decision as canonical JSON, with all that decided; a replay begins from it.
        is_read: 1 where the act only reads; the database derives it from the record.
    """

    __tablename__ = "action_decisions"
    __table_args__ = (
        Index("ix_action_decisions_agent", "agent", "at"),
        Index("ix_action_decisions_client", "client_id", "at"),
        Index("ix_action_decisions_read", *_COUNTED, sqlite_where=READS, postgresql_where=READS),
        Index("ix_action_decisions_change", *_COUNTED, sqlite_where=CHANGES, postgresql_where=CHANGES),
    )

    decision_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    agent: Mapped[str] = mapped_column(String(200))
    client_id: Mapped[str] = mapped_column(String(200))
    task: Mapped[str] = mapped_column(String(200))
    tool: Mapped[str] = mapped_column(String(200))
    answered: Mapped[str] = mapped_column(String(8))
    judged: Mapped[str] = mapped_column(String(8))
    tier: Mapped[str] = mapped_column(String(12))
    digest: Mapped[str] = mapped_column(String(64))
    record: Mapped[str] = mapped_column(Text)
    is_read: Mapped[int | None] = mapped_column(SmallInteger, FetchedValue(), init=False, repr=False, compare=False,
                                                deferred=True)  # fmt: skip


class ActionRequest(Base):
    """What was asked for in full, kept apart because it may hold anything; may be erased.

    Attributes:
        decision_id: Of the decision.
        arguments: Canonical JSON; empty where they could not be written down.
        user_request: What a person asked for, in their words; empty where nobody did.
        target_revision: Version of the thing acted on; empty where it has none.
    """

    __tablename__ = "action_requests"

    decision_id: Mapped[str] = mapped_column(ForeignKey("action_decisions.decision_id"), primary_key=True)
    arguments: Mapped[str] = mapped_column(Text)
    user_request: Mapped[str] = mapped_column(Text)
    target_revision: Mapped[str] = mapped_column(Text)


class ApprovalAsked(Base):
    """An approval as it was asked for.

    Attributes:
        approval_id: Its id.
        decision_id: Of the decision that asks.
        digest: Of the exact action.
        target_revision: Of its target.
        policy_version: Of the policies that asked.
        tier: By name.
        asked_by: JSON list of keys; none of them may answer.
        asked_at: When.
        stages: JSON list of label, approvers and end.
        expires_at: End of the last stage.
    """

    __tablename__ = "action_approvals"

    approval_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    decision_id: Mapped[str] = mapped_column(ForeignKey("action_decisions.decision_id"), index=True)
    digest: Mapped[str] = mapped_column(String(64))
    target_revision: Mapped[str] = mapped_column(Text)
    policy_version: Mapped[str] = mapped_column(String(64))
    tier: Mapped[str] = mapped_column(String(12))
    asked_by: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    stages: Mapped[str] = mapped_column(Text)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class ApprovalStep(Base):
    """Something that happened to an approval.

    Attributes:
        approval_id: Of the approval.
        what: yes, no, glass, used, lapsed, right, wrong (the last two review an emergency).
        by: Key of who did it.
        at: When.
        reason: In their words.
    """

    __tablename__ = "action_approval_steps"
    __table_args__ = (
        Index("ix_action_approval_steps_once", "approval_id", unique=True, sqlite_where=_USED, postgresql_where=_USED),
        Index("ix_action_approval_steps_who", "approval_id", "what", "by", unique=True),
    )

    approval_id: Mapped[str] = mapped_column(ForeignKey("action_approvals.approval_id"))
    what: Mapped[str] = mapped_column(String(8))
    by: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(Text)
    id: Mapped[int | None] = mapped_column(primary_key=True, autoincrement=True, nullable=False, default=None)


class ActionReport(Base):
    """Something that was told of an act after it was let through.

    Attributes:
        decision_id: Of the decision that let it through.
        told: One of `governance.outcome.Told`.
        at: When.
        by: Key of who told.
        after_digest: SHA-256 of the state that was seen; empty where nobody looked.
        is_undo_offered: Whether it can be taken back by one step.
        detail: Words of who told.
    """

    __tablename__ = "action_reports"
    __table_args__ = (Index("ix_action_reports_rest", "at", sqlite_where=NOT_DONE, postgresql_where=NOT_DONE),)

    decision_id: Mapped[str] = mapped_column(ForeignKey("action_decisions.decision_id"), index=True)
    told: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(String(200))
    after_digest: Mapped[str] = mapped_column(String(64))
    is_undo_offered: Mapped[bool] = mapped_column()
    detail: Mapped[str] = mapped_column(Text)
    id: Mapped[int | None] = mapped_column(primary_key=True, autoincrement=True, nullable=False, default=None)
