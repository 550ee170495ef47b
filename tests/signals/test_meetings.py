"""The floor and what came of decisions, counted by hand."""

from typing import Any

import pytest

from tests.signals.talk import WINDOW, at, evidence, record, turn, values


def _said(
    ordinal: int, who: str, *acts: str, meeting: str = "v", hours: float | None = None, **told: Any
) -> dict[str, Any]:
    when = ordinal / 60 if hours is None else hours
    return turn(f"{meeting}{ordinal:02}", who, when, *acts, table="utterances", where=meeting, ordinal=ordinal, **told)


def test_a_question_that_somebody_else_takes_up_gives_the_floor() -> None:
    told = record(
        _said(0, "a0", "question"), _said(1, "a1", "answer"),  # answered at once
        _said(2, "a0", "question"), _said(3, "a0", "status"), _said(4, "a2", to="v02"),  # a reply after one turn more
        _said(5, "a0", "request"), _said(6, "a1", "status"),  # passed over
        _said(7, "a0", "question"), _said(8, "a0", "status"), _said(9, "a0", "status"), _said(10, "a1", "answer"),
        _said(11, "a0", "acknowledgement"), _said(12, "a0", "question"),
    )  # fmt: skip

    # Eight turns of a0 at the floor (a short sign of listening is none), two of them handed over.
    assert values("floor_given_share", told)["p0"] == (0.25, 8)
    assert values("floor_given_share", told)["p1"] == (0.0, 3)
    assert [row["record_id"] for row in evidence("floor_given_share", told) if row["effect"]] == ["v00", "v02"]


def test_turns_that_could_not_be_read_still_stand_between() -> None:
    told = record(
        _said(0, "a0", "question"), _said(1, "a1", is_readable=False), _said(2, "a2", "answer"),
    )  # fmt: skip

    assert values("floor_given_share", told)["p0"] == (0.0, 1)


def test_another_meeting_answers_nothing() -> None:
    told = record(_said(0, "a0", "question"), _said(1, "a1", "answer", meeting="w"))

    assert values("floor_given_share", told)["p0"] == (0.0, 1)


MEETINGS = [{"meeting_id": name, "ticket_id": f"t{name}", **at(0)} for name in "vwx"]


def _step(meeting: str, who: str, hours: float, kind: str = "note") -> dict[str, Any]:
    return {"event_id": f"{meeting}{who}{hours}", "ticket_id": f"t{meeting}", "kind": kind, "actor_account_id": who,
            **at(hours)}  # fmt: skip


def test_decisions_count_once_a_meeting_and_by_what_others_then_did() -> None:
    speaker = "a0 at meetings"
    told = record(
        _said(0, speaker, "decision"), _said(1, speaker, "instruction"), _said(2, speaker, "status", meeting="w"),
        _said(0, speaker, "decision", meeting="w"), _said(0, speaker, "instruction", meeting="x"),
        meetings=MEETINGS,
        ticket_events=[
            _step("v", "a1", 24),
            _step("w", "a0", 24), _step("w", "client", 24), _step("w", "bot", 24), _step("w", "a1", -1), _step("w", "a1", 24 * 6),
        ],
        time_entries=[{"time_entry_id": "h", "ticket_id": "tx", "account_id": "a2", "hours": 1.0, **at(48)}],
    )  # fmt: skip

    # v and x were taken up; on w only the person's own other account, a client, a bot, before and too late.
    assert values("followed_through_share", told) == {"p0": (pytest.approx(2 / 3), 3)}
    assert [row["effect"] for row in evidence("followed_through_share", told)] == [1.0, 0.0, 1.0]


def test_meetings_about_no_ticket_and_those_too_new_say_nothing() -> None:
    newest = 24 * ((WINDOW.end - at(0)["local_at"].date()).days - 5)
    late = [{"meeting_id": "v", "ticket_id": "tv", **at(newest)}]

    assert values("followed_through_share", record(_said(0, "a0", "decision", meeting="y"), meetings=MEETINGS)) == {}
    assert values("followed_through_share", record(_said(0, "a0", "decision", hours=newest), meetings=late)) == {}
    assert values("followed_through_share", record(_said(0, "a0", "decision", hours=newest - 24), meetings=late)) != {}
