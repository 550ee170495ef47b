"""The environment of the peers, `.venv-peers`: made with uv beside the project, never part of it."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PEERS = ROOT / ".venv-peers"
PYTHON = PEERS / "bin" / "python"


def missing(*requirements: str) -> str:
    """Install peers where they are not there yet.

    Args:
        requirements: What to install, such as `pandas>=2`.

    Returns:
        Empty, or why it could not be installed.
    """
    if PYTHON.exists() and all(_has(requirement) for requirement in requirements):
        return ""
    uv = shutil.which("uv") or str(Path(sys.executable).parent / "uv")
    commands = [[uv, "pip", "install", "--quiet", "--python", str(PYTHON), *requirements]]
    if not PYTHON.exists():
        commands.insert(0, [uv, "venv", "--quiet", "--python", sys.executable, str(PEERS)])
    try:
        for command in commands:
            subprocess.run(command, check=True, capture_output=True, text=True, timeout=600)
    except (OSError, subprocess.SubprocessError) as error:
        return (
            f"{' '.join(requirements)} could not be installed ({type(error).__name__}), so nothing is compared with it"
        )
    return ""


def run(script: str, *arguments: str) -> dict[str, Any]:
    """What a peer's script prints on its last line, as JSON."""
    command = [str(PYTHON), str(ROOT / "benchmarks" / script), *arguments]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": ""})
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def _has(requirement: str) -> bool:
    package = re.split(r"[<>=~!]", requirement)[0]
    asked = f"from importlib.metadata import version; print(version('{package}'))"
    return subprocess.run([str(PYTHON), "-c", asked], capture_output=True, check=False).returncode == 0
