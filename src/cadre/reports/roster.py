"""Who works here: persons with name, role, team and accounts, as the record tells; never clients or bots."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import ibis.expr.types as ir

from cadre.reports.kept import kept
from cadre.signals.roster import working_here
from cadre.warehouse import Snapshot

NO_TEAM = "No team on record"


@dataclass(frozen=True, slots=True)
class Account:
    """A login of a person: its key, its source, what joined it to the person and how it is written there."""

    account_id: str
    source: str
    rule: str
    shown: str


@dataclass(frozen=True, slots=True)
class Staff:
    """A person who works here, or whose work was seen and of whom the record does not say.

    Attributes:
        person_id: Key.
        name: As shown; a short form of the key where no source names them.
        role: Role as the firm writes it; missing where no roster tells.
        team_id: Team they are in now; missing where no roster tells.
        team: Its name.
        accounts: Their logins.
        left_on: Last day, where they have left.
        is_listed: Whether a roster lists them.
    """

    person_id: str
    name: str
    role: str | None
    team_id: str | None
    team: str | None
    accounts: tuple[Account, ...]
    left_on: date | None
    is_listed: bool


def staff(snapshot: Snapshot) -> tuple[Staff, ...]:
    """Persons by name: those of kind `staff`, and those of kind `unknown` whose work was seen.

    Args:
        snapshot: The record.
    """
    return kept(snapshot, "staff", lambda: _all(snapshot))


def _all(snapshot: Snapshot) -> tuple[Staff, ...]:
    joined = _accounts(snapshot)
    people = snapshot.table("people").select("person_id", "role", "team_id", "left_on")
    listed = {row["person_id"]: row for row in snapshot.rows(people)}
    wanted = {row["person_id"] for row in snapshot.rows(snapshot.view(working_here))}
    accounts: dict[str, list[dict[str, Any]]] = {}
    for row in joined:
        if row["person_id"] in wanted:
            accounts.setdefault(row["person_id"], []).append(row)
    joins = _joins(snapshot)
    told = snapshot.table("identities")
    names = _names(snapshot, told.filter(told.person_id.notnull() | told.account_id.isin(joins.account_id)))
    teams = {row["team_id"]: row["name"] for row in snapshot.rows(snapshot.table("teams").select("team_id", "name"))}
    made = [_staff(p, listed.get(p), accounts.get(p, []), names, teams) for p in wanted]
    return tuple(sorted(made, key=lambda s: (s.name.casefold(), s.person_id)))


def account_names(snapshot: Snapshot, account_ids: Iterable[str]) -> dict[str, str]:
    """How accounts are written in their source; a short key where no source names them."""
    wanted = sorted(set(account_ids))
    told = snapshot.table("identities")
    names = _names(snapshot, told.filter(told.account_id.isin(wanted)))
    return {a: names.get(a) or short(a) for a in wanted}


def short(key: str) -> str:
    """A key cut to what a person can tell apart."""
    kind = "Account" if key.startswith("a_") else "Person"
    return f"{kind} {key.split('_', 1)[-1][:6]}"


def _joins(snapshot: Snapshot) -> ir.Table:
    joined = snapshot.table("person_accounts")
    return joined.filter(joined.kind.isin(["staff", "unknown"]))


def _accounts(snapshot: Snapshot) -> list[dict[str, Any]]:
    sources = snapshot.table("accounts").select("account_id", "source")
    return snapshot.rows(_joins(snapshot).left_join(sources, "account_id").drop("account_id_right"))


def _names(snapshot: Snapshot, told: ir.Table) -> dict[str, str]:
    """Key of a person or account -> the best name a source gives: shown name, then login, then address."""
    found = snapshot.rows(told.select("account_id", "person_id", "display_name", "handle", "email", "identity_id"))
    best: dict[str, tuple[int, str]] = {}
    for row in sorted(found, key=lambda r: r["identity_id"]):
        for rank, column in enumerate(("display_name", "handle", "email")):
            if not row[column]:
                continue
            for key in (row["person_id"], row["account_id"]):
                if key and (key not in best or rank < best[key][0]):
                    best[key] = (rank, row[column])
            break
    return {key: name for key, (_, name) in best.items()}


def _staff(
    person_id: str,
    row: Mapping[str, Any] | None,
    accounts: list[dict[str, Any]],
    names: Mapping[str, str],
    teams: Mapping[str, str],
) -> Staff:
    logins = tuple(
        Account(a["account_id"], a["source"] or "", a["rule"], names.get(a["account_id"]) or short(a["account_id"]))
        for a in sorted(accounts, key=lambda a: (a["source"] or "", a["account_id"]))
    )
    named = names.get(person_id) or next((names[a.account_id] for a in logins if a.account_id in names), None)
    team_id = row["team_id"] if row else None
    return Staff(
        person_id=person_id,
        name=named or short(person_id),
        role=row["role"] if row else None,
        team_id=team_id,
        team=teams.get(team_id) or _tail(team_id) if team_id else None,
        accounts=logins,
        left_on=row["left_on"] if row else None,
        is_listed=row is not None,
    )


def _tail(key: str) -> str:
    return key.rsplit("/", 1)[-1]
