"""Files opened with bounds: gzip, zip, text, CSV, XLSX, Parquet.

Keeps true: memory stays bounded whatever a file holds (a line, a cell and an archive have limits), every row
comes with its line, and a row that cannot be read is a `Rejected`, while a file that cannot be read as a whole
raises `UnreadableFileError`. What the columns mean is the connector's business.
"""

import csv
import gzip
import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import IO, Any, cast

from cadre.errors import UnreadableFileError
from cadre.sources.source import Rejected, SourceFile

MAX_LINE_BYTES = 8 * 1024 * 1024
MAX_UNPACKED_BYTES = 40 * 1024**3
MAX_MEMBER_BYTES = 2 * 1024**3
MAX_RATIO = 400
"""Real logs pack 5-60 fold; beyond this and `RATIO_FROM_BYTES` an archive is taken for a bomb."""
RATIO_FROM_BYTES = 64 * 1024 * 1024
CHUNK_BYTES = 1024 * 1024

Row = tuple[int, dict[str, str]]

csv.field_size_limit(MAX_LINE_BYTES)


class _Bounded(io.RawIOBase):
    """A byte stream that refuses to unpack without end and names a truncated archive."""

    def __init__(self, stream: IO[bytes], file: SourceFile, packed_bytes: int) -> None:
        self._stream, self._file, self._packed, self._seen = stream, file, max(packed_bytes, 1), 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            data = self._stream.read(len(buffer))
        except (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile, OSError) as error:
            raise UnreadableFileError(
                f"{self._file.name}: the archive ends early or is damaged after {self._seen:,} unpacked bytes",
                hint="Nothing of it was loaded. Export or copy the file again and repeat the same command.",
            ) from error
        self._seen += len(data)
        if self._seen > MAX_UNPACKED_BYTES or (self._seen > RATIO_FROM_BYTES and self._seen / self._packed > MAX_RATIO):
            raise UnreadableFileError(
                f"{self._file.name}: unpacks to more than {self._seen // 2**20:,} MiB from {self._packed:,} bytes",
                hint="That is no ordinary export. Unpack it yourself and check it if you trust where it came from.",
            )
        buffer[: len(data)] = data
        return len(data)


@contextmanager
def open_bytes(file: SourceFile) -> Iterator[IO[bytes]]:
    """The file's bytes, gunzipped where they are gzip; bounded."""
    if not file.path.is_file():
        raise UnreadableFileError(f"{file.name}: no such file", hint="Check the path; folders are given as folders.")
    with file.path.open("rb") as raw:
        packed = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        if not packed:
            yield raw
            return
        with gzip.open(raw) as stream:
            bounded = _Bounded(cast("IO[bytes]", stream), file, file.path.stat().st_size)
            yield cast("IO[bytes]", io.BufferedReader(bounded, CHUNK_BYTES))


def text_lines(stream: IO[bytes], file: SourceFile, encoding: str = "utf-8") -> Iterator[tuple[int, str] | Rejected]:
    """Numbered lines (from 1) without their line end; a line too long or not in `encoding` is rejected."""
    number = 0
    while True:
        line = stream.readline(MAX_LINE_BYTES)
        if not line:
            return
        number += 1
        if len(line) == MAX_LINE_BYTES and not line.endswith(b"\n"):
            while (rest := stream.readline(CHUNK_BYTES)) and not rest.endswith(b"\n"):
                pass
            yield Rejected(f"line longer than {MAX_LINE_BYTES // 2**20} MiB", file.name, number)
            continue
        if number == 1:
            if line.startswith((b"\xff\xfe", b"\xfe\xff")):
                raise UnreadableFileError(
                    f"{file.name}: UTF-16 text where UTF-8 was expected", hint="Save or export it as UTF-8."
                )
            line = line.removeprefix(b"\xef\xbb\xbf")
            if b"\r" in line.rstrip(b"\r\n"):
                raise UnreadableFileError(
                    f"{file.name}: its lines end in a bare carriage return", hint="Save it with ordinary line ends."
                )
        try:
            yield number, line.decode(encoding).rstrip("\r\n")
        except UnicodeDecodeError:
            yield Rejected(f"not {encoding.upper()} text; export the file as UTF-8", file.name, number)


