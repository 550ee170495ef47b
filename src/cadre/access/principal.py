"""The one on whose behalf something is read or changed; every service and report takes one first."""

from dataclasses import dataclass
from typing import Literal

Role = Literal["owner", "manager", "reviewer", "technician"]


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks.

    Attributes:
        name: As recorded beside decisions.
        role: What the release rule knows them as.
    """

    name: str
    role: Role
