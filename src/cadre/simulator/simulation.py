"""An invented firm, day by day, as canonical rows; and the truth that was planted in it.

Keeps true: equal arguments give equal tables, whatever the machine; rows leave in weekly chunks, so memory stays
bounded; every chunk draws from child seeds of its own. Tables come as sources hand them over: raw keys, no hashes.
"""

from collections.abc import Iterator
from datetime import date
from zoneinfo import ZoneInfo

import pyarrow as pa

from cadre.errors import UsageError
from cadre.simulator.articles import Library
from cadre.simulator.casework import Casework
from cadre.simulator.chat import Chat
from cadre.simulator.gaming import Games
from cadre.simulator.incidents import Incidents
from cadre.simulator.meetings import Meetings
from cadre.simulator.roster import Firm, firm
from cadre.simulator.roster_rows import day_start, put_roster
from cadre.simulator.sheet import Sheet
from cadre.simulator.tickets import Desk
from cadre.simulator.traits import ALL
from cadre.simulator.world import World

MIN_PEOPLE = 5
"""Below that a firm has no teams, and nobody to hand over to."""
CHUNK_DAYS = 7
REPLICATE = 1_000_003
"""Step of the seed between draws of events of one firm."""
ZONE = "Europe/Berlin"


def simulate(
    world: World,
    seed: int,
    people: int,
    months: int,
    *,
    until: date,
    zone: str = ZONE,
    texts: bool = True,
    correlation: float | None = None,
    replicate: int = 0,
) -> Iterator[tuple[str, pa.Table]]:
    """The rows of an invented firm.

    Args:
        world: The world it lives in.
        seed: Any whole number from 0; the same gives the same tables.
        people: Technicians of the firm.
        months: Whole months of data, the last day being `until`.
        until: Last local day of data.
        zone: IANA zone of the firm.
        texts: Whether words are written too; events are the same without.
        correlation: Planted correlation of craft and leading; None takes the world's.
        replicate: What happens to the same firm in another draw of events, 0 the first; people, clients and articles stay.

    Yields:
        (canonical table name, rows in its `raw_schema`); a table comes many times. `source_file` names world and seed,
        `source_line` runs over all tables, so that rows read are rows yielded.
    """
    made = _firm(world, seed, people, months, until, zone, correlation)
    end = day_start(made, (until - made.first).days + 1)
    foreign = frozenset(a for p in made.people if p.second_language for a in (p.psa, p.chat))
    sheet = Sheet(f"{world.name}-{seed}", end, with_texts=texts, second_language=foreign)
    put_roster(made, sheet)
    library = Library(made, sheet)
    library.put()
    casework, chat, meetings = Casework(made, sheet, library), Chat(made, sheet), Meetings(made, sheet)
    desk = Desk(made, casework)
    made.seed += replicate * REPLICATE  # from here on the seed draws events alone
    incidents, games = Incidents(made, casework, desk, chat, meetings), Games(made, casework, chat)
    for ordinal in range((until - made.first).days + 1):
        tickets = desk.day(ordinal)
        chat.day(ordinal, tickets)
        incidents.day(ordinal)
        meetings.day(ordinal)
        games.day(ordinal, tickets)
        if ordinal % CHUNK_DAYS == CHUNK_DAYS - 1:
            yield from sheet.flush()
    yield from sheet.flush()


def truth(
    world: World,
    seed: int,
    people: int,
    *,
    until: date,
    months: int = 6,
    zone: str = ZONE,
    correlation: float | None = None,
) -> pa.Table:
    """What was planted, one row a person; pass the arguments of `simulate`.

    Columns: `person_id` (as in `people.external_id`), `psa_account_id`, `chat_account_id`, `team_id`, the axes `craft`
    and `leading` and their facets (sd, mean 0), `archetype` (missing: none), `games`, `second_language`, `is_lead`,
    `promoted_on` and `outcome` (whether the promotion turned out well; missing for people never promoted).
    """
    made = _firm(world, seed, people, months, until, zone, correlation)
    staff, planted = made.people, made.truth
    return pa.table(
        {
            "person_id": [p.key for p in staff],
            "psa_account_id": [p.psa for p in staff],
            "chat_account_id": [p.chat for p in staff],
            "team_id": [made.teams[p.team].key for p in staff],
            **{name: pa.array(planted.values[name]) for name in ALL},
            "archetype": pa.array([p.archetype or None for p in staff], pa.string()),
            "games": [p.games for p in staff],
            "second_language": [p.second_language for p in staff],
            "is_lead": [p.is_lead for p in staff],
            "promoted_on": pa.array([p.promoted_on for p in staff], pa.date32()),
            "outcome": pa.array([p.outcome for p in staff], pa.bool_()),
        }
    )


def _firm(world: World, seed: int, people: int, months: int, until: date, zone: str, correlation: float | None) -> Firm:
    if people < MIN_PEOPLE:
        raise UsageError(f"{people} people asked for, at least {MIN_PEOPLE} expected")
    if months < 1:
        raise UsageError(f"{months} months asked for, at least 1 expected")
    if seed < 0:
        raise UsageError(f"seed {seed} asked for, 0 or more expected")
    if correlation is not None and not -1 < correlation < 1:
        raise UsageError(f"correlation {correlation} asked for, between -1 and 1 expected")
    return firm(world, seed, people, months, until, ZoneInfo(zone), correlation)
