"""What the keys of decisions are called: agents, clients and whoever answered.

Keeps true: a key that nobody bears any more stands for itself. Texts of agents are made safe to look at: what a reader
would not see, or would see in another order, is written out.
"""

import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from cadre.db.accounts import Account
from cadre.db.machines import RegisteredMachine
from cadre.reports.kept import kept
from cadre.warehouse import Snapshot

Rows = tuple[tuple[str, str], ...]
"""Parameter and exact value."""


@dataclass(frozen=True, slots=True)
class Called:
    """Names by key.

    Attributes:
        agents: Of registered machines.
        clients: Of clients in the record.
        accounts: Of accounts, by `account:3`.
    """

    agents: Mapping[str, str]
    clients: Mapping[str, str]
    accounts: Mapping[str, str]

    def agent(self, key: str) -> str:
        """An agent's name."""
        return self.agents.get(key, key)

    def client(self, key: str) -> str:
        """A client's name; the firm itself for an empty key."""
        return self.clients.get(key, key) if key else "the firm itself"

    def who(self, key: str) -> str:
        """Whoever did something: a person, the machine, or an agent."""
        if key == "machine":
            return "whoever sits at the machine"
        kind, _, rest = key.partition(":")
        return self.agent(rest) if kind == "agent" else self.accounts.get(key, key)


def called(sessions: sessionmaker[Session], snapshot: Snapshot) -> Called:
    """Names as they are now."""
    with sessions() as session:
        agents = {row.key: row.name for row in session.execute(select(RegisteredMachine.key, RegisteredMachine.name))}
        accounts = {f"account:{number}": name for number, name in session.execute(select(Account.id, Account.name))}
    return Called(agents, client_names(snapshot), accounts)


def client_names(snapshot: Snapshot) -> Mapping[str, str]:
    """Clients of the record by key, each by its name; by its key where no source names it."""
    return kept(snapshot, "client names", lambda: _client_names(snapshot))


def _client_names(snapshot: Snapshot) -> Mapping[str, str]:
    told = snapshot.table("identities")
    rows = snapshot.rows(told.filter(told.client_id.notnull()).select("client_id", "display_name"))
    return {row["client_id"]: row["display_name"] or row["client_id"] for row in rows}


def plainly(text: str) -> str:
    """A text with every sign written out that a reader would not see, or that turns the order of others."""
    return "".join(one if _is_seen(one) else f"\\u{ord(one):04x}" for one in text)


def argument_rows(arguments: str | None) -> Rows:
    """Canonical JSON as parameter and exact value, for a person to read; empty where there is nothing to show."""
    told: Any = json.loads(arguments) if arguments else {}
    return tuple((plainly(key), plainly(_value(value))) for key, value in told.items())


def side_by_side(many: Sequence[str | None]) -> tuple[Rows, tuple[Rows, ...]]:
    """What several calls share, and what is each one's own; together exactly what each of them says."""
    each = [argument_rows(one) for one in many]
    shared = tuple(row for row in each[0] if len(each) > 1 and all(row in other for other in each[1:])) if each else ()
    return shared, tuple(tuple(row for row in rows if row not in shared) for rows in each)


def said_by_all(many: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Sentences that each of several lists has, in the order of the first."""
    return tuple(dict.fromkeys(one for one in many[0] if all(one in other for other in many))) if many else ()


def _value(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)


def _is_seen(one: str) -> bool:
    return one in "\n\t" or unicodedata.category(one) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
