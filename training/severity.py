"""Trains the model of danger: `.venv/bin/python training/severity.py --data DIR [--write]`.

Two heads over the same readable parts. `destroys` learns from Azure's and GitHub's destructive hints and PowerShell's
WhatIf; `grants` from AWS's permissions management. An AWS write that manages no permissions, and a GitHub tool whose hint
is absent, say nothing of destroying and teach `destroys` nothing. Every vendor and each of its two answers weighs the
same. `--write` replaces the shipped weights and their card, and the weights that the study uses for a vendor not seen.
"""

import argparse
import gzip
import hashlib
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

from cadre.governance.danger import SCHEMA, features

VENDORS = ("aws", "azure", "github", "powershell")
STRENGTH, LEAST_WEIGHT = 0.3, 0.04
MODELS = Path(__file__).parent.parent / "src/cadre/governance/models"
LEXICON = MODELS.parent / "lexicon.toml"
"""What the parts are made of: a model trained on other words is another model."""
HELD_OUT = Path(__file__).parent.parent / "validation/severity_held_out.json"
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Act:
    """An administrator's action as its vendor lists it.

    Attributes:
        id: As the data names it, else file and line.
        vendor: One of `VENDORS`, or another.
        group: Service, area, module or tool: what intervals draw anew.
        name: Of the action.
        within: What it belongs to; empty for none.
        description: In the vendor's words.
        params: Names of its parameters.
        is_dangerous: The vendor's own label; None where it is blank.
        changes: Whether it does more than read, as far as the vendor says; None where it does not.
    """

    id: str
    vendor: str
    group: str
    name: str
    within: str
    description: str
    params: tuple[str, ...]
    is_dangerous: bool | None
    changes: bool | None

    @property
    def parts(self) -> dict[str, float]:
        """What the models read of it."""
        return features(self.name, self.description, self.params, self.within)


def read(path: Path) -> list[Act]:
    """All actions of a folder of vendors' files, or of one file; plain or gzipped lines of JSON."""
    files = sorted(one for one in path.rglob("*") if ".jsonl" in one.name) if path.is_dir() else [path]
    return [act for file in files for act in _acts(file)]


def _acts(file: Path) -> Iterator[Act]:
    with gzip.open(file, "rt", encoding="utf-8") if file.suffix == ".gz" else file.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if line.strip():
                yield act(json.loads(line), f"{file.name.split('.')[0]}:{number}")


def act(row: Row, place: str = "") -> Act:
    """One line as an action: a vendor's own columns, or the normalised ones."""
    told = str(row.get("description") or row.get("synopsis") or "")
    key = str(row.get("id", place))
    if "access_level" in row or ("service" in row and "action" in row):
        level = row.get("access_level")
        return Act(key, "aws", row["service"], row["action"], row["service"], told, (), level and level == "Permissions management",
                   level and level not in {"Read", "List"})  # fmt: skip
    if "cmdlet" in row:
        label = row.get("whatif")
        return Act(key, "powershell", str(row.get("module")), row["cmdlet"], "", told, (), label, label)
    if "cls" in row or "Destructive" in row:
        reads = row.get("ReadOnly")
        area = str(row.get("area", "")).rsplit(".", 1)[-1]
        return Act(key, "azure", area, str(row.get("command", "")), _class(row), told, (), row.get("Destructive"),
                   None if reads is None else not reads)  # fmt: skip
    if "annotations" in row:
        hints = row["annotations"] or {}
        reads = hints.get("readOnlyHint")
        return Act(key, "github", row["tool"], row["tool"], "", told, tuple(row.get("params") or ()),
                   bool(hints.get("destructiveHint")) if hints else None, None if reads is None else not reads)  # fmt: skip
    return _normalised(row, key, told)


def _class(row: Row) -> str:
    return str(row.get("cls", "")).removesuffix("Command")


