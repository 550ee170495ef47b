"""What is known of a turn and of each earlier turn it may answer, as one row of numbers a pair.

Keeps true: only what stood before the turn is read (the second pass adds what came after); candidates are the last
`WINDOW` turns of speakers and the turn itself, which stands for "starts a conversation"; a cheap linear look keeps the
`KEPT` likeliest of them, so that the trees see few rows. `SCHEMA` names the columns and changes with any of them: a
model trained on another schema is refused.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cadre.language.links.hearing import HEARD
from cadre.language.turns import LOOKS, Floats, Ints, Read, Turns

WINDOW = 80
KEPT = 24
_FAR = 9999.0
_CHUNK = 4096

NEAR = (
    "near_log_distance", "near_log_gap", "near_same_speaker", "near_calls", "near_names", "near_called_by", "near_called_by_name",
    "near_calls_other", "near_calls_other_back", "near_same_called", "near_last_of_speaker", "near_own_previous",
    "near_after_own_previous", "near_last_call_to_me", "near_last_of_called", "near_first", "near_asks",
)  # fmt: skip
PAIR = (
    *NEAR, "gap_minutes", "turns_of_theirs_between", "turns_of_mine_between", "own_previous_distance", "own_previous_gap",
    "my_turns", "their_turns_then", "calls_to_them_since", "calls_to_me_since_theirs", "i_called_them_ago", "they_called_me_ago",
    "partner_of_mine", "partner_of_theirs", "shared_rarity", "shared_words", "named_count", "named_count_then", "people_between",
    "is_self", "turns_last_five_minutes", "rank_near", "likeness",
)  # fmt: skip
TURN = (*LOOKS, *HEARD)
COLUMNS = (*PAIR, *(f"this_{x}" for x in TURN), *(f"that_{x}" for x in TURN))
SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Pairs:
    """Candidates of each turn and what is known of each pair.

    Attributes:
        turn: The turns somebody said, as rows of the conversation. Shape (m,).
        candidate: For each, `KEPT` candidates as positions in `turn`; column 0 is the turn itself, -1 is none. (m, KEPT).
        rows: `COLUMNS` of each pair. Shape (m, KEPT, len(COLUMNS)).
    """

    turn: Ints
    candidate: Ints
    rows: Floats


@dataclass(frozen=True, slots=True)
class History:
    """What earlier turns say of each turn, all as positions among the turns somebody said; -1 is none."""

    speaker: Ints
    minute: npt.NDArray[np.float64]
    called: Ints
    named: Ints
    own_previous: Ints
    own_next: Ints
    last_call_to_me: Ints
    last_of_called: Ints
    turns_before: Ints


def history(speaker: Ints, minute: npt.NDArray[np.float64], called: Ints, named: Ints) -> History:
    """The chain of each speaker's turns and of the calls to them."""
    n = len(speaker)
    own_previous, own_next = np.full(n, -1, np.int32), np.full(n, n + WINDOW, np.int32)
    call, of_called, before = np.full(n, -1, np.int32), np.full(n, -1, np.int32), np.zeros(n, np.int32)
    last: dict[int, int] = {}
    called_at: dict[int, int] = {}
    count: dict[int, int] = {}
    for i in range(n):
        who, whom = int(speaker[i]), int(called[i])
        previous = last.get(who, -1)
        own_previous[i] = previous
        if previous >= 0:
            own_next[previous] = i
        call[i] = called_at.get(who, -1)
        of_called[i] = last.get(whom, -1) if whom >= 0 else -1
        before[i] = count.get(who, 0)
        count[who] = before[i] + 1
        last[who] = i
        for other in named[i]:
            if other >= 0:
                called_at[int(other)] = i
    return History(speaker, minute, called, named, own_previous, own_next, call, of_called, before)


