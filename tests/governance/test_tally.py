"""Counting as it happens gives what counting the calls gives; a clock set back counts rather too much."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from cadre.governance.action import Effect
from cadre.governance.situation import Hours, Past, Request, Standing, day_begin, situation
from cadre.governance.tally import Tally

AT = datetime(2026, 3, 3, 10, 30, tzinfo=UTC)
STANDING = Standing(hours=Hours("Europe/Vienna"))
CALLS = st.lists(st.builds(
    Past, at=st.integers(0, 3000).map(lambda n: AT + timedelta(seconds=17 * n)), client=st.sampled_from(["", "a", "b"]),
    task=st.sampled_from(["", "t1", "t2"]), effects=st.sampled_from([(), (Effect.READ,), (Effect.SEND,)]),
    data_classes=st.sampled_from([(), ("personal",)]), cost_cents=st.sampled_from([None, 0, 7]),
    is_refused=st.booleans(), is_waiting=st.booleans(),
), max_size=40)  # fmt: skip
NAMES = ("calls_last_minute", "writes_last_hour", "cost_today_cents", "refusals_last_hour", "other_clients_read",
         "classes_read")  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(calls=CALLS, client=st.sampled_from(["a", "b"]), task=st.sampled_from(["", "t1"]))
def test_both_ways_of_counting_agree_all_along(calls: list[Past], client: str, task: str) -> None:
    tally, before = Tally(), []
    for call in sorted(calls, key=lambda c: c.at):
        request = Request("bot", client, call.at, task)
        expected = {name: situation(request, STANDING, before).facts[name] for name in NAMES}

        assert expected == tally.facts(request, day_begin(request, STANDING))
        tally.add(call)
        before.append(call)


@settings(max_examples=100, deadline=None)
@given(calls=CALLS)
def test_a_clock_that_jumps_never_makes_room(calls: list[Past]) -> None:
    tally, before = Tally(), []
    for call in calls:
        request = Request("bot", "a", call.at, "t1")
        expected = situation(request, STANDING, before).facts
        found = tally.facts(request, day_begin(request, STANDING))
        for name in ("calls_last_minute", "writes_last_hour", "refusals_last_hour"):
            assert expected[name] <= found[name]  # type: ignore[operator]
        tally.add(call)
        before = [c for c in [*before, call] if c.at >= call.at - timedelta(minutes=1)]
