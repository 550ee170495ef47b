"""How a lead turned out: handing a team its questions, taking an answer that names nobody, and recording the verdict.

Keeps true: a token answers once and says nothing about who held it; fewer than five answers are never told together; whoever
records sees no estimate here. The verdict follows `readiness.outcome`, never a hand.
"""

import json
import secrets
from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from cadre.access.principal import Principal
from cadre.access.secret import hashed, new_secret
from cadre.clock import Clock
from cadre.db.seats import LeadOutcome, SeatDecision, TeamAnswer, TeamToken
from cadre.errors import ForbiddenError, NotFoundError, UsageError
from cadre.readiness.outcome import (
    LEAST_ANSWERS,
    MONTHS,
    QUESTIONS,
    VERSION,
    Part,
    checked,
    from_manager,
    from_team,
    months_after,
    verdict,
)
from cadre.services.actor import happened
from cadre.services.duty import LEADS, act_as
from cadre.services.unit_of_work import UnitOfWork

MOST_TOKENS = 100


def hand_out(
    principal: Principal,
    work: UnitOfWork,
    clock: Clock,
    *,
    decision_id: int,
    months: int,
    count: int,
    members: int | None = None,
) -> tuple[str, ...]:
    """Links with which a team answers, each once; nobody knows who holds which, so hand them out face down.

    Args:
        principal: An owner or manager.
        work: The transaction.
        clock: Tells when.
        decision_id: Which decision.
        months: 6, 12 or 18.
        count: Links to make.
        members: People in the team, without the lead; not checked where no roster tells.

    Returns:
        Paths, shown once, in no order.

    Raises:
        ForbiddenError: They are neither owner nor manager.
        NotFoundError: There is no such decision, or it is nobody's.
        UsageError: Fewer than five would be asked, or more than the team has, or the months make no sense.
    """
    act_as(principal, LEADS, "hand out a team's questions")
    if not LEAST_ANSWERS <= count <= MOST_TOKENS:
        raise UsageError(
            f"{count} answers cannot be told together without telling whose they are",
            hint=f"{LEAST_ANSWERS} to {MOST_TOKENS} people can be asked.",
        )
    made = [new_secret() for _ in range(count)]
    with work:
        _decision(work, decision_id, months)
        held = select(func.count(TeamToken.id)).where(TeamToken.decision_id == decision_id, TeamToken.months == months)
        before = work.session.scalar(held) or 0
        if members is not None and before + count > members:
            # Spare links could be answered by one person, until the answers left are somebody's.
            raise UsageError(
                f"{before + count} links are more than the {members} people of the team",
                hint=f"{before} were handed out already." if before else "One link a person, the lead left out.",
            )
        work.session.add_all(
            TeamToken(decision_id, months, hashed(secret), principal.name, clock.now()) for secret in made
        )
        work.record(happened(principal, clock, "outcome:asked", f"decision:{decision_id}", months=months, links=count))
        work.commit()
    secrets.SystemRandom().shuffle(made)
    return tuple(f"/team-feedback/{secret}" for secret in made)


def team_token(work: UnitOfWork, *, secret: str) -> TeamToken:
    """What a link asks about.

    Raises:
        NotFoundError: It opens nothing, or was used.
    """
    with work:
        token = work.session.scalar(select(TeamToken).where(TeamToken.token_hash == hashed(secret)))
        used = token and work.session.scalar(select(TeamAnswer.id).where(TeamAnswer.token_id == token.id))
    if token is None:
        raise NotFoundError("this link opens nothing", hint="Copy it again, whole, from where you got it.")
    if used:
        raise NotFoundError(
            "this link was used already", hint="It answers once; nobody can see or change what it said."
        )
    return token


def answer_team(work: UnitOfWork, *, secret: str, steps: dict[str, int | None]) -> None:
    """Take one member's answers; neither who nor when is kept.

    Args:
        work: The transaction.
        secret: Of the link.
        steps: Question -> step 1 to 5, none for "have not seen".

    Raises:
        NotFoundError: The link opens nothing, or was used.
        UsageError: An answer is missing or no step.
    """
    token = team_token(work, secret=secret)
    _check(steps)
    assert token.id is not None
    with work:
        work.session.add(TeamAnswer(token.id, json.dumps(steps, sort_keys=True)))
        try:
            work.commit()
        except IntegrityError:
            raise NotFoundError("this link was used already", hint="It answers once.") from None


def record_outcome(
    principal: Principal,
    work: UnitOfWork,
    clock: Clock,
    *,
    decision_id: int,
    months: int,
    steps: dict[str, int | None],
    computed: Sequence[Part],
) -> LeadOutcome:
    """Record how a lead is doing by a date: the manager's answers, the team's together, and what was computed.

    Args:
        principal: An owner or manager, who answers as the lead's manager.
        work: The transaction.
        clock: Tells when.
        decision_id: Which decision.
        months: 6, 12 or 18.
        steps: Question -> step 1 to 5, none for "have not seen".
        computed: Parts that `reports.lead_outcome` computed from the record.

    Raises:
        ForbiddenError: They are neither owner nor manager, or it is about themselves.
        NotFoundError: There is no such decision.
        UsageError: An answer is missing, the date has not come, or it was recorded already.
    """
    act_as(principal, LEADS, "record how a lead is doing")
    _check(steps)
    with work:
        row = _decision(work, decision_id, months)
        if principal.person_id is not None and row.person_id == principal.person_id:
            raise ForbiddenError("nobody records their own outcome", hint="Ask the owner, or another manager.")
        due_on = months_after(row.decided_at.date(), months)
        if clock.now().date() < due_on - timedelta(days=1):  # a day's grace for zones east of Greenwich
            raise UsageError(f"{months} months are over on {due_on.isoformat()}", hint="Come back on that day.")
        held = select(LeadOutcome.id).where(LeadOutcome.decision_id == decision_id, LeadOutcome.months == months)
        if work.session.scalar(held) is not None:
            raise UsageError("this was recorded already", hint="It is added once, and never changed.")
        parts = [from_manager(steps), from_team(_answers(work, decision_id, months)), *computed]
        known = [part for part in parts if part is not None]
        told = {"questions_version": VERSION, "manager_steps": steps, "parts": [asdict(part) for part in known]}
        made = LeadOutcome(
            decision_id, months, verdict(known, months), json.dumps(told, sort_keys=True), principal.name, clock.now()
        )
        work.session.add(made)
        work.record(happened(principal, clock, "outcome:recorded", f"decision:{decision_id}", about=[row.person_id],
                             months=months, verdict=made.verdict))  # fmt: skip
        work.commit()
    return made


def _answers(work: UnitOfWork, decision_id: int, months: int) -> list[dict[str, int | None]]:
    chosen = (
        select(TeamAnswer.steps)
        .join(TeamToken, TeamAnswer.token_id == TeamToken.id)
        .where(TeamToken.decision_id == decision_id, TeamToken.months == months)
    )
    return [json.loads(steps) for steps in work.session.scalars(chosen)]


def _decision(work: UnitOfWork, decision_id: int, months: int) -> SeatDecision:
    if months not in MONTHS:
        raise UsageError(f"{months} months is no date of a decision", hint="Use 6, 12 or 18.")
    row = work.session.get(SeatDecision, decision_id)
    if row is None or row.person_id is None:
        raise NotFoundError(f"no decision {decision_id} for a person", hint="See the sheet of the seat.")
    return row


def _check(steps: dict[str, int | None]) -> None:
    wrong = checked({key: steps[key] for key, _ in QUESTIONS if key in steps})
    if wrong:
        raise UsageError(wrong, hint="Answer each; where you have not seen it, say so.")
