"""The credential report of AWS IAM, as CSV: one row a user, with its password and up to two access keys.

Keeps true: a user without a console password is a machine; one with a password is a person, of whom only the access
keys are noted, since these are what programs use. `N/A`, `no_information` and `not_supported` are missing; the report
tells of use, so a key without a last use was never used.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cadre.sources.columns import flag
from cadre.sources.flat import Made, Row, read_flat
from cadre.sources.source import Item, ReadOptions, Source, SourceFile

WANTED = {
    "id": ("arn",), "user": ("user",), "arn": ("arn",), "made": ("user_creation_time",),
    "password": ("password_enabled",), "signed_in": ("password_last_used",),
    **{f"{what}{n}": (f"{column.format(n)}",) for n in (1, 2) for what, column in (
        ("active", "access_key_{}_active"), ("rotated", "access_key_{}_last_rotated"),
        ("used", "access_key_{}_last_used_date"))},
    **{f"{what}{n}": (f"cert_{n}_{column}",) for n in (1, 2) for what, column in (
        ("cert_active", "active"), ("cert_rotated", "last_rotated"))},
}  # fmt: skip
_MISSING = frozenset({"no_information", "not_supported"})


def _make(row: Row, options: ReadOptions) -> Made:
    def read(meaning: str) -> str | None:
        text = row.read(meaning)
        return None if text is None or text.lower() in _MISSING else text

    arn = read("arn")
    if arn is None:
        raise ValueError("no arn")
    keys = list(_keys(row, read))
    is_person = flag(read("password")) is True
    client = row.named.client(options.settings.get("client"))
    account = row.named.account(arn, "staff" if is_person else "bot", name=read("user"))
    uses = [key["last_used_at"] for key in keys if key.get("last_used_at")]
    yield "machine_identities", {
        "external_id": arn, "account_id": account, "kind": "service_account", "client_id": client,
        "owner_account_ids": [arn] if is_person else [], "made_at": row.when(read("made")),
        "last_used_at": max(uses, default=None), "is_use_told": True,
        "is_enabled": any(key["is_enabled"] for key in keys), "scopes": ["*"] if arn.endswith(":root") else [],
    }  # fmt: skip
    for key in keys:
        yield "machine_credentials", {"external_id": f"{arn}/{key.pop('native')}", "machine_id": arn, **key}


def _keys(row: Row, read: Any) -> Iterator[dict[str, Any]]:
    kinds: Mapping[str, tuple[str, str, str]] = {"key": ("active", "rotated", "used"),
                                                 "certificate": ("cert_active", "cert_rotated", "")}  # fmt: skip
    for kind, (active, rotated, used) in kinds.items():
        for n in (1, 2):
            made = row.when(read(f"{rotated}{n}"))
            is_enabled = flag(read(f"{active}{n}")) is True
            if made is None and not is_enabled:
                continue
            yield {"native": f"{kind}-{n}", "kind": kind, "made_at": made, "is_enabled": is_enabled,
                   "last_used_at": row.when(read(f"{used}{n}")) if used else None}  # fmt: skip


def _read(files: Sequence[SourceFile], options: ReadOptions) -> Iterator[Item]:
    return read_flat(files, options, WANTED, (("arn",), ("password",), ("active1",)), _make)


SOURCE = Source(
    name="aws-credentials",
    label="AWS credential report",
    group="msp",
    accepts="the credential report of AWS IAM as CSV",
    patterns=("*.csv", "*.csv.gz"),
    yields=("machine_identities", "machine_credentials", "accounts", "identities", "clients"),
    read=_read,
    tried="not yet tried on a live export",
    reference="AWS IAM user guide: getting credential reports, the report format",
)
