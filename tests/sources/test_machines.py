"""Lists of machine identities: names, owners, permissions and use under the words such lists use."""

from datetime import UTC, datetime
from pathlib import Path

from cadre.sources.machines import SOURCE
from tests.sources.taken import take

LIST = """Member ID,Display Name,Type,Owner Email,Security Role,Company,Created,Last Login,Expires,Active
17,PSA sync,API member,ann@x.test,"Admin, Tickets",Acme,2023-01-02,2024-03-04T05:06:07Z,2027-01-01,yes
18,Old printer bot,,,,,2019-01-02,,,Inactive
,,,,,,,,,
"""


def test_a_list_is_read_row_by_row(tmp_path: Path) -> None:
    found = take(SOURCE, tmp_path, {"m.csv": LIST}, day_first=False)

    rows = found.by_id("machine_identities")
    used = datetime(2024, 3, 4, 5, 6, 7, tzinfo=UTC)
    told = ("api_member", ["ann@x.test"], ["Admin", "Tickets"], used, True, True)
    names = ("kind", "owner_account_ids", "scopes", "last_used_at", "is_use_told", "is_enabled")
    assert told == tuple(rows["17"][name] for name in names)
    assert ("unknown", [], [], None, None, False) == tuple(rows["18"][name] for name in names)
    assert datetime(2027, 1, 1, tzinfo=UTC) == rows["17"]["expires_at"]
    assert "PSA sync" == found.name("17")


def test_a_list_of_bare_names_is_enough(tmp_path: Path) -> None:
    found = take(SOURCE, tmp_path, {"m.csv": "Service Account\nsvc-scan\n"}, settings={"kind": "service account"})

    assert "service_account" == found.by_id("machine_identities")["svc-scan"]["kind"]
