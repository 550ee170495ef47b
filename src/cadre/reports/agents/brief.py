"""An act in one line, as lists of acts under a rule or a mode show it; `act` tells all of one."""

from dataclasses import dataclass
from datetime import datetime

from cadre.db.governance import ActionDecision


@dataclass(frozen=True, slots=True)
class Brief:
    """An act in one line.

    Attributes:
        decision_id: Its id.
        at: When.
        agent: Its key.
        client_id: Whose environment.
        tool: Name.
        outcome: `allow`, `approve` or `deny`: what the agent was told, or would have been.
        why: The first reason; empty where the list is about one already.
    """

    decision_id: str
    at: datetime
    agent: str
    client_id: str
    tool: str
    outcome: str
    why: str = ""


def brief(row: ActionDecision, outcome: str = "", why: str = "") -> Brief:
    """A decision in one line, with what the agent was told unless another outcome is given."""
    return Brief(row.decision_id, row.at, row.agent, row.client_id, row.tool, outcome or row.answered, why)
