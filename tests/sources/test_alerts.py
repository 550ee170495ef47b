"""RMM alerts: one row an alert under the names three vendors give the columns."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from cadre.errors import UnreadableFileError
from cadre.sources.alerts import SOURCE
from tests.sources.taken import take

DATTO = (
    "Alert UID,Site,Device,Priority,Category,Alert Message,Created,Resolved On,Ticket Number\n"
    "u1,Acme,PC-1,Critical,Disk,Disk nearly full,2024-05-01T10:00:00Z,2024-05-01T11:00:00Z,T9\n"
    "u2,Acme,PC-2,Low,Patch,Patch missing,2024-05-01T12:00:00Z,,\n"
)
NINJA = "Organization,Severity,Source Type,Activity Time,Message\nAcme,MAJOR,CONDITION_CPU,2024-05-01 10:00,CPU high\n"
NABLE = "Customer,Service,Transition Time,Status Level\nAcme,Connectivity,01/05/2024 10:00,Warning\n"


def test_an_alert_with_client_severity_ticket_and_end(tmp_path: Path) -> None:
    taken = take(SOURCE, tmp_path, {"a.csv": DATTO})

    first, second = taken.tables["alerts"]
    assert ("Acme", "T9", "Disk", 1) == (first["client_id"], first["ticket_id"], first["kind"], first["severity"])
    assert datetime(2024, 5, 1, 11, tzinfo=UTC) == first["cleared_at"]
    assert (None, None, 4) == (second["cleared_at"], second["ticket_id"], second["severity"])
    assert "Disk nearly full" == taken.body("u1")
    assert {("a.csv", 2), ("a.csv", 3)} == taken.lines


@pytest.mark.parametrize(("text", "severity", "kind"), [(NINJA, 2, "CONDITION_CPU"), (NABLE, 3, "Connectivity")])
def test_other_vendors_columns_are_known(tmp_path: Path, text: str, severity: int, kind: str) -> None:
    (alert,) = take(SOURCE, tmp_path, {"a.csv": text}, day_first=True).tables["alerts"]

    assert (severity, kind, "Acme") == (alert["severity"], alert["kind"], alert["client_id"])
    assert datetime(2024, 5, 1, 10, tzinfo=UTC) == alert["occurred_at"]


def test_rows_without_an_id_keep_theirs_in_a_later_export(tmp_path: Path) -> None:
    row = NINJA.splitlines()[1]
    once = take(SOURCE, tmp_path, {"a.csv": NINJA + row + "\n"}).tables["alerts"]
    later = take(
        SOURCE, tmp_path, {"a.csv": NINJA.splitlines()[0] + "\nAcme,MINOR,X,2024-06-01 10:00,Y\n" + row + "\n"}
    )

    assert 2 == len({alert["external_id"] for alert in once})
    assert once[0]["external_id"] in later.by_id("alerts")


def test_an_alert_without_a_time_is_refused_and_a_file_without_one_is_an_error(tmp_path: Path) -> None:
    taken = take(SOURCE, tmp_path, {"a.csv": DATTO + "u3,Acme,PC,Low,Patch,x,,,\n"})

    assert {4: "no time"} == taken.refused
    with pytest.raises(UnreadableFileError, match=r"expected at"):
        take(SOURCE, tmp_path, {"b.csv": "Site,Severity\nAcme,Low\n"})


def test_a_file_whose_every_row_is_of_another_width_is_refused_row_by_row(tmp_path: Path) -> None:
    taken = take(SOURCE, tmp_path, {"a.csv": "Created,Site\n1,2,3\n4\n"})

    assert {2: "3 cells where the header has 2", 3: "1 cells where the header has 2"} == taken.refused
