"""A network of the newest window as the refresh stored it: ties as columns, since there may be hundreds of thousands.

Keeps true: pairs come most first and then by name; a pair is made when it is looked at. Sealed: it names persons.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, overload

import ibis
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from cadre.estimate import Sealed
from cadre.reports.kept import kept
from cadre.reports.measure import Span
from cadre.reports.roster import Staff
from cadre.warehouse import Snapshot

Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two persons: how often, of how many the outcome is known, and how many of these turned out well.

    Attributes:
        source: Key of who did it.
        target: Key of to or with whom.
        times: At least 1.
        judged: Of how many the outcome is known; 0 in a network without one.
        good: How many of these turned out well, credit for help; missing where none is known.
    """

    source: str
    target: str
    times: int
    judged: int
    good: float | None


class Pairs(Sequence[Pair]):
    """Pairs of persons, most first.

    Args:
        people: Keys of persons.
        source: Place in `people` of the source of each pair.
        target: Place of its target.
        told: `times`, `judged_count` and `good` of each.
    """

    def __init__(self, people: Sequence[str], source: Places, target: Places, told: pa.Table) -> None:
        self.people, self.source, self.target, self._told = people, source, target, told

    @property
    def times(self) -> Places:
        """How often, pair by pair."""
        return np.asarray(self._told.column("times").to_numpy(), np.int64)

    def __len__(self) -> int:
        return len(self.source)

    @overload
    def __getitem__(self, index: int) -> Pair: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Pair, ...]: ...
    def __getitem__(self, index: int | slice) -> Pair | tuple[Pair, ...]:
        """One pair, or those of a slice."""
        if isinstance(index, slice):
            return tuple(self[number] for number in range(*index.indices(len(self))))
        row = self._told.slice(range(len(self))[index], 1).to_pylist()[0]
        ends = self.people[int(self.source[index])], self.people[int(self.target[index])]
        return Pair(*ends, row["times"], row["judged_count"], row["good"])

    def __iter__(self) -> Iterator[Pair]:
        """All of them, read at once."""
        told = (self._told.column(name).to_pylist() for name in ("times", "judged_count", "good"))
        for source, target, *rest in zip(self.source.tolist(), self.target.tolist(), *told, strict=True):
            yield Pair(self.people[source], self.people[target], *rest)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]

    def only(self, people: frozenset[str]) -> "Pairs":
        """Those of which both are among these persons."""
        open_to = np.array([key in people for key in self.people], bool)
        if open_to.all():
            return self
        both = np.flatnonzero(open_to[self.source] & open_to[self.target])
        return Pairs(self.people, self.source[both], self.target[both], self._told.take(both))


@dataclass(frozen=True, slots=True)
class Drawn:
    """A network.

    Attributes:
        pairs: Its ties.
        places: Rows of `network_places`.
        is_grouped: Whether its groups are more than chance; missing where that was not looked at.
    """

    pairs: Pairs
    places: tuple[Mapping[str, Any], ...]
    is_grouped: bool | None


def pairs_of(ties: pa.Table, people: Mapping[str, Staff]) -> Pairs:
    """Pairs among these people, most first, then by name.

    Args:
        ties: `source_id`, `target_id`, `times`, `judged_count`, `good`.
        people: The people of the firm, by key.
    """
    keys = tuple(people)
    place = {key: number for number, key in enumerate(keys)}
    source, target = (_places(ties, end, place) for end in ("source_id", "target_id"))
    here = np.flatnonzero((source >= 0) & (target >= 0))
    names = np.unique([people[key].name for key in keys] or [""], return_inverse=True)[1]
    times = np.asarray(ties.column("times").to_numpy(), np.int64)
    order = here[np.lexsort((names[target[here]], names[source[here]], -times[here]))]
    told = ties.select(["times", "judged_count", "good"]).take(order)
    return Pairs(keys, source[order], target[order], told)


def drawn(snapshot: Snapshot, name: str, span: Span, people: Mapping[str, Staff]) -> Sealed[Drawn]:
    """A network of a window; without ties where none was stored.

    Args:
        snapshot: The record.
        name: Of the network.
        span: The window.
        people: The people of the firm, by key.
    """
    return kept(snapshot, ("network", name, span), lambda: _drawn(snapshot, name, span, people))


def _drawn(snapshot: Snapshot, name: str, span: Span, people: Mapping[str, Staff]) -> Sealed[Drawn]:
    parts = {}
    started = ibis.literal(span.start_on, "date")
    for table in ("network_ties", "network_places", "networks"):
        stored = snapshot.table(table)
        mine = (stored.network == name) & (stored.window_days == span.days) & (stored.window_start == started)
        parts[table] = snapshot.arrow(stored.filter(mine))
    places = (row for row in parts["network_places"].to_pylist() if row["person_id"] in people)
    whole = parts["networks"].to_pylist()
    return Sealed(
        Drawn(pairs_of(parts["network_ties"], people), tuple(places), whole[0]["is_grouped"] if whole else None)
    )


def _places(ties: pa.Table, column: str, place: Mapping[str, int]) -> Places:
    """Place of each end; -1 of one who does not work here."""
    coded = ties.column(column).combine_chunks().dictionary_encode()
    numbers = np.array([place.get(key, -1) for key in coded.dictionary.to_pylist()], np.int64)
    return numbers[coded.indices.to_numpy()] if len(coded) else np.zeros(0, np.int64)
