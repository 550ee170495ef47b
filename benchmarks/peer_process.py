"""What pm4py needs for a log: run by `.venv-peers`, which the benchmark makes; nothing of Cadre is imported here.

Usage: `peer_process.py FILE [CASE ACTOR TIME] [--times=N]`, the columns for a CSV. Prints one JSON object: seconds to read,
to sort and for the handover network in memory (the best of N), and its edges as counts without steps of one actor in a row.
"""

import json
import sys
import time
import warnings

warnings.filterwarnings("ignore")

import pandas as pd  # noqa: E402
import pm4py  # noqa: E402


def main() -> None:
    """Read, sort, build, print."""
    times = next((int(word.partition("=")[2]) for word in sys.argv if word.startswith("--times=")), 1)
    path, *columns = (word for word in sys.argv[1:] if not word.startswith("--"))
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
    ordered = time.perf_counter()
    seconds = []
    for _ in range(times):
        start, cpu = time.perf_counter(), time.process_time()
        found = pm4py.discover_handover_of_work_network(log, beta=0)
        seconds.append((time.perf_counter() - start, time.process_time() - cpu))
    follows = (log["case:concept:name"] == log["case:concept:name"].shift(-1)).sum()
    edges = {f"{a}\t{b}": round(share * follows) for (a, b), share in found.connections.items() if a != b and share > 0}
    told = {
        "read_seconds": read - began,
        "sort_seconds": ordered - read,
        "network_seconds": min(wall for wall, _ in seconds),
        "network_cpu_seconds": min(cpu for _, cpu in seconds),
        "edges": edges,
        "version": pm4py.__version__,
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main()
