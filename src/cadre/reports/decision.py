"""What was decided about items of the week, as the database of decisions holds it."""

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from cadre.db.model import AgendaDecision


def decisions(sessions: sessionmaker[Session]) -> tuple[AgendaDecision, ...]:
    """Every decision about an item of the week, oldest first.

    Args:
        sessions: Sessions on the database of decisions.
    """
    with sessions() as session:
        return tuple(session.scalars(select(AgendaDecision).order_by(AgendaDecision.decided_at, AgendaDecision.id)))
