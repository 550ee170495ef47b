"""The benchmark of networks compares like with like."""

import sys

import pytest
from tools.lint.house import ROOT

sys.path.insert(0, str(ROOT / "benchmarks"))

import networks
import peers

from cadre.signals.centrality import edges_of, measures


def test_betweenness_is_compared_as_a_share_of_the_ways_between_others() -> None:
    table = networks.invented_edges(40, 200)
    edges, mine = edges_of(table), {place.node: place.betweenness for place in measures(table)}
    ways = (len(edges.nodes) - 1) * (len(edges.nodes) - 2)
    theirs = {
        "seconds": 1.0,
        "version": "0",
        "betweenness": {node: value * ways for node, value in mine.items()},
        "groups": dict.fromkeys(mine, "0"),
    }
    theirs["betweenness"][edges.nodes[0]] += 1.0
    told = networks.compared(edges, mine, theirs)
    assert told["betweenness_equal_share"] == 1 - 1 / len(edges.nodes)


def test_a_peer_that_cannot_be_had_is_a_note_and_no_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peers, "missing", lambda *_: "no network here")
    told = networks.measure(40, 200)
    assert (told["note"], "ratio" in told) == ("no network here", False)
