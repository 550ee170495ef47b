"""The estimate of clarity and what a writer is told."""

import time

import numpy as np
import pytest

from cadre.language.writing import SCORED, advice, clarity, parts
from cadre.language.writing.clarity import _SAYS
from cadre.language.writing.parts import PARTS

CLEAR = "Your mail works again since 10:30. The disk of the mail server was full. I'll add space tonight at 8pm and call you tomorrow."
UNCLEAR = (
    "It stopped because of something with the VLAN and the tenant that the firmware did to those and somebody will be looking at that "
    "thing eventually, as it is connected to the other stuff which was configured incorrectly"
)


def test_a_clear_text_is_estimated_clearer_than_an_unclear_one() -> None:
    clear, unclear = clarity([CLEAR, UNCLEAR], "client")

    assert clear > 0.9
    assert unclear < 0.5


def test_the_estimate_is_the_plain_mean_of_the_parts_that_apply() -> None:
    row = parts([CLEAR], "client")[0]

    assert PARTS == SCORED
    assert clarity([CLEAR], "client")[0] == pytest.approx(np.nanmean(row))


@pytest.mark.parametrize("text", ["", "ok thanks", "great job today everyone", "אבג דהו זחט יכל", "QUJD" * 300])
def test_there_is_no_estimate_where_fewer_than_two_parts_apply(text: str) -> None:
    assert np.isnan(clarity([text], "client")).all()


def test_the_order_of_texts_does_not_matter() -> None:
    texts = [CLEAR, "", UNCLEAR, "Can you check the port please?", "ok"]

    np.testing.assert_array_equal(clarity(texts, "colleague"), clarity(texts[::-1], "colleague")[::-1])
    assert (0,) == clarity([], "client").shape


def test_a_writer_is_told_of_the_parts_below_a_half_and_which_terms_are_open() -> None:
    said = advice(UNCLEAR, "client")

    assert any("VLAN, tenant, firmware" in each for each in said)
    assert any("long" in each for each in said)
    assert not any("VLAN" in each for each in advice(UNCLEAR, "colleague"))


def test_a_clear_or_unreadable_text_gets_no_advice() -> None:
    assert [] == advice(CLEAR, "client")
    assert [] == advice("", "client")
    assert [] == advice("QUJD" * 300, "client")


def test_advice_speaks_of_the_text_and_never_of_a_person() -> None:
    assert set(_SAYS) == set(PARTS)
    for each in _SAYS.values():
        assert not {"you", "your", "you're", "writer", "clever", "careless", "lazy", "bad"} & set(each.lower().split())


def test_an_unknown_reader_is_refused() -> None:
    with pytest.raises(ValueError, match="reader"):
        clarity([CLEAR], "boss")  # type: ignore[arg-type]


def test_short_chat_messages_are_read_by_the_thousand_each_second() -> None:
    lines = [
        "Can you restart SRV-02 please? It hangs since 9:30.",
        "I'm on it, will call the client after lunch",
        "did you try turning the dock off and on?",
    ]
    texts = [f"{lines[i % 3]} {i}" for i in range(6000)]
    clarity(texts[:100], "client")
    start = time.process_time()
    clarity(texts, "client")

    # A third of the promised 12,000 a second, so that a busy machine does not fail.
    assert time.process_time() - start < len(texts) / 4000
