"""Help-desk conversations as columns, and what each technician does in them: shares of what they had the chance to do.

Keeps true: a measure is a mean over the person's own comments, tickets or waits, never a sum, so that writing less moves
none of them by itself; the manager's answers are never read here. A technician is whoever writes on a ticket that is not
their own. How measures are weighed is `managers.py`'s business.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from cadre.language.act import acts
from cadre.language.exchange import scored
from cadre.records.derived import ACTS
from cadre.sources import ReadOptions, find_source
from cadre.sources.source import Record, SourceFile

MIDDLE = ""
"""The key of the desk's own middle among persons' measures."""
DRAWN_TICKETS = 3.0
"""Tickets' worth of the desk's middle that each person's measures are drawn towards: half the people are on under five."""
LEAST_TICKETS = 20
AT_ONCE_HOURS = 5 / 60
_COURTESY = re.compile(r"\b(?:please|kindly)\b", re.IGNORECASE)
_DONE = re.compile(r"\b(?:solved|resolved|fixed|done|completed|closed)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure of a technician.

    Attributes:
        axis: `craft` or `communication`.
        sign: 1 where more is thought better beforehand, -1 where less is.
        told: What it counts.
    """

    axis: Literal["craft", "communication"]
    sign: int
    told: str


MEASURES = {
    "first_answer_share": Measure("craft", 1, "share of their tickets on which they were the first to answer"),
    "client_wait": Measure(
        "craft", -1, "mean log(1 + hours) from a client's comment to theirs, where theirs is the next"
    ),
    "client_again_share": Measure("craft", -1, "share of their comments after which the client had to write next"),
    "came_back_share": Measure(
        "craft", -1, "share of their comments that say it is done, after which the client wrote again"
    ),
    "repair_share": Measure("communication", -1, "mean chance that the next comment by another asks back"),
    "courtesy_share": Measure("communication", 1, "share of their comments that ask with `please` or `kindly`"),
    "note_share": Measure("communication", 1, "share of their comments that are notes for colleagues"),
    "answer_share": Measure("communication", 1, "mean chance that a comment answers"),
    "explanation_share": Measure("communication", 1, "mean chance that a comment explains how or why"),
    "constructive_share": Measure("communication", 1, "mean chance that a comment acknowledges, asks or proposes"),
}


@dataclass(slots=True)
class _Comment:
    """A comment with what the models read in it; NaN where there was nothing to read."""

    author: str
    hour: float
    is_client: bool
    is_private: bool | None
    text: str
    says: dict[str, float]


class Desk:
    """The conversations of a folder, read through the product's source.

    Attributes:
        threads: Ticket -> its comments by time, without those of automation.
        automatic: Accounts taken for automation: they write on more than half of all tickets, mostly within `AT_ONCE_HOURS`
            of the opening.
    """

    def __init__(self, folder: Path) -> None:
        threads = _threads(folder)
        machines = _machines(threads) if len(threads) >= LEAST_TICKETS else set()
        self.automatic = len(machines)
        self.threads = {key: [c for c in thread if c.author not in machines] for key, thread in sorted(threads.items())}
        _read(list(self.threads.values()))

    def tickets(self) -> dict[str, int]:
        """Tickets each technician wrote on."""
        found: defaultdict[str, int] = defaultdict(int)
        for thread in self.threads.values():
            for author in {c.author for c in thread if not c.is_client}:
                found[author] += 1
        return dict(found)

    def comments(self) -> dict[str, int]:
        """Comments each technician wrote."""
        found: defaultdict[str, int] = defaultdict(int)
        for thread in self.threads.values():
            for comment in thread:
                found[comment.author] += not comment.is_client
        return {author: n for author, n in found.items() if n}

    def without_half(self, person: str, rng: np.random.Generator) -> dict[str, list[_Comment]]:
        """The conversations as if the person had not written half of their comments, drawn at random."""
        return {key: [c for c in thread if c.author != person or c.is_client or rng.random() < 0.5]
                for key, thread in self.threads.items() if any(c.author == person for c in thread)}  # fmt: skip

    def shares(
        self, threads: dict[str, list[_Comment]] | None = None, only: str | None = None
    ) -> dict[str, dict[str, float]]:
        """Measures of each technician, drawn towards the desk's middle by `DRAWN_TICKETS`.

        Args:
            threads: Other conversations than the desk's own, measured against the desk's own middle.
            only: The person wanted.

        Returns:
            Person -> measure -> value, and the middle under `MIDDLE`. Where a person had no chance to show a measure
            it is the middle.
        """
        sums = _sums(self.threads)
        tickets = max(sum(self.tickets().values()), 1)
        total: defaultdict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
        for told in sums.values():
            for name, (value, n) in told.items():
                total[name][0] += value
                total[name][1] += n
        middle = {name: total[name][0] / total[name][1] if total[name][1] else 0.0 for name in MEASURES}
        weight = {name: max(DRAWN_TICKETS * total[name][1] / tickets, 1e-9) for name in MEASURES}
        if threads is not None:
            sums = _sums(threads)
        found = {MIDDLE: middle}
        for person, told in sums.items():
            if only is None or person == only:
                found[person] = {name: (told[name][0] + weight[name] * middle[name]) / (told[name][1] + weight[name])
                                 for name in MEASURES}  # fmt: skip
        return found


def _machines(threads: dict[str, list[_Comment]]) -> set[str]:
    delays: defaultdict[str, list[float]] = defaultdict(list)
    for thread in threads.values():
        for author in {c.author for c in thread if not c.is_client}:
            delays[author].append(min(c.hour for c in thread if c.author == author) - thread[0].hour)
    return {a for a, some in delays.items() if len(some) > len(threads) / 2 and np.median(some) <= AT_ONCE_HOURS}


def _sums(threads: dict[str, list[_Comment]]) -> dict[str, dict[str, list[float]]]:
    """Person -> measure -> sum and how many observations."""
    found: defaultdict[str, dict[str, list[float]]] = defaultdict(lambda: {name: [0.0, 0.0] for name in MEASURES})
    for thread in threads.values():
        for person, name, value in (*_in_place(thread), *_in_words(thread)):
            if not np.isnan(value):
                found[person][name][0] += float(value)
                found[person][name][1] += 1
    return dict(found)


def _in_place(thread: list[_Comment]) -> Iterator[tuple[str, str, float]]:
    """What the order and the hours of a ticket's comments tell: person, measure, one observation."""
    staff = [c.author for c in thread if not c.is_client]
    for person in dict.fromkeys(staff):
        yield person, "first_answer_share", staff[0] == person
    for k, comment in enumerate(thread):
        if comment.is_client:
            continue
        if k and thread[k - 1].is_client:
            yield comment.author, "client_wait", float(np.log1p(max(comment.hour - thread[k - 1].hour, 0)))
        if k + 1 < len(thread):
            after = thread[k + 1]
            yield comment.author, "client_again_share", after.is_client
            if after.author != comment.author:
                yield comment.author, "repair_share", after.says["asks_back"]


def _in_words(thread: list[_Comment]) -> Iterator[tuple[str, str, float]]:
    """What the words of a ticket's comments tell: person, measure, one observation."""
    last_client = max((k for k, c in enumerate(thread) if c.is_client), default=-1)
    for k, comment in enumerate(thread):
        if comment.is_client:
            continue
        if _DONE.search(comment.text):
            yield comment.author, "came_back_share", last_client > k
        if comment.is_private is not None:
            yield comment.author, "note_share", comment.is_private
        yield comment.author, "courtesy_share", _COURTESY.search(comment.text) is not None
        for name in ("answer", "explanation", "constructive"):
            yield comment.author, f"{name}_share", comment.says[name]


def _threads(folder: Path) -> dict[str, list[_Comment]]:
    paths = sorted(folder.rglob("helpdesk_utterances.csv*"))
    events, words, client = [], {}, {}
    for item in find_source("helpdesk").read([SourceFile(p, p.name) for p in paths], ReadOptions()) if paths else ():
        if not isinstance(item, Record):
            continue
        told = item.values
        if item.table == "ticket_events":
            events.append(told)
        elif item.table == "texts":
            words[told["record_id"]] = told["body"]
        elif item.table == "tickets":
            client[told["external_id"]] = told.get("requester_account_id")
    if not events:
        raise SystemExit(f"no helpdesk_utterances.csv below {folder}")
    found: defaultdict[str, list[_Comment]] = defaultdict(list)
    for told in sorted(events, key=lambda event: event["occurred_at"]):
        author, visibility = told["actor_account_id"], told["visibility"]
        found[told["ticket_id"]].append(
            _Comment(author, told["occurred_at"].timestamp() / 3600, author == client.get(told["ticket_id"]),
                     None if visibility is None else visibility == "private", words.get(told["external_id"], ""), {})
        )  # fmt: skip
    return dict(found)


def _read(threads: list[list[_Comment]]) -> None:
    """What the shipped models make of each comment after the one before it."""
    every = [(thread[k - 1] if k else None, c) for thread in threads for k, c in enumerate(thread)]
    texts, before = [c.text for _, c in every], [b.text if b else "" for b, _ in every]
    same = np.array([bool(b and b.author == c.author) for b, c in every], np.float32)
    read = acts(texts, before, same)
    exchange = scored(before, texts, same)
    for k, (_, comment) in enumerate(every):
        comment.says = {
            "answer": float(read[k, ACTS.index("answer")]),
            "explanation": float(read[k, ACTS.index("explanation")]),
            "asks_back": float(exchange["asks_back"][k]),
            "constructive": float(exchange["constructive"][k]),
        }
