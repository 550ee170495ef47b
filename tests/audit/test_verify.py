"""The verifier is one file that runs where nothing of Cadre is."""

import json
import subprocess
import sys
from pathlib import Path

import cryptography
import pytest

from cadre.audit import verify
from cadre.audit.note import checkpoint, new_signer
from cadre.audit.tree import inclusion_proof
from cadre.audit.verify import EXPORTED, FORMAT, leaf_hash, main, node_hash, payload_digest

SALT = bytes(32)
_ALONE = """
import runpy, sys
sys.path[:] = [p for p in sys.path if "site-packages" not in p] + [sys.argv.pop(1)]
try:
    import cadre
    raise SystemExit("cadre can be imported")
except ImportError:
    pass
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def bundle_of(folder: Path) -> tuple[Path, str]:
    """A log of two rows, both the client's, made by hand."""
    headers = [
        json.dumps({"client": "c_1", "kind": kind, "nth": n, "payload": payload_digest(SALT, b"{}")})
        for n, kind in enumerate(("log:started", EXPORTED), start=1)
    ]
    leaves = [leaf_hash(header.encode()) for header in headers]
    signer = new_signer("log")
    rows = [
        {
            "position": i,
            "header": header,
            "salt": SALT.hex(),
            "payload": "{}",
            "proof": [p.hex() for p in inclusion_proof(lambda _, place: leaves[place], i, 2)],
        }
        for i, header in enumerate(headers)
    ]
    made = {"format": FORMAT, "client": "c_1", "checkpoint": checkpoint(signer, 2, node_hash(*leaves)), "handovers": [],
            "consistency": {}, "rows": rows}  # fmt: skip
    path = folder / "bundle.json"
    path.write_text(json.dumps(made), "utf-8")
    return path, signer.vkey


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `cryptography` and what it needs, and nothing else."""
    folder = tmp_path_factory.mktemp("bare")
    packages = Path(cryptography.__file__).parents[1]
    for name in ("cryptography", "cffi", "pycparser", *[p.name for p in packages.glob("_cffi_backend*")]):
        if (packages / name).exists():
            (folder / name).symlink_to(packages / name)
    return folder


def test_a_client_runs_it_where_only_cryptography_is(tmp_path: Path, bare: Path) -> None:
    bundle, key = bundle_of(tmp_path)
    program = tmp_path / "verify.py"
    program.write_text(Path(verify.__file__).read_text("utf-8"), "utf-8")
    run = [sys.executable, "-I", "-S", "-c", _ALONE, str(bare), str(program), str(bundle), "--key", key]

    good = subprocess.run(run, capture_output=True, text=True, check=False)
    bundle.write_text(bundle.read_text("utf-8").replace('"{}"', '"{ }"'), "utf-8")
    bad = subprocess.run(run, capture_output=True, text=True, check=False)

    assert (0, [], 2) == (good.returncode, json.loads(good.stdout)["problems"], json.loads(good.stdout)["rows"]), good
    assert (1, 2) == (bad.returncode, len(json.loads(bad.stdout)["problems"]))


def test_a_file_that_is_no_bundle_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "b").write_text("nonsense", "utf-8")

    code = main([str(tmp_path / "b"), "--key", "k"])

    assert (1, True) == (code, "cannot be read" in capsys.readouterr().out)


def test_witnesses_that_were_asked_for_are_missed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bundle, key = bundle_of(tmp_path)

    code = main([str(bundle), "--key", key, "--witness", new_signer("w", 4).vkey, "--need", "1"])

    assert (1, True) == (code, "0 witnesses cosigned" in capsys.readouterr().out)


def test_a_held_checkpoint_of_a_longer_log_says_that_the_end_was_cut(tmp_path: Path, capsys) -> None:
    bundle, _ = bundle_of(tmp_path)
    told = json.loads(bundle.read_text("utf-8"))
    signer = new_signer("log")
    told["checkpoint"] = checkpoint(signer, 2, bytes(32))
    bundle.write_text(json.dumps(told), "utf-8")
    (tmp_path / "held").write_text(checkpoint(signer, 3, bytes(32)), "utf-8")

    main([str(bundle), "--key", signer.vkey, "--held", str(tmp_path / "held")])

    assert "its end was cut off" in capsys.readouterr().out
