"""Invented firms taken in through the product's own doors, with what was planted beside what was estimated.

A firm's messages in its common channel are left out for every fourth person, who then has no access to it: estimates must
not move for that. Used by `recovery.py` and `fairness.py`.
"""

import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

sys.path.insert(0, str(Path(__file__).parent))

import keeping

from cadre.access.principal import Principal
from cadre.clock import FixedClock
from cadre.runtime import Runtime, open_invented
from cadre.services.computing.refresh import refresh
from cadre.services.computing.repeats import parts_of, repeats_of, repeats_table
from cadre.services.computing.values import values_of
from cadre.signals import Window
from cadre.simulator import load_world, simulate, truth
from cadre.simulator.roster_rows import GENERAL
from cadre.warehouse import Collector, LoadFile

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
UNTIL = date(2026, 6, 30)
MONTH_DAYS = 30.4
SHUT_OUT_EVERY = 4
"""Every so-manieth person has no access to the common channel."""

Row = dict[str, Any]
PROXIES = ("part_time", "late_shift", "leave", "second_language", "shut_out")


@dataclass(frozen=True, slots=True)
class Invented:
    """A firm: planted truth by person, and what was estimated over one or more windows.

    Attributes:
        truth: Person -> planted traits, `games`, `role`, `tenure_days`, and each of `PROXIES` as 0 or 1 (`leave`: tens of days).
        values: Window -> rows of `signal_values`.
        repeats: Window -> rows of `reliabilities`.
        flags: Rows of `flags` over the whole record.
    """

    truth: Mapping[str, Row]
    values: Mapping[Window, list[Row]]
    repeats: Mapping[Window, list[Row]]
    flags: list[Row]


def invented(
    world: str, seed: int, people: int, months: int, windows: list[Window], *, replicate: int = 0, texts: bool = True,
    correlation: float | None = None, folder: Path | None = None,
) -> Invented:  # fmt: skip
    """Take in one firm and estimate everybody over each window.

    Args:
        world: World it lives in.
        seed: Which firm.
        people: Its technicians.
        months: Its record.
        windows: What to value signals over.
        replicate: Another draw of its events.
        texts: Whether its words are written.
        correlation: Planted correlation of craft and leading; the world's unless given.
        folder: Where firms are kept; one that is kept there with these windows is read, and one that is not is made and kept.
    """
    rho = load_world(world).traits.correlation if correlation is None else correlation
    place = None
    if folder:
        place = folder / f"{world}-{seed}-{people}-{months}-{replicate}-{rho:+.2f}-{texts:d}-{keeping.digest()}"
        names = [f"{kind}-{_told(window)}" for window in windows for kind in ("values", "repeats")]
        if found := keeping.kept(place, ["truth", "flags", *names]):
            values, repeats = (
                {window: found[f"{kind}-{_told(window)}"] for window in windows} for kind in ("values", "repeats")
            )
            return Invented({row.pop("key"): row for row in found["truth"]}, values, repeats, found["flags"])
    made = _made(world, seed, people, months, windows, replicate=replicate, texts=texts, correlation=correlation)
    if place:
        tables = {"truth": [{"key": key, **row} for key, row in made.truth.items()], "flags": made.flags}
        tables |= {f"values-{_told(window)}": rows for window, rows in made.values.items()}
        keeping.keep(place, tables | {f"repeats-{_told(window)}": rows for window, rows in made.repeats.items()})
    return made


def _told(window: Window) -> str:
    return f"{window.start.isoformat()}-{window.days}"


def _made(
    world: str, seed: int, people: int, months: int, windows: list[Window], *, replicate: int, texts: bool,
    correlation: float | None,
) -> Invented:  # fmt: skip
    with tempfile.TemporaryDirectory() as made:
        opened = open_invented(Path(made))
        runtime = Runtime(opened.root, opened.settings, FixedClock(NOW), Principal("study", "owner"))
        secret = opened.root / "private" / "key"
        secret.parent.mkdir(parents=True, exist_ok=True)
        secret.write_text("0" * 64, "ascii")  # one key for every draw, so that people stay in their folds
        planted = truth(
            load_world(world), seed, people, until=UNTIL, months=months, correlation=correlation
        ).to_pylist()
        events = simulate(load_world(world), seed, people, months, until=UNTIL, texts=texts, replicate=replicate,
                          correlation=correlation)  # fmt: skip
        shut_out = {row["chat_account_id"] for n, row in enumerate(planted) if n % SHUT_OUT_EVERY == 0}
        with runtime.warehouse.loading("simulated", NOW) as load:
            collector = Collector(load.folder, NOW)
            for name, rows in _seen(events, shut_out):
                collector.batch(name, rows)
            stage = collector.close()
            load.count(stage, [LoadFile("simulation", "simulation", "s")], load.write(stage))
            load.publish()
        refresh(runtime.principal, runtime.warehouse, runtime.work(), runtime.clock)
        with runtime.snapshot() as record:
            people_rows = {row["person_id"]: row for row in record.rows(record["people"])}
            schedules = record.rows(record["schedules"])
            values = {window: values_of(record, window) for window in windows}
            repeats = {
                window: repeats_table(repeats_of(record, parts_of(record, window)), window).to_pylist()
                for window in windows
            }
            flags = record.rows(record["flags"])
        keys = {row["person_id"]: runtime.warehouse.key_of("simulated", "people", row["person_id"]) for row in planted}
    known = {}
    for row in planted:
        key = keys[row["person_id"]]
        own = [s for s in schedules if s["person_id"] == key]
        starts = [s["start_hour"] for s in own if s["kind"] == "work" and s["start_hour"] is not None]
        away = sum((s["ended_on"] - s["started_on"]).days + 1 for s in own if s["kind"] == "leave")
        known[key] = {
            **row,
            "role": people_rows[key]["role"],
            "part_time": float((people_rows[key]["employment_share"] or 1.0) < 1.0),
            "late_shift": float(bool(starts) and min(starts) >= 9.0),
            "leave": away / 10,
            "tenure_days": float((UNTIL - people_rows[key]["started_on"]).days),
            "second_language": float(row["second_language"]),
            "shut_out": float(row["chat_account_id"] in shut_out),
        }
    return Invented(known, values, repeats, flags)


def last(months: int) -> Window:
    """The last so many months of every invented record."""
    days = round(months * MONTH_DAYS)
    return Window(date.fromordinal(UNTIL.toordinal() + 1 - days), days)


def _seen(tables: Iterator[tuple[str, pa.Table]], shut_out: set[str]) -> Iterator[tuple[str, pa.Table]]:
    """Rows without the common channel's messages by, or to, those who have no access to it, and without replies to them."""
    gone: set[str] = set()
    for name, rows in tables:
        if name != "messages":
            yield name, rows
            continue
        kept = []
        for row in rows.select(
            ["external_id", "channel_id", "account_id", "mention_account_ids", "thread_id"]
        ).to_pylist():
            theirs = row["account_id"] in shut_out or shut_out & set(row["mention_account_ids"] or ())
            is_gone = (row["channel_id"] == GENERAL and theirs) or row["thread_id"] in gone
            kept.append(not is_gone)
            if is_gone:
                gone.add(row["external_id"])
        yield name, rows.filter(pc.cast(pa.array(kept), pa.bool_()))
