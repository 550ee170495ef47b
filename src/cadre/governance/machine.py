"""What is wrong with a machine identity: nobody answers for it, nobody uses it, it may too much, its keys are old.

Keeps true: only what a source told counts. An identity whose use no source tells is never called unused, one without
told permissions never called over-privileged; such gaps are findings of their own, so that a short list of findings is
not taken for a clean house. Thresholds have one home, `LIMITS`.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Kind = Literal["orphan", "unregistered", "over_privileged", "never_used", "dormant", "shared", "old_credential",
               "expired_credential", "endless_credential", "past_its_end", "retired_but_acting", "use_unknown",
               "scopes_unknown"]  # fmt: skip

ASKS: dict[Kind, tuple[str, str]] = {
    "retired_but_acting": ("acted after it was retired", "Find who holds its credential and end it at the source."),
    "orphan": ("nobody on the staff answers for it", "Name an owner, or retire it."),
    "unregistered": ("nobody decided that it may exist", "Register it with an owner and a purpose, or stop it."),
    "shared": ("one identity works in several clients' environments", "Give each client an identity of its own."),
    "over_privileged": ("may do far more than one job needs", "Take away what it does not use."),
    "past_its_end": ("its registration has ended", "Renew it with a reason, or retire it."),
    "expired_credential": ("a credential is past its end and still enabled", "Remove the credential."),
    "old_credential": ("a credential has not been rotated for long", "Rotate it."),
    "endless_credential": ("a credential has no end", "Give it an end."),
    "never_used": ("was never used", "Ask its owner; retire it where nobody misses it."),
    "dormant": ("has not been used for long", "Ask its owner; retire it where nobody misses it."),
    "use_unknown": ("no source tells whether it is used", "Load its sign-in report."),
    "scopes_unknown": ("no source tells what it may do", "Load its permissions."),
}
"""Kind of finding -> what is seen, and what to do; the most urgent first."""

POWERFUL = re.compile(
    r"^\*$|:\*$|(^|[^a-z])(owner|contributor|administrator|global ?admin\w*|domain ?admins?|root|superuser)([^a-z]|$)"
    r"|^admin$|(^|[ ,./_-])full ?(control|access)|\.ReadWrite\.All$|\.FullControl\.All$|^RoleManagement\.|^AppRoleAssignment\.",
    re.IGNORECASE,
)
"""Names of permissions that reach a whole tenant or firm, as vendors write them."""


@dataclass(frozen=True, slots=True)
class Limits:
    """When age becomes a finding.

    Attributes:
        unused_days: Days without use after which an identity is dormant, or, never used, worth asking about.
        credential_days: Days after which a credential is old.

    References:
        CIS Controls v8.1, safeguard 5.3: disable accounts dormant for 45 days, where supported.
        CIS AWS Foundations Benchmark: rotate access keys within 90 days.
    """

    unused_days: int = 45
    credential_days: int = 90


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Credential:
    """A secret, key or certificate as the newest source told it; missing times are never or not told."""

    key: str
    kind: str
    made_at: datetime | None = None
    expires_at: datetime | None = None
    last_used_at: datetime | None = None
    is_enabled: bool | None = None


@dataclass(frozen=True, slots=True)
class Machine:
    """A machine identity: what sources tell of it, and what the firm decided.

    Attributes:
        key: Its key, of the record or of the register; never used twice.
        kind: As `machine_identities` has it.
        owners: Keys of people on the staff now who answer for it.
        is_registered: Whether the firm decided that it may exist.
        client_ids: Clients in whose environment it lives or acted.
        made_at: When it was made.
        last_used_at: When it last signed in or acted.
        is_use_told: Whether some source tells of its use.
        is_enabled: Whether it may sign in; None where no source tells.
        scopes: What it may do, as sources name it; empty where nobody tells.
        credentials: What it signs in with.
        ends_at: When its registration ends; None without an end.
        retired_at: When the firm retired it; None while it may act.
    """

    key: str
    kind: str = "unknown"
    owners: tuple[str, ...] = ()
    is_registered: bool = False
    client_ids: tuple[str, ...] = ()
    made_at: datetime | None = None
    last_used_at: datetime | None = None
    is_use_told: bool = False
    is_enabled: bool | None = None
    scopes: tuple[str, ...] = ()
    credentials: tuple[Credential, ...] = ()
    ends_at: datetime | None = None
    retired_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong.

    Attributes:
        kind: Which.
        detail: What of it: days, a permission, a credential's key; empty where the kind says all.
    """

    kind: Kind
    detail: str = ""

    @property
    def seen(self) -> str:
        """What is seen, in words."""
        return ASKS[self.kind][0]

    @property
    def ask(self) -> str:
        """What to do."""
        return ASKS[self.kind][1]


