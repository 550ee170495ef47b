"""Accounts: inviting, changing, signing in."""
