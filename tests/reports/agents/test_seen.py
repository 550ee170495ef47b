"""Machines at work outside of the gate are named, counted and told apart from what the register binds."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session, sessionmaker

from cadre.db.database import open_database
from cadre.db.machines import RegisteredMachine
from cadre.governance.decision import Mode
from cadre.governance.governing import Governing
from cadre.reports.agents.govern import govern_report
from cadre.reports.agents.seen import Seen, seen_outside
from cadre.warehouse import Warehouse
from tests.conftest import NOW, Loader
from tests.services.door import AT_MACHINE

DAY = timedelta(days=1)
SINCE = NOW - 30 * DAY


def act(number: int, account: str | None, days: float, **more: Any) -> tuple[str, dict[str, Any], int | None]:
    values = {"external_id": str(number), "occurred_at": NOW - days * DAY, "account_id": account, "tool": "run", **more}
    return "agent_actions", values, number


@pytest.fixture
def told(load: Loader) -> None:
    """A machine that is known, one account that is not, nobody, and a person's own run; one act went through the gate."""
    load([
        ("accounts", {"external_id": "a1", "kind": "bot"}, None),
        ("accounts", {"external_id": "a2", "kind": "bot"}, None),
        ("identities", {"external_id": "account:a1", "account_id": "a1", "display_name": "Mail agent"}, None),
        ("identities", {"external_id": "client:c1", "client_id": "c1", "display_name": "Acme"}, None),
        ("machine_identities", {"external_id": "a1", "account_id": "a1", "kind": "agent", "owner_account_ids": []}, None),
        act(1, "a1", 1, client_id="c1"), act(2, "a1", 2, client_id="c2"), act(3, "a1", 3, decision_id="d1"),
        act(4, "a1", 40), act(5, "a2", 4), act(6, None, 5), act(7, None, 5, for_account_id="a2"),
    ])  # fmt: skip


@pytest.fixture
def sessions(database: str) -> sessionmaker[Session]:
    return open_database(database)


@pytest.mark.usefixtures("told")
def test_only_what_went_past_the_gate_lately_counts(warehouse: Warehouse) -> None:
    with warehouse.snapshot() as record:
        found = seen_outside(record, SINCE)

    assert [("Mail agent", 2, True), ("", 1, False)] == [
        (one.name, one.acts, bool(one.key)) for one in found if one.name in {"Mail agent", ""}
    ]
    assert (3, NOW - DAY) == (len(found), found[0].last_at)
    assert ["Acme"] == [name for name in found[0].clients if name == "Acme"]
    assert 2 == len(found[0].clients)


@pytest.mark.usefixtures("told")
def test_a_registered_agent_is_told_of_with_its_acts_past_the_gate(
    warehouse: Warehouse, sessions: sessionmaker[Session]
) -> None:
    governs = Governing({("mode", "", "", ""): "enforce"})
    with warehouse.snapshot() as record:
        before = govern_report(AT_MACHINE, sessions, record, governs, NOW)
        key = before.ungoverned[0].key
        with sessions.begin() as session:
            session.add(RegisteredMachine(key, "Mail agent", "agent", "mails", NOW))
        after = govern_report(AT_MACHINE, sessions, record, governs, NOW)

    assert ("Mail agent", 3, 0) == (before.ungoverned[0].name, len(before.ungoverned), len(before.bound))
    assert [(key, Mode.ENFORCE, 2)] == [(one.agent, one.mode, one.outside) for one in after.bound]
    assert key not in {one.key for one in after.ungoverned}


def test_a_record_without_acts_shows_nobody(warehouse: Warehouse) -> None:
    with warehouse.snapshot() as record:
        found: tuple[Seen, ...] = seen_outside(record, SINCE)

    assert () == found
