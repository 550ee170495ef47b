"""The AI register as rules: unknown allows nothing, checks grow old, a client's tool is the client's alone."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from cadre.governance.action import Tier
from cadre.governance.ai_register import ASKED, RESPONSIBLE, STALE_DAYS, Entry, covers

TODAY = date(2026, 5, 4)
ENTRY = Entry("a", "Assistant", TODAY - timedelta(days=30), ("assistant",), None, frozenset({"personal"}),
              (("vendor", "V"), ("contract", None)))  # fmt: skip


@pytest.mark.parametrize(
    ("entry", "tool", "client", "classes", "expected"),
    [
        (ENTRY, "assistant/summarise", "acme", ("personal",), True),
        (ENTRY, "Assistant", "", (), True),
        (ENTRY, "assistant", "acme", ("personal", "credential"), False),
        (ENTRY, "assistant", "acme", ("public",), True),
        (ENTRY, "other", "acme", (), False),
        (replace(ENTRY, data_classes=None), "assistant", "acme", ("personal",), False),
        (replace(ENTRY, data_classes=None), "assistant", "acme", (), True),
        (replace(ENTRY, client_id="acme"), "assistant", "acme", ("personal",), True),
        (replace(ENTRY, client_id="acme"), "assistant", "beta", ("personal",), False),
        (replace(ENTRY, client_id="acme"), "assistant", "", (), False),
        (replace(ENTRY, is_ended=True), "assistant", "acme", (), False),
        (replace(ENTRY, checked_on=TODAY - timedelta(days=STALE_DAYS + 1)), "assistant", "acme", (), False),
    ],
)
def test_what_a_tool_may_be_given(
    entry: Entry, tool: str, client: str, classes: tuple[str, ...], expected: bool
) -> None:
    assert expected == covers([entry], tool, client, classes, TODAY)


def test_what_nobody_found_out_is_named() -> None:
    assert ("contract",) == ENTRY.unknown
    assert ("data_classes", "contract") == replace(ENTRY, data_classes=None).unknown
    assert set(Tier) == set(RESPONSIBLE)
    assert len(set(ASKED)) == len(ASKED)
