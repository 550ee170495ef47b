"""The simulator as a connector: an order (a small TOML file) in, an invented firm's record out."""

import tomllib
from collections.abc import Iterator, Sequence
from datetime import date

import pyarrow as pa

from cadre.errors import UnreadableFileError
from cadre.simulator import load_world
from cadre.simulator import simulate as invent
from cadre.sources.source import Batch, Item, ReadOptions, Source, SourceFile


def _read(files: Sequence[SourceFile], options: ReadOptions) -> Iterator[Item]:
    for file in files:
        try:
            order = tomllib.loads(file.path.read_text("utf-8"))
            world, seed, people, months = order["world"], order["seed"], order["people"], order["months"]
            until = date.fromisoformat(order["until"])
        except (tomllib.TOMLDecodeError, KeyError, ValueError) as error:
            raise UnreadableFileError(
                f"{file.name}: not an order for the simulator", hint="Make one with `cadre simulate`."
            ) from error
        for table, rows in invent(
            load_world(world), seed=seed, people=people, months=months, until=until, zone=options.zone
        ):
            at = rows.schema.get_field_index("source_file")
            named = pa.array([file.name] * rows.num_rows, pa.string())
            yield Batch(table, rows.set_column(at, "source_file", named))


SOURCE = Source(
    name="simulated",
    label="Simulator (an invented firm)",
    group="study",
    accepts="the order that `cadre simulate` writes",
    patterns=("simulation.toml",),
    yields=(
        "people",
        "accounts",
        "identities",
        "teams",
        "memberships",
        "schedules",
        "role_changes",
        "clients",
        "tickets",
        "ticket_events",
        "time_entries",
        "ratings",
        "channels",
        "messages",
        "reactions",
        "meetings",
        "attendances",
        "utterances",
        "articles",
        "article_events",
        "alerts",
        "survey_responses",
        "texts",
    ),
    read=_read,
    tried="its own worlds, with planted truth",
    reference="docs/explanation/simulator.md",
)