def _normalised(row: Row, key: str, told: str) -> Act:
    tool, action = str(row.get("tool") or ""), str(row.get("action") or "")
    within = tool if action and tool != action else ""
    said = str(row.get("vendor", "")).lower()
    known = {
        "aws": "aws",
        "amazon": "aws",
        "iam": "aws",
        "azure": "azure",
        "github": "github",
        "powershell": "powershell",
    }
    vendor = next((name for part, name in known.items() if part in said), said)
    params = row.get("params") or ()
    return Act(key, vendor, within or tool or action, action or tool, within.rsplit(".", 1)[-1], told,
               tuple(str(one) for one in params), row.get("dangerous"), None)  # fmt: skip


def teaches_destroys(one: Act) -> bool:
    """Whether a vendor's label says anything of destroying."""
    if one.is_dangerous is None:
        return False
    return not (one.vendor == "aws" and one.changes and not one.is_dangerous)


def fitted(acts: Sequence[Act], head: str) -> dict[str, Any]:
    """The constant and weights of one head.

    Args:
        acts: Labelled actions of the vendors to learn from.
        head: `destroys` or `grants`.
    """
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression

    learn: Callable[[Act], bool] = teaches_destroys if head == "destroys" else _teaches_grants
    used = [one for one in acts if learn(one)]
    label = np.array([bool(one.is_dangerous) for one in used])
    vendor = np.array([one.vendor for one in used])
    weight = np.zeros(len(used))
    for name in set(vendor.tolist()):
        for answer in (False, True):
            some = (vendor == name) & (label == answer)
            weight[some] = 1000 / max(1, some.sum())
    table = DictVectorizer()
    model = LogisticRegression(C=STRENGTH, max_iter=1000).fit(
        table.fit_transform([one.parts for one in used]), label, weight
    )
    pairs = zip(table.get_feature_names_out(), model.coef_[0], strict=True)
    kept = {str(name): round(float(value), 3) for name, value in pairs if abs(value) >= LEAST_WEIGHT}
    return {"constant": round(float(model.intercept_[0]), 3), "weights": kept}


def _teaches_grants(one: Act) -> bool:
    return one.vendor == "aws" and one.is_dangerous is not None


def trained(acts: Sequence[Act], without: Iterable[str] = ()) -> dict[str, Any]:
    """Both heads, from all vendors but some; a head without anything to learn from is left out."""
    left = [one for one in acts if one.vendor not in set(without)]
    out = {"destroys": fitted(left, "destroys")}
    if any(_teaches_grants(one) for one in left):
        out["grants"] = fitted(left, "grants")
    return out


def main() -> None:
    """Train on all vendors, and once without each; print how large the models are."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--write", action="store_true")
    told = parser.parse_args()
    acts = read(told.data)
    whole = trained(acts)
    held_out = {vendor: {"destroys": trained(acts, [vendor])["destroys"]} for vendor in VENDORS}
    data = json.dumps(whole, separators=(",", ":"), sort_keys=True).encode()
    digest = hashlib.sha256(data).hexdigest()
    card = {
        "name": "danger", "version": f"danger-{digest[:8]}", "sha256": digest, "schema": SCHEMA,
        "recipe": "training/severity.py",
        "lexicon_sha256": hashlib.sha256(LEXICON.read_bytes()).hexdigest(),
        "learned_from": {name: sum(one.vendor == name for one in acts) for name in VENDORS},
        "data": "Vendors' own labels in public documentation: Azure and GitHub MCP hints (MIT), AWS access levels (MIT), "
        "PowerShell WhatIf (CC-BY-4.0); facts, no texts, are in the weights.",
        "figures": "validation/severity.py, by vendors not seen; docs/explanation/governance-tiers.md",
        "limits": "A probability of 0.5 is where a vendor's label is as likely as not; not calibrated on an MSP's tools.",
    }  # fmt: skip
    print(json.dumps({**card, "weights": {name: len(part["weights"]) for name, part in whole.items()}}, indent=2))
    if told.write:
        MODELS.mkdir(exist_ok=True)
        (MODELS / "danger.json").write_bytes(data)
        (MODELS / "danger_card.json").write_text(json.dumps(card, indent=2) + "\n", "utf-8")
        HELD_OUT.write_text(json.dumps(held_out, separators=(",", ":"), sort_keys=True) + "\n", "utf-8")


if __name__ == "__main__":
    main()
