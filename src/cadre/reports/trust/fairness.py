"""Fairness: what the audit of the firm's own record finds, in aggregate, and the drafts that are made from it.

Keeps true: nobody's estimate, signal or declaration leaves; the content is opened as a figure about a group, from five people
up. Where few are not open to the asker one by one, these few are left out, so that nothing can be had by subtraction.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from cadre import __version__
from cadre.db.stewardship import FairnessAudit
from cadre.errors import ForbiddenError, NotFoundError
from cadre.estimate import Abstained, Estimate
from cadre.readiness.fairness import Audit, audit, sentences
from cadre.readiness.fairness.proxy import FALSE_SHARE
from cadre.readiness.fairness.rates import GroupRate, Table
from cadre.readiness.fairness.sentences import OUTCOMES
from cadre.readiness.fairness_drafts import bias_audit_summary, impact_assessment
from cadre.records import Firm
from cadre.reports.head import dated_head
from cadre.reports.kept import kept
from cadre.reports.measure import Span
from cadre.reports.readiness import Prepared, prepared
from cadre.reports.release import MIN_GROUP, Gate, Withheld, purpose_word, release_group
from cadre.reports.roster import staff
from cadre.reports.seats.selection import TOP_SHARE
from cadre.reports.trust.attribute import evidence
from cadre.reports.trust.declaration import declared
from cadre.stewardship.declaration import Counted
from cadre.warehouse import Snapshot

FRESH_DAYS = 182
"""How long a recorded audit opens readiness; the policies hold the same number."""
UNTESTED = "Not tested as a proxy"
"""Begins what the table of proxies says already."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """The newest audit that was recorded: of which day, by whom, and how many days ago."""

    audit_on: date
    by: str
    days: int

    @property
    def is_fresh(self) -> bool:
        """Whether it opens readiness to reviewers still."""
        return self.days <= FRESH_DAYS


@dataclass(frozen=True, slots=True)
class FairnessReport:
    """The audit.

    Attributes:
        firm: The firm.
        purpose: The word to show; empty for a firm's own workspace.
        as_of: When the record was last changed.
        window_start: First local day counted; missing where nothing was computed.
        window_days: Days counted.
        seats: People counted as selected: the first so many by readiness.
        audit: What was found; None where `withheld` says why, and where nobody has an estimate.
        left_out: People left out, because everybody else is open to the asker one by one.
        closed: Attributes not looked at, since somebody took their declaration back.
        recorded: The newest recorded audit; None where there is none.
        withheld: Why nothing is shown; None where something is.
    """

    firm: Firm
    purpose: str
    as_of: datetime | None
    window_start: date | None
    window_days: int
    seats: int
    audit: Audit | None
    left_out: int
    closed: tuple[str, ...]
    recorded: Recorded | None
    withheld: Withheld | None

    def json(self) -> dict[str, Any]:
        """The keys every surface uses."""
        return {
            **dated_head(self.firm, self.purpose, self.as_of),
            "window_start": self.window_start.isoformat() if self.window_start else None,
            "window_days": self.window_days,
            "finding": finding(self),
            "selected": self.seats,
            "audit": _plain(self.audit),
            "left_out": self.left_out,
            "closed": list(self.closed),
            "recorded": {"audit_on": self.recorded.audit_on.isoformat(), "by": self.recorded.by,
                         "fresh": self.recorded.is_fresh} if self.recorded else None,
            "withheld": self.withheld.json() if self.withheld else None,
        }  # fmt: skip

    @property
    def summary(self) -> str:
        """What is recorded of it: the finding, then every sentence."""
        told = self.audit.sentences if self.audit else ()
        return " ".join((f"{finding(self)}.", *told))


def fairness(
    gate: Gate, snapshot: Snapshot, sessions: sessionmaker[Session], *, today: date, seats: int = 0
) -> FairnessReport:
    """Audit the newest estimates.

    Args:
        gate: Who asks; an owner, a manager or a reviewer.
        snapshot: The record.
        sessions: Sessions on the database of decisions.
        today: The day from which the age of the recorded audit is counted.
        seats: People to count as selected, moved to the nearest line of the sweep; a tenth of those ranked unless given.

    Raises:
        ForbiddenError: Whoever asks is none of these.
    """
    if gate.principal.role == "technician":
        raise ForbiddenError(
            "a technician may not read the fairness audit: that takes owner or manager or reviewer",
            hint="Ask them what it found; your own declaration is on your page.",
        )
    here = _here(snapshot)
    people = _beside(gate, here)
    told = release_group(
        gate, declared(sessions), len(people),
        lambda groups: release_group(
            gate, prepared(snapshot), len(people), lambda known: _audited(known, snapshot, people, groups, seats)
        ),
    )  # fmt: skip
    shut = told if isinstance(told, Withheld) else None
    found = None if isinstance(told, Withheld) else told
    return FairnessReport(
        firm=snapshot.firm,
        purpose=purpose_word(snapshot.firm),
        as_of=snapshot.manifest.made_at,
        window_start=found.span.start_on if found else None,
        window_days=found.span.days if found else 0,
        seats=found.seats if found else 0,
        audit=found.audit if found and found.audit.estimated else None,
        left_out=len(here) - len(people),
        closed=found.closed if found else (),
        recorded=_recorded(sessions, today),
        withheld=shut,
    )


@dataclass(frozen=True, slots=True)
class _Found:
    audit: Audit
    seats: int
    span: Span
    closed: tuple[str, ...]


def audited(snapshot: Snapshot, sessions: sessionmaker[Session]) -> None:
    """Make the audit that somebody who may see everybody would ask for first; it stays sealed and kept.

    Args:
        snapshot: The record.
        sessions: Sessions on the database of decisions.
    """
    people, known = _here(snapshot), prepared(snapshot)
    declared(sessions).map(lambda groups: known.map(lambda told: _audited(told, snapshot, people, groups, 0)))


def _here(snapshot: Snapshot) -> list[str]:
    return sorted(s.person_id for s in staff(snapshot) if s.left_on is None and s.is_listed)


def _beside(gate: Gate, here: Sequence[str]) -> tuple[str, ...]:
    """Everybody, but for a few who are not open to the asker while all others are: figures would give these away."""
    alone = gate.seen_alone(here)
    few = [p for p in here if p not in alone and p != gate.principal.person_id]
    return tuple(p for p in here if p not in few) if alone and 0 < len(few) < MIN_GROUP else tuple(here)


def _audited(known: Prepared, snapshot: Snapshot, people: Sequence[str], groups: Counted, seats: int) -> _Found:
    stands = {one.person_id: one.value for one in known.standing.people}
    ranked = [p for p in known.standing.order if p in set(people)]
    count = _on_a_line(seats or max(1, round(TOP_SHARE * len(ranked))), len(ranked))
    labels = {name: tuple(told.get(p) for p in people) for name, told in groups.labels.items()}
    first = set(ranked[:count])
    found = kept(
        snapshot,
        ("audit", tuple(people), tuple(labels.items()), count),
        lambda: audit(
            [stands.get(p) for p in people],
            labels,
            chosen=[p in first if p in ranked else None for p in people],
            evidence=evidence(snapshot, people, known.span),
        ),
    )
    return _Found(found, count, known.span, groups.closed)


def _on_a_line(wanted: int, ranked: int) -> int:
    """The nearest place five people apart from the middle, where the sweep draws its lines.

    Two audits with one more selected would tell what this one declared.
    """
    middle = ranked // 2
    lines = range(middle % MIN_GROUP or MIN_GROUP, max(ranked, MIN_GROUP + 1), MIN_GROUP)
    return min(lines, key=lambda line: (abs(line - wanted), line))


def _recorded(sessions: sessionmaker[Session], today: date) -> Recorded | None:
    with sessions() as session:
        newest = session.scalars(
            select(FairnessAudit).order_by(FairnessAudit.audit_on.desc(), FairnessAudit.id.desc())
        ).first()
        return Recorded(newest.audit_on, newest.recorded_by, (today - newest.audit_on).days) if newest else None


def finding(report: FairnessReport) -> str:
    """What the audit says first."""
    if report.withheld:
        return "Too few people for an audit"
    if report.audit is None:
        return "Nobody has an estimate yet, so there is nothing to audit"
    if report.closed and not report.audit.is_declared:
        return f"Declared groups are not shown until five declarations have changed; {_proxies(report.audit)}"
    return f"{_groups(report.audit)}; {_proxies(report.audit)}"


def _groups(found: Audit) -> str:
    if not found.is_declared:
        return "No group is declared, so rates cannot be compared"
    lowest = [ratio for one in found.tables for rate in one.rates if (ratio := rate.ratio)]
    if not lowest:
        return "Too few declared a group for rates to be compared"
    clear = sum(r.high is not None and r.high < 1 and r.q_value <= FALSE_SHARE for r in lowest)
    if clear and len(lowest) == 1:
        return "The one ratio between groups stands out"
    if clear:
        return f"{clear} of {len(lowest)} ratios between groups {'stands' if clear == 1 else 'stand'} out"
    return "No difference between groups can be told from chance"


def _proxies(found: Audit) -> str:
    looked = [one for one in found.proxies.predicted if one.p_value is not None] if found.proxies else []
    if not found.proxies or not looked:
        return "no proxy could be looked for"
    moved = {e.attribute for e in found.proxies.effects if e.found} | {p.attribute for p in looked if p.found}
    count = _word(len(looked))
    if not moved:
        return f"{count} {'proxy was' if len(looked) == 1 else 'proxies were'} looked for and none found"
    return f"of {count} proxies looked for, {_word(len(moved))} found"


def _word(number: int) -> str:
    words = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    return words[number] if number < len(words) else str(number)


def drafts(report: FairnessReport, *, today: date) -> Mapping[str, str]:
    """The two drafts as Markdown: `summary` for New York's Local Law 144, `assessment` for an impact assessment.

    Args:
        report: The audit.
        today: The day it is made.

    Raises:
        NotFoundError: There is no audit to make them from.
    """
    if report.audit is None:
        raise NotFoundError("there is no audit to make a draft from", hint="See what is said on the page.")
    start, days = report.window_start, report.window_days
    until = start + timedelta(days=days - 1) if start else None
    word = f" ({report.purpose})" if report.purpose else ""
    facts = {
        "firm": f"{report.firm.name}{word}",
        "tool": f"Cadre {__version__}",
        "audited_on": f"{today.isoformat()}, by the firm itself",
        "data_source": "The firm's own record of work: what the estimates rest on",
        "data_from": start.isoformat() if start else None,
        "data_until": until.isoformat() if until else None,
        "affected": f"{report.audit.people} people on the staff",
        "complaints": "On each person's own page: every row can be contested, and is answered with a reason",
    }
    return {"summary": bias_audit_summary(report.audit, facts), "assessment": impact_assessment(report.audit, facts)}


def _plain(value: Any) -> Any:
    """An audit as plain values; estimates with the keys every surface uses."""
    if isinstance(value, Estimate | Abstained):
        return value.json()
    if is_dataclass(value):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, tuple) else value


def heading(one: Table) -> str:
    """What a table is about, such as `Selected, by sex`."""
    return f"{OUTCOMES[one.outcome].capitalize()}, by {one.attribute}"


def reading(one: Table, rate: GroupRate) -> str:
    """What a group's ratio can mean, by the rule that every surface uses."""
    return sentences.finding(rate, one.chance)


def power(rate: GroupRate) -> str:
    """What so many people could have shown; empty where there is no ratio."""
    return sentences.seen(rate.ratio.power) if rate.ratio else ""
