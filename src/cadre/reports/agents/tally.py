"""Counts of what agents did, straight from the rows: by agent, client, tool and answer; causes of asks and refusals; incidents.

Keeps true: a share comes with its interval and n; what was only observed is counted apart from what bound; an act that was let
through and of which nobody heard in time is an incident, not a success. Acts of people are not counted here.
"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from cadre.db.governance import CHANGES, NOT_DONE, READS, ActionDecision, ActionReport, ApprovalAsked, ApprovalStep
from cadre.estimate import Abstained, Estimate, Measured
from cadre.governance.action import Outcome
from cadre.governance.outcome import OUTCOME_WITHIN, Told
from cadre.inference.exact import LEVEL, share_interval

_BAD = (Told.FAILED, Told.UNDONE, Told.REOPENED, Told.CONTRADICTED)
WORDS = {
    "failed": "failed", "undone": "was taken back", "reopened": "came back", "contradicted": "was not so when somebody looked",
    "silent": "was never heard of again", "glass": "was let through alone in an emergency, and nobody looked since",
}  # fmt: skip
"""Kind of incident -> what happened to the act, in words."""
OPEN = frozenset({"silent", "glass"})
"""Kinds that still want somebody to look."""
_MOST_CAUSES = 5_000
MOST_INCIDENTS = 100
"""Incidents that are told of unless more are asked for."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Decisions that share all of this.

    Attributes:
        agent: Its key.
        client_id: Where; empty for the firm itself.
        tool: Its name.
        answered: What the agents were told.
        judged: What they would be told if enforced.
        tier: By name.
        is_read: Whether they only read.
        count: How many.
        last_at: When the newest was.
    """

    agent: str
    client_id: str
    tool: str
    answered: str
    judged: str
    tier: str
    is_read: bool
    count: int
    last_at: datetime

    @property
    def is_alone(self) -> bool:
        """Whether by the rules nobody has to say yes."""
        return self.judged == Outcome.ALLOW.value

    @property
    def is_unbound(self) -> bool:
        """Whether it went ahead although it would have been asked for or refused, since the agent was only watched."""
        return self.answered == Outcome.ALLOW.value and self.judged != Outcome.ALLOW.value


@dataclass(frozen=True, slots=True)
class Incident:
    """Something that went wrong, or that nobody told the end of.

    Attributes:
        kind: One of `WORDS`.
        decision_id: Of the act.
        at: When it was told; when it was let through, where nothing was.
        agent: Its key.
        client_id: Where.
        tool: Its name.
        detail: In the words of whoever told; empty where nobody did.
    """

    kind: str
    decision_id: str
    at: datetime
    agent: str
    client_id: str
    tool: str
    detail: str


def tallies(session: Session, since: datetime, until: datetime, client: str | None = None) -> tuple[Tally, ...]:
    """Counts of the decisions of a time, at one client where named."""
    by = (ActionDecision.agent, ActionDecision.client_id, ActionDecision.tool, ActionDecision.answered,
          ActionDecision.judged, ActionDecision.tier)  # fmt: skip
    found: list[Tally] = []
    for kind in (CHANGES, READS):
        wanted = (
            select(*by, func.count(), func.max(ActionDecision.at))
            .where(*_within(since, until, client), kind)
            .group_by(*by)
        )
        found += [
            Tally(agent, where, tool, answered, judged, tier, kind is READS, count, last)
            for agent, where, tool, answered, judged, tier, count, last in session.execute(wanted)
        ]
    return tuple(found)


def weeks(session: Session, until: datetime, count: int = 8) -> tuple[tuple[datetime, Measured], ...]:
    """Beginning of each of the last weeks, the oldest first, and its share of changes that needed nobody's yes."""
    made = []
    for number in range(count, 0, -1):
        begins = until - timedelta(weeks=number)
        wanted = select(ActionDecision.judged, func.count()).where(
            *_within(begins, begins + timedelta(weeks=1), None), CHANGES
        )  # fmt: skip
        met = dict(session.execute(wanted.group_by(ActionDecision.judged)).all())
        made.append((begins, share(met.get(Outcome.ALLOW.value, 0), sum(met.values()), "nothing was changed")))
    return tuple(made)


def calls_by_agent(session: Session, since: datetime) -> dict[tuple[str, str], tuple[int, datetime]]:
    """Agent and client -> calls that the gate did not refuse since an instant, and the newest of them."""
    made: dict[tuple[str, str], tuple[int, datetime]] = {}
    by = (ActionDecision.agent, ActionDecision.client_id)
    for kind in (CHANGES, READS):
        wanted = select(*by, func.count(), func.max(ActionDecision.at)).where(
            ActionDecision.at > since, ActionDecision.answered != Outcome.DENY.value, kind
        )  # fmt: skip
        for agent, client, count, last in session.execute(wanted.group_by(*by)):
            n, before = made.get((agent, client), (0, last))
            made[agent, client] = (n + count, max(before, last))
    return made


def unheard(
    session: Session, since: datetime, now: datetime, where: Sequence[ColumnElement[bool]], most: int
) -> list[str]:
    """Ids of acts that were let through and of which nobody heard in time, the newest first."""
    wanted = _unheard((ActionDecision.decision_id,), since, now, where).order_by(ActionDecision.at.desc()).limit(most)
    return [key for key, _ in session.execute(wanted)]


def count_unheard(session: Session, since: datetime, now: datetime, where: Sequence[ColumnElement[bool]]) -> int:
    """How many there are."""
    wanted = _unheard((), since, now, where).subquery()
    return session.scalar(select(func.count()).select_from(wanted)) or 0


