"""Agents: what they did, what waits, what governs them, who they are."""