def near(past: History, asks: Floats, low: int, high: int, part: Ints | None = None) -> Floats:
    """The cheap look at every turn of `low` to `high` and its last `WINDOW` turns. Shape (high-low, WINDOW+1, len(NEAR)).

    Column 0 of the second axis is the turn itself; turns before the first, or of another part, are NaN in column 0 of the
    last axis.
    """
    i = np.arange(low, high, dtype=np.int32)[:, None]
    j = i - np.arange(WINDOW + 1, dtype=np.int32)[None, :]
    gone = j < 0
    j = np.maximum(j, 0)
    out = np.zeros((high - low, WINDOW + 1, len(NEAR)), np.float32)
    me, they = past.speaker[i], past.speaker[j]
    whom, whom_then = past.called[i], past.called[j]
    mine = past.own_previous[i]
    out[..., 0] = np.log1p(i - j)
    gap = past.minute[i] - past.minute[j]
    out[..., 1] = np.log1p(np.clip(np.nan_to_num(gap, nan=1.0), 0, 600))
    out[..., 2] = me == they
    out[..., 3] = whom == they
    out[..., 4] = (past.named[i] == they[..., None]).any(-1)
    out[..., 5] = whom_then == me
    out[..., 6] = (past.named[j] == me[..., None]).any(-1)
    out[..., 7] = (whom >= 0) & (whom != they)
    out[..., 8] = (whom_then >= 0) & (whom_then != me)
    out[..., 9] = (whom >= 0) & (whom == whom_then)
    out[..., 10] = past.own_next[j] >= i
    out[..., 11] = j == mine
    out[..., 12] = j > mine
    out[..., 13] = j == past.last_call_to_me[i]
    out[..., 14] = j == past.last_of_called[i]
    out[..., 15] = mine < 0
    out[..., 16] = asks[j]
    out[:, 0, 2:15] = 0
    if part is not None:
        gone = gone | (part[i] != part[j])
    out[gone, 0] = np.nan
    return out


def pairs(turns: Turns, seen: Read, heard: Floats, vectors: Floats, weight: Floats) -> Pairs:
    """The `KEPT` likeliest candidates of every turn and what is known of each pair.

    Args:
        turns: The conversation.
        seen: What each of its turns shows by itself.
        heard: What the words of each turn let one expect. Shape (n, len(HEARD)).
        vectors: The embedding of each turn. Shape (n, width).
        weight: The linear look over `NEAR`, its last number the constant for the turn itself. Shape (len(NEAR)+1,).
    """
    said = np.flatnonzero(turns.speaker >= 0).astype(np.int32)
    speaker = turns.speaker[said]
    minute = np.floor(turns.minute[said])
    called, named, look = seen.called[said], seen.named[said], seen.look[said]
    past = history(speaker, minute, called, named)
    asks = np.maximum(look[:, 2], look[:, 3])
    part = None if turns.part is None else turns.part[said]
    m = len(said)
    candidate = np.full((m, KEPT), -1, np.int32)
    rows = np.zeros((m, KEPT, len(COLUMNS)), np.float32)
    for low in range(0, m, _CHUNK):
        high = min(low + _CHUNK, m)
        looked = near(past, asks, low, high, part)
        score = np.nan_to_num(looked, nan=0.0) @ weight[:-1]
        score[:, 0] = weight[-1]
        score[np.isnan(looked[..., 0])] = -np.inf
        score[:, 0] = np.inf
        best = np.argpartition(-score, KEPT - 1, axis=1)[:, :KEPT]
        best.sort(axis=1)
        at = np.arange(high - low)[:, None]
        known = np.isfinite(score[at, best]) | (best == 0)
        candidate[low:high] = np.where(known, np.arange(low, high)[:, None] - best, -1)
        rows[low:high, :, : len(NEAR)] = np.nan_to_num(looked[at, best], nan=0.0)
        order = np.where(known, score[at, best], -1e9)
        rows[low:high, :, COLUMNS.index("rank_near")] = (-order).argsort(1, kind="stable").argsort(1, kind="stable")
    _pair(rows, candidate, past)
    _words(rows, candidate, seen.rare[said], seen.rarity[said])
    _likeness(rows, candidate, vectors[said])
    width = len(PAIR)
    told = np.concatenate([look, heard[said]], axis=1)
    rows[..., width : width + len(TURN)] = told[:, None, :]
    rows[..., width + len(TURN) :] = told[np.maximum(candidate, 0)]
    rows[candidate < 0] = 0
    return Pairs(said, candidate, rows)


