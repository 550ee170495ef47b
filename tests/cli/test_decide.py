"""`cadre decide` tries a call, or decides it for real."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cadre.cli.app import app
from tests.web.gate import MAIL, READ, asked, new_gate


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = new_gate(tmp_path_factory.mktemp("gate"))
    made.runtime.close()
    return made.runtime.root


def told(root: Path, text: str, *words: str) -> str:
    return CliRunner().invoke(app, ["decide", "-w", str(root), *words], input=text).output


def test_a_call_is_tried_and_leaves_no_trace(root: Path) -> None:
    first = told(root, json.dumps(asked(READ)))
    answer = json.loads(told(root, json.dumps(asked(MAIL)), "--json"))

    assert "allow: autonomous (tried, not recorded)" in first
    assert ("approve", "", "") == tuple(answer["context"][key] for key in ("outcome", "decision_id", "approval_id"))


def test_a_call_is_decided_for_real_where_that_is_said(root: Path, tmp_path: Path) -> None:
    file = tmp_path / "call.json"
    file.write_text(json.dumps(asked(MAIL)))
    output = told(root, "", str(file), "--record")

    assert "approve: approve\n" in output
    assert "Waits for approval" in output


def test_what_is_no_evaluation_is_told_where(root: Path) -> None:
    done = CliRunner().invoke(app, ["decide", "-w", str(root)], input='{"subject": {}}')

    assert "subject.type: Field required" in str(done.exception)
