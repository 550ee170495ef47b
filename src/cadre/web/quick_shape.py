"""An evaluation read in a tenth of the time, on either route: what this takes, `shape.Evaluation` takes alike.

Keeps true: it takes no more than `shape` does and makes the same of it (a test holds the two against each other); what it does
not take is put to `shape`, which decides and says why. A tool that its server describes in the same words is read once.
"""

from functools import lru_cache
from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Raw, Struct, UnsetType
from msgspec.json import Decoder

from cadre.governance.action import Action, Step, Tool
from cadre.services.agents.caller import Caller

_PLAIN = r"^[^\x00-\x1f]*\Z"
_Key = Annotated[str, Meta(max_length=200, pattern=_PLAIN)]
_Name = Annotated[str, Meta(min_length=1, max_length=200, pattern=_PLAIN)]
_Text = Annotated[str, Meta(max_length=20_000)]
_Json = dict[str, Any]
_TEXT, _OBJECT = Decoder(_Text), Decoder(_Json)


class _Subject(Struct, frozen=True):
    type: Literal["agent"]
    id: _Name


class _Call(Struct, frozen=True):
    arguments: _Json = {}
    description: Raw | UnsetType = UNSET
    input_schema: Raw | UnsetType = UNSET
    annotations: Raw | UnsetType = UNSET


class _Wanted(Struct, frozen=True):
    name: _Name
    properties: _Call = _Call()


class _Target(Struct, frozen=True):
    revision: _Key = ""


class _Place(Struct, frozen=True):
    type: Literal["client", "firm"]
    id: _Key = ""
    properties: _Target = _Target()


class _Before(Struct, frozen=True):
    tool: _Key
    arguments: _Json = {}
    output: Any = None


class _Around(Struct, frozen=True):
    user_request: _Text = ""
    history: Annotated[list[_Before], Meta(max_length=500)] = []
    task: _Key = ""
    on_behalf_of: Annotated[str, Meta(pattern=r"^(account:[0-9]{1,9})?\Z")] = ""
    cost_cents: Annotated[int, Meta(ge=0, lt=2**53)] | None = None
    confidence: Annotated[float, Meta(ge=0, le=1)] | None = None


class _Evaluation(Struct, frozen=True):
    subject: _Subject
    action: _Wanted
    resource: _Place
    context: _Around = _Around()


_DECODE = Decoder(_Evaluation).decode


def read(body: bytes, agent: str) -> tuple[Caller, Action] | None:
    """Who wants what done; None where `shape` has to look.

    Args:
        body: What was sent.
        agent: Key of the agent that sent it; it asks for itself alone.

    Raises:
        ValueError: It does not fit, which `shape` says in words.
    """
    told = _DECODE(body)
    if told.subject.id != agent:
        return None
    around, call, place = told.context, told.action.properties, told.resource
    tool = _tool(told.action.name, _bytes(call.description), _bytes(call.input_schema), _bytes(call.annotations))
    caller = Caller(agent, place.id if place.type == "client" else "", around.task, around.on_behalf_of,
                    place.properties.revision, around.cost_cents, around.confidence)  # fmt: skip
    steps = tuple([Step(one.tool, one.arguments, one.output) for one in around.history])
    return caller, Action(tool, call.arguments, around.user_request, steps)


def _bytes(told: Raw | UnsetType) -> bytes:
    return b"" if told is UNSET else bytes(told)


@lru_cache(4096)
def _tool(name: str, description: bytes, schema: bytes, hints: bytes) -> Tool:
    return Tool(
        name,
        _TEXT.decode(description) if description else "",
        _OBJECT.decode(schema) if schema else {},
        _OBJECT.decode(hints) if hints else {},
    )
