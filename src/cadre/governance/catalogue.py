"""The catalogue of acts: rows that give a kind of act its tier, by what it does and not by what the tool is called.

Keeps true: loosening happens here and nowhere else; a row of a client comes before a row of the firm, both before the
default; of several that fit, the one that asks for more words counts, of equals the stricter. Each change of a row is an
audited event, which is the business of the service that makes it.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from cadre.governance.action import Tier
from cadre.governance.nature import Reading
from cadre.governance.words import forms, root


@dataclass(frozen=True, slots=True)
class Row:
    """A kind of act and who has a say in it.

    Attributes:
        name: Its key.
        label: In words.
        verbs: Roots of verbs, one of which the tool has.
        things: Sets of words, all of one of which the tool speaks.
        tier: Where nobody asked for it in so many words.
        asked: Where a person asked for exactly this, with values of their own.
        why: One sentence.
        protective: Whether it makes things safer at once.
        undo: The row that takes it back; empty where nothing does.
        client: Whose it is; empty for everybody's.
        tool: A tool's exact name, where a row is for one tool alone; verbs and things are then not looked at.
    """

    name: str
    label: str
    verbs: frozenset[str]
    things: tuple[frozenset[str], ...]
    tier: Tier
    asked: Tier
    why: str
    protective: bool = False
    undo: str = ""
    client: str = ""
    tool: str = ""


def row(told: Mapping[str, Any]) -> Row:
    """A row from a file or a table: words in one text, tiers by name.

    Raises:
        ValueError: A tier is none.
        KeyError: A field is missing.
    """
    tier = Tier.named(told["tier"])
    return Row(
        told["name"], told.get("label", told["name"]), frozenset(root(verb) for verb in told.get("verbs", "").split()),
        tuple(frozenset(part.split("+")) for part in told.get("things", "").split()),
        tier, Tier.named(told.get("asked", told["tier"])), told["why"],
        bool(told.get("protective", False)), told.get("undo", ""), told.get("client", ""), told.get("tool", ""),
    )  # fmt: skip


@cache
def default() -> tuple[Row, ...]:
    """The rows that ship."""
    told = tomllib.loads((files("cadre.governance") / "catalogue.toml").read_text("utf-8"))
    return tuple(row(one) for one in told["rows"])


def matched(told: Reading, tool: str, rows: Iterable[Row] = (), client: str = "") -> Row | None:
    """The row that speaks of a tool; None where none does.

    Args:
        told: What the tool's own words tell.
        tool: Its name.
        rows: Rows of the firm and of clients, before the default ones.
        client: Whose environment it acts in.
    """
    own = [one for one in rows if one.client in {"", client}]
    fits = [
        (bool(one.client), bool(one.tool), fit, int(one.tier), one) for one in own if (fit := _fit_own(one, told, tool))
    ]
    if fits:
        return max(fits, key=lambda fit: fit[:-1])[-1]
    return _default_row(told.verbs[:2], told.spoken)


@lru_cache(20_000)
def _default_row(verbs: tuple[str, ...], spoken: frozenset[str]) -> Row | None:
    every = _forms(spoken)
    fits = [(fit, int(one.tier), one) for one in default() if (fit := _fit(one, verbs, every))]
    return max(fits, key=lambda fit: fit[:-1])[-1] if fits else None


def _fit_own(one: Row, told: Reading, tool: str) -> int:
    if one.tool:
        return 1 if one.tool == tool else 0
    return _fit(one, told.verbs[:2], _forms(told.spoken))


def _forms(spoken: frozenset[str]) -> frozenset[str]:
    return frozenset(form for word in spoken for form in forms(word))


def _fit(one: Row, verbs: tuple[str, ...], spoken: frozenset[str]) -> int:
    """How many words of a row a tool speaks; 0 where it does not fit."""
    if not one.verbs & set(verbs):
        return 0
    return max((len(some) for some in one.things if some <= spoken), default=0)
