import time

import numpy as np
import pytest

from cadre.language.embedding import Cached, WordVectors
from cadre.language.links.reply import EXCLUDED, Links, reply_links, version
from cadre.language.turns import Turns
from tests.language.links.talking import HELPING, Line, conversation

LONG: list[Line] = [(line[0] + 13 * k, line[1], f"{line[2]} ({k})") for k in range(20) for line in HELPING]


def close(one: Links, other: Links, tolerance: float = 1e-3) -> bool:
    """Whether two readings say the same up to what rounding does."""
    return (
        np.array_equal(one.parent, other.parent)
        and np.array_equal(one.second, other.second)
        and np.allclose(one.probability, other.probability, atol=tolerance)
        and np.allclose(one.second_probability, other.second_probability, atol=tolerance)
    )


def part(whole: Links, low: int, high: int) -> Links:
    """Links of the turns from `low` to `high`, as if they stood alone."""
    second = whole.second[low:high]
    return Links(
        whole.parent[low:high] - low, whole.probability[low:high], np.where(second < 0, -1, second - low), whole.second_probability[low:high],
    )  # fmt: skip


@pytest.mark.parametrize("passes", [1, 2])
def test_an_empty_conversation_has_no_links(passes: int) -> None:
    found = reply_links(conversation([]), passes=passes)

    assert (0,) == found.parent.shape == found.probability.shape == found.second.shape


@pytest.mark.parametrize("passes", [1, 2])
def test_a_single_turn_starts_a_conversation(passes: int) -> None:
    found = reply_links(conversation([(0, "anna", "anna: is anybody here?")]), passes=passes)

    assert ([0], [-1]) == (found.parent.tolist(), found.second.tolist())
    assert 1 == pytest.approx(found.probability[0])


def test_system_lines_start_by_definition_and_are_nobodys_answer() -> None:
    alone = reply_links(conversation([(0, None, "=== anna has joined"), (1, None, ""), (2, None, "anna: hello")]))
    among = reply_links(conversation(HELPING))

    assert ([0, 1, 2], [1, 1, 1]) == (alone.parent.tolist(), alone.probability.tolist())
    assert (5, 1) == (among.parent[5], among.probability[5])
    assert 5 not in np.delete(among.parent, 5)


@pytest.mark.parametrize("passes", [1, 2])
def test_a_parent_is_never_later_than_its_turn_and_the_first_turn_starts(passes: int) -> None:
    found = reply_links(conversation(LONG), passes=passes)

    assert (found.parent <= np.arange(len(LONG))).all()
    assert (found.second < np.arange(len(LONG))).all()
    assert 0 == found.parent[0]


@pytest.mark.parametrize("passes", [1, 2])
def test_every_probability_is_between_0_and_1_and_a_second_parent_is_less_likely(passes: int) -> None:
    found = reply_links(conversation(LONG), passes=passes)

    assert ((found.probability > 0) & (found.probability <= 1 + 1e-6)).all()
    assert ((found.second >= 0) == (found.second_probability > 0)).all()
    assert (found.second_probability <= found.probability).all()
    assert (found.second != found.parent).all()


def test_a_reply_that_calls_its_addressee_by_name_is_linked_to_that_persons_turn() -> None:
    turns = conversation(HELPING)
    found = reply_links(turns)

    calls = {
        k: who
        for k, (_, _, text) in enumerate(HELPING)
        for who in ("anna", "bert", "carla", "dmitri", "erik")
        if text.startswith(f"{who}:")
    }
    assert calls == {k: turns.names[turns.speaker[found.parent[k]]][0] for k in calls}
    assert (0, 2) == (found.parent[1], found.parent[4])


def test_unrelated_turns_of_different_people_hours_apart_start_conversations() -> None:
    found = reply_links(
        conversation(
            [(0, "anna", "how do i reset my password?"), (600, "bert", "hello, does anyone use the new wiki?")]
        )
    )

    assert [0, 1] == found.parent.tolist()


def test_speakers_are_numbers_and_the_numbering_does_not_matter() -> None:
    turns = conversation(HELPING)
    swap = np.array([4, 2, 0, 1, 3])
    names = [turns.names[int(np.flatnonzero(swap == k)[0])] for k in range(5)]
    other = Turns(
        np.where(turns.speaker < 0, -1, swap[turns.speaker]).astype(np.int32), turns.minute, turns.text, names
    )

    assert close(reply_links(turns), reply_links(other))


def test_when_the_conversation_took_place_does_not_matter() -> None:
    later = [(minute + 29_000_000, who, text) for minute, who, text in HELPING]

    assert close(reply_links(conversation(HELPING)), reply_links(conversation(later)))


def test_unknown_times_are_read() -> None:
    found = reply_links(conversation([(float("nan"), who, text) for _, who, text in HELPING]))

    assert np.isfinite(found.probability).all()


OTHER: list[Line] = [
    (0, "anna", "the backup failed again, same printer error as before"),
    (2, "fritz", "anna: which server is it on? ping it please"),
    (3, "anna", "fritz: the new partition on the file server"),
    (9, "fritz", "ok, i restarted the job, it works now"),
]  # fmt: skip


