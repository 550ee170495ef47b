"""Machines: the record and the register told as one, what is wrong with each, and acts that were seen."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session, sessionmaker

from cadre.access.principal import Principal
from cadre.db.database import open_database
from cadre.db.governance import ActionDecision
from cadre.db.machines import RegisteredMachine
from cadre.errors import ForbiddenError, NotFoundError
from cadre.reports.agents.machines import MachinesReport, headline, machine, machines
from cadre.services.machines.machine import new_secret, register, retire
from cadre.services.unit_of_work import UnitOfWork
from cadre.warehouse import Warehouse
from tests.conftest import NOW, Loader
from tests.services.door import AT_MACHINE, TurnedClock

DAY = timedelta(days=1)


@pytest.fixture
def sessions(database: str) -> sessionmaker[Session]:
    return open_database(database)


@pytest.fixture
def told(load: Loader) -> None:
    """Two identities of a source, one of which acted for two clients; three people, one of whom left."""
    rows: list[tuple[str, dict[str, Any], int | None]] = [
        ("people", {"external_id": "ann", "role": "Technician"}, 1),
        ("people", {"external_id": "tom", "role": "Technician"}, 2),
        ("people", {"external_id": "gone", "role": "Technician", "left_on": (NOW - DAY).date()}, 3),
        ("accounts", {"external_id": "a1", "kind": "bot"}, None),
        ("accounts", {"external_id": "a2", "kind": "bot"}, None),
        ("identities", {"external_id": "account:a1", "account_id": "a1", "display_name": "Backup runner"}, None),
        ("identities", {"external_id": "client:c1", "client_id": "c1", "display_name": "Acme"}, None),
        ("machine_identities", {"external_id": "a1", "account_id": "a1", "kind": "service_principal",
                                "owner_account_ids": [], "scopes": ["Directory.ReadWrite.All"], "is_use_told": True,
                                "last_used_at": NOW - DAY, "made_at": NOW - 900 * DAY}, 4),
        ("machine_identities", {"external_id": "a2", "account_id": "a2", "kind": "agent", "owner_account_ids": [],
                                "scopes": ["User.Read"], "is_enabled": False}, 5),
        ("machine_credentials", {"external_id": "a1/k", "machine_id": "a1", "kind": "secret", "made_at": NOW - 10 * DAY,
                                 "expires_at": NOW + 90 * DAY}, None),
        ("agent_actions", {"external_id": "1", "occurred_at": NOW - 2 * DAY, "account_id": "a1", "client_id": "c1",
                           "tool": "backup"}, 6),
        ("agent_actions", {"external_id": "2", "occurred_at": NOW - 200 * DAY, "account_id": "a1", "client_id": "c2",
                           "tool": "backup"}, 7),
    ]  # fmt: skip
    load(rows)


def asked(sessions: sessionmaker[Session], warehouse: Warehouse, at: datetime = NOW, **by: Any) -> MachinesReport:
    with warehouse.snapshot() as snapshot:
        return machines(Principal("Mia", "owner", **by), sessions, snapshot, now=at)


def person(warehouse: Warehouse) -> str:
    with warehouse.snapshot() as record:
        people = record.table("people")
        return str(record.rows(people.filter(people.left_on.isnull()))[0]["person_id"])


@pytest.mark.usefixtures("told")
def test_a_source_is_enough_to_see_what_is_wrong(sessions: sessionmaker[Session], warehouse: Warehouse) -> None:
    found = asked(sessions, warehouse)

    row = machine(found, "Backup runner")
    assert ["orphan", "unregistered", "shared", "over_privileged"] == [one.kind for one in row.findings]
    assert (1, ("Acme", "psa/c2"), "service principal") == (row.actions, row.clients, row.kind)
    assert (2, 0.5, 1) == (found.people, found.ratio, len(found.live))
    assert "1 machine may act here; nobody on the staff answers for it" == headline(found)


@pytest.mark.usefixtures("told")
def test_registering_joins_what_the_source_tells(sessions: sessionmaker[Session], warehouse: Warehouse) -> None:
    clock, who = TurnedClock(NOW), person(warehouse)
    key = machine(asked(sessions, warehouse), "Backup runner").machine.key
    register(AT_MACHINE, UnitOfWork(sessions), clock, warehouse, name="Backup", purpose="nightly", owner=who, key=key,
             kind="service_principal")  # fmt: skip

    found = asked(sessions, warehouse)

    row = machine(found, key)
    assert (2, "Backup", 1) == (len(found.machines), row.name, len(row.owners))
    assert ["shared", "over_privileged"] == [one.kind for one in row.findings]
    assert ["registered"] == [change.what for change in row.changes]


@pytest.mark.usefixtures("told")
def test_a_retired_machine_that_acts_is_said_first(sessions: sessionmaker[Session], warehouse: Warehouse) -> None:
    clock, key = TurnedClock(NOW - 30 * DAY), machine(asked(sessions, warehouse), "Backup runner").machine.key
    register(AT_MACHINE, UnitOfWork(sessions), clock, warehouse, name="Backup", purpose="x", owner=person(warehouse),
             key=key)  # fmt: skip
    retire(AT_MACHINE, UnitOfWork(sessions), clock, key=key, reason="replaced")

    found = asked(sessions, warehouse)

    assert "1 machine acted after being retired" == headline(found)
    assert ["retired_but_acting"] == [one.kind for one in machine(found, key).findings]


@pytest.mark.usefixtures("told")
def test_a_machine_of_the_register_alone_has_its_secret_looked_at(
    sessions: sessionmaker[Session], warehouse: Warehouse
) -> None:
    clock = TurnedClock(NOW)
    where = (AT_MACHINE, UnitOfWork(sessions), clock)
    made = register(*where, warehouse, name="Triage", purpose="sorts", owner=person(warehouse))
    new_secret(*where, key=made.key, reason="first", days=30)

    now, later = asked(sessions, warehouse), asked(sessions, warehouse, NOW + 60 * DAY)

    assert () == machine(now, "Triage").findings
    assert ["never_used"] == [one.kind for one in machine(later, "Triage").findings]
    assert machine(now, "Triage").json()["credentials"][0]["kind"] == "secret"


def test_calls_that_came_to_the_gate_are_its_use(sessions: sessionmaker[Session], warehouse: Warehouse) -> None:
    with sessions.begin() as session:
        session.add(RegisteredMachine("cadre/bot", "Bot", "agent", "tickets", NOW - 9 * DAY))
        for n, (days, answered, client) in enumerate([(3, "allow", "c1"), (2, "approve", ""), (1, "deny", "c2")]):
            session.add(ActionDecision(f"d{n}", NOW - days * DAY, "cadre/bot", client, "", "get_ticket", answered, answered,
                                       "autonomous", "", "{}"))  # fmt: skip
    found = machine(asked(sessions, warehouse), "Bot")

    assert (2, NOW - 2 * DAY, ("c1",)) == (found.actions, found.machine.last_used_at, found.machine.client_ids)


def test_nothing_known_is_said_and_only_leads_look(
    sessions: sessionmaker[Session], warehouse: Warehouse, load: Loader
) -> None:
    load([("people", {"external_id": "ann"}, 1)])

    found = asked(sessions, warehouse)

    assert ("No machine is known yet", False, 0.0) == (headline(found), found.is_loaded, found.ratio)
    with pytest.raises(NotFoundError, match="no machines"):
        machine(found, "x")
    with warehouse.snapshot() as snapshot, pytest.raises(ForbiddenError):
        machines(Principal("Tom", "technician"), sessions, snapshot, now=datetime.now(UTC))
