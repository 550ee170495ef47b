"""A small invented firm in a real warehouse: eight technicians, a client, a bot, two sources, refused rows, doubts."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa
import pytest

from cadre.access.principal import Principal
from cadre.records import DERIVED_BY_NAME, Firm
from cadre.services.computing.networks import network_tables
from cadre.services.computing.repeats import months_table, parts_of
from cadre.services.computing.seen import seen_table
from cadre.signals import SIGNALS, Signal, Tables, Window
from cadre.sources import Source
from cadre.warehouse import Collector, LoadFile, Snapshot, Warehouse

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
START = date(2025, 11, 3)
DAYS = 182
OWNER = Principal("owner at this machine", "owner")
NAMES = ("Ada Lind", "Bo Berg", "Cem Aydin", "Dora Novak", "Eli Stone", "Fay Wong", "Gus Rey", "Hana Kim")


def _partials(tables: Tables) -> ir.Table:
    return tables["signal_partials"].drop("signal")


def _value(partials: ir.Table, window: Window) -> ir.Table:
    del window
    summed = partials.group_by("person_id").agg(n=partials.n.sum(), total=partials.total.sum())
    share = summed.total / summed.n
    return summed.mutate(raw_value=share, variance=1 / (summed.n * share * (1 - share)))


def _evidence(tables: Tables) -> ir.Table:
    events = tables["ticket_events"]
    return events.filter(events.kind == "note").select(
        account_id=events.actor_account_id,
        other_account_id=events.to_account_id,
        record_table=events.kind.substitute({"note": "ticket_events"}),
        record_id=events.event_id,
        occurred_at=events.occurred_at,
        local_at=events.local_at,
        effect=events.occurred_at.hour() / 24.0,
        note=events.kind.substitute({"note": "wrote a note on a colleague's ticket"}),
    )


NOTED = Signal(
    name="noted_share",
    label="Notes on colleagues' tickets",
    family="mentoring",
    unit="share",
    direction="high",
    scale="logit",
    min_n=10,
    needs=(("ticket_events",),),
    horizon_days=1,
    grade="C",
    sentence="Wrote a note on {value} of {n} tickets of colleagues.",
    explanation="Tickets of colleagues the person saw, and the share on which they left a note.",
    reference="This test.",
    partials=_partials,
    value=_value,
    evidence=_evidence,
)
UNHEARD = Signal(
    name="heard_share",
    label="Said in meetings",
    family="meetings",
    unit="share",
    direction="high",
    scale="logit",
    min_n=10,
    needs=(("utterances",),),
    horizon_days=1,
    grade="C",
    sentence="Said {value}.",
    explanation="What was said.",
    reference="This test.",
    partials=_partials,
    value=_value,
    evidence=_evidence,
)
REGISTRY = (NOTED, UNHEARD)


def build(root: Path, *, purpose: str = "study", people: int = len(NAMES), signal: str = NOTED.name) -> Warehouse:
    """Load the firm and write its derived tables as a refresh would; `signal` is the one that is measured."""
    firm = Firm(name="Lindgren IT", zone="Europe/Berlin", purpose=purpose, window_days=DAYS, is_invented=True)  # type: ignore[arg-type]
    warehouse = Warehouse(root, firm)
    _load(warehouse, "roster", list(_roster(people)), refused=[(12, "started_on: no date")])
    _load(warehouse, "psa", list(_work(people)), refused=[(3, "no occurred_at"), (9, "no occurred_at")])
    _derive(warehouse, signal)
    return warehouse


def _name(number: int) -> str:
    return NAMES[number] if number < len(NAMES) else f"Person {number:04d}"


def _roster(people: int) -> Iterator[tuple[str, dict[str, Any]]]:
    yield "teams", {"external_id": "t1", "name": "Service desk", "tier": "1"}
    yield "teams", {"external_id": "t2", "name": "Projects", "tier": "projects"}
    for number in range(people):
        team = "t1" if number % 8 < 6 else "t2"
        yield "people", {"external_id": f"e{number}", "role": "Technician", "team_id": team}
        yield "identities", {"external_id": f"i{number}", "person_id": f"e{number}", "display_name": _name(number)}
        if number:  # the first has no schedule
            for weekday in range(5):
                yield "schedules", {
                    "external_id": f"s{number}-{weekday}", "person_id": f"e{number}", "kind": "work",
                    "weekday": weekday, "start_hour": 9.0, "end_hour": 17.0,
                }  # fmt: skip


def _work(people: int) -> Iterator[tuple[str, dict[str, Any]]]:
    dice = random.Random(5)
    for number in range(people):
        yield "accounts", {"external_id": f"u{number}", "kind": "staff"}
        yield "identities", {"external_id": f"u{number}", "account_id": f"u{number}", "display_name": _name(number)}
    yield "accounts", {"external_id": "c1", "kind": "client"}
    yield "identities", {"external_id": "c1", "account_id": "c1", "display_name": "Client Carla"}
    yield "accounts", {"external_id": "b1", "kind": "bot"}
    yield "identities", {"external_id": "b1", "account_id": "b1", "display_name": "Alert bot"}
    for number in range(20 * min(people, 40)):
        at = datetime(2026, 3, 2, 8, 0, tzinfo=UTC) + timedelta(hours=number % 9, days=number % 50)
        ticket = f"k{number // 4}"
        who = f"u{dice.randrange(min(people, 40))}"
        yield "ticket_events", {
            "external_id": f"v{number}", "occurred_at": at, "ticket_id": ticket, "kind": "note", "actor_account_id": who,
        }  # fmt: skip
        yield "texts", {
            "external_id": f"x{number}", "record_table": "ticket_events", "record_id": f"v{number}", "field": "body",
            "account_id": who, "body": f"Looked at the mail queue, see step {number}.",
        }  # fmt: skip


def _load(
    warehouse: Warehouse, source: str, rows: list[tuple[str, dict[str, Any]]], refused: list[tuple[int, str]]
) -> None:
    with warehouse.loading(source, NOW) as under_way:
        collector = Collector(under_way.folder, NOW)
        for line, (table, values) in enumerate(rows, start=20):
            collector.record(table, values, f"{source}.csv", line)
        for line, reason in refused:
            collector.refuse(f"{source}.csv", line, reason)
        stage = collector.close()
        tables = under_way.write(stage)
        under_way.note_newest(stage)
        under_way.count(stage, [LoadFile(f"{source}.csv", source, "s")], tables)
        under_way.publish()


def _derive(warehouse: Warehouse, signal: str) -> None:
    with warehouse.deriving(NOW) as derivation:
        tables = derivation.tables
        told = tables.rows(tables["identities"].select("account_id", "person_id", "display_name"))
        people = {r["display_name"]: r["person_id"] for r in told if r["person_id"]}
        names = {r["account_id"]: r["display_name"] for r in told if r["account_id"]}
        accounts = tables.rows(tables["accounts"].select("account_id", "kind"))
        joined = [
            {
                "account_id": a["account_id"],
                "person_id": people.get(names.get(a["account_id"], ""), a["account_id"]),
                "rule": "name" if names.get(a["account_id"]) in people else "own",
                "kind": a["kind"],
            }
            for a in accounts
        ]
        ordered = sorted(people.items())
        _write(derivation, "person_accounts", joined)
        first = next(j for j in joined if j["person_id"] == ordered[0][1])
        doubts = [
            {"doubt_id": "d1", **{k: first[k] for k in ("account_id", "person_id")}, "reason": "same name, no address"}
        ]
        _write(derivation, "identity_doubts", doubts)
        by_person = {j["person_id"]: j["account_id"] for j in joined}
        _write(
            derivation,
            "signal_partials",
            [p for n, (_, k) in enumerate(ordered) for p in _days(n, by_person[k], signal)],
        )
        measured = [each for each in (*REGISTRY, *SIGNALS) if each.name == signal]
        window = Window(START, DAYS)
        derivation.write("signal_months", months_table(parts_of(derivation.tables, window, measured), window))
        derivation.write("seen_hours", seen_table(derivation.tables, window))
        _write(derivation, "signal_values", [_signal(n, key, signal) for n, (_, key) in enumerate(ordered)])
        for name, drawn in network_tables(derivation.tables, window).items():
            derivation.write(name, drawn)
        _write(
            derivation,
            "assessments",
            [_assessed(n, key, e) for n, (_, key) in enumerate(ordered) for e in ("collaboration", "craft")],
        )
        derivation.publish()


def _write(derivation: Any, name: str, rows: list[dict[str, Any]]) -> None:
    derivation.write(name, pa.Table.from_pylist(rows, schema=DERIVED_BY_NAME[name].schema()))


def _days(number: int, account_id: str, signal: str) -> Iterator[dict[str, Any]]:
    for month in (12, 1, 2, 3, 4):
        day = date(2025 if month == 12 else 2026, month, 9)
        yield {"signal": signal, "account_id": account_id, "day": day, "n": 20, "total": 8.0 + number % 8}


def _signal(number: int, person_id: str, signal: str) -> dict[str, Any]:
    row = {"signal": signal, "person_id": person_id, "window_start": START, "window_days": DAYS}
    if number == 7:
        return {**row, "n": 4, "reason": "not enough evidence"}
    value = 0.4 + 0.05 * (number % 8)
    return {**row, "raw_value": value, "variance": 0.05, "value": value, "low": value - 0.08, "high": value + 0.07,
            "level": 0.9, "n": 100}  # fmt: skip


def _assessed(number: int, person_id: str, name: str) -> dict[str, Any]:
    row = {"name": name, "person_id": person_id, "window_start": START, "window_days": DAYS, "manifest": 2,
           "code_version": "0", "settings_digest": "x", "signals": [f"{NOTED.name}=0.4"]}  # fmt: skip
    if number >= 6:
        return {**row, "n": 1, "reason": "1 of 2 signals"}
    value = (number % 8) / 5 - 0.5
    return {**row, "value": value, "low": value - 0.4, "high": value + 0.5, "level": 0.9, "n": 2}


@pytest.fixture(scope="session")
def study(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """The firm as a study."""
    return build(tmp_path_factory.mktemp("study"))


@pytest.fixture(scope="session")
def own(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """The same firm as a workspace about one's own people."""
    return build(tmp_path_factory.mktemp("own"), purpose="firm")


@pytest.fixture
def snapshot(study: Warehouse) -> Iterator[Snapshot]:
    with study.snapshot() as record:
        yield record


@pytest.fixture
def own_snapshot(own: Warehouse) -> Iterator[Snapshot]:
    with own.snapshot() as record:
        yield record


@pytest.fixture(scope="session")
def registry() -> tuple[Signal, ...]:
    return REGISTRY


@pytest.fixture(scope="session")
def transcript() -> Source:
    """A source that is not loaded, and would bring utterances."""
    return Source(
        name="transcript",
        label="Meeting transcripts",
        group="msp",
        accepts="WebVTT files",
        patterns=("*.vtt",),
        yields=("meetings", "utterances"),
        read=lambda files, options: iter(()),
        tried="not yet tried on a live export",
        reference="W3C WebVTT",
    )
