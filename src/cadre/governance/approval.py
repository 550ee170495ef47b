"""An approval from asking to use: who may say yes to exactly which act, until when, and what makes the yes worthless.

Keeps true, whatever is asked of it in whatever order:
- a yes is bound to the digest of the exact action, the revision of its target and the version of the policies;
- it is used once, before it expires, and everything is held against the act again when it runs;
- nobody approves what they asked for or run; four eyes are two people;
- silence refuses, and breaking the glass opens nothing that is forbidden.
Pure: a value in, a value out. It keeps nothing and reads no clock, so that a restart changes nothing.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from cadre.errors import ForbiddenError, UsageError
from cadre.governance.action import Tier


class State(StrEnum):
    """Where an approval stands."""

    PENDING = "pending"
    APPROVED = "approved"
    REFUSED = "refused"
    EXPIRED = "expired"
    USED = "used"


class ApprovalError(ForbiddenError):
    """The approval does not let this happen; the message says why."""


@dataclass(frozen=True, slots=True)
class Binding:
    """What exactly is approved.

    Attributes:
        digest: SHA-256 of agent, client, tool, arguments, target revision and policy version.
        target_revision: Version of the thing that is acted on; empty where it has none.
        policy_version: Of the policies that asked.
    """

    digest: str
    target_revision: str
    policy_version: str


@dataclass(frozen=True, slots=True)
class Stage:
    """Who may answer during one part of the time.

    Attributes:
        label: What they are called, such as `the client's administrator`.
        approvers: Ids of those who may say yes.
        until: First instant after.
    """

    label: str
    approvers: frozenset[str]
    until: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody said.

    Attributes:
        approver: Their id.
        is_yes: Whether it may be done.
        at: When.
        reason: In their words; may be empty for a yes.
        is_break_glass: Whether they opened it alone, under the rule for emergencies.
    """

    approver: str
    is_yes: bool
    at: datetime
    reason: str = ""
    is_break_glass: bool = False


@dataclass(frozen=True, slots=True)
class Review:
    """Somebody else's look at an act that went ahead by breaking the glass.

    Attributes:
        reviewer: Their id.
        at: When.
        was_right: Whether it should have been done.
        reason: In their words.
    """

    reviewer: str
    at: datetime
    was_right: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Approval:
    """An approval as it stands.

    Attributes:
        approval_id: Its id.
        binding: What exactly is approved.
        tier: `APPROVE` or `FOUR_EYES`.
        asked_by: Ids of everybody who asked for the act or stands behind it; none of them may approve it.
        asked_at: When.
        stages: Who may answer, one after another; the last one's end is the expiry.
        answers: What was said so far.
        used_at: When it was used up; None while it was not.
        lapsed_at: When somebody saw that its time was over; None while nobody did.
        review: Of an emergency; None while nobody looked.
    """

    approval_id: str
    binding: Binding
    tier: Tier
    asked_by: frozenset[str]
    asked_at: datetime
    stages: tuple[Stage, ...]
    answers: tuple[Answer, ...] = ()
    used_at: datetime | None = None
    lapsed_at: datetime | None = None
    review: Review | None = None

    @property
    def expires_at(self) -> datetime:
        """First instant at which silence, and an unused yes, refuse."""
        return self.stages[-1].until

    @property
    def needed(self) -> int:
        """How many people must say yes."""
        return 2 if self.tier == Tier.FOUR_EYES else 1

    def state(self, at: datetime) -> State:
        """Where it stands at an instant. A clock that is set back revives nothing that was used, refused or seen to lapse."""
        if self.used_at is not None:
            return State.USED
        if any(not answer.is_yes for answer in self.answers):
            return State.REFUSED
        if self.lapsed_at is not None or at >= self._ends_at:
            return State.EXPIRED
        yes = {answer.approver for answer in self.answers}
        is_open = len(yes) >= self.needed or any(answer.is_break_glass for answer in self.answers)
        return State.APPROVED if is_open else State.PENDING

    def stage(self, at: datetime) -> Stage | None:
        """Whose turn it is; None when the time is over."""
        return next((stage for stage in self.stages if at < stage.until), None)

    def may_answer(self, at: datetime) -> frozenset[str]:
        """Who may say yes now: those whose turn it is or was, without those who asked or answered."""
        if self.stage(at) is None:
            return frozenset()
        turns = [stage for n, stage in enumerate(self.stages) if n == 0 or self.stages[n - 1].until <= at]
        said = {answer.approver for answer in self.answers}
        return frozenset().union(*(stage.approvers for stage in turns)) - self.asked_by - said

    @property
    def review_due_at(self) -> datetime | None:
        """Until when somebody else has to look at an emergency; None where there was none or it was looked at."""
        glass = next((answer for answer in self.answers if answer.is_break_glass), None)
        return glass.at + REVIEW_WITHIN if glass and self.review is None else None

    @property
    def _ends_at(self) -> datetime:
        glass = next((answer for answer in self.answers if answer.is_break_glass), None)
        return glass.at + GLASS_LASTS if glass else self.expires_at


GLASS_LASTS = timedelta(minutes=15)
"""How long a yes by breaking the glass can be used."""

REVIEW_WITHIN = timedelta(hours=24)
"""How soon somebody else looks at it."""


