"""Random draws in a stable order, cheap enough for one word at a time.

Keeps true: every draw comes from the one generator it was given, in call order, so equal seeds give equal
tables on every platform numpy supports. Seeds of chunks are made here and nowhere else.
"""

from bisect import bisect
from collections.abc import Sequence
from itertools import accumulate
from math import exp, log
from typing import TypeVar

import numpy as np

T = TypeVar("T")
BUFFER_COUNT = 4096


def logistic(x: float) -> float:
    """The probability whose log odds are `x`."""
    return 1.0 / (1.0 + exp(-x)) if x > -700 else 0.0


def tilted(share: float, push: float) -> float:
    """A base probability with its log odds moved by `push`; 0 and 1 stay what they are."""
    if share <= 0.0 or share >= 1.0:
        return share
    return logistic(log(share / (1.0 - share)) + push)


class Dice:
    """Buffered draws from the child generator of `(seed, *path)`.

    Args:
        seed: Seed of the whole simulation.
        path: Which chunk and purpose, as whole numbers; equal paths draw equal numbers.
    """

    def __init__(self, seed: int, *path: int) -> None:
        self.rng = np.random.default_rng(np.random.SeedSequence(entropy=seed, spawn_key=path))
        self._uniforms: list[float] = []
        self._normals: list[float] = []

    def uniform(self) -> float:
        """A number in [0, 1)."""
        if not self._uniforms:
            self._uniforms = self.rng.random(BUFFER_COUNT).tolist()
        return self._uniforms.pop()

    def normal(self) -> float:
        """A standard normal number."""
        if not self._normals:
            self._normals = self.rng.standard_normal(BUFFER_COUNT).tolist()
        return self._normals.pop()

    def between(self, low: float, high: float) -> float:
        """A number in [low, high)."""
        return low + (high - low) * self.uniform()

    def chance(self, share: float) -> bool:
        """True with that probability."""
        return self.uniform() < share

    def one(self, items: Sequence[T]) -> T:
        """One of the items, each as likely."""
        return items[int(self.uniform() * len(items))]

    def some(self, items: Sequence[T], count: int) -> list[T]:
        """Up to `count` different items, in random order."""
        left, found = list(items), list[T]()
        while left and len(found) < count:
            found.append(left.pop(int(self.uniform() * len(left))))
        return found

    def weighted(self, items: Sequence[T], weights: Sequence[float]) -> T:
        """One of the items, as likely as its weight says."""
        return self.along(items, list(accumulate(weights)))

    def along(self, items: Sequence[T], sums: Sequence[float]) -> T:
        """One of the items, given the running sums of their weights; for long lists drawn from often."""
        return items[min(bisect(sums, self.uniform() * sums[-1]), len(items) - 1)]

    def count(self, mean: float) -> int:
        """A Poisson number with that mean."""
        return int(self.rng.poisson(mean)) if mean > 0 else 0

    def lognormal(self, median: float, sd: float) -> float:
        """A lognormal number with that median and that standard deviation of its logarithm."""
        return median * exp(sd * self.normal())
