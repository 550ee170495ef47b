"""What is left of an erased account: its keyed hash and the random key its rows now carry.

The hash stops the account's name and words from coming back with the next export, and gives its rows the same
random key again, so that counts stay. It is kept with the workspace's secret, apart from the record.
"""

import json
import os
from pathlib import Path


def read_tombstones(path: Path) -> dict[str, str]:
    """Keyed hash -> erased key; empty where nobody was erased."""
    if not path.exists():
        return {}
    return {str(key): str(value) for key, value in json.loads(path.read_text("ascii")).items()}


def add_tombstones(path: Path, erased: dict[str, str]) -> None:
    """Add tombstones for good, at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(f".{os.getpid()}")
    aside.touch(mode=0o600)
    aside.write_text(json.dumps({**read_tombstones(path), **erased}, indent=1, sort_keys=True), "ascii")
    aside.replace(path)
