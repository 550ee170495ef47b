"""What *This week* asks about the audit log: events that could be cut off unseen, and a check that found something wrong."""

import json
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from cadre.access.right import may
from cadre.db.audit import AuditEvent, AuditPayload
from cadre.reports.audit.log import FRESH, log_state
from cadre.reports.release import Gate
from cadre.reports.week.agenda import AgendaItem
from cadre.warehouse import Snapshot


def log_matters(gate: Gate, snapshot: Snapshot, sessions: sessionmaker[Session], now: datetime) -> Iterator[AgendaItem]:
    """Matters of the audit log, for owners, who alone read it."""
    del snapshot
    if not may(gate.principal, "audit:keep"):
        return
    with sessions() as session:
        wanted = (
            select(AuditEvent.position, AuditPayload.payload)
            .join(AuditPayload, AuditPayload.position == AuditEvent.position)
            .where(AuditEvent.kind == "log:checked").order_by(AuditEvent.position.desc()).limit(1)
        )  # fmt: skip
        last = session.execute(wanted).one_or_none()
        first = session.scalar(select(AuditEvent.header).where(AuditEvent.position == 0))
    problems = json.loads(last.payload)["problems"] if last else 0
    if last and problems:
        yield AgendaItem(
            kind="audit",
            key=f"audit:wrong:{last.position}",
            happened=f"A check of the audit log found {problems:,} thing{'s' if problems > 1 else ''} that cannot be",
            matters="Somebody or something changed what was on record, and nobody can say any more what was decided.",
            rows="/audit?subject=log",
            row_count=problems,
            minutes=15,
            action="Keep this machine as it is, and hold the log against a checkpoint that was kept elsewhere",
            weight=100,
        )
    state = log_state(gate.principal, sessions)
    begun = datetime.fromisoformat(json.loads(first)["at"]) if first else now
    if state.is_stale(now) and now - (state.checkpoint_at or begun) > FRESH:
        yield AgendaItem(
            kind="audit",
            key=f"audit:unsigned:{state.checkpoint_size}",
            happened=f"{state.uncovered:,} events of the audit log are signed by no checkpoint, for more than a day",
            matters="What no checkpoint covers can be cut off without a trace.",
            rows="/audit",
            row_count=state.uncovered,
            minutes=3,
            action="See why Cadre could not sign, sign now, and keep the file elsewhere",
            weight=70,
        )
