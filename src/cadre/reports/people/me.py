"""My page: what one was told, who may see what about one and why, who saw it, and what one said oneself."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from cadre.db.stewardship import Contest, ContestAnswer, HelpAnswer, HelpStatement, Opened, SeekingStatement
from cadre.errors import ForbiddenError
from cadre.records import Firm
from cadre.reports.head import head
from cadre.reports.people.notice import NoticeReport, Told, notice
from cadre.reports.release import CANDIDATE, READINESS, SIGNALS, Gate, Withheld, purpose_word
from cadre.reports.roster import Staff, staff
from cadre.stewardship.facts import chain
from cadre.stewardship.opening import viewer_key
from cadre.warehouse import Snapshot


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who may see something about me now, or what would open it to them.

    Attributes:
        who: In words: me, whoever I report to, a reviewer, the owner.
        what: What they see, in words.
        shut: Why they do not; None where they may.
    """

    who: str
    what: str
    shut: Withheld | None

    def json(self) -> dict[str, Any]:
        """The keys every surface uses."""
        return {
            "who": self.who,
            "what": self.what,
            "open": self.shut is None,
            **(self.shut.json() if self.shut else {}),
        }


@dataclass(frozen=True, slots=True)
class Seen:
    """Somebody was shown something about me: what, for which purpose, how often, when last, by which policies."""

    who: str
    role: str
    what: str
    purpose: str
    times: int
    last_at: datetime
    policies: str
    is_me: bool

    def json(self) -> dict[str, Any]:
        """The keys every surface uses."""
        return {
            "who": self.who, "role": self.role, "what": self.what, "purpose": self.purpose, "times": self.times,
            "last_at": self.last_at.isoformat(), "policies": self.policies,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Help:
    """Help I stated, or that somebody states to have given me; `is_confirmed` is missing while nobody answered."""

    statement_id: int
    colleague: str
    helped_on: date
    words: str
    ticket_id: str | None
    is_mine: bool
    is_confirmed: bool | None

    def json(self) -> dict[str, Any]:
        """The keys every surface uses."""
        return {
            "statement_id": self.statement_id, "colleague": self.colleague, "helped_on": self.helped_on.isoformat(),
            "words": self.words, "ticket_id": self.ticket_id, "mine": self.is_mine, "confirmed": self.is_confirmed,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Contested:
    """A row I contested, with its answer; `verdict` is empty while it is open."""

    contest_id: int
    signal: str
    record_table: str
    record_id: str
    words: str
    contested_at: datetime
    verdict: str
    reason: str
    answered_by: str

    def json(self) -> dict[str, Any]:
        """The keys every surface uses."""
        return {
            "contest_id": self.contest_id, "signal": self.signal, "record_table": self.record_table,
            "record_id": self.record_id, "words": self.words, "contested_at": self.contested_at.isoformat(),
            "verdict": self.verdict, "reason": self.reason, "answered_by": self.answered_by,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class MyReport:
    """My page.

    Attributes:
        firm: The firm.
        purpose: The word to show; empty for a firm's own workspace.
        person: Me.
        notice: The notice that holds.
        told: Where I stand with it.
        viewers: Who may see what about me, and what would open the rest.
        seen: Who was shown what, newest first; empty in a study, where nothing is written down.
        is_seeking: Whether I may be asked to lead.
        stated_at: When I said so; missing where I never did.
        helped: Help given and received, newest first.
        contests: What I contested, newest first.
        colleagues: Whom I could have helped.
    """

    firm: Firm
    purpose: str
    person: Staff
    notice: NoticeReport
    told: Told
    viewers: tuple[Viewer, ...]
    seen: tuple[Seen, ...]
    is_seeking: bool
    stated_at: datetime | None
    helped: tuple[Help, ...]
    contests: tuple[Contested, ...]
    colleagues: tuple[Staff, ...]

    def json(self) -> dict[str, Any]:
        """The keys every surface uses."""
        return {
            **head(self.firm, self.purpose),
            "person_id": self.person.person_id,
            "name": self.person.name,
            "notice": self.told.json() | {"number": self.notice.number},
            "who_may_see": [v.json() for v in self.viewers],
            "who_saw": [s.json() for s in self.seen],
            "seeking": self.is_seeking,
            "stated_at": self.stated_at.isoformat() if self.stated_at else None,
            "help": [h.json() for h in self.helped],
            "contests": [c.json() for c in self.contests],
        }


def me(gate: Gate, snapshot: Snapshot, sessions: sessionmaker[Session]) -> MyReport:
    """Everything about whoever asks that they can look at and act on.

    Args:
        gate: Who asks.
        snapshot: The record.
        sessions: Sessions on the database of decisions.

    Raises:
        ForbiddenError: Whoever asks is no person on the staff.
    """
    people = {s.person_id: s for s in staff(snapshot)}
    mine = gate.principal.person_id
    if mine is None or mine not in people:
        raise ForbiddenError(
            "there is no page of yours: it is not known which person on the staff you are",
            hint="Sign in with an account that is linked to you; the owner can link it.",
        )
    told = notice(gate.principal, snapshot, sessions)
    with sessions() as session:
        seeking = session.scalars(
            select(SeekingStatement).where(SeekingStatement.person_id == mine).order_by(SeekingStatement.id.desc())
        ).first()
        seen = session.scalars(select(Opened).where(Opened.person_id == mine).order_by(Opened.id)).all()
        helped = session.execute(
            select(HelpStatement, HelpAnswer.is_confirmed)
            .outerjoin(HelpAnswer, HelpAnswer.statement_id == HelpStatement.id)
            .where((HelpStatement.person_id == mine) | (HelpStatement.helped_person_id == mine))
            .order_by(HelpStatement.id.desc())
        ).all()
        contests = session.execute(
            select(Contest, ContestAnswer)
            .outerjoin(ContestAnswer, ContestAnswer.contest_id == Contest.id)
            .where(Contest.person_id == mine)
            .order_by(Contest.id.desc())
        ).all()
    here = people[mine]
    return MyReport(
        firm=snapshot.firm,
        purpose=purpose_word(snapshot.firm),
        person=here,
        notice=told,
        told=next((t for t in told.people if t.person_id == mine), Told(mine, here.name, None, None, "", "")),
        viewers=_viewers(gate, mine, people),
        seen=_seen(seen, viewer_key(gate.principal.name, gate.principal.account_id)),
        is_seeking=seeking.is_seeking if seeking else True,
        stated_at=seeking.stated_at if seeking else None,
        helped=tuple(_help(said, is_confirmed, mine, people) for said, is_confirmed in helped),
        contests=tuple(_contested(contest, answer) for contest, answer in contests),
        colleagues=tuple(s for s in people.values() if s.person_id != mine and s.left_on is None),
    )


def _viewers(gate: Gate, mine: str, people: dict[str, Staff]) -> tuple[Viewer, ...]:
    """Asked of the policies as others would ask, so that it is the rule and not a telling of it."""
    above = list(chain(gate.facts.leads, mine))
    lead = f"{people[above[0]].name}, to whom you report" if above and above[0] in people else "Whoever you report to"
    role = "manager" if above or not gate.facts.leads else "owner"
    asked = (
        ("You", "everything that is shown about you", gate.principal.role, mine, "self", SIGNALS),
        (lead, "signals and the rows behind them", role, above[0] if above else None, "development", SIGNALS),
        ("A reviewer", "readiness", "reviewer", None, "selection_for_seat", READINESS),
        ("The owner", "you as a candidate for a named seat", "owner", None, "selection_for_seat", CANDIDATE),
        ("Anybody, for pay or discipline", "nothing", "owner", None, "pay", SIGNALS),
    )
    return tuple(
        Viewer(who, what, gate.seen_by(mine, role=as_role, person_key=key, purpose=purpose, kind=kind))
        for who, what, as_role, key, purpose, kind in asked
    )


def _seen(rows: Any, own_key: str) -> tuple[Seen, ...]:
    times = Counter((r.viewer_key, r.kind, r.purpose) for r in rows)
    newest = {(r.viewer_key, r.kind, r.purpose): r for r in rows}
    made = [
        Seen(r.viewer, r.role, Opened.KINDS.get(r.kind, r.kind), r.purpose, times[key], r.opened_at, r.policies,
             r.viewer_key == own_key)
        for key, r in newest.items()
    ]  # fmt: skip
    return tuple(sorted(made, key=lambda s: (s.is_me, -s.last_at.timestamp())))


def _help(said: HelpStatement, is_confirmed: bool | None, mine: str, people: dict[str, Staff]) -> Help:
    is_mine = said.person_id == mine
    other = said.helped_person_id if is_mine else said.person_id
    name = people[other].name if other in people else "somebody who left"
    return Help(said.id, name, said.helped_on, said.words, said.ticket_id, is_mine, is_confirmed)


def _contested(contest: Contest, answer: ContestAnswer | None) -> Contested:
    return Contested(
        contest.id, contest.signal, contest.record_table, contest.record_id, contest.words, contest.contested_at,
        answer.verdict if answer else "", answer.reason if answer else "", answer.answered_by if answer else "",
    )  # fmt: skip
