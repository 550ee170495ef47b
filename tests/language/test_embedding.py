import subprocess
import sys
from collections.abc import Sequence

import numpy as np
import pytest

from cadre.language.embedding import MAX_CHARACTERS, Cached, WordVectors
from cadre.language.turns import Floats

TEXTS = ["the printer is offline", "restart the spooler", "", "the printer is offline", "wo ist das VPN-Profil?", "🎉"]


class Counting:
    """Word vectors that keep what they were asked for."""

    name, width = WordVectors.name, WordVectors.width

    def __init__(self) -> None:
        self.asked: list[str] = []

    def embed(self, texts: Sequence[str]) -> Floats:
        self.asked += texts
        return WordVectors().embed(texts)


@pytest.mark.parametrize("empty", ["", " ", "\n\t", "\u2003"])
def test_an_empty_text_is_the_zero_vector(empty: str) -> None:
    for embedder in (WordVectors(), Cached(WordVectors())):
        assert not embedder.embed(["a printer", empty])[1].any()


def test_no_texts_give_no_vectors() -> None:
    assert (0, 256) == WordVectors().embed([]).shape == Cached(WordVectors()).embed([]).shape


def test_a_text_has_length_one_and_the_same_vector_whatever_stands_beside_it() -> None:
    together = WordVectors().embed(TEXTS)
    alone = np.concatenate([WordVectors().embed([text]) for text in TEXTS])

    assert np.allclose(together, alone, atol=1e-5)
    assert np.allclose(np.linalg.norm(together[[0, 1, 3, 4]], axis=1), 1, atol=1e-3)


def test_near_texts_are_nearer_than_far_ones() -> None:
    near, other, far = WordVectors().embed(["the printer is broken", "our printers do not work", "lunch at noon?"])

    assert near @ other > near @ far


def test_cached_vectors_equal_uncached_ones() -> None:
    cached, plain = Cached(WordVectors()), WordVectors().embed(TEXTS)

    assert np.allclose(plain, cached.embed(TEXTS), atol=1e-3)
    assert np.allclose(plain, cached.embed(TEXTS), atol=1e-3)
    assert (Cached(WordVectors()).name, 256) == (WordVectors.name, cached.width)


def test_every_text_is_embedded_once() -> None:
    inner = Counting()
    cached = Cached(inner)

    cached.embed(TEXTS)
    cached.embed([*TEXTS, "new"])

    assert sorted({*TEXTS, "new"}) == sorted(inner.asked)


def test_a_full_cache_forgets_the_oldest_and_still_answers() -> None:
    inner = Counting()
    cached = Cached(inner, capacity=2)

    found = cached.embed(["one text", "two texts", "three texts"])
    cached.embed(["three texts"])
    cached.embed(["one text"])

    assert np.allclose(WordVectors().embed(["one text", "two texts", "three texts"]), found, atol=1e-3)
    assert ["one text", "two texts", "three texts", "one text"] == inner.asked


def test_of_a_long_text_the_beginning_is_embedded() -> None:
    long = "printer " * (MAX_CHARACTERS // 8)

    assert np.allclose(*WordVectors().embed([long, long + "lunch " * 100_000]), atol=1e-5)


@pytest.mark.parametrize(
    "odd",
    ["\ud800 alone", "a\x00b", "\u202eright to left", "שלמה עולם", "\U0001f469\u200d\U0001f4bb", "QUJD" * 250_000],
)
def test_odd_text_gives_finite_vectors(odd: str) -> None:
    assert np.isfinite(Cached(WordVectors()).embed([odd])).all()


def test_loading_the_model_leaves_logging_to_whoever_started_us() -> None:
    code = (
        "import logging; from cadre.language.embedding import WordVectors; WordVectors().embed(['a word']); "
        "print(len(logging.getLogger().handlers), logging.getLogger().level)"
    )

    said = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)

    assert ["0", "30"] == said.stdout.split()
