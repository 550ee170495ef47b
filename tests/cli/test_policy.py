"""`cadre policy` says what holds, what never decides, which cases fail, and what other rules would have decided."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cadre.governance.action import Action, Blast, Danger, Effect, Nature, Tier, Tool
from cadre.governance.decision import Mode, decide
from cadre.governance.situation import Request, Standing, situation
from cadre.policy.agents import shipped_agents
from tests.cli.conftest import Cadre

RULE = """@id("acme-sends-nothing") @rule("Agents send nothing for this client") @opens("Ask the client.")
forbid (principal, action == Cadre::Action::"send", resource == Cadre::Client::"acme");
"""
DEAD = '@id("late") @rule("late") @tier("approve")\nforbid (principal, action, resource) when { context.hour > 24 };'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for side, name, told in (
        (
            "DENY",
            "an-agent-sends-nothing-for-acme",
            {"effects": ["send"], "client": "acme", "rule": "acme-sends-nothing"},
        ),
        ("ALLOW", "an-agent-sends-for-others", {"effects": ["send"], "client": "other"}),
    ):
        (tmp_path / side).mkdir()
        (tmp_path / side / f"{name}.json").write_text(json.dumps(told))
    (tmp_path / "acme.cedar").write_text(RULE)
    return tmp_path


def test_rules_that_load_are_counted(cadre: Cadre, folder: Path) -> None:
    done = cadre("policy", "check", "--policies", str(folder), "--json")

    assert (0, 1, 23, []) == (done.code, *(done.json()[k] for k in ("own", "cadres", "findings")))


def test_a_rule_that_never_decides_fails_the_check(cadre: Cadre, folder: Path) -> None:
    (folder / "late.cedar").write_text(DEAD)
    done = cadre("policy", "check", "--policies", str(folder))

    assert (1, "late.cedar:1: late never decides anything: hour: no whole number is at least 25 and at most 23.") == (
        done.code, done.out.splitlines()[0])  # fmt: skip


def test_a_rule_that_does_not_fit_is_named_by_file_and_line(cadre: Cadre, folder: Path) -> None:
    (folder / "wrong.cedar").write_text("// ours\n" + DEAD.replace("hour", "hours"))
    done = cadre("policy", "check", "--policies", str(folder))

    assert (True, True) == (done.code != 0, "wrong.cedar:2: the policy does not fit its schema" in done.err)


def test_cases_are_run_and_one_that_fails_is_told(cadre: Cadre, folder: Path) -> None:
    assert "2 of 2 cases come out as they say." == cadre("policy", "test", "--policies", str(folder)).out.strip()
    (folder / "acme.cedar").write_text(DEAD)
    done = cadre("policy", "test", "--policies", str(folder))

    assert 1 == done.code
    assert [
        "FAILED an-agent-sends-nothing-for-acme: expected to be stopped, found allow at autonomous, by no rule",
        "acme.cedar:1: no case in DENY names late.", "1 of 2 cases come out as they say.",
    ] == done.out.splitlines()  # fmt: skip


def test_where_cases_belong_is_said_where_there_are_none(cadre: Cadre, tmp_path: Path) -> None:
    done = cadre("policy", "test", "--policies", str(tmp_path))

    assert f"No case stands in ALLOW or DENY of {tmp_path}; `docs/how-to/write-a-policy.md` shows one.\n" == done.out


@pytest.mark.parametrize("command", ["list", "check", "test", "replay"])
def test_a_folder_that_is_none_is_said(cadre: Cadre, tmp_path: Path, command: str) -> None:
    (tmp_path / "records").write_text("")
    words = [str(tmp_path / "records")] if command == "replay" else []
    done = cadre("policy", command, *words, "--policies", str(tmp_path / "nowhere"))

    assert (2, True) == (done.code, "nowhere is no folder" in done.err)


def test_rules_are_listed_in_words(cadre: Cadre, folder: Path) -> None:
    told = cadre("policy", "list", "--policies", str(folder), "--json").json()["rules"]

    assert ("acme-sends-nothing", "forbids", "own") == tuple(told[0][k] for k in ("id", "does", "whose"))


def test_a_replay_tells_what_would_come_out_otherwise(cadre: Cadre, folder: Path) -> None:
    at = datetime(2026, 3, 3, 10, tzinfo=UTC)
    nature = Nature("send", "mail", (Effect.SEND,), Blast.ONE, reversible=False, data_classes=(), protective=False,
                    sources={}, danger=Danger(0.1, "m1"))  # fmt: skip
    lines = []
    for n, client in enumerate(("acme", "other")):
        now = situation(Request("bot", client, at), Standing(is_registered=True, is_tool_registered=True))
        found = decide(Action(Tool("mail"), {}), nature, Tier.NOTIFY, now, shipped_agents(), Mode.OBSERVE)
        lines.append(json.dumps({"decision_id": f"d{n}", "at": at.isoformat(), "decision": found.written()}))
    (folder / "records.jsonl").write_text("\n".join(lines))
    done = cadre("policy", "replay", str(folder / "records.jsonl"), "--policies", str(folder), "--json")

    assert (2, 1, 1, ["d0"]) == (*(done.json()[k] for k in ("decisions", "changes", "stopped")),
                                 [c["decision_id"] for c in done.json()["changed"]])  # fmt: skip
    (folder / "records.jsonl").write_text("{}")

    assert "records.jsonl:1" in cadre("policy", "replay", str(folder / "records.jsonl"), "--policies", str(folder)).err
    assert (
        "nothing.jsonl cannot be read"
        in cadre("policy", "replay", str(folder / "nothing.jsonl"), "--policies", str(folder)).err
    )
