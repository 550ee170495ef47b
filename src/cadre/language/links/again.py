"""What the first pass's links, and the turns after it, say of each pair: the columns of the second pass.

Keeps true: reads the first pass's probabilities and the conversation alone; of later turns at most `AHEAD` are seen, so
that a link is final once so many turns have followed.
"""

import numpy as np
import numpy.typing as npt

from cadre.language.links.features import KEPT, Pairs
from cadre.language.turns import Floats, Ints

AHEAD = 40
_LIKELY = 0.05
_NOT_SOON, _NEVER = 99, 999

AGAIN = (
    "first", "first_rank", "first_best_other", "same_conversation_as_mine", "mine_answered_it", "it_answered_mine",
    "it_answered_me", "siblings_share", "answers_before", "answers_by_others_before", "answers_after", "last_of_conversation",
    "conversation_turns", "conversation_mine", "they_answer_me_next", "i_am_answered", "my_next_answers_it",
    "my_next_same_conversation", "i_am_answered_by_them", "my_next_answers_me", "conversation_then", "their_next_calls_me",
    "my_next_distance", "their_next_distance", "they_answered_me_before", "first_self", "it_started",
)  # fmt: skip


Wanted = list[list[tuple[int, int]]]


def again(
    pairs: Pairs, probability: Floats, speaker: Ints, named: Ints, wanted: npt.NDArray[np.bool_] | None = None
) -> Floats:
    """The second pass's columns of each pair.

    Args:
        pairs: Candidates, as the first pass had them.
        probability: What the first pass made of them. Shape (m, KEPT).
        speaker: Who spoke, for the m turns somebody said.
        named: Whom each of them names, padded with -1. Shape (m, MAX_MENTIONS).
        wanted: Which pairs will be looked at; others are left half filled. All by default. Shape (m, KEPT).

    Returns:
        Shape (m, KEPT, len(AGAIN)).
    """
    m = len(speaker)
    out = np.zeros((m, KEPT, len(AGAIN)), np.float32)
    if not m:
        return out
    c = {name: k for k, name in enumerate(AGAIN)}
    at = np.arange(m, dtype=np.int32)
    j = np.maximum(pairs.candidate, 0)
    best = pairs.candidate[at, probability.argmax(1)]
    conversation = _conversations(best)
    turns_before = _places(conversation)
    mine, following = _chain(speaker)
    has = mine >= 0

    ordered = np.sort(probability, axis=1)
    out[..., c["first"]] = probability
    out[..., c["first_rank"]] = (-probability).argsort(1, kind="stable").argsort(1, kind="stable")
    out[..., c["first_best_other"]] = np.where(probability == ordered[:, -1:], ordered[:, -2:-1], ordered[:, -1:])
    out[..., c["first_self"]] = probability[:, :1]
    own = np.where(has, conversation[mine], -1)
    out[..., c["same_conversation_as_mine"]] = conversation[j] == own[:, None]
    out[..., c["mine_answered_it"]] = _held(pairs.candidate, probability, np.where(has, mine, -1), j)
    out[..., c["it_answered_mine"]] = _taken(pairs.candidate, probability, j, np.where(has, mine, -2))
    out[..., c["it_answered_me"]] = speaker[best][j] == speaker[:, None]
    out[..., c["it_started"]] = best[j] == j
    out[..., c["conversation_turns"]] = np.log1p(turns_before[j])
    looked_at = _listed(pairs.candidate, wanted)
    _answers(out, c, pairs.candidate, probability, speaker, looked_at)
    _tails(out, c, looked_at, speaker, conversation)
    ahead = np.where(following < np.minimum(at + AHEAD, m), following, -1).astype(np.int32)
    _next(out, c, pairs.candidate, probability, conversation, ahead, at, j)
    _theirs(out, c, pairs.candidate, probability, speaker, named, looked_at)
    out[pairs.candidate < 0] = 0
    return out


def _listed(candidate: Ints, wanted: npt.NDArray[np.bool_] | None) -> Wanted:
    """For each turn the columns and candidates to be filled."""
    found: Wanted = [[] for _ in range(len(candidate))]
    i, k = np.nonzero((candidate >= 0) if wanted is None else (candidate >= 0) & wanted)
    for row, column, other in zip(i.tolist(), k.tolist(), candidate[i, k].tolist(), strict=True):
        found[row].append((column, other))
    return found


def _conversations(best: Ints) -> Ints:
    """A number for each turn, shared by those the likeliest links join."""
    root = np.arange(len(best), dtype=np.int32)
    for i, parent in enumerate(best):
        root[i] = root[parent] if parent < i else i
    return root


def _places(conversation: Ints) -> Ints:
    """How many turns of its conversation stand before each."""
    count: dict[int, int] = {}
    before = np.zeros(len(conversation), np.int32)
    for i, root in enumerate(conversation.tolist()):
        before[i] = count.get(root, 0)
        count[root] = int(before[i]) + 1
    return before


def _chain(speaker: Ints) -> tuple[Ints, Ints]:
    previous, following = np.full(len(speaker), -1, np.int32), np.full(len(speaker), 2**30, np.int32)
    last: dict[int, int] = {}
    for i, who in enumerate(speaker.tolist()):
        k = last.get(who, -1)
        previous[i] = k
        if k >= 0:
            following[k] = i
        last[who] = i
    return previous, following


def _held(candidate: Ints, probability: Floats, row: Ints, target: Ints) -> Floats:
    """Probability that turn `row[i]` answers `target[i, k]`."""
    found = (candidate[row][:, None, :] == target[:, :, None]) & (row >= 0)[:, None, None]
    return np.asarray((found * probability[row][:, None, :]).sum(-1), np.float32)


