"""How much of a person's scheduled time left a trace: hours with one over hours scheduled, as the newest refresh found them.

Keeps true: a person without a schedule has no share, never a zero. What counts as a trace stands in `exposure.trace`.
"""

from collections.abc import Mapping

from cadre.reports.kept import kept
from cadre.reports.measure import Span
from cadre.warehouse import Snapshot


def seen_shares(snapshot: Snapshot, span: Span) -> Mapping[str, float]:
    """Person -> share of scheduled hours with a trace, 0-1; persons without a schedule are not there.

    Args:
        snapshot: The record.
        span: The window to look at.
    """
    if span.start_on is None:
        return {}
    return kept(snapshot, ("seen", span), lambda: _shares(snapshot, span))


def _shares(snapshot: Snapshot, span: Span) -> dict[str, float]:
    table = snapshot.table("seen_hours")
    inside = table.filter((table.window_start == span.start_on) & (table.window_days == span.days))
    rows = snapshot.rows(inside.select("person_id", "scheduled_count", "seen_count"))
    return {row["person_id"]: row["seen_count"] / row["scheduled_count"] for row in rows}
