"""What every report says of itself in JSON: whose it is, what the workspace is for, as of when. One place for the words."""

from datetime import datetime
from typing import Any

from cadre.records import Firm


def head(firm: Firm, label: str) -> dict[str, Any]:
    """The first keys of a report.

    Args:
        firm: Whose.
        label: The word that every surface of a study carries; empty for a firm's own workspace.
    """
    return {"firm": firm.name, "purpose": firm.purpose, "label": label}


def dated_head(firm: Firm, label: str, as_of: datetime | None) -> dict[str, Any]:
    """The same of a report about the record, with the newest instant that it tells of; missing where it tells of none."""
    return head(firm, label) | {"as_of": as_of.isoformat() if as_of else None}
