"""Accounts to persons: a pure function of rules and recorded decisions."""

from cadre.identity.resolution import Decision, Resolution, resolve

__all__ = ["Decision", "Resolution", "resolve"]
