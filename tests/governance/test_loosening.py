"""What gets looser is said, whatever the kind of setting; what cannot be told counts as looser."""

from typing import Any

import pytest

from cadre.governance.action import Tier
from cadre.governance.catalogue import default, row
from cadre.governance.governing import Governing
from cadre.governance.loosening import loosening, overlapping

HELD: dict[tuple[str, str, str, str], Any] = {
    ("mode", "bot", "", ""): "advise",
    ("limits", "bot", "", ""): {"writes_an_hour": 10},
    ("switch", "", "", ""): True,
    ("freeze", "", "", "xmas"): {"begins_at": "2026-12-20T00:00+00:00", "ends_at": "2027-01-02T00:00+00:00"},
    ("catalogue", "", "acme", "wipe"): "forbidden",
    ("catalogue", "", "", "wipe"): "four-eyes",
}
NOW = Governing(HELD)


@pytest.mark.parametrize(
    ("kind", "where", "after", "expected"),
    [
        ("mode", ("bot", "", ""), "observe", "from advise to observe"),
        ("mode", ("bot", "", ""), "enforce", ""),
        ("mode", ("bot", "", ""), None, ""),
        ("mode", ("other", "", ""), "observe", "from enforce to observe"),
        ("mode", ("bot", "acme", ""), "enforce", ""),
        ("limits", ("bot", "", ""), {"writes_an_hour": 9}, ""),
        ("limits", ("bot", "", ""), None, "writes an hour from 10 to 60"),
        ("limits", ("bot", "acme", ""), {"confidence_percent": 60}, "confidence percent from 70 to 60"),
        ("switch", ("", "", ""), None, "what was stopped goes on"),
        ("switch", ("bot", "", ""), True, ""),
        ("freeze", ("", "", "xmas"), None, "a freeze ends early"),
        ("hours", ("", "", ""), {"opens": "00:00"}, ""),
        ("catalogue", ("", "acme", "wipe"), "four-eyes", "from forbidden to four-eyes"),
        ("catalogue", ("", "acme", "wipe"), None, "from forbidden to four-eyes"),
        ("catalogue", ("", "acme", "wipe"), "forbidden", ""),
        ("catalogue", ("", "globex", "wipe"), "approve", "from four-eyes to approve"),
        ("catalogue", ("", "", "wipe"), None, "from four-eyes to whatever it is by itself"),
        ("catalogue", ("", "", "unheard_of"), "notify", "from approve to notify"),
        ("catalogue", ("", "", "unheard_of"), "approve", ""),
    ],
)
def test_what_gets_looser_is_said(kind: str, where: tuple[str, str, str], after: Any, expected: str) -> None:
    assert expected == loosening(NOW, kind, where, after)


def test_a_tool_is_held_against_how_it_was_judged_of_late() -> None:
    said = [
        loosening(NOW, "catalogue", ("", "", "read_it"), "notify", seen) for seen in ([Tier.AUTONOMOUS], [Tier.APPROVE])
    ]

    assert ["", "from approve to notify"] == said


def test_a_row_that_is_looser_only_where_a_person_asked_says_so() -> None:
    told = {"label": "Delete an account", "verbs": "delete", "things": "account", "tier": "four-eyes", "asked": "notify",
            "why": "so"}  # fmt: skip

    assert "from four-eyes to notify where a person asks for it" == loosening(
        NOW, "catalogue", ("", "", "account-delete"), told
    )


def test_own_words_are_held_against_every_kind_they_meet() -> None:
    made = row({"name": "x", "label": "x", "verbs": "deleting", "things": "mailboxes", "tier": "notify", "why": "so"})

    assert ["account-delete"] == [one.name for one in overlapping(made, default())]
