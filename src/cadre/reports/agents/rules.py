"""The policies in words with what each of them did of late: how often it decided, and which acts."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from cadre.access.principal import Principal
from cadre.db.governance import ActionDecision
from cadre.errors import NotFoundError
from cadre.policy.source import Rule
from cadre.reports.agents.brief import Brief, brief
from cadre.reports.agents.policy import Policies

DAYS = 30
MOST_SHOWN = 100
_MOST_READ = 20_000


@dataclass(frozen=True, slots=True)
class RulesReport:
    """The rules and how often each decided.

    Attributes:
        policies: What holds.
        counts: Decisions of the last 30 days in which a rule forbade or raised, by its id.
        decisions: All decisions that were looked at: the newest 20,000 of that time.
    """

    policies: Policies
    counts: Mapping[str, int]
    decisions: int

    @property
    def dead(self) -> Mapping[str, str]:
        """Why a rule can never decide anything, by its id."""
        return {finding.rule.name: finding.text for finding in self.policies.findings}

    def json(self) -> dict[str, Any]:
        """The keys every surface uses."""
        return {"version": self.policies.version, "decisions": self.decisions, "rules": [
            {**asdict(rule), "is_own": is_own, "decided": self.counts.get(rule.name, 0), "dead": self.dead.get(rule.name, "")}
            for some, is_own in ((self.policies.own, True), (self.policies.cadres, False)) for rule in some
        ]}  # fmt: skip


@dataclass(frozen=True, slots=True)
class RuleReport:
    """One rule with the newest acts it had a say in."""

    rule: Rule
    did: tuple[Brief, ...]

    def json(self) -> dict[str, Any]:
        """The keys every surface uses."""
        return {"rule": asdict(self.rule), "decisions": [asdict(one) for one in self.did]}


def rules_report(principal: Principal, sessions: sessionmaker[Session], found: Policies, now: datetime) -> RulesReport:
    """The rules with how often each decided in the last 30 days.

    Args:
        principal: Who asks.
        sessions: On the database of decisions.
        found: What holds.
        now: End of the time.
    """
    del principal  # every account may read the rules that machines follow
    wanted = (
        select(ActionDecision.record).where(ActionDecision.at >= now - timedelta(days=DAYS), ActionDecision.at < now)
        .order_by(ActionDecision.at.desc()).limit(_MOST_READ).execution_options(yield_per=1000)
    )  # fmt: skip
    counts: Counter[str] = Counter()
    total = 0
    with sessions() as session:
        for text in session.scalars(wanted):
            counts.update(json.loads(text)["policy_ids"])
            total += 1
    return RulesReport(found, dict(counts), total)


def rule_report(principal: Principal, sessions: sessionmaker[Session], found: Policies, name: str) -> RuleReport:
    """One rule and the newest acts in which it forbade or raised.

    Raises:
        NotFoundError: There is no such rule.
    """
    del principal
    rule = next((one for one in (*found.own, *found.cadres) if one.name == name), None)
    if rule is None:
        raise NotFoundError("there is no such rule", hint="Take one from the list.")
    wanted = (
        select(ActionDecision).where(ActionDecision.record.contains(json.dumps(name), autoescape=True))
        .order_by(ActionDecision.at.desc()).limit(2 * MOST_SHOWN)
    )  # fmt: skip
    with sessions() as session:
        did = [brief(row) for row in session.scalars(wanted) if name in json.loads(row.record)["policy_ids"]]
    return RuleReport(rule, tuple(did[:MOST_SHOWN]))
