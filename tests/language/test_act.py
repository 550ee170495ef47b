import random

import numpy as np
import pytest

from cadre.language.act import acts, version
from cadre.language.embedding import WordVectors
from cadre.language.turns import Floats, looks
from cadre.records.derived import ACTS


def told(text: str, before: str = "") -> dict[str, float]:
    """Probability of each act for one turn."""
    return dict(zip(ACTS, acts([text], [before], np.zeros(1, np.float32))[0].tolist(), strict=True))


@pytest.mark.parametrize(
    "text",
    [
        "how do i mount the share on the new server?",
        "does anyone know why the backup failed last night?",
        "which port does the vpn use?",
        "Could you tell me where the logs of the mail gateway are kept?",
    ],
)
def test_a_question_is_a_question(text: str) -> None:
    found = told(text)

    assert found["question"] > 0.5
    assert found["question"] > max(found["answer"], found["status"], found["acknowledgement"])


@pytest.mark.parametrize("text", ["ok, thanks", "thank you very much!", "great, thanks a lot"])
def test_thanks_are_no_question(text: str) -> None:
    found = told(text, "restart the spooler, that should do it")

    assert found["question"] < 0.3
    assert found["acknowledgement"] + found["social"] > found["question"]


def test_an_apology_is_more_of_an_apology_than_an_answer_is() -> None:
    assert told("sorry for the delay, my mistake")["apology"] > told("the file is in /etc/fstab")["apology"]


def test_every_probability_is_between_0_and_1_and_says_what_it_is_of() -> None:
    found = acts(["is it on?", "yes", "x" * 5000, "🎉", "???"], [""] * 5, np.zeros(5, np.float32))

    assert (5, len(ACTS)) == found.shape
    assert ((found >= 0) & (found <= 1)).all()


@pytest.mark.parametrize("empty", ["", "  ", "\n\t\n"])
def test_an_empty_text_has_no_acts_which_is_missing_and_not_none(empty: str) -> None:
    found = acts(["is it on?", empty], ["", "is it on?"], np.zeros(2, np.float32))

    assert np.isnan(found[1]).all()
    assert not np.isnan(found[0]).any()


def test_no_turns_have_no_acts() -> None:
    assert (0, len(ACTS)) == acts([], [], np.zeros(0, np.float32)).shape


def test_the_order_of_turns_does_not_matter() -> None:
    rows = [
        ("is the printer on the network?", "", 0.0), ("yes it is", "is the printer on the network?", 0.0), ("", "", 0.0),
        ("please restart it", "yes it is", 0.0), ("i did, no change", "please restart it", 0.0), ("and now it prints", "i did, no change", 1.0),
    ]  # fmt: skip
    order = list(range(len(rows)))
    random.Random(5).shuffle(order)

    def run(kept: list[int]) -> Floats:
        return acts(
            [rows[k][0] for k in kept], [rows[k][1] for k in kept], np.array([rows[k][2] for k in kept], np.float32)
        )

    assert np.allclose(run(list(range(len(rows))))[order], run(order), atol=1e-5, equal_nan=True)
    assert np.allclose(np.concatenate([run([k]) for k in order]), run(order), atol=1e-5, equal_nan=True)


def test_what_was_computed_before_is_taken_and_changes_nothing() -> None:
    texts, before, same = ["yes it is", "thanks"], ["is it on?", "yes it is"], np.zeros(2, np.float32)

    given = acts(texts, before, same, vectors=WordVectors().embed(texts), seen=(looks(texts), looks(before)))

    assert np.allclose(acts(texts, before, same), given, atol=1e-6)


def test_a_name_that_a_turn_opens_with_does_not_say_what_the_turn_does() -> None:
    anna, bert = told("anna: try it again please"), told("bert: try it again please")

    assert all(abs(anna[name] - bert[name]) < 0.05 for name in ACTS)


def test_beyond_what_is_read_a_long_text_changes_nothing() -> None:
    start = "the backup of the file server failed last night. " * 200

    assert np.allclose(list(told(start).values()), list(told(start + "why? " * 50_000).values()), atol=1e-3)


@pytest.mark.parametrize(
    "odd",
    ["\ud800 alone?", "a\x00b\x00?", "\u202eשלמה, מה שלומך?", "QUJD" * 250_000, "def f(x):\n    return x ** 2\n" * 500],
)
def test_odd_text_has_acts_between_0_and_1(odd: str) -> None:
    found = acts([odd], [odd], np.ones(1, np.float32))

    assert ((found >= 0) & (found <= 1)).all()


def test_the_version_names_the_model() -> None:
    assert version().startswith("acts-")
