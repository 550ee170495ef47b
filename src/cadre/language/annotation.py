"""Text to annotations: what each turn does, whom it answers, what private data it holds; a batch in, tables out.

Keeps true: a batch is whole conversations (or one month of a channel with its context), and the same rows give the same
annotations wherever and whenever they are computed, here or on Spark. What the source itself says of a reply counts
before any model. Annotations hold no words.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from cadre.language.act import ACTS, acts
from cadre.language.act import version as acts_version
from cadre.language.clarity import readable
from cadre.language.embedding import WordVectors
from cadre.language.exchange import scored
from cadre.language.exchange import version as exchange_version
from cadre.language.links.reply import Links, reply_links
from cadre.language.links.reply import version as links_version
from cadre.language.meeting.reply import meeting_links
from cadre.language.meeting.reply import version as meetings_version
from cadre.language.private import structured
from cadre.language.private.names import Names
from cadre.language.turns import Floats, Ints, Turns, looks

CONTEXT_BEFORE, CONTEXT_AFTER = 100, 40
"""Turns of a channel read around a block, and not annotated with it."""

_PART_GAP_MINUTES = 100_000.0
_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Said:
    """Turns of one table, ordered within their part, as the stage reads them from the record.

    Attributes:
        rows: `record_id`, `container_id`, `block`, `part`, `account_id`, `occurred_at`, `reply_to_id`, `thread_id`,
            `mentions`, `seconds`, `text_digest`, `body`, `is_context`; a missing body is a turn whose words are gone.
        names: Account -> names a text may call them by.
        is_closed: Parts that are threads or tickets: only their first turn starts a conversation.
        is_spoken: Parts are meetings, where most talk answers nothing.
        clients: Names of all clients, to be found in the words.
        people: Names of the staff, the same.
    """

    rows: pa.Table
    names: Mapping[str, Sequence[str]]
    is_closed: frozenset[str] = frozenset()
    is_spoken: bool = False
    clients: tuple[str, ...] = ()
    people: tuple[str, ...] = ()


def version() -> str:
    """What is written beside every annotation; another one makes all annotations stale."""
    return f"{links_version()}+{acts_version()}+{exchange_version()}+{meetings_version()}"


def annotations(said: Said) -> tuple[pa.Table, pa.Table]:
    """What each turn does, and whom it answers.

    Args:
        said: The turns of one batch.

    Returns:
        Rows of an annotation table without its record key's own name (`record_id`), and of `reply_links` without
        `record_table`; context turns give none.
    """
    rows = said.rows
    body = [text or "" for text in rows.column("body").to_pylist()]
    turns, closed = _turns(said, body)
    vectors = WordVectors().embed(body)
    if said.is_spoken:
        seconds = np.array(rows.column("seconds").to_pylist(), float)
        links, models = meeting_links(turns, seconds, vectors), meetings_version()
    else:
        links, models = reply_links(turns, embedder=_Given(vectors)), links_version()
    parent, probability, how, marked = _parents(said, links, closed)
    at = np.arange(len(body))
    before = ["" if p in (k, -1) else body[p] for k, p in enumerate(parent.tolist())]
    same = (turns.speaker == turns.speaker[np.maximum(parent, 0)]) & (parent != at) & (parent >= 0)
    look = looks(body)
    before_look = np.where(np.array([bool(text) for text in before])[:, None], look[np.maximum(parent, 0)], 0)
    chance = acts(body, before, same.astype(np.float32), vectors=vectors, seen=(look, before_look))
    exchange = scored(before, body, same)
    kept = ~np.array(rows.column("is_context").to_pylist(), bool)
    return _annotated(said, body, chance, exchange, kept), _linked(
        rows, links, (parent, probability, how, marked), kept, models
    )


class _Given:
    """Vectors already at hand, so that links and acts share one embedding."""

    def __init__(self, vectors: Floats) -> None:
        self._vectors = vectors
        self.name, self.width = WordVectors.name, vectors.shape[1]

    def embed(self, texts: Sequence[str]) -> Floats:
        assert len(texts) == len(self._vectors)
        return self._vectors


def _turns(said: Said, body: list[str]) -> tuple[Turns, list[bool]]:
    """The rows as turns: speakers numbered apart in each part, parts set apart in time."""
    columns = {name: said.rows.column(name).to_pylist() for name in ("part", "account_id", "mentions")}
    minutes = np.array(said.rows.column("occurred_at").cast(pa.int64()).to_pylist(), float) / 60e6
    numbers: dict[tuple[str, str], int] = {}
    names: list[Sequence[str]] = []
    parts: dict[str, int] = {}
    speaker, told = np.full(len(body), -1, np.int32), []

    def number(part: str, account: str) -> int:
        key = (part, account)
        if key not in numbers:
            numbers[key] = len(numbers)
            names.append(said.names.get(account, ()))
        return numbers[key]

    part = np.zeros(len(body), np.int32)
    for k, (here, account, mentions) in enumerate(zip(*columns.values(), strict=True)):
        part[k] = parts.setdefault(here, len(parts))
        if account is not None:
            speaker[k] = number(here, account)
        told.append([number(here, other) for other in mentions or ()])
    known = np.nan_to_num(minutes, nan=0.0)
    start = np.full(len(parts), np.inf)
    np.minimum.at(start, part, np.floor(known))
    spread = known - start[part]
    longest = np.zeros(len(parts))
    np.maximum.at(longest, part, np.ceil(spread))
    offset = np.cumsum(longest + _PART_GAP_MINUTES) - longest
    minute = np.where(np.isnan(minutes), np.nan, spread + offset[part])
    closed = [here in said.is_closed for here in columns["part"]]
    return Turns(speaker, minute, body, names, told, part), closed


_Parents = tuple[Ints, Floats, list[str], dict[int, str]]


def _parents(said: Said, links: Links, closed: list[bool]) -> _Parents:
    """Parent of each turn: what the source marks, else what the model found, else the thread it stands in.

    What is marked may lie far back, beyond the rows at hand; its key stands in the last value.
    """
    ids = said.rows.column("record_id").to_pylist()
    place = {
        (part, key): k for k, (part, key) in enumerate(zip(said.rows.column("part").to_pylist(), ids, strict=True))
    }
    parent, probability = links.parent.copy(), links.probability.copy()
    how, marked = ["model"] * len(ids), dict[int, str]()
    first: dict[str, int] = {}
    replies, parts = said.rows.column("reply_to_id").to_pylist(), said.rows.column("part").to_pylist()
    for k, (part, answered) in enumerate(zip(parts, replies, strict=True)):
        root = first.setdefault(part, k)
        at = place.get((part, answered), -1)
        if answered is not None and at < k:
            parent[k], probability[k], how[k], marked[k] = (at if at >= 0 else k), 1.0, "marked", answered
        elif closed[k] and k != root and parent[k] == k:
            parent[k], probability[k], how[k] = root, 1.0 - probability[k], "thread"
    return parent, probability, how, marked


def _annotated(said: Said, body: list[str], chance: Floats, exchange: dict[str, Floats], kept: Ints) -> pa.Table:
    there = pa.array(kept & np.array([bool(text) for text in body], bool))
    told = said.rows.select(["record_id", "container_id", "block", "text_digest"]).filter(there)
    where = np.flatnonzero(there.to_numpy(zero_copy_only=False))
    told = told.append_column("word_count", pa.array([len(body[k].split()) for k in where], pa.int64()))
    told = told.append_column("is_readable", pa.array([readable(body[k]) for k in where], pa.bool_()))
    named = {f"act_{name}": chance[:, n] for n, name in enumerate(ACTS)} | exchange
    for name, values in named.items():
        rounded = np.round(values[where].astype(np.float64), _DIGITS)
        told = told.append_column(name, pa.array(rounded, pa.float64(), from_pandas=True))
    names = Names(said.clients, said.people)
    kinds = [sorted({span.kind for span in (*structured.find(body[k]), *names.find(body[k]))}) for k in where]
    told = told.append_column("private_kinds", pa.array(kinds, pa.list_(pa.string())))
    return told.append_column("model_version", pa.array([version()] * len(where), pa.string()))


def _linked(rows: pa.Table, links: Links, told_of: _Parents, kept: Ints, models: str) -> pa.Table:
    """One row a turn and parent, likeliest first; a turn that starts has one row without parent."""
    ids = rows.column("record_id").to_pylist()
    parent, probability, how, marked = told_of
    where, parents, chances, ways, places = [], [], [], [], []
    for k in np.flatnonzero(kept):
        where.append(int(k))
        parents.append(marked.get(int(k), None if parent[k] == k else ids[parent[k]]))
        chances.append(round(float(probability[k]), _DIGITS))
        ways.append(how[k])
        places.append(1)
        if links.second[k] >= 0 and how[k] == "model" and links.second[k] != parent[k]:
            where.append(int(k))
            parents.append(ids[links.second[k]])
            chances.append(round(float(links.second_probability[k]), _DIGITS))
            ways.append("model")
            places.append(2)
    told = rows.select(["record_id", "container_id", "block"]).take(pa.array(where, pa.int64()))
    for name, column in (
        ("parent_id", pa.array(parents, pa.string())), ("place", pa.array(places, pa.int64())),
        ("probability", pa.array(chances, pa.float64())), ("how", pa.array(ways, pa.string())),
        ("model_version", pa.array([models] * len(where), pa.string())),
    ):  # fmt: skip
        told = told.append_column(name, column)
    return told
