"""Team effect: how teammates' tickets go while a person is there, against while another of the team is.

The fit is a stage (`exposure.lift`, written to `team_effects`); here its figures are read and the tickets behind them named.
Both are trials: what study says of them stands in docs/explanation/team-lift.md.
"""

from collections.abc import Callable

import ibis
import ibis.expr.types as ir
from ibis import _

from cadre.exposure.lift import TAIL, outcomes, persons, presence
from cadre.signals.signal import Signal, Tables, Window

LEAST_TICKETS = 100


def _partials(outcome: str) -> Callable[[Tables], ir.Table]:
    """One row a person on the last day the fit read; `total` is value times n, `total_sq` the variance."""

    def partials(tables: Tables) -> ir.Table:
        fitted = tables["team_effects"].filter(_.outcome == outcome)
        return fitted.select(
            "account_id", "n",
            other_account_id=ibis.null("string"),
            day=fitted.local_at.date(),
            bin=ibis.null("int64"),
            total=fitted.value * fitted.n,
            total_sq=fitted.variance,
        )  # fmt: skip

    return partials


def _value(partials: ir.Table, window: Window) -> ir.Table:
    """The fitted figure and its variance, as they were written."""
    del window
    sums = partials.group_by("person_id").agg(n=partials.n.sum(), x=partials.total.sum(), v=partials.total_sq.max())
    return sums.select("person_id", "n", raw_value=sums.x / sums.n, variance=sums.v)


def _beside(tables: Tables) -> ir.Table:
    """Teammates' tickets with each person of whom something was fitted and who was there on the day they were opened."""
    accounts = persons(tables).group_by("person_id").agg(account_id=_.account_id.min())
    fitted = tables["team_effects"].select("person_id").distinct()
    there = presence(tables).join(fitted, "person_id").join(accounts, "person_id")
    there = there.select("account_id", "team_id", "day", mate_id="person_id")
    joined = outcomes(tables).join(there, ["team_id", "day"])
    return joined.filter(joined.mate_id != joined.person_id)


def _rows(table: ir.Table, effect: ir.FloatingValue, note: ir.StringValue) -> ir.Table:
    return table.select(
        "account_id", "occurred_at", "local_at",
        record_table=ibis.literal("tickets"),
        record_id="ticket_id",
        other_account_id=ibis.null("string"),
        effect=effect,
        note=note,
    )  # fmt: skip


def _lift_evidence(tables: Tables) -> ir.Table:
    rows = _beside(tables)
    return _rows(rows, -rows.log_ratio, ibis.literal("a teammate's ticket, opened while they were there"))


def _steadiness_evidence(tables: Tables) -> ir.Table:
    tickets = outcomes(tables)
    ends = tickets.group_by("team_id").agg(slow=tickets.log_ratio.quantile(TAIL))
    rows = _beside(tables).join(ends, "team_id")
    slow = rows.log_ratio > rows.slow
    return _rows(
        rows,
        slow.ifelse(-1.0, 0.0),
        slow.ifelse("a teammate's slow ticket, opened while there", "a teammate's ticket in time, opened while there"),
    )


_CANNOT = (
    "Read over up to two years, since half a year of leaves and days off tells little, and told against the other teammates, "
    "since somebody is always there. It cannot tell why: help, good hand-overs, taking the hard cases oneself, or days off that "
    "fall on quiet days look the same. Effects that come slowly, or while the person is away, are not seen. Missing for teams of "
    "two and for who was hardly ever away. Its intervals are somewhat too narrow (docs/explanation/team-lift.md)."
)
_REFERENCE = "Adjusted plus-minus (Rosenbaum 2004; Ilardi and Barzilai 2008), regularised (Sill 2010); on cross-fitted expectations."

SIGNALS: tuple[Signal, ...] = (
    Signal(
        name="team_lift",
        label="Teammates' speed while there",
        family="team",
        unit="saved",
        direction="high",
        scale="identity",
        min_n=LEAST_TICKETS,
        needs=(("tickets", "people"),),
        horizon_days=0,
        grade="C",
        sentence="Teammates' tickets opened while they were there took {value} less of the hours expected than while another was "
        "({n} tickets).",
        explanation="For tickets of teammates, never their own: log hours saved against what the case leads one to expect, on days "
        "the person was there against days another of the team was, each holder's own speed, the month and how many were there "
        "taken out. " + _CANNOT,
        reference=_REFERENCE,
        partials=_partials("hours"),
        value=_value,
        evidence=_lift_evidence,
        is_experimental=True,
    ),
    Signal(
        name="team_steadiness",
        label="Teammates' slow tickets while there",
        family="team",
        unit="points",
        direction="high",
        scale="identity",
        min_n=LEAST_TICKETS,
        needs=(("tickets", "people"),),
        horizon_days=0,
        grade="C",
        sentence="Of 100 teammates' tickets opened while they were there, {value} fewer were very slow for their case than while "
        "another was there ({n} tickets).",
        explanation="The same for the slow tail: the fifth of the team's tickets that took longest for their case. "
        + _CANNOT,
        reference=_REFERENCE,
        partials=_partials("tail"),
        value=_value,
        evidence=_steadiness_evidence,
        is_experimental=True,
    ),
)
