"""Passwords: length counts, composition does not; what is tried first is no length; the same work for nobody's."""

import pytest

from cadre.access import password
from cadre.access.password import check_new, handle_of, hash_password, is_right
from cadre.errors import UsageError

GOOD = "lamp orbit thistle"


@pytest.mark.parametrize(
    "told", [GOOD, "korrekt pferd batterie", "Mia brews the coffee at dawn", "дом река облако луна"]
)
def test_words_in_a_row_are_a_password(told: str) -> None:
    check_new(told, "Mia Lindgren", "Lindgren IT")


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ("fourteen chars", "at least 15"),
        ("abababababababab", "repeats"),
        ("miaLINDGREN2026x", "names and the words"),
        ("Lindgren-IT-Lindgren", "names and the words"),
        ("password1234 dawn", "names and the words"),
        ("qwertyuiop123456", "names and the words"),
        ("x" * 257, "more than 256"),
    ],
)
def test_what_is_guessed_early_is_refused_with_the_reason(told: str, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        check_new(told, "Mia Lindgren", "Lindgren IT")


def test_a_shorter_one_from_before_goes_on_working() -> None:
    assert is_right("lamp orbit t", hash_password("lamp orbit t"))


def test_a_password_fits_its_hash_however_its_letters_are_composed() -> None:
    kept = hash_password("caf\N{LATIN SMALL LETTER E WITH ACUTE} olive window")

    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert is_right("cafe\N{COMBINING ACUTE ACCENT} olive window", kept)
    assert not is_right("cafe olive window", kept)


def test_nobodys_password_costs_the_same_work_and_never_fits() -> None:
    nobodys = password._nobodys()

    assert nobodys.rsplit("$", 2)[0] == hash_password(GOOD).rsplit("$", 2)[0]
    assert is_right(GOOD, None) is False
    assert is_right(GOOD, "no hash at all") is False


def test_names_are_compared_without_case_and_spaces() -> None:
    assert handle_of("  MIA \N{NO-BREAK SPACE} Lindgren ") == "mia lindgren"
