"""How long a question waited at each person it was put to; one without an answer waited to a stated end.

Keeps true: an unanswered question is counted as still waiting at the end, never dropped. The end is `HORIZON_HOURS`
working hours after the question, or the end of the record where that comes first.
"""

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from cadre.exposure.working_hours import working_hours
from cadre.records import Firm

HORIZON_HOURS = 40.0
"""A working week: an answer after it is not one that the asker could wait for."""


def question_waits(tables: Mapping[str, ir.Table], firm: Firm) -> ir.Table:
    """Questions put to accounts, with the wait there, in the schema of `question_waits`."""
    questions, targets, answers = tables["questions"], tables["question_targets"], tables["answers"]
    asked = questions.select("question_id", "record_table", "occurred_at", "local_at", asker_account_id="account_id")
    given = answers.select("question_id", "account_id", "answer_id", answered_local_at="local_at")
    put = targets.select("question_id", "account_id").join(asked, "question_id")
    put = put.left_join(given, ["question_id", "account_id"]).drop("question_id_right", "account_id_right")
    newest = questions.agg(end_local_at=questions.local_at.max())
    put = put.cross_join(newest)
    answered = working_hours(put.local_at, put.answered_local_at, firm)
    left = working_hours(put.local_at, put.end_local_at, firm)
    in_time = put.answer_id.notnull() & (answered <= HORIZON_HOURS)
    return put.select(
        "question_id", "record_table", "account_id", "asker_account_id", "occurred_at", "local_at",
        answer_id=in_time.ifelse(put.answer_id, ibis.null("string")),
        waited_hours=ibis.coalesce(
            in_time.ifelse(answered, ibis.least(left, ibis.literal(HORIZON_HOURS))), ibis.literal(0.0)
        ),
    ).filter(ibis._.local_at.notnull())  # fmt: skip
