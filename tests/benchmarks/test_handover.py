"""The networks equal what one counts by hand, and the study says so of itself."""

import json
import subprocess
import sys
from pathlib import Path

import ibis
import pytest
from tools.lint.house import ROOT

from cadre.signals import network

T = "2024-03-0{} 10:00:00"
# Ticket 1: a b a c c; ticket 2: b, nobody, a; told out of order, with two steps at one instant.
EVENTS = [
    ("1", "b", 2, 3), ("1", "a", 1, 1), ("1", "a", 2, 4), ("1", "c", 3, 5), ("1", "c", 4, 6),
    ("2", "b", 1, 7), ("2", None, 2, 8), ("2", "a", 3, 9),
]  # fmt: skip


def counted(expression: ibis.Table) -> dict[tuple[str, str], int]:
    rows = ibis.duckdb.connect().to_pyarrow(expression).to_pylist()
    return {(row["source"], row["target"]): row["times"] for row in rows}


@pytest.fixture
def steps() -> ibis.Table:
    rows = [
        {"ticket_id": t, "actor_account_id": a, "occurred_at": T.format(d), "source_file": "f", "source_line": n,
         "event_id": str(n)} for t, a, d, n in EVENTS
    ]  # fmt: skip
    return network.steps({"ticket_events": ibis.memtable(rows)})


def test_a_handover_is_a_step_straight_after_somebody_elses(steps: ibis.Table) -> None:
    assert {("a", "b"): 1, ("b", "a"): 2, ("a", "c"): 1} == counted(network.handover(steps))


def test_working_together_counts_tickets_once_and_pairs_in_order(steps: ibis.Table) -> None:
    assert {("a", "b"): 2, ("a", "c"): 1, ("b", "c"): 1} == counted(network.working_together(steps))


def test_subcontracting_is_giving_work_and_getting_it_straight_back(steps: ibis.Table) -> None:
    assert {("a", "b"): 1} == counted(network.subcontracting(steps))


def test_a_record_without_events_has_no_networks() -> None:
    nothing = ibis.memtable(
        [], schema={"ticket_id": "string", "actor_account_id": "string", "occurred_at": "timestamp",
                    "source_file": "string", "source_line": "int64", "event_id": "string"},
    )  # fmt: skip

    for each in (network.handover, network.working_together, network.subcontracting):
        assert {} == counted(each(network.steps({"ticket_events": nothing})))


XES = """<?xml version="1.0"?><log xes.version="1.0">{}</log>"""
TRACE = """<trace><string key="concept:name" value="{}"/>{}</trace>"""
EVENT = (
    '<event><string key="concept:name" value="Accepted"/><string key="org:resource" value="{}"/>'
    '<date key="time:timestamp" value="2024-03-0{}T10:00:00+00:00"/></event>'
)


@pytest.mark.parametrize("kind", ["xes", "csv"])
def test_the_study_finds_the_same_networks_as_its_reference(tmp_path: Path, kind: str) -> None:
    if kind == "xes":
        data = tmp_path / "log.xes"
        one = "".join(EVENT.format(a, d) for a, d in (("Ann", 1), ("Bob", 2), ("Ann", 3)))
        two = "".join(EVENT.format(a, d) for a, d in (("Bob", 2), ("Ann", 1)))
        data.write_text(XES.format(TRACE.format("1", one) + TRACE.format("2", two)), "utf-8")
    else:
        data = tmp_path / "log.csv"
        lines = ["number,incident_state,sys_updated_by,sys_updated_at,opened_at,sys_mod_count"]
        lines += [
            f"INC{t},Active,{a},{d}/3/2024 10:00,1/3/2024 08:00,{n}"
            for t, a, d, n in (
                (1, "Ann", 21, 0), (1, "Bob", 22, 1), (1, "Ann", 23, 2), (2, "Bob", 22, 1), (2, "Ann", 21, 0)
            )
        ]  # fmt: skip
        data.write_text("\n".join(lines) + "\n", "utf-8")
    told = tmp_path / "told.csv"

    done = subprocess.run(
        [sys.executable, "validation/handover.py", "--data", str(data), "--predict", str(told), "--json"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip

    said = json.loads(done.stdout.splitlines()[-1])
    assert {"study", "data", "seconds", "figures", "baselines", "notes"} == set(said)
    assert 1.0 == said["figures"]["edges_equal_share"]["value"]
    assert [
        "network,source,target,count",
        "handover,Ann,Bob,2", "handover,Bob,Ann,1",
        "subcontracting,Ann,Bob,1",
        "working_together,Ann,Bob,2",
    ] == told.read_text("utf-8").splitlines()  # fmt: skip
