"""A yes is worth something for one exact act, once, in time, by somebody who may; everything else refuses."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cadre.errors import CadreError, UsageError
from cadre.governance.action import Tier
from cadre.governance.approval import (
    Approval,
    ApprovalError,
    Binding,
    Stage,
    State,
    answer,
    ask,
    break_glass,
    lapse,
    review,
    use,
)

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
BOUND = Binding("d" * 64, "rev-7", "policy-1")
CLIENT = Stage("the client's administrator", frozenset({"client-admin"}), AT + timedelta(minutes=30))
ON_CALL = Stage("who is on call", frozenset({"on-call", "second"}), AT + timedelta(minutes=60))


def later(minutes: float) -> datetime:
    return AT + timedelta(minutes=minutes)


def pending(tier: Tier = Tier.APPROVE) -> Approval:
    return ask("a1", BOUND, tier, asked_by={"agent:patcher", "owner"}, at=AT, stages=[CLIENT, ON_CALL])


def approved() -> Approval:
    return answer(pending(), "client-admin", is_yes=True, at=later(5))


CONFORMANCE: dict[str, Callable[[], object]] = {
    "a changed argument": lambda: use(approved(), replace(BOUND, digest="e" * 64), tier=Tier.APPROVE, at=later(6)),
    "a changed policy": lambda: use(approved(), replace(BOUND, policy_version="2"), tier=Tier.APPROVE, at=later(6)),
    "a changed target": lambda: use(approved(), replace(BOUND, target_revision="8"), tier=Tier.APPROVE, at=later(6)),
    "use after expiry": lambda: use(approved(), BOUND, tier=Tier.APPROVE, at=later(60)),
    "a longer expiry": lambda: use(replace(lapse(approved(), later(61)), stages=(replace(ON_CALL, until=later(999)),)),
                                   BOUND, tier=Tier.APPROVE, at=later(70)),
    "a second use": lambda: use(use(approved(), BOUND, tier=Tier.APPROVE, at=later(6)), BOUND, tier=Tier.APPROVE,
                                at=later(7)),
    "a wrong approver": lambda: answer(pending(), "somebody", is_yes=True, at=later(5)),
    "an approver whose turn has not come": lambda: answer(pending(), "on-call", is_yes=True, at=later(5)),
    "self-approval": lambda: answer(pending(), "owner", is_yes=True, at=later(5)),
    "self-approval after roll over": lambda: answer(
        replace(pending(), stages=(replace(CLIENT, approvers=frozenset({"owner", "x"})),)), "owner", is_yes=True,
        at=later(5)),
    "use while pending": lambda: use(pending(), BOUND, tier=Tier.APPROVE, at=later(5)),
    "use of one yes where two are needed": lambda: use(
        answer(pending(Tier.FOUR_EYES), "client-admin", is_yes=True, at=later(5)), BOUND, tier=Tier.FOUR_EYES,
        at=later(6)),
    "the same person twice": lambda: answer(
        answer(pending(Tier.FOUR_EYES), "client-admin", is_yes=True, at=later(5)), "client-admin", is_yes=True,
        at=later(6)),
    "a yes after the time": lambda: answer(pending(), "on-call", is_yes=True, at=later(60)),
    "a yes after a no": lambda: answer(
        answer(pending(), "client-admin", is_yes=False, at=later(5), reason="not today"), "on-call", is_yes=True,
        at=later(40)),
    "use after a no": lambda: use(answer(pending(), "client-admin", is_yes=False, at=later(5), reason="no"), BOUND,
                                  tier=Tier.APPROVE, at=later(6)),
    "a stricter tier at execution": lambda: use(approved(), BOUND, tier=Tier.FOUR_EYES, at=later(6)),
    "an act that became forbidden": lambda: use(approved(), BOUND, tier=Tier.FORBIDDEN, at=later(6)),
    "a clock set back before the yes": lambda: use(approved(), BOUND, tier=Tier.APPROVE, at=later(1)),
    "a yes by a clock set back": lambda: answer(pending(), "client-admin", is_yes=True, at=later(-1)),
    "a yes by a clock set back after lapse": lambda: answer(lapse(pending(), later(61)), "on-call", is_yes=True,
                                                            at=later(40)),
    "broken glass by somebody not on call": lambda: break_glass(pending(), "x", on_call={"on-call"}, at=later(1),
                                                                reason="outage"),
    "broken glass after its quarter of an hour": lambda: use(
        break_glass(pending(), "on-call", on_call={"on-call"}, at=later(1), reason="outage"), BOUND,
        tier=Tier.APPROVE, at=later(16)),
    "broken glass for an act that became forbidden": lambda: use(
        break_glass(pending(), "on-call", on_call={"on-call"}, at=later(1), reason="outage"), BOUND,
        tier=Tier.FORBIDDEN, at=later(2)),
    "a review of one's own emergency": lambda: review(
        break_glass(pending(), "on-call", on_call={"on-call"}, at=later(1), reason="outage"), "on-call",
        was_right=True, at=later(60), reason="mine"),
    "a review without an emergency": lambda: review(approved(), "second", was_right=True, at=later(60), reason="-"),
}  # fmt: skip


@pytest.mark.parametrize("name", CONFORMANCE)
def test_it_refuses(name: str) -> None:
    with pytest.raises(ApprovalError) as told:
        CONFORMANCE[name]()

    assert 403 == told.value.status


@pytest.mark.parametrize("made", [
    lambda: ask("a", BOUND, Tier.FORBIDDEN, asked_by={"x"}, at=AT, stages=[CLIENT]),
    lambda: ask("a", BOUND, Tier.NOTIFY, asked_by={"x"}, at=AT, stages=[CLIENT]),
    lambda: ask("a", replace(BOUND, digest=""), Tier.APPROVE, asked_by={"x"}, at=AT, stages=[CLIENT]),
    lambda: ask("a", BOUND, Tier.APPROVE, asked_by=(), at=AT, stages=[CLIENT]),
    lambda: ask("a", BOUND, Tier.APPROVE, asked_by={"client-admin"}, at=AT, stages=[CLIENT]),
    lambda: ask("a", BOUND, Tier.FOUR_EYES, asked_by={"x"}, at=AT, stages=[CLIENT]),
    lambda: ask("a", BOUND, Tier.APPROVE, asked_by={"x"}, at=AT, stages=[]),
    lambda: ask("a", BOUND, Tier.APPROVE, asked_by={"x"}, at=AT, stages=[ON_CALL, CLIENT]),
    lambda: answer(pending(), "client-admin", is_yes=False, at=later(1), reason=" "),
    lambda: break_glass(pending(), "on-call", on_call={"on-call"}, at=later(1), reason=""),
])  # fmt: skip
def test_what_could_never_be_answered_is_not_asked(made: Callable[[], object]) -> None:
    with pytest.raises(UsageError):
        made()


def test_one_yes_in_time_is_used_once() -> None:
    used = use(approved(), BOUND, tier=Tier.APPROVE, at=later(6))

    assert (State.PENDING, State.APPROVED, State.USED) == (
        pending().state(later(5)), approved().state(later(6)), used.state(later(7)))  # fmt: skip


def test_a_milder_tier_at_execution_needs_no_new_yes() -> None:
    assert later(6) == use(approved(), BOUND, tier=Tier.NOTIFY, at=later(6)).used_at


def test_silence_refuses() -> None:
    assert (State.EXPIRED, frozenset()) == (pending().state(later(60)), pending().may_answer(later(60)))


def test_it_rolls_over_to_whoever_is_on_call() -> None:
    assert (frozenset({"client-admin"}), frozenset({"client-admin", "on-call", "second"})) == (
        pending().may_answer(later(29)), pending().may_answer(later(30)))  # fmt: skip


def test_four_eyes_are_two_people() -> None:
    one = answer(pending(Tier.FOUR_EYES), "client-admin", is_yes=True, at=later(5))
    two = answer(one, "second", is_yes=True, at=later(35))

    assert (State.PENDING, State.APPROVED) == (one.state(later(6)), two.state(later(36)))


def test_broken_glass_opens_alone_and_waits_for_somebody_elses_look() -> None:
    glass = break_glass(pending(Tier.FOUR_EYES), "on-call", on_call={"on-call"}, at=later(1), reason="outage")
    used = use(glass, BOUND, tier=Tier.FOUR_EYES, at=later(15))
    seen = review(used, "second", was_right=True, at=later(600), reason="It was right.")

    assert (later(1 + 24 * 60), None) == (used.review_due_at, seen.review_due_at)


STEPS = st.lists(st.tuples(
    st.sampled_from(["yes", "no", "glass", "use", "lapse"]),
    st.sampled_from(["client-admin", "on-call", "second", "owner", "nobody"]),
    st.sampled_from([BOUND, replace(BOUND, digest="e" * 64)]), st.integers(-5, 70),
), max_size=8)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(steps=STEPS, tier=st.sampled_from([Tier.APPROVE, Tier.FOUR_EYES]))
def test_in_whatever_order_an_act_runs_once_and_only_with_enough_people(
    steps: list[tuple[str, str, Binding, int]], tier: Tier
) -> None:
    now, uses = pending(tier), 0
    for what, who, binding, minute in steps:
        try:
            if what in {"yes", "no"}:
                now = answer(now, who, is_yes=what == "yes", at=later(minute), reason="because")
            elif what == "glass":
                now = break_glass(now, who, on_call={"on-call"}, at=later(minute), reason="because")
            elif what == "lapse":
                now = lapse(now, later(minute))
            else:
                now = use(now, binding, tier=tier, at=later(minute))
                uses += 1
                people = {a.approver for a in now.answers if a.is_yes}
                is_glass = any(a.is_break_glass for a in now.answers)
                assert binding == BOUND
                assert is_glass or (len(people) >= now.needed and not people & now.asked_by)
        except CadreError:
            continue

    assert uses == (now.used_at is not None)
