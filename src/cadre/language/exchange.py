"""What an exchange of turns comes to: whether one asks back, holds tension, or answers constructively; and its course.

Keeps true: words in their place are read, never a voice, a face or a person's feelings; a turn holds tension, nobody is
tense. Each is one logistic model over a few named features and hashed words, trained on turns labelled for Cadre. What
failed its study is told by `SCORED` and goes into no estimate; it may be shown to whoever wrote the turn.

References:
    Schegloff, Jefferson and Sacks 1977; Dingemanse and Enfield 2015 (repair, and who starts it); Mann 1945 and Kendall
    1975 (trend). Labels: `training/labels/guideline.md`; recipe: `training/exchange.py`; figures: the cards.
"""

import math
import re
from collections.abc import Sequence
from functools import cache
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from cadre.language.shipped import ModelMismatchError, arrays, card
from cadre.language.turns import LOOKS, Floats, looks, unaddressed

SCHEMA = 1
BUCKETS = 2**13
MAX_READ = 2000
"""Characters looked at of each turn."""
SCORED: tuple[str, ...] = ("asks_back", "constructive")
"""What passed its study and may enter an estimate; the rest is advice to the writer."""
Course = Literal["rising", "falling", "steady"]
MIN_COURSE, SHIFT, SURE = 6, 0.15, 1.96
"""Fewer turns show no course; nor does a change smaller than `SHIFT`, or one that chance makes in one of twenty."""

_SIGNS = {
    "unclear": r"\bwhat do(?:es)? (?:you|that|it|this) mean|\byou mean\b|\bhow do you mean|not sure (?:what|which|i (?:follow|understand))|"
    r"don'?t (?:understand|follow|get it)|^\W*(?:sorry|pardon|what|huh|eh|hm+|excuse me|come again|say again)\W*\?|more specific|"
    r"\bclarif|elaborat|what exactly|which (?:one|ones)\b|lost me|what are you (?:talking|trying|asking)",
    "detail": r"\b(?:what|which) (?:version|error|release|distro|card|driver|kernel|os|model|exactly|kind|type|bank|file|user|message)|"
    r"\bare you (?:using|running|on|trying|sure|getting|in|logged)|\b(?:did|have|do) you\b|\bis (?:it|that|this|there)\b|"
    r"\b(?:paste|pastebin|screenshot|more (?:details?|info\w*)|further details?)\b|"
    r"\b(?:can|could|would) you (?:please )?(?:paste|post|show|send|share|tell|provide|confirm|explain|attach|advise)|"
    r"\b(?:please|kindly) (?:share|provide|send|confirm|clarify|specify|attach|advise|explain)",
    "again": r"\bany (?:news?|updates?|ideas?|feedback)\b|\breminder\b|\b(?:anyone|anybody|someone|hello)\s?\?|waiting for (?:your|the|any)|"
    r"\b(?:second|third|2nd|3rd|once more|still (?:waiting|no)|following up|follow[- ]up)\b|your (?:kind |prompt )*(?:updates?|feedback|response)",
    "question_word": r"^(?:xname )?\W*(?:(?:ok|so|and|but|well|hm+|ah|oh)\W+)?(?:what|which|why|how|where|when|who)\b",
    "urgent": r"\burgent|\basap\b|as soon as possible|immediate|\bcritical\b|escalat|high (?:priority|risk)|expedite|at the earliest|"
    r"\bseveral (?:days|times|weeks)|many days|\b(?:third|fourth|3rd|4th|nth) (?:time|reminder)|keep\w* (?:\w+ )?waiting|still no\b",
    "blame": r"\byou (?:should|could|must) (?:have|not)\b|your (?:fault|problem|mistake|side)\b|\bwhy (?:did|do|didn'?t|don'?t) you\b|"
    r"\bas i (?:said|mentioned|told|have)|\bi (?:told|am telling|already)\b|\bstop (?:\w+ing)\b|complain|not acceptable|disappoint",
    "against": r"^(?:xname )?\W*no\b[^?]*$|\bnot true\b|\bwrong\b|\bdisagree|nonsense|\bit'?s not\b|\bno way\b|\bthat'?s not\b|i am not\b",
    "sharp": r"\bstupid|\bidiot|\btroll|\bsucks?\b|terribl|\bcrap|\bwtf\b|\bbullshit|\bdumb|\bshut up|\bhell\b|\bf\*?u?c?k|\bnoob|belittl|useless|"
    r"\blame\b|ridiculous|!{2,}|\bjeez|grow up|\brtfm",
    "thanks": r"\bthanks?\b|\bthx\b|\bty\b|appreciat|\bgreat\b|\bperfect\b|\bworks\b|\bgot it\b|\bgood (?:idea|point)|^(?:xname )?\W*(?:ok|okay|yes|yeah|sure)\b",
    "proposes": r"\btry\b|\byou (?:can|could|should|need|might)\b|\blet'?s\b|\bwe (?:can|could|should)\b|\bhow about\b|\bwhy not\b|\bi(?:'ll| will| can)\b|"
    r"\bmaybe\b|\bsuggest|\bor use\b|^(?:xname )?\W*(?:run|use|check|install|type|open|go|see|look)\b",
}  # fmt: skip
_PATTERNS = tuple(re.compile(pattern) for pattern in _SIGNS.values())
_CAPITAL = re.compile(r"[A-Z]")
_CONTENT = re.compile(r"[a-z0-9][\w'.+-]{2,30}")
_COMMON = frozenset([
    "the", "and", "for", "you", "that", "this", "with", "have", "are", "was", "not", "can", "but", "what", "how",
    "does", "any", "will", "from", "your", "please",
])  # fmt: skip
_PLACED = (
    "same_speaker", "has_before", "before_asks", "before_words", "shared_with_before", "shared_with_own", "repeats_before",
    "repeats_own", "asks_other", "asks_same", "asks_after_question", "asks_briefly", "asks_with_its_words", "shouts", "few_words",
)  # fmt: skip
DENSE = (*LOOKS, *_SIGNS, *_PLACED)
"""The named features, in order."""


