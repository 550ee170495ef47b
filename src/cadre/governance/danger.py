"""How likely administrators would call an act dangerous, by two linear models over words that can be read.

Keeps true: `destroys` answers what MCP's destructiveHint asks, `grants` what AWS calls permissions management, and an
act is as dangerous as either makes it; every estimate is a sum of named parts, the greatest of which are its reasons;
a tool of which no verb is known counts as dangerous. The weights are a text file beside its card, and a file that was
changed is refused.

References:
    Recipe: `training/severity.py`; figures by vendors not seen: `validation/severity.py`. Conventions learned from:
    MCP ToolAnnotations (2025-11-25); AWS Service Authorization Reference; PowerShell ShouldProcess.
"""

import hashlib
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

from cadre.errors import CadreError
from cadre.governance.action import Danger
from cadre.governance.verbs import name_verb, spoken_verbs
from cadre.governance.words import STOP, family, lexicon, pieces, root, words

SCHEMA = 1
HEADS = ("destroys", "grants")
_WORDS_READ, _WORDS_OF_MATTER = 60, 25


class DangerModelError(CadreError):
    """The shipped model of danger is missing, changed or of another schema."""


@dataclass(frozen=True, slots=True)
class Head:
    """One linear model.

    Attributes:
        constant: Log odds where no part is known.
        weights: Log odds by part.
    """

    constant: float
    weights: Mapping[str, float]

    def log_odds(self, parts: Mapping[str, float]) -> float:
        """The sum of all parts."""
        return self.constant + sum(self.weights.get(name, 0.0) * value for name, value in parts.items())

    def reasons(self, parts: Mapping[str, float], most: int = 3) -> list[str]:
        """The parts that add most, greatest first."""
        told = sorted(((self.weights.get(name, 0.0) * value, name) for name, value in parts.items()), reverse=True)
        return [name for value, name in told[:most] if value > 0]


def features(name: str, description: str = "", params: Iterable[str] = (), within: str = "") -> dict[str, float]:
    """What the models read of an action, by readable names.

    Args:
        name: Of the action or tool.
        description: In its vendor's words.
        params: Names of its parameters.
        within: What the action belongs to, such as a service or a class; empty for none.
    """
    own, around = pieces(name), pieces(within)
    said = words(_plain(description))[:_WORDS_READ]
    verb, spoken = name_verb(own) or name_verb(around), spoken_verbs(_plain(description))[:3]
    out = {f"verb family {one}": 1.0 for one in family("verbs", verb) or {"unknown"}}
    out.update((f"says {one}", 1.0) for word in spoken or ("",) for one in family("verbs", word) or {"unknown"})
    reads = "verb family read" in out or (not verb and "says read" in out)
    rest = [word for word in (*around, *own) if word != verb]
    for matter in lexicon("matter"):
        in_name, in_text = _speaks(rest, matter), _speaks(said[:_WORDS_OF_MATTER], matter)
        out.update({f"name of {matter}": 1.0} if in_name else {})
        out.update({f"text of {matter}": 1.0} if in_text else {})
        out.update({f"acts on {matter}": 1.0} if (in_name or in_text) and not reads else {})
    if not reads and _speaks(said, "ruin"):
        out["ruin anywhere"] = 1.0
    if _speaks(own, "ruin"):
        out["ruin in name"] = 1.0
    if reads:
        out["reads"] = 1.0
    if not reads and not {"ruin anywhere", "ruin in name", "name of infrastructure", "name of access"} & set(out):
        out["writes content"] = float(_speaks(rest, "content"))
    for word in rest:
        out.update((f"thing {one}", 1.0) for one in family("things", word))
        out[f"name {root(word)}"] = 0.5
    out[f"verb {verb}"] = 1.5
    out.update((f"word {root(word)}", 0.75) for word in said[:_WORDS_OF_MATTER] if word not in STOP)
    out.update((f"pair {root(one)} {root(other)}", 0.6) for one, other in pairwise(said))
    out.update((f"parameter {root(word)}", 0.75) for name_ in params for word in pieces(name_))
    return out


def _plain(description: str) -> str:
    """A description without the opening that all entries of a permission catalogue share."""
    low = description.lstrip()
    for opening in ("Grants permission to ", "Grants permissions to ", "Grant permission to "):
        if low.startswith(opening):
            return low[len(opening) :]
    return low


def _speaks(some: Sequence[str], matter: str) -> bool:
    known = lexicon("matter")[matter]
    return any(word in known or root(word) in known for word in some)


def grants_by_words(name: str, description: str = "", within: str = "") -> bool:
    """Whether an act manages permissions by the lexicon alone: what stands in for `grants` where nobody labelled any."""
    own, known = pieces(name), lexicon("permits")
    if "read" in family("verbs", name_verb(own)) or _speaks(own, "scarce"):
        return False
    said = words(_plain(description))[:_WORDS_OF_MATTER]
    return bool(known["name"] & set(own) or known["said"] & set(said) or known["within"] & set(pieces(within)))


def probability(log_odds: float) -> float:
    """Log odds as a probability."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, log_odds))))


@cache
def _shipped() -> tuple[str, Mapping[str, Head]]:
    here = files("cadre.governance") / "models"
    try:
        card = json.loads((here / "danger_card.json").read_text("utf-8"))
        data = (here / "danger.json").read_bytes()
    except FileNotFoundError as error:
        raise DangerModelError(
            "The model of danger is not in this installation.", hint="Install cadre again."
        ) from error
    if hashlib.sha256(data).hexdigest() != card["sha256"] or card["schema"] != SCHEMA:
        raise DangerModelError("The model of danger is not the one its card names.", hint="Install cadre again.")
    return card["version"], heads(json.loads(data))


def heads(told: Mapping[str, Any]) -> Mapping[str, Head]:
    """The linear models of a weights file."""
    return {name: Head(float(part["constant"]), part["weights"]) for name, part in told.items()}


def danger(name: str, description: str = "", params: Iterable[str] = ()) -> tuple[Danger, tuple[str, ...]]:
    """How likely an act is dangerous, and the parts that say so.

    Raises:
        DangerModelError: The shipped model is missing or changed.
    """
    version, models = _shipped()
    parts = features(name, description, params)
    if "verb family unknown" in parts and "says unknown" in parts:
        return Danger(1.0, version), ("no verb is known",)
    each = {head: probability(model.log_odds(parts)) for head, model in models.items()}
    worst = max(each, key=lambda head: each[head])
    whole = 1 - math.prod(1 - value for value in each.values())
    return Danger(round(whole, 4), version), tuple(f"{worst}: {part}" for part in models[worst].reasons(parts))
