"""Which stretch of talk answers which: trees over the last stretches of others, a probability for each pair.

Keeps true: most talk answers nothing, and "nothing" is a candidate like the others. A single pair is too unsure to be
shown; totals for two people over a meeting are what signals read.
"""

import numpy as np

from cadre.language.meeting.talk import TALK, Talk
from cadre.language.shipped import arrays, card, session
from cadre.language.turns import Floats, Ints

WINDOW = 14
SCHEMA = 1
PAIR = (
    "is_none", "distance", "gap", "start_gap", "overlaps", "last_of_theirs", "mine_between", "others_between", "theirs_between",
    "likeness", "my_seconds", "their_seconds", "my_words", "their_words", "i_spoke_just_before", "they_follow", "place_of_speaker",
)  # fmt: skip
COLUMNS = (*PAIR, *(f"this_{x}" for x in TALK), *(f"that_{x}" for x in TALK))


def candidates(talk: Talk) -> Ints:
    """The last `WINDOW` stretches of others for each, after the stretch itself, which stands for nothing. (n, WINDOW+1)."""
    n = len(talk)
    out = np.full((n, WINDOW + 1), -1, np.int32)
    for i in range(n):
        out[i, 0] = i
        others = [j for j in range(i - 1, max(i - 1 - 3 * WINDOW, -1), -1) if talk.speaker[j] != talk.speaker[i]][
            :WINDOW
        ]
        out[i, 1 : 1 + len(others)] = others
    return out


def rows(talk: Talk, acts: Floats, vectors: Floats, candidate: Ints) -> Floats:
    """What is known of each pair. Shape (n, WINDOW+1, len(COLUMNS))."""
    n = len(talk)
    out = np.zeros((n, WINDOW + 1, len(COLUMNS)), np.float32)
    i, j = np.arange(n)[:, None], np.maximum(candidate, 0)
    speaker = talk.speaker
    count = np.array([len(text.split()) for text in talk.text], np.float32)
    own = np.zeros((n + 1, int(speaker.max(initial=0)) + 1), np.int32)
    own[1:] = np.cumsum(speaker[:, None] == np.arange(own.shape[1])[None, :], axis=0)
    previous = np.concatenate([[-1], speaker[:-1]])
    following = np.concatenate([speaker[1:], [-1]])
    columns = (
        candidate == i, i - j, np.clip(talk.start[i] - talk.end[j], -10, 60), np.clip(talk.start[i] - talk.start[j], 0, 60),
        talk.end[j] > talk.start[i], own[i, speaker[j]] - own[j + 1, speaker[j]] == 0,
        own[i, speaker[i]] - own[j, speaker[i]], i - j - 1 - (own[i, speaker[i]] - own[j, speaker[i]]),
        own[i, speaker[j]] - own[j + 1, speaker[j]], np.einsum("id,ikd->ik", vectors, vectors[j]),
        np.clip(talk.end[i] - talk.start[i], 0, 20) + 0 * j, np.clip(talk.end[j] - talk.start[j], 0, 20), count[i] + 0 * j, count[j],
        (previous[i] == speaker[i]) + 0 * j, following[i] == speaker[j], np.arange(WINDOW + 1)[None, :] + 0 * j,
    )  # fmt: skip
    for k, column in enumerate(columns):
        out[..., k] = column
    out[:, 0, 1 : len(PAIR)] = 0
    for k in (10, 12, 14):
        out[:, 0, k] = columns[k][:, 0]
    width = len(PAIR)
    out[..., width : width + len(TALK)] = acts[:, None, :]
    out[..., width + len(TALK) :] = acts[j]
    out[:, 0, width + len(TALK) :] = 0
    out[candidate < 0] = 0
    return out


def answered(talk: Talk, acts: Floats, vectors: Floats) -> tuple[Ints, Floats]:
    """Candidates of each stretch and the probability that it answers each; column 0 is nothing. Both (n, WINDOW+1).

    Raises:
        ModelMismatchError: The shipped model was trained on other features.
    """
    candidate = candidates(talk)
    if not len(talk):
        return candidate, np.zeros(candidate.shape, np.float32)
    known = rows(talk, acts, vectors, candidate)
    valid = np.flatnonzero(candidate.ravel() >= 0)
    total = np.full(candidate.size, -np.inf, np.float32)
    total[valid] = session("meeting_pairs", SCHEMA).run(None, {"rows": known.reshape(candidate.size, -1)[valid]})[0][
        :, 0
    ]
    score = total.reshape(candidate.shape) / float(card("meeting_pairs").told["temperature"])
    score -= score.max(axis=1, keepdims=True)
    odds = np.exp(score)
    return candidate, np.asarray(odds / odds.sum(axis=1, keepdims=True), np.float32)


def threshold() -> float:
    """From which probability on a pair counts, chosen on meetings not trained on for the best F1."""
    return float(arrays("meeting_lead", SCHEMA)["pair_threshold"])
