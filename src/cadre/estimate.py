"""The only ways a number about a person travels.

An `Estimate` is a value with an interval, its level and the evidence behind it; `Abstained` is the
result where the evidence is too thin; `Sealed` holds what only `reports.release` may open. Nothing here
formats, compares people or decides who may see.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its interval.

    Attributes:
        value: The point estimate, in the unit of the signal it belongs to.
        low: Lower end of the interval; at most `value`.
        high: Upper end of the interval; at least `value`.
        level: Probability level of the interval, between 0 and 1.
        n: How many observations it rests on (whole number, at least 1).
    """

    value: float
    low: float
    high: float
    level: float
    n: int

    def __post_init__(self) -> None:
        if not all(isfinite(x) for x in (self.value, self.low, self.high)):
            raise ValueError("an estimate is finite; use Abstained where there is none")
        if not self.low <= self.value <= self.high:
            raise ValueError(f"interval [{self.low}, {self.high}] does not hold {self.value}")
        if not 0 < self.level < 1:
            raise ValueError(f"level {self.level} is not between 0 and 1")
        if self.n < 1:
            raise ValueError("an estimate rests on at least one observation")

    def json(self) -> dict[str, float | int]:
        """The estimate as plain numbers; the keys every surface uses."""
        return {"value": self.value, "low": self.low, "high": self.high, "level": self.level, "n": self.n}


@dataclass(frozen=True, slots=True)
class Abstained:
    """No estimate, and why; drawn as thin evidence, never as a low value.

    Attributes:
        reason: One sentence a person can read.
        n: Observations there are.
        min_n: Observations there would have to be; 0 where more rows alone would not help.
    """

    reason: str
    n: int = 0
    min_n: int = 0

    def json(self) -> dict[str, str | int]:
        """The abstention as plain values."""
        return {"abstained": self.reason, "n": self.n, "min_n": self.min_n}


Measured = Estimate | Abstained


class Sealed(Generic[T]):
    """A result that has been computed and not released.

    Its content shows in no repr, log line, format string or pickle; `reports.release` is the one caller of
    `open_sealed`.
    """

    __slots__ = ("_content",)

    def __init__(self, content: T) -> None:
        self._content = content

    def __repr__(self) -> str:
        return "Sealed(...)"

    def map(self, change: Callable[[T], R]) -> "Sealed[R]":
        """The content changed and sealed again; nothing gets out."""
        return Sealed(change(self._content))

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("a sealed result is not stored or sent; release it first")


def open_sealed(sealed: Sealed[T]) -> T:
    """The content of a sealed result. For `reports.release`, and for the warehouse that stores it unseen (a test looks)."""
    return sealed._content  # noqa: SLF001
