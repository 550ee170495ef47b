"""Craft: how a person's own tickets went, against what their cases lead one to expect. An axis of its own."""

import ibis
import ibis.expr.types as ir
from ibis import _

from cadre.signals.partial import against, bin_of, daily, mean_against
from cadre.signals.signal import Signal, Tables, Window

_RATING_SPREAD = 0.25
"""Spread of clients' ratings about what the case leads one to expect, 0-1: one step of a survey of five."""
_RARE = 0.05
"""Expected shares nearer to 0 or 1 are taken for this in the spread, so that one rare mishap is not a dozen spreads."""
BREADTH_TICKETS = 50
"""Topics are counted as of so many tickets."""


def _speed_partials(tables: Tables) -> ir.Table:
    solved = tables["ticket_expectations"]
    return against(solved, quantity=-solved.log_ratio, doubt=solved.doubt_hours)


def _speed_evidence(tables: Tables) -> ir.Table:
    solved = tables["ticket_expectations"]
    return _rows(solved, -solved.log_ratio, "resolved, against the hours expected for its case")


def _difficulty_partials(tables: Tables) -> ir.Table:
    solved = tables["ticket_expectations"]
    return against(solved, quantity=solved.difficulty, doubt=solved.doubt_difficulty)


def _difficulty_evidence(tables: Tables) -> ir.Table:
    solved = tables["ticket_expectations"]
    return _rows(solved, solved.difficulty, "resolved, of this difficulty")


def _quality(tables: Tables) -> ir.Table:
    """Resolved tickets of which it is known how they were received: the mean of what is known, in spreads of the outcome."""
    solved = tables["ticket_expectations"]
    likely = ibis.least(ibis.greatest(solved.expected_reopened, ibis.literal(_RARE)), ibis.literal(1 - _RARE))
    # The engines' least and greatest pass over what is missing; the difference before it stays missing.
    stayed = (solved.expected_reopened - solved.reopened) / (likely * (1 - likely)).sqrt()
    pleased = (solved.rating_share - solved.expected_rating_share) / _RATING_SPREAD
    known = stayed.notnull().cast("float64") + pleased.notnull().cast("float64")
    quality = (stayed.fill_null(0.0) + pleased.fill_null(0.0)) / known.nullif(0.0)
    doubt = stayed.notnull().ifelse(solved.doubt_reopened / (likely * (1 - likely)).sqrt(), 0.0)
    doubt += pleased.notnull().ifelse(solved.doubt_rating_share / _RATING_SPREAD, 0.0)
    return solved.mutate(quality=quality, doubt=doubt / known.nullif(0.0)).filter(_.quality.notnull())


def _quality_partials(tables: Tables) -> ir.Table:
    solved = _quality(tables)
    return against(solved, quantity=solved.quality, doubt=solved.doubt)


def _quality_evidence(tables: Tables) -> ir.Table:
    solved = _quality(tables)
    return _rows(solved, solved.quality, "resolved; staying solved and the client's rating against its case (sd)")


def _topics(tables: Tables) -> ir.Table:
    return tables["ticket_expectations"].filter(_.topic.notnull())


def _breadth_partials(tables: Tables) -> ir.Table:
    solved = _topics(tables)
    return daily(solved, quantity=ibis.literal(1.0), bin_=bin_of(solved.topic))


def _breadth_value(partials: ir.Table, window: Window) -> ir.Table:
    """Topics that `BREADTH_TICKETS` of the person's tickets, drawn without replacement, hold on average.

    The chance that a topic of c tickets out of N is missed is C(N - c, m) / C(N, m); with c short factors in place of m it
    is ((N - m - (c - 1) / 2) / (N - (c - 1) / 2))^c, exact for one ticket. The variance is that of topics drawn or not, with a
    third for each topic met once for those not met at all: a choice that covered drawn records of 12 and of 60 topics.
    """
    del window
    kinds = partials.group_by("person_id", "bin").agg(c=_.n.sum())
    every = kinds.group_by("person_id").agg(n=_.c.sum())
    joined = kinds.join(every, "person_id")
    half = (joined.c - 1) / 2
    drawn = ibis.least(joined.n, ibis.literal(BREADTH_TICKETS))
    missed = (ibis.greatest(joined.n - drawn - half, ibis.literal(0.0)) / (joined.n - half)).pow(joined.c)
    again = (1 - joined.c / joined.n).pow(BREADTH_TICKETS)
    told = joined.mutate(found=1 - missed, unsure=again * (1 - again)).group_by("person_id").agg(
        n=_.n.max(), raw_value=_.found.sum(), unsure=_.unsure.sum(), once=(_.c == 1).ifelse(1.0, 0.0).sum()
    )  # fmt: skip
    spread = told.unsure + ibis.greatest(told.once / 3, ibis.literal(0.25))
    return told.select("person_id", "n", "raw_value", variance=spread * BREADTH_TICKETS / told.n)


