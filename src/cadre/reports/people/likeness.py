"""How like the firm's own leads a person is: those who turned out well, and those who did not, as both were known beforehand.

An overlap of what is known, never a chance, and nothing about fewer than five leads of a kind. It opens as readiness does.
"""

from collections.abc import Mapping, Sequence

from cadre.estimate import Measured
from cadre.readiness.competency import LEADING, Competence
from cadre.readiness.leader import likeness
from cadre.reports.readiness import Outcome, Prepared, prepared
from cadre.reports.release import READINESS, Gate, release_persons
from cadre.warehouse import Snapshot

KINDS = {"well": True, "not_well": False}
LABELS = {"well": "Leads who turned out well here", "not_well": "Leads who did not"}


def like_leads(gate: Gate, snapshot: Snapshot, person_id: str, outcomes: Sequence[Outcome]) -> Mapping[str, Measured]:
    """Kind of lead -> overlap with one person, 0-1; empty without outcomes, or where readiness is not open to the asker.

    Args:
        gate: Who asks.
        snapshot: The record.
        person_id: Key of the person.
        outcomes: How the firm's own leads turned out.
    """
    if not outcomes:
        return {}
    sealed = prepared(snapshot, outcomes)
    released = release_persons(gate, sealed, [person_id], Prepared.only, kind=READINESS)
    if released.withheld:
        return {}
    # Somebody who leads here already is not held against themselves.
    others = [(o.went_well, {n: (m, v) for n, m, v in o.known}) for o in outcomes if o.person_id != person_id]
    own = _known(released.content.competence, person_id)
    return {kind: likeness(own, others, LEADING, went_well=well) for kind, well in KINDS.items()}


def _known(told: Competence, person_id: str) -> dict[str, tuple[float, float]]:
    if person_id not in told.people:
        return {}
    i = told.people.index(person_id)
    seen = {name: one for name, one in told.measured.items() if one.seen[i]}
    return {name: (float(one.mean[i]), float(one.variance[i])) for name, one in seen.items()}
