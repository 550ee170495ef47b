"""Turns of conversations with what they do, and turns with who replied: what signals of conversation are formed from.

Keeps true: only turns that read as prose of a known language are here, since of others nothing is known; a bot says
nothing here, and a link counts only where it is likelier than not.
"""

import ibis
import ibis.expr.types as ir
from ibis import _

from cadre.records.derived import ACTS
from cadre.signals.signal import Tables

LIKELY = 0.5
"""A turn does what is likelier than not; at what this is right stands in `docs/explanation/reading.md`."""
LEAST_WORDS = 4
"""Fewer words tell too little to be clear or unclear, or to take up what was said (see `docs/explanation/clarity.md`)."""
REPLY_DAYS = 7
"""A reply later than a week is not taken for one: people have gone on, and links so far back are seldom right."""

_READ = (
    ("messages", "message_annotations", "message_id", "account_id"),
    ("ticket_events", "ticket_annotations", "event_id", "actor_account_id"),
    ("utterances", "utterance_annotations", "utterance_id", "account_id"),
)
_TOLD = ("word_count", "asks_back", "constructive", *(f"act_{act}" for act in ACTS))


def turns(tables: Tables) -> ir.Table:
    """What was said and could be read.

    Returns:
        One row a message, ticket comment or utterance: `record_table`, `record_id`, `container_id` (channel, ticket or
        meeting), `account_id`, `occurred_at`, `local_at`, `word_count`, and the probabilities `asks_back`, `constructive`
        and `act_*`. A turn at no known time is left out.
    """
    said = ibis.union(*(_read(tables, *names) for names in _READ))
    return said.anti_join(accounts_of(tables, "bot"), "account_id")


def _read(tables: Tables, record: str, annotation: str, key: str, account: str) -> ir.Table:
    rows = tables[record]
    rows = rows.select("occurred_at", "local_at", record_id=key, account_id=account)
    told = tables[annotation].filter(_.is_readable & _.act_question.notnull())
    joined = rows.join(told.select("container_id", *_TOLD, record_id=key), "record_id")
    kept = joined.filter(joined.account_id.notnull() & joined.local_at.notnull())
    return kept.select("record_id", "container_id", "account_id", "occurred_at", "local_at", *_TOLD,
                       record_table=ibis.literal(record))  # fmt: skip


def exchanges(tables: Tables) -> ir.Table:
    """Turns and each reply to them by another account, at most `REPLY_DAYS` later.

    Returns:
        The columns of `turns` for the reply, and the same with `parent_` before for the turn it answers.
    """
    said = turns(tables)
    links = tables["reply_links"]
    sure = links.filter((links.place == 1) & links.parent_id.notnull() & (links.probability >= LIKELY))
    sure = sure.select("record_table", "record_id", parent_record_table="record_table", parent_record_id="parent_id")
    before = said.rename({f"parent_{name}": name for name in said.columns}).view()
    replies = said.join(sure, ["record_table", "record_id"]).join(before, ["parent_record_table", "parent_record_id"])
    waited = replies.local_at.epoch_seconds() - replies.parent_local_at.epoch_seconds()
    return replies.filter(
        (replies.account_id != replies.parent_account_id) & (waited >= 0) & (waited <= REPLY_DAYS * 86_400)
    )


def does(table: ir.Table, *acts: str, before: str = "") -> ir.BooleanValue:
    """Whether a turn likely does any of some acts.

    Args:
        table: Rows with the columns of `turns`.
        acts: Some of `records.derived.ACTS`.
        before: What stands before the column names, such as `parent_`.
    """
    found: ir.BooleanValue = ibis.literal(value=False)
    for act in acts:
        found |= (table[f"{before}act_{act}"] >= LIKELY).fill_null(False)
    return found


def accounts_of(tables: Tables, *kinds: str) -> ir.Table:
    """`account_id` of accounts known to be of some kinds: `client`, `bot`."""
    return tables["person_accounts"].filter(_.kind.isin(kinds)).select("account_id")
