"""What programs send to the gate and get back, as types: read once by both routes, and the source of their description.

Keeps true: what does not fit is refused with its place and never guessed; the texts that agents send are bounded.

References:
    OpenID AuthZEN Authorization API 1.0, access evaluation.
"""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from cadre.errors import ForbiddenError
from cadre.governance.action import Action, Outcome, Step, Tool
from cadre.services.agents.decide import Answer, Caller
from cadre.services.machines.sign_in import Agent

Key = Annotated[str, Field(max_length=200, pattern=r"^[^\x00-\x1f]*$")]
Name = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]*$")]
Text = Annotated[str, Field(max_length=20_000)]
Json = dict[str, Any]


def _whole(value: Any) -> Any:
    """JSON knows one kind of number: 5.0 is a whole one."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


class _Sent(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True)


class Subject(_Sent):
    """Who wants to act: the agent of the token."""

    type: Literal["agent"]
    id: Name = Field(description="The agent's key in the register; it has to be the token's own.")


class Call(_Sent):
    """The tool as its server describes it, and the arguments of this call."""

    arguments: Json = Field(default={}, description="Arguments by parameter.")
    description: Text = Field(default="", description="In the server's words.")
    input_schema: Json = Field(default={}, description="JSON schema of the arguments.")
    annotations: Json = Field(default={}, description="MCP annotations; none of them loosens anything.")


class Wanted(_Sent):
    """What it wants to do."""

    name: Name = Field(description="Name of the tool.")
    properties: Call = Call()


class Target(_Sent):
    """What holds of the thing acted on."""

    revision: Key = Field(default="", description="Version of the thing; an approval holds for this one alone.")


class Place(_Sent):
    """Where it wants to act."""

    type: Literal["client", "firm"]
    id: Key = Field(default="", description="The client's key; empty for the firm itself.")
    properties: Target = Target()


class Before(_Sent):
    """A call made before in the same task."""

    tool: Key
    arguments: Json = {}
    output: Any = Field(default=None, description="What it gave back: text, or an object.")


class Around(_Sent):
    """What the task has seen."""

    user_request: Text = Field(default="", description="What a person asked for, in their own words.")
    history: list[Before] = Field(default=[], max_length=500, description="Calls before it, the oldest first.")
    task: Key = Field(default="", description="The agent's own name of the task.")
    on_behalf_of: str = Field(default="", pattern=r"^(account:[0-9]{1,9})?$", description="Whose request it follows.")
    cost_cents: Annotated[int, Field(ge=0, lt=2**53), BeforeValidator(_whole)] | None = Field(
        default=None, description="What the act costs."
    )
    confidence: float | None = Field(default=None, ge=0, le=1, description="How sure the agent says it is.")


class Evaluation(_Sent):
    """May this agent make this call?"""

    subject: Subject
    action: Wanted
    resource: Place
    context: Around = Around()

    def asked(self, agent: Agent) -> tuple[Caller, Action]:
        """Who wants what done.

        Args:
            agent: Of the token.

        Raises:
            ForbiddenError: It speaks for another.
        """
        if self.subject.id != agent.key:
            raise ForbiddenError("an agent asks for itself alone", hint="Give the key that the token was made for.")
        return self.by(agent.key)

    def by(self, agent: str) -> tuple[Caller, Action]:
        """The same, where somebody tries what an agent would be told."""
        around, call = self.context, self.action.properties
        client = self.resource.id if self.resource.type == "client" else ""
        caller = Caller(agent, client, around.task, around.on_behalf_of, self.resource.properties.revision,
                        around.cost_cents, around.confidence)  # fmt: skip
        tool = Tool(self.action.name, call.description, call.input_schema, call.annotations)
        steps = tuple(Step(one.tool, one.arguments, one.output) for one in around.history)
        return caller, Action(tool, call.arguments, around.user_request, steps)


class Why(BaseModel):
    """What was decided, and by what."""

    decision_id: str = Field(description="Empty where nothing could be recorded, which refuses.")
    outcome: Literal["allow", "approve", "deny"]
    tier: Literal["autonomous", "notify", "approve", "four-eyes", "forbidden"]
    reasons: list[str] = Field(description="Sentences a person can read.")
    opens: list[str] = Field(default=[], description="What would lift what forbids.")
    approval_id: str = Field(default="", description="Of the approval that is waited for.")
    expires_at: datetime | None = Field(default=None, description="Until when it is waited for.")


class Verdict(BaseModel):
    """May it, and why."""

    decision: bool
    context: Why


class TokenGiven(BaseModel):
    """A token of minutes."""

    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 (the type that RFC 6750 names)
    expires_in: int


class Word(_Sent):
    """What became of an act."""

    told: Literal["attempted", "done", "failed", "undone"]
    detail: Text = ""
    after_digest: str = Field(default="", pattern=r"^([0-9a-f]{64})?$", description="SHA-256 of the state afterwards.")
    undo_offered: bool = Field(default=False, description="Whether one step takes it back.")


class Stands(BaseModel):
    """How a decision stands."""

    decision_id: str
    at: datetime
    client: str
    tool: str
    outcome: Literal["allow", "approve", "deny"]
    tier: str
    reasons: list[str]
    rules: list[str]
    mode: str
    approval_id: str = ""
    approval: Literal["", "pending", "approved", "refused", "expired", "used"] = ""
    answered_by: list[str] = []
    may_run: bool = Field(description="Allowed, or approved and not used yet.")
    aftermath: str = Field(default="", description="What became of it, where that is watched.")


class Refusal(BaseModel):
    """Why a request was not taken."""

    error: str
    hint: str


def verdict(answer: Answer) -> Json:
    """An answer as it is sent."""
    return {
        "decision": answer.outcome is Outcome.ALLOW,
        "context": {
            "decision_id": answer.decision_id,
            "outcome": answer.outcome.value,
            "tier": answer.tier.text,
            "reasons": list(answer.reasons),
            "opens": list(answer.opens),
            "approval_id": answer.approval_id,
            "expires_at": answer.expires_at.isoformat() if answer.expires_at else None,
        },
    }
