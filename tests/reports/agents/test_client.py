"""What a client is told agrees with the rows; the statement follows from what is in force; an act is proved step by step."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from sqlalchemy import select, text, update

from cadre.access.principal import Principal
from cadre.db.audit import AuditEvent
from cadre.db.governance import ActionDecision, ApprovalAsked, ApprovalStep
from cadre.documents.statement import statement_pdf
from cadre.errors import ForbiddenError, NotFoundError
from cadre.estimate import Abstained, Estimate
from cadre.reports.agents.act import act_record
from cadre.reports.agents.board import Board, board, headline
from cadre.reports.agents.called import called
from cadre.reports.agents.client import client_report, clients
from cadre.reports.agents.governing import Setting
from cadre.reports.agents.review import act_review, instants
from cadre.reports.agents.statement import GovernanceStatement, statement
from cadre.reports.agents.tally import autonomy, cause_of, incidents, share, tallies
from cadre.reports.agents.week import agent_matters
from cadre.reports.release import Gate
from cadre.runtime import Runtime
from cadre.services.agents.govern import Place, set_value
from cadre.services.audit.trace import trace
from tests.agent_firm import OWNER, UNTIL, build

ALDER = "psa/alder"


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runtime]:
    runtime = build(tmp_path_factory.mktemp("agents") / "firm")
    yield runtime
    runtime.close()


def said(firm: Runtime, who: str = ALDER, *, policies: Path | None = None) -> GovernanceStatement:
    with firm.snapshot() as record:
        return statement(
            OWNER, firm.sessions, record, firm.governs(), policies or firm.root / "policies", who, now=UNTIL
        )


def lines(found: GovernanceStatement, title: str) -> str:
    return "\n".join(next(part.lines for part in found.parts if part.title == title))


def overview(firm: Runtime) -> Board:
    with firm.snapshot() as record:
        return board(OWNER, firm.sessions, record, now=UNTIL)


def test_counts_out_of_the_indexes_are_those_of_reading_every_record(firm: Runtime) -> None:
    with firm.sessions() as session:
        rows = session.scalars(select(ActionDecision)).all()
        counted: Counter[tuple[str, str, str, bool]] = Counter()
        for one in tallies(session, UNTIL - timedelta(days=30), UNTIL):
            counted[one.agent, one.tool, one.answered, one.is_read] += one.count
        halves = [tallies(session, UNTIL - timedelta(days=30), UNTIL, client) for client in ("psa/alder", "psa/birch")]
        plans = [str(session.execute(text(
            "EXPLAIN QUERY PLAN SELECT agent, tool, count(*) FROM action_decisions "
            f"WHERE at >= '2026-04-11' AND is_read = {kind} GROUP BY agent, tool"
        )).all()) for kind in (0, 1)]  # fmt: skip
    read = Counter(
        (row.agent, row.tool, row.answered, json.loads(row.record)["inputs"]["effects"] == ["read"]) for row in rows
    )

    assert read == counted
    assert len(rows) == sum(one.count for half in halves for one in half)
    assert [True, True] == [
        f"ix_action_decisions_{name}" in plan for name, plan in zip(("change", "read"), plans, strict=True)
    ]


def test_how_long_asks_took_is_what_their_rows_tell(firm: Runtime) -> None:
    found = overview(firm).waited
    with firm.sessions() as session:
        asked = {one.approval_id: one for one in session.scalars(select(ApprovalAsked))}
        steps = session.scalars(select(ApprovalStep).where(ApprovalStep.what.in_(("yes", "no", "glass")))).all()
    last = {key: max(one.at for one in steps if one.approval_id == key) for key in {one.approval_id for one in steps}}
    minutes = [(at - asked[key].asked_at).total_seconds() / 60 for key, at in last.items()]
    silent = [one for key, one in asked.items() if key not in last]

    assert (len(minutes), pytest.approx(median(minutes), abs=0.01)) == (found.answered, found.middle_minutes)
    assert sum(one.expires_at <= UNTIL for one in silent) == found.lapsed
    assert sum(one.expires_at > UNTIL for one in silent) == found.waiting


def test_what_changed_in_the_rules_is_told_in_sentences(firm: Runtime) -> None:
    with firm.snapshot() as record:
        found = client_report(OWNER, firm.sessions, record, ALDER, now=UNTIL)
    told = {one.told for one in found.changes if one.what.startswith("mode ")}

    assert {True} == {words[0].isupper() and "cadre/" not in words and " is " in words for words in told}


def test_what_a_client_is_told_adds_up_to_its_rows(firm: Runtime) -> None:
    with firm.snapshot() as record:
        found = client_report(OWNER, firm.sessions, record, "alder foods", now=UNTIL)
        listed = {row.client_id: row for row in clients(OWNER, firm.sessions, record, now=UNTIL)}
    with firm.sessions() as session:
        rows = session.scalars(select(ActionDecision).where(ActionDecision.client_id == ALDER)).all()
        used = session.scalars(
            select(ApprovalStep).join(ApprovalAsked, ApprovalAsked.approval_id == ApprovalStep.approval_id)
            .join(ActionDecision, ActionDecision.decision_id == ApprovalAsked.decision_id)
            .where(ActionDecision.client_id == ALDER, ApprovalStep.what == "used")
        ).all()  # fmt: skip
    counted = Counter(row.answered for row in rows)

    assert (len(rows), counted["deny"]) == (found.row.asked, found.row.refused)
    assert len(rows) == found.reads + sum(d.alone + d.approved + d.refused + d.waiting + d.watched for d in found.did)
    assert len(used) == sum(one.approved for one in found.did)
    assert counted["deny"] == sum(count for _, count, _ in found.refusals)
    assert found.row == listed[ALDER]
    assert {"Alder Foods", "Birch Law"} == {row.name for row in listed.values()}


def test_only_who_manages_machines_reads_them(firm: Runtime) -> None:
    technician = Principal("somebody", "technician")
    with firm.snapshot() as record:
        for ask in (
            lambda: clients(technician, firm.sessions, record, now=UNTIL),
            lambda: client_report(technician, firm.sessions, record, ALDER, now=UNTIL),
            lambda: statement(technician, firm.sessions, record, firm.governs(), firm.root, ALDER, now=UNTIL),
        ):
            with pytest.raises(ForbiddenError):
                ask()
        with pytest.raises(NotFoundError):
            client_report(OWNER, firm.sessions, record, "nobody", now=UNTIL)


def test_a_share_never_comes_without_its_interval_and_n(firm: Runtime) -> None:
    with firm.sessions() as session:
        rows = tallies(session, UNTIL - timedelta(days=30), UNTIL)
    found = autonomy(rows)

    none, every = share(0, 9), share(9, 9)

    assert isinstance(share(0, 0), Abstained)
    assert isinstance(none, Estimate)
    assert isinstance(every, Estimate)
    assert ((0.0, 0.0), (1.0, 1.0)) == tuple((one.value, end) for one, end in ((none, none.low), (every, every.high)))
    assert sum(row.count for row in rows if not row.is_read) == found.n


def test_the_cause_of_a_refusal_is_the_gravest_policy_else_the_row() -> None:
    told: dict[str, Any] = {"reasons": ["Rule.", "why", "Row: reason."], "policy_ids": ["x"], "inputs": {"why": ["why", "Row: reason."]}}  # fmt: skip

    assert ("Rule.", "Row: reason.") == (cause_of(told), cause_of({**told, "reasons": ["why"], "policy_ids": []}))


def test_the_statement_says_first_that_an_agent_is_only_watched_and_prints_what_is_unknown(firm: Runtime) -> None:
    found = said(firm)

    assert "1 of 6 AI agents in your environment is watched and not yet held to these rules" == found.headline
    assert "Onboarding is watched" in lines(found, "Who acts")
    assert "in no register does nothing" in lines(found, "Who acts")
    assert "Delete backups" in lines(found, "What AI never does")
    assert "Give a role of administration" in lines(found, "What two people approve together")
    assert "Unknown on 2026-05-03: model, answers for it" in lines(found, "AI tools and where data goes")
    assert "No checkpoint was signed yet" in lines(found, "How to check this yourselves")
    assert b"/StructTreeRoot" in statement_pdf(found)


def test_the_statement_follows_settings_and_policies_and_hides_those_of_other_clients(tmp_path: Path) -> None:
    firm = build(tmp_path / "firm", days=1)
    for kind, value, place in (
        ("catalogue", "forbidden", Place(client=ALDER, key="map_printer")),
        ("catalogue", "forbidden", Place(client="psa/birch", key="secret_tool")),
        ("freeze", {"begins_at": "2026-05-10T00:00+00:00", "ends_at": "2026-06-10T00:00+00:00"}, Place(client=ALDER)),
        ("hours", {"opens": "07:00", "closes": "15:00", "zone": "Europe/Vienna"}, Place(client=ALDER)),
        ("limits", {"writes_an_hour": 7}, Place(agent="cadre/monitoring")),
        ("mode", "observe", Place(client=ALDER)),
        ("switch", True, Place(client=ALDER)),
    ):  # fmt: skip
        set_value(OWNER, firm.work(), firm.clock, kind, value, place=place, reason="So that it is seen")
    folder = firm.root / "policies"
    folder.mkdir()
    (folder / "own.cedar").write_text(
        '@id("a") @rule("Birch alone is told so") @opens("z")\n'
        'forbid (principal, action == Cadre::Action::"pay", resource == Cadre::Client::"psa/birch");\n'
        '@id("b") @rule("Everybody is told so") @opens("z")\n'
        'forbid (principal, action == Cadre::Action::"pay", resource);\n', "utf-8"
    )  # fmt: skip
    found = said(firm)
    firm.close()
    whole = "\n".join(line for part in found.parts for line in part.lines)

    assert "All AI agents are switched off in your environment" == found.headline
    assert "map_printer (for you alone)" in lines(found, "What AI never does")
    assert ("Everybody is told so" in whole, "Birch" in whole, "secret_tool" in whole) == (True, False, False)
    assert "07:00 to 15:00 (Europe/Vienna)" in whole
    assert "2026-06-10" in whole
    assert ("beyond 60 changes", "Monitoring makes", "beyond 7 changes") == tuple(
        told for told in ("beyond 60 changes", "Monitoring makes", "beyond 7 changes") if told in whole
    )
    assert "is only watched, too" in lines(found, "Who acts")


def test_all_agents_stand_on_one_page_with_what_went_past_the_gate(firm: Runtime) -> None:
    found = overview(firm)
    down = Setting("switch", "", ALDER, "", True, "machine", UNTIL, "because")
    outside = [(one.tool, one.clients, one.count, one.unowned) for one in found.outside]

    assert [("Set-Mailbox", ("Alder Foods",), 1, 1)] == outside
    assert {"cadre/ticket-triage": "enforce"}.items() <= {one.key: one.mode for one in found.agents}.items()
    assert all(one.is_owned for one in found.agents)
    assert found.waited.answered > 0
    assert headline(found)[0].isdigit()
    assert "Agents are switched off in part" == headline(replace(found, switches=(down,)))


def test_the_week_asks_for_what_was_never_heard_of_again_once(firm: Runtime) -> None:
    with firm.snapshot() as record:
        gates = [Gate(who, record.firm, lambda: None) for who in (OWNER, Principal("x", "technician"))]  # type: ignore[arg-type, return-value]
        found = [[one.rows for one in agent_matters(gate, record, firm.sessions, UNTIL)] for gate in gates]
    with firm.sessions() as session:
        kinds = {one.kind for one in incidents(session, UNTIL - timedelta(days=30), UNTIL)}

    assert ([*(["/agents#h-wrong"] if "silent" in kinds else []), "/agents#h-out"], []) == (found[0][-2:], found[1])


def test_each_step_of_an_act_is_proved_by_the_log_and_a_changed_row_is_seen(firm: Runtime) -> None:
    with firm.sessions() as session:
        key = session.scalar(
            select(ApprovalAsked.decision_id).join(ApprovalStep, ApprovalStep.approval_id == ApprovalAsked.approval_id)
            .where(ApprovalStep.what == "used").limit(1)
        )  # fmt: skip
    assert key
    record = act_record(OWNER, firm.sessions, UNTIL, key)
    with firm.snapshot() as snapshot:
        names = called(firm.sessions, snapshot)
    found = act_review(record, names, trace(OWNER, firm.work(), key, instants(record)))
    proved = [one.kind for one in found.moments if one.is_proved]
    place = next(one.position for one in found.moments if one.kind == "approval:used")
    with firm.sessions() as session:  # somebody with the file in their hands takes the triggers away first
        for name in session.scalars(
            text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_events'")
        ):
            session.execute(text(f"DROP TRIGGER {name}"))
        changed = session.get_one(AuditEvent, place).header.replace("agent:", "nobody:")
        session.execute(update(AuditEvent).where(AuditEvent.position == place).values(header=changed))
        session.commit()
    after = act_review(record, names, trace(OWNER, firm.work(), key, instants(record)))

    assert ["action:asked", "approval:answered", "approval:used"] == proved[:3]
    assert (0, 1) == (found.unproved, after.unproved)
