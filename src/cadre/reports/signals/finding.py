"""What one signal says about a person, in words, and the findings of one family together with a line that sums them up.

Keeps true: what stands clearly apart from the firm's middle comes first, everything else stays within reach, and the
order inside is the registry's, so that nobody's best or worst is sorted to the top.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cadre.estimate import Abstained, Measured
from cadre.reports.signals.signals import SignalCard, Spread
from cadre.reports.signals.trend import Month
from cadre.reports.wording import CANNOT_TELL, compared, decimals, number, value_text

_MIDDLE = " the firm's middle"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one signal says about the person.

    Attributes:
        card: The signal.
        sentence: What was seen, or that there is too little of it.
        measured: The estimate, or why there is none.
        spread: How the firm is spread; None with fewer than five estimates.
        compared: How it compares with the firm's middle, in words; empty where it cannot be compared.
        months: Month by month without shrinkage; empty where there is too little.
    """

    card: SignalCard
    sentence: str
    measured: Measured
    spread: Spread | None
    compared: str
    months: tuple[Month, ...]

    @property
    def verdict(self) -> str:
        """The comparison in two or three words, such as `clearly better`; why there is none where there is none."""
        if isinstance(self.measured, Abstained):
            return "too little evidence"
        if self.compared.startswith(CANNOT_TELL):
            return CANNOT_TELL
        told = self.compared.split(_MIDDLE)[0].removesuffix(" than")
        return told or "nothing to compare with"

    @property
    def is_apart(self) -> bool:
        """Whether the whole interval lies on one side of the firm's middle."""
        return self.compared.startswith("clearly")

    def json(self) -> dict[str, Any]:
        """The keys every surface uses."""
        return {
            "signal": self.card.name,
            "family": self.card.family,
            "sentence": self.sentence,
            "unit": self.card.unit,
            "grade": self.card.grade,
            "measured": self.measured.json(),
            "spread": self.spread.json() if self.spread else None,
            "compared": self.compared,
            "months": [m.json() for m in self.months],
        }


@dataclass(frozen=True, slots=True)
class Family:
    """The findings of one family of signals.

    Attributes:
        name: The family.
        apart: Those that stand clearly apart from the firm's middle, in the order of the registry.
        rest: The others, in the same order.
    """

    name: str
    apart: tuple[Finding, ...]
    rest: tuple[Finding, ...]

    @property
    def title(self) -> str:
        """As a heading."""
        return self.name[:1].upper() + self.name[1:]

    @property
    def summary(self) -> str:
        """All of it in one line: what differs by its label, what does not as a count."""
        return summed((*self.apart, *self.rest))

    @property
    def folded(self) -> str:
        """What is folded away, in one line."""
        return summed(self.rest)

    def json(self) -> dict[str, Any]:
        """The keys every surface uses."""
        return {
            "family": self.name,
            "summary": self.summary,
            "apart": [f.card.name for f in self.apart],
            "rest": [f.card.name for f in self.rest],
        }


def finding(card: SignalCard, measured: Measured, spread: Spread | None, months: tuple[Month, ...]) -> Finding:
    """One signal about one person, in words."""
    if isinstance(measured, Abstained):
        counted = f" ({measured.n} of {measured.min_n})" if measured.min_n else ""
        return Finding(card, f"Not enough evidence to say{counted}.", measured, spread, "", months)
    sentence = card.sentence.format(value=value_text(measured, card.unit), n=f"{measured.n:,}")
    words = ""
    if spread is not None:
        middle = number(spread.middle, card.unit, places=decimals(measured.low, measured.high))
        said = compared(measured, spread.middle, card.direction)
        where = f" on which side of{_MIDDLE}" if said == CANNOT_TELL else ""
        words = f"{said}{where} ({middle})"
    return Finding(card, sentence, measured, spread, words, months)


def by_family(findings: Iterable[Finding]) -> tuple[Family, ...]:
    """The findings by family: families with something clearly apart first, otherwise in the order of the registry.

    Args:
        findings: In the order of the registry.
    """
    held: dict[str, list[Finding]] = {}
    for each in findings:
        held.setdefault(each.card.family, []).append(each)
    made = [
        Family(name, tuple(f for f in found if f.is_apart), tuple(f for f in found if not f.is_apart))
        for name, found in held.items()
    ]
    return tuple(sorted(made, key=lambda family: not family.apart))


_NAMED = (
    "clearly behind", "clearly better", "clearly higher", "clearly lower",
    "probably behind", "probably better", "probably higher", "probably lower",
)  # fmt: skip
_COUNTED = (CANNOT_TELL, "nothing to compare with", "too little evidence")


def summed(findings: Sequence[Finding]) -> str:
    """Findings in one line: what differs by its label, as in `Probably better: Wait for an answer`, the rest as a count."""
    told: Mapping[str, list[str]] = {word: [] for word in (*_NAMED, *_COUNTED)}
    for each in findings:
        told[each.verdict].append(each.card.label)
    named = [f"{word[0].upper()}{word[1:]}: {', '.join(told[word])}." for word in _NAMED if told[word]]
    counted = [f"{word[0].upper()}{word[1:]}: {len(told[word])}." for word in _COUNTED if told[word]]
    return " ".join((*named, *counted))
