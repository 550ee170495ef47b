"""Reply links of meetings: each part of a batch is one meeting, read by the models of talk."""

import numpy as np
import numpy.typing as npt

from cadre.language.links.reply import Links
from cadre.language.meeting.pair import answered, threshold
from cadre.language.meeting.talk import Talk, talk_acts
from cadre.language.shipped import card
from cadre.language.turns import Floats, Turns

USUAL_SECONDS_A_WORD = 0.35
"""How long a stretch is taken to last where the transcript does not tell its end."""


def version() -> str:
    """What is written beside links of these models."""
    return f"{card('meeting_pairs').version}+{card('meeting_acts').version}"


def meeting_links(turns: Turns, seconds: npt.NDArray[np.float64], vectors: Floats) -> Links:
    """The stretch of talk that each stretch answers; most answer none and are their own parent.

    Args:
        turns: Meetings as parts of one batch, each in the order it was spoken.
        seconds: How long each stretch lasted; NaN where not told. Shape (n,).
        vectors: The embedding of each. Shape (n, width).
    """
    n = len(turns)
    parent, probability = np.arange(n, dtype=np.int32), np.ones(n, np.float32)
    part = turns.part if turns.part is not None else np.zeros(n, np.int32)
    spoken = np.array([len(text.split()) for text in turns.text]) * USUAL_SECONDS_A_WORD
    lasted = np.where(np.isnan(seconds), spoken, seconds)
    start = np.nan_to_num(turns.minute * 60, nan=0.0)
    for one in np.unique(part):
        here = np.flatnonzero((part == one) & (turns.speaker >= 0))
        if not len(here):
            continue
        numbers = np.unique(turns.speaker[here], return_inverse=True)[1].astype(np.int32)
        talk = Talk(numbers, start[here], start[here] + lasted[here], [turns.text[k] for k in here.tolist()])
        candidate, chance = answered(talk, talk_acts(talk), vectors[here])
        best = chance[:, 1:].argmax(axis=1) + 1
        at = np.arange(len(here))
        likely = chance[at, best] >= threshold()
        parent[here] = np.where(likely, here[np.maximum(candidate[at, best], 0)], here)
        probability[here] = np.where(likely, chance[at, best], chance[:, 0])
    return Links(parent, probability, np.full(n, -1, np.int32), np.zeros(n, np.float32))
