"""The command line: parse, call a service or a report, render. One file a noun."""

from cadre.cli.app import main

__all__ = ["main"]
