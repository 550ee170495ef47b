"""The AI register as rules: what a tool may be given, what nobody knows of it, and who answers at which tier.

Keeps true: what is unknown never counts as allowed; a check grows old; a tool that was ended covers nothing.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from cadre.governance.action import Tier

DATA_CLASSES = ("personal", "credential", "financial", "security", "health", "client_secret")
"""Kinds of data that need a line in the register before a tool may be given them."""
STALE_DAYS = 365
"""After this a check is old: vendors change terms and sub-processors within a year."""
ASKED = ("vendor", "model", "purpose", "owner", "data_classes", "processed_in", "kept", "trains", "sub_processors",
         "contract")  # fmt: skip
"""What the register asks of every tool."""

RESPONSIBLE = {
    Tier.AUTONOMOUS: "whoever answers for the agent in the register of machines",
    Tier.NOTIFY: "whoever answers for the agent; the client's contact is told",
    Tier.APPROVE: "the person who approved, by name in the record of the decision",
    Tier.FOUR_EYES: "both people who approved, by name in the record of the decision",
    Tier.FORBIDDEN: "nobody, since it is not done",
}
"""Who answers for what an agent did, by tier."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A tool as it was last checked; None is unknown.

    Attributes:
        key: Of the tool.
        name: As shown.
        checked_on: When somebody last looked.
        tools: Names of tools and servers that are this one.
        client_id: Client whose tool it is; None for the firm's own.
        data_classes: What it may be given; None where nobody said, which allows nothing.
        told: The other things asked, by name.
        is_ended: Whether it is no longer used.
    """

    key: str
    name: str
    checked_on: date
    tools: tuple[str, ...] = ()
    client_id: str | None = None
    data_classes: frozenset[str] | None = None
    told: tuple[tuple[str, str | None], ...] = ()
    is_ended: bool = False

    @property
    def unknown(self) -> tuple[str, ...]:
        """What nobody found out, by name."""
        gaps = tuple(name for name, value in self.told if value is None)
        return ("data_classes", *gaps) if self.data_classes is None else gaps

    def is_stale(self, today: date) -> bool:
        """Whether the check has grown old."""
        return (today - self.checked_on).days > STALE_DAYS


def covers(entries: Iterable[Entry], tool: str, client_id: str, data_classes: Collection[str], today: date) -> bool:
    """Whether the register lets a tool be given data of some kinds at a client.

    Args:
        entries: The register.
        tool: As agents call it: `server/tool`, or the name alone.
        client_id: Whose data; empty for the firm's own.
        data_classes: Kinds of data that the call touches.
        today: A check that is old by then covers nothing.
    """
    names = {tool.casefold(), tool.partition("/")[0].casefold()}
    wanted = frozenset(data_classes) & frozenset(DATA_CLASSES)
    return any(
        not one.is_ended
        and not one.is_stale(today)
        and one.client_id in {None, client_id or None}
        and names & {name.casefold() for name in one.tools}
        and (not wanted or (one.data_classes is not None and wanted <= one.data_classes))
        for one in entries
    )
