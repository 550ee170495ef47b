"""Erasing people: out of every table, every old version, every statistic; counts stay, a tombstone is left.

Keeps true: after it, no file of the workspace holds the erased accounts' keys, names or words, and no older manifest
can be opened: erasure wins over repeatability. Whether somebody may be erased is decided above.
"""

import secrets
from collections.abc import Iterable
from datetime import datetime

from cadre.records import BY_NAME, DERIVED, HASHED, VERSION, Table
from cadre.warehouse import delta, forgetting
from cadre.warehouse import manifest as manifests
from cadre.warehouse.conform import digest_sql
from cadre.warehouse.counted import Counted
from cadre.warehouse.engine import connect, define_tomb
from cadre.warehouse.layout import Layout
from cadre.warehouse.load import recover
from cadre.warehouse.lock import writing
from cadre.warehouse.manifest import Manifest, TableState
from cadre.warehouse.snapshot import stored_schemas, view_sql
from cadre.warehouse.tombstone import add_tombstones


def erase(layout: Layout, keys: Iterable[str], now: datetime, spared: Iterable[str] = ()) -> Manifest:
    """Erase accounts and people by their hashed keys.

    Args:
        layout: The workspace's folders.
        keys: `account_id`s and `person_id`s of one or more persons.
        now: When.
        spared: Derived tables that name nobody and cannot be computed again, since the words they came from are gone.

    Returns:
        The manifest after it. Other derived tables are empty in it until the next refresh.
    """
    erased = {key: f"{key[0]}_erased_{secrets.token_hex(9)}" for key in keys}
    with writing(layout.lock):
        base = recover(layout)
        forgetting.begin(layout)
        add_tombstones(layout.tombstones, erased)  # first: a crash leaves them blocked rather than coming back
        states: dict[str, TableState] = {}
        for name in base.tables:
            table = BY_NAME.get(name)
            if table:
                states[name] = _rewrite(layout, base, table, erased)
        derived = {table.name for table in DERIVED} - set(spared)
        kept = {name: state for name, state in base.tables.items() if name not in derived}
        following = Manifest(base.number, base.made_at, base.schema_version, kept).following(now, VERSION, states)
        manifests.publish(layout.manifests, following)
        forgetting.finish(layout)
        return following


def _rewrite(layout: Layout, base: Manifest, table: Table, erased: dict[str, str]) -> TableState:
    schema = table.stored_schema()
    folder = layout.table(table.name)
    columns = {c.name for c in table.columns if c.ref in HASHED}
    if table.name in HASHED:
        columns |= {table.key, "external_id"}
    lists = {c.name for c in table.columns if c.ref in HASHED and c.kind == "texts"}
    if not columns:
        return base.tables[table.name]
    run = connect(layout.staging / "spill")
    try:
        define_tomb(run, erased)
        run.execute(view_sql(table.name, stored_schemas()[table.name], base, layout))
        parts = []
        for name in schema.names:
            if name in lists:
                parts.append(f"list_transform({name}, lambda item: tomb(item)) AS {name}")
            elif name in columns:
                parts.append(f"tomb({name}) AS {name}")
            else:
                parts.append(name)
        gone = [c for c in sorted(columns - lists) if table.private]
        where = " AND ".join(f"({c} IS NULL OR {c} NOT IN (SELECT key FROM tombstones))" for c in gone) or "true"
        rewritten = f'SELECT {", ".join(parts)} FROM "{table.name}" WHERE {where}'
        sql = f"SELECT * REPLACE ({digest_sql(table)} AS content_digest) FROM ({rewritten})"
        rows = run.sql(sql).to_arrow_reader(200_000)
        counted = Counted(rows, schema)
        delta.overwrite(folder, counted.reader())
        return delta.state(folder, counted.rows)
    finally:
        run.close()


def drop_texts(layout: Layout, containers: dict[str, list[str]], now: datetime) -> int:
    """Drop the words of whole channels' months, tickets or meetings that were read; what was read from them stays.

    Args:
        layout: The workspace's folders.
        containers: Table of records -> keys of the records whose words go.
        now: When.

    Returns:
        Texts dropped, gone from every version.
    """
    with writing(layout.lock):
        base = recover(layout)
        if "texts" not in base.tables:
            return 0
        table = BY_NAME["texts"]
        run = connect(layout.staging / "spill")
        try:
            run.execute(view_sql("texts", stored_schemas()["texts"], base, layout))
            run.execute("CREATE TABLE gone (record_table VARCHAR, record_id VARCHAR)")
            for name, keys in containers.items():
                run.execute("INSERT INTO gone SELECT ?, unnest(?::VARCHAR[])", [name, keys])
            forgetting.begin(layout)
            names = ", ".join(table.stored_schema().names)
            rows = run.sql(f"SELECT {names} FROM texts ANTI JOIN gone USING (record_table, record_id)").to_arrow_reader(
                200_000
            )
            counted = Counted(rows, table.stored_schema())
            delta.overwrite(layout.table("texts"), counted.reader())
        finally:
            run.close()
        state = delta.state(layout.table("texts"), counted.rows)
        manifests.publish(layout.manifests, base.following(now, VERSION, {"texts": state}))
        forgetting.finish(layout)
        return base.tables["texts"].rows - counted.rows
