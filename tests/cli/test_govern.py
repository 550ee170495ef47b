"""Whoever sits at the machine sets what holds, stops agents and answers what they ask for, from the command line."""

import shutil
from pathlib import Path

import pytest

from cadre.db.machines import RegisteredMachine
from cadre.governance.action import Action, Outcome, Tool
from cadre.runtime import Runtime, open_runtime
from cadre.services.agents.approve import use_approval
from cadre.services.agents.decide import Answer, Caller
from tests.cli.conftest import Cadre

MAIL = Action(Tool("send_mail", "Send an e-mail to somebody"), {"to": "u1"})
BOT = Caller("bot", "acme", task="t1")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with one agent, of which every test takes a copy."""
    from cadre.config import create_workspace

    root = tmp_path_factory.mktemp("workspace")
    create_workspace(root)
    made = open_runtime(root)
    with made.sessions.begin() as session:
        session.add(RegisteredMachine("bot", "Bot", "agent", "mails", made.clock.now()))
    made.sessions.kw["bind"].dispose()
    return root


@pytest.fixture
def runtime(tmp_path: Path, workspace: Path) -> Runtime:
    return open_runtime(Path(shutil.copytree(workspace, tmp_path / "copy")))


def _asks(runtime: Runtime) -> Answer:
    runtime.governor.forget()
    return runtime.governor.decide(BOT, MAIL)


def test_what_is_set_holds_and_is_listed(cadre: Cadre, runtime: Runtime) -> None:
    with runtime.audit_writer:
        before = _asks(runtime)
        done = cadre("govern", "set", "mode", "observe", "--reason", "a first month", "-w", str(runtime.root))
        after = _asks(runtime)
        wrong = cadre("govern", "set", "mode", "watch", "--reason", "so", "-w", str(runtime.root))
    told = cadre("govern", "list", "-w", str(runtime.root), "--json").json()

    assert (Outcome.APPROVE, Outcome.ALLOW, 0, 2) == (before.outcome, after.outcome, done.code, wrong.code)
    assert [("mode", "observe", "a first month")] == [(one["kind"], one["value"], one["reason"]) for one in told]


def test_what_was_set_is_shown_and_then_taken_back(cadre: Cadre, runtime: Runtime) -> None:
    where = ("-w", str(runtime.root))
    none = cadre("govern", "undo", *where)
    for mode in ("advise", "observe"):
        cadre("govern", "set", "mode", mode, "--agent", "bot", "--reason", "a first month", *where)
    shown = cadre("govern", "undo", *where).out
    unchanged = cadre("govern", "history", "--json", *where).json()
    old = cadre("govern", "undo", "1", "--reason", "so", *where)
    done = cadre("govern", "undo", "2", "--reason", "a mistake", *where)
    listed = cadre("govern", "history", *where).out

    assert (2, 2, 0) == (none.code, old.code, done.code)
    assert "Taken back, this holds again: Bot is advised." in shown
    assert 'cadre govern undo 2 --reason "..."' in shown
    assert [(2, "observe", True), (1, "advise", False)] == [
        (one["setting"]["number"], one["setting"]["value"], one["is_free"]) for one in unchanged
    ]
    assert "Take 2 back first" in old.err
    assert "3  Bot is advised, by taking back setting 2" in listed


def test_an_agent_is_meant_by_its_name_and_nobody_is_said(cadre: Cadre, runtime: Runtime) -> None:
    where = ("--reason", "so", "-w", str(runtime.root))
    named = cadre("govern", "set", "mode", "advise", "--agent", "BOT", *where)
    early = cadre("govern", "set", "mode", "advise", "--agent", "bott", "--client", "acme", *where)
    nobody = cadre("govern", "stop", "--agent", "bott", *where)
    told = cadre("govern", "list", "-w", str(runtime.root), "--json").json()

    assert "On record as setting 1: Bot is advised.\n" == named.out
    assert ["No agent is called bott so far", "No client is called acme so far"] == [
        line.partition(";")[0] for line in early.err.splitlines()
    ]
    assert "Did you mean bot?" in early.err
    assert (2, True) == (nobody.code, "no agent is called bott" in nobody.err)
    assert [("mode", "bot", ""), ("mode", "bott", "acme")] == [(o["kind"], o["agent"], o["client_id"]) for o in told]


@pytest.mark.parametrize(("kind", "value", "said"), [
    ("limits", "5", "5 is no JSON object"), ("limits", '{"speed": 3}', "there is no limit speed"),
    ("mode", "watch", "watch is no mode"), ("hours", "late", '"late" is no JSON object'),
])  # fmt: skip
def test_a_value_that_is_none_is_refused_in_plain_words(
    cadre: Cadre, runtime: Runtime, kind: str, value: str, said: str
) -> None:
    done = cadre("govern", "set", kind, value, "--reason", "so", "-w", str(runtime.root))

    assert (2, True) == (done.code, said in done.err)


def test_agents_are_stopped_and_let_go_on(cadre: Cadre, runtime: Runtime) -> None:
    with runtime.audit_writer:
        cadre("govern", "stop", "--client", "acme", "--reason", "odd mails", "-w", str(runtime.root))
        stopped = _asks(runtime).outcome
        done = cadre("govern", "start", "--client", "acme", "--reason", "it was a test", "-w", str(runtime.root))
        after = _asks(runtime).outcome

    assert (Outcome.DENY, 0, Outcome.APPROVE) == (stopped, done.code, after)
    assert "switch" not in cadre("govern", "list", "-w", str(runtime.root)).out


def test_what_waits_is_listed_answered_and_used_once(cadre: Cadre, runtime: Runtime) -> None:
    with runtime.audit_writer:
        one, two = _asks(runtime), _asks(runtime)
        listed = cadre("approval", "list", "-w", str(runtime.root)).out
        done = cadre("approval", "yes", one.approval_id, "none", "-w", str(runtime.root))
        refused = cadre("approval", "no", two.approval_id, "--reason", "not today", "-w", str(runtime.root))
        ran = use_approval(runtime.work(), runtime.clock, runtime.governor, BOT, MAIL, one.approval_id)

    assert (True, True) == (one.approval_id in listed, two.approval_id in listed)
    assert (2, f"{one.approval_id}: approved\n", f"{two.approval_id}: refused\n", Outcome.ALLOW) == (
        done.code, done.out, refused.out, ran.outcome)  # fmt: skip
    assert "Nothing waits for you." == cadre("approval", "list", "-w", str(runtime.root)).out.strip()


def test_glass_is_broken_with_a_reason_and_not_looked_at_by_oneself(cadre: Cadre, runtime: Runtime) -> None:
    with runtime.audit_writer:
        asked = _asks(runtime)
        done = cadre("approval", "break-glass", asked.approval_id, "--reason", "outage", "-w", str(runtime.root))
        ran = use_approval(runtime.work(), runtime.clock, runtime.governor, BOT, MAIL, asked.approval_id)
    own = cadre("approval", "review", asked.approval_id, "--reason", "mine", "-w", str(runtime.root))

    assert (0, Outcome.ALLOW, 2) == (done.code, ran.outcome, own.code)


def test_a_replay_begins_from_the_record(cadre: Cadre, runtime: Runtime) -> None:
    with runtime.audit_writer:
        for _ in range(3):
            _asks(runtime)
    told = cadre("policy", "replay", "--agent", "Bot", "-w", str(runtime.root), "--json").json()
    nobody = cadre("policy", "replay", "--agent", "bott", "-w", str(runtime.root))

    assert "no agent is called bott" in nobody.err
    assert (3, 0, 3, 1, []) == tuple(told[k] for k in ("decisions", "changes", "asked", "looks", "differing"))


def test_a_rule_about_an_agent_that_stands_in_no_register_is_named(cadre: Cadre, runtime: Runtime) -> None:
    (runtime.root / "policies").mkdir()
    rule = '@id("{0}") @rule("r") @tier("approve") forbid (principal == Cadre::Agent::"{0}", action, resource);\n'
    (runtime.root / "policies" / "own.cedar").write_text(rule.format("bot") + rule.format("gone"))
    done = cadre("policy", "check", "-w", str(runtime.root), "--json")

    assert [("gone", "No agent has the id gone.")] == [(f["id"], f["why"]) for f in done.json()["findings"]]
