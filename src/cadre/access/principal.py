"""The one on whose behalf something is read or changed; every service and report takes one first."""

from dataclasses import dataclass
from typing import Literal

Role = Literal["owner", "manager", "reviewer", "technician"]
ROLES: tuple[Role, ...] = ("owner", "manager", "reviewer", "technician")


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks.

    Attributes:
        name: As recorded beside decisions.
        role: What the release rule knows them as.
        person_id: Key of their own person on the staff; missing where they are not on it or nobody said who they are.
        account_id: Key of the account they signed in with; missing at the machine itself, where nobody signs in.
    """

    name: str
    role: Role
    person_id: str | None = None
    account_id: int | None = None
