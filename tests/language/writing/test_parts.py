"""What each part of clarity sees in a text."""

import numpy as np
import pytest

from cadre.language.writing import PARTS, Reader, parts


def share(text: str, part: str, reader: Reader = "colleague") -> float:
    return float(parts([text], reader)[0, PARTS.index(part)])


def test_short_sentences_are_clearer_than_the_same_words_in_one() -> None:
    split = "The server went down at noon. We found a full disk. We freed some space. It runs again and we watch it until five."
    joined = split.replace(".", " and")

    assert share(split, "short_sentences") == 1.0
    assert share(joined, "short_sentences") < 0.5


def test_plain_words_are_clearer_than_long_ones() -> None:
    assert share("We will fix the mail for you by noon and call you then.", "plain_words") == 1.0
    assert (
        share(
            "Our subsequent remediation activities in this environment necessitate comprehensive infrastructure reconfiguration immediately.",
            "plain_words",
        )
        == 0.0
    )
    assert np.isnan(share("Unfortunately the administrator disappeared", "plain_words"))


def test_steps_in_order_are_clearer_and_one_step_is_no_series() -> None:
    listed = "Please do this:\n1. Open Outlook\n2. Click File\n3. Select Options\n4. Restart the laptop"
    loose = "Please open Outlook, click File, select Options, restart the laptop."

    assert share(listed, "ordered_steps") == 1.0
    assert share(loose, "ordered_steps") == 0.0
    assert share("First open Outlook, then click File, then select Options.", "ordered_steps") == 1.0
    assert np.isnan(share("Please open the mail on your laptop", "ordered_steps"))


def test_one_ask_is_clearer_than_several_unless_they_are_listed() -> None:
    assert share("Hi, how are you? Can you reset the token please?", "one_ask") == 1.0
    assert share("Where is the key? Who has the laptop? Did you call them? Is it open?", "one_ask") == 0.25
    assert (
        share(
            "Please tell me:\n1. Where is the key?\n2. Who has the laptop?\n3. Is it open?\n4. Did it work?", "one_ask"
        )
        == 1.0
    )
    assert np.isnan(share("The backup ran through without errors.", "one_ask"))


def test_naming_the_thing_is_clearer_than_pointing_at_it() -> None:
    assert share("something with that thing is broken, it hangs", "names_the_thing") == 0.0
    assert share("the printer hangs and it beeps", "names_the_thing") > 0.5
    assert share("Error 0x80070005 on SRV-02 when opening C:\\data", "names_the_thing") == 1.0
    assert np.isnan(share("thanks for all the help", "names_the_thing"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I'll call the client tomorrow at 9am", 1.0),
        ("I'll call the client back soon", 0.5),
        ("I'll call the client back", 0.0),
        ("The line went down at 10:30", 1.0),
        ("The line went down again", 0.0),
    ],
)
def test_a_promise_or_a_report_is_clearer_with_its_time(text: str, expected: float) -> None:
    assert share(text, "names_the_time") == expected


def test_no_time_is_asked_of_a_text_that_promises_and_reports_nothing() -> None:
    assert np.isnan(share("The password policy needs twelve letters", "names_the_time"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The disk in the server was full and the mail stopped, so I'll add space tonight.", 1.0),
        ("The disk in the server was full and the mail stopped, but this is now resolved.", 1.0),
        ("The disk in the server was full and the mail stopped, so space needs to be added.", 0.5),
        ("The disk in the server was full and the mail of the whole office stopped.", 0.0),
    ],
)
def test_a_longer_text_is_clearer_when_it_says_what_comes_next(text: str, expected: float) -> None:
    assert share(text, "names_the_next_step") == expected


def test_terms_are_to_be_explained_to_a_client_only() -> None:
    text = "Your VPN (the safe line to the office) needs a new MFA token."

    assert share(text, "terms_explained", "client") == 0.5
    assert np.isnan(share(text, "terms_explained", "colleague"))
    assert np.isnan(share("Your screen is on the way to you.", "terms_explained", "client"))


@pytest.mark.parametrize(
    "text", ["", "ok thanks", "please call me", "שלום עולם מה שלומך", "Bitte den Server neu starten und warten"]
)
def test_a_text_that_cannot_be_judged_has_no_parts(text: str) -> None:
    assert np.isnan(parts([text], "client")).all()


def test_parts_are_shares_and_no_text_changes_anothers() -> None:
    texts = [
        "Can you restart SRV-02 please? It hangs since 9:30.",
        "",
        "I'll look into it soon and call back",
        "אבג",
        "Your VPN is slow",
    ] * 5
    whole = parts(texts, "client")
    order = np.random.default_rng(3).permutation(len(texts))

    assert (25, len(PARTS)) == whole.shape
    assert whole.dtype == np.float32
    assert ((whole >= 0) & (whole <= 1) | np.isnan(whole)).all()
    np.testing.assert_array_equal(whole[order], parts([texts[i] for i in order], "client"))
    np.testing.assert_array_equal(whole[2:3], parts([texts[2]], "client"))


def test_no_texts_have_no_rows() -> None:
    assert (0, len(PARTS)) == parts([], "colleague").shape


def test_an_unknown_reader_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="'boss'"):
        parts(["The server is down"], "boss")  # type: ignore[arg-type]