def findings(machine: Machine, now: datetime, limits: Limits = LIMITS) -> tuple[Finding, ...]:
    """What is wrong with one identity, the most urgent first; empty where nothing told is wrong.

    Args:
        machine: The identity.
        now: The instant that ages are counted to.
        limits: When age becomes a finding.
    """
    if machine.retired_at is not None or machine.is_enabled is False:
        return tuple(_after_the_end(machine))
    found = (*_answered(machine, now), *_reach(machine), *_keys(machine, now, limits), *_use(machine, now, limits))
    return tuple(sorted(found, key=lambda one: _ORDER[one.kind]))


def powerful(scopes: Collection[str]) -> tuple[str, ...]:
    """The permissions that reach a whole tenant or firm, in the order given."""
    return tuple(scope for scope in scopes if POWERFUL.search(scope))


def people_ratio(machines: int, people: int) -> float | None:
    """Machine identities for each person on the staff; None without people. A count, so without interval."""
    return machines / people if people else None


_ORDER = {kind: place for place, kind in enumerate(ASKS)}


def _after_the_end(machine: Machine) -> Iterator[Finding]:
    if machine.retired_at and machine.last_used_at and machine.last_used_at > machine.retired_at:
        yield Finding("retired_but_acting", f"used on {machine.last_used_at.date()}")


def _answered(machine: Machine, now: datetime) -> Iterator[Finding]:
    if not machine.owners:
        yield Finding("orphan")
    if not machine.is_registered:
        yield Finding("unregistered")
    if machine.ends_at is not None and machine.ends_at <= now:
        yield Finding("past_its_end", f"on {machine.ends_at.date()}")


def _reach(machine: Machine) -> Iterator[Finding]:
    if len(machine.client_ids) > 1:
        yield Finding("shared", f"{len(machine.client_ids)} clients")
    strong = powerful(machine.scopes)
    if strong:
        yield Finding("over_privileged", ", ".join(strong[:3]))
    if not machine.scopes:
        yield Finding("scopes_unknown")


def _keys(machine: Machine, now: datetime, limits: Limits) -> Iterator[Finding]:
    for one in machine.credentials:
        if one.is_enabled is False:
            continue
        if one.expires_at is not None and one.expires_at <= now:
            yield Finding("expired_credential", f"{one.kind} since {one.expires_at.date()}")
            continue
        if one.expires_at is None and one.kind in {"secret", "certificate"}:
            yield Finding("endless_credential", one.kind)
        age = None if one.made_at is None else (now - one.made_at).days
        if age is not None and age > limits.credential_days:
            yield Finding("old_credential", f"{one.kind}, {age} days")


def _use(machine: Machine, now: datetime, limits: Limits) -> Iterator[Finding]:
    if machine.last_used_at is None:
        if not machine.is_use_told:
            yield Finding("use_unknown")
        elif machine.made_at is None or (now - machine.made_at).days > limits.unused_days:
            yield Finding("never_used")
        return
    idle = (now - machine.last_used_at).days
    if idle > limits.unused_days:
        yield Finding("dormant", f"{idle} days")
