"""What was decided about items of the week, as the database of decisions holds it."""

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from cadre.db.model import AgendaDecision, IdentityDecision


def decisions(sessions: sessionmaker[Session]) -> tuple[AgendaDecision, ...]:
    """Every decision about an item of the week, oldest first.

    Args:
        sessions: Sessions on the database of decisions.
    """
    with sessions() as session:
        return tuple(session.scalars(select(AgendaDecision).order_by(AgendaDecision.decided_at, AgendaDecision.id)))


def identity_decisions(sessions: sessionmaker[Session]) -> tuple[IdentityDecision, ...]:
    """The joins and splits that hold, newest first; one that was taken back is not there.

    Args:
        sessions: Sessions on the database of decisions.
    """
    holding: dict[tuple[str, str], IdentityDecision] = {}
    with sessions() as session:
        for row in session.scalars(select(IdentityDecision).order_by(IdentityDecision.id)):
            holding.pop((row.account_id, row.person_id), None)
            if row.verdict != "undo":
                holding[row.account_id, row.person_id] = row
    return tuple(reversed(holding.values()))
