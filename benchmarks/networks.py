"""Who stands where in a network of work: betweenness, PageRank and groups, against vivainsights in the same run.

Both get the same edges in memory: an invented firm's handovers. vivainsights (MIT, with igraph, GPL) lives in an environment of
its own. It counts no intervals and no presence; what Cadre's intervals cost is told apart. Group finding differs in method,
so that groups are compared by their modularity alone.
"""

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

sys.path.insert(0, str(Path(__file__).parent))

import peers

from cadre.signals.centrality import Edges, communities, edges_of, measures, modularity, spans

SEED = 11
PEER = ("vivainsights>=0.4,<0.5", "pyarrow>=20")


def invented_edges(people: int, ties: int) -> pa.Table:
    """Edges of people in teams of eight: most ties stay within, some lead anywhere."""
    dice = np.random.default_rng(SEED)
    source = dice.integers(0, people, 3 * ties)
    near = (source // 8) * 8 + dice.integers(0, 8, 3 * ties)
    target = np.where(dice.random(3 * ties) < 0.5, np.minimum(near, people - 1), dice.integers(0, people, 3 * ties))
    pairs = np.unique((source * people + target)[source != target])
    pairs = dice.permutation(pairs)[:ties]
    return pa.table(
        {
            "source": [f"p{i:05d}" for i in (pairs // people).tolist()],
            "target": [f"p{i:05d}" for i in (pairs % people).tolist()],
            "times": dice.geometric(0.2, len(pairs)),
        }
    )


def measure(people: int, ties: int) -> dict[str, Any]:
    """Both on one network."""
    table = invented_edges(people, ties)
    began = time.perf_counter()
    mine = measures(table)
    measured = time.perf_counter()
    spans(table)
    spanned = time.perf_counter()
    edges = edges_of(table)
    told: dict[str, Any] = {
        "people": len(mine), "edges": table.num_rows, "cadre_seconds": measured - began,
        "cadre_intervals_seconds": spanned - measured, "cadre_modularity": modularity(edges, communities(edges)),
    }  # fmt: skip
    if note := peers.missing(*PEER):
        return {**told, "note": note}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "edges.parquet"
        pq.write_table(table, path)
        theirs = peers.run("peer_networks.py", str(path))
    return {**told, **compared(edges, {place.node: place.betweenness for place in mine}, theirs),
            "ratio": theirs["seconds"] / told["cadre_seconds"]}  # fmt: skip


def compared(edges: Edges, between: dict[str, float], theirs: dict[str, Any]) -> dict[str, Any]:
    """Betweenness person by person, and how good the groups are by one measure."""
    others = (len(edges.nodes) - 1) * (len(edges.nodes) - 2)
    apart = [abs(value / others - between[node]) for node, value in theirs["betweenness"].items()]
    groups = {name: n for n, name in enumerate(sorted(set(theirs["groups"].values())))}
    return {
        "vivainsights_seconds": theirs["seconds"],
        "vivainsights_version": theirs["version"],
        "vivainsights_modularity": modularity(edges, [groups[theirs["groups"][node]] for node in edges.nodes]),
        "betweenness_equal_share": float(np.mean(np.array(apart) < 1e-9)),
    }


def main() -> None:
    """Print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, nargs="+", default=[500, 2000], help="people of a network")
    parser.add_argument("--ties", type=int, default=20, help="colleagues that each hands work to")
    parser.add_argument("--json", action="store_true", help="one line of JSON")
    args = parser.parse_args()
    sizes = [measure(people, people * args.ties) for people in args.people]
    sizes = [{k: round(v, 4) if isinstance(v, float) else v for k, v in size.items()} for size in sizes]
    print(json.dumps({"benchmark": "networks", "sizes": sizes}, indent=None if args.json else 2))


if __name__ == "__main__":
    main()
