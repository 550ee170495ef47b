"""How far a person lies from peers of the role, and how sure that is, for one signal on its working scale.

A role with eight or more is its own group. Smaller roles are one group in which each role has a middle of its own, drawn
from between the roles: where they differ much, a lone team lead is held against hardly anybody and nothing is claimed; where
they do not, everybody of the group is a peer. Without this, what a role asks for would stand out as a person's behaviour.

References:
    Paule and Mandel 1982 and DerSimonian and Kacker 2007 (moment estimates of spread between persons and between roles);
    Robinson 1991, That BLUP is a good thing (a role's middle from its other members); Morris 1983 (the pull).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cadre.inference.shrinkage import between_variance, within_variance
from cadre.signals.valuation import GROUP_LEAST

Floats = NDArray[np.float64]
Told = Mapping[str, tuple[float, float, int]]
"""Person -> value and sampling variance on the working scale, and observations."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a person lies among peers, on the signal's working scale.

    Attributes:
        away: Distance from what the role leads one to expect, the person left out of it.
        error: Its standard error, with what is not known of the role.
        spread: Standard deviation between persons of a role, beyond chance; 0 where chance explains all.
        shrunk: The distance after shrinkage.
        freedom: Degrees of freedom of the error.
        n: Observations.
    """

    away: float
    error: float
    spread: float
    shrunk: float
    freedom: int
    n: int

    def beyond(self, sign: int, margin: float) -> float:
        """Standard errors beyond so many spreads, to one side."""
        return (sign * self.away - margin * self.spread) / self.error

    def far(self, sign: int) -> float:
        """Spreads from the middle to one side, shrunk; 0 where chance explains all spread."""
        return sign * self.shrunk / self.spread if self.spread > 0 else 0.0


def peers(persons: Iterable[str], roles: Mapping[str, str]) -> dict[str, str]:
    """Person -> the role they are held against, empty for the smaller roles together; too few to compare are not there.

    Args:
        persons: Those with an estimate of one signal.
        roles: Person -> role; a person without one is among the smaller roles.
    """
    named: dict[str, list[str]] = defaultdict(list)
    for person in persons:
        named[roles.get(person, "")].append(person)
    rest: list[str] = []
    made: dict[str, str] = {}
    for role, members in named.items():
        if role and len(members) >= GROUP_LEAST:
            made |= dict.fromkeys(members, role)
        else:
            rest += members
    return made | (dict.fromkeys(rest, "") if len(rest) >= GROUP_LEAST else {})


def places(told: Told, roles: Mapping[str, str]) -> dict[str, Place]:
    """Person -> place among peers; who has too few of them is not there.

    Args:
        told: What was seen of each with enough evidence.
        roles: Person -> role.
    """
    groups: dict[str, list[str]] = defaultdict(list)
    for person, group in peers(told, roles).items():
        groups[group].append(person)
    made: dict[str, Place] = {}
    for members in groups.values():
        made |= _group(members, told, [roles.get(person, "") for person in members])
    return made


def _group(members: Sequence[str], told: Told, named: Sequence[str]) -> dict[str, Place]:
    values, variances = (np.array([told[p][k] for p in members], np.float64) for k in (0, 1))
    _, role = np.unique(np.array(named), return_inverse=True)
    count = int(role.max()) + 1
    free = len(members) - count + 1  # as many persons as tell the spread, were there one role
    if free < GROUP_LEAST / 2:  # hardly anybody shares a role: role and person cannot be told apart
        role, count, free = np.zeros(len(members), np.int64), 1, len(members)
    own = within_variance(values, variances, role, count)
    weights = 1 / (variances + own)
    held = np.bincount(role, weights, count)
    middles = np.bincount(role, weights * values, count) / held
    among = between_variance(middles, 1 / held)
    trust = 1 / (1 / held + among)
    middle = float((trust * middles).sum() / trust.sum())
    # The role's middle as its other members tell it, drawn to the middle of the roles.
    others = held[role] - weights
    beside = np.zeros(len(members)) if count == 1 else (middles * held)[role] - weights * values - middle * others
    drawn = beside / (others + 1 / among) if among > 0 else np.zeros(len(members))
    unsure = 1 / (others + 1 / among) if among > 0 else 0.0
    noise = variances + 1 / trust.sum() + unsure
    away = values - middle - drawn
    pull = noise / (noise + own) * max(free - 3, 1) / max(free - 1, 1) if own > 0 else np.ones(len(members))
    return {
        person: Place(
            away=float(away[k]),
            error=float(np.sqrt(noise[k])),
            spread=float(np.sqrt(own)),
            shrunk=float((1 - pull[k]) * away[k]),
            freedom=max(told[person][2] - 1, 1),
            n=told[person][2],
        )
        for k, person in enumerate(members)
    }
