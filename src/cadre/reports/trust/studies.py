"""What the studies found, from the one file that says it; pages and commands read it here, the documents say the same."""

import tomllib
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Study:
    """One figure.

    Attributes:
        what: What was measured.
        figure: What came out, with its interval.
        asked: What was asked for before; empty where nothing was.
        is_met: Whether that was reached.
        data: `real`: public data of people at work; `invented`: firms of the simulator.
        command: What prints it.
        reading: What it means, in one sentence.
    """

    what: str
    figure: str
    asked: str
    is_met: bool
    data: Literal["real", "invented"]
    command: str
    reading: str

    def json(self) -> dict[str, Any]:
        """The keys every surface uses."""
        return asdict(self)


@cache
def studies() -> tuple[str, tuple[Study, ...]]:
    """When the figures were made, and each of them: real data first, what fell short of the bar first among these."""
    told = tomllib.loads((files("cadre.reports.trust") / "studies.toml").read_text("utf-8"))
    made = [Study(**each) for each in told["study"]]
    return told["on"], tuple(sorted(made, key=lambda one: (one.data != "real", one.is_met)))
