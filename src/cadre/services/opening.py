"""Writing down who saw what: one transaction a request, before its answer leaves."""

from collections.abc import Sequence

from sqlalchemy import insert

from cadre.access.principal import Principal
from cadre.clock import Clock
from cadre.db.stewardship import Opened
from cadre.services.actor import happened
from cadre.services.unit_of_work import UnitOfWork
from cadre.stewardship.opening import Opening, viewer_key


def record_openings(principal: Principal, work: UnitOfWork, clock: Clock, openings: Sequence[Opening]) -> None:
    """Add a row for each person and kind that was opened.

    Args:
        principal: Who looked.
        work: The transaction.
        clock: Tells when.
        openings: What was opened in one request; nothing is written where nothing was.
    """
    if not openings:
        return
    who = {
        "viewer_key": viewer_key(principal.name, principal.account_id),
        "viewer": principal.name,
        "role": principal.role,
        "opened_at": clock.now(),
    }
    rows = [
        {**who, "person_id": o.person_id, "kind": o.kind, "purpose": o.purpose, "policies": " ".join(o.rules)}
        for o in openings
    ]
    with work:
        work.session.execute(insert(Opened), rows)
        shown: dict[str, list[Opening]] = {}
        for each in openings:
            shown.setdefault(each.person_id, []).append(each)
        for person, theirs in shown.items():
            told = [[each.kind, each.purpose, *each.rules] for each in theirs]
            work.record(happened(principal, clock, "person:opened", about=[person], shown=told))
        work.commit()
