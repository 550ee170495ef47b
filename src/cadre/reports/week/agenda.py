"""What may need somebody this week: each item with what happened, why it matters, its rows, minutes and one action.

`AGENDA` is the registry: functions from the record to items, one a kind of matter. What was decided about an item is
taken out by `week`; nothing here reads decisions.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from cadre.reports.measure import COLLABORATION, CRAFT, Span, window
from cadre.reports.release import Gate, Withheld, release_group
from cadre.reports.roster import account_names, staff
from cadre.reports.signals.flags import looked, red_flag_keys
from cadre.reports.teams.reliance import left_to_nobody
from cadre.warehouse import Snapshot

STALE_DAYS = 7
"""Days behind the newest evidence after which a source is called stale."""
THIN_SHARE = 0.3
"""Share of people without an estimate from which thin evidence is worth somebody's minutes."""


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """One matter.

    Attributes:
        kind: `identity`, `rejected`, `stale`, `thin`, `flags`, `notice`, `contest`, `reliance`, `seat` or `agents`.
        key: The same matter has the same key every week.
        happened: What happened, in one sentence.
        matters: Why it matters, in one sentence.
        rows: Page that shows the rows behind it.
        row_count: How many there are.
        minutes: How long dealing with it takes.
        action: What to do, as an imperative.
        weight: How bad the consequence of leaving it is; larger is worse.
    """

    kind: str
    key: str
    happened: str
    matters: str
    rows: str
    row_count: int
    minutes: int
    action: str
    weight: float

    def json(self) -> dict[str, Any]:
        """The keys every surface uses."""
        return asdict(self)


def doubtful_identities(gate: Gate, snapshot: Snapshot, now: datetime) -> Iterator[AgendaItem]:
    """Joins of accounts that somebody should look at; one item, however many there are."""
    del gate, now
    doubts = snapshot.rows(snapshot.table("identity_doubts").select("doubt_id", "account_id", "person_id"))
    if not doubts:
        return
    accounts = sorted({d["account_id"] for d in doubts})
    shown = ", ".join(sorted(set(account_names(snapshot, accounts[:3]).values())))
    count = len(accounts)
    told = _times(count, "account looks like a person", "accounts look like people") + " already on record"
    yield AgendaItem(
        kind="identity",
        key=f"identity:{_digest(*sorted(d['doubt_id'] for d in doubts))}",
        happened=f"{told}: {shown}{' and others' if count > 3 else ''}",
        matters="Until somebody says, work may count for the wrong person, or for a person of its own.",
        rows="/record?show=doubts#doubts",
        row_count=len(doubts),
        minutes=min(10, 1 + len(doubts)),
        action="Say of each pair whether it is one person",
        weight=80 + min(count, 15),
    )


def rejected_rows(gate: Gate, snapshot: Snapshot, now: datetime) -> Iterator[AgendaItem]:
    """Refused source rows; one item a source and reason."""
    del gate, now
    if not snapshot.manifest.rows("rejected"):
        return
    rejected, loads = snapshot.table("rejected"), snapshot.table("loads")
    grouped = rejected.group_by("source", "reason").agg(n=rejected.count())
    read = {r["source"]: r["n"] for r in snapshot.rows(loads.group_by("source").agg(n=loads.rows_read.sum()))}
    for row in snapshot.rows(grouped.order_by(grouped.n.desc(), grouped.reason).limit(20)):
        share = row["n"] / max(read.get(row["source"]) or 0, row["n"])
        yield AgendaItem(
            kind="rejected",
            key=f"rejected:{row['source']}:{_digest(row['reason'])}",
            happened=f"{_times(row['n'], 'row', 'rows')} of {row['source']} could not be taken: {row['reason']}",
            matters=f"{_percent(share)} of what {row['source']} sent is missing from every figure.",
            rows=f"/record?show=rejected&source={quote(row['source'])}#rejected",
            row_count=row["n"],
            minutes=5,
            action="Mend the export or its mapping, then load it again",
            weight=30 + 60 * share,
        )


def stale_sources(gate: Gate, snapshot: Snapshot, now: datetime) -> Iterator[AgendaItem]:
    """Sources whose newest row lies well behind; against the clock, or the newest row of all in a study."""
    del gate
    loads = snapshot.table("loads")
    found = snapshot.rows(loads.group_by("source").agg(newest=loads.newest_at.max()))
    dated = [(r["source"], r["newest"].replace(tzinfo=UTC)) for r in found if r["newest"] is not None]
    if not dated:
        return
    reference = max(at for _, at in dated) if snapshot.firm.purpose == "study" else now
    for source, newest in sorted(dated):
        days = (reference - newest) / timedelta(days=1)
        if days < STALE_DAYS:
            continue
        yield AgendaItem(
            kind="stale",
            key=f"stale:{source}:{newest:%Y-%m-%d}",
            happened=f"{source} has told nothing since {newest.day} {newest:%B %Y}, {days:.0f} days behind",
            matters="Work done there since then counts for nobody.",
            rows="/record#sources",
            row_count=1,
            minutes=5,
            action=f"Export {source} again and load it",
            weight=40 + min(days, 60) / 2,
        )