def features(
    before: Sequence[str],
    turn: Sequence[str],
    same_speaker: npt.ArrayLike,
    before_by_asker: Sequence[str] | None = None,
) -> tuple[Any, Floats]:
    """What the models read of each turn.

    Args:
        before: What the turn answers or follows; empty where nothing is known.
        turn: What it says; at least one.
        same_speaker: Whether the same person said both. Shape (n,).
        before_by_asker: What whoever says the turn asked or said last; None where nobody looked.

    Returns:
        Hashed words and pairs of words (n, BUCKETS), and `DENSE` (n, len(DENSE)).
    """
    texts = [unaddressed(text[:MAX_READ]).lower() for text in turn]
    earlier = [unaddressed(text[:MAX_READ]).lower() for text in before]
    own = [unaddressed(text[:MAX_READ]).lower() for text in before_by_asker] if before_by_asker else [""] * len(texts)
    same = np.asarray(same_speaker, bool)
    look = looks(turn)
    signs = np.array([[p.search(t) is not None for p in _PATTERNS] for t in texts], np.float32)
    rows = zip(texts, turn, earlier, own, same.tolist(), strict=True)
    placed = np.array([_placed(*row) for row in rows], np.float32)
    dense = np.concatenate([look, signs, placed], axis=1)
    return _words().transform(texts), dense


def _placed(text: str, written: str, before: str, own: str, same: bool) -> tuple[float, ...]:
    bag, there, mine = _bag(text), _bag(before), _bag(own)
    with_before, with_own = _shared(bag, there), _shared(bag, mine)
    asks, brief = "?" in text, len(text.split(None, 6)) < 6
    back = asks and bool(before) and not same
    start = written[:400]
    capitals = len(_CAPITAL.findall(start)) if start.isascii() else sum(map(str.isupper, start))
    return (
        same, bool(before), "?" in before, math.log1p(before.count(" ")), with_before, with_own,
        with_before > 0.7 and len(bag) > 1, with_own > 0.7 and len(bag) > 1, back, asks and same,
        asks and "?" in before, back and brief, back and with_before > 0, capitals > 10 and capitals > 0.6 * len(written[:400]), brief,
    )  # fmt: skip


def _bag(text: str) -> frozenset[str]:
    return frozenset(_CONTENT.findall(text)) - _COMMON


def _shared(bag: frozenset[str], other: frozenset[str]) -> float:
    return len(bag & other) / len(bag) if bag else 0.0


def asks_back(
    before: Sequence[str],
    turn: Sequence[str],
    same_speaker: npt.ArrayLike,
    before_by_asker: Sequence[str] | None = None,
) -> Floats:
    """Probability that a turn shows an earlier one to have been unclear or not enough.

    It asks what was meant, asks for a missing detail, or puts again what was not answered.

    Args:
        before: What the turn answers or follows; empty where nothing is known.
        turn: What it says.
        same_speaker: Whether the same person said both. Shape (n,).
        before_by_asker: What whoever says the turn asked or said last; None where nobody looked.

    Returns:
        Shape (n,); NaN for an empty turn.

    Raises:
        ModelMismatchError: The shipped model was trained on other features.
    """
    return _told("repair", 0, before, turn, same_speaker, before_by_asker)


