"""A workspace with a door: real SQLite, a clock that is turned by hand, and a staff of three."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from cadre.access.principal import Principal
from cadre.db.accounts import Account
from cadre.services.accounts.invite import accept, invite
from cadre.services.accounts.sign_in import SignedIn, sign_in
from cadre.services.unit_of_work import UnitOfWork
from cadre.warehouse import Warehouse

AT_MACHINE = Principal("owner at this machine", "owner")
PASSWORD = "lamp orbit thistle"


class TurnedClock:
    """A clock that goes when it is told to."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def turn(self, **told: float) -> None:
        self.at += timedelta(**told)


@dataclass
class Door:
    sessions: sessionmaker[Session]
    clock: TurnedClock
    warehouse: Warehouse

    @property
    def staff(self) -> list[str]:
        """Keys of the three."""
        with self.warehouse.snapshot() as record:
            return sorted(row["person_id"] for row in record.rows(record.table("people").select("person_id")))

    def work(self) -> UnitOfWork:
        return UnitOfWork(self.sessions)

    def invited(self, name: str, role: str = "owner", *, by: Principal = AT_MACHINE, **told: Any) -> str:
        """Secret of a link."""
        link = invite(by, self.work(), self.clock, self.warehouse, name=name, role=role, **told)
        return link.path.rsplit("/", 1)[1]

    def made(self, name: str, role: str = "owner", **told: Any) -> Account:
        """An account."""
        return accept(self.work(), self.clock, secret=self.invited(name, role, **told), password=PASSWORD)

    def enter(self, name: str, password: str = PASSWORD, *, address: str = "127.0.0.1") -> SignedIn:
        return sign_in(self.work(), self.clock, name=name, password=password, address=address)

    def all(self, kind: type[Any]) -> list[Any]:
        """What a table holds."""
        with self.sessions() as session:
            return list(session.scalars(select(kind).order_by(kind.id)))
