"""What people may declare about themselves, and which declarations count: pure, rows were read elsewhere.

Keeps true: declarations count in lots of five people or more, so that two audits, before and after somebody declared, do
not tell what it was. Who takes theirs back is out at once; what it was about is not shown then, until five have changed.
Declaring is voluntary; who does not is unknown, and no group is guessed for them.

References:
    6 RCNY 5-301 (sex, race and ethnicity as in the EEO-1 report); 29 U.S.C. 631 (40 years of age);
    Dwork, McSherry, Nissim and Smith 2006, section 1 (two answers before and after one row tell the row).
"""

from collections.abc import Iterable, Mapping
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
        if sum(now.get(p) != shown.get(p) for p in now.keys() | shown.keys()) >= least:
            held[row.attribute] = dict(now)
    closed = tuple(name for name in CHOICES if held.get(name, {}).keys() - here.get(name, {}).keys())
    labels = {name: held[name] for name in CHOICES if held.get(name) and name not in closed}
    return Counted(labels, closed)
