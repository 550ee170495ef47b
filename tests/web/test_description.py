"""The gate held against its own description: whatever is sent, the answer is one that is described."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.web.gate import READ, asked, new_gate
from tests.web.served import served


@pytest.mark.slow
def test_schemathesis_finds_nothing(tmp_path: Path) -> None:
    gate = new_gate(tmp_path / "w")
    words = [str(Path(sys.executable).with_name("schemathesis")), "run", "--max-examples", "300", "--seed", "1",
             "--phases", "coverage,fuzzing", "--no-color"]  # fmt: skip
    with served(gate) as address:
        proof = ["--url", address, "-H", f"Authorization: {gate.proof()['Authorization']}"]
        done = subprocess.run([*words, *proof, f"{address}/agents/openapi.json"], capture_output=True, text=True,
                              check=False, cwd=tmp_path)  # fmt: skip

    assert 0 == done.returncode, done.stdout[-3_000:]


def test_what_is_broken_is_told_where_and_nothing_is_decided(tmp_path: Path) -> None:
    gate = new_gate(tmp_path / "w")
    body = asked(READ)
    body["context"]["confidence"] = 2
    for path in ("/access/v1/evaluation", "/lean/v1/evaluation"):
        told = gate.send("POST", path, json=body, headers=gate.proof())
        nobody = gate.send("POST", path, json=body)
        stranger = gate.send("POST", path, json=asked(READ, "other"), headers=gate.proof("bot"))

        assert 422 == told.status_code
        assert "context.confidence" in told.json()["error"]
        assert (401, 403) == (nobody.status_code, stranger.status_code)


def test_a_secret_opens_a_token_and_nothing_else_does(tmp_path: Path) -> None:
    gate = new_gate(tmp_path / "w")
    wrong = gate.send("POST", "/agents/token", auth=("", "guess"))
    none = gate.send("POST", "/agents/token")
    page = gate.send("GET", "/decisions", headers=gate.proof())

    assert ({401}, {"error", "hint"}) == ({wrong.status_code, none.status_code}, set(wrong.json()))
    assert 401 == page.status_code
