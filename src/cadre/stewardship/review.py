"""The questions of the blind review and its behaviour scale, read from one file."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Question:
    """One question: its key (`<competency>.<1 or 2>`) and the behaviour it asks about."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Competency:
    """A competency with its two questions."""

    name: str
    label: str
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Questions:
    """The review.

    Attributes:
        version: Number of this wording.
        steps: The behaviour scale, from 1 to 5.
        unseen: What is answered where the reviewer has not seen it; it is no step.
        competencies: In order.
    """

    version: int
    steps: tuple[str, ...]
    unseen: str
    competencies: tuple[Competency, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """Keys of all questions, in order."""
        return tuple(q.key for c in self.competencies for q in c.questions)


@cache
def questions() -> Questions:
    """The questions that come with Cadre."""
    told = tomllib.loads((files("cadre.stewardship") / "questions.toml").read_text("utf-8"))
    competencies = tuple(
        Competency(
            c["name"], c["label"], tuple(Question(f"{c['name']}.{n}", t) for n, t in enumerate(c["questions"], 1))
        )
        for c in told["competency"]
    )
    return Questions(told["version"], tuple(told["steps"]), told["unseen"], competencies)
