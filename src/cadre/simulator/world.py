"""A world: every number of the generative model, read from a committed TOML file.

Keeps true: a world names only keys that exist, every number has a place in `sections` or `habits` with its meaning.
`common.toml` holds the firm all worlds share; a world overrides what makes it that world. Which traits leave
which traces is decided in `[traces]`.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

from cadre.errors import NotFoundError, UsageError
from cadre.simulator.habits import (
    Answering,
    Articles,
    Asking,
    Assists,
    Category,
    Delegation,
    Gaming,
    Incidents,
    Meetings,
    Tickets,
    Unseen,
)
from cadre.simulator.sections import Archetype, Roster, TeamPlan, Traces, Traits

FOLDER = Path(__file__).parent / "worlds"
WORLDS = ("helpful", "null", "other", "gamed")


@dataclass(frozen=True, slots=True)
class World:
    """All numbers of one world; see the classes of its sections. `about` says what makes it this world, in one sentence."""

    name: str
    about: str
    traces: Traces
    traits: Traits
    archetypes: list[Archetype]
    teams: list[TeamPlan]
    roster: Roster
    categories: list[Category]
    tickets: Tickets
    assists: Assists
    delegation: Delegation
    asking: Asking
    answering: Answering
    unseen: Unseen
    incidents: Incidents
    meetings: Meetings
    articles: Articles
    gaming: Gaming


def load_world(name: str) -> World:
    """The committed world of that name; `NotFoundError` for another name, `UsageError` for a broken file."""
    if name not in WORLDS:
        raise NotFoundError(f"no world {name!r}", hint=f"Choose one of {', '.join(WORLDS)}.")
    common = tomllib.loads((FOLDER / "common.toml").read_text(encoding="utf-8"))
    return world_of(merged(common, tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))))


def merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """`base` with the values of `over`, section by section; lists are replaced whole."""
    result = dict(base)
    for key, value in over.items():
        old = result.get(key)
        result[key] = merged(old, value) if isinstance(old, Mapping) and isinstance(value, Mapping) else value
    return result


def world_of(data: Mapping[str, Any]) -> World:
    """A world from parsed TOML; `UsageError` naming the first key that is unknown, missing or of another kind."""
    world = _built(World, data, "world")
    assert isinstance(world, World)
    return world


def _built(kind: Any, value: Any, path: str) -> Any:
    if get_origin(kind) is list:
        if not isinstance(value, list):
            raise UsageError(f"{path}: expected a list")
        return [_built(get_args(kind)[0], item, f"{path}[{n}]") for n, item in enumerate(value)]
    if is_dataclass(kind):
        if not isinstance(value, Mapping):
            raise UsageError(f"{path}: expected a section")
        hints, names = get_type_hints(kind), {f.name for f in fields(kind)}
        for key in sorted(set(value) - names):
            raise UsageError(f"{path}: unknown key {key!r}", hint=f"Known keys: {', '.join(sorted(names))}.")
        for key in sorted(names - set(value)):
            raise UsageError(f"{path}: missing key {key!r}")
        assert callable(kind)
        return kind(**{key: _built(hints[key], item, f"{path}.{key}") for key, item in value.items()})
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if type(value) is not kind:
        raise UsageError(f"{path}: expected {kind.__name__}, got {type(value).__name__}")
    return value