def lines(file: SourceFile) -> Iterator[tuple[int, str] | Rejected]:
    """Numbered lines of a text file, plain or gzip."""
    with open_bytes(file) as stream:
        yield from text_lines(stream, file)


class _Feed:
    """Lines for `csv.reader`, with the rejected ones put aside."""

    def __init__(self, source: Iterator[tuple[int, str] | Rejected], name: str) -> None:
        self._source, self.number, self.rejected = source, 0, list[Rejected]()
        self.first, self.has_ended, self._name = 0, False, name

    def __iter__(self) -> Iterator[str]:
        for item in self._source:
            if isinstance(item, Rejected):
                self.rejected.append(item)
                continue
            self.number = item[0]
            if "\0" in item[1]:
                self.rejected.append(Rejected("a NUL byte: not text", self._name, self.number))
                continue
            self.first = self.first or self.number
            yield item[1] + "\n"
        self.has_ended = True


def csv_rows(file: SourceFile, delimiter: str | None = None) -> Iterator[Row | Rejected]:
    """Rows of a CSV file with a header, as (line, column -> text), cells stripped.

    Args:
        file: The file, plain or gzip.
        delimiter: One character; None finds `,`, `;`, tab or `|` from the header.

    Yields:
        Rows whose line is that of their last physical line; `Rejected` for rows of another width than the header.
    """
    feed = _Feed(lines(file), file.name)
    source = iter(feed)
    header_line = next(source, None)
    if header_line is None:
        yield from feed.rejected
        return
    sep = delimiter or max(",;\t|", key=header_line.count)
    reader = csv.reader(chain([header_line], source), delimiter=sep)
    try:
        header = _distinct(next(reader))
    except csv.Error:
        feed.has_ended = True
    if feed.rejected or (feed.has_ended and header_line.count('"') % 2):
        raise UnreadableFileError(
            f"{file.name}: its header row cannot be read", hint="Export the file as UTF-8 CSV with one header row."
        )
    while True:
        feed.first = 0
        try:
            cells = next(reader, None)
        except csv.Error as error:
            yield Rejected(f"not a CSV row: {error}", file.name, feed.number)
            continue
        is_broken = any(item.line > feed.first > 0 for item in feed.rejected) and feed.number > feed.first
        yield from feed.rejected
        feed.rejected.clear()
        if cells is not None and (feed.has_ended or is_broken):
            reason = "a quote opened here never closes" if feed.has_ended else "a line within this row cannot be read"
            yield Rejected(f"{reason}; lines to {feed.number} are left out with it", file.name, feed.first)
            continue
        if cells is None:
            return
        if not cells or (len(cells) == 1 and not cells[0].strip()):
            continue
        if len(cells) != len(header):
            yield Rejected(f"{len(cells)} cells where the header has {len(header)}", file.name, feed.number)
            continue
        yield feed.number, dict(zip(header, (c.strip() for c in cells), strict=True))


def _distinct(names: Iterable[str]) -> list[str]:
    """Names of a header, stripped; one that comes again gets `.2`, `.3`."""
    header, seen = list[str](), dict[str, int]()
    for name in (name.strip() for name in names):
        seen[name] = seen.get(name, 0) + 1
        header.append(name if seen[name] == 1 else f"{name}.{seen[name]}")
    return header


