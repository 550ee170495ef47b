"""AWS credential report: machines and people are told apart, keys keep their age and use."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from cadre.errors import UnreadableFileError
from cadre.sources.aws_credentials import SOURCE
from tests.sources.taken import take

HEAD = ("user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,"
        "mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,"
        "access_key_1_last_used_region,access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,"
        "access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,"
        "cert_1_last_rotated,cert_2_active,cert_2_last_rotated")  # fmt: skip
ROOT = ("<root_account>,arn:aws:iam::1:root,2020-01-01T00:00:00+00:00,not_supported,2024-01-01T00:00:00+00:00,"
        "not_supported,not_supported,true,false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A")  # fmt: skip
MACHINE = ("svc-backup,arn:aws:iam::1:user/svc-backup,2021-01-01T00:00:00+00:00,false,N/A,N/A,N/A,false,true,"
           "2021-01-01T00:00:00+00:00,2024-05-01T10:00:00+00:00,eu-west-1,s3,true,2024-01-01T00:00:00+00:00,N/A,N/A,"
           "N/A,false,N/A,false,N/A")  # fmt: skip
PERSON = ("ann,arn:aws:iam::1:user/ann,2022-01-01T00:00:00+00:00,true,no_information,N/A,N/A,true,false,N/A,N/A,N/A,"
          "N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A")  # fmt: skip


def test_a_user_without_a_password_is_a_machine(tmp_path: Path) -> None:
    found = take(SOURCE, tmp_path, {"r.csv": f"{HEAD}\n{ROOT}\n{MACHINE}\n{PERSON}"})

    arn = "arn:aws:iam::1:user/svc-backup"
    kinds = {row["external_id"]: row["kind"] for row in found.tables["accounts"]}
    assert {"arn:aws:iam::1:root": "bot", arn: "bot", "arn:aws:iam::1:user/ann": "staff"} == kinds
    row = found.by_id("machine_identities")[arn]
    assert (True, datetime(2024, 5, 1, 10, tzinfo=UTC), True) == (
        row["is_enabled"], row["last_used_at"], row["is_use_told"])  # fmt: skip
    keys = found.by_id("machine_credentials")
    assert {f"{arn}/key-1", f"{arn}/key-2"} == set(keys)
    assert None is keys[f"{arn}/key-2"]["last_used_at"]
    assert ["*"] == found.by_id("machine_identities")["arn:aws:iam::1:root"]["scopes"]


def test_another_table_is_refused_as_a_whole(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="expected arn"):
        take(SOURCE, tmp_path, {"r.csv": "user,name\na,b"})
