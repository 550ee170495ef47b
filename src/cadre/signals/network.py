"""Networks of who works with whom on tickets: handover, working together, subcontracting; pure lazy Ibis.

They count, they do not judge: who hands much on is a matter of role, and degree centrality is only weakly related to
leading (Ghaffar et al. 2018), so no estimate is made of them. Studies and later signals read them.
"""

import ibis
import ibis.expr.types as ir
from ibis import _

from cadre.signals.signal import Tables


def steps(tables: Tables) -> ir.Table:
    """Steps of tickets by somebody, in order.

    Args:
        tables: Canonical tables; reads `ticket_events`.

    Returns:
        One row per event with an actor: `ticket_id`, `actor` and `place`, its order within the ticket from 0: by time,
        then by file and line. Events without an actor are left out, so that the steps around them are consecutive.
    """
    events = tables["ticket_events"]
    done = events.filter(events.actor_account_id.notnull()).select(
        "ticket_id", "occurred_at", "source_file", "source_line", "event_id", actor="actor_account_id"
    )
    order = [done.occurred_at, done.source_file, done.source_line, done.event_id]
    place = ibis.row_number().over(group_by=done.ticket_id, order_by=order)
    return done.select("ticket_id", "actor", place=place)


def handover(table: ir.Table) -> ir.Table:
    """How often work went straight from one actor to another.

    Args:
        table: Rows of `steps`.

    Returns:
        One row per ordered pair: `source`, `target`, `times` (at least 1). Steps of one actor in a row do not count.

    References:
        van der Aalst, Reijers, Song, Discovering Social Networks from Event Logs, CSCW 14 (2005): handover of work,
        direct succession, counting multiple appearances.
    """
    pairs = table.select(source=_.actor.lag(1).over(_ordered(table)), target=_.actor)
    return _counted(pairs.filter(pairs.source.notnull() & (pairs.source != pairs.target)))


def working_together(table: ir.Table) -> ir.Table:
    """On how many tickets two actors both took a step.

    Args:
        table: Rows of `steps`.

    Returns:
        One row per pair, `source` before `target` as text: `source`, `target`, `times` (tickets).

    References:
        van der Aalst, Reijers, Song 2005, metrics based on joint cases; here as a count, not a share.
    """
    seen = table.select("ticket_id", "actor").distinct()
    other = seen.view()
    both = seen.join(other, [seen.ticket_id == other.ticket_id, seen.actor < other.actor], rname="other_{name}")
    return _counted(both.select(source=both.actor, target=both.other_actor))


def subcontracting(table: ir.Table) -> ir.Table:
    """How often work went from one actor to another and straight back.

    Args:
        table: Rows of `steps`.

    Returns:
        One row per ordered pair: `source` (who gave and got it back), `target` (who did it between), `times`.

    References:
        van der Aalst, Reijers, Song 2005: subcontracting in direct succession.
    """
    window = _ordered(table)
    runs = table.select(source=_.actor.lag(2).over(window), target=_.actor.lag(1).over(window), back=_.actor)
    found = runs.filter(runs.source.notnull() & (runs.source == runs.back) & (runs.target != runs.back))
    return _counted(found.select("source", "target"))


def _ordered(table: ir.Table) -> ibis.expr.builders.WindowBuilder:
    return ibis.window(group_by=table.ticket_id, order_by=table.place)


def _counted(pairs: ir.Table) -> ir.Table:
    return pairs.group_by("source", "target").agg(times=_.count())
