"""Audit logs of Microsoft 365 and Entra: what machines did, and nothing that a person did."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cadre.errors import UnreadableFileError
from cadre.sources.m365_audit import PERSON, SOURCE
from tests.sources.taken import take

APP = {"Id": "1", "CreationTime": "2024-05-01T10:00:00", "Operation": "Update user.", "UserType": 5,
       "UserId": "ServicePrincipal_a1", "AppId": "a1", "ApplicationDisplayName": "Sync", "ResultStatus": "Success"}  # fmt: skip
HUMAN = {"Id": "2", "CreationTime": "2024-05-01T10:00:00", "Operation": "FileDownloaded", "UserType": 0,
         "UserId": "ann@x.test"}  # fmt: skip
AGENT = {"Id": "3", "CreationTime": "2024-05-01T11:00:00", "Operation": "CopilotInteraction", "UserType": 0,
         "UserId": "Ann@x.test", "AgentId": "agent-7", "AgentName": "Helper", "ResultStatus": "Failed"}  # fmt: skip
DIRECTORY = {"id": "d1", "activityDateTime": "2024-05-02T10:00:00Z", "activityDisplayName": "Add member to group",
             "result": "success", "initiatedBy": {"app": {"appId": "a1", "displayName": "Sync"}, "user": None}}  # fmt: skip
BY_HAND = {**DIRECTORY, "id": "d2", "initiatedBy": {"app": None, "user": {"id": "u1"}}}


def test_what_a_person_did_is_refused_and_what_machines_did_is_kept(tmp_path: Path) -> None:
    found = take(SOURCE, tmp_path, {"log.json": json.dumps([APP, HUMAN, AGENT, DIRECTORY, BY_HAND])})

    acts = found.by_id("agent_actions")
    assert {"1": "a1", "3": "agent-7", "d1": "a1"} == {key: row["account_id"] for key, row in acts.items()}
    assert {2: PERSON, 5: PERSON} == found.refused
    assert {"a1": "service_principal", "agent-7": "agent"} == {
        key: row["kind"] for key, row in found.by_id("machine_identities").items()
    }
    assert ("done", "failed", "done") == tuple(acts[key]["outcome"] for key in ("1", "3", "d1"))
    assert ("ann@x.test", datetime(2024, 5, 1, 11, tzinfo=UTC)) == (
        acts["3"]["for_account_id"],
        acts["3"]["occurred_at"],
    )


def test_the_csv_of_the_unified_log_is_read(tmp_path: Path) -> None:
    cell = json.dumps(APP).replace('"', '""')
    text = f'RecordId,CreationDate,Operation,AuditData\n1,x,y,"{cell}"\n2,x,y,no json\n'

    found = take(SOURCE, tmp_path, {"log.csv": text}, settings={"client": "acme"})

    assert ("Update user.", "acme") == tuple(found.by_id("agent_actions")["1"][k] for k in ("tool", "client_id"))
    assert {3: "AuditData is not a JSON object"} == found.refused


def test_another_file_is_refused_as_a_whole(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="expected audit records"):
        take(SOURCE, tmp_path, {"log.json": json.dumps([{"id": "x"}])})
