"""A server that stands before another one: the same tools, resources and prompts, and every call through the gate.

Keeps true: a call is judged with its arguments before the server behind hears of it; resources and prompts are judged as
reads; what the server offers beyond these, such as asking the host for something itself, is not passed on.
"""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

import anyio
import mcp_types as types
from mcp import Client
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.server.session import ServerSession
from mcp.shared.exceptions import MCPError
from pydantic import ValidationError

from cadre import __version__
from cadre.governance.action import Action, Outcome, Tier, Tool
from cadre.mcp.governed import Governed, HeldError, Wanted
from cadre.mcp.offered import Offered
from cadre.mcp.shelf import Shelf
from cadre.mcp.task import TASKS_KEPT, Beside, beside, passed_on
from cadre.mcp.words import data_of, held, output_of, sentence, stamped
from cadre.services.agents.decide import Answer, Caller

T = TypeVar("T")
Context = ServerRequestContext[Any, Any]
REFUSED = -32003
"""JSON-RPC error of a resource or prompt that is refused or waits; tools answer with an error result instead."""
_ONLY_READS = {"readOnlyHint": True}
READ_RESOURCE = Tool("read_resource", "Read a resource of the server.",
                     {"type": "object", "properties": {"uri": {"type": "string"}}, "required": ["uri"]}, _ONLY_READS)  # fmt: skip
GET_PROMPT = Tool("get_prompt", "Read a prompt of the server.",
                  {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}, _ONLY_READS)  # fmt: skip


