"""Who is who: accounts of several systems joined into persons by stated rules, decisions first.

Keeps true: the result does not depend on the order of rows, a decision taken back restores what was, and a join that
rests on a likeness alone is never made, only listed as doubtful. Names are read here and nowhere written.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Literal

import pyarrow as pa

from cadre.records import DERIVED_BY_NAME

_KINDS = ("staff", "bot", "client", "unknown")


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody decided about an account and a person; the newest about a pair holds."""

    verdict: Literal["join", "split", "undo"]
    account_id: str
    person_id: str


@dataclass(frozen=True, slots=True)
class Resolution:
    """Who is who.

    Attributes:
        person_accounts: One row an account, as `records.derived` says.
        doubts: One row a join that a person should look at.
    """

    person_accounts: pa.Table
    doubts: pa.Table


def resolve(
    accounts: Sequence[Mapping[str, Any]],
    identities: Sequence[Mapping[str, Any]],
    people: Sequence[Mapping[str, Any]],
    decisions: Iterable[Decision] = (),
) -> Resolution:
    """Join accounts into persons.

    Rules, first that fits: a recorded decision; the same e-mail address; the same full name, where exactly one person
    of the roster bears it; otherwise the account is a person of its own.

    Args:
        accounts: Rows of `accounts` (account_id, kind).
        identities: Rows of `identities`.
        people: Rows of `people` (person_id).
        decisions: Oldest first.
    """
    kinds = {row["account_id"]: row["kind"] or "unknown" for row in accounts}
    listed = {row["person_id"] for row in people}
    of_account, of_person = _told(identities)
    verdicts = _holding(decisions)
    groups = _Groups(kinds)
    rule: dict[str, str] = dict.fromkeys(kinds, "own")
    for (account, person), verdict in sorted(verdicts.items()):
        if verdict == "join" and account in kinds:
            groups.join(account, person)
            rule[account] = "listed"
    split = {pair for pair, verdict in verdicts.items() if verdict == "split"}
    _join_by("email", of_account, of_person, groups, rule, split)
    doubts = _join_names(of_account, of_person, kinds, groups, rule, split)
    rows = []
    for account in sorted(kinds):
        members = groups.members(account)
        on_roster = sorted(m for m in members if m in listed)
        person = on_roster[0] if on_roster else min(members)
        joined = [kinds[m] for m in members if m in kinds]
        kind = "staff" if on_roster else min(joined, key=_KINDS.index)
        rows.append({"account_id": account, "person_id": person, "kind": kind,
                     "rule": rule[account] if len(members) > 1 else "own"})  # fmt: skip
    return Resolution(
        pa.Table.from_pylist(rows, DERIVED_BY_NAME["person_accounts"].schema()),
        pa.Table.from_pylist(doubts, DERIVED_BY_NAME["identity_doubts"].schema()),
    )


class _Groups:
    """Sets of keys that are one person (union-find)."""

    def __init__(self, keys: Iterable[str]) -> None:
        self._parent = {key: key for key in keys}

    def find(self, key: str) -> str:
        self._parent.setdefault(key, key)
        while self._parent[key] != key:
            self._parent[key] = self._parent[self._parent[key]]
            key = self._parent[key]
        return key

    def join(self, one: str, other: str) -> None:
        first, second = sorted((self.find(one), self.find(other)))
        self._parent[second] = first
        self._cache: dict[str, list[str]] = {}

    def members(self, key: str) -> list[str]:
        if not getattr(self, "_cache", None):
            self._cache = defaultdict(list)
            for each in sorted(self._parent):
                self._cache[self.find(each)].append(each)
        return self._cache[self.find(key)]


_Told = dict[str, dict[str, set[str]]]


def _told(identities: Sequence[Mapping[str, Any]]) -> tuple[_Told, _Told]:
    """Per kind of naming (email, name): key -> normalised values, for accounts and for people of the roster."""
    of_account: _Told = {"email": defaultdict(set), "name": defaultdict(set), "handle": defaultdict(set)}
    of_person: _Told = {"email": defaultdict(set), "name": defaultdict(set), "handle": defaultdict(set)}
    for row in identities:
        key, told = (row["account_id"], of_account) if row["account_id"] else (row["person_id"], of_person)
        if key is None:
            continue
        if row["email"]:
            told["email"][key].add(row["email"].strip().casefold())
        if row["display_name"] and (name := plain_name(row["display_name"])):
            told["name"][key].add(name)
        if row["handle"]:
            told["handle"][key].add(row["handle"].strip().casefold())
    return of_account, of_person


def plain_name(name: str) -> str:
    """A name for comparing: no accents, no case, words in order, `Last, First` turned round."""
    if name.count(",") == 1:
        last, first = name.split(",")
        name = f"{first} {last}"
    flat = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    return " ".join(re.findall(r"[a-z0-9]+", flat))


def _join_by(kind: str, of_account: _Told, of_person: _Told, groups: _Groups, rule: dict[str, str],
             split: set[tuple[str, str]]) -> None:  # fmt: skip
    owners: dict[str, list[str]] = defaultdict(list)
    for told in (of_person[kind], of_account[kind]):
        for key in sorted(told):
            for value in sorted(told[key]):
                owners[value].append(key)
    for value in sorted(owners):
        first, *others = owners[value]
        for other in others:
            if (other, first) in split or (first, other) in split:
                continue
            groups.join(first, other)
            for key in (first, other):
                if rule.get(key) == "own":
                    rule[key] = kind


def _join_names(of_account: _Told, of_person: _Told, kinds: Mapping[str, str], groups: _Groups, rule: dict[str, str],
                split: set[tuple[str, str]]) -> list[dict[str, str]]:  # fmt: skip
    """Join accounts whose full name exactly one person of the roster bears; list the likely rest as doubtful."""
    by_name: dict[str, set[str]] = defaultdict(set)
    by_initial: dict[str, set[str]] = defaultdict(set)
    for person, names in of_person["name"].items():
        for name in names:
            by_name[name].add(person)
            if " " in name:
                by_initial[f"{name[0]} {name.split()[-1]}"].add(person)
    doubts = []
    on_roster = set(of_person["name"]) | set(of_person["email"])
    for account in sorted(kinds):
        if kinds[account] in {"bot", "client"} or any(m in on_roster for m in groups.members(account)):
            continue
        names = of_account["name"].get(account, set()) | {
            plain_name(h.split("@")[0].replace(".", " ").replace("_", " "))
            for h in of_account["handle"].get(account, set())
        }
        bearers = {p for n in names for p in by_name.get(n, ())}
        exact = {p for p in bearers if (account, p) not in split}
        # Two bear the name and it is not the one: that does not yet make it the other.
        if len(bearers) == 1 == len(exact):
            groups.join(account, next(iter(exact)))
            rule[account] = "name"
            continue
        likely = exact or {
            p
            for n in names
            if " " in n
            for p in by_initial.get(f"{n[0]} {n.split()[-1]}", ())
            if (account, p) not in split
        }
        reason = (
            "several people bear this name" if exact else "the surname and the first letter agree, the rest differs"
        )
        doubts += [
            {"doubt_id": sha256(f"{account} {person}".encode()).hexdigest()[:12], "account_id": account,
             "person_id": person, "reason": reason} for person in sorted(likely)
        ]  # fmt: skip
    return doubts


def _holding(decisions: Iterable[Decision]) -> dict[tuple[str, str], str]:
    holding: dict[tuple[str, str], str] = {}
    for decision in decisions:
        pair = (decision.account_id, decision.person_id)
        if decision.verdict == "undo":
            holding.pop(pair, None)
        else:
            holding[pair] = decision.verdict
    return holding
