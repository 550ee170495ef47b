"""Inventing a firm: write the order, then take it in through the same door as any other source."""

from datetime import date, timedelta

import pyarrow.parquet as pq

from cadre.access.principal import Principal
from cadre.clock import Clock
from cadre.errors import UsageError
from cadre.services.computing.ingest import Ingested, Progress, ingest
from cadre.simulator import load_world, truth
from cadre.sources import ReadOptions, find_source
from cadre.warehouse import Warehouse

ORDER = "simulation.toml"


def simulate(
    principal: Principal,
    warehouse: Warehouse,
    clock: Clock,
    *,
    world: str,
    people: int,
    months: int,
    seed: int,
    until: date | None = None,
    progress: Progress = lambda step, rows: None,
) -> Ingested:
    """Take an invented firm into a workspace, with its planted truth beside it in `truth.parquet`.

    Args:
        principal: Who asks.
        warehouse: The workspace's record.
        clock: Tells when.
        world: Name of a world.
        people: How many people the firm has.
        months: How many months of record.
        seed: The same seed gives the same firm.
        until: Last day of the record; yesterday unless given.
        progress: Called as rows are read.

    Raises:
        UsageError: The workspace holds another firm's record, or the world is unknown.
    """
    order = warehouse.root / ORDER
    if warehouse.newest().number and not order.exists():
        raise UsageError("this workspace holds a real record; an invented firm is not mixed into it",
                         hint="Name another folder with --workspace.")  # fmt: skip
    until = until or clock.now().date() - timedelta(days=1)
    told = f'world = "{world}"\nseed = {seed}\npeople = {people}\nmonths = {months}\nuntil = "{until}"\n'
    if order.exists() and order.read_text("utf-8") != told and warehouse.newest().number:
        raise UsageError("this workspace holds another invented firm", hint="Name another folder, or remove this one.")
    planted = load_world(world)
    order.write_text(told, "utf-8")
    pq.write_table(
        truth(planted, seed=seed, people=people, months=months, until=until), warehouse.root / "truth.parquet"
    )
    return ingest(principal, warehouse, clock, find_source("simulated"), [order], ReadOptions(zone=warehouse.firm.zone),
                  instance="simulated", progress=progress)  # fmt: skip
