"""What a gateway finds before the first call: how its tools are judged, and rows of the catalogue that match none.

Keeps true: a tier here is what a tool gets where no request of a person is known and nothing was called before; what
really is decided also follows arguments, policies and limits.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from cadre.governance.action import Action, Tier, Tool
from cadre.governance.catalogue import Row
from cadre.governance.gate import assess


@dataclass(frozen=True, slots=True)
class Preview:
    """One tool before it is called.

    Attributes:
        tool: Name.
        tier: Without a known request.
        effects: What it does; empty where that cannot be told.
        row: Name of the catalogue's row; empty where none speaks of it.
        reasons: Sentences a person can read.
    """

    tool: str
    tier: Tier
    effects: tuple[str, ...]
    row: str
    reasons: tuple[str, ...]


def previews(tools: Iterable[Tool], rows: Iterable[Row], client: str) -> tuple[Preview, ...]:
    """How each tool is judged, the strictest first."""
    own = tuple(rows)
    found = []
    for tool in tools:
        told = assess(Action(tool), own, client)
        effects = tuple(effect.value for effect in told.nature.effects)
        found.append(Preview(tool.name, told.tier, effects, told.row, told.reasons))
    return tuple(sorted(found, key=lambda one: (-one.tier, one.tool)))


def dead_rows(rows: Iterable[Row], names: Iterable[str], client: str) -> tuple[str, ...]:
    """Names of tools that a row of the firm's catalogue speaks of and the server does not offer.

    Args:
        rows: The firm's own.
        names: Of the tools that are offered.
        client: Whose environment.
    """
    offered = set(names)
    return tuple(
        sorted({row.tool for row in rows if row.tool and row.tool not in offered and row.client in {"", client}})
    )
