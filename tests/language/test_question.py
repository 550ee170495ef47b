"""What counts as asking and as an answer, from annotations."""

from datetime import datetime, timedelta
from typing import Any

import ibis
import pyarrow as pa
import pytest

from cadre.language import answers, questions
from cadre.records import BY_NAME, DERIVED_BY_NAME

AT = datetime(2026, 3, 2, 9)


def tables(**rows: list[dict[str, Any]]) -> dict[str, ibis.Table]:
    schemas = {
        **{n: t.stored_schema() for n, t in BY_NAME.items()},
        **{n: t.schema() for n, t in DERIVED_BY_NAME.items()},
    }
    return {name: ibis.memtable(pa.Table.from_pylist(rows.get(name, []), schema)) for name, schema in schemas.items()}


def said(key: str, account: str, minutes: int) -> dict[str, Any]:
    at = AT + timedelta(minutes=minutes)
    return {
        "message_id": key,
        "channel_id": "c",
        "account_id": account,
        "kind": "message",
        "occurred_at": at,
        "local_at": at,
    }


def link(key: str, parent: str, probability: float) -> dict[str, Any]:
    return {"record_table": "messages", "record_id": key, "parent_id": parent, "probability": probability, "place": 1}


MESSAGES = [said("q", "amy", 0), said("a", "ben", 3), said("again", "cleo", 5), said("far", "dan", 9)]


def made(*links: dict[str, Any], named: dict[str, list[str]] | None = None) -> dict[str, ibis.Table]:
    acts = [
        {"message_id": "q", "act_question": 0.9, "act_request": 0.1},
        {"message_id": "a", "act_question": 0.1, "act_request": 0.2},
        {"message_id": "again", "act_question": 0.8, "act_request": 0.1},
        {"message_id": "far", "act_question": 0.1, "act_request": 0.1},
    ]
    messages = [row | {"mention_account_ids": (named or {}).get(row["message_id"])} for row in MESSAGES]
    found = tables(messages=messages, message_annotations=acts, reply_links=list(links))
    found["questions"] = ibis.memtable(questions(found).to_pyarrow().cast(DERIVED_BY_NAME["questions"].schema()))
    return found


@pytest.mark.parametrize(
    ("question", "request_", "expected"), [(0.5, 0.0, 1), (0.0, 0.5, 1), (0.49, 0.49, 0), (None, None, 0)]
)
def test_a_turn_asks_where_a_question_or_a_request_is_more_likely_than_not(
    question: Any, request_: Any, expected: int
) -> None:
    acts = [{"message_id": "q", "act_question": question, "act_request": request_}]

    assert expected == questions(tables(messages=MESSAGES, message_annotations=acts)).count().to_pyarrow().as_py()


def test_a_likely_link_to_a_question_is_an_answer_and_an_unlikely_one_is_not() -> None:
    found = answers(made(link("a", "q", 0.8), link("far", "q", 0.3))).to_pyarrow()

    assert ["a"] == found.column("answer_id").to_pylist()


def test_who_asks_back_has_not_answered() -> None:
    assert 0 == answers(made(link("again", "q", 0.9))).to_pyarrow().num_rows


def test_what_names_several_people_answers_nobody_by_a_guess() -> None:
    sure = link("a", "q", 0.9)
    told = [
        answers(made(sure, named={"a": people})).count().to_pyarrow().as_py() for people in (["amy"], ["amy", "dan"])
    ]

    assert [1, 0] == told
