"""A load killed at any instant leaves the record of the last manifest, whole."""

import random
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cadre.records import Firm
from cadre.warehouse import Collector, LoadFile, Warehouse

T = datetime(2024, 5, 1, tzinfo=UTC)
ROWS = 4_000
_CHILD = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from tests.faults.test_kill import load_generation
print("ready", flush=True)
load_generation(Path(sys.argv[1]), int(sys.argv[2]))
print("done", flush=True)
"""


def load_generation(root: Path, generation: int) -> None:
    """Write one generation: it corrects every ticket and adds as many events."""
    now = datetime.now(UTC)
    with Warehouse(root, Firm()).loading("psa", now) as load:
        collector = Collector(load.folder, now)
        for i in range(ROWS):
            collector.record(
                "tickets", {"external_id": str(i), "occurred_at": T, "reopen_count": generation}, "f", i + 1
            )
            collector.record("ticket_events", {"external_id": f"{i}.{generation}", "ticket_id": str(i), "occurred_at": T,
                                               "kind": "note"}, "f", ROWS + i + 1)  # fmt: skip
        stage = collector.close()
        load.count(stage, [LoadFile("f", str(generation), "s")], load.write(stage))
        load.publish()


def generations(root: Path) -> tuple[set[int], int, int]:
    """The ticket generations in the record, its tickets and its events."""
    with Warehouse(root, Firm()).snapshot() as record:
        seen = {row["reopen_count"] for row in record.rows(record["tickets"].select("reopen_count").distinct())}
        events = record["ticket_events"]
        return seen, int(record["tickets"].count().to_pyarrow().as_py()), int(events.count().to_pyarrow().as_py())


@pytest.mark.parametrize("kills", [5, pytest.param(40, marks=pytest.mark.slow)])
def test_a_kill_at_any_instant_leaves_a_whole_generation(tmp_path: Path, kills: int) -> None:
    root = tmp_path / "workspace"
    began = time.monotonic()
    load_generation(root, 0)
    whole_seconds = time.monotonic() - began
    dice = random.Random(kills)
    generation, finished = 0, 0
    for _ in range(kills):
        child = subprocess.Popen(
            [sys.executable, "-c", _CHILD, str(root), str(generation + 1), str(Path(__file__).parents[2])],
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert child.stdout is not None
        assert "ready\n" == child.stdout.readline()
        time.sleep(dice.uniform(0, whole_seconds * 1.3))
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()

        seen, tickets, events = generations(root)

        assert seen in ({generation}, {generation + 1})
        generation = seen.pop()
        assert (ROWS, ROWS * (generation + 1)) == (tickets, events)
        finished += generation
    load_generation(root, generation + 1)
    assert ({generation + 1}, ROWS, ROWS * (generation + 2)) == generations(root)
