"""Tickets, their events and chat by the hundred million, for benchmarks: vectorised, with no words.

Keeps true: the case mix is that of the world (category, priority, difficulty, client, speed of the resolver), ids and
references hold within and across chunks, memory is that of one chunk, and equal arguments give equal tables. It is
plainer than `simulate`: no working hours but a daily span, no facets beyond speed and helpfulness, no archetypes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from cadre.errors import UsageError
from cadre.records import BY_NAME
from cadre.simulator.roster import firm
from cadre.simulator.roster_rows import put_roster
from cadre.simulator.sheet import Sheet
from cadre.simulator.simulation import ZONE
from cadre.simulator.worktime import HOUR, local_midnight
from cadre.simulator.world import World

CHUNK_TICKETS = 50_000
OPENING_HOURS = (7.0, 18.0)
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(slots=True)
class _Cast:
    """Who and what rows may name, and the traits that move them."""

    psa: pa.Array
    chat: pa.Array
    team_of: Ints
    teams: pa.Array
    clients: pa.Array
    users: pa.Array
    client_effect: Floats
    speed: Floats
    helpfulness: Floats
    channels: pa.Array


def bulk_events(
    world: World,
    rows: int,
    seed: int,
    *,
    people: int = 2000,
    months: int = 24,
    until: date,
    zone: str = ZONE,
    questions_per_ticket: float = 0.2,
) -> Iterator[tuple[str, pa.Table]]:
    """At least `rows` ticket events with their tickets and chat, in order of time from chunk to chunk.

    Args:
        world: Whose case mix and links it follows.
        rows: How many ticket events are wanted; the last chunk may bring a few more.
        seed: Any whole number from 0; the same gives the same tables.
        people: Technicians of the firm.
        months: Whole months the rows are spread over, the last day being `until`.
        until: Last local day of data.
        zone: IANA zone of the firm.
        questions_per_ticket: Questions in chat; most get an answer, so messages are a little under twice as many.

    Yields:
        (canonical table name, rows in its `raw_schema`), the roster first; `source_line` runs over all tables.
    """
    if rows < 1:
        raise UsageError(f"{rows} rows asked for, at least 1 expected")
    made = firm(world, seed, people, months, until, ZoneInfo(zone))
    days = (until - made.first).days + 1
    sheet = Sheet(f"{world.name}-bulk-{seed}", local_midnight(until + timedelta(days=1), made.zone), with_texts=False)
    put_roster(made, sheet)
    line = 0
    for name, table in sheet.flush():
        line += table.num_rows
        yield name, table
    cast = _Cast(
        pa.array([p.psa for p in made.people]), pa.array([p.chat for p in made.people]),
        np.array([p.team for p in made.people]), pa.array([t.key for t in made.teams]),
        pa.array([c.key for c in made.clients]), pa.array([c.login(0) for c in made.clients]),
        np.array([c.effect for c in made.clients]), np.array([p.speed for p in made.people]),
        np.array([p.helpfulness for p in made.people]), pa.array([t.channel for t in made.teams]),
    )  # fmt: skip
    midnights = np.array([local_midnight(made.first + timedelta(days=n), made.zone) for n in range(days)])
    chunks = max(1, round(rows / (CHUNK_TICKETS * _events_per_ticket(world))))
    done = chunk = 0
    while done < rows:
        rng = np.random.default_rng(np.random.SeedSequence(entropy=seed, spawn_key=(90, chunk)))
        low = min(chunk, chunks - 1) * days // chunks
        high = max(low + 1, min(chunk + 1, chunks) * days // chunks)
        wanted = min(CHUNK_TICKETS, max(1, round((rows - done) / _events_per_ticket(world) * 1.02)))
        opened = np.sort(rng.choice(midnights[low:high], wanted) + HOUR * rng.uniform(*OPENING_HOURS, wanted))
        for name, table in (
            *_tickets(world, cast, rng, opened, chunk, sheet.end),
            _messages(world, cast, rng, opened, chunk, sheet.end, questions_per_ticket),
        ):
            numbered = _numbered(name, table, sheet.file, line)
            line += numbered.num_rows
            done += numbered.num_rows if name == "ticket_events" else 0
            yield name, numbered
        chunk += 1


def _events_per_ticket(world: World) -> float:
    rules = world.tickets
    return 4 + rules.notes_mean + rules.replies_mean + 2 * rules.reopen_share + rules.escalate_share


def _tickets(
    world: World, cast: _Cast, rng: np.random.Generator, opened: Floats, chunk: int, end: float
) -> list[tuple[str, dict[str, pa.Array]]]:
    rules, n = world.tickets, len(opened)
    weights = np.array([c.weight for c in world.categories])
    category = rng.choice(len(weights), n, p=weights / weights.sum())
    priority = rng.choice(len(rules.priority_share), n, p=np.array(rules.priority_share) / sum(rules.priority_share))
    channel = rng.choice(len(rules.channels), n, p=np.array(rules.channel_share) / sum(rules.channel_share))
    client, owner = rng.integers(len(cast.clients), size=n), rng.integers(len(cast.psa), size=n)
    difficulty = np.array([c.difficulty for c in world.categories])[
        category
    ] + rules.difficulty_sd * rng.standard_normal(n)
    moves = rng.random(n) < 1 / (1 + np.exp(-(np.log(rules.escalate_share / (1 - rules.escalate_share))
                                              + rules.escalate_difficulty * difficulty)))  # fmt: skip
    solver = np.where(moves, rng.integers(len(cast.psa), size=n), owner)
    hours = rules.median_hours * np.exp(
        np.array([c.log_hours for c in world.categories])[category] + cast.client_effect[client]
        + np.array(rules.priority_effect)[priority] + np.array(rules.channel_effect)[channel]
        + rules.difficulty_effect * difficulty - rules.speed_effect * cast.speed[solver]
        + rules.noise_sd * rng.standard_normal(n)
    )  # fmt: skip
    assigned = opened + HOUR * rules.assign_hours * np.exp(rules.assign_sd * rng.standard_normal(n))
    resolved = assigned + HOUR * hours
    reopened = rng.random(n) < rules.reopen_share
    final = np.where(reopened, resolved + HOUR * (rules.reopen_hours + rules.reopen_part * hours), resolved)
    closed = final + HOUR * rules.close_hours
    keys = _keys(f"B{chunk + 1:05d}-", np.arange(n))
    psa, users = cast.psa.take(pa.array(owner)), cast.users.take(pa.array(client))
    solvers = cast.psa.take(pa.array(solver))
    notes, replies = (np.repeat(np.arange(n), rng.poisson(mean, n)) for mean in (rules.notes_mean, rules.replies_mean))
    every, again, moved = np.arange(n), np.flatnonzero(reopened), np.flatnonzero(moves)
    passed = assigned[moved] + rules.handover_part * (resolved - assigned)[moved]
    escalated = {"from_account_id": psa.take(pa.array(moved)), "to_account_id": solvers.take(pa.array(moved))}
    within = [(w, assigned[w] + (resolved - assigned)[w] * rng.random(len(w))) for w in (notes, replies)]
    steps = (
        _step("c", every, opened, "created", users, keys, "public"),
        _step("a", every, assigned, "assigned", None, keys, None, to_account_id=psa),
        _step("e", moved, passed, "escalated", psa.take(pa.array(moved)), keys, "private", **escalated),
        _step("n", notes, within[0][1], "note", solvers.take(pa.array(notes)), keys, "private"),
        _step("p", replies, within[1][1], "reply", solvers.take(pa.array(replies)), keys, "public"),
        _step("r", every, resolved, "resolved", solvers, keys, "public"),
        _step("o", again, resolved[again] + HOUR * rules.reopen_hours, "reopened",
              users.take(pa.array(again)), keys, "public"),
        _step("s", again, final[again], "resolved", solvers.take(pa.array(again)), keys, "public"),
        _step("x", every, closed, "closed", None, keys, "public"),
    )  # fmt: skip
    schema = BY_NAME["ticket_events"].raw_schema()
    events = pa.concat_tables([_shaped(schema, step) for step in steps])
    events = events.filter(pc.less(events["occurred_at"], _instants(np.array([end]))[0]))
    is_done, is_closed = final < end, closed < end
    tickets = {
        "external_id": keys, "occurred_at": _instants(opened), "client_id": cast.clients.take(pa.array(client)),
        "type": pa.repeat(pa.scalar("incident"), n), "priority": pa.array(priority + 1),
        "category": pa.array([c.name for c in world.categories]).take(pa.array(category)),
        "channel": pa.array(rules.channels).take(pa.array(channel)),
        "team_id": cast.teams.take(pa.array(cast.team_of[solver])), "assignee_account_id": solvers,
        "resolver_account_id": pc.if_else(pa.array(is_done), solvers, pa.scalar(None, pa.string())),
        "requester_account_id": users,
        "status": pa.array(["assigned", "resolved", "closed"]).take(pa.array(is_done.astype(int) + is_closed)),
        "resolved_at": _instants(final, is_done), "closed_at": _instants(closed, is_closed),
        "reopen_count": pa.array(reopened.astype(np.int64)), "handover_count": pa.array(moves.astype(np.int64)),
    }  # fmt: skip
    return [("tickets", tickets), ("ticket_events", {name: events[name] for name in schema.names})]


def _step(
    letter: str,
    tickets: Ints,
    at: Floats,
    kind: str,
    actor: pa.Array | None,
    keys: pa.Array,
    visibility: str | None,
    **columns: pa.Array,
) -> dict[str, pa.Array]:
    """One kind of event: for which tickets (ascending places), when, by whom."""
    n = len(tickets)
    first = np.searchsorted(tickets, tickets, side="left")
    ids = keys.take(pa.array(tickets))
    step = {
        "external_id": pc.binary_join_element_wise(ids, _keys(letter, np.arange(n) - first), "-"),
        "occurred_at": _instants(at), "ticket_id": ids, "kind": pa.repeat(pa.scalar(kind), n),
        "visibility": pa.repeat(pa.scalar(visibility, pa.string()), n), **columns,
    }  # fmt: skip
    return step if actor is None else {**step, "actor_account_id": actor}


def _messages(
    world: World, cast: _Cast, rng: np.random.Generator, opened: Floats, chunk: int, end: float, share: float
) -> tuple[str, dict[str, pa.Array]]:
    """So many questions a ticket, each put to one colleague of the firm, and its answer in the thread."""
    rules, n = world.answering, max(1, int(len(opened) * share))
    asker, target = rng.integers(len(cast.chat), size=n), rng.integers(len(cast.chat), size=n)
    target = np.where(target == asker, (target + 1) % len(cast.chat), target)
    asked = rng.choice(opened, n)
    push = np.log(rules.share / (1 - rules.share)) + rules.helpfulness * cast.helpfulness[target]
    delay = rules.delay_hours * np.exp(
        rules.delay_sd * rng.standard_normal(n) - rules.delay_slope * cast.helpfulness[target]
    )
    replied = asked + HOUR * delay
    found = np.flatnonzero((rng.random(n) < 1 / (1 + np.exp(-push))) & (replied < end))
    questions, answers = _keys(f"B{chunk + 1:05d}-q", np.arange(n)), _keys(f"B{chunk + 1:05d}-r", found)
    threads = questions.take(pa.array(found))
    nothing = pa.nulls(n, pa.string())
    offsets = pa.array(np.concatenate([np.arange(n + 1), np.full(len(found), n)]).astype(np.int32))
    where = cast.channels.take(pa.array(cast.team_of[asker]))
    return "messages", {
        "external_id": _joined(questions, answers), "occurred_at": _instants(np.concatenate([asked, replied[found]])),
        "channel_id": _joined(where, where.take(pa.array(found))),
        "account_id": _joined(cast.chat.take(pa.array(asker)), cast.chat.take(pa.array(target[found]))),
        "kind": pa.repeat(pa.scalar("message"), n + len(found)),
        "reply_to_id": _joined(nothing, threads), "thread_id": _joined(nothing, threads),
        "mention_account_ids": pa.ListArray.from_arrays(offsets, cast.chat.take(pa.array(target))),
    }  # fmt: skip


def _joined(one: pa.Array, two: pa.Array) -> pa.Array:
    return pa.concat_arrays([one, two])


def _keys(prefix: str, numbers: Ints) -> pa.Array:
    return pc.binary_join_element_wise(prefix, pa.array(numbers).cast(pa.string()), "")


def _instants(at: Floats, known: NDArray[np.bool_] | None = None) -> pa.Array:
    micros = pa.array(np.round(at * 1e6).astype(np.int64), mask=None if known is None else ~known)
    return micros.cast(pa.timestamp("us", tz="UTC"))


def _shaped(schema: pa.Schema, columns: dict[str, pa.Array]) -> pa.Table:
    n = len(columns["external_id"])
    return pa.table([columns.get(f.name, pa.nulls(n, f.type)) for f in schema], schema=schema)


def _numbered(name: str, columns: dict[str, pa.Array], file: str, line: int) -> pa.Table:
    n = len(columns["external_id"])
    numbers = pa.array(np.arange(line + 1, line + n + 1))
    return _shaped(
        BY_NAME[name].raw_schema(),
        {**columns, "source_file": pa.repeat(pa.scalar(file), n), "source_line": numbers},
    )
