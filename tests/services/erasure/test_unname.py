"""A name and a key planted in every text column are gone after an erasure, and every decision is still there."""

from datetime import UTC, date, datetime
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import pytest
from sqlalchemy import Column, Date, LargeBinary, String, Table, Text, func, insert, select
from sqlalchemy.orm import Session

import cadre.db
from cadre.db.accounts import Account
from cadre.db.declared import Declaration
from cadre.db.model import AgendaDecision, Base, UtcDateTime
from cadre.db.seats import SeatDecision
from cadre.db.stewardship import HelpStatement
from cadre.services.erasure.erase import erase
from tests.conftest import NOW, Loader
from tests.services.door import AT_MACHINE, Door
from tests.warehouse.test_erasure import all_text

NAME, ADDRESS = "Ole Plantedname", "ole@planted.example"
PEOPLE: list[Any] = [
    *[("people", {"external_id": name, "occurred_at": NOW, "role": "Technician"}, 1) for name in ("ole", "uma")],
    ("identities", {"external_id": "ole", "person_id": "ole", "display_name": NAME, "email": ADDRESS}, 2),
    ("identities", {"external_id": "uma", "person_id": "uma", "display_name": "Uma Keptname"}, 3),
]
SKIPPED = {"erasing"}
for _module in iter_modules(cadre.db.__path__, "cadre.db."):
    import_module(_module.name)  # tables are known once they are read


@pytest.fixture
def staff(door: Door, load: Loader) -> tuple[Door, str, str]:
    """A door, and the keys of Ole and Uma."""
    load(PEOPLE, source="roster", digest="r")
    with door.warehouse.snapshot() as record:
        rows = record.rows(record.table("identities").select("person_id", "display_name"))
    keys = {row["display_name"]: row["person_id"] for row in rows}
    return door, keys[NAME], keys["Uma Keptname"]


def _planted(column: Column[Any], key: str) -> Any:
    """A value for a column that names Ole wherever it can."""
    plain = {UtcDateTime: datetime(2026, 5, 4, tzinfo=UTC), Date: date(2026, 5, 4), LargeBinary: b"x"}
    for kind, value in plain.items():
        if isinstance(column.type, kind):
            return value
    if not isinstance(column.type, String):
        return 1
    if column.name.endswith(("person_id", "account_id")):
        return key
    if column.primary_key or column.foreign_keys:
        return "x"
    wide = isinstance(column.type, Text) or (column.type.length or 0) >= 80
    return f"ask {NAME} ({key}, {ADDRESS}), or Plantedname's lead" if wide else "Plantedname"[: column.type.length]


def _is_made_by_the_database(column: Column[Any]) -> bool:
    made = column.server_default
    return (column.primary_key and column.autoincrement is True) or not (made is None or made.has_argument)


def _plant(session: Session, key: str) -> dict[str, int]:
    tables = [t for t in Base.metadata.sorted_tables if t.name not in SKIPPED and not t.name.startswith("audit_")]
    for table in tables:
        told = {c.name: _planted(c, key) for c in table.columns if not _is_made_by_the_database(c)}
        told |= {"attribute": "age", "label": "40 or over"} if table.name == "declarations" else {}
        session.execute(insert(table).values(told))
    session.commit()
    return {table.name: _count(session, table) for table in tables}


def _count(session: Session, table: Table) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def _stored(door: Door, root: Path) -> bytes:
    """The bytes of SQLite's files; of PostgreSQL every row of every table."""
    files = sorted(root.rglob("decisions.sqlite*"))
    if files:
        return b"".join(path.read_bytes() for path in files)
    with door.sessions() as session:
        tables = [t for t in Base.metadata.sorted_tables if not t.name.startswith("audit_")]
        return "\n".join(str(row) for table in tables for row in session.execute(select(table))).encode()


