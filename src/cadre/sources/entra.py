"""Machine identities of Microsoft Entra, as Microsoft Graph lists them: applications, service principals, their use.

Takes the JSON of `GET /applications`, `/servicePrincipals` (with `$expand=owners` where owners matter) and
`/reports/servicePrincipalSignInActivities`, in any order and any mixture of files; what shares an `appId` is one
identity. Keeps true: an identity without a sign-in report is of unknown use, never unused; names lie in
`identities`; secrets themselves are not in such exports. Which client's tenant it is says the setting `client`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cadre.errors import UnreadableFileError
from cadre.sources.columns import reader_of_instants
from cadre.sources.flat import Named
from cadre.sources.json_rows import json_rows
from cadre.sources.source import Folded, Item, ReadOptions, Record, Rejected, Source, SourceFile

POWERS = {
    "1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9": "Application.ReadWrite.All",
    "06b708a9-e830-4db3-a914-8e69da51d44f": "AppRoleAssignment.ReadWrite.All",
    "19dbc75e-c2e2-444c-a770-ec69d8559fc7": "Directory.ReadWrite.All",
    "7ab1d382-f21e-4acd-a863-ba3e13f7da61": "Directory.Read.All",
    "75359482-378d-4052-8f01-80520e7db3cd": "Files.ReadWrite.All",
    "62a82d76-70ea-41e2-9197-370581804d09": "Group.ReadWrite.All",
    "e2a3a72e-5f79-4c64-b1b1-878b674786c9": "Mail.ReadWrite",
    "b633e1c5-b582-4048-a93e-9f11b44c7e96": "Mail.Send",
    "9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8": "RoleManagement.ReadWrite.Directory",
    "a82116e5-55eb-4c41-a434-62fe8a61c773": "Sites.FullControl.All",
    "741f803b-c850-494e-b5df-cde7c675a1ca": "User.ReadWrite.All",
    "df021288-bdef-4463-88db-98f22de89214": "User.Read.All",
}
"""Ids of the Graph application permissions an owner should know by name; others keep their ids."""

_CREDENTIALS = (("passwordCredentials", "secret"), ("keyCredentials", "certificate"))
_WRONG = "neither an application, a service principal nor a sign-in activity: no appId"


@dataclass(slots=True)
class _Identity:
    """What the objects that share an appId say together."""

    file: str
    line: int
    values: dict[str, Any]
    owners: dict[str, None] = field(default_factory=dict)
    scopes: dict[str, None] = field(default_factory=dict)
    keys: dict[str, dict[str, Any]] = field(default_factory=dict)


class _Entra:
    """Reads the objects of one load."""

    def __init__(self, options: ReadOptions) -> None:
        self.when = reader_of_instants(options)
        self.named = Named()
        self.client = self.named.client(options.settings.get("client"))
        self.found: dict[str, _Identity] = {}
        self.used: dict[str, datetime | None] = {}

    def take(self, item: Mapping[str, Any], file: str, line: int) -> str | None:
        """Note one object; the appId it was folded into, or None where it began an identity. `ValueError` refuses it."""
        app = item.get("appId")
        if not isinstance(app, str) or not app:
            raise ValueError(_WRONG)
        if "lastSignInActivity" in item or "applicationAuthenticationClientSignInActivity" in item:
            self.used[app] = self._last_use(item)
            return app
        known = self.found.get(app)
        if known is None:
            known = self.found[app] = _Identity(file, line, {"external_id": app, "account_id": app, "kind": "unknown"})
            self._describe(known, item)
            return None
        self._describe(known, item)
        return app

    def _last_use(self, item: Mapping[str, Any]) -> datetime | None:
        told = [part.get("lastSignInDateTime") for part in item.values() if isinstance(part, Mapping)]
        return max((at for text in told if (at := self.when(text))), default=None)

    def _describe(self, known: _Identity, item: Mapping[str, Any]) -> None:
        values = known.values
        kind = _kind(item)
        if kind != "unknown":
            values["kind"] = kind
        self.named.account(str(item["appId"]), "bot", name=item.get("displayName"))
        made = self.when(item.get("createdDateTime"))
        values["made_at"] = min(filter(None, (values.get("made_at"), made)), default=None)
        values["client_id"] = self.client
        values["purpose"] = values.get("purpose") or item.get("notes") or item.get("description") or None
        if isinstance(item.get("accountEnabled"), bool):
            values["is_enabled"] = item["accountEnabled"]
        for owner in _objects(item.get("owners")):
            who = self.named.account(owner.get("id"), "staff", name=owner.get("displayName"),
                                     email=owner.get("userPrincipalName"))  # fmt: skip
            if who:
                known.owners[who] = None
        known.scopes.update(dict.fromkeys(_scopes(item)))
        for name, sort in _CREDENTIALS:
            for number, key in enumerate(_objects(item.get(name))):
                native = str(key.get("keyId") or f"{sort}-{number}")
                known.keys[native] = {"kind": sort, "made_at": self.when(key.get("startDateTime")),
                                      "expires_at": self.when(key.get("endDateTime"))}  # fmt: skip
        for key in _objects(item.get("federatedIdentityCredentials")):
            known.keys[str(key.get("id") or key.get("name"))] = {"kind": "federated"}

    def records(self) -> Iterator[tuple[str, dict[str, Any], _Identity]]:
        """(table, values, identity) of everything noted."""
        for app, known in self.found.items():
            values = {**known.values, "owner_account_ids": list(known.owners), "scopes": list(known.scopes),
                      "last_used_at": self.used.get(app), "is_use_told": bool(self.used)}  # fmt: skip
            yield "machine_identities", values, known
            for native, key in known.keys.items():
                yield "machine_credentials", {"external_id": f"{app}/{native}", "machine_id": app, **key}, known


def _kind(item: Mapping[str, Any]) -> str:
    if "agent" in str(item.get("@odata.type", "")).lower():
        return "agent"
    told = str(item.get("servicePrincipalType") or "").lower()
    return {"managedidentity": "managed_identity", "": "service_principal"}.get(told, "service_principal")


def _objects(value: Any) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def _scopes(item: Mapping[str, Any]) -> Iterator[str]:
    for resource in _objects(item.get("requiredResourceAccess")):
        for access in _objects(resource.get("resourceAccess")):
            if access.get("id"):
                yield POWERS.get(str(access["id"]), str(access["id"]))
    for role in _objects(item.get("appRoleAssignments")):
        if role.get("appRoleId"):
            yield POWERS.get(str(role["appRoleId"]), str(role["appRoleId"]))
    for grant in _objects(item.get("oauth2PermissionGrants")):
        yield from str(grant.get("scope") or "").split()


def _read(files: Sequence[SourceFile], options: ReadOptions) -> Iterator[Item]:
    entra = _Entra(options)
    for file in files:
        is_first = True
        for item in json_rows(file):
            if isinstance(item, Rejected):
                yield item
                continue
            line, found = item
            if is_first and "appId" not in found:
                raise UnreadableFileError(
                    f"{file.name}: found {', '.join(list(found)[:20])}; expected objects with appId",
                    hint="Export applications or service principals through Microsoft Graph as JSON.",
                )
            is_first = False
            try:
                into = entra.take(found, file.name, line)
            except ValueError as error:
                yield Rejected(str(error), file.name, line)
                continue
            if into is not None:
                yield Folded("machine_identities", into, file.name, line)
    for table, values, known in entra.records():
        is_main = table == "machine_identities"
        yield Record(table, values, known.file, known.line if is_main else None)
    if files:
        yield from entra.named.records(files[0].name)


SOURCE = Source(
    name="entra",
    label="Microsoft Entra applications",
    group="msp",
    accepts="applications, service principals and their sign-in activity from Microsoft Graph, as JSON",
    patterns=("*.json", "*.jsonl", "*.json.gz", "*.jsonl.gz"),
    yields=("machine_identities", "machine_credentials", "accounts", "identities", "clients"),
    read=_read,
    tried="not yet tried on a live export",
    reference="Microsoft Graph: application, servicePrincipal, servicePrincipalSignInActivity resource types",
)
