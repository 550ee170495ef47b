import numpy as np
import pytest

from cadre.language.turns import LOOKS, MAX_MENTIONS, RARE_WORDS, looks, read, unaddressed
from tests.language.links.talking import HELPING, Line, conversation


def called(*lines: Line) -> list[str | None]:
    """Whom each line calls, by name."""
    turns = conversation(lines)
    return [None if n < 0 else turns.names[n][0] for n in read(turns).called.tolist()]


def test_an_empty_conversation_is_read_as_nothing() -> None:
    seen = read(conversation([]))

    assert (0,) == seen.called.shape
    assert (0, MAX_MENTIONS) == seen.named.shape
    assert (0, len(LOOKS)) == seen.look.shape == looks([]).shape
    assert (0, RARE_WORDS) == seen.rare.shape == seen.rarity.shape


@pytest.mark.parametrize("opening", ["anna: try it", "anna, try it", "@anna try it", "Anna : try it", "  anna: try it"])
def test_a_turn_that_opens_with_a_name_calls_that_speaker(opening: str) -> None:
    assert [None, "anna"] == called((0, "anna", "it is broken"), (1, "bert", opening))


def test_a_name_further_on_is_a_mention_and_no_call() -> None:
    turns = conversation([(0, "anna", "it is broken"), (1, "bert", "i think anna broke it")])
    seen = read(turns)

    assert -1 == seen.called[1]
    assert 0 in seen.named[1]


def test_the_beginning_of_a_recent_speakers_name_calls_them() -> None:
    assert "christina_k" == called((0, "christina_k", "hello"), (1, "bert", "chris: hello"))[1]


@pytest.mark.parametrize("typed", ["dmirti", "dmtri", "dmittri", "dmitry", "Dmitrii"])
def test_a_mistyped_name_of_a_recent_speaker_is_understood(typed: str) -> None:
    assert "dmitri" == called((0, "dmitri", "it is broken"), (1, "bert", f"{typed}: try again"))[1]


def test_a_name_two_letters_off_is_nobody() -> None:
    assert called((0, "dmitri", "it is broken"), (1, "bert", "dnitro: try again"))[1] is None


def test_a_mistyped_name_of_whoever_speaks_only_later_is_nobody() -> None:
    assert called((0, "bert", "dmirti: try again"), (1, "dmitri", "it is broken"))[0] is None


@pytest.mark.parametrize("opener", ["sorry", "thanks", "well", "Note", "ok", "update", "hi", "please"])
def test_a_word_that_opens_sentences_is_not_an_address(opener: str) -> None:
    assert called((0, "anna", "it is broken"), (1, "bert", f"{opener}, that is so"))[1] is None
    assert f"{opener}, that is so" == unaddressed(f"{opener}, that is so")


@pytest.mark.parametrize(
    ("name", "said"),
    [("nick", "Nice, it works"), ("greta", "Great, it works"), ("will", "Well, it works"), ("don", "Done, it works")],
)
def test_a_word_that_opens_sentences_is_not_the_mistyped_name_of_a_recent_speaker(name: str, said: str) -> None:
    assert called((0, name, "try again"), (1, "bert", said))[1] is None


def test_a_name_that_is_such_a_word_is_an_address_when_its_bearer_is_there() -> None:
    assert "will" == called((0, "will", "try again"), (1, "bert", "will: it works"))[1]


def test_nobody_calls_themselves() -> None:
    turns = conversation([(0, "anna", "anna: i talk to me")])

    assert [-1] == read(turns).called.tolist()
    assert (read(turns).named == -1).all()


def test_a_system_line_calls_nobody() -> None:
    assert [None, None] == called((0, "anna", "hello"), (1, None, "anna: has left"))


def test_whom_the_source_marks_counts_where_the_words_call_nobody() -> None:
    turns = conversation(
        [(0, "anna", "hello"), (1, "bert", "hello"), (2, "carla", "look at this")], told=[[], [], ["anna"]]
    )

    assert 0 == read(turns).called[2]


def test_a_usual_word_that_is_a_name_is_no_mention() -> None:
    turns = conversation([(0, "mark", "hello"), (1, "bert", "the mark on the disk")])

    assert 0 in read(turns).named[1]
    assert 0 not in read(turns, frozenset({"mark"})).named[1]


def test_a_name_of_another_conversation_read_beside_it_is_nobody() -> None:
    turns = conversation([(0, "anna", "hello"), (1, "bert", "hello"), (9, "carla", "anna: hello")], parts=[0, 0, 1])

    assert -1 == read(turns).called[2]


def test_unaddressed_text_holds_no_name_but_keeps_that_there_was_one() -> None:
    assert "xname try again" == unaddressed("anna: try again")


def test_a_word_tells_the_more_the_fewer_turns_held_it_so_far_and_later_turns_change_nothing() -> None:
    said = [(0, "a1", "alpha"), (1, "b1", "alpha"), (2, "c1", "alpha gamma"), (3, "d1", "delta")]
    seen, early = read(conversation(said)), read(conversation(said[:3]))

    assert seen.rarity[2, 0] > seen.rarity[2, 1] == 0
    assert (seen.rarity[:3] == early.rarity).all()


def test_looks_of_an_empty_text_are_zeros() -> None:
    assert not looks([""]).any()


def test_a_conversation_reads_the_same_however_its_speakers_are_numbered() -> None:
    turns = conversation(HELPING)
    flipped = conversation(HELPING[::-1])
    there, back = read(turns), read(flipped)

    names = lambda t, ns: [None if n < 0 else t.names[n][0] for n in ns]  # noqa: E731
    exact = [k for k, (_, who, _) in enumerate(HELPING) if who]
    assert [names(turns, there.called)[k] for k in exact] == [names(flipped, back.called[::-1])[k] for k in exact]
    assert np.array_equal(there.look, back.look[::-1])