def ask(approval_id: str, binding: Binding, tier: Tier, *, asked_by: Collection[str], at: datetime,
        stages: Iterable[Stage]) -> Approval:  # fmt: skip
    """Ask for an approval.

    Raises:
        UsageError: The tier asks nobody, the binding is empty, the times do not follow each other, or fewer people may
            answer than are needed.
    """
    turns = tuple(stages)
    if tier not in {Tier.APPROVE, Tier.FOUR_EYES}:
        raise UsageError(f"{tier.text} is no tier that asks", hint="Only approve and four-eyes ask people.")
    if not (binding.digest and binding.policy_version and asked_by):
        raise UsageError("an approval names the exact act, the policies and who asks", hint="Give all three.")
    begins = [at, *(stage.until for stage in turns)]
    if not turns or any(later <= earlier for earlier, later in pairwise(begins)):
        raise UsageError("the times of an approval follow each other", hint="Give each stage an end after the last.")
    made = Approval(approval_id, binding, tier, frozenset(asked_by), at, turns)
    able = frozenset().union(*(stage.approvers for stage in turns)) - made.asked_by
    if len(able) < made.needed:
        raise UsageError(f"{len(able)} may answer where {made.needed} are needed",
                         hint="Name approvers who did not ask for the act themselves.")  # fmt: skip
    return made


def answer(approval: Approval, approver: str, *, is_yes: bool, at: datetime, reason: str = "") -> Approval:
    """Say yes or no. One no refuses for good.

    Raises:
        ApprovalError: It is no longer pending, or they may not answer it now.
        UsageError: A no without a reason.
    """
    if (state := approval.state(at)) != State.PENDING:
        raise ApprovalError(f"the approval is {state.value}", hint="Ask again.")
    if at < max([approval.asked_at, *(a.at for a in approval.answers)]):
        raise ApprovalError("the answer is older than what it answers", hint="Set the clock right.")
    if approver in approval.asked_by:
        raise ApprovalError("nobody approves what they asked for", hint="Another approver has to answer.")
    if any(a.approver == approver for a in approval.answers):
        raise ApprovalError("they have answered already", hint="A second person has to answer.")
    if approver not in approval.may_answer(at):
        raise ApprovalError("it is not theirs to answer now", hint="The rule names who may answer, and when.")
    if not is_yes and not reason.strip():
        raise UsageError("a no needs a reason", hint="Say in one sentence why.")
    return replace(approval, answers=(*approval.answers, Answer(approver, is_yes, at, reason)))


def break_glass(approval: Approval, who: str, *, on_call: Collection[str], at: datetime, reason: str) -> Approval:
    """Open it alone, in an emergency, for a quarter of an hour; somebody else looks at it within a day.

    Raises:
        ApprovalError: It is not pending, or they are not on call.
        UsageError: No reason.
    """
    if (state := approval.state(at)) != State.PENDING:
        raise ApprovalError(f"the approval is {state.value}", hint="Ask again.")
    if at < approval.asked_at:
        raise ApprovalError("the answer is older than what it answers", hint="Set the clock right.")
    if who not in on_call:
        raise ApprovalError("only who is on call breaks the glass", hint="Reach the person on call.")
    if not reason.strip():
        raise UsageError("breaking the glass needs a reason", hint="Say in one sentence what cannot wait.")
    return replace(approval, answers=(*approval.answers, Answer(who, is_yes=True, at=at, reason=reason,
                                                                 is_break_glass=True)))  # fmt: skip


def use(approval: Approval, binding: Binding, *, tier: Tier, at: datetime) -> Approval:
    """Use it up, at the moment the act runs. The caller keeps the result before the act begins.

    Args:
        approval: As it stands.
        binding: Of the act that is about to run, worked out anew.
        tier: The act's tier by the policies in force now.
        at: Now.

    Raises:
        ApprovalError: It is not approved now, anything of the act changed, or the act now needs more than was given.
    """
    if (state := approval.state(at)) != State.APPROVED:
        raise ApprovalError(f"the approval is {state.value}", hint="Ask again.")
    if at < max(a.at for a in approval.answers):
        raise ApprovalError("the clock stands before the answer", hint="Set the clock right.")
    for name, given, now in (
        ("policies", approval.binding.policy_version, binding.policy_version),
        ("target", approval.binding.target_revision, binding.target_revision),
        ("act", approval.binding.digest, binding.digest),
    ):
        if given != now:
            raise ApprovalError(f"the {name} changed after the approval was asked for", hint="Ask again.")
    if tier > approval.tier:
        raise ApprovalError(f"the act is now {tier.text}, and {approval.tier.text} was given", hint="Ask again.")
    return replace(approval, used_at=at)


def lapse(approval: Approval, at: datetime) -> Approval:
    """Note that its time is over, so that it stays over; one that is not over is given back as it is."""
    if approval.state(at) == State.EXPIRED and approval.lapsed_at is None:
        return replace(approval, lapsed_at=at)
    return approval


def review(approval: Approval, reviewer: str, *, was_right: bool, at: datetime, reason: str) -> Approval:
    """Look at an emergency of somebody else.

    Raises:
        ApprovalError: There was none, it was looked at, or it was their own.
        UsageError: No reason.
    """
    glass = next((a for a in approval.answers if a.is_break_glass), None)
    if glass is None or approval.review is not None:
        raise ApprovalError("there is no emergency to look at", hint="Only broken glass is reviewed, once.")
    if reviewer == glass.approver or reviewer in approval.asked_by:
        raise ApprovalError("nobody reviews their own emergency", hint="Another person has to look at it.")
    if not reason.strip():
        raise UsageError("a review needs a sentence", hint="Say what was found.")
    return replace(approval, review=Review(reviewer, at, was_right, reason))
