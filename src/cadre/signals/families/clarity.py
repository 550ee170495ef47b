"""Clarity by what came of it: whether others had to ask back, and whether they have to more often under load.

How a text reads is not counted: the parts of clarity failed their study (`docs/explanation/clarity.md`). Here a turn was
clear where the one who replied went on, and not clear where the reply shows that it was not enough.
"""

import ibis
import ibis.expr.types as ir
from ibis import _

from cadre.signals.partial import daily, share
from cadre.signals.signal import Signal, Tables, Window
from cadre.signals.turns import LEAST_WORDS, LIKELY, REPLY_DAYS, accounts_of, does, exchanges

_INFORMATIVE = ("answer", "explanation", "instruction", "status", "decision")
_INSIDE, _OUTSIDE = 1, 0


def _replied(tables: Tables) -> ir.Table:
    """Informative turns that got a reply by somebody else, with whether any reply asked back (1 or 0)."""
    pairs = exchanges(tables)
    pairs = pairs.filter(
        does(pairs, *_INFORMATIVE, before="parent_")
        & (pairs.parent_word_count >= LEAST_WORDS)
        & pairs.asks_back.notnull()
    )
    heard = _by_whom_it_was_for(pairs, tables)
    asked = heard.mutate(asked_back=(heard.asks_back >= LIKELY).ifelse(1.0, 0.0))
    whole = asked.group_by(
        record_table=asked.parent_record_table,
        record_id=asked.parent_record_id,
        account_id=asked.parent_account_id,
        occurred_at=asked.parent_occurred_at,
        local_at=asked.parent_local_at,
    )
    return whole.agg(asked_back=asked.asked_back.max())


def _by_whom_it_was_for(pairs: ir.Table, tables: Tables) -> ir.Table:
    """On tickets only the client's reply to what the client was told, and colleagues' to what the client does not see."""
    events = tables["ticket_events"]
    public = (events.visibility == "public") | (events.visibility.isnull() & (events.kind == "reply"))
    written = events.select(event_id="event_id", is_public=public.fill_null(False), ticket_id="ticket_id")
    askers = tables["tickets"].select("ticket_id", "requester_account_id")
    written = written.left_join(askers, "ticket_id").drop("ticket_id_right", "ticket_id")
    clients = accounts_of(tables, "client").distinct().mutate(is_client=True)
    joined = pairs.left_join(written, pairs.parent_record_id == written.event_id)
    joined = joined.left_join(clients, "account_id").drop("account_id_right")
    by_client = joined.is_client.fill_null(False) | (joined.account_id == joined.requester_account_id).fill_null(False)
    return joined.filter((joined.record_table != "ticket_events") | (joined.is_public == by_client))


def _repair_partials(tables: Tables) -> ir.Table:
    said = _replied(tables)
    return daily(said, quantity=said.asked_back)


def _repair_evidence(tables: Tables) -> ir.Table:
    said = _replied(tables)
    return _rows(
        said, (said.asked_back > 0).ifelse("told something; the reply asked back", "told something; no asking back")
    )


def _under_load(tables: Tables) -> ir.Table:
    """The same turns, each inside (1) or outside (0) a span with an urgent or major ticket open anywhere in the firm."""
    said = _replied(tables)
    spans = _apart(tables["stress_windows"].filter(_.kind.isin(["urgent", "major"])))
    held = said.join(spans, [said.occurred_at >= spans.started_at, said.occurred_at < spans.ended_at])
    held = held.select("record_table", "record_id").distinct().mutate(is_inside=True)
    joined = said.left_join(held, ["record_table", "record_id"]).drop("record_table_right", "record_id_right")
    return joined.mutate(bin=joined.is_inside.fill_null(False).ifelse(_INSIDE, _OUTSIDE)).drop("is_inside")


def _apart(spans: ir.Table) -> ir.Table:
    """Overlapping spans joined, so that an instant lies in at most one."""
    order = ibis.window(order_by=["started_at", "ended_at"], preceding=(None, 1))
    seen = spans.mutate(until=spans.ended_at.max().over(order))
    begins = seen.mutate(begins=(seen.started_at <= seen.until).fill_null(False).ifelse(0, 1))
    upto = ibis.window(order_by=["started_at", "ended_at"], preceding=(None, 0))
    numbered = begins.mutate(number=begins.begins.sum().over(upto))
    joined = numbered.group_by("number").agg(started_at=numbered.started_at.min(), ended_at=numbered.ended_at.max())
    return joined.select("started_at", "ended_at")


def _load_partials(tables: Tables) -> ir.Table:
    said = _under_load(tables)
    return daily(said, quantity=said.asked_back, bin_=said.bin)


