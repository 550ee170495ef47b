"""Answers that explain and articles that others use, counted by hand."""

from typing import Any

import pytest

from tests.signals.solved import step
from tests.signals.talk import at, evidence, record, rows, turn, values

ARTICLE = [{"article_id": "d", "account_id": "a0", **at(0)}, {"article_id": "dd", "account_id": "a0", **at(0)}]


def _question(key: str, who: str = "a1") -> dict[str, Any]:
    return {"question_id": key, "record_table": "messages", "account_id": who, **at(0)}


def _answer(question: str, key: str, hours: float, who: str = "a0", table: str = "messages") -> dict[str, Any]:
    return {"question_id": question, "answer_id": key, "record_table": table, "account_id": who, **at(hours)}


def test_answers_that_explain_are_a_share_of_those_read() -> None:
    told = record(
        turn("yes", "a0", 1, "answer", act_explanation=0.2), turn("why", "a0", 2, "answer", act_explanation=0.7),
        turn("log", "a0", 3, is_readable=False, act_explanation=0.9),
        turn("said", "a0", 4, table="utterances", act_explanation=0.5), turn("note", "a0", 5, table="ticket_events", act_explanation=0.1),
        questions=[_question("q")],
        answers=[_answer("q", "yes", 1), _answer("q", "why", 2), _answer("q", "log", 3), _answer("q", "said", 4, table="utterances"),
                 _answer("q", "note", 5, table="ticket_events")],
    )  # fmt: skip

    assert values("explanation_share", told) == {"p0": (0.5, 4)}
    assert sum(row["effect"] for row in evidence("explanation_share", told)) == 2


def test_many_short_lines_count_as_one_long_one() -> None:
    told = record(
        turn("sure", "a0", 1, act_explanation=0.1), turn("because", "a0", 1.1, act_explanation=0.8),
        turn("no", "a0", 2, act_explanation=0.1), turn("much later", "a0", 2.2, act_explanation=0.8),
        turn("elsewhere", "a0", 2.1, where="other", act_explanation=0.8), turn("other", "a2", 2.1, act_explanation=0.8),
        questions=[_question("q"), _question("p")],
        answers=[_answer("q", "sure", 1), _answer("p", "no", 2)],
    )  # fmt: skip

    assert values("explanation_share", told) == {"p0": (0.5, 2)}


def test_one_answer_to_two_questions_of_one_colleague_is_one() -> None:
    told = record(turn("why", "a0", 2, act_explanation=0.7), questions=[_question("q"), _question("p"), _question("o", "client")],
                  answers=[_answer(q, "why", 2) for q in "qpo"])  # fmt: skip

    assert values("explanation_share", told) == {"p0": (1.0, 1)}


def test_what_is_written_in_a_thread_a_week_later_answers_nothing() -> None:
    hours = (7 * 24.0, 7 * 24 + 1.0)
    told = record(*(turn(str(n), "a0", n, act_explanation=0.7) for n in hours), questions=[_question("q"), _question("p")],
                  answers=[_answer(q, str(n), n) for q, n in zip("qp", hours, strict=True)])  # fmt: skip

    assert values("explanation_share", told) == {"p0": (1.0, 1)}


def _use(key: str, hours: float, who: str = "a1", where: str | None = None, article: str = "d") -> dict[str, Any]:
    return {"event_id": key, "article_id": article, "kind": "linked" if where else "viewed", "account_id": who,
            "ticket_id": where, **at(hours)}  # fmt: skip


def _month(*who: str) -> list[dict[str, Any]]:
    """Twenty active days of each."""
    return [step(f"{name} {day}", name, 24.0 * day, "t") for name in who or ("a0",) for day in range(20)]


def _uses(*events: dict[str, Any]) -> dict[str, tuple[Any, int]]:
    told = record(articles=ARTICLE, article_events=list(events), ticket_events=_month())
    return values("knowledge_reuse", told)


@pytest.mark.parametrize(
    ("events", "uses"),
    [
        ([], 0),
        ([_use("l", 1, where="t")], 1),
        ([_use("l", 1, where="t"), _use("k", 50, "a2", "t"), _use("m", 99, where="t")], 1),
        ([_use("l", 1, where="t"), _use("k", 2, where="t", article="dd")], 1),
        ([_use("l", 1, where="t"), _use("k", 1, where="s"), _use("m", 1, "a2", "r")], 3),
        ([_use("v", 1), _use("w", 2), _use("x", 24), _use("y", 1, "a2")], 3),
        ([_use("l", 1, "a0", "t"), _use("v", 1, "a0 at meetings"), _use("c", 1, "client")], 0),
        ([_use("l", 24.0 * day, where=f"t{day}") for day in range(9)], 4),
    ],
    ids=["unused", "a ticket", "a ticket once", "two articles on a ticket", "three tickets", "a view a day", "own and client",
         "four of one colleague"],
)  # fmt: skip
def test_uses_by_others_are_counted_once_a_ticket_or_a_day(events: list[dict[str, Any]], uses: int) -> None:
    assert _uses(*events)["p0"] == (uses, 20)


def test_uses_count_in_the_year_after_writing_and_against_active_days() -> None:
    old = [*ARTICLE, {"article_id": "old", "account_id": "a0", **at(-366 * 24.0)}]
    used = [_use("l", 0.5, where="t", article="old"), _use("k", 0.5, where="s")]

    assert values("knowledge_reuse", record(articles=old, article_events=used, ticket_events=_month()))["p0"] == (1, 20)
    half = record(articles=ARTICLE, article_events=used, ticket_events=_month()[:10])
    assert values("knowledge_reuse", half)["p0"] == (2, 10)


def test_who_has_nothing_to_do_with_articles_is_left_out() -> None:
    told = record(articles=ARTICLE, article_events=[_use("v", 1)], ticket_events=_month("a0", "a1", "a2"))

    assert set(rows("knowledge_reuse", told)) == {"p0", "p1"}
    assert {row["account_id"] for row in evidence("knowledge_reuse", told)} == {"a0", "a1"}
