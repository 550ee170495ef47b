"""Reading the whole log anew and holding it against all that was ever said of it."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.exc import SQLAlchemyError

from cadre.access.principal import Principal
from cadre.access.right import require
from cadre.audit.tree import TILE_WIDTH, Frontier, folded, tile_root
from cadre.audit.verify import (
    EMPTY_ROOT,
    Checkpoint,
    VerificationError,
    check_signed,
    leaf_hash,
    payload_digest,
    read_checkpoint,
    verifier_key,
)
from cadre.db.audit import AuditCheckpoint, AuditKey
from cadre.db.audit_rows import size_of, tile, whole_log
from cadre.services.audit.key import handovers
from cadre.services.unit_of_work import UnitOfWork

_DECODE = json.JSONDecoder().raw_decode  # what `json.loads` does, without looking for spaces around


@dataclass
class Checked:
    """What was found.

    Attributes:
        size: Events read.
        root: Root worked out from them, as hex.
        erased: Events whose content was erased.
        checkpoints: Checkpoints held against them.
        problems: What does not hold, the first of each kind and how many there are; without any, all of it holds.
    """

    size: int = 0
    root: str = EMPTY_ROOT.hex()
    erased: int = 0
    checkpoints: int = 0
    _wrong: dict[str, tuple[str, int]] = field(default_factory=dict, repr=False)

    @property
    def problems(self) -> list[str]:
        """In the order in which the first of each kind was found."""
        return [
            told if count == 1 else f"{told} (and {count - 1} more like it)" for told, count in self._wrong.values()
        ]

    def wrong(self, kind: str, told: str) -> None:
        """Note a problem."""
        first, count = self._wrong.get(kind, (told, 0))
        self._wrong[kind] = (first, count + 1)


def check_log(principal: Principal, work: UnitOfWork, *, held: Sequence[str] = (), key: str = "") -> Checked:
    """Read the whole log and check every hash, place, number, time, kept tile and checkpoint.

    Args:
        principal: Who asks.
        work: A transaction; nothing is changed.
        held: Checkpoints that were kept elsewhere.
        key: Public key the log began with, as it was kept elsewhere; unless given, the one the database tells.

    Raises:
        ForbiddenError: They may not.
    """
    require(principal, "audit:keep")
    found = Checked()
    with work:
        connection = work.session.connection()
        first = key or connection.execute(select(AuditKey.vkey).order_by(AuditKey.id).limit(1)).scalar() or ""
        made = connection.execute(select(AuditCheckpoint.note).order_by(AuditCheckpoint.id)).scalars().all()
        notes = _signed(found, first, handovers(connection), [*made, *held])
        reading = _Reading(connection, found, notes)
        try:
            for row in whole_log(connection):
                reading.go_on(row)
        except SQLAlchemyError as error:
            found.wrong("file", f"the database cannot be read after event {found.size - 1} ({type(error).__name__})")
        reading.end(size_of(connection))
    return found


def _parsed(header: str) -> dict[str, Any]:
    """A header's words; none where somebody wrote something else there."""
    try:
        told, end = _DECODE(header)
    except ValueError:
        return {}
    return told if isinstance(told, dict) and end == len(header) else {}


