"""Taking files into the record: settle how dates are written, skip what is known, load the rest in one step.

Keeps true: the counts add up (read = accepted + rejected + unchanged), the same file read the same way is not read
twice, and what was settled about a source is returned so that the caller can keep and say it.
"""

import hashlib
import json
import secrets
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from cadre.access.principal import Principal
from cadre.clock import Clock
from cadre.errors import UsageError
from cadre.sources import Batch, Folded, Item, ReadOptions, Record, Rejected, Source, SourceFile
from cadre.sources.reading import Row, files_under, rows
from cadre.sources.times import date_habit, looks_numeric
from cadre.warehouse import Collector, LoadCount, LoadFile, Warehouse

_HABIT_ROWS = 200_000
_MIXED_SHARE = 0.01
Progress = Callable[[str, int], None]
"""Told the step and the rows so far; for a progress line."""


@dataclass(frozen=True, slots=True)
class Ingested:
    """What an ingest did.

    Attributes:
        source: Name of the source instance.
        files: Files given.
        count: Source rows by fate, and rows written by table.
        settled: What was settled about the source now and holds for later loads: `day_first`.
        reasons: Why rows were refused, with how many; most frequent first.
        manifest: Number of the manifest that holds the result.
    """

    source: str
    files: int
    count: LoadCount
    settled: dict[str, Any] = field(default_factory=dict)
    reasons: dict[str, int] = field(default_factory=dict)
    manifest: int = 0

    def json(self) -> dict[str, Any]:
        """The keys every surface uses."""
        count = asdict(self.count)
        return {"source": self.source, "files": self.files, **count, "reasons": self.reasons, "settled": self.settled}


def ingest(
    principal: Principal,
    warehouse: Warehouse,
    clock: Clock,
    source: Source,
    paths: Sequence[Path],
    options: ReadOptions,
    *,
    instance: str = "",
    progress: Progress = lambda step, rows: None,
) -> Ingested:
    """Take files of one source into the record.

    Args:
        principal: Who asks.
        warehouse: The workspace's record.
        clock: Tells when.
        source: The connector.
        paths: Files and folders.
        options: What is settled about the source.
        instance: Name of this instance of the source; the connector's name unless given.
        progress: Called as rows are read.

    Raises:
        UsageError: No file was found, or the order of day and month cannot be told.
        UnreadableFileError: A file as a whole cannot be read; nothing of the load was kept.
    """
    del principal
    name = instance or source.name
    files = files_of(source, paths)
    options, settled = settle(files, options)
    digest = _settings_digest(options)
    marked = [LoadFile(f.name, _digest(f.path), digest) for f in files]
    known = _known(warehouse, name, marked)
    if known is not None:
        return Ingested(name, len(files), known, settled, {}, warehouse.newest().number)
    now = clock.now()
    with warehouse.loading(name, now) as load:
        collector = Collector(load.folder, now)
        for number, item in enumerate(source.read(files, options), start=1):
            _take(collector, item)
            if number % 20_000 == 0:
                progress("reading", number)
        stage = collector.close()
        progress("writing", collector.staged_rows)
        tables = load.write(stage)
        load.note_newest(stage)
        count = load.count(stage, marked, tables)
        reasons = load.reasons()
        manifest = load.publish()
    return Ingested(name, len(files), count, settled, reasons, manifest.number)


def settle(files: Sequence[SourceFile], options: ReadOptions) -> tuple[ReadOptions, dict[str, Any]]:
    """Settle whether dates come day first, from all of a source's numeric dates.

    Raises:
        UsageError: There are numeric dates and none of them, or as many one way as the other, tells the order.
    """
    if options.day_first is not None:
        return options, {}
    texts = [text for file in files if _is_table(file) for text in _numeric_dates(file)]
    if not texts:
        return options, {}
    habit, day_proofs, month_proofs = date_habit(texts)
    wrong = min(day_proofs, month_proofs)
    if habit is None or wrong > _MIXED_SHARE * (day_proofs + month_proofs):
        found = (
            "03/04 could be April or March in every date"
            if habit is None
            else (f"{day_proofs:,} dates can only be day first and {month_proofs:,} only month first")
        )
        raise UsageError(
            f"the order of day and month cannot be told: {found}", hint="Say --day-first or --month-first."
        )
    return replace(options, day_first=habit), {"day_first": habit}


