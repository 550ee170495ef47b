"""Spans of heavy work: a major or urgent ticket open, an agreement nearly broken, an unusual number of new tickets.

Keeps true: a span comes from tickets alone, never from what anybody said, so that it tells the situation and nobody's
state. Its limits:

- Priority and "major" are as the firm declared them; where everything is urgent, nothing is.
- A span says that a team, or somebody in it, was under load; not that a given person was.
- A ticket that stays open longer than `LONGEST_DAYS` is no longer handled in haste: the span ends there. One that the source
  never closes counts for `OPEN_HOURS`.
- A surge needs six active days of the team: with fewer, no day can lie two deviations above their mean. It is judged against
  all days of the record, also later ones. On the day the clocks change it may be an hour off.
- A ticket without a team counts for the firm; work that never became a ticket is not seen.
"""

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir
from ibis import _

MOST_URGENT, URGENT = 1, 2
"""Priorities that count as urgent, 1 the most: "critical" and "high" of the usual impact-by-urgency matrix (ITIL 4)."""
OPEN_HOURS = 24
LONGEST_DAYS = 7
DUE_BEFORE_HOURS, DUE_AFTER_HOURS = 2, 8
"""An agreement presses from two hours before it is due; a working day after, it is simply late."""
SURGE_DEVIATIONS, SURGE_LEAST = 2.0, 5
"""A surge lies above mean + 2 sd of the team's active days (Shewhart's warning limit) and has at least so many tickets."""

Tables = Mapping[str, ir.Table]
_COLUMNS = ("kind", "team_id", "ticket_id", "started_at", "ended_at")


def stress_windows(tables: Tables) -> ir.Table:
    """Spans of heavy work, in the schema of `stress_windows`.

    Args:
        tables: Reads `tickets`. A ticket whose opening is not told gives no span.

    Returns:
        One row a ticket and kind (`major`, `urgent`, `due`), and one a team and local day (`surge`). Spans may overlap.
    """
    dated = tables["tickets"].filter(_.occurred_at.notnull())
    opened = dated.occurred_at
    ended = ibis.coalesce(dated.resolved_at, dated.closed_at)
    longest = opened + ibis.interval(days=LONGEST_DAYS)
    over = ibis.coalesce(ended, opened + ibis.interval(hours=OPEN_HOURS))
    held = dated.mutate(started_at=opened, ended_at=(over > longest).ifelse(longest, over))
    return (
        _spans(held.filter(held.is_major.fill_null(False)), "major")
        .union(_spans(held.filter((held.priority >= MOST_URGENT) & (held.priority <= URGENT)), "urgent"))
        .union(_due(dated.mutate(ended_at=ended)))
        .union(_surges(dated))
    )


def _spans(held: ir.Table, kind: str) -> ir.Table:
    return held.filter(_.started_at < _.ended_at).mutate(kind=ibis.literal(kind)).select(*_COLUMNS)


def _due(dated: ir.Table) -> ir.Table:
    """From shortly before an agreement is due until resolution, or until it is simply late."""
    promised = dated.filter(dated.sla_due_at.notnull())
    near = promised.sla_due_at - ibis.interval(hours=DUE_BEFORE_HOURS)
    late = promised.sla_due_at + ibis.interval(hours=DUE_AFTER_HOURS)
    done = ibis.coalesce(promised.ended_at, late)
    held = promised.mutate(
        started_at=(promised.occurred_at > near).ifelse(promised.occurred_at, near),
        ended_at=(done > late).ifelse(late, done),
    )
    return _spans(held, "due")


def _surges(dated: ir.Table) -> ir.Table:
    """Local days on which a team got more tickets than it usually does."""
    local = dated.filter(dated.local_at.notnull())
    since = local.local_at.epoch_seconds() - local.local_at.date().cast("timestamp").epoch_seconds()
    begun = local.mutate(day=local.local_at.date(), midnight=local.occurred_at - since.as_interval("s"))
    days = begun.group_by("team_id", "day").agg(count=begun.count().cast("float64"), started_at=begun.midnight.min())
    team = ibis.window(group_by="team_id")
    usual = days.mutate(mean=days["count"].mean().over(team), sd=days["count"].std(how="sample").over(team))
    above = usual["count"] > usual["mean"] + SURGE_DEVIATIONS * usual["sd"]
    found = usual.filter(above & (usual["count"] >= SURGE_LEAST))
    return found.select(
        "team_id", "started_at",
        kind=ibis.literal("surge"),
        ticket_id=ibis.null("string"),
        ended_at=found.started_at + ibis.interval(hours=24),
    ).select(*_COLUMNS)  # fmt: skip
