"""Script runs of RMM tools: what ran, under what, for whom, and how it ended."""

from pathlib import Path

from cadre.sources.script_log import SOURCE
from tests.sources.taken import take

LOG = """Job ID,Start Time,Script Name,Policy,Initiated By,Site,Result,Duration
1,2024-05-01 10:00,Clear spooler,Nightly policy,,Acme,Success,12
2,2024-05-01 11:00,Reboot,,Ann Lee,Beta,Failed: timeout,
3,2024-05-01 12:00,Patch,,,,Running,
4,,Patch,,,,Success,
"""


def test_runs_are_read_row_by_row(tmp_path: Path) -> None:
    found = take(SOURCE, tmp_path, {"log.csv": LOG}, day_first=False, settings={"account": "RMM agent"})

    acts = found.by_id("agent_actions")
    assert {"1": "done", "2": "failed", "3": None} == {key: row["outcome"] for key, row in acts.items()}
    assert ("Nightly policy", 12.0, "Acme") == tuple(
        acts["1"][k] for k in ("account_id", "duration_seconds", "client_id")
    )
    assert ("RMM agent", "Ann Lee") == tuple(acts["2"][k] for k in ("account_id", "for_account_id"))
    assert {5: "a time and a script are needed"} == found.refused
    assert {"Nightly policy": "unknown", "RMM agent": "unknown"} == {
        key: row["kind"] for key, row in found.by_id("machine_identities").items()
    }