def test_a_name_planted_in_every_column_is_in_no_file_of_the_workspace(
    staff: tuple[Door, str, str], tmp_path: Path
) -> None:
    door, ole, uma = staff
    door.made("Mia", person_id=uma)
    with door.sessions() as session:
        before = _plant(session, ole)
    assert b"Plantedname" in _stored(door, tmp_path)
    erase(AT_MACHINE, door.warehouse, door.work(), door.clock, person_id=ole)

    found, record = _stored(door, tmp_path), all_text(door.warehouse)
    tombstones = door.warehouse.layout.tombstones.read_text("ascii")
    assert [] == [word for word in ("Plantedname", "planted.example", ole, "40 or over") if word.encode() in found]
    assert [] == [w for w in ("Plantedname", "planted.example", ole) if w in record.replace(tombstones, "")]
    with door.sessions() as session:
        after = {name: _count(session, Base.metadata.tables[name]) for name in before}
    # Who an account belongs to is decided about nobody any more; a declaration gets the row that takes it back.
    # What an agent asked for goes whole, since it fits its digest or is not there.
    assert before | {"identity_decisions": 0, "declarations": 2, "action_requests": 0} == after


def test_a_decision_keeps_its_other_words_and_names_of_others(staff: tuple[Door, str, str]) -> None:
    door, ole, uma = staff
    reasons = [
        f"{NAME} asks and sums up; Uma Keptname wants to wait.",
        f"Plantedname, see {ole}; willing, of the whole team",
        "OLE  PLANTEDNAME's turn. The whole team agreed.",
    ]
    with door.sessions() as session:
        session.add_all(
            SeatDecision("noc", p, why, NAME, NOW, 3, "0.1.0", "d")
            for p, why in zip((ole, uma, None), reasons, strict=True)
        )
        session.add(AgendaDecision(f"unanswered:{ole}", "done", "Mia", NOW, reason="told Ole"))
        session.commit()
    erase(AT_MACHINE, door.warehouse, door.work(), door.clock, person_id=ole)

    called = f"a person erased on {NOW:%Y-%m-%d}"
    first, second, third = door.all(SeatDecision)
    assert f"{called} asks and sums up; Uma Keptname wants to wait." == first.reason
    assert f"{called}, see {called}; willing, of the whole team" == second.reason
    assert f"{called}'s turn. The whole team agreed." == third.reason
    assert (called, uma, None) == (first.decided_by, second.person_id, third.person_id)
    assert (True, "told " + called) == (first.person_id.startswith("p_erased_"), door.all(AgendaDecision)[0].reason)


def test_a_name_that_somebody_else_bears_too_stays(staff: tuple[Door, str, str]) -> None:
    door, ole, uma = staff
    door.made("Ole Other")
    door.made("Uma", person_id=uma)
    with door.sessions() as session:
        session.add(SeatDecision("noc", uma, f"Ole agrees, {NAME} does not", "Uma", NOW, 3, "0.1.0", "d"))
        session.commit()
    erase(AT_MACHINE, door.warehouse, door.work(), door.clock, person_id=ole)

    assert f"Ole agrees, a person erased on {NOW:%Y-%m-%d} does not" == door.all(SeatDecision)[0].reason
    assert ["Ole Other", "Uma"] == [account.name for account in door.all(Account)]


def test_confirmed_help_follows_the_record_to_its_random_key(staff: tuple[Door, str, str]) -> None:
    door, ole, uma = staff
    with door.sessions() as session:
        session.add(HelpStatement(uma, ole, NOW.date(), "VPN for Ole", NOW))
        session.commit()
    erase(AT_MACHINE, door.warehouse, door.work(), door.clock, person_id=ole)
    (said,) = door.all(HelpStatement)

    assert {ole: said.helped_person_id} == door.warehouse.erased_keys((ole,))
    assert (uma, f"VPN for a person erased on {NOW:%Y-%m-%d}") == (said.person_id, said.words)


def test_no_declaration_of_an_erased_person_stands(staff: tuple[Door, str, str]) -> None:
    door, ole, _ = staff
    with door.sessions() as session:
        session.add_all([Declaration(ole, "sex", "male", NOW.date()), Declaration(ole, "age", "", NOW.date())])
        session.commit()
    erase(AT_MACHINE, door.warehouse, door.work(), door.clock, person_id=ole)

    rows = door.all(Declaration)
    assert [("sex", "withdrawn 0.0"), ("age", ""), ("sex", "")] == [(row.attribute, row.label) for row in rows]
    assert 1 == len({row.person_id for row in rows} - {ole})
