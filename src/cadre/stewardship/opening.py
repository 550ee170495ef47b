"""Who saw what of whom: one person opened in one request, and how whoever looked is known."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Opening:
    """One person was opened in one request.

    Attributes:
        person_id: Whose.
        kind: What of them; one of `cadre.policy.engine.KINDS`.
        purpose: What it was asked for.
        rules: Ids of the policies that permitted it.
    """

    person_id: str
    kind: str
    purpose: str
    rules: tuple[str, ...]


def viewer_key(name: str, account_id: int | None) -> str:
    """How somebody is known beside what they saw and answered: by account, at the machine itself by name."""
    return f"account:{account_id}" if account_id is not None else f"name:{name}"
