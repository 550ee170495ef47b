"""Which texts may be judged at all."""

import base64
import random
import time

import pytest

from cadre.language.writing import clarity, readable

BLOB = base64.b64encode(random.Random(7).randbytes(750_000)).decode()
LOG = "2026-01-02 10:00:01,123 ERROR worker.pool could not reach 10.0.0.4\n"


@pytest.mark.parametrize(
    "text",
    [
        "The printer on floor 2 is offline since this morning.",
        "ok thanks",
        "I don\u2019t see the mailbox",
        "Great work 👍👍 the switch is back",
        "Replaced toner, cleaned rollers, printed test page, user confirmed everything working",
        "The server writes this:\n"
        + LOG
        + "Can somebody tell me what has changed since yesterday, as nothing did on our side?",
        "See https://example.com/" + "a" * 60 + " for how the token is reset",
    ],
)
def test_english_prose_is_readable_with_what_is_pasted_into_it(text: str) -> None:
    assert readable(text)


@pytest.mark.parametrize(
    "text",
    [
        "", " \n\t ", "\x00\x00", "12:30 !!! --- 44", "😀😀😀", "x=1;y[2]{}<>();//==++", BLOB[:500], "\n".join(BLOB[i : i + 76] for i in range(0, 760, 76)),
        LOG * 3, "Jan  2 10:00:01 host sshd[12]: failed\nJan  2 10:00:02 host sshd[12]: failed", "```\nlet me see the thing\n```", "> you said that it is fixed",
        "שלום עולם מה שלומך היום", "Здравствуйте, почта не работает и сервер тоже", "サーバーが動きません。確認してください。",
        "Bitte den Server neu starten, er ist nicht da", "Le serveur est en panne et nous attendons", "svchost explorer lsass winlogon csrss smss dwm taskhostw",
    ],
)  # fmt: skip
def test_what_is_no_english_prose_is_not_readable(text: str) -> None:
    assert not readable(text)


def test_only_the_beginning_of_a_text_is_looked_at() -> None:
    start = "The mail is slow since the update. " * 120

    assert readable(start + BLOB)
    assert not readable(BLOB[:4000] + start)


@pytest.mark.parametrize(
    "text",
    [
        BLOB, LOG * 16_000, "שלום עולם " * 100_000, "😀" * 1_000_000, "מה is שלום the " * 70_000, "." * 1_000_000, " " * 1_000_000, "\n" * 1_000_000,
        '"' * 1_000_000, "please " * 150_000, "and then please open, " * 50_000, "1." * 500_000, "a.b_c/" * 170_000, "how are you " * 80_000, "(" * 1_000_000,
        "MFA (" * 200_000, "\ud800" * 1_000_000, "e\u0301" * 500_000, "\u202e the server " * 70_000,
    ],
)  # fmt: skip
def test_a_megabyte_of_anything_takes_no_longer_than_its_beginning(text: str) -> None:
    start = time.process_time()
    estimate = clarity([text], "client")

    assert time.process_time() - start < 0.25
    assert (1,) == estimate.shape
