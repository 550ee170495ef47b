"""What governs agents: the most specific setting holds, and what nobody told is the firm's."""

from datetime import UTC, datetime, timedelta

from cadre.governance.governing import Governing

NOW = datetime(2026, 5, 4, 9, tzinfo=UTC)


def test_a_client_of_whom_no_hours_were_told_is_in_the_firms_zone() -> None:
    told = Governing({("hours", "", "acme", ""): {"zone": "Asia/Tokyo"}}, zone="Europe/Berlin")

    zones = [told.standing("bot", client, "tool", (), NOW).hours.zone for client in ("beta", "acme")]

    assert ["Europe/Berlin", "Asia/Tokyo"] == zones


def test_a_standing_that_was_worked_out_does_not_outlive_its_day() -> None:
    told = Governing(machines={"bot": (NOW.date(), None)})

    actual = [
        told.standing("bot", "acme", "tool", (), NOW + timedelta(hours=hours)).is_registered for hours in (0, 1, 24)
    ]
    expected = [True, True, False]

    assert expected == actual


def test_a_setting_that_is_taken_away_is_gone_from_a_standing_that_was_worked_out() -> None:
    told = Governing({("switch", "bot", "", ""): True})

    with_it = told.standing("bot", "acme", "tool", (), NOW).switches
    without = told.without("switch", "bot", "", "").standing("bot", "acme", "tool", (), NOW).switches

    assert (1, 0) == (len(with_it), len(without))
