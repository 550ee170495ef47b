"""Declarations, read in the only two ways there are: one's own, and all of them sealed, for the audit."""

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from cadre.access.principal import Principal
from cadre.db.declared import Declaration
from cadre.estimate import Sealed
from cadre.stewardship.declaration import CHOICES, Counted, Said, counted


def own_declarations(principal: Principal, sessions: sessionmaker[Session]) -> dict[str, str]:
    """Attribute -> what the asker declared about themselves, empty for nothing; every attribute is there.

    Args:
        principal: Who asks. Nobody can ask about somebody else.
        sessions: Sessions on the database of decisions.
    """
    made = dict.fromkeys(CHOICES, "")
    if principal.person_id is not None:
        mine = select(Declaration).where(Declaration.person_id == principal.person_id).order_by(Declaration.id)
        with sessions() as session:
            made |= {row.attribute: row.label for row in session.scalars(mine) if row.attribute in CHOICES}
    return made


def declared(sessions: sessionmaker[Session]) -> Sealed[Counted]:
    """Everybody's declarations that count, sealed.

    Args:
        sessions: Sessions on the database of decisions.
    """
    with sessions() as session:
        rows = session.scalars(select(Declaration).order_by(Declaration.id)).all()
        return Sealed(counted(Said(row.person_id, row.attribute, row.label) for row in rows))
