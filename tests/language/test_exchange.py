"""What asking back, tension, constructive replies and the course of an exchange promise."""

import time

import numpy as np
import pytest

from cadre.language import exchange
from cadre.language.exchange import DENSE, SCORED, asks_again, asks_back, constructive, course, features, tension
from cadre.language.shipped import Card, ModelMismatchError, arrays, card

BEFORE = "rixth: try sudo apt-get install the restricted modules and reboot"


def test_a_turn_that_asks_what_was_meant_asks_back_and_thanks_do_not() -> None:
    turns = ["what do you mean?", "which modules?", "you mean the old one?", "thanks, that works", "ok", "I did that."]
    chance = asks_back([BEFORE] * 6, turns, [False] * 6)

    assert chance[:3].min() > chance[3:].max()
    assert chance[0] > 0.5
    assert chance[3] < 0.1


def test_a_question_put_again_is_more_likely_to_ask_back_than_a_first_one() -> None:
    said = "anyone know how to mount the backup disk"
    again, first = asks_back([said, ""], [said, said], [True, False])

    assert again > first


def test_what_the_asker_said_before_counts() -> None:
    said = "kindly provide the export of the ledger"
    with_own, without = features([""], [said], [False], [said])[1], features([""], [said], [False])[1]

    assert with_own[0, DENSE.index("shared_with_own")] == 1
    assert without[0, DENSE.index("shared_with_own")] == 0


def test_probabilities_are_shares_and_an_empty_turn_has_none() -> None:
    turns = ["", "  ", "urgent, we are losing clients", "🎉", "السلام عليكم", "\ud800", "a" * 1_000_000]
    blank, same = [""] * len(turns), [False] * len(turns)
    for found in (asks_back(blank, turns, same), tension(turns), constructive(blank, turns, same)):
        assert np.isnan(found[:2]).all()
        assert ((found[2:] >= 0) & (found[2:] <= 1)).all()


def test_nothing_gives_nothing() -> None:
    assert asks_back([], [], []).shape == (0,)
    assert tension([]).shape == (0,)
    assert constructive([], [], []).shape == (0,)


def test_a_turn_is_read_alike_whatever_stands_beside_it() -> None:
    turns = ["why?", "this is the third time, urgent", "ok", "how do i use that"]
    before = [BEFORE, "", "done", "cotyrothery: use whereis"]
    whole = asks_back(before, turns, [False] * 4)
    order = [2, 0, 3, 1]

    np.testing.assert_allclose(
        asks_back([before[k] for k in order], [turns[k] for k in order], [False] * 4), whole[order], rtol=1e-5
    )
    np.testing.assert_allclose(tension(turns)[order], tension([turns[k] for k in order]), rtol=1e-5)


def test_sharp_and_pressing_words_hold_more_tension_than_thanks() -> None:
    sharp = tension(
        ["this is urgent, we keep waiting since many days, please escalate", "you are wrong, that is stupid"]
    )

    assert sharp.min() > tension(["thanks, works now", "Please restart the server."]).max()


def test_a_reply_that_asks_or_thanks_is_more_constructive_than_a_bare_statement() -> None:
    found = constructive(
        ["can you help me with the disk?"] * 3,
        ["did you check the log?", "ok, thanks", "the disk is grey"],
        [False] * 3,
    )

    assert found[:2].min() > found[2]


def test_a_reminder_asks_again() -> None:
    assert asks_again(["any updates?", "gentle reminder", "the disk is full"]).tolist() == [True, True, False]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0.1, 0.1, 0.2, 0.3, 0.4, 0.5, 0.7], "rising"),
        ([0.7, 0.6, 0.4, 0.3, 0.2, 0.1, 0.1], "falling"),
        ([0.1, 0.11, 0.12, 0.13, 0.14, 0.15, 0.16], "steady"),  # sure, but too little
        ([0.1, 0.9, 0.1, 0.8, 0.2, 0.9, 0.1], "steady"),
        ([0.1, 0.5, 0.9], "steady"),  # too few to show anything
        ([0.3] * 20, "steady"),
        ([np.nan] * 10, "steady"),
        ([0.1, np.nan, 0.1, 0.2, 0.3, np.nan, 0.4, 0.5, 0.7], "rising"),
        ([], "steady"),
    ],
)
def test_a_course_is_told_only_where_it_is_beyond_chance_and_large_enough(values: list[float], expected: str) -> None:
    assert expected == course(values)


def test_of_noise_without_a_course_at_most_one_in_twenty_is_told_one() -> None:
    rng = np.random.default_rng(2)
    told = [course(rng.uniform(0, 1, 12)) for _ in range(1000)]

    assert sum(one != "steady" for one in told) <= 60


def test_what_failed_its_study_is_not_scored() -> None:
    passed = [*card("repair").told["passed"], *card("tension").told["passed"]]

    assert tuple(passed) == SCORED
    assert "tension" not in SCORED


def test_the_cards_say_who_read_the_labels() -> None:
    for name in ("repair", "tension"):
        told = " ".join(one["what"] for one in card(name).told["data"])

        assert "large language model" in told
        assert "by no person" in told


def test_a_model_of_another_schema_or_other_features_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ModelMismatchError):
        arrays("repair", exchange.SCHEMA + 1)
    told = card("repair").told | {"named": ["something_else"]}
    monkeypatch.setattr(exchange, "card", lambda name: Card(name, exchange.SCHEMA, "x", told))
    with pytest.raises(ModelMismatchError):
        asks_back([""], ["why?"], [False])


@pytest.mark.parametrize("piece", ["no ", "you ", "sorry ", "keep ", "a b c ", "!", "what ", "can you "])
def test_a_million_characters_take_no_longer_than_the_first_two_thousand(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    asks_back([""], ["warm up"], [False])
    begun = time.process_time()
    asks_back([text], [text], [False], [text])
    tension([text])

    assert time.process_time() - begun < 0.5
