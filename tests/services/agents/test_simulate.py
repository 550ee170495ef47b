"""Invented agents go through the real services: their log holds, no takeover is answered with yes, a full workspace is left alone."""

from pathlib import Path

from cadre.db.governance import ActionDecision, ApprovalAsked, ApprovalStep
from cadre.policy.agents import shipped_agents
from cadre.services.agents.decide import Governor
from cadre.services.agents.simulate import invent_agents
from cadre.services.audit.check import check_log
from tests.agent_firm import CLIENTS, OWNER, UNTIL, build


def test_what_invented_agents_did_stands_in_a_log_that_holds_and_is_made_once(tmp_path: Path) -> None:
    firm = build(tmp_path / "firm", days=2)
    governor = Governor(firm.sessions, firm.audit_writer, firm.clock, shipped_agents())
    again = invent_agents(OWNER, firm.warehouse, firm.sessions, firm.clock, governor, [], until=UNTIL)  # type: ignore[arg-type]
    firm.close()
    with firm.sessions() as session:
        decided = session.query(ActionDecision).all()
        answered = {row.what for row in session.query(ApprovalStep)}
        asked = session.query(ApprovalAsked).count()

    assert (0, []) == (again, check_log(OWNER, firm.work()).problems)
    assert {row.client_id for row in decided} <= {*CLIENTS}
    assert asked > 0
    assert {"yes", "used"} <= answered
    assert [row.at for row in decided] == sorted(row.at for row in decided)
