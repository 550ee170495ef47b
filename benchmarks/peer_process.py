"""What pm4py needs for a log: run by `.venv-peers`, which the benchmark makes; nothing of Cadre is imported here.

Usage: `peer_process.py FILE [CASE ACTOR TIME]`, the columns for a CSV. Prints one JSON object: seconds to read, seconds
for the handover network, and its edges as counts without steps of one actor in a row.
"""

import json
import sys
import time
import warnings

warnings.filterwarnings("ignore")

import pandas as pd  # noqa: E402
import pm4py  # noqa: E402


def main() -> None:
    """Read, build, print."""
    path, *columns = sys.argv[1:]
    began = time.perf_counter()
    if columns:
        case, actor, at = columns
        log = pd.read_csv(path, dtype=str, na_values=["?"], encoding="utf-8-sig")
        log["case:concept:name"], log["org:resource"], log["concept:name"] = log[case], log[actor], log[case]
        log["time:timestamp"] = pd.to_datetime(log[at], dayfirst=True, utc=True, format="mixed")
        log = log.dropna(subset=["org:resource", "time:timestamp"])
    else:
        log = pm4py.read_xes(path, return_legacy_log_object=False)
    read = time.perf_counter()
    keys = ["case:concept:name", "time:timestamp"]
    log = log.sort_values(keys, kind="stable")
    found = pm4py.discover_handover_of_work_network(log, beta=0)
    built = time.perf_counter()
    follows = (log["case:concept:name"] == log["case:concept:name"].shift(-1)).sum()
    edges = {f"{a}\t{b}": round(share * follows) for (a, b), share in found.connections.items() if a != b and share > 0}
    told = {"read_seconds": read - began, "network_seconds": built - read, "edges": edges, "version": pm4py.__version__}
    print(json.dumps(told))


if __name__ == "__main__":
    main()