@pytest.mark.parametrize("passes", [1, 2])
def test_conversations_read_beside_others_have_the_links_they_have_alone(passes: int) -> None:
    apart = 100_000
    beside = [*HELPING, *((m + apart, w, t) for m, w, t in OTHER), *((m + 2 * apart, w, t) for m, w, t in HELPING[:9])]
    parts = [0] * len(HELPING) + [1] * len(OTHER) + [2] * 9
    together = reply_links(conversation(beside, parts=parts), passes=passes)

    n, m = len(HELPING), len(HELPING) + len(OTHER)
    assert close(reply_links(conversation(HELPING), passes=passes), part(together, 0, n))
    assert close(reply_links(conversation(OTHER), passes=passes), part(together, n, m))
    assert close(reply_links(conversation(HELPING[:9]), passes=passes), part(together, m, m + 9))


def test_no_link_leads_from_one_conversation_to_another() -> None:
    beside = [(k * 0.5, "anna" if k % 2 else "bert", f"line {k} of the printer?") for k in range(40)]
    found = reply_links(conversation(beside, parts=[k // 5 for k in range(40)]))

    assert (found.parent // 5 == np.arange(40) // 5).all()
    assert (found.parent[::5] == np.arange(0, 40, 5)).all()


def test_links_drawn_as_turns_come_in_do_not_change_when_later_turns_are_added() -> None:
    whole = reply_links(conversation(LONG), passes=1)

    for n in (1, 2, 7, 13, 40, 130):
        assert close(part(whole, 0, n), reply_links(conversation(LONG[:n]), passes=1))


def test_the_second_look_reads_later_turns_only_as_far_as_it_says() -> None:
    from cadre.language.links.again import AHEAD

    whole = reply_links(conversation(LONG))
    cut = len(LONG) // 2

    assert close(part(whole, 0, cut), part(reply_links(conversation(LONG[: cut + AHEAD + 1])), 0, cut))


def test_the_same_turns_have_the_same_links_again_and_with_remembered_vectors() -> None:
    turns, cached = conversation(LONG), Cached(WordVectors())

    first = reply_links(turns)

    assert close(first, reply_links(turns), 0)
    assert close(first, reply_links(turns, embedder=cached))


ODD = {
    "base64": ["see attached", "QUJDREVGR0hJSktM" * 65_536, "what is this?"],
    "scripts": ["wo ist das Profil?", "プロファイルはどこですか", "где профиль?", "在門戶網站", "anna: dans le portail", "مرحبا بالعالم"],
    "emoji": ["🎉🎉🎉", "👍🏽", "👩‍💻?", "¯\\_(ツ)_/¯", "\u200d\u200d", "️"],
    "code": ["```\nfor i in *; do rm $i; done\n```", "SELECT * FROM t WHERE a = 'b' -- ;", "<script>alert(1)</script>", "{[(\\\\)]}"],
    "right to left": ["\u202eshown backwards", "שלמה, מה שלומך?", "anna: \u202bשלמ\u202c"],
    "surrogates": ["\ud800", "anna: \udfff what?", "\ud83d alone"],
    "nul": ["\x00", "anna:\x00 hello", "a\x00b\x00c?"],
    "nothing": ["", "", "  ", "\n"],
    "marks": ["?", "???", ":", ",", "@", "@:", "::::", "@anna", "<@U1>", "'" * 3000, "`^{}|[]" * 900],
    "one word": ["aaaa" * 3000, "anna " * 3000, "anna:" * 3000, "@" * 20_000, " " * 20_000 + ":", "a" * 40 + " " * 100_000],
}  # fmt: skip


@pytest.mark.parametrize("kind", ODD)
def test_odd_text_is_read_within_seconds(kind: str) -> None:
    lines: list[Line] = [(k, ("anna", "bert", "carla")[k % 3], text) for k, text in enumerate(ODD[kind])]
    begun = time.process_time()
    found = reply_links(conversation(lines))

    assert np.isfinite(found.probability).all()
    assert (found.parent <= np.arange(len(lines))).all()
    assert time.process_time() - begun < 5


def test_a_log_dump_of_ten_thousand_lines_in_one_message_is_read_within_seconds() -> None:
    dump = "\n".join(
        f"2024-05-01T10:00:{k % 60:02} host app[{k}]: ERROR connection to 10.0.0.{k % 255} refused, retrying"
        for k in range(10_000)
    )
    begun = time.monotonic()
    found = reply_links(
        conversation([(0, "anna", "it crashed"), (1, "anna", dump), (2, "bert", "anna: which version?")])
    )

    assert 3 == len(found.parent)
    assert time.monotonic() - begun < 3


def test_a_speaker_who_says_the_same_ten_thousand_times_is_read_within_seconds() -> None:
    begun = time.monotonic()
    found = reply_links(conversation([(k / 60, "bot", "disk full on host 7") for k in range(3000)]), passes=1)

    assert 3000 == len(found.parent)
    assert time.monotonic() - begun < 10


def test_what_the_first_pass_all_but_excludes_is_less_than_a_second_parent_needs() -> None:
    from cadre.language.links.reply import SECOND_LIKELY

    assert EXCLUDED < SECOND_LIKELY


def test_the_version_names_the_model() -> None:
    assert version().startswith("links_second-")
