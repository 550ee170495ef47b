"""What people may declare about themselves, and which declarations count: pure, rows were read elsewhere.

Keeps true: declarations count in lots of five people or more, so that two audits, before and after somebody declared, do
not tell what it was. Who takes theirs back is out at once; what it was about is not shown then, until five have changed.
Declaring is voluntary; who does not is unknown, and no group is guessed for them. What was taken back is erased: a marker
that tells no group stands in its place, so that lots are counted as if it still stood, or the rest could be told from it.

References:
    6 RCNY 5-301 (sex, race and ethnicity as in the EEO-1 report); 29 U.S.C. 631 (40 years of age);
    Dwork, McSherry, Nissim and Smith 2006, section 1 (two answers before and after one row tell the row).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

LEAST_LOT = 5
"""People whose declarations change together before any of them counts."""

CHOICES: Mapping[str, tuple[str, ...]] = {
    "sex": ("female", "male", "neither"),
    "race or ethnicity": (
        "Hispanic or Latino", "White", "Black or African American", "Native Hawaiian or Pacific Islander", "Asian",
        "Native American or Alaska Native", "two or more races",
    ),
    "age": ("under 40", "40 or over"),
    "first language": ("the one we work in", "another one"),
    "disability": ("with a disability", "without a disability"),
}  # fmt: skip
"""Attribute -> the groups offered, in the words of the rules that ask for them."""


@dataclass(frozen=True, slots=True)
class Said:
    """One row: who, about what, and the group; empty where it was taken back."""

    person_id: str
    attribute: str
    label: str


@dataclass(frozen=True, slots=True)
class Counted:
    """Declarations that count.

    Attributes:
        labels: Attribute -> person -> group; attributes that nobody's counts for are not there.
        closed: Attributes that are not shown, because somebody took theirs back since the last lot.
    """

    labels: Mapping[str, Mapping[str, str]]
    closed: tuple[str, ...]


_ERASED = "withdrawn "


def is_erased(label: str) -> bool:
    """Whether a label is what is left of one that was taken back."""
    return label.startswith(_ERASED)


def erased(labels: Sequence[str]) -> tuple[str, ...]:
    """What everything one person said about an attribute becomes when they take it back: as many markers, no group.

    Markers of one time say which labels were the same, and nothing else; they are `withdrawn TIME.NUMBER`.

    Args:
        labels: Labels, oldest first; empty ones and markers stay.
    """
    made: list[str] = []
    here = list(dict.fromkeys(labels[_start(labels) :]))
    for place, label in enumerate(labels):
        is_now = place >= _start(labels) and label
        made.append(f"{_ERASED}{labels.count('')}.{here.index(label)}" if is_now else label)
    return tuple(made)


def _start(labels: Sequence[str]) -> int:
    """Where what still stands begins: after the last time it was taken back."""
    return max((place + 1 for place, label in enumerate(labels) if not label), default=0)


def _differs(now: str | None, shown: str | None) -> bool:
    """Whether somebody's declaration changed for sure; where one of the two was erased, that is not known."""
    if now is None or shown is None:
        return now != shown
    if is_erased(now) and is_erased(shown) and now.partition(".")[0] == shown.partition(".")[0]:
        return now != shown
    return now != shown and not (is_erased(now) or is_erased(shown))


def counted(rows: Iterable[Said], *, least: int = LEAST_LOT) -> Counted:
    """Which declarations count now.

    Args:
        rows: Everything that was said, oldest first.
        least: People who have to change together.
    """
    here: dict[str, dict[str, str]] = {}
    held: dict[str, dict[str, str]] = {}
    for row in rows:
        if row.attribute not in CHOICES:
            continue
        now, shown = here.setdefault(row.attribute, {}), held.setdefault(row.attribute, {})
        if row.label:
            now[row.person_id] = row.label
        else:
            now.pop(row.person_id, None)
        if sum(_differs(now.get(p), shown.get(p)) for p in now.keys() | shown.keys()) >= least:
            held[row.attribute] = dict(now)
    closed = tuple(
        name
        for name in CHOICES
        if held.get(name, {}).keys() - here.get(name, {}).keys() or any(map(is_erased, held.get(name, {}).values()))
    )
    labels = {name: held[name] for name in CHOICES if held.get(name) and name not in closed}
    return Counted(labels, closed)
