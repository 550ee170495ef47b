"""The engine refuses whenever it cannot know, and names policies by their own ids."""

import time

import pytest

from cadre.errors import CadreError
from cadre.policy.engine import Engine, Rule, Verdict, shipped
from cadre.stewardship.facts import Asker, Facts
from cadre.stewardship.rule import answers

SCHEMA = """
namespace Cadre {
  entity Role;
  entity Subject;
  action see_group appliesTo { principal: [Role], resource: [Subject], context: { size: Long } };
}
"""
OPEN = '@id("all")\n@rule("All may")\npermit (principal, action, resource) when { context.size / 1 >= 0 };'
OPEN_ALL = '@id("all")\n@rule("All may")\npermit (principal, action, resource);'


def test_nothing_loaded_refuses() -> None:
    assert Verdict(is_allowed=False, fault="no policy is loaded") == Engine([], SCHEMA).decide("owner", "see_group", {})


def test_a_decision_names_policies_by_their_ids() -> None:
    told = Engine([OPEN_ALL], SCHEMA).decide("owner", "see_group", {"size": 1})

    assert (True, (Rule("all", "permit", "All may", ""),)) == (told.is_allowed, told.rules)


@pytest.mark.parametrize(("role", "kind", "facts"), [
    ("owner", "see_group", {}), ("owner", "see_group", {"size": "five"}), ("owner", "see_everything", {"size": 1}),
    ("owner", "see_group", {"size": 1, "more": 1}), ("owner", "see_group", {"size": object()}),
])  # fmt: skip
def test_a_request_that_does_not_fit_is_refused(role: str, kind: str, facts: dict[str, object]) -> None:
    told = Engine([OPEN_ALL], SCHEMA).decide(role, kind, facts)  # type: ignore[arg-type]

    assert (False, True) == (told.is_allowed, bool(told.fault))


@pytest.mark.parametrize("text", ["permit (principal, action, resource);", OPEN, "permit (principal",
                                  '@id("x") @rule("y") forbid (principal, action, resource);'])  # fmt: skip
def test_a_policy_without_words_or_sense_is_not_loaded(text: str) -> None:
    with pytest.raises(CadreError):
        Engine([text], SCHEMA)


def test_a_thousand_people_are_decided_in_well_under_a_tenth_of_a_second() -> None:
    people = [f"p{n}" for n in range(1000)]
    facts = Facts(told_days={p: n % 40 for n, p in enumerate(people[:900])}, leads=dict.fromkeys(people, "boss"))
    engine = Engine([], "")
    engine.__dict__.update({**shipped().__dict__, "_known": {}})
    begun = time.process_time()
    found = answers(engine, facts, Asker("manager", "boss", "firm", "development"), "see_signals", people)

    assert 578 == sum(a.refusal is None for a in found.values())
    assert time.process_time() - begun < 0.1
