"""One figure of clarity from the parts that passed their study, and a plain mean of all of them for the writer alone.

Keeps true: a part that did not pass (`training/clarity.py`) has no weight in a score. At present none passed, so `score`
abstains throughout; `form`, the equal-weights mean of every part, is shown to whoever wrote the text and enters nothing.
"""

from collections.abc import Sequence

import numpy as np

from cadre.language.clarity.part import PARTS, READERS, Reader, parts
from cadre.language.shipped import ModelMismatchError, arrays, card
from cadre.language.turns import Floats

SCHEMA = 1
SCORED: tuple[str, ...] = ()
"""The parts that passed; the others are advice to the writer. The card of the model must say the same."""


def version() -> str:
    """What is written beside scores."""
    return card("clarity").version


def weights(reader: Reader) -> Floats:
    """Weight of each part for a reader, summing to 1; all zero where no part passed. Shape (len(PARTS),).

    Raises:
        ModelMismatchError: The shipped weights are of other parts, or of others than `SCORED`.
    """
    told = card("clarity").told
    found: Floats = arrays("clarity", SCHEMA)["weights"][READERS.index(reader)]
    if tuple(told["parts"]) != PARTS or tuple(told["passed"]) != SCORED or set(np.flatnonzero(found)) - set(_scored()):
        raise ModelMismatchError(
            "The shipped weights of clarity are of other parts than this code's.",
            hint="Train them again with their recipe: training/README.md.",
        )
    return found


def _scored() -> list[int]:
    return [PARTS.index(name) for name in SCORED]


def score(texts: Sequence[str], reader: Reader) -> Floats:
    """Clarity of each text for a reader, from the parts that passed alone.

    Args:
        texts: As written.
        reader: For whom: `colleague` or `client`.

    Returns:
        From 0 to 1; NaN where a text is too short or not readable, and throughout where no part passed (`SCORED` is
        empty). Shape (n,).

    Raises:
        ModelMismatchError: The shipped weights are of other parts.
    """
    weight = weights(reader)
    if not weight.any():
        return np.full(len(texts), np.nan, np.float32)
    mean: Floats = parts(texts, reader) @ weight
    return np.clip(mean, 0, 1)


def form(texts: Sequence[str], reader: Reader) -> Floats:
    """The mean of all parts with equal weights: a mirror for the writer, which no study supports as a measure.

    Args:
        texts: As written.
        reader: For whom. For a colleague the part that is about trade words is left out.

    Returns:
        From 0 to 1; NaN where a text is too short or not readable. Never to be joined to a person or put in an estimate.
        Shape (n,).
    """
    counted = [k for k, name in enumerate(PARTS) if reader == "client" or name != "explained"]
    mean: Floats = parts(texts, reader)[:, counted].mean(axis=1)
    return mean
