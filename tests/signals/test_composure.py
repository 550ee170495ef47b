"""What people do in incidents, counted by hand."""

from typing import Any

import pytest

from tests.signals.talk import WINDOW, at, evidence, record, rows, turn, values

INCIDENT = [{"channel_id": "i", "kind": "incident"}, {"channel_id": "c", "kind": "public"}]


def _said(who: str, n: int, *acts: str, hours: float = 0, **told: Any) -> list[dict[str, Any]]:
    return [turn(f"{who} {hours} {k} {acts}", who, hours + k / 60, *acts, **{"where": "i", **told}) for k in range(n)]


def test_coordinating_counts_against_others_turns_without_ones_own() -> None:
    told = record(
        *_said("a0", 3, "status"), *_said("a0", 1, "social"), *_said("a1", 1, "request"), *_said("a1", 4, "social"),
        channels=INCIDENT,
    )  # fmt: skip

    # a0: three of four against one of five; a1 has only four turns of others, too few.
    assert values("coordination_share", told) == {"p0": (pytest.approx(0.75 - 0.2), 4)}
    assert len(evidence("coordination_share", told)) == 4


def test_writing_more_of_the_same_does_not_raise_it() -> None:
    once, often = (
        record(*_said("a0", n, "status"), *_said("a0", n, "social"), *_said("a1", 6, "social"), channels=INCIDENT)
        for n in (5, 20)
    )

    assert values("coordination_share", once)["p0"][0] == values("coordination_share", often)["p0"][0] == 0.5


def test_only_incidents_near_days_and_staff_are_compared_with() -> None:
    mine = _said("a0", 2, "decision")
    for others in (
        _said("a1", 6, where="c"),
        _said("a1", 6, hours=24 * 3),
        _said("client", 6),
        _said("bot", 6),
        _said("a1", 6, is_readable=False),
    ):
        assert values("coordination_share", record(*mine, *others, channels=INCIDENT)) == {}


def test_comments_on_a_major_ticket_are_its_conversation() -> None:
    told: dict[str, Any] = {"table": "ticket_events", "where": "t", "kind": "note"}
    said = [*_said("a0", 2, "status", hours=1, **told), *_said("a1", 5, hours=1, **told)]

    for is_major, wanted in ((True, {"p0": (1.0, 2)}), (False, {})):
        tickets = [{"ticket_id": "t", "is_major": is_major, **at(0)}]
        assert values("coordination_share", record(*said, tickets=tickets)) == wanted


def _incident(key: str, done: float | None, **told: Any) -> dict[str, Any]:
    return {"ticket_id": key, "priority": 1, "resolver_account_id": "a0", **at(0),
            "resolved_at": at(done)["occurred_at"] if done is not None else None, **told}  # fmt: skip


def _reply(ticket: str, hours: float, who: str = "a0", **told: Any) -> dict[str, Any]:
    return {"event_id": f"{ticket} {hours} {who}", "ticket_id": ticket, "kind": "reply", "actor_account_id": who,
            "visibility": "public", **at(hours), **told}  # fmt: skip


def test_the_longest_silence_runs_from_opening_over_replies_to_resolution() -> None:
    told = record(
        tickets=[_incident("t", 6), _incident("u", 2, priority=3, is_major=True), _incident("v", 9, priority=2)],
        ticket_events=[
            _reply("t", 1), _reply("t", 5, "a1"), _reply("t", 2, visibility="private", kind="note"),
            _reply("t", 3, "client"), _reply("t", 3.5, "bot"), _reply("t", 7), _reply("u", 1, visibility=None),
        ],
    )  # fmt: skip

    # Four hours on t (any colleague's reply counts, notes and clients do not), one on u; v is not an incident.
    assert values("update_gap_hours", told) == {"p0": (pytest.approx(2.0), 2)}
    assert [(row["record_id"], row["effect"]) for row in evidence("update_gap_hours", told)] == [("t", 4.0), ("u", 1.0)]


def test_silence_before_one_got_it_is_not_ones_own() -> None:
    hold = {"ticket_id": "t", "account_id": "a0", "event_id": "h", **at(5)}
    told = record(tickets=[_incident("t", 6)], ticket_events=[_reply("t", 0.1)], ticket_holds=[hold])

    assert values("update_gap_hours", told) == {"p0": (pytest.approx(1.0), 1)}


@pytest.mark.parametrize("done", [None, 0.4, 24 * 15])
def test_open_very_short_and_very_long_incidents_tell_nothing(done: float | None) -> None:
    assert values("update_gap_hours", record(tickets=[_incident("t", done)], ticket_events=[_reply("t", 0.1)])) == {}


def test_a_ticket_whose_source_tells_no_replies_is_missing_and_not_silent() -> None:
    note = _reply("t", 1, kind="note", visibility=None)

    assert values("update_gap_hours", record(tickets=[_incident("t", 6)], ticket_events=[note])) == {}
    told = record(tickets=[_incident("t", 6)], ticket_events=[note | {"visibility": "private"}])
    assert values("update_gap_hours", told) == {"p0": (pytest.approx(6.0), 1)}


def test_few_alike_incidents_are_not_sure() -> None:
    told = record(
        tickets=[_incident(key, 2) for key in "tuv"],
        ticket_events=[_reply(key, 1) for key in "tuv"],
    )

    # No spread, two free observations, one of variance 1: a third, over three incidents.
    assert rows("update_gap_hours", told)["p0"]["variance"] == pytest.approx(1 / 9)


def _escalation(n: int, back: float | None = None, days: float = 0, **told: Any) -> dict[str, Any]:
    got, passed = at(24 * days), at(24 * days + 1)
    return {"ticket_id": f"t{n}", "account_id": "a0", "event_id": f"e{n}", **got, "passed_event_id": f"p{n}", "passed": 1.0,
            "passed_at": passed["occurred_at"], "passed_local_at": passed["local_at"], "to_account_id": None,
            "is_escalated": True, "came_back_at": None if back is None else at(24 * (days + back))["occurred_at"],
            **told}  # fmt: skip


def test_escalations_that_came_back_within_two_weeks_did_not_fit() -> None:
    held = [_escalation(0), _escalation(1, back=3), _escalation(2, back=20), _escalation(3, is_escalated=False)]
    kept = {**_escalation(4), "passed_at": None, "passed_local_at": None, "is_escalated": None}
    told = record(ticket_holds=[*held, kept])

    assert values("escalation_fit", told) == {"p0": (pytest.approx(2 / 3), 3)}
    assert [row["effect"] for row in evidence("escalation_fit", told)] == [1.0, 0.0, 1.0]


def test_escalations_too_new_to_know_are_not_counted_yet() -> None:
    newest = (WINDOW.end - at(0)["local_at"].date()).days - 14

    assert values("escalation_fit", record(ticket_holds=[_escalation(0, days=newest)])) == {}
    assert values("escalation_fit", record(ticket_holds=[_escalation(0, days=newest - 1)])) == {"p0": (1.0, 1)}
