"""A clock that goes on tells every instant but those before one it told, with a little slack."""

from datetime import timedelta

import pytest

from cadre.clock import OnwardClock
from cadre.errors import ClockError
from tests.services.door import TurnedClock
from tests.services.ledger import AT


def test_it_goes_on_and_forgives_a_small_step_back() -> None:
    told = TurnedClock(AT)
    clock = OnwardClock(told, slack=timedelta(seconds=60))
    heard = []
    for seconds in (0, 10, -60, 60, 3_600):
        told.turn(seconds=seconds)
        heard.append((clock.now() - AT).total_seconds())

    assert [0, 10, -50, 10, 3_610] == heard


def test_it_stops_telling_where_it_was_set_back_until_it_is_right() -> None:
    told = TurnedClock(AT)
    clock = OnwardClock(told)
    clock.now()
    for _ in range(2):
        told.turn(seconds=-61)
        with pytest.raises(ClockError, match="went back from 2026-05-04 09:00"):
            clock.now()
    told.turn(seconds=122)

    assert clock.now() == AT
