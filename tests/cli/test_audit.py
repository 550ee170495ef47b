"""`cadre audit`: from the first checkpoint to a bundle that a client checks."""

import json
from pathlib import Path

import pytest
import typer

from cadre.audit.event import Event
from cadre.audit.note import new_signer
from cadre.audit.verify import COSIGNATURE
from cadre.audit.verify import main as verify_main
from cadre.cli import audit as commands
from cadre.config import create_workspace
from cadre.errors import UnreadableFileError, UsageError
from cadre.runtime import open_runtime
from tests.services.ledger import AT


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("workspace")
    create_workspace(root, name="Test firm")
    runtime = open_runtime(root)
    with runtime.work() as work:
        for i in range(4):
            work.record(Event("log:started", AT, "machine", client_id="c_1" if i % 2 else "", payload={"i": i}))
        work.commit()
    return root


def test_files_that_are_not_there_are_said(workspace: Path, tmp_path: Path) -> None:
    missing = tmp_path / "nowhere" / "held"
    another = tmp_path / "another"
    another.write_text("{}", "utf-8")

    for file in (missing, another):
        with pytest.raises(UnreadableFileError, match=f"{file.name} is no checkpoint that can be read"):
            commands.verify(workspace, held=[file])
    with pytest.raises(UsageError, match="held cannot be written"):
        commands.verifier(missing)


def test_from_status_to_a_checked_bundle(workspace: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    commands.status(workspace)
    assert "5 events" in capsys.readouterr().out
    commands.checkpoint(workspace, tmp_path / "held", origin="example.com/cadre")
    commands.status(workspace, as_json=True)
    key = json.loads(capsys.readouterr().out)["keys"][0]
    assert key.startswith("example.com/cadre+")

    commands.rotate(workspace)
    commands.export("c_1", workspace, tmp_path / "b.json")
    commands.verify(workspace, held=[tmp_path / "held"], key=key)
    commands.verify(workspace, as_json=True)
    commands.show(workspace)
    shown = capsys.readouterr().out
    commands.verifier(tmp_path / "verify.py")
    code = verify_main([str(tmp_path / "b.json"), "--key", key, "--held", str(tmp_path / "held")])

    assert ("7 events hold" in shown, '"problems": []' in shown, 3) == (
        True,
        True,
        shown.count("example.com/cadre+"),
    )
    assert (0, []) == (code, json.loads(capsys.readouterr().out)["problems"])
    assert "import cadre" not in (tmp_path / "verify.py").read_text("utf-8")


def test_witnesses_are_named_asked_and_let_go(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    key = new_signer("witness.example", COSIGNATURE).vkey
    commands.ask(workspace)
    commands.add(key, "http://127.0.0.1:9", workspace)
    with pytest.raises(typer.Exit):
        commands.ask(workspace, as_json=True)
    commands.status(workspace)
    commands.remove("witness.example", workspace)
    told = capsys.readouterr().out

    assert ("No witness is named" in told, '"cosigned": []' in told, "asked no longer" in told) == (True, True, True)
    assert "witness witness.example: cosigned up to event 0" in told
