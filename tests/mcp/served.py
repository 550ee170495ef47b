"""A small server of a helpdesk, as a firm might put it behind the gateway; `python -m tests.mcp.served` serves it on stdio."""

from typing import Any

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError


def helpdesk(done: list[str] | None = None) -> MCPServer:
    """The server.

    Args:
        done: What was done to it is written here.
    """
    acts = done if done is not None else []
    server = MCPServer("helpdesk", instructions="Tickets of one firm.")

    @server.tool()
    def list_tickets(status: str = "open") -> dict[str, Any]:
        """List tickets by status."""
        acts.append(f"list {status}")
        return {"tickets": [{"ticket_id": "T-1", "subject": "Printer"}, {"ticket_id": "T-2", "subject": "Mail"}]}

    @server.tool()
    def get_ticket(ticket_id: str) -> dict[str, Any]:
        """Read one ticket."""
        acts.append(f"get {ticket_id}")
        if ticket_id == "T-9":
            raise ToolError("no such ticket")
        return {"ticket_id": ticket_id, "subject": "Printer", "body": "It prints grey."}

    @server.tool()
    def close_ticket(ticket_id: str, note: str = "") -> dict[str, Any]:
        """Close a ticket."""
        acts.append(f"close {ticket_id}")
        return {"ticket_id": ticket_id, "status": "closed"}

    @server.resource("note://{name}")
    def note(name: str) -> str:
        """A note."""
        return f"note {name}"

    @server.prompt()
    def greeting(name: str) -> str:
        """Words to greet somebody with."""
        return f"Greet {name}."

    return server


if __name__ == "__main__":
    helpdesk().run("stdio")
