"""Who leads whom, and what a refusal says would open it."""

import pytest

from cadre.policy.engine import shipped
from cadre.stewardship.facts import Asker, Facts
from cadre.stewardship.opening import viewer_key
from cadre.stewardship.rule import answers


@pytest.mark.parametrize(("role", "own", "person", "leads", "expected"), [
    ("manager", "m", "p", {"p": "m"}, True),
    ("manager", "m", "p", {"p": "l", "l": "m"}, True),
    ("manager", "m", "p", {"p": "x"}, False),
    ("manager", None, "p", {}, True),
    ("manager", None, "p", {"q": "m"}, False),
    ("owner", None, "p", {"q": "m"}, True),
    ("owner", None, "p", {"p": "m"}, False),
    ("reviewer", None, "p", {}, False),
    ("manager", "p", "p", {}, False),
    ("manager", "m", "p", {"p": "q", "q": "p"}, False),
])  # fmt: skip
def test_whom_a_person_reports_to(
    role: str, own: str | None, person: str, leads: dict[str, str], expected: bool
) -> None:
    assert expected is Facts(leads=leads).is_lead(Asker(role, own, "firm", "development"), person)


def _opens(facts: Facts, role: str, kind: str, purpose: str = "development") -> str:
    refusal = answers(shipped(), facts, Asker(role, None, "firm", purpose), kind, ["p"])["p"].refusal
    assert refusal is not None
    return refusal.opens


def test_a_refusal_names_every_step_that_is_missing_and_no_other() -> None:
    assert _opens(Facts(), "manager", "see_signals") == (
        "The notice is delivered to them and they confirm it on their own page, or on paper. "
        "It opens 14 days after they confirmed the notice."
    )
    assert _opens(Facts(told_days={"p": 5}), "manager", "see_signals") == (
        "It opens 14 days after they confirmed the notice; 5 have passed."
    )
    assert _opens(Facts(told_days={"p": 50}, answered=frozenset("p")), "reviewer", "see_readiness") == (
        "A fairness audit is made and recorded."
    )
    assert _opens(Facts(told_days={"p": 50}), "technician", "see_signals") == (
        "Ask the person, or their lead. You ask as technician."
    )


def test_whoever_looks_is_known_by_account_and_at_the_machine_by_name() -> None:
    assert ("account:7", "name:owner") == (viewer_key("Bo", 7), viewer_key("owner", None))
