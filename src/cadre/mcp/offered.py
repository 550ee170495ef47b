"""The tools that a server offers, as they were first seen; a server that says something else later has to be looked at.

Keeps true: agents read, and the gate judges, the words a tool was first seen with, until somebody let the new ones in
through the gate, as an act like any other; a tool that is not offered is not called.
"""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import mcp_types as types

from cadre.governance.action import Action, Tool
from cadre.mcp.shelf import Shelf
from cadre.mcp.words import seen, seen_digest, tool_of

ACCEPT = Tool(
    "accept_changed_tool",
    "Change what agents read of a tool to what its server says of it now. The server said something else when it was"
    " first seen; look whether the new words tell agents to do what nobody wants.",
    {
        "type": "object",
        "properties": {
            "server": {"type": "string", "description": "The server behind the gateway."},
            "tool": {"type": "string", "description": "The tool that it describes anew."},
            "before": {"type": "object", "description": "What agents read until now."},
            "now": {"type": "object", "description": "What they would read."},
        },
        "required": ["server", "tool", "before", "now"],
    },
)
"""Letting a changed tool in, as an act that the gate decides about; no request of a user covers it."""


class Offered:
    """The tools of one server.

    Args:
        server: What its first words are kept under; a command or address, which may hold a secret.
        shown: What the server calls itself.
        shelf: Keeps them.
        fetch: Asks the server for all its tools.
        say: Where what somebody should see is said.
    """

    def __init__(self, server: str, shown: str, shelf: Shelf, fetch: Callable[[], Awaitable[Iterable[types.Tool]]],
                 say: Callable[[str], None]) -> None:  # fmt: skip
        self._server, self._shown_as, self._shelf, self._fetch, self._say = server, shown, shelf, fetch, say
        self._now: dict[str, types.Tool] = {}
        self._is_known = False
        self._warned: set[str] = set()

    def forget(self) -> None:
        """Ask the server anew at the next question: it said that its tools changed."""
        self._is_known = False

    async def tools(self) -> list[types.Tool]:
        """The tools as agents read them."""
        self._now = {tool.name: tool for tool in await self._fetch()}
        self._is_known = True
        return [self._shown(tool) for tool in self._now.values()]

    async def tool(self, name: str) -> tuple[Tool, Action | None] | None:
        """A tool as the gate reads it, and the act that lets its new words in where it says new ones.

        Returns:
            None where the server does not offer it.
        """
        if not self._is_known or name not in self._now:
            await self.tools()
        now = self._now.get(name)
        if now is None:
            self._say(f"tool {name[:80]!r} is not offered by {self._shown_as}; the call was refused")
            return None
        kept, told = self._kept(now), seen(now)
        if seen_digest(kept) == seen_digest(told):
            return tool_of(kept), None
        asked = {"server": self._shown_as, "tool": name, "before": kept, "now": told}
        return tool_of(kept), Action(ACCEPT, asked)

    def accept(self, action: Action) -> Tool:
        """Take the new words over, once somebody let them in.

        Args:
            action: The act that was let through; what it names is taken, whatever the server says by now.
        """
        now: dict[str, Any] = action.arguments["now"]
        self._shelf.put("tools", self._key(now["name"]), now)
        return tool_of(now)

    def names(self) -> tuple[str, ...]:
        """Names of the tools, as last listed."""
        return tuple(self._now)

    def _kept(self, tool: types.Tool) -> dict[str, Any]:
        kept = self._shelf.get("tools", self._key(tool.name))
        if kept is None:
            kept = seen(tool)
            self._shelf.put("tools", self._key(tool.name), kept)
        return kept

    def _shown(self, tool: types.Tool) -> types.Tool:
        kept, told = self._kept(tool), seen(tool)
        if seen_digest(kept) == seen_digest(told):
            return tool.model_copy(update={"meta": None, "icons": None})
        if seen_digest(told) not in self._warned:
            self._warned.add(seen_digest(told))
            self._say(f"{self._shown_as} describes tool {tool.name[:80]!r} otherwise than when it was first seen; agents read"
                      " the old words, and a call of it asks for a look at the new ones first")  # fmt: skip
        return types.Tool.model_validate(kept)

    def _key(self, name: str) -> str:
        return f"{self._server}\0{name}"
