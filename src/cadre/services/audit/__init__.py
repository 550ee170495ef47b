"""Keeping the audit log: its writer, its key, checkpoints, witnesses, checks, and what is handed out of it."""
