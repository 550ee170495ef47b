"""One-table exports: the loop shared by connectors whose files hold one kind of row, known by its columns.

Keeps true: a row is its main record or a refusal; accounts, clients and their names are written once, at the end, so
that they count as no source row. What the columns are and what a row means is the connector's business.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cadre.sources.columns import Columns, Wanted, plain, reader_of_instants, unknown_columns
from cadre.sources.sheets import sheets
from cadre.sources.source import Item, ReadOptions, Record, Rejected, SourceFile


@dataclass(slots=True)
class Named:
    """Accounts, clients, teams and machines that rows name; keys as the source writes them."""

    accounts: dict[str, dict[str, Any]] = field(default_factory=dict)
    clients: dict[str, str | None] = field(default_factory=dict)
    teams: dict[str, str] = field(default_factory=dict)
    machines: dict[str, str] = field(default_factory=dict)

    def account(self, key: str | None, kind: str, *, name: str | None = None, email: str | None = None) -> str | None:
        """Note an account and what names it; `staff` and `bot` outweigh `client`, that `unknown`."""
        if not key:
            return None
        known = self.accounts.setdefault(key, {"kind": kind, "display_name": None, "email": None})
        if _WEIGHT[kind] > _WEIGHT[known["kind"]]:
            known["kind"] = kind
        address = email or (key if "@" in key else None)
        known["email"] = known["email"] or (address.lower() if address else None)
        known["display_name"] = known["display_name"] or name
        return key

    def person(self, name: str | None, email: str | None, kind: str) -> str | None:
        """Note an account known by its e-mail or, failing that, its name; the key it got."""
        return self.account(email.lower() if email else name, kind, name=name, email=email)

    def machine(self, key: str | None, kind: str) -> None:
        """Note that an account is a machine's which no list told of, so that somebody can decide about it."""
        if key and self.machines.get(key, "unknown") == "unknown":
            self.machines[key] = kind

    def client(self, key: str | None, name: str | None = None) -> str | None:
        """Note a client; one without a name gets none, so that it never takes a name another load told."""
        if not key:
            return None
        self.clients[key] = name or self.clients.get(key)
        return key

    def team(self, key: str | None, name: str | None = None) -> str | None:
        """Note a team or queue."""
        if not key:
            return None
        if key not in self.teams or name:
            self.teams[key] = name or key
        return key

    def records(self, file: str) -> Iterator[Record]:
        """What was noted, as records."""
        for key, known in self.accounts.items():
            yield Record("accounts", {"external_id": key, "kind": known["kind"]}, file, None)
            naming = {k: known[k] for k in ("display_name", "email") if known[k]}
            if naming:
                values = {"external_id": f"account:{key}", "account_id": key, **naming}
                yield Record("identities", values, file, None)
        for key, name in self.clients.items():
            yield Record("clients", {"external_id": key}, file, None)
            if name:
                values = {"external_id": f"client:{key}", "client_id": key, "display_name": name}
                yield Record("identities", values, file, None)
        for key, name in self.teams.items():
            yield Record("teams", {"external_id": key, "name": name}, file, None)
        for key, kind in self.machines.items():
            values = {
                "external_id": key,
                "account_id": key,
                "kind": kind,
                "owner_account_ids": [],
                "is_use_told": False,
            }
            yield Record("machine_identities", values, file, None)


_WEIGHT = {"unknown": 0, "client": 1, "staff": 2, "bot": 3}


class Ids:
    """Ids for rows that carry none: a digest of what the row says, and its ordinal among equals."""

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()

    def of(self, row: Mapping[str, str]) -> str:
        """The id of a row without one; the same for the same row in any later export."""
        said = "\x1f".join(f"{plain(name)}={cell}" for name, cell in sorted(row.items()) if cell)
        digest = hashlib.blake2b(said.encode(), digest_size=9).hexdigest()
        self._seen[digest] += 1
        return f"{digest}.{self._seen[digest] - 1}"


@dataclass(slots=True)
class Row:
    """One row with what is needed to read it.

    Attributes:
        read: Meaning -> cell as text, None where missing.
        when: From a cell to an instant; `ValueError` where it is none.
        named: Takes the accounts and clients the row names.
        id: The row's own id, or one made from its content.
    """

    read: Callable[[str], str | None]
    when: Callable[[str | None], datetime | None]
    named: Named
    id: str


Made = Iterator[tuple[str, Mapping[str, Any]]]
Maker = Callable[[Row, ReadOptions], Made]
"""From a row to (table, values): the main record first, then its words; `ValueError` refuses the row."""


def read_flat(
    files: Sequence[SourceFile], options: ReadOptions, wanted: Wanted, needed: tuple[tuple[str, ...], ...], make: Maker
) -> Iterator[Item]:
    """Read one-table files row by row.

    Args:
        files: The files.
        options: What is settled about the source.
        wanted: Meanings and the names of their columns; the meaning `id` is the row's own id.
        needed: Groups of meanings; a file needs one of each group.
        make: What a row means.

    Raises:
        UnreadableFileError: A needed column is missing.
    """
    named, ids, when = Named(), Ids(), reader_of_instants(options)
    for file in files:
        for found, rows in sheets(file):
            columns = Columns(found, wanted)
            if found and not all(any(one in columns for one in group) for group in needed):
                raise unknown_columns(file, found, [" or ".join(group) for group in needed])
            for item in rows:
                if isinstance(item, Rejected):
                    yield item
                    continue
                line, cells = item

                def read(meaning: str, columns: Columns = columns, cells: dict[str, str] = cells) -> str | None:
                    return columns.read(cells, meaning)

                try:
                    made = list(make(Row(read, when, named, read("id") or ids.of(cells)), options))
                except ValueError as error:
                    yield Rejected(str(error), file.name, line)
                    continue
                for at, (table, values) in enumerate(made):
                    yield Record(table, values, file.name, line if at == 0 else None)
    if files:
        yield from named.records(files[0].name)
