"""What clarity promises on small texts and on what is no text at all."""

import json
import time
from typing import Any

import numpy as np
import pytest

from cadre.language import shipped
from cadre.language.clarity import PARTS, READERS, SCORED, advice, form, measure, parts, readable, score
from cadre.language.shipped import ModelMismatchError, arrays, card

CLEAR = "The print server PRN-02 stopped at 14:05 today. I will restart the service and write to you by 15:00."
LOG = "\n".join(f"2026-03-01 12:00:{n % 60:02d} ERROR svc-{n} failed to bind 10.0.0.{n % 250}:443" for n in range(300))
UNREADABLE = {
    "empty": "",
    "blank": " \n\t ",
    "base64": "QUJDREVGR0hJSktM" * 65_536,
    "one_letter": "a" * 1_000_000,
    "log": LOG,
    "emoji": "🎉🎉🔥 👍🏽 👨‍👩‍👧",
    "arabic": "السلام عليكم لا يعمل الخادم منذ الصباح",
    "hebrew": "השרת לא עובד מהבוקר",
    "russian": "Сервер не отвечает, проверьте пожалуйста",
    "chinese": "服务器从早上开始没有响应",
    "german": "Der Server ist seit heute früh nicht erreichbar, bitte prüfen Sie das und geben Sie uns Bescheid",
    "french": "Le serveur ne répond pas depuis ce matin, merci de vérifier pour nous dans la journée",
    "link": "https://example.org/a/long/path?with=parameters",
    "numbers": "1 2 3 4 5 6 7 8 9 10 11 12 13 14",
    "surrogate": "\ud800\udfff" * 10,
}


def part(text: str, name: str, reader: Any = "colleague") -> float:
    return float(parts([text], reader)[0, PARTS.index(name)])


@pytest.mark.parametrize("name", UNREADABLE)
@pytest.mark.parametrize("reader", READERS)
def test_what_is_no_english_prose_is_not_readable_and_has_no_clarity(name: str, reader: Any) -> None:
    text = UNREADABLE[name]

    assert not readable(text)
    assert np.isnan(parts([text], reader)).all()
    assert np.isnan(form([text], reader)).all()
    assert np.isnan(score([text], reader)).all()
    assert [] == advice(text, reader)


def test_a_few_words_are_readable_but_too_short_to_judge() -> None:
    assert readable("ok, thanks")
    assert np.isnan(parts(["ok, thanks"], "colleague")).all()


def test_english_with_an_emoji_a_name_with_an_accent_or_a_pasted_log_is_read() -> None:
    assert readable("I will look at the server after lunch 👍")
    assert readable("Please ask José and Zoë about the server")
    assert readable(f"The service does not start since this morning, here is what it says:\n{LOG[:600]}")


def test_parts_are_shares() -> None:
    texts = [CLEAR, "it does not work, can you fix it please?", f"See below for what it says, thanks.\n```\n{LOG}\n```"]
    for reader in READERS:
        values = parts(texts, reader)

        assert (len(texts), len(PARTS)) == values.shape
        assert ((values >= 0) & (values <= 1)).all()


@pytest.mark.parametrize(
    ("name", "better", "worse"),
    [
        ("sentences", "The server is down. We look at it now. You hear from us soon.", "word and " * 45),
        ("easy_words", "We will look at the old disk and call you back.", "Organisational infrastructure considerations necessitate additional clarification."),
        ("one_ask", "Could you send the log of the server?", "What is it? Where is it? Can you send it? And who did it?"),
        ("named", "Update srv-04 to version 2.4.1 before you start.", "Update the server to the new version before you start."),
        ("shown", 'It says "access denied" when I open the folder.', "It says something when I open the folder."),
        ("timed", "The service stopped yesterday at 14:05 for all.", "The service stopped at some point for all."),
        ("next_step", "I will restart the service and tell the client.", "The service of the client was down."),
        ("definite", "The mail client on the laptop closes again.", "It does something with this thing again."),
        ("order", "First open the tool. " + "Then read the note in the tool and go on. " * 6, "Open the tool and read the note in the tool and go on. " * 5),
    ],
)  # fmt: skip
def test_each_part_tells_the_clearer_of_two_texts(name: str, better: str, worse: str) -> None:
    assert part(better, name) > part(worse, name)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Your VPN needs an update and we do it tonight.", 0.0),
        ("Your VPN (the door into your network) needs an update.", 1.0),
        ("Your VPN gateway (the door into your network) needs an update.", 1.0),
        ("We will move your DNS, which is the address book of your network.", 1.0),
        ("Your second sign-in step (MFA) is now switched on for all.", 1.0),
        ("We will move the laptop to the new desk.", 1.0),
    ],
)
def test_a_trade_word_is_explained_by_what_stands_around_it(text: str, expected: float) -> None:
    assert expected == part(text, "explained", "client")


