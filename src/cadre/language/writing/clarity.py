"""One estimate of how clear a text is, the plain mean of its parts, and what its writer might change.

Keeps true: parts weigh the same, so that the figure can be worked out by hand; with fewer than `MIN_PARTS` there is no
figure; advice speaks of what stands in the text. That a text is clearer by this estimate does not say that it was
understood: nothing here has seen a reader.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from cadre.language.turns import Floats
from cadre.language.writing.jargon import terms
from cadre.language.writing.parts import PARTS, Reader, parts
from cadre.language.writing.readable import prose

SCORED: Final = PARTS
"""The parts that enter the figure, with equal weights: all of them, by definition and not because a study found each to count."""
MIN_PARTS = 2
"""Fewer that apply make no mean."""
LOW = 0.5
"""Below this a part is worth a word to the writer."""
SHOWN_TERMS = 3

_SCORED = [PARTS.index(name) for name in SCORED]
_SAYS: Final = {
    "short_sentences": "The sentences are long. Split them where a new thought begins; up to 14 words read easily.",
    "plain_words": "Many words are long. A shorter word for the same thing reads faster.",
    "ordered_steps": "The text asks for several steps without marking their order. Number them, one on each line.",
    "one_ask": "Several questions or requests stand together. Number them, or ask the most important one first.",
    "names_the_thing": "“It”, “this” or “something” stands where a name could. Name the device, the file or the error.",
    "names_the_time": "The text says that something happens or happened, but not when. Add a day or a time.",
    "names_the_next_step": "The text does not say what happens next and who does it. One sentence at the end is enough.",
    "terms_explained": "A client may not know {terms}. Add a few plain words in brackets.",
}


def clarity(texts: Sequence[str], reader: Reader) -> Floats:
    """An estimate of how clear each text is for its reader.

    Args:
        texts: As written, in any order.
        reader: For whom they were written.

    Returns:
        Mean of the `SCORED` parts that apply, 0 to 1, 1 the clearer; NaN where fewer than `MIN_PARTS` apply, so for a text
        that is not readable or too short. Shape (n,).

    Raises:
        ValueError: `reader` is neither "colleague" nor "client".
    """
    scored = parts(texts, reader)[:, _SCORED]
    applying = np.isfinite(scored).sum(axis=1)
    total = np.nansum(scored, axis=1, dtype=np.float32)
    return np.where(applying >= MIN_PARTS, total / np.maximum(applying, 1), np.nan).astype(np.float32)


def advice(text: str, reader: Reader) -> list[str]:
    """What the writer of a text might change, for the writer's own eyes.

    Args:
        text: As written.
        reader: For whom it was written.

    Returns:
        A plain sentence or two for each part below `LOW`, in the order of `PARTS`; none where there is nothing to say or
        the text cannot be judged.

    Raises:
        ValueError: `reader` is neither "colleague" nor "client".
    """
    row = parts([text], reader)[0]
    said = [_SAYS[name] for name, share in zip(PARTS, row.tolist(), strict=True) if share < LOW]
    if not said:
        return []
    return [each.format(terms=_unexplained(text)) if "{" in each else each for each in said]


def _unexplained(text: str) -> str:
    read = prose(text)
    found = [] if read is None else [term for term, explained in terms(read.text).items() if not explained]
    shown = [term.upper() if term.islower() and len(term) <= 5 else term for term in found[:SHOWN_TERMS]]
    return ", ".join(shown)
