"""What a desk loses when somebody leaves it for a lead seat: hours to re-cover, work only they do, who could learn it.

Pure arithmetic over counts. Keeps true: hours carry an interval over weeks and a share its exact interval; a topic counts as
theirs alone only where they resolved most of enough tickets; nobody is said to be irreplaceable.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, stdev

from cadre.estimate import Abstained, Estimate, Measured
from cadre.inference.exact import share_interval
from cadre.inference.shrinkage import LEVEL

LEAST_WEEKS = 4
"""Weeks with work that an interval over weeks needs."""
SOLE_SHARE = 0.4
"""Share of a topic's tickets from which it is called theirs: in a shared queue nobody comes near it."""
SOLE_TICKETS = 5
MOST_SOLE = 5
MOST_LEARNERS = 3
Topic = tuple[str, str | None]
"""A topic, and the client it is looked at for; None for all clients."""


@dataclass(frozen=True, slots=True)
class Sole:
    """A topic that mostly one person solves.

    Attributes:
        topic: Topic, and the client where it is about one.
        solved: Tickets of it they resolved in the window.
        of: Tickets of it anybody resolved.
        share: The share, with its exact interval.
        learners: Colleagues with the most tickets of that topic, most first; their keys and counts.
    """

    topic: Topic
    solved: int
    of: int
    share: Estimate
    learners: tuple[tuple[str, int], ...]


def weekly(hours: Sequence[float]) -> Measured:
    """Mean a week with its interval over weeks.

    Args:
        hours: One number a week with any work; weeks without are leave and left out.

    References:
        Student's interval; weeks are taken as independent, so that a trend makes it too narrow.
    """
    if len(hours) < LEAST_WEEKS:
        return Abstained("too few weeks with booked hours", len(hours), LEAST_WEEKS)
    from scipy.special import stdtrit  # noqa: PLC0415

    mean = fmean(hours)
    reach = float(stdtrit(len(hours) - 1, (1 + LEVEL) / 2)) * stdev(hours) / len(hours) ** 0.5
    return Estimate(mean, max(mean - reach, 0.0), mean + reach, LEVEL, len(hours))


def to_cover(found: Measured, kept_share: float | None) -> Measured:
    """Hours a week somebody else has to do, where the seat keeps a share of a week's hands-on work.

    Args:
        found: Hands-on hours a week now.
        kept_share: Share of them that stays; all have to be covered where nobody said.
    """
    if isinstance(found, Abstained):
        return found
    left = 1 - (kept_share or 0.0)
    return Estimate(found.value * left, found.low * left, found.high * left, found.level, found.n)


def totals(counts: Mapping[tuple[str, Topic], int]) -> dict[Topic, int]:
    """Tickets of each topic that anybody resolved."""
    made: dict[Topic, int] = {}
    for (_, topic), count in counts.items():
        made[topic] = made.get(topic, 0) + count
    return made


def sole(
    counts: Mapping[tuple[str, Topic], int], of: Mapping[Topic, int], person: str, colleagues: Collection[str]
) -> tuple[tuple[Sole, ...], Sole | None]:
    """Topics that mostly one person solves, the largest share first; and the topic they solve most of, whatever the share.

    Args:
        counts: Person and topic -> tickets resolved in the window; each topic once for all clients, and once a client.
        of: Their totals.
        person: Whose.
        colleagues: Who may be named as able to learn it.
    """
    own = [(topic, n) for (who, topic), n in counts.items() if who == person and n >= SOLE_TICKETS]
    large = [(topic, n) for topic, n in own if n >= SOLE_SHARE * of[topic]]
    whole = {topic[0] for topic, _ in large if topic[1] is None}
    kept = [(topic, n) for topic, n in large if topic[1] is None or topic[0] not in whole]
    kept.sort(key=lambda pair: (-pair[1] / of[pair[0]], -pair[1], pair[0][0]))
    wide = [(topic, n) for topic, n in own if topic[1] is None]
    most = max(wide, key=lambda pair: (pair[1] / of[pair[0]], pair[1]), default=None)
    return (
        tuple(_sole(counts, of, person, topic, n, colleagues) for topic, n in kept[:MOST_SOLE]),
        _sole(counts, of, person, *most, colleagues) if most else None,
    )


def _sole(
    counts: Mapping[tuple[str, Topic], int],
    of: Mapping[Topic, int],
    person: str,
    topic: Topic,
    solved: int,
    colleagues: Collection[str],
) -> Sole:
    ends = share_interval(solved, of[topic], LEVEL)
    share = Estimate(solved / of[topic], ends.low, ends.high, LEVEL, of[topic])
    return Sole(topic, solved, of[topic], share, learners(counts, person, topic, colleagues))


def learners(
    counts: Mapping[tuple[str, Topic], int], person: str, topic: Topic, colleagues: Collection[str]
) -> tuple[tuple[str, int], ...]:
    """Colleagues with the most tickets of a topic, at whatever client: they have least to learn."""
    told = [(who, n) for who in colleagues if who != person and (n := counts.get((who, (topic[0], None)), 0))]
    return tuple(sorted(told, key=lambda pair: (-pair[1], pair[0]))[:MOST_LEARNERS])
