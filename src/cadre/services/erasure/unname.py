"""Taking the name and the keys of an erased person out of everything that was written beside decisions.

Keeps true: every text column of every table is looked through, those that come later too, but the audit log's, which holds
no names and erases its own; a decision stays with the rest of its words. In words stands "a person erased on DATE", in a
column of keys a random key that leads to nobody. What a person wrote about themselves goes as a whole.

A name that somebody else bears too is left where it stands, since it may be theirs: first and last names alone are looked
for only where nobody else has them, and words of the firm's own name not at all.
"""

import re
import secrets
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

from sqlalchemy import ColumnElement, MetaData, String, Table, Text, delete, select, update

from cadre.db.accounts import Account, Invitation
from cadre.db.stewardship import BlindAnswer, BlindReview, Contest, HelpStatement, NoticeReceipt
from cadre.services.people.declaration import forget_declarations
from cadre.services.unit_of_work import UnitOfWork
from cadre.warehouse import Warehouse

_LEAST = 3
_ANY_CASE = 5
"""Letters from which a single name is found however it is written; a shorter one may be another word (Will, May)."""
_STILL_COUNTS = ("help_statements", "excluded_rows")
"""Tables whose rows the record counts: they follow it to its own random key, or a colleague would lose their help."""
_AUDIT = "audit_"
_WHOLE = ("action_requests",)
"""Tables whose rows are erased whole: what an agent asked for fits its digest or is not there."""


@dataclass(frozen=True, slots=True)
class Gone:
    """What is looked for.

    Attributes:
        keys: Keys of the person, each with the random one the record has in its place by now.
        whole: Whole names, addresses and logins that are theirs alone.
        parts: First, last and short names that are theirs alone.
        erased_on: The day.
    """

    keys: Mapping[str, str]
    whole: tuple[str, ...]
    parts: tuple[str, ...]
    erased_on: date

    @property
    def called(self) -> str:
        """What stands in their place in words."""
        return f"a person erased on {self.erased_on.isoformat()}"


def names_of(warehouse: Warehouse, work: UnitOfWork, keys: Collection[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Whole names, and parts of names, that are a person's alone; asked before they are erased.

    Args:
        warehouse: The record.
        work: A transaction of its own, for the names of accounts.
        keys: Keys of the person.
    """
    theirs: set[str] = set()
    others: set[str] = {warehouse.firm.name}
    with warehouse.snapshot() as record:
        for row in record.rows(record.table("identities")):
            told = {row[name] for name in ("display_name", "email", "handle") if row[name]}
            (theirs if row["account_id"] in keys or row["person_id"] in keys else others).update(told)
    with work:
        for kind in (Account, Invitation):
            for name, person in work.session.execute(select(kind.name, kind.person_id)):
                (theirs if person in keys else others).add(name)
    taken = {_plain(name) for name in others} | {part for name in others for part in _parts(_plain(name))}
    whole = {name for name in theirs if len(name) >= _LEAST and _plain(name) not in taken}
    parts = {part for name in theirs if "@" not in name for part in _parts(name) if _plain(part) not in taken}
    return tuple(sorted(w for w in whole if _is_whole(w))), tuple(
        sorted(parts | {w for w in whole if not _is_whole(w)})
    )


def unname(work: UnitOfWork, gone: Gone) -> None:
    """Take a person out of all words and key columns, inside the transaction of whoever calls.

    Args:
        work: The transaction, under way, with `work.erasing()` around this.
        gone: What is looked for.
    """
    forget_declarations(work, gone.keys, gone.erased_on)
    _drop_own_words(work, gone)
    finder = finder_of(gone)
    nobodys = {key: f"{key[0]}_erased_{secrets.token_hex(9)}" for key in gone.keys}
    # Asked of the database: a table whose module nobody has read yet is looked through, too.
    held = MetaData()
    held.reflect(work.session.connection())
    for table in held.sorted_tables:
        if not table.name.startswith(_AUDIT):
            _sweep(work, table, gone, gone.keys if table.name in _STILL_COUNTS else nobodys, finder)


def _drop_own_words(work: UnitOfWork, gone: Gone) -> None:
    """What they wrote for themselves, and what was written about nobody but them."""
    theirs = select(BlindReview.id).where(BlindReview.person_id.in_(gone.keys))
    words = f"words of or about {gone.called}"
    for statement in (
        update(Contest).where(Contest.person_id.in_(gone.keys)).values(words=words),
        update(HelpStatement).where(HelpStatement.person_id.in_(gone.keys)).values(words=words),
        update(NoticeReceipt)
        .where(NoticeReceipt.person_id.in_(gone.keys), NoticeReceipt.reason != "")
        .values(reason=words),
        update(BlindAnswer).where(BlindAnswer.review_id.in_(theirs), BlindAnswer.reason != "").values(reason=words),
    ):
        work.session.execute(statement, execution_options={"synchronize_session": False})


def _sweep(work: UnitOfWork, table: Table, gone: Gone, keys: Mapping[str, str], finder: re.Pattern[str]) -> None:
    for column in table.columns:
        if not isinstance(column.type, String):
            continue
        held = work.session.scalars(select(column).distinct()).all()
        for value in [one for one in held if one and finder.search(one)]:
            if table.name in _WHOLE:
                work.session.execute(delete(table).where(column == value))
                continue
            told = finder.sub(partial(_instead, gone.called, {} if isinstance(column.type, Text) else keys), value)
            which: ColumnElement[bool] = column == value
            work.session.execute(update(table).where(which).values({column.name: told[: column.type.length]}))


def _instead(called: str, keys: Mapping[str, str], found: re.Match[str]) -> str:
    return keys.get(found[0], called)


def finder_of(gone: Gone) -> re.Pattern[str]:
    """Finds any of it, the longest first, and never inside a longer word."""
    whole = [r"\s+".join(map(re.escape, name.split())) for name in gone.whole]
    found = [(text, True) for text in whole] + [(re.escape(key), False) for key in gone.keys]
    found += [(re.escape(part), len(part) >= _ANY_CASE) for part in gone.parts]
    found.sort(key=lambda each: -len(each[0]))
    choices = "|".join(f"(?i:{text})" if any_case else text for text, any_case in found)
    return re.compile(rf"(?<!\w)(?:{choices})(?!\w)")


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def _parts(name: str) -> Iterable[str]:
    return (part for part in re.split(r"[^\w'\u2019-]+|_", name) if len(part) >= _LEAST and not part.isdecimal())


def _is_whole(name: str) -> bool:
    """Whether a name is more than one word, so that it is no word of the language by chance."""
    return not name.isalpha()