def share(count: int, n: int, reason: str = "nothing of the kind happened") -> Measured:
    """A share with its exact interval; none of nothing."""
    if n == 0:
        return Abstained(reason, 0, 1)
    ends = share_interval(count, n)
    return Estimate(count / n, min(ends.low, count / n), max(ends.high, count / n), LEVEL, n)


def autonomy(rows: Iterable[Tally]) -> Measured:
    """Share of acts that change something and need nobody's yes; reading counts for nothing here."""
    acts = [row for row in rows if not row.is_read]
    return share(sum(row.count for row in acts if row.is_alone), sum(row.count for row in acts), "nothing was changed")


def causes(session: Session, since: datetime, until: datetime, client: str | None = None,
           *, outcome: Outcome = Outcome.DENY) -> tuple[tuple[str, int, str], ...]:  # fmt: skip
    """Why acts were refused or asked for, the most frequent first.

    Returns:
        The cause in words, how often, and the newest decision with it.
    """
    wanted = select(ActionDecision.decision_id, ActionDecision.at, ActionDecision.record).where(
        *_within(since, until, client), ActionDecision.answered == outcome.value
    )
    met: Counter[str] = Counter()
    newest: dict[str, str] = {}
    rows = [
        row for kind in (CHANGES, READS)
        for row in session.execute(wanted.where(kind).order_by(ActionDecision.at.desc()).limit(_MOST_CAUSES))
    ]  # fmt: skip
    for decision_id, _, text in sorted(rows, key=lambda row: row.at, reverse=True)[:_MOST_CAUSES]:
        cause = cause_of(json.loads(text))
        met[cause] += 1
        newest.setdefault(cause, decision_id)
    return tuple((cause, count, newest[cause]) for cause, count in met.most_common())


def cause_of(record: dict[str, Any]) -> str:
    """The one sentence that weighed most: the gravest policy, else the catalogue's row or the rule of its tier."""
    reasons: list[str] = record["reasons"]
    if record["policy_ids"] or not record["inputs"]["why"] or reasons[0].startswith("Refused, because"):
        return reasons[0]
    return str(record["inputs"]["why"][-1])


def incidents(session: Session, since: datetime, now: datetime, client: str | None = None,
              most: int = MOST_INCIDENTS) -> tuple[Incident, ...]:  # fmt: skip
    """What went wrong in a time, or was never told the end of: what still wants somebody to look first, then the newest."""
    place = (ActionDecision.decision_id, ActionDecision.agent, ActionDecision.client_id, ActionDecision.tool)
    own = _place(client)
    bad = (
        select(ActionReport.told, ActionReport.at, ActionReport.detail, *place)
        .join(ActionDecision, ActionDecision.decision_id == ActionReport.decision_id)
        .where(ActionReport.told.in_([told.value for told in _BAD]), ActionReport.at >= since, NOT_DONE, *own)
        .order_by(ActionReport.at.desc()).limit(most)
    )  # fmt: skip
    found = [Incident(told, key, at, agent, where, tool, detail)
             for told, at, detail, key, agent, where, tool in session.execute(bad)]  # fmt: skip
    found += [
        Incident("silent", key, at, agent, where, tool, "")
        for key, agent, where, tool, at in session.execute(
            _unheard(place, since, now, own).order_by(ActionDecision.at.desc()).limit(most)
        )
    ]
    found += [Incident("glass", key, at, agent, where, tool, reason) for at, reason, key, agent, where, tool in
              session.execute(select(ApprovalStep.at, ApprovalStep.reason, *place)
                              .join(ApprovalAsked, ApprovalAsked.approval_id == ApprovalStep.approval_id)
                              .join(ActionDecision, ActionDecision.decision_id == ApprovalAsked.decision_id)
                              .where(ApprovalStep.what == "glass", ~_step("right", "wrong"), *own).limit(most))]  # fmt: skip
    return tuple(sorted(found, key=lambda one: (one.kind not in OPEN, -one.at.timestamp()))[:most])


def _unheard(place: tuple[Any, ...], since: datetime, now: datetime, own: Sequence[ColumnElement[bool]]) -> Any:
    heard = select(ActionReport.id).where(
        ActionReport.decision_id == ActionDecision.decision_id, ActionReport.told != Told.ATTEMPTED.value
    ).exists()  # fmt: skip
    used = (
        select(ApprovalAsked.approval_id).join(ApprovalStep, ApprovalStep.approval_id == ApprovalAsked.approval_id)
        .where(ApprovalAsked.decision_id == ActionDecision.decision_id, ApprovalStep.what == "used",
               ApprovalStep.at <= now - OUTCOME_WITHIN).exists()
    )  # fmt: skip
    ran = (ActionDecision.answered == Outcome.ALLOW.value) | used
    return select(*place, ActionDecision.at).where(
        ActionDecision.at >= since, ActionDecision.at <= now - OUTCOME_WITHIN, ran, ~heard,
        CHANGES, *own,
    )  # fmt: skip


def _step(*what: str) -> ColumnElement[bool]:
    """Whether the approval of the row has a step of one of these kinds."""
    other = ApprovalStep.__table__.alias("other")
    return select(other.c.id).where(other.c.approval_id == ApprovalAsked.approval_id, other.c.what.in_(what)).exists()


def _within(since: datetime, until: datetime, client: str | None) -> list[ColumnElement[bool]]:
    return [*_place(client), ActionDecision.at >= since, ActionDecision.at < until]


def _place(client: str | None) -> list[ColumnElement[bool]]:
    # Joined to nothing, so that SQLite counts out of the index that has every column instead of reading each row.
    return [] if client is None else [ActionDecision.client_id.concat("") == client]
