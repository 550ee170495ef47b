"""The peer of `networks.py`: vivainsights on the same edges, in an environment of its own.

Takes a Parquet file with `source`, `target`, `times`; prints seconds, betweenness and group of each person. Its layout for
drawing is the quickest it has, since every answer computes one.
"""

import json
import sys
import time
from importlib.metadata import version

import pandas as pd
import vivainsights as vi

NAMES = {
    "source": "PrimaryCollaborator_PersonId",
    "target": "SecondaryCollaborator_PersonId",
    "times": "weight",  # it finds a weight under this name alone
}


def main() -> None:
    """Print one JSON object."""
    edges = pd.read_parquet(sys.argv[1])
    data = edges.rename(columns=NAMES)
    data = data.assign(PrimaryCollaborator_Organization="firm", SecondaryCollaborator_Organization="firm")
    began = time.perf_counter()
    network = vi.network_p2p(data=data, return_type="network", weight="weight", layout="random")
    table = vi.network_summary(network, return_type="table")
    grouped = vi.network_p2p(data=data, return_type="network", weight="weight", layout="random", community="multilevel")
    seconds = time.perf_counter() - began
    told = {
        "seconds": seconds,
        "version": version("vivainsights"),
        "betweenness": dict(zip(table.node_id, table.betweenness, strict=True)),
        "groups": dict(zip(grouped.vs["name"], grouped.vs["cluster"], strict=True)),
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main()