def _pair(rows: Floats, candidate: Ints, past: History) -> None:
    """Fill the columns that need the state of the conversation at each turn."""
    column = {name: k for k, name in enumerate(COLUMNS)}
    m = len(candidate)
    j, i = np.maximum(candidate, 0), np.arange(m)[:, None]
    mine = past.own_previous
    has = mine >= 0
    rows[..., column["gap_minutes"]] = np.clip(np.nan_to_num(past.minute[i] - past.minute[j], nan=1.0), 0, 600)
    rows[..., column["own_previous_distance"]] = np.where(has, np.minimum(np.arange(m) - mine, 500), 999)[:, None]
    since = np.where(has, np.clip(np.nan_to_num(past.minute - past.minute[mine], nan=1.0), 0, 600), 999)
    rows[..., column["own_previous_gap"]] = since[:, None]
    rows[..., column["my_turns"]] = np.log1p(past.turns_before)[:, None]
    rows[..., column["their_turns_then"]] = np.log1p(past.turns_before[j])
    rows[..., column["named_count"]] = (past.named >= 0).sum(1)[:, None]
    rows[..., column["named_count_then"]] = (past.named >= 0).sum(1)[j]
    rows[..., column["is_self"]] = candidate == i
    recent = np.arange(m) - np.searchsorted(
        np.nan_to_num(np.maximum.accumulate(past.minute)), np.nan_to_num(past.minute) - 5
    )
    rows[..., column["turns_last_five_minutes"]] = np.clip(recent, 0, 200)[:, None]
    _state(rows, candidate, past, column)


def _state(rows: Floats, candidate: Ints, past: History, column: dict[str, int]) -> None:
    people = int(max(past.speaker.max(initial=-1), past.called.max(initial=-1), past.named.max(initial=-1))) + 2
    said, calls = np.zeros(people, np.int32), np.zeros(people, np.int32)
    calls_then = np.zeros(len(candidate), np.int32)
    between: dict[tuple[int, int], int] = {}
    partner = np.full(people, -1, np.int32)
    c = [column[x] for x in (
        "turns_of_theirs_between", "turns_of_mine_between", "calls_to_them_since", "calls_to_me_since_theirs",
        "i_called_them_ago", "they_called_me_ago", "partner_of_mine", "partner_of_theirs", "people_between")]  # fmt: skip
    speaker, called, named = past.speaker, past.called, past.named
    own_before = past.turns_before
    mine_then: dict[int, list[int]] = {}
    to_me: dict[int, list[int]] = {}
    for i in range(len(candidate)):
        me = int(speaker[i])
        js = np.maximum(candidate[i], 0)
        they = speaker[js]
        row = rows[i]
        row[:, c[0]] = said[they] - own_before[js] - 1
        times = mine_then.setdefault(me, [])
        row[:, c[1]] = len(times) - np.searchsorted(times, js, side="right")
        row[:, c[2]] = np.minimum(calls[they] - calls_then[js], 20)
        heard = to_me.get(me, [])
        row[:, c[3]] = len(heard) - np.searchsorted(heard, js, side="right")
        listed = they.tolist()
        row[:, c[4]] = [min(i - between.get((me, t), -999), 999) for t in listed]
        row[:, c[5]] = [min(i - between.get((t, me), -999), 999) for t in listed]
        row[:, c[6]] = partner[me] == they
        row[:, c[7]] = partner[they] == me
        place = {t: k for k, t in reversed(list(enumerate(listed)))}
        row[:, c[8]] = [place[t] for t in listed]
        # the turn itself: nobody between
        row[0, c] = 0
        calls_then[i] = calls[me]
        said[me] += 1
        times.append(i)
        whom = int(called[i])
        for other in named[i]:
            if other >= 0:
                calls[other] += 1
                between[me, int(other)] = i
                to_me.setdefault(int(other), []).append(i)
        if whom >= 0:
            partner[me] = whom
            if partner[whom] < 0:
                partner[whom] = me


def _words(rows: Floats, candidate: Ints, rare: Ints, rarity: Floats) -> None:
    """How much the rare words that both turns hold tell, and how many there are."""
    shared, count = COLUMNS.index("shared_rarity"), COLUMNS.index("shared_words")
    for low in range(0, len(candidate), _CHUNK):
        here = slice(low, low + _CHUNK)
        j = np.maximum(candidate[here], 0)
        equal = (rare[here][:, None, :, None] == rare[j][:, :, None, :]) & (rare[here] >= 0)[:, None, :, None]
        both = equal.any(-1)
        rows[here, :, shared] = (both * rarity[here][:, None, :]).sum(-1)
        rows[here, :, count] = both.sum(-1)
        rows[here, 0, shared] = 0
        rows[here, 0, count] = 0


def _likeness(rows: Floats, candidate: Ints, vectors: Floats) -> None:
    """Cosine of the two turns' vectors; 0 for the turn itself, which is like itself by nature."""
    column = COLUMNS.index("likeness")
    for low in range(0, len(candidate), _CHUNK):
        here = slice(low, low + _CHUNK)
        j = np.maximum(candidate[here], 0)
        rows[here, :, column] = np.einsum("id,ikd->ik", vectors[here], vectors[j])
        rows[here, 0, column] = 0
