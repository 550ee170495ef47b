"""Every request of `agents/ALLOW` goes ahead and every one of `agents/DENY` is stopped by its rule; nothing loosens."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cadre.errors import CadreError
from cadre.governance.action import Tier
from cadre.governance.case import Case, cases, problem
from cadre.governance.decision import Inputs, decided
from cadre.policy.agents import EFFECTS, VOCABULARY, agents_engine, shipped_agents
from cadre.policy.engine import Engine, shipped_files
from cadre.policy.reach import dead_rules
from cadre.policy.source import File

CASES = cases(Path(__file__).parent / "agents")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_case_comes_out_as_its_file_says(case: Case) -> None:
    assert "" == problem(case, shipped_agents())


def test_every_rule_has_a_case_that_it_stops() -> None:
    forbids = {rule.name for rule in shipped_agents().rules if rule.effect == "forbid"}
    told = {name for case in CASES for name in decided(case.inputs, shipped_agents(), digest="x", model="x").policy_ids}

    assert forbids == told


def test_no_rule_that_comes_with_cadre_is_dead() -> None:
    assert () == dead_rules(shipped_agents(), VOCABULARY)


def test_the_words_of_requests_are_the_schemas() -> None:
    _, schema = shipped_files("agents")

    assert [] == [effect for effect in EFFECTS if f'"{effect}"' not in schema]


@pytest.mark.parametrize("case", CASES[:12], ids=lambda case: case.name)
def test_nothing_loaded_refuses_whatever_it_is(case: Case) -> None:
    found = decided(case.inputs, Engine([], ""), digest="x", model="x")

    assert (Tier.FORBIDDEN, ("Refused, because no policy is loaded.",)) == (found.tier, found.reasons[:1])


@pytest.mark.parametrize(("facts", "effects"), [
    ({"hour": "ten", "calls_last_minute": "many"}, ("change",)), ({"limits": {}}, ("read",)),
    ({"limits": {"calls_a_minute": 2**70}}, ("read",)), ({"stopped": object()}, ("read",)), ({}, ("fly",)),
])  # fmt: skip
def test_what_a_policy_cannot_work_out_refuses(facts: dict[str, object], effects: tuple[str, ...]) -> None:
    told = CASES[0].inputs
    inputs = Inputs(told.agent, told.client, effects, {**told.facts, **facts}, told.tier, (), told.mode)  # type: ignore[dict-item]
    found = decided(inputs, shipped_agents(), digest="x", model="x")

    assert (Tier.FORBIDDEN, True) == (found.tier, found.reasons[0].startswith("Refused, because"))


def test_a_fact_that_is_missing_refuses() -> None:
    told = CASES[0].inputs
    refused = []
    for name in ("is_registered", "stopped", "limits", "calls_last_minute", "cost_today_cents"):
        facts = {key: value for key, value in told.facts.items() if key != name}
        inputs = Inputs(told.agent, told.client, ("read",), facts, told.tier, (), told.mode)
        refused.append(decided(inputs, shipped_agents(), digest="x", model="x").tier)

    assert [Tier.FORBIDDEN] * 5 == refused


@pytest.mark.parametrize(("text", "problem"), [
    ('@id("x") @rule("y") @tier("notify") permit (principal, action, resource);', "own.cedar:1: the policy x permits"),
    ('@id("x") @rule("y") @tier("soon") forbid (principal, action, resource);', "own.cedar:1: soon is no tier"),
    ('@id("x") @rule("y") forbid (principal, action, resource);', "own.cedar:1: the policy has no @id"),
    ('// one\n\n@id("x") @rule("y") @opens("z")\nforbid (principal, action, resource) when { context.ours };',
     "own.cedar:3: the policy does not fit its schema: for policy `policy0`, attribute `ours`"),
    ('@id("base") @rule("y") @opens("z") forbid (principal, action, resource);', "own.cedar:1: the id base is taken"),
    ("forbid (principal, action, resource", "own.cedar:1: the policy does not parse"),
    ('@id("x;") @rule("// no") @tier("approve") forbid (principal, action, resource);\nforbid (principal == ?principal);',
     "own.cedar:2: "),
])  # fmt: skip
def test_a_firms_policy_that_is_wrong_is_named_by_file_and_line(text: str, problem: str) -> None:
    with pytest.raises(CadreError) as told:
        agents_engine([File("own.cedar", text)])

    assert problem == told.value.message[: len(problem)]


OWN = File("own.cedar", """
@id("acme-sends-nothing") @rule("Agents send nothing for this client") @opens("Ask the client.")
forbid (principal, action == Cadre::Action::"send", resource == Cadre::Client::"acme");
@id("acme-grave") @rule("Two people for grave acts at this client") @tier("four-eyes")
forbid (principal, action in Cadre::Action::"grave", resource == Cadre::Client::"acme") when { context.hour < 12 };
""")  # fmt: skip
BOTH = agents_engine([OWN])
FACTS = st.fixed_dictionaries({}, optional={
    "hour": st.integers(0, 23), "blast_radius": st.integers(1, 4), "is_business_hours": st.booleans(),
    "is_frozen": st.booleans(), "is_protective": st.booleans(), "calls_last_minute": st.integers(100, 130),
    "cost_cents": st.integers(0, 90_000), "is_registered": st.booleans(),
    "reversible": st.sampled_from(["yes", "no", "unknown"]), "stopped": st.lists(st.just("agent"), max_size=1),
})  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(facts=FACTS, effects=st.sets(st.sampled_from(EFFECTS), min_size=1), client=st.sampled_from(["acme", "other"]),
       tier=st.sampled_from([*Tier]))  # fmt: skip
def test_whatever_a_firm_adds_nothing_becomes_looser(facts: dict[str, object], effects: set[str], client: str,
                                                     tier: Tier) -> None:  # fmt: skip
    told = {**CASES[0].inputs.facts, **facts}
    inputs = Inputs("a", client, tuple(sorted(effects)), told, tier.text, (), "enforce")  # type: ignore[arg-type]
    before = decided(inputs, shipped_agents(), digest="x", model="x").tier
    after = decided(inputs, BOTH, digest="x", model="x").tier

    assert tier <= before <= after
    assert client == "acme" or before == after


@settings(max_examples=60, deadline=None)
@given(facts=FACTS, effect=st.sampled_from(EFFECTS), client=st.sampled_from(["acme", "other"]))
def test_leaving_out_what_cannot_match_decides_the_same(facts: dict[str, object], effect: str, client: str) -> None:
    told = {**CASES[0].inputs.facts, **facts}
    cadres, schema = shipped_files("agents")
    whole = _whole(tuple(cadres), schema)
    found = BOTH.decide("a", effect, told, client)  # type: ignore[arg-type]
    expected = whole.decide("a", effect, told, client)  # type: ignore[arg-type]

    assert expected == found


def _whole(cadres: tuple[File, ...], schema: str, _made: list[Engine] = []) -> Engine:  # noqa: B006 (made once)
    """An engine that asks all policies, against the schema."""
    if not _made:
        from cadre.policy.engine import Kinds
        from cadre.policy.slice import Slice

        engine = Engine([*cadres, OWN], schema, Kinds("Cadre::Agent", "Cadre::Client"))
        import cedarpy

        every = Slice(cedarpy.PolicySet.from_str("\n".join(s.text for s in engine.statements)), None)
        engine._slices.of = lambda action, resource: every  # type: ignore[method-assign]
        _made.append(engine)
    return _made[0]


def test_a_case_that_is_none_fails(tmp_path: Path) -> None:
    (tmp_path / "DENY").mkdir()
    found = []
    for told in ({"effects": ["delete"]}, {"facts": {}}, {"effects": ["read"], "facts": {"hours": 3}}, []):
        (tmp_path / "DENY" / "it.json").write_text(json.dumps(told))
        with pytest.raises(CadreError) as error:
            cases(tmp_path)
        found.append(error.value.message)

    assert ["DENY/it.json: no request says delete", "DENY/it.json: this is no case (KeyError)",
            "DENY/it.json: no request says hours", "DENY/it.json: this is no case (AttributeError)"] == found  # fmt: skip
