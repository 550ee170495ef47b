"""How long a question waited at each person it was put to, by that person's own working hours.

Keeps true: an unanswered question is counted as still waiting at the end, never dropped; the clock stands still while
the person is off, on leave or not with the firm. The end is `HORIZON_HOURS` of the person's hours after the question, or
the end of the record where that comes first, and then it is not yet known whether it was left unanswered.
"""

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from cadre.exposure.clock import with_calendar, with_hours

HORIZON_HOURS = 40.0
"""A working week: an answer after it is not one that the asker could wait for."""


def question_waits(tables: Mapping[str, ir.Table]) -> ir.Table:
    """Questions put to accounts, with the wait there, in the schema of `question_waits`."""
    questions, targets, answers = tables["questions"], tables["question_targets"], tables["answers"]
    asked = questions.select("question_id", "record_table", "occurred_at", "local_at", asker_account_id="account_id")
    given = answers.select("question_id", "account_id", "answer_id", answered_local_at="local_at")
    put = targets.select("question_id", "account_id").join(asked, "question_id")
    put = put.left_join(given, ["question_id", "account_id"]).drop("question_id_right", "account_id_right")
    newest = questions.agg(end_local_at=questions.local_at.max())
    put = with_calendar(put.cross_join(newest), tables)
    put = with_hours(put, tables, answered=("local_at", "answered_local_at"), left=("local_at", "end_local_at"))
    week = ibis.literal(HORIZON_HOURS)
    in_time = put.answer_id.notnull() & (put.answered <= HORIZON_HOURS).fill_null(False)
    left = ibis.least(ibis.coalesce(put.left, ibis.literal(0.0)), week)
    return put.select(
        "question_id", "record_table", "account_id", "asker_account_id", "occurred_at", "local_at",
        answer_id=in_time.ifelse(put.answer_id, ibis.null("string")),
        waited_hours=in_time.ifelse(put.answered, left),
        is_over=left >= week,
    ).filter(ibis._.local_at.notnull())  # fmt: skip
