"""What a gateway keeps between runs, one small file an entry: tools as first seen, and decisions that wait.

Keeps true: an entry is whole or absent, so that several gateways can share a folder; what cannot be read counts as
absent. Nothing here lets anything through: an approval is held against the act by the gate itself.
"""

import hashlib
import json
import os
import secrets
from pathlib import Path
from typing import Any, Literal

Kind = Literal["tools", "waiting"]


class Shelf:
    """Entries by kind and key.

    Args:
        folder: Where they lie; made where it is missing, readable by its owner alone.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, kind: Kind, key: str) -> dict[str, Any] | None:
        """An entry; None where there is none."""
        try:
            told = json.loads(self._path(kind, key).read_text("utf-8"))
        except (OSError, ValueError):
            return None
        return told if isinstance(told, dict) else None

    def put(self, kind: Kind, key: str, value: dict[str, Any]) -> None:
        """Keep an entry, in place of the one before."""
        path = self._path(kind, key)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        beside = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        beside.write_text(json.dumps(value, ensure_ascii=False, sort_keys=True), "utf-8")
        beside.chmod(0o600)
        os.replace(beside, path)  # noqa: PTH105 (the one call that is atomic everywhere)

    def drop(self, kind: Kind, key: str) -> None:
        """Forget an entry."""
        self._path(kind, key).unlink(missing_ok=True)

    def _path(self, kind: Kind, key: str) -> Path:
        return self._folder / kind / f"{hashlib.sha256(key.encode()).hexdigest()[:40]}.json"
