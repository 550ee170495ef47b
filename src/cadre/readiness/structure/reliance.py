"""What rests on one person: topics, clients and tiers most of whose work one person did, and teams that one person holds together.

A statement about coverage and what it would cost the firm, never about the person. Keeps true: a share carries its exact
interval and n; few tickets say nothing; where nobody else has done any, that is said first; each names who is nearest to it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from cadre.estimate import Estimate
from cadre.inference.exact import share_interval
from cadre.inference.shrinkage import LEVEL

SHARE = 0.4
"""Share of the work from which it is said to rest on one person, unless somebody sets another."""
LEAST = 10
"""Tickets of a topic, client or tier in the window under which its share says nothing."""
PRACTISED = 5
"""Tickets from which somebody counts as practised in it."""
MOST_NEAR = 3
REDRAWN = 100
"""Networks drawn anew to see whether a team still falls apart."""

Counts = Mapping[tuple[str, str], int]
"""Person and thing -> tickets resolved in the window."""


@dataclass(frozen=True, slots=True)
class Reliance:
    """A topic, client or tier that rests on one person.

    Attributes:
        kind: `topic`, `client` or `tier`.
        thing: Which one.
        person: On whom.
        solved: Tickets they resolved in the window.
        of: Tickets anybody resolved.
        share: The share, with its exact interval.
        practised: Others who resolved at least `PRACTISED`.
        near: Who is nearest to it: person -> tickets of it; 0 where they are near by their mix of work alone.
    """

    kind: str
    thing: str
    person: str
    solved: int
    of: int
    share: Estimate
    practised: int
    near: tuple[tuple[str, int], ...]

    @property
    def leaves_nobody(self) -> bool:
        """Whether nobody else is practised in it."""
        return self.practised == 0

    def only(self, people: Collection[str]) -> "Reliance":
        """The same, naming these persons alone among those near."""
        near = tuple(pair for pair in self.near if pair[0] in people)[:MOST_NEAR]
        return Reliance(self.kind, self.thing, self.person, self.solved, self.of, self.share, self.practised, near)


def reliances(
    kind: str, counts: Counts, colleagues: Collection[str], mix: Counts, least_share: float = SHARE
) -> tuple[Reliance, ...]:
    """Things of one kind that rest on one person.

    Args:
        kind: `topic`, `client` or `tier`.
        counts: Tickets by person and thing.
        colleagues: Who still works here; whoever left cannot be relied on and learns nothing.
        mix: Tickets by person and topic, by which colleagues are held to be near where nobody did any of it.
        least_share: Share of the work from which it rests on one person, 0-1.

    Returns:
        What leaves nobody first, then by tickets: what the firm would have to re-cover.
    """
    by_thing: dict[str, dict[str, int]] = {}
    for (person, thing), n in counts.items():
        by_thing.setdefault(thing, {})[person] = n
    made = []
    for thing, each in by_thing.items():
        whole = sum(each.values())
        here = {person: n for person, n in each.items() if person in colleagues}
        if whole < LEAST or not here:
            continue
        person = min(here, key=lambda who: (-here[who], who))
        if here[person] < least_share * whole:
            continue
        ends = share_interval(here[person], whole, LEVEL)
        share = Estimate(here[person] / whole, ends.low, ends.high, LEVEL, whole)
        practised = sum(n >= PRACTISED for who, n in here.items() if who != person)
        made.append(
            Reliance(kind, thing, person, here[person], whole, share, practised, _near(person, here, colleagues, mix))
        )
    return tuple(sorted(made, key=consequence))


def consequence(one: Reliance) -> tuple[bool, int, str, str]:
    """The order of a list: what leaves nobody first, then the most work."""
    return (not one.leaves_nobody, -one.solved, one.kind, one.thing)


def cuts(
    ties: Mapping[tuple[str, str], int], members: Sequence[str], least_times: int = 2
) -> dict[str, tuple[tuple[str, ...], ...]]:
    """Members without whom a team's ties fall apart, and the parts that would be left.

    Args:
        ties: Two persons -> how often they worked together in the window, in any order.
        members: The team.
        least_times: Times from which two count as tied.

    References:
        Articulation points (Hopcroft and Tarjan 1973), found by taking each away, since teams are small.
    """
    near: dict[str, set[str]] = {person: set() for person in members}
    for (a, b), times in ties.items():
        if a in near and b in near and a != b and times + ties.get((b, a), 0) >= least_times:
            near[a].add(b)
            near[b].add(a)
    whole = [part for part in _parts(near, frozenset()) if len(part) > 1]
    made = {}
    for person in members:
        mine = next((part for part in whole if person in part), ())
        left = _parts({who: near[who] for who in mine if who != person}, frozenset({person}))
        if len(left) > 1:
            made[person] = tuple(sorted(left, key=lambda part: (-len(part), part)))
    return made


def cut_chance(
    ties: Mapping[tuple[str, str], int], members: Sequence[str], people: Collection[str], least_times: int = 2
) -> dict[str, float]:
    """How often a team still falls apart without each of these members when its ties are drawn anew, 0-1.

    Args:
        ties: As for `cuts`.
        members: The team.
        people: Members without whom it falls apart as counted.
        least_times: As for `cuts`.

    References:
        Each count drawn as a Poisson count of its size, as for the intervals of `signals.centrality`; ties not seen stay unseen.
    """
    import numpy as np  # noqa: PLC0415 (a tenth of a second that most teams do not need)

    if not people:
        return {}
    inside = {pair: times for pair, times in sorted(ties.items()) if pair[0] in members and pair[1] in members}
    dice = np.random.default_rng(1973)
    drawn = dice.poisson(np.array(list(inside.values()), dtype=np.float64), (REDRAWN, len(inside)))
    count = dict.fromkeys(people, 0)
    for times in drawn.tolist():
        found = cuts(dict(zip(inside, times, strict=True)), members, least_times)
        for person in people:
            count[person] += person in found
    return {person: n / REDRAWN for person, n in count.items()}


def _parts(near: Mapping[str, set[str]], without: frozenset[str]) -> list[tuple[str, ...]]:
    """Connected parts, each in the order of its keys."""
    seen: set[str] = set(without)
    made = []
    for start in near:
        if start in seen:
            continue
        part, waiting = {start}, [start]
        while waiting:
            fresh = near[waiting.pop()] - part - seen
            part |= fresh
            waiting.extend(sorted(fresh))
        seen |= part
        made.append(tuple(sorted(part)))
    return made


def _near(
    person: str, here: Mapping[str, int], colleagues: Collection[str], mix: Counts
) -> tuple[tuple[str, int], ...]:
    """All colleagues who did any of it, most first; then those whose mix of work is most alike."""
    did = sorted(((who, n) for who, n in here.items() if who != person and n), key=lambda pair: (-pair[1], pair[0]))
    others = [(who, 0) for who in _alike(person, colleagues, mix) if who not in here]
    return (*did, *others)


def _alike(person: str, colleagues: Collection[str], mix: Counts) -> list[str]:
    """Colleagues with some of the same topics, the most alike mix first (cosine of their counts)."""
    by_person: dict[str, dict[str, int]] = {}
    for (who, topic), n in mix.items():
        by_person.setdefault(who, {})[topic] = n
    mine = by_person.get(person, {})

    def size(counts: Mapping[str, int]) -> float:
        return sqrt(sum(n * n for n in counts.values())) or 1.0

    told = []
    for who in colleagues:
        theirs = by_person.get(who, {})
        inner = sum(n * theirs.get(topic, 0) for topic, n in mine.items())
        if who != person and inner:
            told.append((-inner / size(mine) / size(theirs), who))
    return [who for _, who in sorted(told)]
