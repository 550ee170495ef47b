"""Study: which of an unseen vendor's actions its own documentation calls dangerous.

By vendor: a vendor's actions are judged by models that never saw that vendor. Each vendor's label answers a question of
its own: MCP's hints whether a tool may destroy, PowerShell's WhatIf whether a cmdlet changes state, AWS whether an action
manages permissions; where AWS is held out nobody else labelled permissions, so words of the lexicon answer. The model
that ships learned from all four and is not what these figures are of. A label is a vendor's convention, not harm done.
"""

import argparse
import csv
import json
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

from training.severity import HELD_OUT, VENDORS, Act, read, trained

from cadre.governance.danger import danger, features, grants_by_words, heads
from cadre.governance.verbs import name_verb
from cadre.governance.words import family, pieces

DRAWS = 1000
LABELLED_DANGER = ("aws", "azure", "github")
"""PowerShell's WhatIf only says that something changes; the macro figures are of these three, and with it of all four."""


def asks_of_permissions(acts: Sequence[Act]) -> bool:
    """Whether a vendor's list is a catalogue of permissions, told by how its descriptions open, or by its name."""
    openings = sum(one.description.lstrip().startswith(("Grants permission", "Grant permission")) for one in acts)
    return acts[0].vendor == "aws" or openings > len(acts) / 2


def predicted(acts: Sequence[Act], models: Mapping[str, Any]) -> list[bool]:
    """Whether each action of one vendor is dangerous.

    Args:
        acts: Actions of one vendor.
        models: The heads fitted without each vendor, by its name.
    """
    if asks_of_permissions(acts):
        return [grants_by_words(one.name, one.description, one.within) for one in acts]
    held_out = models.get(acts[0].vendor)
    if held_out is None:
        return [danger(one.name, one.description, one.params)[0].probability >= 0.5 for one in acts]
    head = heads(held_out)["destroys"]
    return [head.log_odds(one.parts) >= 0 and not one.parts.get("writes content") for one in acts]


def by_verb(acts: Sequence[Act]) -> list[bool]:
    """The baseline: verbs that destroy, or for a catalogue of permissions, words of permissions in the name."""
    if asks_of_permissions(acts):
        wanted = {"policy", "permission", "permissions", "role", "access", "user", "group", "grant"}
        return [bool(wanted & set(pieces(one.name))) and "read" not in _families(one) for one in acts]
    return [bool({"destroy", "create", "change"} & _families(one)) for one in acts]


def _families(one: Act) -> frozenset[str]:
    return family("verbs", name_verb(pieces(one.name)) or name_verb(pieces(one.within)))


def rates(acts: Sequence[Act], said: Sequence[bool], seed: int = 11) -> dict[str, dict[str, Any]]:
    """Recall and precision with 95% intervals, drawn anew over services, areas, modules or tools."""
    some = [
        (one.group, bool(one.is_dangerous), told)
        for one, told in zip(acts, said, strict=True)
        if one.is_dangerous is not None
    ]
    groups = sorted({group for group, _, _ in some})
    at = {group: place for place, group in enumerate(groups)}
    table = np.zeros((len(groups), 3))  # dangerous, said, both
    for group, dangerous, told in some:
        table[at[group]] += (dangerous, told, dangerous and told)
    whole = table.sum(axis=0) if groups else np.zeros(3)
    drawn = (
        table[np.random.default_rng(seed).integers(0, max(1, len(groups)), (DRAWS, len(groups)))].sum(axis=1)
        if groups
        else None
    )
    out: dict[str, dict[str, float | None]] = {}
    for name, column in (("recall", 0), ("precision", 1)):
        if drawn is None or not whole[column] or not whole[0]:
            out[name] = {"value": None, "low": None, "high": None, "n": 0}
            continue
        with np.errstate(invalid="ignore"):
            low, high = np.nanquantile(drawn[:, 2] / drawn[:, column], [0.025, 0.975])
        out[name] = {
            "value": float(whole[2] / whole[column]),
            "low": float(low),
            "high": float(high),
            "n": int(whole[column]),
        }
    return out


def study(path: Path, predictions: Path | None = None, refit: bool = False) -> dict[str, Any]:
    """Figures by vendor and their means; with `refit` the models are fitted anew instead of read."""
    start = time.perf_counter()
    acts = read(path)
    models = {name: trained(acts, [name]) for name in VENDORS} if refit else json.loads(HELD_OUT.read_text("utf-8"))
    figures: dict[str, Any] = {}
    baselines: dict[str, float | None] = {}
    rows: list[tuple[str, int]] = []
    for vendor in sorted({one.vendor for one in acts}):
        some = [one for one in acts if one.vendor == vendor]
        said = predicted(some, models)
        rows += [(one.id, int(told)) for one, told in zip(some, said, strict=True)]
        figures.update({f"{name}_{vendor}": value for name, value in rates(some, said).items()})
        baselines.update(
            {f"{name}_{vendor}_by_verb": value["value"] for name, value in rates(some, by_verb(some)).items()}
        )
    for name in ("recall", "precision"):
        figures[f"{name}_macro"] = _mean(figures, name, LABELLED_DANGER)
        figures[f"{name}_macro_with_powershell"] = _mean(figures, name, VENDORS)
        told = [baselines.get(f"{name}_{vendor}_by_verb") for vendor in LABELLED_DANGER]
        baselines[f"{name}_macro_by_verb"] = (
            None if None in told else float(np.mean([one for one in told if one is not None]))
        )
    if predictions:
        with predictions.open("w", newline="", encoding="utf-8") as out:
            csv.writer(out).writerows([("id", "dangerous"), *rows])
    return {
        "study": "severity", "data": str(path.name), "seconds": time.perf_counter() - start, "figures": figures,
        "baselines": baselines,
        "notes": ["models fitted without the vendor they judge; AWS, held out, by the lexicon's words of access",
                  "intervals over services, areas, modules and tools", f"unknown tool: {unknown()}"],
    }  # fmt: skip


def unknown() -> str:
    """What is said of a tool whose words are all unknown."""
    told = danger("zorblat_quux", "Frumious bandersnatch.")[0].probability
    return (
        f"danger {told:g}, fails closed"
        if "verb family unknown" in features("zorblat_quux") and told >= 1
        else f"{told:g}"
    )


def _mean(figures: Mapping[str, Any], name: str, vendors: Sequence[str]) -> dict[str, Any]:
    some = [figures.get(f"{name}_{vendor}", {"value": None}) for vendor in vendors]
    if any(one["value"] is None for one in some):
        return {"value": None, "low": None, "high": None, "n": 0}
    half = np.sqrt(sum(((one["high"] - one["low"]) / 2) ** 2 for one in some)) / len(some)
    value = float(np.mean([one["value"] for one in some]))
    return {
        "value": value,
        "low": value - float(half),
        "high": min(1.0, value + float(half)),
        "n": sum(one["n"] for one in some),
    }


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--predict", type=Path)
    parser.add_argument("--refit", action="store_true", help="fit the held-out models anew from --data")
    parser.add_argument("--json", action="store_true")
    told = parser.parse_args()
    print(json.dumps(study(told.data, told.predict, told.refit), indent=None if told.json else 2))


if __name__ == "__main__":
    main()
