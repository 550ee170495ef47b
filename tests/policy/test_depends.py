"""A verdict is kept for requests that cannot be decided differently, and for no others."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cadre.policy.agents import EFFECTS, agents_engine
from cadre.policy.depends import depends
from cadre.policy.source import File

_OWN = File("own.cedar", """
@id("odd") @rule("Odd") @tier("approve")
forbid (principal, action, resource == Cadre::Client::"c1")
when { context.hour == 3 || context.blast_radius + 1 > context.tier || context.limits.blast_radius == 4 };
@id("whole") @rule("Whole") @tier("approve")
forbid (principal, action, resource == Cadre::Client::"c2")
when { context.limits == {calls_a_minute: 1, writes_an_hour: 1, cost_a_day_cents: 1, cost_a_call_cents: 1,
                          blast_radius: 1, confidence_percent: 1} };
""")  # fmt: skip
_ENGINE = agents_engine([_OWN])
_WORDS = st.lists(st.sampled_from(["agent", "client", "credential", "personal"]), max_size=2).map(tuple)
_SMALL = st.integers(0, 12)
_NUMBERS = ("blast_radius", "tier", "hour", "calls_last_minute", "writes_last_hour", "refusals_last_hour",
            "cost_today_cents")  # fmt: skip
_LIMITS = ("calls_a_minute", "writes_an_hour", "cost_a_day_cents", "cost_a_call_cents", "blast_radius",
           "confidence_percent")  # fmt: skip
_FACTS = st.fixed_dictionaries(
    dict.fromkeys(_NUMBERS, _SMALL)
    | {name: st.booleans() for name in
       ("is_protective", "is_registered", "is_tool_registered", "is_business_hours", "is_frozen")}
    | dict.fromkeys(("data_classes", "other_clients_read", "classes_read", "stopped"), _WORDS)
    | {"reversible": st.sampled_from(["yes", "no"]), "limits": st.fixed_dictionaries(dict.fromkeys(_LIMITS, _SMALL))},
    optional={"cost_cents": _SMALL, "confidence_percent": _SMALL},
)  # fmt: skip


@settings(max_examples=300)
@given(facts=_FACTS, action=st.sampled_from(EFFECTS), client=st.sampled_from(["c0", "c1", "c2"]))
def test_a_kept_verdict_is_what_asking_anew_gives(facts: dict[str, Any], action: str, client: str) -> None:
    expected = _ENGINE._decided("bot", action, facts, client)
    actual = _ENGINE.decide("bot", action, facts, client)
    assert expected == actual


def _marked(facts: dict[str, Any]) -> Any:
    told = _ENGINE._slices.of("change", "c0").depends
    assert told is not None
    return told.mark(facts)


_PLAIN: dict[str, Any] = {"calls_last_minute": 1, "is_registered": True, "limits": {"calls_a_minute": 9}}


def test_a_count_that_crosses_no_bound_changes_nothing() -> None:
    expected = _marked(_PLAIN)
    actual = _marked({**_PLAIN, "calls_last_minute": 8})
    assert expected == actual


@pytest.mark.parametrize("other", [
    {"calls_last_minute": 9}, {"is_registered": 1}, {"is_registered": False}, {"cost_cents": 0}, {"stopped": ("agent",)},
])  # fmt: skip
def test_whatever_may_change_a_verdict_changes_the_mark(other: dict[str, Any]) -> None:
    expected = True
    actual = _marked(_PLAIN) != _marked({**_PLAIN, **other})
    assert expected == actual


@pytest.mark.parametrize("count", ["3", True, 2.0, 2**63, None])
def test_what_is_no_number_has_no_mark(count: object) -> None:
    expected = None
    actual = _marked({**_PLAIN, "calls_last_minute": count})
    assert expected == actual


def test_policies_that_take_the_facts_whole_are_asked_each_time() -> None:
    expected = None
    actual = depends([[{"kind": "when", "body": {"==": {"left": {"Var": "context"}, "right": {"Value": 1}}}}]])
    assert expected == actual


def test_a_fault_is_not_kept() -> None:
    broken = {"is_registered": "yes"}
    expected = ("a policy could not be worked out for this request", len(_ENGINE._verdicts))
    actual = (_ENGINE.decide("bot", "read", broken, "c9").fault, len(_ENGINE._verdicts))
    assert expected == actual
