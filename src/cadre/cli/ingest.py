"""`cadre ingest` and `cadre map`: files into the record."""

from pathlib import Path
from typing import Annotated

import typer

from cadre.cli.option import AsJson, Workspace, print_json
from cadre.cli.progress import working

app = typer.Typer()


@app.command()
def ingest(
    source: Annotated[str, typer.Argument(help="Which system the files are from; see `cadre sources`.")],
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Files or folders of its export.")],
    workspace: Workspace = None,
    as_json: AsJson = False,
    name: Annotated[str, typer.Option(help="Name of this instance, where a system is there twice.")] = "",
    zone: Annotated[str, typer.Option(help="IANA zone of times without one; default: the firm's.")] = "",
    day_first: Annotated[
        bool | None,
        typer.Option("--day-first/--month-first", help="How 03/04 is read; default: found out from the file."),
    ] = None,
    mapping: Annotated[Path | None, typer.Option(help="TOML mapping for `table`; draft one with `cadre map`.")] = None,
    strict: Annotated[bool, typer.Option(help="Exit with 1 where rows were refused.")] = False,
    refresh: Annotated[bool, typer.Option(help="Recompute signals and estimates afterwards.")] = True,
) -> None:
    """Take files into the record. The same files again change nothing; corrected rows replace what they correct."""
    from cadre.config import keep_source_settings
    from cadre.runtime import open_runtime
    from cadre.services.computing.ingest import files_of, read_mapping
    from cadre.services.computing.ingest import ingest as take
    from cadre.services.computing.refresh import refresh as recompute
    from cadre.sources import ReadOptions, find_source

    connector = find_source(source)
    # Wrong words leave nothing behind: the workspace is made once they hold.
    read_mapping(connector, ReadOptions(), mapping)
    files_of(connector, paths)
    runtime = open_runtime(workspace, create=True)
    instance = name or source
    options = runtime.options(instance, zone=zone, day_first=day_first)
    options = read_mapping(connector, options, mapping)
    with working(f"Reading {connector.label}") as progress:
        done = take(
            runtime.principal, runtime.warehouse, runtime.clock, connector, paths, options,
            instance=instance, progress=progress,
        )  # fmt: skip
    told = dict(done.settled)
    if zone:
        told["zone"] = zone
    if day_first is not None:
        told["day_first"] = day_first
    keep_source_settings(runtime.root, instance, told)
    if refresh:
        with working("Computing signals") as progress:
            recompute(runtime.principal, runtime.warehouse, runtime.work(), runtime.clock, progress=progress)
    if as_json:
        print_json(done.json())
    else:
        _say(done)
    if strict and done.count.rows_rejected:
        raise typer.Exit(1)


def _say(done: object) -> None:
    from cadre.services.computing.ingest import Ingested

    assert isinstance(done, Ingested)
    count = done.count
    files = f"{done.files} file{'s' if done.files != 1 else ''}"
    typer.echo(f"{done.source}: read {count.rows_read:,} rows of {files}.")
    typer.echo(
        f"  {count.rows_accepted:,} accepted, {count.rows_unchanged:,} unchanged, {count.rows_rejected:,} refused"
    )
    for table, rows in done.count.tables.items():
        if rows:
            typer.echo(f"  {table:<18}{rows:>12,}")
    for reason, rows in list(done.reasons.items())[:8]:
        typer.echo(f"  refused {rows:,}: {reason}")
    if count.rows_rejected:
        typer.echo(
            "  Every refused row is listed with file and line under Record (`cadre serve`) and in `cadre doctor`."
        )
    if "day_first" in done.settled:
        order = "day first (03/04 is 3 April)" if done.settled["day_first"] else "month first (03/04 is March 4)"
        typer.echo(f"  Dates are read {order}; this is kept in cadre.toml.")


@app.command(name="map")
def map_table(
    file: Annotated[Path, typer.Argument(help="A CSV, XLSX or Parquet file.")],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Where to write the mapping; default: the screen.")
    ] = None,
    as_json: AsJson = False,
    workspace: Workspace = None,
) -> None:
    """Draft a mapping for a table by looking at its columns. Check it, then `cadre ingest table FILE --mapping IT`."""
    from cadre.errors import UsageError
    from cadre.sources import SourceFile
    from cadre.sources.mapping import draft

    del workspace
    if not file.is_file():
        raise UsageError(f"{file.name}: no such file", hint="Check the path.")
    text = draft(SourceFile(file, file.name))
    if out:
        out.write_text(text, "utf-8")
    if as_json:
        print_json({"file": file.name, "mapping": text, "written": str(out) if out else None})
    elif out:
        typer.echo(f"Wrote {out}. Check it, then: cadre ingest table {file} --mapping {out}")
    else:
        typer.echo(text)