def asks_again(turn: Sequence[str]) -> npt.NDArray[np.bool_]:
    """Whether a turn reads as a reminder: it asks for news, an update or anybody at all, by its words. Shape (n,)."""
    again = re.compile(_SIGNS["again"])
    return np.array([again.search(text[:MAX_READ].lower()) is not None for text in turn], bool)


def tension(turn: Sequence[str]) -> Floats:
    """Probability that a turn holds disagreement with somebody, blame, sharpness or pressing urgency.

    Args:
        turn: What each says.

    Returns:
        Shape (n,); NaN for an empty turn. Said of the words; see `SCORED` for what it may be used for.

    Raises:
        ModelMismatchError: The shipped model was trained on other features.
    """
    return _told("tension", 0, [""] * len(turn), turn, np.zeros(len(turn), bool), None)


def constructive(before: Sequence[str], turn: Sequence[str], same_speaker: npt.ArrayLike) -> Floats:
    """Probability that a reply acknowledges, asks or proposes.

    Args:
        before: What the reply answers; empty where nothing is known.
        turn: What it says.
        same_speaker: Whether the same person said both. Shape (n,).

    Returns:
        Shape (n,); NaN for an empty turn.

    Raises:
        ModelMismatchError: The shipped model was trained on other features.
    """
    return _told("tension", 1, before, turn, same_speaker, None)


def course(values: npt.ArrayLike) -> Course:
    """Whether a measure rises or falls over the turns of an exchange.

    Args:
        values: One a turn, in order, as probabilities; NaN where there is none.

    Returns:
        `rising` or `falling` where there are `MIN_COURSE` values, the last third differs from the first by `SHIFT` and
        a rank trend is beyond chance (Mann-Kendall, two sides of 5%). Else `steady`: no change is shown.
    """
    told = np.asarray(values, np.float64)
    told = told[~np.isnan(told)]
    n = len(told)
    if n < MIN_COURSE:
        return "steady"
    third = n // 3
    moved = told[-third:].mean() - told[:third].mean()
    trend = np.sign(told[None, :] - told[:, None])[np.triu_indices(n, 1)].sum()
    ties = np.unique(told, return_counts=True)[1]
    variance = (n * (n - 1) * (2 * n + 5) - (ties * (ties - 1) * (2 * ties + 5)).sum()) / 18
    sure = variance > 0 and (abs(trend) - 1) / math.sqrt(variance) >= SURE
    if not sure or abs(moved) < SHIFT or np.sign(moved) != np.sign(trend):
        return "steady"
    return "rising" if moved > 0 else "falling"


def version() -> str:
    """What is written beside annotations of these models."""
    return f"{card('repair').version}+{card('tension').version}"


def scored(before: Sequence[str], turn: Sequence[str], same_speaker: npt.ArrayLike) -> dict[str, Floats]:
    """What passed its study, by name, from features computed once; the same as `asks_back` and `constructive`."""
    if not turn:
        return {name: np.zeros(0, np.float32) for name in SCORED}
    words, dense = features(before, turn, same_speaker)
    return {
        "asks_back": _chance("repair", 0, words, dense, turn),
        "constructive": _chance("tension", 1, words, dense, turn),
    }


def _told(
    name: str, column: int, before: Sequence[str], turn: Sequence[str], same: npt.ArrayLike, own: Sequence[str] | None
) -> Floats:
    if not turn:
        return np.zeros(0, np.float32)
    words, dense = features(before, turn, same, own)
    return _chance(name, column, words, dense, turn)


def _chance(name: str, column: int, words: Any, dense: Floats, turn: Sequence[str]) -> Floats:
    model = arrays(name, SCHEMA)
    if tuple(card(name).told["named"]) != DENSE:
        raise ModelMismatchError(
            f"The model {name!r} was trained on other named features than this code makes.",
            hint="Train it again with its recipe: training/README.md.",
        )
    score = (
        words @ model["words"][:, column].astype(np.float32)
        + (dense / model["scale"][:, column]) @ model["dense"][:, column]
    )
    score = (score + model["constant"][column]) * model["slope"][column] + model["shift"][column]
    out: Floats = (1 / (1 + np.exp(-score))).astype(np.float32)
    out[[not text or text.isspace() for text in turn]] = np.nan
    return out


@cache
def _words() -> Any:
    from sklearn.feature_extraction.text import HashingVectorizer

    return HashingVectorizer(
        n_features=BUCKETS, alternate_sign=False, ngram_range=(1, 2), norm="l2", token_pattern=r"[\w']+|[?!]+"
    )
