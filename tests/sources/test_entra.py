"""Entra: what shares an appId is one identity; use is unknown until a report tells; powers get their names."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cadre.errors import UnreadableFileError
from cadre.sources import Folded, ReadOptions, Record, SourceFile
from cadre.sources.entra import SOURCE
from tests.sources.taken import Taken, take

APP = {
    "id": "o1", "appId": "a1", "displayName": "Backup runner", "createdDateTime": "2023-02-01T08:00:00Z",
    "notes": "Nightly backup", "owners": [{"id": "u1", "displayName": "Ann Lee", "userPrincipalName": "Ann@x.test"}],
    "passwordCredentials": [{"keyId": "k1", "startDateTime": "2023-02-01T08:00:00Z",
                             "endDateTime": "2025-02-01T08:00:00Z"}],
    "keyCredentials": [{"keyId": "k2", "startDateTime": "2024-02-01T08:00:00Z"}],
    "requiredResourceAccess": [{"resourceAppId": "r", "resourceAccess": [
        {"id": "19dbc75e-c2e2-444c-a770-ec69d8559fc7", "type": "Role"}, {"id": "unknown-guid", "type": "Scope"}]}],
}  # fmt: skip
PRINCIPAL = {"id": "o2", "appId": "a1", "displayName": "Backup runner", "servicePrincipalType": "Application",
             "accountEnabled": False, "oauth2PermissionGrants": [{"scope": "User.Read Mail.Send"}]}  # fmt: skip
MANAGED = {"id": "o3", "appId": "a2", "displayName": "vm-1", "servicePrincipalType": "ManagedIdentity",
           "accountEnabled": True}  # fmt: skip
AGENT = {"@odata.type": "#microsoft.graph.agentIdentity", "id": "o4", "appId": "a3", "displayName": "Triage agent"}
USE = {"id": "s", "appId": "a1", "lastSignInActivity": {"lastSignInDateTime": "2024-05-01T08:00:00Z"},
       "applicationAuthenticationClientSignInActivity": {"lastSignInDateTime": "2024-06-01T08:00:00Z"}}  # fmt: skip


def read(tmp_path: Path, *items: Any, **settings: Any) -> Taken:
    return take(SOURCE, tmp_path, {"m.json": json.dumps({"value": list(items)})}, settings=settings)


def test_an_application_and_its_principal_are_one_identity(tmp_path: Path) -> None:
    found = read_folded(tmp_path, APP, PRINCIPAL)

    row = found.by_id("machine_identities")["a1"]
    assert ("service_principal", False, ["u1"]) == (row["kind"], row["is_enabled"], row["owner_account_ids"])
    assert ["Directory.ReadWrite.All", "unknown-guid", "User.Read", "Mail.Send"] == row["scopes"]
    assert (datetime(2023, 2, 1, 8, tzinfo=UTC), "Nightly backup") == (row["made_at"], row["purpose"])
    assert "Backup runner" == found.name("a1")
    assert "ann@x.test" == found.name("u1", "email")
    assert {"a1/k1": "secret", "a1/k2": "certificate"} == {
        row["external_id"]: row["kind"] for row in found.tables["machine_credentials"]
    }


def test_kinds_are_told_apart(tmp_path: Path) -> None:
    found = read(tmp_path, MANAGED, AGENT)

    kinds = {row["external_id"]: row["kind"] for row in found.tables["machine_identities"]}
    assert {"a2": "managed_identity", "a3": "agent"} == kinds


def test_use_is_unknown_until_a_report_tells(tmp_path: Path) -> None:
    without, reported = read(tmp_path, APP), read_folded(tmp_path, APP, MANAGED, USE)

    assert (None, False) == _use(without, "a1")
    assert (datetime(2024, 6, 1, 8, tzinfo=UTC), True) == _use(reported, "a1")
    assert (None, True) == _use(reported, "a2")


def test_a_tenant_belongs_to_the_client_named(tmp_path: Path) -> None:
    found = read(tmp_path, APP, client="acme")

    assert "acme" == found.by_id("machine_identities")["a1"]["client_id"]


def test_an_object_without_app_id_is_refused_and_another_file_named(tmp_path: Path) -> None:
    found = read(tmp_path, APP, {"id": "x"})

    assert [2] == list(found.refused)
    with pytest.raises(UnreadableFileError, match="expected objects with appId"):
        read(tmp_path, {"id": "x", "subject": "y"})


def read_folded(tmp_path: Path, *items: Any) -> Taken:
    """Read objects of which some are folded into others; every one is accounted for."""
    path = tmp_path / "m.json"
    path.write_text(json.dumps({"value": list(items)}))
    taken, lines = Taken(), set()
    for item in SOURCE.read([SourceFile(path, "m.json")], ReadOptions()):
        assert isinstance(item, Record | Folded)
        lines.add(item.line)
        if isinstance(item, Record):
            taken.tables[item.table].append(dict(item.values))
    assert set(range(1, len(items) + 1)) == lines - {None}
    return taken


def _use(taken: Taken, app: str) -> tuple[Any, Any]:
    row = taken.by_id("machine_identities")[app]
    return row["last_used_at"], row["is_use_told"]