@contextmanager
def open_zip(file: SourceFile) -> Iterator[zipfile.ZipFile]:
    """A zip archive whose members have sane sizes; raises `UnreadableFileError` for a bomb or a broken one."""
    try:
        archive = zipfile.ZipFile(file.path)
    except (zipfile.BadZipFile, OSError) as error:
        raise UnreadableFileError(
            f"{file.name}: not a zip archive, or cut short", hint="Export or copy the file again."
        ) from error
    with archive:
        packed = max(file.path.stat().st_size, 1)
        total = sum(member.file_size for member in archive.infolist())
        largest = max((member.file_size for member in archive.infolist()), default=0)
        if (
            total > MAX_UNPACKED_BYTES
            or largest > MAX_MEMBER_BYTES
            or (total > RATIO_FROM_BYTES and total / packed > MAX_RATIO)
        ):
            raise UnreadableFileError(
                f"{file.name}: would unpack to {total // 2**20:,} MiB from {packed:,} bytes",
                hint="That is no ordinary export. Unpack it yourself and check it if you trust where it came from.",
            )
        try:
            yield archive
        except (zipfile.BadZipFile, zlib.error, NotImplementedError) as error:
            raise UnreadableFileError(
                f"{file.name}: a file inside the archive is damaged", hint="Export or copy the file again."
            ) from error
        except RuntimeError as error:  # what zipfile raises for a file under a password
            if "password" not in str(error) and "encrypted" not in str(error):
                raise
            raise UnreadableFileError(
                f"{file.name}: the archive is under a password", hint="Export it without one, or unpack it first."
            ) from error


def xlsx_rows(file: SourceFile, sheet: str | None = None) -> Iterator[Row | Rejected]:
    """Rows of one sheet with a header; dates come as ISO text. The first sheet unless one is named."""
    from openpyxl import load_workbook  # noqa: PLC0415 (heavy, used for XLSX alone)
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415

    try:
        with open_zip(file):
            book = load_workbook(file.path, read_only=True, data_only=True)
        page = book[sheet] if sheet else book.worksheets[0]
    except (KeyError, IndexError, ValueError, SyntaxError, InvalidFileException) as error:
        raise UnreadableFileError(
            f"{file.name}: no workbook, or not the sheet that was asked for", hint="Save it as XLSX again."
        ) from error
    try:
        rows = page.iter_rows(values_only=True)
        names = list(next(rows, ()))
        while names and names[-1] is None:
            names.pop()
        header = _distinct(_cell_text(name) for name in names)
        for number, cells in enumerate(rows, start=2):
            width = max((at for at, cell in enumerate(cells, start=1) if cell is not None), default=0)
            if width > len(header):
                yield Rejected(f"{width} cells where the header has {len(header)}", file.name, number)
            elif width:
                texts = [_cell_text(cell) for cell in cells[:width]]
                yield number, dict(zip(header, texts + [""] * (len(header) - width), strict=True))
    finally:
        book.close()


def parquet_rows(file: SourceFile) -> Iterator[Row | Rejected]:
    """Rows of a Parquet file, cells as text; instants as ISO text."""
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    number = 0
    try:
        for batch in pq.ParquetFile(file.path).iter_batches(batch_size=20_000):
            for row in batch.to_pylist():
                number += 1
                yield number, {name: _cell_text(value) for name, value in row.items()}
    except (pa.ArrowException, OSError) as error:
        raise UnreadableFileError(
            f"{file.name}: not Parquet, or damaged after row {number}", hint="Export or copy the file again."
        ) from error


def rows(file: SourceFile, sheet: str | None = None) -> Iterator[Row | Rejected]:
    """Rows of a table file by its ending: CSV, TSV, TXT (plain or gzip), XLSX or Parquet."""
    name = file.path.name.lower().removesuffix(".gz")
    if name.endswith((".xlsx", ".xlsm")):
        yield from xlsx_rows(file, sheet)
    elif name.endswith(".parquet"):
        yield from parquet_rows(file)
    elif name.endswith((".csv", ".tsv", ".txt")):
        yield from csv_rows(file)
    else:
        raise UnreadableFileError(
            f"{file.name}: expected CSV, TSV, XLSX or Parquet", hint="Export the table in one of these formats."
        )


def files_under(path: Path, patterns: tuple[str, ...]) -> list[SourceFile]:
    """The files of a path in a stable order, named by their path below it; a file is taken as it is."""
    if path.is_file():
        return [SourceFile(path, path.name)]
    found = {f for pattern in patterns for f in path.rglob(pattern) if f.is_file()}
    return [SourceFile(f, f.relative_to(path).as_posix()) for f in sorted(found)]


def _cell_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    iso = getattr(value, "isoformat", None)
    return str(iso()) if iso else str(value).strip()
