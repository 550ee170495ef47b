"""A rule that can never decide anything is found, and one that can is left alone."""

import pytest

from cadre.policy.agents import VOCABULARY, agents_engine
from cadre.policy.reach import Known, dead_rules
from cadre.policy.source import File

HEAD = '@id("x") @rule("y") @tier("approve") forbid (principal, action, resource) '
DEAD = [
    ("when { false }", "impossible"),
    ("when { principal == resource }", "impossible"),
    ("when { context has colour && context.hour > 3 }", "impossible"),
    ("when { principal is Cadre::Client }", "impossible"),
    ("when { context.hour > 18 && context.hour < 6 }", "contradiction"),
    ("when { context.hour > 23 }", "contradiction"),
    ("when { 0 == context.weekday }", "contradiction"),
    ("when { context.blast_radius >= 2 } unless { context.blast_radius > 1 }", "contradiction"),
    ("when { context.is_frozen && !context.is_frozen }", "contradiction"),
    ('when { context.tool == "a" && context.tool == "b" }', "contradiction"),
    ('when { context.tool == "a" } unless { context.tool == "a" || context.is_frozen }', "contradiction"),
    ('when { context.effects.contains("delete") }', "contradiction"),
    ('when { context.reversible == "maybe" }', "contradiction"),
    ('when { context.effects.contains("pay") && !context.effects.contains("pay") }', "contradiction"),
    ("when { (context.hour > 20 || context.hour < 4) && context.hour >= 4 && context.hour <= 20 }", "contradiction"),
    ('unless { context.hour < 24 || context.tool == "a" }', "contradiction"),
    ("when { context has cost_cents && context.cost_cents < 0 }", "contradiction"),
    ("when { context.limits.calls_a_minute > 9 && context.limits.calls_a_minute < 10 }", "contradiction"),
]
ALIVE = [
    "", "when { context.hour >= 18 || context.hour < 6 }", "when { context.hour == 23 }",
    'when { context.tool == "a" || context.tool == "b" }', 'unless { context.effects.contains("delete") }',
    "when { context.blast_radius > context.limits.blast_radius }", 'when { context.tool like "rm*" }',
    "when { context.hour + 1 > 23 }", 'when { ["a", "b"].contains(context.tool) }',
    "unless { context has cost_cents }", "when { if context.is_frozen then context.hour > 3 else context.hour < 3 }",
]  # fmt: skip


@pytest.mark.parametrize(("conditions", "kind"), DEAD)
def test_a_rule_that_can_never_match_is_found(conditions: str, kind: str) -> None:
    found = dead_rules(agents_engine([File("own.cedar", f"{HEAD}{conditions};")]), VOCABULARY)

    assert [("x", kind)] == [(f.rule.name, f.kind) for f in found]


@pytest.mark.parametrize("conditions", ALIVE)
def test_a_rule_that_can_match_is_left_alone(conditions: str) -> None:
    engine = agents_engine([File("own.cedar", f"{HEAD}{conditions};".replace("approve", "four-eyes"))])

    assert [] == [f for f in dead_rules(engine, VOCABULARY) if f.rule.name == "x"]


def _rule(name: str, tier: str, action: str, conditions: str) -> str:
    words = f'@tier("{tier}")' if tier else '@opens("z")'
    scope = f"action == Cadre::Action::{action}" if action else "action"
    return f'@id("{name}") @rule("y") {words} forbid (principal, {scope}, resource) {conditions};\n'


@pytest.mark.parametrize(("one", "two", "expected"), [
    (("a", "approve", '"pay"', "when { context.hour > 3 }"), ("b", "four-eyes", '"pay"', ""), ["a"]),
    (("a", "approve", '"pay"', ""), ("b", "", "", ""), ["a"]),
    (("a", "approve", '"pay"', ""), ("b", "four-eyes", '"write"', ""), ["a"]),
    (("a", "approve", '"write"', ""), ("b", "four-eyes", '"pay"', ""), []),
    (("a", "four-eyes", '"pay"', ""), ("b", "approve", '"pay"', ""), ["b"]),
    (("a", "approve", '"pay"', "when { context.hour > 3 && context.is_frozen }"),
     ("b", "approve", '"pay"', "when { context.is_frozen } when { context.hour > 3 }"), ["b"]),
    (("a", "approve", '"send"', ""), ("b", "four-eyes", '"pay"', ""), []),
    (("a", "approve", '"pay"', "when { context.hour > 3 }"), ("b", "four-eyes", '"pay"', "when { context.hour > 4 }"), []),
])  # fmt: skip
def test_a_rule_in_anothers_shadow_is_found(one: tuple[str, ...], two: tuple[str, ...], expected: list[str]) -> None:
    text = "".join(_rule(*rule) for rule in (one, two)).replace(
        '== Cadre::Action::"write"', 'in Cadre::Action::"write"'
    )
    found = dead_rules(agents_engine([File("own.cedar", text)]), VOCABULARY)

    assert expected == [f.rule.name for f in found if f.rule.name in {"a", "b"} and f.kind == "shadowed"]


def test_a_rule_for_somebody_who_stands_in_no_register_is_found() -> None:
    text = (f'{HEAD.replace("principal", "principal == Cadre::Agent::" + chr(34) + "gone" + chr(34))};'
            f'{HEAD.replace("x", "x2").replace("resource", "resource == Cadre::Client::" + chr(34) + "acme" + chr(34))};')  # fmt: skip
    engine = agents_engine([File("own.cedar", text)])

    assert [("x", "No agent has the id gone.")] == [
        (f.rule.name, f.text) for f in dead_rules(engine, VOCABULARY, Known(agents=["bot"], clients=["acme"]))
    ]
    assert () == dead_rules(engine, VOCABULARY)
