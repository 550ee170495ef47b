"""Ways in and out by the Model Context Protocol: a gateway before any server, and a server for who answers agents."""
