"""Who wants something done, and what the agent is told."""

from dataclasses import dataclass
from datetime import datetime

from cadre.governance.action import Outcome, Tier


@dataclass(frozen=True, slots=True)
class Caller:
    """Who wants something done.

    Attributes:
        agent: Its key in the register.
        client: Whose environment; empty for the firm itself.
        task: As the agent names it; empty where it does not.
        on_behalf_of: Key of the account whose request it follows; empty where nobody's. They approve nothing of it.
        target_revision: Version of the thing acted on; empty where it has none.
        cost_cents: What it costs; missing where it was not said.
        confidence: How sure the agent says it is, 0 to 1; missing where it does not say.
    """

    agent: str
    client: str
    task: str = ""
    on_behalf_of: str = ""
    target_revision: str = ""
    cost_cents: int | None = None
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What the agent is told.

    Attributes:
        decision_id: Its id; empty where nothing could be recorded, which refuses.
        outcome: Go ahead, wait for somebody, or do not.
        tier: Policies included.
        reasons: Sentences a person can read; never empty.
        opens: What would lift what forbids.
        approval_id: Of the approval that is waited for; empty where none is.
        expires_at: Until when it is waited for.
    """

    decision_id: str
    outcome: Outcome
    tier: Tier
    reasons: tuple[str, ...]
    opens: tuple[str, ...] = ()
    approval_id: str = ""
    expires_at: datetime | None = None
