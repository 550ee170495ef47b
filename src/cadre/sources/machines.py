"""Machine identities from any list as CSV or XLSX: API members of a PSA, service accounts, agents; one row each.

Keeps true: only a name or an id is needed; what a column does not tell is missing, and use counts as told only
where the list has a column for it. Scopes are split at commas and semicolons.
"""

import re
from collections.abc import Iterator, Sequence

from cadre.sources.columns import flag
from cadre.sources.flat import Made, Row, read_flat
from cadre.sources.source import Item, ReadOptions, Source, SourceFile

WANTED = {
    "id": ("id", "member id", "client id", "app id", "key id", "account id"),
    "name": ("display name", "member name", "account", "service account", "agent", "application", "identity"),
    "kind": ("type", "identity type"),
    "owner": ("owner email", "owned by", "responsible", "contact", "manager"),
    "purpose": ("description", "used for", "notes"),
    "scopes": ("permissions", "role", "roles", "security role", "scope", "access"),
    "client": ("company", "customer", "tenant", "site"),
    "made": ("created", "created at", "created on", "date created"),
    "rotated": ("credential created", "key created", "last rotated", "password last set", "pwdlastset", "rotated on"),
    "used": ("last used", "last login", "last sign-in", "last logon", "last active", "lastlogontimestamp"),
    "expires": ("expires", "expires at", "expiry", "expires on", "valid until"),
    "enabled": ("is enabled", "active", "status", "inactive flag"),
}  # fmt: skip
_KINDS = (("agent", "agent"), ("principal", "service_principal"), ("managed", "managed_identity"),
          ("api", "api_member"), ("service", "service_account"))  # fmt: skip


def _make(row: Row, options: ReadOptions) -> Made:
    name = row.read("name")
    if name is None and row.read("id") is None:
        raise ValueError("neither a name nor an id")
    key = row.read("id") or str(name)
    told = (row.read("kind") or options.settings.get("kind") or "").lower()
    kind = next((kind for word, kind in _KINDS if word in told), "unknown")
    owner = row.named.person(row.read("owner"), None, "staff")
    status = (row.read("enabled") or "").lower()
    used, rotated = row.when(row.read("used")), row.when(row.read("rotated"))
    yield "machine_identities", {
        "external_id": key, "account_id": row.named.account(key, "bot", name=name), "kind": kind,
        "client_id": row.named.client(row.read("client") or options.settings.get("client"), row.read("client")),
        "owner_account_ids": [owner] if owner else [], "purpose": row.read("purpose"),
        "made_at": row.when(row.read("made")), "last_used_at": used, "is_use_told": True if used else None,
        "is_enabled": _WORDS[status] if status in _WORDS else flag(status or None),
        "scopes": [one for one in re.split(r"\s*[,;|]\s*", row.read("scopes") or "") if one],
        "expires_at": row.when(row.read("expires")),
    }  # fmt: skip
    if rotated:
        yield "machine_credentials", {"external_id": f"{key}/1", "machine_id": key, "kind": "secret",
                                      "made_at": rotated, "last_used_at": used,
                                      "expires_at": row.when(row.read("expires"))}  # fmt: skip


_WORDS = {"active": True, "enabled": True, "inactive": False, "disabled": False, "revoked": False}


def _read(files: Sequence[SourceFile], options: ReadOptions) -> Iterator[Item]:
    return read_flat(files, options, WANTED, (("name", "id"),), _make)


SOURCE = Source(
    name="machines",
    label="Machine identities",
    group="msp",
    accepts="a list of API members, service accounts or agents as CSV or XLSX: name, owner, permissions, last used",
    patterns=("*.csv", "*.csv.gz", "*.xlsx"),
    yields=("machine_identities", "machine_credentials", "accounts", "identities", "clients"),
    read=_read,
    tried="not yet tried on a live export",
    reference="column names as PSA tools and directory exports write them, from their public documentation",
)