def _breadth_evidence(tables: Tables) -> ir.Table:
    return _rows(_topics(tables), ibis.literal(1.0), "resolved; its topic counts once, however many there are of it")


def _rows(solved: ir.Table, effect: ir.FloatingValue, note: str) -> ir.Table:
    return solved.select(
        "account_id", "occurred_at", "local_at",
        record_table=ibis.literal("tickets"),
        record_id="ticket_id",
        other_account_id=ibis.null("string"),
        effect=effect,
        note=ibis.literal(note),
    )  # fmt: skip


SIGNALS: tuple[Signal, ...] = (
    Signal(
        name="adjusted_speed",
        label="Speed for the case",
        family="craft",
        unit="saved",
        direction="high",
        scale="identity",
        min_n=20,
        needs=(("tickets",),),
        horizon_days=30,
        grade="C",
        sentence="Resolved tickets {value} faster than expected for their case ({n} tickets; below zero is slower).",
        explanation="Hours the person was at work from opening to resolution against what type, topic, priority, client, "
        "channel, first team, time of opening and open work of the team lead one to expect. The expectation is fitted "
        "without the person's own tickets. The mean of log hours saved, about a share. Waiting for a client counts as open time.",
        reference="Cross-fitted ridge on log hours (Hoerl and Kennard 1970; Chernozhukov et al. 2018).",
        partials=_speed_partials,
        value=mean_against,
        evidence=_speed_evidence,
    ),
    Signal(
        name="difficulty_solved",
        label="Difficulty of what they solve",
        family="craft",
        unit="sd",
        direction="high",
        scale="identity",
        min_n=20,
        needs=(("tickets",),),
        horizon_days=30,
        grade="C",
        sentence="Resolved tickets of difficulty {value} against the firm's mean ({n} tickets).",
        explanation="Expected log hours of the tickets the person resolved, in standard deviations of all the firm's "
        "tickets. What somebody is given depends on role and queue as well as on skill.",
        reference="The same expectation as for speed.",
        partials=_difficulty_partials,
        value=mean_against,
        evidence=_difficulty_evidence,
    ),
    Signal(
        name="adjusted_quality",
        label="Quality for the case",
        family="craft",
        unit="sd",
        direction="high",
        scale="identity",
        min_n=20,
        needs=(("tickets", "ratings"), ("tickets", "ticket_events"), ("tickets",)),
        horizon_days=30,
        grade="C",
        sentence="Resolved tickets turned out {value} from what their cases lead one to expect ({n} tickets; above zero is "
        "better).",
        explanation="For each ticket the person resolved, the mean of what is known of: that it was not reopened, against how "
        "often such cases are, and its client's rating, against what such cases get, each in its usual spread. Fitted without "
        "the person's own tickets. Agreements kept or missed are left out: their clock runs on through nights, leave and free "
        "days, so that part-time and shifts would move it; speed in hours at work is a signal of its own. Clients who rate are "
        "not all clients. Missing where the source tells neither.",
        reference="Standardised differences of outcomes from their expectation (Pearson residuals; McCullagh and Nelder 1989).",
        partials=_quality_partials,
        value=mean_against,
        evidence=_quality_evidence,
    ),
    Signal(
        name="topic_breadth",
        label="Breadth of topics solved",
        family="craft",
        unit="topics",
        direction="high",
        scale="identity",
        min_n=BREADTH_TICKETS,
        needs=(("tickets",),),
        horizon_days=30,
        grade="C",
        sentence=f"Every {BREADTH_TICKETS} tickets they resolved held {{value}} on average ({{n}} tickets).",
        explanation="Distinct topics (the category a ticket is filed under, else the group its words fall into) among the "
        f"tickets the person resolved, as of {BREADTH_TICKETS} tickets, so that part-time, leave and busy queues do not move "
        "it. What somebody is given depends on role and queue, and who resolves may file. Missing under "
        f"{BREADTH_TICKETS} tickets with a topic.",
        reference="Rarefaction (Hurlbert 1971; Heck, van Belle and Simberloff 1975).",
        partials=_breadth_partials,
        value=_breadth_value,
        evidence=_breadth_evidence,
    ),
)
