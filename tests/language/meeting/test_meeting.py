import numpy as np
import pytest

from cadre.language.embedding import WordVectors
from cadre.language.turns import Floats, Turns

Stretch = tuple[int, float, float, str]
MEETING: list[Stretch] = [
    (0, 0.0, 3.0, "okay so let's start, first on the agenda is the new remote control"),
    (1, 3.2, 3.6, "mm-hmm"),
    (0, 4.0, 6.5, "what do you think about the shape?"),
    (2, 6.8, 9.0, "i think it should be round"),
    (1, 8.8, 10.0, "yeah i agree"),
    (0, 10.5, 13.0, "okay, then how much would it cost?"),
    (3, 13.5, 18.0, "about twelve euros with the rubber case, maybe less"),
    (2, 18.1, 18.4, ""),
    (0, 19.0, 22.0, "good, so we decide for round, thank you everybody"),
    (1, 22.1, 22.5, "yeah"),
]


def talk(stretches: list[Stretch] = MEETING):
    from cadre.language.meeting.talk import Talk

    rows = list(zip(*stretches, strict=True)) or [(), (), (), ()]
    return Talk(np.array(rows[0], np.int32), np.array(rows[1], float), np.array(rows[2], float), list(rows[3]))


def read(stretches: list[Stretch] = MEETING) -> tuple[Floats, np.ndarray, Floats]:
    """Acts of each stretch, its candidates and how likely it answers each."""
    from cadre.language.meeting.pair import answered
    from cadre.language.meeting.talk import talk_acts

    found = talk(stretches)
    acts = talk_acts(found)
    return acts, *answered(found, acts, WordVectors().embed(found.text))


def turns(*meetings: list[Stretch]) -> tuple[Turns, np.ndarray, Floats]:
    """Meetings as parts of one batch, an hour between them."""
    rows = [
        (k, k * 10 + who, k * 60 + start / 60, end - start, text)
        for k, one in enumerate(meetings)
        for who, start, end, text in one
    ]
    part, speaker, minute, seconds, text = (list(column) for column in zip(*rows, strict=True))
    numbers = np.unique(speaker, return_inverse=True)[1].astype(np.int32)
    said = Turns(
        numbers, np.array(minute), text, [[f"p{k}"] for k in range(numbers.max() + 1)], None, np.array(part, np.int32)
    )
    return said, np.array(seconds, float), WordVectors().embed(text)


def test_each_stretch_has_acts_that_sum_to_one() -> None:
    from cadre.language.meeting.talk import TALK

    acts, _, _ = read()

    assert (len(MEETING), len(TALK)) == acts.shape
    assert np.allclose(acts.sum(axis=1), 1, atol=1e-4)
    assert (acts >= 0).all()


def test_a_backchannel_and_a_question_are_told_apart() -> None:
    from cadre.language.meeting.talk import TALK

    acts, _, _ = read()

    back, asks = TALK.index("bck"), [k for k, name in enumerate(TALK) if name.startswith("el.")]
    assert acts[1, back] > 5 * max(acts[2, back], acts[5, back], acts[6, back])
    assert acts[5, asks].sum() > 5 * max(acts[1, asks].sum(), acts[6, asks].sum())


def test_an_empty_meeting_has_nothing() -> None:
    from cadre.language.meeting.talk import TALK, place

    acts, candidate, chance = read([])

    assert (0, len(TALK)) == acts.shape
    assert 0 == len(candidate) == len(chance) == len(place(talk([])))


def test_a_single_stretch_answers_nothing() -> None:
    _, candidate, chance = read(MEETING[:1])

    assert (0, 1.0) == (candidate[0, 0], pytest.approx(chance[0, 0]))


def test_a_stretch_answers_only_earlier_stretches_of_others() -> None:
    _, candidate, chance = read(MEETING * 4)
    speaker = talk(MEETING * 4).speaker

    for i, row in enumerate(candidate):
        others = row[1:][row[1:] >= 0]
        assert (others < i).all()
        assert (speaker[others] != speaker[i]).all()
    assert np.allclose(chance.sum(axis=1), 1, atol=1e-4)
    assert not chance[candidate < 0].any()


def test_the_answer_to_a_question_is_more_likely_one_than_what_follows_by_itself() -> None:
    _, candidate, chance = read()

    assert 2 == candidate[3, 1 + chance[3, 1:].argmax()]
    assert 5 == candidate[6, 1 + chance[6, 1:].argmax()]