def _taken(candidate: Ints, probability: Floats, row: Ints, target: Ints) -> Floats:
    """Probability that turn `row[i, k]` answers `target[i]`."""
    found = candidate[row] == target[:, None, None]
    return np.asarray((found * probability[row]).sum(-1), np.float32)


def _answers(
    out: Floats, c: dict[str, int], candidate: Ints, probability: Floats, speaker: Ints, wanted: Wanted
) -> None:
    """How much each candidate was answered before this turn and after it, and whether this one's speaker was among them."""
    i, k = np.nonzero((probability > _LIKELY) & (candidate != np.arange(len(candidate))[:, None]) & (candidate >= 0))
    answers: dict[int, list[tuple[int, float, int]]] = {}
    for child, parent, p in zip(i.tolist(), candidate[i, k].tolist(), probability[i, k].tolist(), strict=True):
        answers.setdefault(parent, []).append((child, p, int(speaker[child])))
    before, others, after = c["answers_before"], c["answers_by_others_before"], c["answers_after"]
    mine = c["siblings_share"]
    for i_, row in enumerate(wanted):
        me = int(speaker[i_])
        for k_, j in row:
            if j == i_:
                continue
            for child, p, who in answers.get(j, ()):
                if child < i_:
                    out[i_, k_, before] += p
                    if who != me:
                        out[i_, k_, others] += p
                    else:
                        out[i_, k_, mine] += p
                elif i_ < child < i_ + AHEAD:
                    out[i_, k_, after] += p


def _tails(out: Floats, c: dict[str, int], wanted: Wanted, speaker: Ints, root: Ints) -> None:
    """Whether each candidate is the last of its conversation so far, how long ago that was, and my part in it."""
    tail: dict[int, int] = {}
    part: dict[tuple[int, int], int] = {}
    roots, who = root.tolist(), speaker.tolist()
    last, mine, then = c["last_of_conversation"], c["conversation_mine"], c["conversation_then"]
    for i, row in enumerate(wanted):
        for k, other in row:
            at = tail.get(roots[other], -1)
            out[i, k, last] = at == other
            out[i, k, then] = at - other if at >= 0 else -1
            out[i, k, mine] = part.get((roots[other], who[i]), 0)
        tail[roots[i]] = i
        key = (roots[i], who[i])
        part[key] = part.get(key, 0) + 1


def _next(
    out: Floats,
    c: dict[str, int],
    candidate: Ints,
    probability: Floats,
    conversation: Ints,
    ahead: Ints,
    at: Ints,
    j: Ints,
) -> None:
    """What the speaker's own next turn does."""
    there = ahead >= 0
    out[..., c["my_next_answers_it"]] = _held(candidate, probability, ahead, j)
    out[..., c["my_next_answers_me"]] = _held(candidate, probability, ahead, at[:, None])
    best = candidate[np.arange(len(candidate)), probability.argmax(1)]
    parent = np.where(there, conversation[best[ahead]], -1)
    out[..., c["my_next_same_conversation"]] = parent[:, None] == conversation[j]
    out[..., c["my_next_distance"]] = np.where(there, ahead - at, 99)[:, None]


def _theirs(
    out: Floats, c: dict[str, int], candidate: Ints, probability: Floats, speaker: Ints, named: Ints, wanted: Wanted
) -> None:
    """What the candidates' speakers do: they answered this turn's speaker before, answer this turn, call its speaker."""
    who = speaker.tolist()
    best = candidate[np.arange(len(who)), probability.argmax(1)].tolist()
    _answered_before(out, c["they_answered_me_before"], wanted, who, best)
    heard_by = _heard(candidate, probability, who)
    calls = [frozenset(row) for row in named.tolist()]
    answered, anybody, next_calls = c["i_am_answered_by_them"], c["i_am_answered"], c["their_next_calls_me"]
    answers_next, distance = c["they_answer_me_next"], c["their_next_distance"]
    following: dict[int, int] = {}
    for t in range(len(who) - 1, -1, -1):
        me, heard = who[t], heard_by.get(t, {})
        out[t, :, anybody] = max(heard.values(), default=0.0)
        out[t, :, distance] = _NOT_SOON
        for k, j in wanted[t]:
            them = who[j]
            out[t, k, answered] = heard.get(them, 0.0)
            n = following.get(them, -1)
            if 0 <= n < t + AHEAD and them != me:
                out[t, k, next_calls] = me in calls[n]
                out[t, k, answers_next] = best[n] == t
                out[t, k, distance] = n - t
        following[me] = t


def _answered_before(out: Floats, column: int, wanted: Wanted, who: list[int], best: list[int]) -> None:
    """How long ago each candidate's speaker last answered this turn's."""
    last: dict[tuple[int, int], int] = {}
    for t, row in enumerate(wanted):
        me = who[t]
        for k, j in row:
            out[t, k, column] = min(t - last.get((who[j], me), -_NEVER), _NEVER)
        if best[t] != t:
            last[me, who[best[t]]] = t


def _heard(candidate: Ints, probability: Floats, who: list[int]) -> dict[int, dict[int, float]]:
    """For each turn, who else answers it soon and how likely."""
    found: dict[int, dict[int, float]] = {}
    i, k = np.nonzero((probability > _LIKELY) & (candidate != np.arange(len(who))[:, None]) & (candidate >= 0))
    for child, parent, p in zip(i.tolist(), candidate[i, k].tolist(), probability[i, k].tolist(), strict=True):
        if child < parent + AHEAD and who[child] != who[parent]:
            heard = found.setdefault(parent, {})
            heard[who[child]] = max(heard.get(who[child], 0.0), p)
    return found