class _Reading:
    """One pass over the log: what has to be remembered from row to row."""

    def __init__(self, connection: Connection, found: Checked, notes: Iterable[Checkpoint]) -> None:
        self._connection, self._found = connection, found
        self._tiles, self._leaves = Frontier(), bytearray()
        self._own: Counter[str] = Counter()
        self._last_at = ""
        self._gone: set[int] = set()
        self._allowed: set[int] = set()
        self._levels: list[bytearray] = []
        self._due: dict[int, list[Checkpoint]] = {}
        for note in notes:
            self._due.setdefault(note.size, []).append(note)
        self._meet()

    def go_on(self, row: Iterable[Any]) -> None:
        """Check a row and go on."""
        position, kind, actor, client_id, nth, header, kept, salt, payload = row
        found = self._found
        if not (isinstance(header, str) and isinstance(payload, str | None)):
            found.wrong("changed", f"event {position} was changed: it is no text")
            header, payload = str(header), None
        leaf = leaf_hash(header.encode())
        if position != found.size:
            found.wrong("missing", f"event {found.size} is missing: the next one is {position}")
        if leaf != kept:
            found.wrong("changed", f"event {position} was changed: its hash does not fit")
        told = _parsed(header)
        self._hold_words(position, told, (kind, actor, client_id, nth))
        if payload is None:
            self._gone.add(position)
        elif payload_digest(salt, payload.encode()) != told.get("payload"):
            found.wrong("content", f"the content of event {position} was changed")
        elif kind == "payload:erased":
            self._allowed.update(json.loads(payload)["places"])
        self._grow(leaf)

    def _hold_words(self, position: int, told: dict[str, Any], columns: tuple[str, str, str, int | None]) -> None:
        """Hold a header against its columns, the client's numbers and the time of the event ahead."""
        found, nth = self._found, columns[3]
        client, due = str(told.get("client", "")), None
        if client:
            self._own[client] = due = self._own[client] + 1
        if (told.get("kind"), told.get("actor"), client, told.get("nth")) != columns:
            found.wrong("columns", f"event {position} says otherwise in its columns than in its header")
        if nth != due:
            found.wrong("number", f"event {position} is number {nth} of its client where {due} is due")
        at = str(told.get("at", ""))
        if at < self._last_at:
            found.wrong("time", f"event {position} happened before the one ahead of it")
        self._last_at = at

    def end(self, size: int) -> None:
        """Check what can only be known at the end."""
        found = self._found
        found.root = self._root().hex()
        if size != found.size:
            found.wrong("size", f"the log says it has {size} events, and {found.size} are there")
        unexplained = sorted(self._gone - self._allowed)
        found.erased = len(self._gone)
        if unexplained:
            found.wrong(
                "gone",
                f"the content of {len(unexplained)} events is gone and no erasure says so, first {unexplained[0]}",
            )
        for due, notes in self._due.items():
            for _ in notes if due > found.size else ():
                found.wrong(
                    "cut", f"a checkpoint tells of {due} events, and {found.size} are there: the end was cut off"
                )

    def _grow(self, leaf: bytes) -> None:
        self._leaves += leaf
        self._found.size += 1
        if len(self._leaves) == TILE_WIDTH * 32:
            self._tile(0, bytes(self._leaves))
            self._leaves.clear()
        if self._found.size in self._due:
            self._meet()

    def _root(self) -> bytes:
        """Root of what was read: full tiles, and the leaves after them."""
        rest = Frontier()
        for at in range(0, len(self._leaves), 32):
            rest.append(bytes(self._leaves[at : at + 32]))
        return folded([*self._tiles.border, *rest.border])

    def _tile(self, level: int, full: bytes) -> None:
        place = (self._found.size >> (8 * (level + 1))) - 1
        if tile(self._connection, level, place) != full:
            self._found.wrong("tile", f"kept hashes of level {level}, tile {place}, are not those of the events")
        if len(self._levels) == level:
            self._levels.append(bytearray())
        root = tile_root(full)
        if level == 0:
            self._tiles.append(root)
        self._levels[level] += root
        if len(self._levels[level]) == TILE_WIDTH * 32:
            self._tile(level + 1, bytes(self._levels[level]))
            self._levels[level].clear()

    def _meet(self) -> None:
        """Hold the tree of this size against the checkpoints of this size."""
        for note in self._due.get(self._found.size, ()):
            self._found.checkpoints += 1
            if note.root != self._root():
                self._found.wrong(
                    "another", f"the checkpoint of {note.size} events was of another log: it was rewritten or replaced"
                )


def _signed(found: Checked, first: str, told: Sequence[str], notes: Iterable[str]) -> list[Checkpoint]:
    """Checkpoints that the log's keys signed; the others are problems."""
    good = []
    for text in notes:
        try:
            note = read_checkpoint(text)
            if not first:
                found.wrong(
                    "key", f"a checkpoint tells of {note.size} events, and this log has no key: it was replaced"
                )
                continue
            check_signed(note, verifier_key(first), told)
        except VerificationError as error:
            found.wrong("signature", f"a checkpoint: {error}")
            continue
        good.append(note)
    return good