def test_a_colleague_needs_no_trade_word_explained() -> None:
    text = "Your VPN and your MFA tenant need a new DNS record."

    assert part(text, "explained") == 1
    assert "VPN" in advice(text, "client")[0]
    assert not any("VPN" in line for line in advice(text, "colleague"))


def test_advice_is_short_and_a_clear_text_gets_none() -> None:
    poor = "it does not work? can you fix it please? and what about the other thing? could you call me about it?"

    assert [] == advice(CLEAR, "colleague")
    assert 1 <= len(advice(poor, "colleague")) <= 3
    assert "one at a time" in advice(poor, "colleague")[0]


def test_a_text_has_the_same_parts_whatever_stands_beside_it() -> None:
    texts = [CLEAR, "", "please look at the log of srv-04 when you can", UNREADABLE["german"], "is it the new one?"]
    whole = parts(texts, "client")
    order = [3, 0, 4, 2, 1]

    np.testing.assert_array_equal(parts([texts[k] for k in order], "client"), whole[order])
    np.testing.assert_array_equal(np.concatenate([parts([t], "client") for t in texts]), whole)


@pytest.mark.parametrize(
    "piece", ["a b ", "? ", '"', "/", "[x ", "word, which is ", "\n", "1. ", "vpn ", "https://", "\t(", "a.", "``` \n"]
)
def test_a_million_characters_take_no_longer_than_the_first_four_thousand(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    begun = time.process_time()
    parts([text], "client")
    advice(text, "client")
    readable(text)

    assert time.process_time() - begun < 0.5


def test_no_part_without_a_passed_study_enters_the_score() -> None:
    told = card("clarity").told

    assert tuple(told["passed"]) == SCORED
    assert set(SCORED) <= set(PARTS)
    weight = arrays("clarity", measure.SCHEMA)["weights"]
    assert not weight[:, [k for k, name in enumerate(PARTS) if name not in SCORED]].any()
    assert np.isnan(score([CLEAR], "colleague")).all() == (not SCORED)


def test_with_a_part_that_passed_the_score_is_that_part(monkeypatch: pytest.MonkeyPatch) -> None:
    weight = np.zeros((len(READERS), len(PARTS)), np.float32)
    weight[:, PARTS.index("named")] = 1
    told = json.loads(json.dumps(card("clarity").told)) | {"passed": ["named"]}
    monkeypatch.setattr(measure, "SCORED", ("named",))
    monkeypatch.setattr(measure, "arrays", lambda name, schema: {"weights": weight})
    monkeypatch.setattr(measure, "card", lambda name: shipped.Card("clarity", 1, "x", told))
    found = score([CLEAR, "ok"], "colleague")

    assert found[0] == pytest.approx(part(CLEAR, "named"))
    assert np.isnan(found[1])


def test_weights_of_another_schema_or_of_other_parts_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ModelMismatchError):
        arrays("clarity", measure.SCHEMA + 1)
    monkeypatch.setattr(measure, "PARTS", PARTS[::-1])
    with pytest.raises(ModelMismatchError):
        score([CLEAR], "colleague")
    monkeypatch.undo()
    monkeypatch.setattr(measure, "SCORED", ("named",))
    with pytest.raises(ModelMismatchError):
        score([CLEAR], "colleague")


@pytest.mark.slow
def test_twelve_thousand_short_messages_a_second() -> None:
    texts = [f"please look at the log of srv-{n} when you can, it stopped at 14:05" for n in range(12_000)]
    begun = time.process_time()
    parts(texts, "client")

    assert time.process_time() - begun < 1