def _load_value(partials: ir.Table, window: Window) -> ir.Table:
    """Share inside less share outside; n is the smaller count, and both add to the variance (Agresti and Caffo 2000)."""
    del window
    inside = partials.bin == _INSIDE
    sums = partials.group_by("person_id").agg(
        n_in=inside.ifelse(partials.n, 0).sum(), k_in=inside.ifelse(partials.total, 0.0).sum(),
        n_out=inside.ifelse(0, partials.n).sum(), k_out=inside.ifelse(0.0, partials.total).sum(),
    )  # fmt: skip
    both = sums.filter((sums.n_in > 0) & (sums.n_out > 0))
    # One turn of each kind is added on both sides, so that shares of 0 and 1 are not taken for sure.
    p_in, p_out = (both.k_in + 1) / (both.n_in + 2), (both.k_out + 1) / (both.n_out + 2)
    return both.select(
        "person_id",
        raw_value=both.k_in / both.n_in - both.k_out / both.n_out,
        variance=p_in * (1 - p_in) / (both.n_in + 2) + p_out * (1 - p_out) / (both.n_out + 2),
        n=ibis.least(both.n_in, both.n_out),
    )


def _load_evidence(tables: Tables) -> ir.Table:
    said = _under_load(tables)
    is_inside, asked = said.bin == _INSIDE, said.asked_back > 0
    under = asked.ifelse("told under load; the reply asked back", "told under load; no asking back")
    calm = asked.ifelse("told in calm; the reply asked back", "told in calm; no asking back")
    return _rows(said, is_inside.ifelse(under, calm))


def _rows(said: ir.Table, note: ir.StringValue) -> ir.Table:
    return said.select(
        "account_id", "record_table", "record_id", "occurred_at", "local_at", effect=said.asked_back, note=note
    )


_CONVERSATIONS = (("messages",), ("ticket_events",), ("utterances",))
_COUNTED = (
    "turns of at least four words that answer, explain, instruct, decide or tell the state and got a reply by somebody else "
    f"within {REPLY_DAYS} days"
)
_READER = (
    "Whether a reply asks back is read by a model that finds about a quarter of those that do and is right in two of three "
    "(docs/explanation/clarity.md), so that the share lies below the true one for everybody"
)
_NOT_FOR_GROUPS = (
    "Never compare groups of people by it: of replies that ask back, the model finds 40% of native speakers' and 29% of other "
    "speakers' (measured on public meetings, docs/explanation/validity.md), so that the share depends on who replies."
)

SIGNALS: tuple[Signal, ...] = (
    Signal(
        name="repair_share",
        label="Replies that ask back",
        family="clarity",
        unit="share",
        direction="low",
        scale="logit",
        min_n=30,
        needs=_CONVERSATIONS,
        horizon_days=REPLY_DAYS + 1,
        grade="C",
        sentence="Replies asked back about {value} of what they told others ({n} turns that got a reply).",
        explanation=f"Counted are {_COUNTED}; of these, the share where a reply asks what was meant or asks again. What a client "
        "was told on a ticket counts only where the client replies, internal notes only where a colleague does. "
        f"{_READER}. How a text reads is not judged. Hard topics and new colleagues are asked back about more.",
        reference="Other-initiated repair: Schegloff, Jefferson and Sacks 1977; Dingemanse et al. 2015.",
        caution=_NOT_FOR_GROUPS,
        partials=_repair_partials,
        value=share,
        evidence=_repair_evidence,
    ),
    Signal(
        name="clarity_under_stress",
        label="Asking back under load, against calm",
        family="clarity",
        unit="points",
        direction="low",
        scale="identity",
        min_n=20,
        needs=(("messages", "tickets"), ("ticket_events", "tickets"), ("utterances", "tickets")),
        horizon_days=REPLY_DAYS + 1,
        grade="C",
        sentence="Replies asked back {value} more often while an urgent ticket was open (at least {n} turns in each).",
        explanation=f"Counted are {_COUNTED}; the share that a reply asks back about while an urgent or major ticket was open "
        "anywhere in the firm, less the share at other times. Below zero is less asking back under load. The person is "
        "compared with themselves; but what there is to tell differs too. Missing where either side has too few turns, such "
        f"as where some ticket is always urgent. {_READER}, on both sides alike.",
        reference="Difference of two shares: Agresti and Caffo 2000; the Leadership DNA framework, 'clarity under pressure'.",
        caution=_NOT_FOR_GROUPS,
        partials=_load_partials,
        value=_load_value,
        evidence=_load_evidence,
    ),
)
