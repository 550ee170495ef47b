"""The governance statement of a client on paper: the same sentences as the page, for a review across a table."""

from dataclasses import asdict
from typing import Any

from cadre.documents.typesetting import pdf
from cadre.reports.agents.statement import GovernanceStatement


def statement_pdf(found: GovernanceStatement) -> bytes:
    """The statement as a tagged PDF.

    Args:
        found: The statement.
    """
    return pdf("statement", values_of(found), made_at=found.made_at)


def values_of(found: GovernanceStatement) -> dict[str, Any]:
    """What the layout shows."""
    return {
        "firm": found.firm,
        "label": found.label,
        "client": found.client,
        "headline": found.headline,
        "made": f"{found.made_at:%Y-%m-%d %H:%M} UTC",
        "policy": found.policy,
        "parts": [asdict(part) for part in found.parts],
    }
