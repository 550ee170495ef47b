"""Helpers and whether they are named, counted by hand."""

from typing import Any

from tests.signals.solved import solved, step, ticket
from tests.signals.talk import at, evidence, record, values

NAME = "credit_given_share"


def _named(hours: float, *who: str, where: str = "t", by: str = "a0") -> dict[str, Any]:
    return step(f"{where} {by} {hours}", by, hours, where, "resolved", mention_account_ids=list(who))


def _told(*events: dict[str, Any], more: tuple[str, ...] = (), **told: Any) -> dict[str, tuple[Any, int]]:
    keys = ("t", *more)
    made = record(
        tickets=[ticket(key, requester_account_id="a5") for key in keys],
        ticket_expectations=[solved(key, 10) for key in keys],
        ticket_events=list(events),
        **told,
    )
    behind = [row for row in evidence(NAME, made) if row["other_account_id"] != "client"]
    assert len(behind) == sum(n for _, n in values(NAME, made).values())
    return values(NAME, made)


def test_naming_counts_by_helper_once_a_ticket() -> None:
    told = _told(
        step("x", "a1", 1, "t"),
        step("xx", "a1", 2, "t"),
        step("y", "a2", 3, "t", "reply"),
        _named(10, "a1"),
        _named(11, "a1"),
    )

    assert told == {"p0": (0.5, 2)}


def test_booked_time_is_help_and_only_what_came_before_the_resolution() -> None:
    booked = [{"time_entry_id": "b", "account_id": "a1", "ticket_id": "t", "hours": 1.0, **at(4)}]

    assert _told(step("late", "a2", 12, "t"), _named(10, "a1", "a2"), time_entries=booked) == {"p0": (1.0, 1)}


def test_naming_before_the_help_long_after_it_or_by_others_earns_nothing() -> None:
    told = _told(
        step("x", "a1", 5, "t"), _named(4, "a1"), _named(10 + 24 * 15, "a1"), _named(6, "a1", by="a3"),
        step("y", "a1", 5, "u"), _named(10, "a1", where="u"), more=("u",),
    )  # fmt: skip

    assert told == {"p0": (0.5, 2)}


def test_naming_who_did_not_help_earns_nothing() -> None:
    told = _told(step("x", "a1", 5, "t"), _named(10, "a2", "a3", "a4"), step("y", "a1", 5, "u"),
                 _named(10, "a1", where="u"), more=("u",))  # fmt: skip

    assert told == {"p0": (0.5, 2)}


def test_holders_the_requester_and_clients_are_no_helpers() -> None:
    told = _told(
        step("h", "a1", 1, "t", "handed_over", from_account_id="a1", to_account_id="a0"),
        step("x", "a1", 0.5, "t"), step("y", "a5", 2, "t"), step("z", "client", 2, "t"), step("w", "a2", 2, "t"),
        _named(10, "a2"),
    )  # fmt: skip

    assert told == {"p0": (1.0, 1)}


def test_where_a_source_names_nobody_nothing_is_said() -> None:
    made = record(
        tickets=[ticket("t"), ticket("u", source="other")],
        ticket_expectations=[solved("t", 10), solved("u", 10, "a3")],
        ticket_events=[step("x", "a1", 1, "t"), step("y", "a1", 1, "u"), _named(10, "a1")],
    )

    assert values(NAME, made) == {"p0": (1.0, 1)}
