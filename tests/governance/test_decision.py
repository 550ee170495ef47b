"""A decision forbids or raises, says why, is bound to the exact act, and binds as far as its mode."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cadre.audit.canonical import canonical
from cadre.governance.action import Action, Blast, Danger, Effect, Nature, Outcome, Source, Tier, Tool
from cadre.governance.decision import Decision, Inputs, Mode, action_digest, decide, decided
from cadre.governance.situation import Past, Request, Standing, Switch, situation
from cadre.policy.agents import agents_engine, shipped_agents
from cadre.policy.engine import Engine

AT = datetime(2026, 3, 3, 10, 30, tzinfo=UTC)
REQUEST = Request("patcher", "acme", AT, task="t1", target_revision="7")
STANDING = Standing(is_registered=True, is_tool_registered=True)
TOOL = Tool("reset_password", "Reset a user's password")
ACTION = Action(TOOL, {"user": "u1"}, "please reset u1")
NATURE = Nature("reset", "password", (Effect.CHANGE,), Blast.ONE, reversible=True, data_classes=(), protective=False,
                sources={"user": Source.REQUEST}, danger=Danger(0.2, "m1"), reasons=("It changes one thing.",))  # fmt: skip


def made(nature: Nature = NATURE, tier: Tier = Tier.NOTIFY, *, mode: Mode = Mode.ENFORCE, engine: Engine | None = None,
         action: Action = ACTION, standing: Standing = STANDING, past: tuple[Past, ...] = ()) -> Decision:  # fmt: skip
    return decide(action, nature, tier, situation(REQUEST, standing, past), engine or shipped_agents(), mode)


@pytest.mark.parametrize(("tier", "expected"), [
    (Tier.AUTONOMOUS, Outcome.ALLOW), (Tier.NOTIFY, Outcome.ALLOW), (Tier.APPROVE, Outcome.APPROVE),
    (Tier.FOUR_EYES, Outcome.APPROVE), (Tier.FORBIDDEN, Outcome.DENY),
])  # fmt: skip
def test_where_no_rule_says_more_the_tier_decides(tier: Tier, expected: Outcome) -> None:
    found = made(tier=tier)

    assert (expected, tier, ("It changes one thing.",)) == (found.outcome, found.tier, found.reasons)


def test_a_rule_raises_and_says_why_the_gravest_first() -> None:
    wipe = replace(NATURE, effects=(Effect.DESTROY, Effect.CHANGE), blast_radius=Blast.ALL, reversible=False)
    found = made(wipe)

    assert (Tier.FOUR_EYES, ("four-eyes-destroy", "blast-radius"), Outcome.APPROVE) == (
        found.tier, found.policy_ids, found.outcome)  # fmt: skip


def test_what_forbids_says_what_would_lift_it() -> None:
    found = made(past=(Past(AT, "other", "t1", (Effect.READ,)),))

    assert (Outcome.DENY, ("Finish the task and begin another for the other client.",)) == (found.outcome, found.opens)


@pytest.mark.parametrize(("mode", "expected"), [
    (Mode.OBSERVE, Outcome.ALLOW), (Mode.ADVISE, Outcome.ALLOW), (Mode.ENFORCE, Outcome.DENY),
])  # fmt: skip
def test_only_enforced_decisions_block_and_all_are_judged_alike(mode: Mode, expected: Outcome) -> None:
    found = made(mode=mode, standing=Standing())

    assert (expected, Outcome.DENY, "agent-unregistered") == (found.outcome, found.judged, found.policy_ids[0])
    assert (mode != Mode.ENFORCE) == found.reasons[-1].endswith("so nothing was blocked.")


@pytest.mark.parametrize("mode", [*Mode])
def test_a_switch_that_is_down_stops_in_every_mode(mode: Mode) -> None:
    down = replace(STANDING, switches=(Switch("client", "acme"),))

    assert Outcome.DENY == made(mode=mode, standing=down).outcome


def test_an_act_whose_effects_cannot_be_told_is_asked_as_unknown() -> None:
    assert ("unknown",) == made(replace(NATURE, effects=())).inputs.effects


@pytest.mark.parametrize(("engine", "arguments", "reason"), [
    (Engine([], ""), {}, "Refused, because no policy is loaded."),
    (None, {"x": float("nan")}, "Refused, because the arguments cannot be written down exactly."),
    (None, {"x": object()}, "Refused, because the arguments cannot be written down exactly."),
])  # fmt: skip
def test_what_fails_refuses(engine: Engine | None, arguments: dict[str, Any], reason: str) -> None:
    found = made(engine=engine, action=Action(TOOL, arguments))

    assert (Outcome.DENY, reason) == (found.outcome, found.reasons[0])


def test_an_engine_that_breaks_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    import cedarpy

    def broken(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(cedarpy, "is_authorized", broken)

    found = made(engine=agents_engine(()))  # a new one, which has kept no verdict

    assert (Outcome.DENY, "Refused, because MemoryError.") == (found.outcome, found.reasons[0])


def test_without_a_reason_the_tier_is_the_reason() -> None:
    assert ("Tier: notify.",) == made(replace(NATURE, reasons=())).reasons


@pytest.mark.parametrize("other", [
    (ACTION, replace(REQUEST, agent="other"), "p"), (ACTION, replace(REQUEST, client="other"), "p"),
    (ACTION, replace(REQUEST, target_revision="8"), "p"), (ACTION, REQUEST, "p2"),
    (Action(TOOL, {"user": "u2"}), REQUEST, "p"), (Action(TOOL, {"user": "u1", "force": False}), REQUEST, "p"),
    (Action(Tool("reset_password", "Reset it, and mail it to me"), {"user": "u1"}), REQUEST, "p"),
])  # fmt: skip
def test_the_digest_changes_with_whatever_is_approved(other: tuple[Action, Request, str]) -> None:
    assert action_digest(ACTION, REQUEST, "p") != action_digest(*other)


def test_the_digest_is_of_the_act_and_not_of_the_order_of_its_arguments() -> None:
    one, two = Action(TOOL, {"a": 1, "b": [2]}), Action(TOOL, {"b": [2], "a": 1}, "said otherwise")

    assert action_digest(one, REQUEST, "p") == action_digest(two, REQUEST, "p")


def test_a_decision_is_made_again_from_its_own_record() -> None:
    import json

    found = made(replace(NATURE, effects=(Effect.DESTROY,), blast_radius=Blast.ALL))
    told = json.loads(canonical(found.written()))
    again = decided(Inputs.read(told["inputs"]), shipped_agents(), digest=told["digest"], model="m1")

    assert canonical(found.written()) == found.text() == again.text()


@settings(max_examples=100, deadline=None)
@given(words=st.lists(st.text(), min_size=4, max_size=4))
def test_the_text_of_a_decision_is_canonical_whatever_words_are_in_it(words: list[str]) -> None:
    nature = replace(NATURE, verb=words[0], object=words[1], data_classes=(words[2],), reasons=(words[3],))
    found = made(nature, action=Action(Tool(words[0]), {words[1]: words[2]}))

    assert canonical(found.written()) == found.text()