def thin_evidence(gate: Gate, snapshot: Snapshot, now: datetime) -> Iterator[AgendaItem]:
    """People of whom too little was seen for an estimate, where they are many; names nobody."""
    del gate, now
    span: Span = window(snapshot)
    if span.start_on is None:
        return
    table = snapshot.table("assessments")
    chosen = table.filter((table.window_start == span.start_on) & (table.window_days == span.days))
    held: dict[str, set[str]] = {}
    for row in snapshot.rows(chosen.filter(chosen.value.notnull()).select("name", "person_id")):
        held.setdefault(row["name"], set()).add(row["person_id"])
    among = {s.person_id for s in staff(snapshot)}
    for name in (COLLABORATION, CRAFT):
        thin = len(among - held.get(name, set()))
        if not among or thin / len(among) < THIN_SHARE:
            continue
        yield AgendaItem(
            kind="thin",
            key=f"thin:{name}",
            happened=f"{thin} of {len(among)} people left too little evidence for an estimate of {name}",
            matters="They cannot be seen at all, which says nothing about how they work.",
            rows="/coverage",
            row_count=thin,
            minutes=5,
            action="See which source would show their work, and ask for it",
            weight=20 + 30 * thin / len(among),
        )


def standing_flags(gate: Gate, snapshot: Snapshot, now: datetime) -> Iterator[AgendaItem]:
    """Red flags that stand about those who are released to whoever asks, counted; names nobody."""
    del now
    among = frozenset(s.person_id for s in staff(snapshot))
    is_open = among - gate.withheld(among).keys()
    found = release_group(gate, red_flag_keys(snapshot), len(among), lambda keys: _about(keys, is_open))
    if isinstance(found, Withheld) or not found:
        return
    looked_at = sum(look.looked_at for look in looked(snapshot) if look.kind == "red_flag")
    yield AgendaItem(
        kind="flags",
        key=f"flags:{_digest(*found)}",
        happened=f"{_times(len(found), 'red flag stands', 'red flags stand')} among {looked_at:,} looked at",
        matters="Each is a reason to look at its rows, not a finding about a person; about one in ten may be chance.",
        rows="/flags",
        row_count=len(found),
        minutes=min(10, 2 + 2 * len(found)),
        action="Look at their rows, and ask before you conclude",
        weight=45 + min(len(found), 10),
    )


def untold_people(gate: Gate, snapshot: Snapshot, now: datetime) -> Iterator[AgendaItem]:
    """People of a firm's own who have not confirmed the notice, for those who can tell them; names nobody."""
    del now
    if snapshot.firm.purpose == "study" or gate.principal.role not in ("owner", "manager"):
        return
    among = [s.person_id for s in staff(snapshot) if s.left_on is None]
    untold = sum(person not in gate.facts.told_days for person in among)
    if not untold:
        return
    waiting = sum(person in gate.facts.delivered and person not in gate.facts.told_days for person in among)
    yield AgendaItem(
        kind="notice",
        key=f"notice:{_digest(str(untold), str(waiting))}",
        happened=f"{untold} of {_times(len(among), 'person has', 'people have')} not confirmed the notice, "
        f"{'none' if waiting == 0 else waiting} of them with it on their page",
        matters="Numbers about them stay closed, to themselves as to everybody.",
        rows="/notice",
        row_count=untold,
        minutes=5,
        action="Deliver the notice, and ask those who have it to read it",
        weight=55,
    )


def open_contests(gate: Gate, snapshot: Snapshot, now: datetime) -> Iterator[AgendaItem]:
    """Contested rows that wait for an answer, for those who may answer; names nobody."""
    del now
    if snapshot.firm.purpose == "study" or gate.principal.role == "technician" or not gate.facts.open_contests:
        return
    waiting = gate.facts.open_contests
    count = len(waiting)
    yield AgendaItem(
        kind="contest",
        key=f"contest:{_digest(*(str(each) for each in waiting))}",
        happened=f"{_times(count, 'contested row waits', 'contested rows wait')} for an answer",
        matters="Somebody says that a row behind their number is wrong, and nobody has answered.",
        rows="/contests",
        row_count=count,
        minutes=min(10, 3 * count),
        action="Read the row, and answer with a reason",
        weight=60,
    )


def rests_on_one(gate: Gate, snapshot: Snapshot, now: datetime) -> Iterator[AgendaItem]:
    """Work that one person leaving would leave to nobody practised, counted, for those who can have it taught; names nobody."""
    del now
    if gate.principal.role not in ("owner", "manager"):
        return
    found = left_to_nobody(gate, snapshot)
    if not found:
        return
    count = len(found)
    yield AgendaItem(
        kind="reliance",
        key=f"reliance:{_digest(*sorted(found))}",
        happened=f"{_times(count, 'topic, client or tier rests', 'topics, clients and tiers rest')} on one person alone",
        matters="Were they away, nobody practised would be left for it.",
        rows="/structure/reliance",
        row_count=count,
        minutes=5,
        action="Have somebody work beside them on it",
        weight=35 + min(2 * count, 15),
    )


AGENDA: tuple[Callable[[Gate, Snapshot, datetime], Iterator[AgendaItem]], ...] = (
    doubtful_identities,
    rejected_rows,
    stale_sources,
    thin_evidence,
    standing_flags,
    untold_people,
    open_contests,
    rests_on_one,
)


def _about(keys: tuple[str, ...], people: frozenset[str]) -> tuple[str, ...]:
    return tuple(key for key in keys if key.rsplit(":", 1)[0] in people)


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:12]


def _times(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"


def _percent(share: float) -> str:
    return "Less than 1%" if share < 0.01 else f"{100 * share:.0f}%"
