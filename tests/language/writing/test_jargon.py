"""Which terms of the trade a text uses and which it explains."""

import pytest

from cadre.language.writing.jargon import TERMS, terms


@pytest.mark.parametrize(
    "text",
    [
        "We set up MFA (a code on your phone) for you.",
        "We set up MFA, which is a code on your phone.",
        "We set up MFA, i.e. a code on your phone.",
        "We set up MFA. MFA means a second check at sign-in.",
        "You confirm each sign-in on your phone (MFA).",
        "MFA is the code that you get on your phone.",
    ],
)
def test_a_term_is_explained_by_brackets_or_by_saying_what_it_is(text: str) -> None:
    assert {"mfa": True} == terms(text)


@pytest.mark.parametrize(
    "text",
    [
        "Your MFA expired.",
        "MFA, the second time today",
        "The MFA is the problem here.",
        "MFA (see ticket 12) expired",
        "It failed (MFA down)",
        "MFA (12)",
    ],
)
def test_a_term_that_is_only_mentioned_is_not_explained(text: str) -> None:
    assert {"mfa": False} == terms(text)


def test_terms_of_two_words_and_plurals_are_found_once_each() -> None:
    assert {"group policy": False, "access point": False, "vlan": False} == terms(
        "Group policies and access points use VLANs; each VLAN needs an access point."
    )


def test_everyday_words_that_are_also_abbreviations_count_only_in_capitals() -> None:
    assert {} == terms("She has a tan nas, two ids and a mac on her lap, san some ram")
    assert {"NAS": False, "SAN": False} == terms("the NAS and the SAN")


def test_the_list_is_the_trades_and_of_a_readable_size() -> None:
    assert 120 <= len(TERMS) <= 200
    assert {} == terms("The printer in the office is out of paper and the screen is dark.")
    assert {} == terms("")