def test_when_a_meeting_began_does_not_matter() -> None:
    later = [(who, start + 36_000, end + 36_000, text) for who, start, end, text in MEETING]

    for one, other in zip(read(), read(later), strict=True):
        assert np.allclose(one, other, atol=1e-3)


def test_the_chances_of_steering_sum_to_one_in_every_reading() -> None:
    from cadre.language.meeting.steer import NAMES, features, steering

    acts, candidate, chance = read()
    known = features(talk(), acts, candidate, chance)

    assert (4, len(NAMES)) == known.shape
    for reading in ("all", "middle", "talk"):
        assert 1 == pytest.approx(steering(known, reading).sum(), abs=1e-4)


def test_who_opens_asks_and_closes_is_likeliest_to_steer() -> None:
    from cadre.language.meeting.steer import features, steering

    acts, candidate, chance = read()

    assert 0 == steering(features(talk(), acts, candidate, chance)).argmax()


def test_a_meeting_repeated_is_steered_by_the_same_person_as_likely() -> None:
    from cadre.language.meeting.steer import features, steering

    twice = [*MEETING, *((who, start + 30, end + 30, text) for who, start, end, text in MEETING)]
    found = [steering(features(talk(said), *read(said))) for said in (MEETING, twice)]

    assert found[0].argmax() == found[1].argmax()


def test_somebody_who_speaks_alone_steers() -> None:
    from cadre.language.meeting.steer import features, steering

    alone = [(0, start, end, text) for _, start, end, text in MEETING]

    assert [1] == pytest.approx(steering(features(talk(alone), *read(alone))).tolist())


def test_the_middle_of_a_meeting_leaves_out_how_it_opens_and_closes() -> None:
    middle = talk().between(0.1, 0.8)

    assert MEETING[1][3] == middle.text[0]
    assert MEETING[-2][3] not in middle.text


def test_links_of_a_meeting_are_likely_or_none_and_never_later() -> None:
    from cadre.language.meeting.pair import threshold
    from cadre.language.meeting.reply import meeting_links

    found = meeting_links(*turns(MEETING))
    at = np.arange(len(MEETING))

    assert (found.parent <= at).all()
    assert (found.probability[found.parent < at] >= threshold()).all()
    assert ((found.probability >= 0) & (found.probability <= 1 + 1e-6)).all()
    assert (found.parent < at).any()
    assert (found.second == -1).all()


def test_a_meeting_read_beside_others_has_the_links_it_has_alone() -> None:
    from cadre.language.meeting.reply import meeting_links

    n = len(MEETING)
    together = meeting_links(*turns(MEETING[:4], MEETING, MEETING[3:]))
    alone = meeting_links(*turns(MEETING))

    assert alone.parent.tolist() == (together.parent[4 : 4 + n] - 4).tolist()
    assert np.allclose(alone.probability, together.probability[4 : 4 + n], atol=1e-3)


def test_unknown_speakers_and_unknown_ends_are_read() -> None:
    from cadre.language.meeting.reply import meeting_links

    said, seconds, vectors = turns(MEETING)
    speaker = said.speaker.copy()
    speaker[[1, 4]] = -1
    unknown = Turns(speaker, said.minute, said.text, said.names, None, said.part)
    found = meeting_links(unknown, np.full_like(seconds, np.nan), vectors)

    assert [1, 4] == found.parent[[1, 4]].tolist()
    assert not np.isin(np.delete(found.parent, [1, 4]), [1, 4]).any()
    assert np.isfinite(found.probability).all()


def test_nobody_known_gives_no_links() -> None:
    from cadre.language.meeting.reply import meeting_links

    said, seconds, vectors = turns(MEETING)
    nobody = Turns(np.full(len(said), -1, np.int32), said.minute, said.text, [], None, said.part)

    assert list(range(len(said))) == meeting_links(nobody, seconds, vectors).parent.tolist()


@pytest.mark.parametrize("odd", ["a\x00b", "\u202eשלמה", "🎉" * 500, "QUJD" * 250_000, "?" * 10_000, "uh " * 20_000])
def test_odd_words_are_read(odd: str) -> None:
    acts, _, chance = read([*MEETING[:3], (1, 7.0, 7.0, odd), (2, 6.0, 5.0, odd)])

    assert np.isfinite(acts).all()
    assert np.isfinite(chance).all()


def test_versions_name_the_models() -> None:
    from cadre.language.meeting.reply import version

    assert version().startswith("meeting_pairs-")
