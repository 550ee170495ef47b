"""What pages about people rest on, worked out before anybody asks, so that a first look waits for nothing.

Keeps true: nothing is opened here; what is worked out stays sealed and kept, as the same page would have kept it. Tables that
follow from the record are stored by the refresh; this reads them, and fits what decisions of the firm change.
"""

from sqlalchemy.orm import Session, sessionmaker

from cadre.reports.measure import readings, window
from cadre.reports.readiness import prepared
from cadre.reports.roster import staff
from cadre.reports.seats.seats import outcomes
from cadre.reports.seen import seen_shares
from cadre.reports.signals.flags import standing
from cadre.reports.signals.trend import months
from cadre.reports.teams.reliance import resting
from cadre.reports.teams.ties import drawn
from cadre.reports.trust.fairness import audited
from cadre.signals.network import NETWORKS
from cadre.warehouse import Snapshot

MOST_AUDITED = 200
"""People up to whom the audit is made ahead: of a thousand it takes many seconds, for which agents' decisions would wait."""


def ready(snapshot: Snapshot, sessions: sessionmaker[Session]) -> None:
    """Work out what the pages of people rest on, the most asked for first.

    Args:
        snapshot: The record.
        sessions: Sessions on the database of decisions.
    """
    people, span = {each.person_id: each for each in staff(snapshot)}, window(snapshot)
    if span.start_on is None:
        return
    readings(snapshot)
    seen_shares(snapshot, span)
    standing(snapshot)
    months(snapshot, span)
    for told in {(), outcomes(sessions)}:
        prepared(snapshot, told)
    resting(snapshot)
    drawn(snapshot, NETWORKS[0].name, span, people)
    if len(people) <= MOST_AUDITED:
        audited(snapshot, sessions)
