"""Machines that the record shows at work outside of the gate: no mode, limit or switch of Cadre's reaches those acts.

Keeps true: counts come from acts without a decision's id, by the account they ran under; what no account is told for is
counted as that, unless a person set it going by hand. Who answers for a machine is the register's business.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cadre.reports.agents.called import client_names
from cadre.reports.kept import kept
from cadre.reports.roster import account_names
from cadre.warehouse import Snapshot


@dataclass(frozen=True, slots=True)
class Seen:
    """Acts outside of the gate by one machine.

    Attributes:
        key: Its key as the register has or would have it; empty where a source tells only an account, or none.
        name: As its source names it; empty where no source tells who acted.
        acts: How many.
        last_at: When the newest was.
        clients: Names of the clients; empty where not told.
    """

    key: str
    name: str
    acts: int
    last_at: datetime
    clients: tuple[str, ...]


def seen_outside(snapshot: Snapshot, since: datetime) -> tuple[Seen, ...]:
    """Machines that acted outside of the gate, the busiest first.

    Args:
        snapshot: The record.
        since: Days from this one's on count, in UTC.
    """
    rows = [row for row in kept(snapshot, "acts outside by account", lambda: _acts(snapshot))
            if row["day"] >= since.date()]  # fmt: skip
    if not rows:
        return ()
    keys, names, clients = kept(snapshot, "machines of accounts", lambda: _called(snapshot))
    by: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        by[row["account_id"] or ""].append(row)
    made = [
        Seen(
            keys.get(account, ""), names.get(account, account), sum(row["n"] for row in some),
            max(row["last"] for row in some),
            tuple(sorted({clients.get(row["client_id"], row["client_id"]) for row in some if row["client_id"]})),
        )
        for account, some in by.items()
    ]  # fmt: skip
    return tuple(sorted(made, key=lambda one: (-one.acts, one.name)))


def _acts(snapshot: Snapshot) -> list[dict[str, Any]]:
    """Acts without a decision's id by account, client and day."""
    acts = snapshot.table("agent_actions")
    day = acts.occurred_at.date().name("day")
    return snapshot.rows(
        acts.filter(acts.decision_id.isnull() & (acts.account_id.notnull() | acts.for_account_id.isnull()))
        .group_by("account_id", "client_id", day)
        .agg(n=acts.tool.count(), last=acts.occurred_at.max())
    )


def _called(snapshot: Snapshot) -> tuple[Mapping[str, str], Mapping[str, str], Mapping[str, str]]:
    """Machines and names by account, and names by client."""
    told = snapshot.rows(snapshot.table("machine_identities").select("account_id", "machine_id"))
    acted = {row["account_id"] for row in _acts(snapshot) if row["account_id"]}
    keys = {row["account_id"]: row["machine_id"] for row in told if row["account_id"] in acted}
    return keys, account_names(snapshot, acted), client_names(snapshot)