@dataclass
class Gateway:
    """One server behind the gate.

    Attributes:
        behind: Connected to the server.
        governed: Makes calls that may be made.
        shelf: Keeps tools as first seen.
        agent: Key of the agent that calls.
        client: Whose environment the server acts in; empty for the firm itself.
        name: How the server is called.
        run_id: Stands for the task where the host names none and the connection has no session.
        say: Where what somebody should see is said.
        offered: Its tools.
    """

    behind: Client
    governed: Governed
    shelf: Shelf
    agent: str
    client: str
    name: str
    run_id: str
    say: Callable[[str], None]
    offered: Offered = field(init=False)
    _sessions: OrderedDict[str, ServerSession] = field(init=False, default_factory=OrderedDict)

    def __post_init__(self) -> None:
        self.offered = Offered(self.name, self.shown, self.shelf, self._fetched, self.say)

    def server(self) -> Server[Any]:
        """The server that agents connect to."""
        can = self.behind.server_capabilities
        resources: dict[str, Any] = {
            "on_list_resources": self._list_resources, "on_list_resource_templates": self._list_templates,
            "on_read_resource": self._read_resource,
        }  # fmt: skip
        prompts: dict[str, Any] = {"on_list_prompts": self._list_prompts, "on_get_prompt": self._get_prompt}
        return Server(
            f"{self.shown} (governed)", version=__version__, instructions=self._instructions(),
            on_list_tools=self._list_tools, on_call_tool=self._call_tool,
            **(resources if can.resources else {}), **(prompts if can.prompts else {}),
        )  # fmt: skip

    @property
    def shown(self) -> str:
        """What the server calls itself; its command or address may hold what agents need not know."""
        told = self.behind.server_info
        return told.name if told and told.name else "server"

    async def heard(self, message: Any) -> None:
        """Pass on that the server's tools changed, so that hosts list them anew and read what the gate lets them read."""
        if not isinstance(message, types.ToolListChangedNotification):
            return
        self.offered.forget()
        for session in list(self._sessions.values()):
            with suppress(MCPError, anyio.ClosedResourceError, anyio.BrokenResourceError):
                await session.send_tool_list_changed()

    def _instructions(self) -> str | None:
        """The server's instructions as they were first seen."""
        now = {"name": "", "instructions": self.behind.instructions or ""}
        kept = self.shelf.get("tools", _key(self.name))
        if kept is None:
            self.shelf.put("tools", _key(self.name), kept := now)
        if kept != now:
            self.say(f"{self.shown} gives other instructions than when it was first seen; agents read the old ones. Give it"
                     " another --name to begin anew.")  # fmt: skip
        return str(kept["instructions"]) or None

    async def _fetched(self) -> list[types.Tool]:
        found: list[types.Tool] = []
        cursor: str | None = None
        while True:
            page = await self.behind.list_tools(cursor=cursor, cache_mode="refresh")
            found += page.tools
            cursor = page.next_cursor
            if cursor is None:
                return found

    async def _list_tools(self, context: Context, params: types.PaginatedRequestParams | None) -> types.ListToolsResult:
        del params
        self._sessions[_session(context)] = context.session
        while len(self._sessions) > TASKS_KEPT:
            self._sessions.popitem(last=False)
        return types.ListToolsResult(tools=await self.offered.tools())

    async def _call_tool(self, context: Context, params: types.CallToolRequestParams) -> types.CallToolResult:
        offered = await self.offered.tool(params.name)
        if offered is None:
            why = f"{self.shown} offers no tool of this name"
            return held(Answer("", Outcome.DENY, Tier.FORBIDDEN, (f"{why}.",)), waits=False)
        tool, change = offered
        arguments = params.arguments or {}
        told = _beside(context.meta)
        try:
            if change is not None:
                await self.governed.cleared(self._wanted(context, Beside(task=told.task), change), _progress(context))
                tool = self.offered.accept(change)
            result, answer = await self.governed.run(
                self._wanted(context, told, Action(tool, arguments, told.user_request)),
                lambda: self.behind.call_tool(params.name, arguments, meta=_meta(context.meta)),
                output_of, _progress(context),
            )  # fmt: skip
        except HeldError as error:
            return held(error.answer, waits=error.waits)
        return stamped(result, answer.decision_id)

    async def _list_resources(
        self, context: Context, params: types.PaginatedRequestParams | None
    ) -> types.ListResourcesResult:
        del context
        return await self.behind.list_resources(cursor=params.cursor if params else None)

    async def _list_templates(self, context: Context,
                              params: types.PaginatedRequestParams | None) -> types.ListResourceTemplatesResult:  # fmt: skip
        del context
        return await self.behind.list_resource_templates(cursor=params.cursor if params else None)

    async def _read_resource(
        self, context: Context, params: types.ReadResourceRequestParams
    ) -> types.ReadResourceResult:
        uri = str(params.uri)
        wanted = Action(READ_RESOURCE, {"uri": uri})
        return await self._read(context, wanted, lambda: self.behind.read_resource(uri), _resource_text)

    async def _list_prompts(
        self, context: Context, params: types.PaginatedRequestParams | None
    ) -> types.ListPromptsResult:
        del context
        return await self.behind.list_prompts(cursor=params.cursor if params else None)

    async def _get_prompt(self, context: Context, params: types.GetPromptRequestParams) -> types.GetPromptResult:
        arguments = {"name": params.name, **(params.arguments or {})}
        return await self._read(context, Action(GET_PROMPT, arguments),
                                lambda: self.behind.get_prompt(params.name, params.arguments), _prompt_text)  # fmt: skip

    async def _read(self, context: Context, action: Action, call: Callable[[], Awaitable[T]],
                    text: Callable[[T], str]) -> T:  # fmt: skip
        told = _beside(context.meta)
        wanted = self._wanted(context, told, Action(action.tool, action.arguments, told.user_request))
        try:
            result, _ = await self.governed.run(wanted, call, lambda found: (text(found), False), _progress(context))
        except HeldError as error:
            raise MCPError(REFUSED, sentence(error.answer, waits=error.waits), data_of(error.answer)) from error
        return result

    def _wanted(self, context: Context, told: Beside, action: Action) -> Wanted:
        caller = Caller(
            self.agent, self.client, told.task or _session(context) or self.run_id, told.on_behalf_of,
            told.target_revision, told.cost_cents, told.confidence,
        )  # fmt: skip
        return Wanted(caller, action, str((context.meta or {}).get("traceparent", "")))


def _key(server: str) -> str:
    return f"{server}\0\0instructions"


def _beside(meta: Mapping[str, Any] | None) -> Beside:
    try:
        return beside(meta)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise MCPError(types.INVALID_PARAMS, f"_meta: cadre/{where}: {first['msg']}") from error


def _meta(meta: Mapping[str, Any] | None) -> Any:
    return passed_on(meta) or None


def _session(context: Context) -> str:
    """The session of this connection over HTTP; empty where it has none."""
    headers = getattr(context.request, "headers", None)
    return str(headers.get("mcp-session-id") or "")[:200] if headers is not None else ""


def _progress(context: Context) -> Callable[[float, float, str], Awaitable[None]]:
    async def report(waited: float, there_are: float, what: str) -> None:
        await context.session.report_progress(waited, there_are, what)

    return report


def _resource_text(found: types.ReadResourceResult) -> str:
    return "\n".join(part.text for part in found.contents if isinstance(part, types.TextResourceContents))


def _prompt_text(found: types.GetPromptResult) -> str:
    return "\n".join(one.content.text for one in found.messages if isinstance(one.content, types.TextContent))
