"""While Cadre serves the log is signed; a check that found something is on record until one finds nothing."""

import json
from pathlib import Path

import pytest
from sqlalchemy import func, select

from cadre.access.principal import Principal
from cadre.db.audit import AuditCheckpoint, AuditEvent, AuditKey, AuditPayload
from cadre.errors import ForbiddenError
from cadre.services.audit.check import Checked
from cadre.services.audit.keep import CHECKED, Keeper, note_check
from cadre.services.audit.key import KeyFile
from tests.services.ledger import Ledger, new_ledger


@pytest.fixture
def log(tmp_path: Path) -> Ledger:
    return new_ledger(tmp_path / "firm")


def keeper(log: Ledger, minutes: float = 0, **told: str) -> Keeper:
    return Keeper(log.work(), log.clock, log.keys, minutes=minutes, **told)


def signed(log: Ledger) -> list[int]:
    with log.sessions() as session:
        return list(session.scalars(select(AuditCheckpoint.size).order_by(AuditCheckpoint.id)))


def checks(log: Ledger) -> list[int]:
    with log.sessions() as session:
        wanted = select(AuditPayload.payload).join(AuditEvent, AuditEvent.position == AuditPayload.position)
        told = session.scalars(wanted.where(AuditEvent.kind == CHECKED).order_by(AuditEvent.position))
        return [json.loads(one)["problems"] for one in told]


def test_the_log_is_signed_at_the_start_and_at_the_end_where_it_grew(log: Ledger) -> None:
    log.grow(3)
    keeping = keeper(log)
    keeping.begin()
    log.grow(2)
    keeping.end()
    keeping.end()

    assert [4, 6] == signed(log)  # an empty log begins with an event of its own
    assert [] == log.check().problems


def test_it_is_signed_in_between(log: Ledger) -> None:
    keeping = keeper(log, minutes=0.0002)
    log.grow(1)
    keeping.begin()
    log.grow(1)
    for _ in range(500):
        if len(signed(log)) > 1:
            break
    keeping.end()

    assert [2, 3] == signed(log)


def test_a_new_log_gets_the_name_that_was_settled_and_keeps_it(log: Ledger) -> None:
    log.grow(1)
    keeper(log, origin="example.com/firm").begin()
    log.grow(1)
    keeper(log, origin="example.com/other").begin()
    with log.sessions() as session:
        names = [vkey.partition("+")[0] for vkey in session.scalars(select(AuditKey.vkey))]

    assert (["example.com/firm"], [2, 3]) == (names, signed(log))


def test_a_key_that_is_gone_stops_nobody_from_working(log: Ledger, caplog: pytest.LogCaptureFixture) -> None:
    log.grow(1)
    keeper(log).begin()
    log.grow(1)
    lost = Keeper(log.work(), log.clock, KeyFile(log.root / "elsewhere"), minutes=0)

    assert (False, [2]) == (lost.sign(), signed(log))
    assert "no checkpoint of the audit log was made: NotFoundError" in caplog.text


def test_what_a_check_found_is_on_record_until_one_finds_nothing(log: Ledger) -> None:
    log.grow(1)
    bad, good = Checked(size=1), Checked(size=1)
    bad.wrong("changed", "event 0 was changed")
    for found in (good, bad, bad, good, good):
        note_check(log.principal, log.work(), log.clock, found)

    assert [1, 1, 0] == checks(log)
    with pytest.raises(ForbiddenError):
        note_check(Principal("Mia", "manager"), log.work(), log.clock, bad)


def test_a_log_too_damaged_for_an_event_hides_nothing(log: Ledger, caplog: pytest.LogCaptureFixture) -> None:
    log.grow(2)
    log.edit("UPDATE audit_head SET size = 1")
    found = log.check()
    note_check(log.principal, log.work(), log.clock, found)
    with log.sessions() as session:
        size = session.scalar(select(func.count()).select_from(AuditEvent))

    assert (True, 3) == (bool(found.problems), size)
    assert "not on record: IntegrityError" in caplog.text
