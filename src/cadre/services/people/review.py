"""Finishing a blind review: what somebody knows of a person, written down before they see any number about them."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from cadre.access.principal import Principal
from cadre.clock import Clock
from cadre.db.stewardship import BlindAnswer, BlindReview, Opened
from cadre.errors import ForbiddenError, UsageError
from cadre.services.actor import happened
from cadre.services.duty import REVIEWERS, act_as
from cadre.services.unit_of_work import UnitOfWork
from cadre.stewardship.opening import viewer_key
from cadre.stewardship.review import questions


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer: a step from 1 to 5 with its reason, or no step for "have not seen"."""

    step: int | None
    reason: str


def finish_review(
    principal: Principal, work: UnitOfWork, clock: Clock, *, person_id: str, answers: Mapping[str, Answered]
) -> int:
    """Record a finished blind review of a person.

    Args:
        principal: Who answers.
        work: The transaction.
        clock: Tells when.
        person_id: Whom about.
        answers: Question key -> answer; every question of `stewardship.review` needs one.

    Returns:
        Key of the review.

    Raises:
        ForbiddenError: Their role does not review, it is about themselves, or they were shown something before.
        UsageError: An answer or a reason is missing, nothing was seen at all, or they finished one already.
    """
    act_as(principal, REVIEWERS, "review a person")
    if principal.person_id == person_id:
        raise ForbiddenError("nobody reviews themselves", hint="Ask somebody who has worked with you.")
    asked = questions()
    _check(answers, asked.keys, len(asked.steps))
    key = viewer_key(principal.name, principal.account_id)
    with work:
        seen = select(Opened.id).where(Opened.viewer_key == key, Opened.person_id == person_id).limit(1)
        if work.session.scalar(seen) is not None:
            raise ForbiddenError("a blind review is written before anything is seen, and you were shown numbers about "
                                 "this person", hint="Ask somebody who has not looked yet.")  # fmt: skip
        held = (
            select(BlindReview.id).where(BlindReview.reviewer_key == key, BlindReview.person_id == person_id).limit(1)
        )
        if work.session.scalar(held) is not None:
            raise UsageError(
                "you finished a review of this person already", hint="It is added once, and never changed."
            )
        made = BlindReview(person_id=person_id, reviewer_key=key, reviewer=principal.name,
                           questions_version=asked.version, finished_at=clock.now())  # fmt: skip
        work.session.add(made)
        work.session.flush()
        work.session.add_all(
            BlindAnswer(review_id=made.id, question=q, step=answers[q].step, reason=answers[q].reason.strip())
            for q in asked.keys
        )
        work.record(happened(principal, clock, "review:submitted", f"review:{made.id}", about=[person_id]))
        work.commit()
    return made.id


def _check(answers: Mapping[str, Answered], keys: tuple[str, ...], steps: int) -> None:
    missing = [key for key in keys if key not in answers]
    if missing:
        raise UsageError(f"{len(missing)} of {len(keys)} questions have no answer",
                         hint=f"Answer {missing[0]}; where you have not seen it, say so.")  # fmt: skip
    for key in keys:
        step, reason = answers[key].step, answers[key].reason
        if step is not None and not 1 <= step <= steps:
            raise UsageError(f"{step} is no step of the scale", hint=f"Use 1 to {steps}, or none for not seen.")
        if step is not None and not reason.strip():
            raise UsageError(f"the answer to {key} has no reason", hint="Say what you saw that makes you answer so.")
    if all(answers[key].step is None for key in keys):
        raise UsageError("nothing was seen, so there is nothing to review", hint="Ask somebody who works with them.")
