"""What the release rule asks about persons: who was told and when, who leads whom, which reviews are finished.

Pure: rows were read elsewhere (`reports.facts`). Missing is never taken for yes: with no facts at all nobody was told.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from cadre.policy.engine import Fact


@dataclass(frozen=True, slots=True)
class Asker:
    """Whoever asks, as far as the rule looks at them.

    Attributes:
        role: `owner`, `manager`, `reviewer` or `technician`.
        person_id: Their own key on the staff; missing where they are not on it.
        workspace: `study` or `firm`.
        purpose: What they ask for.
    """

    role: str
    person_id: str | None
    workspace: str
    purpose: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known about everybody at one instant.

    Attributes:
        told_days: Person -> whole days since they confirmed the notice that holds now; others have not.
        delivered: Persons to whom that notice was delivered.
        leads: Person -> whom they report to; persons of whom no roster tells are not there.
        answered: Persons of whom the asker finished a blind review.
        finished_reviews: Person -> blind reviews of them that are finished; none where not there.
        not_seeking: Persons who said that they seek no lead role.
        audit_age_days: Whole days since the newest fairness audit; missing where there was none.
        open_contests: Keys of contests that wait for an answer.
    """

    told_days: Mapping[str, int] = field(default_factory=dict)
    delivered: frozenset[str] = frozenset()
    leads: Mapping[str, str] = field(default_factory=dict)
    answered: frozenset[str] = frozenset()
    finished_reviews: Mapping[str, int] = field(default_factory=dict)
    not_seeking: frozenset[str] = frozenset()
    audit_age_days: int | None = None
    open_contests: tuple[int, ...] = ()

    def about(self, asker: Asker, person_id: str) -> dict[str, Fact]:
        """What the schema's `Facts` lists, for one person."""
        made: dict[str, Fact] = {
            "workspace": asker.workspace,
            "purpose": asker.purpose,
            "is_self": asker.person_id is not None and asker.person_id == person_id,
            "is_lead": self.is_lead(asker, person_id),
            "has_answered": person_id in self.answered,
            "finished_reviews": self.finished_reviews.get(person_id, 0),
            "is_seeking": person_id not in self.not_seeking,
            "size": 0,
        }
        if self.audit_age_days is not None:
            made["audit_age_days"] = self.audit_age_days
        if person_id in self.told_days:
            made["told_days"] = self.told_days[person_id]
        return made

    def is_lead(self, asker: Asker, person_id: str) -> bool:
        """Whether a person reports to the asker, directly or through others.

        Where the roster names no leads at all, every manager and the owner lead; where it does, whoever has none
        reports to the owner.
        """
        if asker.person_id == person_id:
            return False
        above = list(chain(self.leads, person_id))
        if asker.person_id is not None and asker.person_id in above:
            return True
        if above:
            return False
        return asker.role == "owner" or (asker.role == "manager" and not self.leads)


def of_group(asker: Asker, size: int) -> dict[str, Fact]:
    """The facts of a request about a group that names nobody."""
    return {
        "workspace": asker.workspace, "purpose": asker.purpose, "is_self": False, "is_lead": False,
        "has_answered": False, "finished_reviews": 0, "is_seeking": True, "size": size,
    }  # fmt: skip


def chain(leads: Mapping[str, str], person_id: str) -> Iterable[str]:
    """Everybody above a person, nearest first; a circle in the roster ends it."""
    seen = {person_id}
    at = leads.get(person_id)
    while at is not None and at not in seen:
        yield at
        seen.add(at)
        at = leads.get(at)
