"""A decision is answered when it is on disk, follows what governs now, and refuses where anything cannot be done."""

import json
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.exc import OperationalError

from cadre.access.principal import Principal
from cadre.db.audit import AuditEvent, AuditPayload
from cadre.db.database import sqlite_url
from cadre.db.governance import ActionDecision, ActionRequest, GovernanceSetting
from cadre.errors import ForbiddenError, UsageError
from cadre.governance.action import Action, Outcome, Tier, Tool
from cadre.governance.replay import Recorded, replay
from cadre.policy.agents import shipped_agents
from cadre.policy.engine import Engine
from cadre.services.agents.decide import Governor
from cadre.services.agents.govern import Place, set_value
from cadre.services.audit.writer import EventWriter
from tests.services.desk import AT, OWNER, Desk, call, caller, copied_desk, new_desk, read


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of which every test takes a copy."""
    root = tmp_path_factory.mktemp("firm")
    new_desk(root).log.close()
    return root


@pytest.fixture
def desk(tmp_path: Path, firm: Path) -> Desk:
    return copied_desk(tmp_path / "firm", firm)


@pytest.mark.parametrize(("tool", "outcome", "tier"), [
    ("look", Outcome.ALLOW, Tier.AUTONOMOUS), ("reset", Outcome.ALLOW, Tier.NOTIFY),
    ("send_mail", Outcome.APPROVE, Tier.APPROVE), ("wipe", Outcome.APPROVE, Tier.FOUR_EYES),
])  # fmt: skip
def test_a_registered_agent_is_answered_by_the_tier(desk: Desk, tool: str, outcome: Outcome, tier: Tier) -> None:
    found = desk.asked(tool)

    assert (outcome, tier, outcome == Outcome.APPROVE) == (found.outcome, found.tier, bool(found.approval_id))


def test_what_was_answered_is_on_record_with_its_event(desk: Desk) -> None:
    found = desk.asked()
    with desk.log.sessions() as session:
        row = session.scalars(select(ActionDecision)).one()
        request = session.scalars(select(ActionRequest)).one()
        event = session.scalars(select(AuditEvent).where(AuditEvent.kind == "action:asked")).one()
        payload = json.loads(session.get_one(AuditPayload, event.position).payload)

    assert (found.decision_id, "approve", '{"to":"u1"}', "7") == (
        row.decision_id, row.answered, request.arguments, request.target_revision)  # fmt: skip
    assert ("agent:bot", "acme", row.digest, found.approval_id) == (
        event.actor, event.client_id, payload["digest"], payload["approval_id"])  # fmt: skip
    assert [] == desk.log.check().problems


@pytest.mark.parametrize(("agent", "client", "expected"), [
    ("nobody", "acme", Outcome.DENY), ("acme-bot", "acme", Outcome.ALLOW), ("acme-bot", "other", Outcome.DENY),
    ("bot", "other", Outcome.ALLOW), ("bot", "", Outcome.ALLOW),
])  # fmt: skip
def test_only_agents_of_the_register_act_and_only_where_they_belong(desk: Desk, agent: str, client: str,
                                                                    expected: Outcome) -> None:  # fmt: skip
    with desk.governor() as governor:
        assert expected == governor.decide(caller(agent, client), call("look")).outcome


def test_the_most_specific_setting_holds_and_the_newest(desk: Desk) -> None:
    desk.set("mode", "observe")
    desk.set("mode", "enforce", client="acme")
    desk.set("mode", "advise", agent="nobody", client="acme")
    with desk.governor() as governor:
        found = [governor.decide(caller("nobody", c), call("look")).outcome for c in ("other", "acme")]
        found.append(governor.decide(caller("other", "acme"), call("look")).outcome)
        desk.set("mode", None, agent="nobody", client="acme")
        governor.forget()
        found.append(governor.decide(caller("nobody", "acme"), call("look")).outcome)

    assert [Outcome.ALLOW, Outcome.ALLOW, Outcome.DENY, Outcome.DENY] == found


@pytest.mark.parametrize(("agent", "client"), [("bot", ""), ("", "acme"), ("", "")])
def test_a_switch_stops_at_once_and_in_every_mode(desk: Desk, agent: str, client: str) -> None:
    desk.set("mode", "observe")
    with desk.governor() as governor:
        before = governor.decide(caller(), call("look")).outcome
        desk.set("switch", True, agent, client)
        governor.forget()
        stopped = governor.decide(caller(), call("look"))
        desk.set("switch", None, agent, client)
        governor.forget()
        after = governor.decide(caller(), call("look")).outcome

    assert [Outcome.ALLOW, Outcome.DENY, Outcome.ALLOW] == [before, stopped.outcome, after]
    assert "switched off" in stopped.reasons[0]


def test_everybody_may_stop_and_not_everybody_may_let_go_on(desk: Desk) -> None:
    anybody = Principal("Tech", "technician", account_id=9)
    set_value(anybody, desk.log.work(), desk.log.clock, "switch", True, place=Place(), reason="odd mails")
    with pytest.raises(ForbiddenError):
        set_value(anybody, desk.log.work(), desk.log.clock, "switch", None, place=Place(), reason="fine")

    with desk.log.sessions() as session:
        newest = session.scalars(select(GovernanceSetting).order_by(GovernanceSetting.id.desc())).first()
    assert ("switch", "true", "account:9") == (newest.kind, newest.value, newest.decided_by)


@pytest.mark.parametrize(("kind", "value", "place"), [
    ("mode", "watch", Place()), ("limits", {"calls": 3}, Place()), ("limits", {"writes_an_hour": -1}, Place()),
    ("hours", {"zone": "Nowhere"}, Place()), ("hours", {"opens": "8 o'clock"}, Place()),
    ("freeze", {"begins_at": "2026-01-02", "ends_at": "2026-01-01"}, Place()), ("switch", False, Place()),
    ("switch", True, Place("bot", "acme")), ("catalogue", "loose", Place(key="mail")),
    ("catalogue", "notify", Place()), ("catalogue", "notify", Place("bot", key="mail")),
    ("catalogue", {"tier": "notify", "why": "so"}, Place(key="x")), ("catalogue", {"tool": "x", "tier": "notify"}, Place(key="x")),
    ("approvers", {"administrators": ["ada"]}, Place("", "acme")),
    ("approvers", {"first_minutes": 60, "minutes": 30}, Place("", "acme")), ("colour", 1, Place()),
])  # fmt: skip
def test_a_value_that_could_not_be_read_later_is_not_taken(desk: Desk, kind: str, value: object, place: Place) -> None:
    with pytest.raises(UsageError):
        set_value(OWNER, desk.log.work(), desk.log.clock, kind, value, place=place, reason="so")


def test_the_catalogue_loosens_and_policies_still_raise(desk: Desk) -> None:
    desk.set("catalogue", "notify", client="acme", key="send_mail")
    loose = desk.asked()
    desk.set("freeze", {"begins_at": AT.isoformat(), "ends_at": (AT + timedelta(days=1)).isoformat()}, client="acme")
    frozen = desk.asked()

    assert (Outcome.ALLOW, "The firm's catalogue says notify.", Tier.FOUR_EYES) == (
        loose.outcome, loose.reasons[0], frozen.tier)  # fmt: skip


def test_what_an_agent_did_is_counted_and_is_not_forgotten_by_a_restart(desk: Desk) -> None:
    desk.set("limits", {"writes_an_hour": 2}, agent="bot")
    with desk.governor() as governor:
        first = [governor.decide(caller(), call("reset", n=n)).tier for n in range(2)]
    with desk.governor() as governor:
        then = [governor.decide(caller(), call("reset", n=3)).tier,
                governor.decide(caller("bot", "other"), call("reset", n=3)).tier]  # fmt: skip

    assert ([Tier.NOTIFY] * 2, [Tier.APPROVE, Tier.NOTIFY]) == (first, then)


def test_reading_one_client_and_changing_another_in_one_task_is_refused(desk: Desk) -> None:
    with desk.governor() as governor:
        governor.decide(caller(client="other"), call("look"))
        found = governor.decide(caller(client="acme"), call("reset"))
        fresh = governor.decide(caller(client="acme", task="t2"), call("reset"))

    assert (Outcome.DENY, Outcome.ALLOW) == (found.outcome, fresh.outcome)


def test_calls_at_the_same_moment_do_not_share_the_last_of_a_budget(desk: Desk) -> None:
    desk.set("limits", {"cost_a_day_cents": 100})
    with desk.governor() as governor, ThreadPoolExecutor(8) as pool:
        found = list(
            pool.map(lambda n: governor.decide(caller(task=f"t{n}", cost_cents=60), call("buy", n=n)), range(16))
        )

    assert 1 == sum(one.outcome == Outcome.ALLOW for one in found)
    assert 16 == len({one.decision_id for one in found})


def test_where_nobody_can_say_yes_it_is_refused(desk: Desk) -> None:
    desk.set("approvers", {"on_call": ["account:1"]}, client="acme")
    with desk.governor() as governor:
        found = governor.decide(caller(on_behalf_of="account:1"), call())

    assert (Outcome.DENY, "") == (found.outcome, found.approval_id)
    assert found.reasons[0].startswith("Refused, because nobody can say yes")


@pytest.mark.parametrize("arguments", [{"x": float("inf")}, {"x": object()}, {"x": {"deep": {1, 2}}}])
def test_arguments_that_cannot_be_written_down_refuse(desk: Desk, arguments: dict[str, object]) -> None:
    with desk.governor() as governor:
        assert Outcome.DENY == governor.decide(caller(), Action(Tool("look"), arguments)).outcome


def test_policies_that_did_not_load_refuse(desk: Desk) -> None:
    desk.engine = Engine([], "")

    assert (Outcome.DENY, "Refused, because no policy is loaded.") == (
        desk.asked("look").outcome,
        desk.asked("look").reasons[0],
    )


def test_a_database_that_is_locked_refuses_and_says_so(desk: Desk) -> None:
    other = sqlite3.connect(desk.log.path)
    with desk.governor() as governor:
        governor.decide(caller(), call("look"))
        other.execute("BEGIN IMMEDIATE")
        found = governor.decide(caller(), call("look"))
        other.rollback()
        after = governor.decide(caller(), call("look"))
    other.close()

    assert (Outcome.DENY, "", Outcome.ALLOW) == (found.outcome, found.decision_id, after.outcome)
    assert found.reasons[0].startswith("Refused, because it could not be recorded")


def test_settings_that_cannot_be_read_refuse(desk: Desk, tmp_path: Path) -> None:
    engine = create_engine(sqlite_url(desk.log.root))
    broken = replace(desk.log).sessions

    class Broken:
        def __call__(self) -> object:
            raise OperationalError("", {}, Exception())

    with EventWriter(engine) as writer:
        governor = Governor(Broken(), writer, desk.log.clock, shipped_agents(), read=read)  # type: ignore[arg-type]
        found = governor.decide(caller(), call("look"))
    engine.dispose()

    assert (Outcome.DENY, "") == (found.outcome, found.decision_id)
    assert broken is desk.log.sessions


def test_what_is_on_record_is_decided_again_to_the_last_character(desk: Desk) -> None:
    with desk.governor() as governor:
        for tool in ("look", "reset", "send_mail", "wipe") * 3:
            governor.decide(caller(), call(tool))
    with desk.log.sessions() as session:
        rows = [Recorded(row.decision_id, row.at, row.record) for row in session.scalars(select(ActionDecision))]
    found = replay(rows, shipped_agents())

    assert (12, (), (), ()) == (found.count, found.changes, found.unread, found.differing)


def test_the_default_rules_read_a_call_for_real(desk: Desk) -> None:
    engine = create_engine(sqlite_url(desk.log.root))
    with EventWriter(engine) as writer:
        governor = Governor(desk.log.sessions, writer, desk.log.clock, shipped_agents())
        tools = [Tool("get_ticket", "Get a ticket", {"type": "object", "properties": {"id": {"type": "string"}}}),
                 Tool("delete_user", "Delete a user account for good", {"properties": {"user": {"type": "string"}}})]  # fmt: skip
        found = [governor.decide(caller(), Action(tool, {})).outcome for tool in tools]
    engine.dispose()

    assert [Outcome.ALLOW, Outcome.APPROVE] == found
