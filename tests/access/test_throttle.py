"""Waiting grows with tries that failed, ends, and is counted by hand."""

from datetime import UTC, datetime, timedelta

import pytest

from cadre.access.throttle import BY_ADDRESS, BY_NAME, CLOSED, LONGEST, wait

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("failed", "seconds"), [(0, 0), (4, 0), (5, 2), (6, 4), (7, 8), (13, 512), (14, 900), (60, 900)]
)
def test_the_wait_doubles_from_the_fifth_try_up_to_a_quarter_of_an_hour(failed: int, seconds: int) -> None:
    assert timedelta(seconds=seconds) == wait([NOW] * failed, NOW, BY_NAME)


def test_waiting_helps() -> None:
    assert timedelta(seconds=3) == wait([NOW] * 6, NOW + timedelta(seconds=1), BY_NAME)
    assert timedelta() == wait([NOW] * 6, NOW + timedelta(seconds=4), BY_NAME)


def test_after_a_hundred_tries_a_name_is_closed_and_an_address_waits() -> None:
    assert CLOSED == wait([NOW] * 100, NOW + timedelta(days=10), BY_NAME)
    assert LONGEST == wait([NOW] * 100, NOW, BY_ADDRESS)


def test_old_tries_are_forgotten() -> None:
    assert timedelta() == wait([NOW] * 99, NOW + timedelta(days=91), BY_NAME)
    assert timedelta() == wait([NOW] * 99, NOW + timedelta(days=2), BY_ADDRESS)
