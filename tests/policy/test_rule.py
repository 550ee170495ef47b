"""The policies against a second reading of the rule in plain Python, over random facts; and that time only opens."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from cadre.policy.engine import shipped
from cadre.stewardship.facts import Asker
from cadre.stewardship.rule import answer

DAYS = st.none() | st.integers(0, 400)
FACTS = st.fixed_dictionaries({
    "workspace": st.sampled_from(["firm", "firm", "firm", "study"]),
    "purpose": st.sampled_from(["development", "selection_for_seat", "self", "contest", "study", "pay", "bonus"]),
    "is_self": st.booleans(), "is_lead": st.booleans(), "has_answered": st.booleans(),
    "finished_reviews": st.integers(0, 3), "is_seeking": st.booleans(), "size": st.just(0),
    "told_days": DAYS, "audit_age_days": DAYS,
})  # fmt: skip
ROLES = st.sampled_from(["owner", "manager", "reviewer", "technician"])
KINDS = st.sampled_from(["see_signals", "see_readiness", "see_candidate", "see_contested"])


def _expected(role: str, kind: str, f: dict[str, Any]) -> bool:
    told, audit, for_ = f["told_days"], f["audit_age_days"], f["purpose"]
    if for_ == "pay" or (kind == "see_candidate" and not f["is_seeking"]):
        return False
    if f["workspace"] == "study":
        return bool(for_ != "bonus")
    if told is None:
        return False
    work = for_ in ("development", "selection_for_seat")
    is_fresh = audit is not None and audit <= 182
    own = f["is_self"] and for_ in ("self", "development", "contest") and kind != "see_candidate"
    others = {
        "see_signals": role in ("manager", "owner") and f["is_lead"] and told >= 14 and work,
        "see_readiness": role != "technician" and not f["is_self"] and told >= 14 and is_fresh and f["has_answered"] and work,
        "see_candidate": role == "owner" and told >= 14 and is_fresh and f["finished_reviews"] >= 1
        and for_ == "selection_for_seat",
        "see_contested": role != "technician" and not f["is_self"] and for_ == "contest",
    }  # fmt: skip
    return bool(own or others[kind])


def _asked(role: str, kind: str, facts: dict[str, Any]) -> bool:
    held = {name: value for name, value in facts.items() if value is not None}
    return answer(shipped(), Asker(role, None, held["workspace"], held["purpose"]), kind, held).refusal is None


@settings(max_examples=600, deadline=None)
@given(ROLES, KINDS, FACTS)
def test_the_policies_say_what_the_table_says(role: str, kind: str, facts: dict[str, Any]) -> None:
    assert _expected(role, kind, facts) == _asked(role, kind, facts)


@settings(max_examples=200, deadline=None)
@given(ROLES, KINDS, FACTS, st.integers(1, 400))
def test_time_after_the_notice_closes_nothing(role: str, kind: str, facts: dict[str, Any], more: int) -> None:
    later = {**facts, "told_days": (facts["told_days"] or 0) + more}

    assert _asked(role, kind, later) or not _asked(role, kind, facts)
