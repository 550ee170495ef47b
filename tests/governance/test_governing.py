"""What governs agents: the most specific setting holds, and what nobody told is the firm's."""

from datetime import UTC, datetime

from cadre.governance.governing import Governing

NOW = datetime(2026, 5, 4, 9, tzinfo=UTC)


def test_a_client_of_whom_no_hours_were_told_is_in_the_firms_zone() -> None:
    told = Governing({("hours", "", "acme", ""): {"zone": "Asia/Tokyo"}}, zone="Europe/Berlin")

    zones = [told.standing("bot", client, "tool", (), NOW).hours.zone for client in ("beta", "acme")]

    assert ["Europe/Berlin", "Asia/Tokyo"] == zones
