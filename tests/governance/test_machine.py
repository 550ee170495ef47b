"""Machine identities: what is told counts, what is not told is said, and a retired one that acts is found."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from cadre.governance.machine import Credential, Kind, Machine, findings, people_ratio, powerful

NOW = datetime(2024, 6, 1, tzinfo=UTC)
SOUND = Machine(
    "entra/a1", kind="service_principal", owners=("p1",), is_registered=True, client_ids=("acme",),
    made_at=NOW - timedelta(days=400), last_used_at=NOW - timedelta(days=1), is_use_told=True, is_enabled=True,
    scopes=("User.Read.All",),
    credentials=(Credential("k", "secret", NOW - timedelta(days=30), NOW + timedelta(days=60)),),
)  # fmt: skip


def days_ago(days: int) -> datetime:
    return NOW - timedelta(days=days)


def test_a_sound_identity_has_no_findings() -> None:
    assert () == findings(SOUND, NOW)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"owners": ()}, "orphan"),
        ({"is_registered": False}, "unregistered"),
        ({"client_ids": ("acme", "beta")}, "shared"),
        ({"scopes": ("Mail.Send", "Directory.ReadWrite.All")}, "over_privileged"),
        ({"scopes": ()}, "scopes_unknown"),
        ({"ends_at": days_ago(1)}, "past_its_end"),
        ({"last_used_at": days_ago(46)}, "dormant"),
        ({"last_used_at": None}, "never_used"),
        ({"last_used_at": None, "is_use_told": False}, "use_unknown"),
        ({"credentials": (Credential("k", "key", days_ago(91), NOW + timedelta(days=1)),)}, "old_credential"),
        ({"credentials": (Credential("k", "secret", days_ago(1)),)}, "endless_credential"),
        ({"credentials": (Credential("k", "secret", days_ago(400), days_ago(1)),)}, "expired_credential"),
        ({"retired_at": days_ago(9)}, "retired_but_acting"),
    ],
)
def test_each_fault_is_found_alone(changed: dict[str, object], expected: Kind) -> None:
    found = findings(replace(SOUND, **changed), NOW)  # type: ignore[arg-type]

    assert [expected] == [one.kind for one in found]
    assert all(one.seen and one.ask for one in found)


def test_a_new_identity_is_not_asked_for_use_yet() -> None:
    fresh = replace(SOUND, made_at=days_ago(10), last_used_at=None)

    assert () == findings(fresh, NOW)


def test_the_most_urgent_comes_first_and_what_is_switched_off_is_left_alone() -> None:
    bad = replace(SOUND, owners=(), scopes=("*",), last_used_at=days_ago(90))

    assert ["orphan", "over_privileged", "dormant"] == [one.kind for one in findings(bad, NOW)]
    assert () == findings(replace(bad, is_enabled=False), NOW)


def test_a_disabled_credential_is_no_finding() -> None:
    off = Credential("k", "key", days_ago(900), is_enabled=False)

    assert () == findings(replace(SOUND, credentials=(off,)), NOW)


@pytest.mark.parametrize(
    "scope", ["*", "s3:*", "Owner", "Global Administrator", "Sites.FullControl.All", "Full access"]
)
def test_powers_over_a_whole_tenant_are_told_from_others(scope: str) -> None:
    assert (scope,) == powerful(["User.Read", scope, "Reports.Read.All", "Ticket ownership notes"])


def test_a_ratio_needs_people() -> None:
    assert (2.0, None) == (people_ratio(60, 30), people_ratio(60, 0))
