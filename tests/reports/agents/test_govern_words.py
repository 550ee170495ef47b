"""Each setting is one sentence that a person understands."""

from datetime import UTC, datetime
from typing import Any

import pytest

from cadre.reports.agents.called import Called
from cadre.reports.agents.govern_words import told
from cadre.reports.agents.governing import Setting

NAMES = Called({"bot": "Mail bot"}, {"c1": "Acme"}, {"account:1": "Ann", "account:2": "Ben"})


def setting(kind: str, value: Any, agent: str = "", client: str = "", key: str = "") -> Setting:
    return Setting(kind, agent, client, key, value, "account:1", datetime(2026, 5, 4, tzinfo=UTC), "so")


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (setting("mode", "observe", "bot", "c1"), "Mail bot at Acme is only observed"),
        (setting("mode", "enforce"), "All agents at all clients are enforced"),
        (setting("switch", value=True, agent="bot"), "Mail bot is stopped"),
        (setting("switch", value=True, client="c1"), "All agents are stopped at Acme"),
        (setting("switch", value=True), "All agents are stopped"),
        (setting("switch", None), "All agents may go on"),
        (setting("limits", {"writes_an_hour": 1200}, "bot"), "Mail bot: 1,200 changes an hour at a client"),
        (setting("limits", {}, "bot"), "Mail bot: the usual limits"),
        (
            setting("hours", {"zone": "Europe/Vienna", "opens": "07:00", "weekdays": [1, 6], "closed_on": ["2026-12-24"]},
                    client="c1"),
            "Acme: 07:00 to 18:00 Europe/Vienna, Mon, Sat, closed on 1 further day",
        ),
        (
            setting("freeze", {"begins_at": "2026-12-20T00:00+00:00", "ends_at": "2027-01-02T00:00+00:00"}, client="c1"),
            "Acme: changes wait from 20 Dec 2026, 01:00 until 2 Jan 2027, 01:00",
        ),
        (
            setting("approvers", {"administrators": ["account:2"], "on_call": ["account:1"], "minutes": 90}, client="c1"),
            "Acme: first Ben, for 30 minutes, then Ann; silence refuses after 90 minutes",
        ),
        (
            setting("approvers", {"minutes": 20}),
            "All agents at all clients: whoever may by their role; silence refuses after 20 minutes",
        ),
        (setting("catalogue", "notify", key="tool\u202e"), "tool\\u202e at all clients stands at notify: goes ahead, and somebody is told"),
        (
            setting("catalogue", {"label": "Remap", "tier": "approve", "asked": "notify"}, client="c1", key="remap"),
            "Remap at Acme stands at approve: asks one person; notify where a person asked for exactly this",
        ),
        (setting("catalogue", None, client="c1", key="remap"), "A row ended: remap, for Acme"),
    ],
)  # fmt: skip
def test_a_setting_is_one_sentence(one: Setting, expected: str) -> None:
    assert expected == told(one, NAMES, "Europe/Berlin")
