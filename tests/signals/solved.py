"""Resolved tickets as rows, for signals that read what became of a case."""

from typing import Any

from tests.signals.talk import at


def solved(key: str, hours: float = 0, who: str = "a0", **told: Any) -> dict[str, Any]:
    """A resolved ticket; what became of it may be told."""
    return {"ticket_id": key, "account_id": who, "open_hours": 2.0, "expected_hours": 2.0, "log_ratio": 0.0,
            "difficulty": 0.0, "fold": 0, "model_version": "x", **at(hours), **told}  # fmt: skip


def ticket(key: str, hours: float = 0, **told: Any) -> dict[str, Any]:
    """The ticket's own row."""
    return {"ticket_id": key, "source": "psa", **at(hours), **told}


def step(key: str, who: str, hours: float, where: str, kind: str = "note", **told: Any) -> dict[str, Any]:
    """A step on a ticket."""
    return {"event_id": key, "ticket_id": where, "kind": kind, "actor_account_id": who, **at(hours), **told}