def files_of(source: Source, paths: Sequence[Path]) -> list[SourceFile]:
    """The files a connector takes among paths, each under a name of its own.

    Raises:
        UsageError: A path does not exist, or holds no file that fits.
    """
    files: list[SourceFile] = []
    for path in paths:
        if not path.exists():
            raise UsageError(f"{path.name}: no such file or folder", hint="Check the path.")
        found = [SourceFile(path, path.name)] if _is_repository(path) else files_under(path, source.patterns)
        if not found:
            raise UsageError(f"{path.name}: no file that {source.label} takes", hint=f"It takes {source.accepts}.")
        files += found
    names: dict[str, int] = {}
    unique = []
    for file in files:
        names[file.name] = names.get(file.name, 0) + 1
        again = f"{file.name} ({names[file.name]})" if names[file.name] > 1 else file.name
        unique.append(SourceFile(file.path, again))
    return unique


def _is_repository(path: Path) -> bool:
    return (path / ".git").exists() or ((path / "HEAD").is_file() and (path / "objects").is_dir())


def _take(collector: Collector, item: Item) -> None:
    match item:
        case Record(table, values, file, line):
            collector.record(table, dict(values), file, line)
        case Batch(table, batch):
            collector.batch(table, batch)
        case Folded(table, external_id, file, line):
            collector.fold(table, external_id, file, line)
        case Rejected(reason, file, line):
            collector.refuse(file, line, reason)


def _known(warehouse: Warehouse, source: str, files: Sequence[LoadFile]) -> LoadCount | None:
    """What earlier loads counted, where every one of the files was read before in the same way."""
    with warehouse.snapshot() as record:
        loads = record["loads"]
        earlier = record.rows(loads.filter(loads.source == source).order_by(loads.ended_at))
    by_digest = {(row["file_digest"], row["settings_digest"]): row for row in earlier}
    count = LoadCount()
    for file in files:
        row = by_digest.get((file.digest, file.settings_digest))
        if row is None:
            return None
        count.rows_read += row["rows_read"]
        count.rows_rejected += row["rows_rejected"]
        count.rows_unchanged += row["rows_read"] - row["rows_rejected"]
    return count


def _is_table(file: SourceFile) -> bool:
    return file.path.is_file() and file.path.name.lower().removesuffix(".gz").endswith((".csv", ".tsv", ".xlsx"))


def _numeric_dates(file: SourceFile) -> Iterator[str]:
    for number, row in enumerate(rows(file)):
        if number >= _HABIT_ROWS:
            return
        if isinstance(row, Rejected):
            continue
        yield from _dates_of(row)


def _dates_of(row: Row) -> Iterator[str]:
    for text in row[1].values():
        if 6 <= len(text) <= 24 and text[0].isdigit() and looks_numeric(text):
            yield text


def _settings_digest(options: ReadOptions) -> str:
    told = {"zone": options.zone, "day_first": options.day_first, "mapping": dict(options.mapping),
            "settings": dict(options.settings)}  # fmt: skip
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()[:16]


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    if path.is_dir():  # a repository: what its branches and tags point at
        for ref in sorted(p for p in (path / ".git").rglob("*") if p.is_file() and "objects" not in p.parts):
            if ref.name in {"HEAD", "packed-refs"} or "refs" in ref.parts:
                digest.update(ref.read_bytes())
        # A linked worktree or bare repository keeps its refs elsewhere: then it is read each time.
        return digest.hexdigest() if (path / ".git").is_dir() else secrets.token_hex(16)
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def read_mapping(source: Source, options: ReadOptions, mapping: Path | None) -> ReadOptions:
    """The options with a mapped table's TOML mapping.

    Raises:
        UsageError: The source needs a mapping and none was given, takes none, or it is not TOML.
    """
    if source.name != "table":
        if mapping:
            raise UsageError(f"{source.name} takes no mapping", hint="A mapping goes with `cadre ingest table`.")
        return options
    if mapping is None:
        raise UsageError("a table needs a mapping", hint="Draft one with `cadre map FILE --out mapping.toml`.")
    try:
        return replace(options, mapping=tomllib.loads(mapping.read_text("utf-8")))
    except FileNotFoundError:
        raise UsageError(f"{mapping.name}: no such file", hint="Check the path.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(
            f"{mapping.name} is not TOML: {error}", hint="Mend that line and repeat the command."
        ) from error
