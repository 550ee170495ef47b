"""Acts of machines in Microsoft 365 and Entra: the unified audit log (CSV or JSON) and directory audits of Graph (JSON).

Keeps true: only what an application, a service principal, an agent or the system did becomes an act; what a person did
is refused row by row with that reason, so that no colleague's work is read from an audit log. Parameters of an act are
not taken: they hold names and content.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cadre.errors import UnreadableFileError
from cadre.sources.columns import Columns, reader_of_instants, unknown_columns
from cadre.sources.flat import Named
from cadre.sources.json_rows import json_rows
from cadre.sources.sheets import sheets
from cadre.sources.source import Item, ReadOptions, Record, Rejected, Source, SourceFile

PERSON = "an act of a person, which is not read from an audit log"
_WANTED = {"data": ("auditdata",), "operation": ("operations",), "at": ("creationdate", "creationtime")}
_MACHINES = frozenset({"4", "5", "6", "system", "application", "serviceprincipal"})
"""`UserType` of the unified audit log for the system, applications and service principals."""
_OUTCOMES = {"success": "done", "succeeded": "done", "true": "done", "partiallysucceeded": "done", "failure": "failed",
             "failed": "failed", "false": "failed", "timeout": "failed"}  # fmt: skip


class _Audit:
    """Reads the rows of one load."""

    def __init__(self, options: ReadOptions) -> None:
        self.when = reader_of_instants(options)
        self.named = Named()
        self.client = self.named.client(options.settings.get("client"))

    def act(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """The act of one row. `ValueError` refuses it."""
        return self._directory(row) if "initiatedBy" in row or "activityDisplayName" in row else self._unified(row)

    def _directory(self, row: Mapping[str, Any]) -> dict[str, Any]:
        by = row.get("initiatedBy")
        app = by.get("app") if isinstance(by, Mapping) else None
        if not isinstance(app, Mapping) or not (app.get("appId") or app.get("servicePrincipalId")):
            raise ValueError(PERSON)
        key = str(app.get("appId") or app["servicePrincipalId"])
        return self._made(row.get("id"), row.get("activityDateTime"), row.get("activityDisplayName"), key,
                          app.get("displayName"), row.get("result"), "service_principal")  # fmt: skip

    def _unified(self, row: Mapping[str, Any]) -> dict[str, Any]:
        agent = row.get("AgentId") or row.get("AgentIdentityId")
        is_machine = str(row.get("UserType", "")).lower().replace(" ", "") in _MACHINES
        if not agent and not is_machine:
            raise ValueError(PERSON)
        key = agent or row.get("AppId") or row.get("ApplicationId") or row.get("ClientAppId") or row.get("UserId")
        made = self._made(row.get("Id"), row.get("CreationTime"), row.get("Operation"), str(key or ""),
                          row.get("AgentName") or row.get("ApplicationDisplayName"), row.get("ResultStatus"),
                          "agent" if agent else "unknown")  # fmt: skip
        if agent and not is_machine and row.get("UserId"):
            made["for_account_id"] = self.named.person(None, str(row["UserId"]), "staff")
        return made

    def _made(self, key: Any, at: Any, tool: Any, who: str, name: Any, result: Any, kind: str) -> dict[str, Any]:
        when = self.when(at)
        if not key or when is None or not tool:
            raise ValueError("no id, no time or no operation")
        self.named.machine(who, kind)
        outcome = _OUTCOMES.get(str(result or "").lower().replace(" ", ""))
        return {"external_id": str(key), "occurred_at": when, "account_id": self.named.account(who, "bot", name=name),
                "client_id": self.client, "tool": str(tool), "outcome": outcome}  # fmt: skip


def _read(files: Sequence[SourceFile], options: ReadOptions) -> Iterator[Item]:
    audit = _Audit(options)
    for file in files:
        is_csv = ".csv" in file.path.name.lower()
        for line, row in _csv(file) if is_csv else _json(file):
            if isinstance(row, Rejected):
                yield row
                continue
            try:
                yield Record("agent_actions", audit.act(row), file.name, line)
            except ValueError as error:
                yield Rejected(str(error), file.name, line)
    if files:
        yield from audit.named.records(files[0].name)


def _csv(file: SourceFile) -> Iterator[tuple[int, Mapping[str, Any] | Rejected]]:
    for found, rows in sheets(file):
        columns = Columns(found, _WANTED)
        if found and "data" not in columns:
            raise unknown_columns(file, found, ["AuditData"])
        for item in rows:
            if isinstance(item, Rejected):
                yield item.line, item
                continue
            line, cells = item
            try:
                told = json.loads(columns.read(cells, "data") or "")
            except (ValueError, RecursionError):
                yield line, Rejected("AuditData is not a JSON object", file.name, line)
                continue
            yield line, told if isinstance(told, dict) else Rejected("AuditData is not a JSON object", file.name, line)


def _json(file: SourceFile) -> Iterator[tuple[int, Mapping[str, Any] | Rejected]]:
    is_first = True
    for item in json_rows(file):
        if isinstance(item, Rejected):
            yield item.line, item
            continue
        line, row = item
        if is_first and not ({"CreationTime", "activityDateTime"} & set(row)):
            raise UnreadableFileError(
                f"{file.name}: found {', '.join(list(row)[:20])}; expected audit records with CreationTime or activityDateTime",
                hint="Export the unified audit log, or directory audits through Microsoft Graph.",
            )
        is_first = False
        yield line, row


SOURCE = Source(
    name="m365-audit",
    label="Microsoft 365 and Entra audit logs",
    group="msp",
    accepts="the unified audit log as CSV or JSON, or directory audits of Microsoft Graph as JSON",
    patterns=("*.csv", "*.csv.gz", "*.json", "*.jsonl", "*.json.gz", "*.jsonl.gz"),
    yields=("agent_actions", "machine_identities", "accounts", "identities", "clients"),
    read=_read,
    tried="not yet tried on a live export",
    reference="Microsoft 365 Management Activity API schema; Microsoft Graph directoryAudit resource type",
)
