"""Who answers whom in one conversation: two passes of boosted trees over candidate pairs, a probability for each link.

Keeps true: every turn gets its likeliest parent, which is itself where it starts a conversation; probabilities sum to
one over its candidates and are calibrated on chat not trained on; a second parent is given only where it is likely.
With `passes=1` nothing after a turn is read, so that links can be drawn as turns come in.

References:
    Kummerfeld et al., A Large-Scale Corpus for Conversation Disentanglement, ACL 2019, for the task, the data and the
    bar; the recipe is `training/links.py`, the figures stand on the models' cards.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cadre.language.embedding import Embedder, WordVectors
from cadre.language.links.again import again
from cadre.language.links.features import COLUMNS, KEPT, SCHEMA, Pairs, pairs
from cadre.language.links.hearing import heard
from cadre.language.shipped import arrays, card, session
from cadre.language.turns import Floats, Ints, Turns, read

SECOND_LIKELY = 0.35
"""A second parent is told where it is at least this likely; chosen on the training chats."""

LOOKED_AT = 14
"""So many of the kept candidates are given to the trees; in 998 of 1,000 turns the likeliest is among them."""
EXCLUDED = 0.004
"""A candidate the first pass gives no more than this is not looked at again."""


@dataclass(frozen=True, slots=True)
class Links:
    """The parent of each turn of one conversation.

    Attributes:
        parent: Position of the turn it answers; its own where it starts a conversation. Shape (n,).
        probability: How likely that link is, 0-1; 1 for a line nobody said, which starts by definition. Shape (n,).
        second: Position of a second turn it answers, -1 for none. Shape (n,).
        second_probability: How likely that one is, 0 where none. Shape (n,).
    """

    parent: Ints
    probability: Floats
    second: Ints
    second_probability: Floats


def version() -> str:
    """What is written beside links of this model."""
    return card("links_second").version


def reply_links(turns: Turns, *, passes: int = 2, embedder: Embedder | None = None) -> Links:
    """The parent of every turn, with its probability.

    Args:
        turns: One conversation in its order.
        passes: 1 reads no later turn; 2 reads up to `again.AHEAD` of them and is more often right.
        embedder: Gives the vectors the model was trained with; the word vectors by default.

    Raises:
        ModelMismatchError: The shipped model was trained on other features.
    """
    n = len(turns)
    parent, probability = np.arange(n, dtype=np.int32), np.ones(n, np.float32)
    second, second_probability = np.full(n, -1, np.int32), np.zeros(n, np.float32)
    if (turns.speaker >= 0).any():
        found, weights = _scored(turns, passes, embedder or WordVectors())
        at = np.arange(len(found.turn))
        order = np.argsort(-weights, axis=1, kind="stable")
        best, other = order[:, 0], order[:, 1]
        said = found.turn
        parent[said] = said[found.candidate[at, best]]
        probability[said] = weights[at, best]
        likely = (
            (weights[at, other] >= SECOND_LIKELY)
            & (found.candidate[at, other] != at)
            & (found.candidate[at, best] != at)
        )
        second[said] = np.where(likely, said[np.maximum(found.candidate[at, other], 0)], -1)
        second_probability[said] = np.where(likely, weights[at, other], 0)
    return Links(parent, probability, second, second_probability)


def candidates(turns: Turns, embedder: Embedder) -> tuple[Pairs, Ints]:
    """Candidate pairs of a conversation and whom each said turn names."""
    words = arrays("links_words", SCHEMA)
    usual = frozenset(words["usual"].tobytes().decode().split())
    seen = read(turns, usual)
    expected = heard(turns.text, words["heard_weight"].astype(np.float32), words["heard_constant"].astype(np.float32))
    found = pairs(turns, seen, expected, embedder.embed(turns.text), words["near"])
    return found, seen.named[found.turn]


def _scored(turns: Turns, passes: int, embedder: Embedder) -> tuple[Pairs, Floats]:
    found, named = candidates(turns, embedder)
    valid = (found.candidate >= 0) & (found.rows[..., COLUMNS.index("rank_near")] < LOOKED_AT)
    first = likelihood("links_first", found.rows, valid)
    if passes == 1:
        return found, first
    # What the first pass all but excludes the second never takes; it is most of the candidates.
    likely = valid & (first > EXCLUDED)
    more = again(found, first, turns.speaker[found.turn], named, likely)
    return found, likelihood("links_second", np.concatenate([found.rows, more], axis=-1), likely)


def likelihood(name: str, rows: Floats, valid: npt.NDArray[np.bool_]) -> Floats:
    """Probability of each candidate: the trees' sums, softened by the card's temperature, over each turn's own. (m, KEPT)."""
    kept = np.flatnonzero(valid.ravel())
    total = np.full(valid.size, -np.inf, np.float32)
    flat = rows.reshape(valid.size, -1)
    total[kept] = session(name, SCHEMA).run(None, {"rows": flat[kept]})[0][:, 0]
    scaled = total.reshape(-1, KEPT) / float(card(name).told["temperature"])
    scaled -= scaled.max(axis=1, keepdims=True)
    odds = np.exp(scaled)
    return np.asarray(odds / odds.sum(axis=1, keepdims=True), np.float32)
