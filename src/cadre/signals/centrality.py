"""Where persons stand in a network of work: colleagues, betweenness, PageRank, and groups that work among themselves.

Central is not leading: in Ghaffar et al. 2018 degree centrality was only weakly related to it, and a dispatcher is
central by duty. So these describe a network; no estimate of a person rests on them. The one home of rustworkx.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

LEVEL = 0.9
"""Level of the intervals."""
DRAWS = 100
"""Networks drawn anew for an interval; fewer where the network is large, see `draws_for`."""
SHUFFLES = 19
"""Shuffled networks a grouping must beat: one in twenty would by chance."""
_FEWEST = 20
_PAIR_DRAWS = 500_000
"""Ties drawn in all: a few seconds of a refresh."""
_DAMPING = 0.85
_SEED = 20180501

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Edges:
    """A network in numbers; its nodes are ordered by name, so that the order of rows changes nothing.

    Attributes:
        nodes: Names.
        source: Place of the source of each edge in `nodes`.
        target: Place of its target.
        times: How often.
        months: Months both were there, at least 1 (see `network.with_months`).
        is_directed: Whether source and target differ in what they do.
    """

    nodes: tuple[str, ...]
    source: Whole
    target: Whole
    times: Floats
    months: Floats
    is_directed: bool

    def redrawn(self, times: Floats) -> "Edges":
        """The same pairs with other counts; those without any are gone, the nodes stay."""
        some = times > 0
        return Edges(self.nodes, self.source[some], self.target[some], times[some], self.months[some], self.is_directed)


@dataclass(frozen=True, slots=True)
class Place:
    """Where one person stands.

    Attributes:
        node: Who.
        times_in: Times as target; in a network without direction, all.
        times_out: Times as source; in a network without direction, all.
        people_in: Colleagues they were the target of.
        people_out: Colleagues they were the source of.
        month_in: The same in a month that both were there (colleagues, expected).
        month_out: The same as a source.
        betweenness: Share of shortest ways between two others that lead through them, 0-1.
        pagerank: Share of a random walk along the edges spent there, 0-1; over all persons it adds up to 1.
        community: Number of their group, from 0, the largest first.
    """

    node: str
    times_in: int
    times_out: int
    people_in: int
    people_out: int
    month_in: float
    month_out: float
    betweenness: float
    pagerank: float
    community: int


@dataclass(frozen=True, slots=True)
class Spans:
    """How surely the measures are known.

    Attributes:
        value: Measure -> value by node; none where the network is too large to draw anew.
        low: The same for the lower end.
        high: The same for the upper end.
        modularity: How much more ties lie within the groups than with the same counts strewn at random, -0.5 to 1.
        is_grouped: Whether that is more than every shuffled network gave; missing where none was shuffled.
    """

    value: dict[str, Floats]
    low: dict[str, Floats]
    high: dict[str, Floats]
    modularity: float
    is_grouped: bool | None


MEASURES = ("month_in", "month_out", "betweenness", "pagerank")


def edges_of(table: pa.Table, *, is_directed: bool = True) -> Edges:
    """Edges as numbers.

    Args:
        table: `source`, `target`, `times`, and `months` where presence counts; without it, all were there a month.
        is_directed: Whether the direction means something.
    """
    names = [table.column(side).to_pylist() for side in ("source", "target")]
    nodes = tuple(sorted({*names[0], *names[1]}))
    place = {name: number for number, name in enumerate(nodes)}
    source, target = (np.array([place[name] for name in side], dtype=np.int64) for side in names)
    months = table.column("months").to_numpy() if "months" in table.column_names else np.ones(len(source))
    times = table.column("times").to_numpy().astype(np.float64)
    order = np.lexsort((target, source))
    return Edges(nodes, source[order], target[order], times[order], months.astype(np.float64)[order], is_directed)


def measures(table: pa.Table, *, is_directed: bool = True) -> tuple[Place, ...]:
    """Where everybody of a network stands, by name.

    Args:
        table: As for `edges_of`.
        is_directed: Whether the direction means something.

    References:
        Freeman, A Set of Measures of Centrality Based on Betweenness, Sociometry 40 (1977); Brandes 2001 for its
        algorithm. Page et al. 1998. Groups: see `communities`. A tie weighs log2(1 + times a month), so that the
        twentieth time adds less than the second and two who pass work to and fro gain little: ours, not published.
    """
    edges = edges_of(table, is_directed=is_directed)
    return _places(edges, _measured(edges), communities(edges))


def _places(edges: Edges, found: dict[str, Floats], groups: Sequence[int]) -> tuple[Place, ...]:
    into, out = (_summed(edges, edges.times, side) for side in ("target", "source"))
    people_in, people_out = (_summed(edges, np.ones(len(edges.times)), side) for side in ("target", "source"))
    return tuple(
        Place(
            node=node,
            times_in=int(into[i]),
            times_out=int(out[i]),
            people_in=int(people_in[i]),
            people_out=int(people_out[i]),
            month_in=float(found["month_in"][i]),
            month_out=float(found["month_out"][i]),
            betweenness=float(found["betweenness"][i]),
            pagerank=float(found["pagerank"][i]),
            community=groups[i],
        )
        for i, node in enumerate(edges.nodes)
    )


def spans(table: pa.Table, *, is_directed: bool = True) -> Spans:
    """Intervals of the measures, and whether the groups are more than chance.

    Each count is drawn anew as a Poisson count of its size, the measures are taken of each network so drawn, and the
    interval is the middle `LEVEL` of them, stretched to hold the measure itself. Ties not seen stay unseen, so it says
    how much chance there is in the ties on record and nothing of those without a trace. Betweenness is the mean over the
    networks drawn, since one tie seen once can open or close a shortest way; the others are as measured. The groups of the network are
    held against networks in which the targets were shuffled among the sources, each keeping its counts.

    Args:
        table: As for `edges_of`.
        is_directed: Whether the direction means something.

    References:
        Efron and Tibshirani 1993 for the percentile interval; Maslov and Sneppen, Science 296 (2002) for shuffling.
    """
    edges = edges_of(table, is_directed=is_directed)
    return _spans(edges, _measured(edges), communities(edges))


def standing(table: pa.Table, *, is_directed: bool = True) -> tuple[tuple[Place, ...], Spans]:
    """What `measures` and `spans` tell, of one look at the network.

    Args:
        table: As for `edges_of`.
        is_directed: Whether the direction means something.
    """
    edges = edges_of(table, is_directed=is_directed)
    found, groups = _measured(edges), communities(edges)
    return _places(edges, found, groups), _spans(edges, found, groups)


def _spans(edges: Edges, found: dict[str, Floats], groups: Sequence[int]) -> Spans:
    count = draws_for(len(edges.times))
    quality = modularity(edges, groups)
    if not count or not edges.nodes:
        return Spans({}, {}, {}, quality, None)
    dice = np.random.default_rng(_SEED)
    drawn = [_measured(edges.redrawn(dice.poisson(edges.times).astype(np.float64))) for _ in range(count)]
    value, low, high = dict(found), {}, {}
    for name in MEASURES:
        every = np.stack([each[name] for each in drawn])
        if name == "betweenness":
            value[name] = every.mean(axis=0)
        ends = np.quantile(every, ((1 - LEVEL) / 2, (1 + LEVEL) / 2), axis=0)
        low[name], high[name] = np.minimum(ends[0], value[name]), np.maximum(ends[1], value[name])
    others = [_shuffled(edges, dice) for _ in range(SHUFFLES)]
    return Spans(value, low, high, quality, all(quality > modularity(each, communities(each)) for each in others))


def draws_for(pairs: int) -> int:
    """Networks to draw for one of so many pairs; 0 where a refresh would take too long over them."""
    possible = _PAIR_DRAWS // max(pairs, 1)
    return min(DRAWS, possible) if possible >= _FEWEST else 0


def communities(edges: Edges) -> list[int]:
    """Groups that work more among themselves than with others: number of the group by node, the largest first.

    Direction is left out. Nodes are visited by name and ties go to the lower number, so the same network always gives
    the same groups. A group that falls apart into unconnected parts is split at the end.

    References:
        Blondel et al., Fast unfolding of communities in large networks, J. Stat. Mech. (2008) P10008; the split:
        Traag, Waltman, van Eck, From Louvain to Leiden, Scientific Reports 9 (2019).
    """
    first = _links(edges)
    links, loops = first, [0.0] * len(first)
    member = list(range(len(first)))
    while True:
        label = _moved(links, loops)
        numbers = {old: new for new, old in enumerate(sorted(set(label)))}
        if len(numbers) == len(links):
            break
        member = [numbers[label[group]] for group in member]
        links, loops = _merged(links, loops, [numbers[each] for each in label], len(numbers))
    return _numbered(_connected(first, member))


def modularity(edges: Edges, groups: Sequence[int]) -> float:
    """Share of the ties' weight within groups, beyond what the same weights would give at random; -0.5 to 1.

    References:
        Newman and Girvan, Physical Review E 69 (2004) 026113, with weights.
    """
    group, weight = np.array(groups, dtype=np.int64), _weights(edges)
    whole = weight.sum()
    if whole == 0:
        return 0.0
    inside = weight[group[edges.source] == group[edges.target]].sum() / whole
    ends = np.bincount(group[edges.source], weight, len(groups)) + np.bincount(group[edges.target], weight, len(groups))
    return float(inside - ((ends / (2 * whole)) ** 2).sum())


def _measured(edges: Edges) -> dict[str, Floats]:
    """The measures that have an interval, by node."""
    met = 1 - np.exp(-edges.times / edges.months)
    return {
        "month_in": _summed(edges, met, "target"),
        "month_out": _summed(edges, met, "source"),
        **_walked(edges),
    }


def _walked(edges: Edges) -> dict[str, Floats]:
    """What takes a graph: betweenness over ties as such, PageRank over their weights."""
    import rustworkx as rx  # noqa: PLC0415 (a tenth of a second that only this needs)

    graph = rx.PyDiGraph(multigraph=False)
    graph.add_nodes_from(range(len(edges.nodes)))
    weights = _weights(edges).tolist()
    ties = list(zip(edges.source.tolist(), edges.target.tolist(), weights, strict=True))
    graph.add_edges_from(ties if edges.is_directed else ties + [(b, a, w) for a, b, w in ties])
    if not ties:
        nothing = np.zeros(len(edges.nodes))
        return {"betweenness": nothing, "pagerank": nothing}
    # Never in parallel: sums in another order would differ in their last digits from run to run.
    between = rx.digraph_betweenness_centrality(graph, normalized=True, parallel_threshold=len(edges.nodes) + 1)
    rank = rx.pagerank(graph, alpha=_DAMPING, weight_fn=float, tol=1e-10, max_iter=500)
    return {
        name: np.array([found[i] for i in range(len(edges.nodes))], dtype=np.float64)
        for name, found in (("betweenness", between), ("pagerank", rank))
    }


def _weights(edges: Edges) -> Floats:
    return np.log2(1 + edges.times / edges.months)


def _summed(edges: Edges, what: Floats, side: str) -> Floats:
    """Sums by node over its edges as source or target; over both in a network without direction."""
    size = len(edges.nodes)
    ends = {"source": edges.source, "target": edges.target}
    total = np.zeros(size)
    for end in [ends[side]] if edges.is_directed else ends.values():
        total += np.bincount(end, what, size)
    return total


def _shuffled(edges: Edges, dice: np.random.Generator) -> Edges:
    """A network of the same counts by source and by target, met at random; presence is that of the mean pair."""
    each = edges.times.astype(np.int64)
    source, target = np.repeat(edges.source, each), dice.permutation(np.repeat(edges.target, each))
    kept = source != target
    pairs, times = np.unique(source[kept] * len(edges.nodes) + target[kept], return_counts=True)
    months = np.full(len(pairs), edges.months.mean())
    return Edges(
        edges.nodes, pairs // len(edges.nodes), pairs % len(edges.nodes), times.astype(np.float64), months,
        edges.is_directed,
    )  # fmt: skip


def _links(edges: Edges) -> list[dict[int, float]]:
    """Neighbours with weights, both directions added up."""
    links: list[dict[int, float]] = [{} for _ in edges.nodes]
    ties = zip(edges.source.tolist(), edges.target.tolist(), _weights(edges).tolist(), strict=True)
    for a, b, weight in ties:
        links[a][b] = links[a].get(b, 0.0) + weight
        links[b][a] = links[b].get(a, 0.0) + weight
    return links


def _moved(links: Sequence[dict[int, float]], loops: Sequence[float]) -> list[int]:
    """Each node moved to the neighbouring group it adds most to, until nothing moves."""
    degree = [sum(near.values()) + 2 * loop for near, loop in zip(links, loops, strict=True)]
    whole = sum(degree) or 1.0
    label, total = list(range(len(links))), list(degree)
    is_moving = True
    while is_moving:
        is_moving = False
        for node, near in enumerate(links):
            was = label[node]
            total[was] -= degree[node]
            towards: dict[int, float] = {was: 0.0}
            for other, weight in near.items():
                towards[label[other]] = towards.get(label[other], 0.0) + weight
            gains = {group: held - degree[node] * total[group] / whole for group, held in towards.items()}
            best = max(sorted(gains), key=gains.__getitem__)
            # Only for a gain beyond rounding: else two groups could be swapped for ever.
            label[node] = best if gains[best] > gains[was] + 1e-9 * whole else was
            total[label[node]] += degree[node]
            is_moving = is_moving or label[node] != was
    return label


def _merged(
    links: Sequence[dict[int, float]], loops: Sequence[float], label: Sequence[int], count: int
) -> tuple[list[dict[int, float]], list[float]]:
    """The network of groups: ties between them, and within each as a loop."""
    made: list[dict[int, float]] = [{} for _ in range(count)]
    held = [0.0] * count
    for node, near in enumerate(links):
        group = label[node]
        held[group] += loops[node]
        for other, weight in near.items():
            if label[other] == group:
                held[group] += weight / 2  # each tie is met from both its ends
            else:
                made[group][label[other]] = made[group].get(label[other], 0.0) + weight
    return made, held


def _connected(links: Sequence[dict[int, float]], member: Sequence[int]) -> list[int]:
    """Groups split into their connected parts; a part is called by its first node."""
    part = [-1] * len(links)
    for start in range(len(links)):
        if part[start] >= 0:
            continue
        part[start], waiting = start, [start]
        while waiting:
            node = waiting.pop()
            for other in links[node]:
                if part[other] < 0 and member[other] == member[node]:
                    part[other] = start
                    waiting.append(other)
    return part


def _numbered(part: Sequence[int]) -> list[int]:
    sizes = {name: part.count(name) for name in set(part)}
    order = {name: n for n, name in enumerate(sorted(sizes, key=lambda name: (-sizes[name], name)))}
    return [order[name] for name in part]
