"""Ingest over a small connector of its own, so that the counting is tested apart from any vendor's format."""

import gzip
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from cadre.access.principal import Principal
from cadre.clock import FixedClock
from cadre.errors import UnreadableFileError, UsageError
from cadre.services.computing.ingest import Ingested, ingest
from cadre.sources import Item, ReadOptions, Record, Rejected, Source, SourceFile
from cadre.sources.reading import rows
from cadre.sources.times import instant
from cadre.warehouse import Warehouse
from tests.conftest import NOW

OWNER = Principal("owner", "owner")


def read(files: Sequence[SourceFile], options: ReadOptions) -> Iterator[Item]:
    for file in files:
        for row in rows(file):
            if isinstance(row, Rejected):
                yield row
                continue
            line, cells = row
            try:
                at = instant(cells["opened"], options.zone, day_first=options.day_first)
            except ValueError as error:
                yield Rejected(str(error), file.name, line)
                continue
            yield Record("tickets", {"external_id": cells["id"], "occurred_at": at}, file.name, line)


SOURCE = Source("desk", "Desk", "msp", "CSV", ("*.csv", "*.csv.gz"), ("tickets",), read, "here", "here")


def run(warehouse: Warehouse, *paths: Path, options: ReadOptions | None = None) -> Ingested:
    return ingest(OWNER, warehouse, FixedClock(NOW), SOURCE, paths, options or ReadOptions(zone="Europe/Berlin"))


def table(folder: Path, *lines: str, name: str = "t.csv") -> Path:
    path = folder / name
    path.write_text("\n".join(("id,opened", *lines)) + "\n", "utf-8")
    return path


def test_the_same_file_again_is_told_as_unchanged_without_a_new_manifest(warehouse: Warehouse, tmp_path: Path) -> None:
    path = table(tmp_path, "1,2024-01-02", "2,never")
    first = run(warehouse, path)

    again = run(warehouse, path)

    assert (2, 1, 1, 0) == (
        first.count.rows_read,
        first.count.rows_accepted,
        first.count.rows_rejected,
        first.count.rows_unchanged,
    )
    assert (2, 0, 1, 1) == (
        again.count.rows_read,
        again.count.rows_accepted,
        again.count.rows_rejected,
        again.count.rows_unchanged,
    )
    assert first.manifest == again.manifest == 1


def test_the_order_of_day_and_month_is_found_once_and_returned(warehouse: Warehouse, tmp_path: Path) -> None:
    done = run(warehouse, table(tmp_path, "1,03/04/2024 10:00", "2,25/04/2024 10:00"))

    with warehouse.snapshot() as record:
        opened = sorted(row["occurred_at"].isoformat() for row in record.rows(record["tickets"]))
    assert {"day_first": True} == done.settled
    assert ["2024-04-03T08:00:00+00:00", "2024-04-25T08:00:00+00:00"] == opened


@pytest.mark.parametrize("lines", [("1,03/04/2024", "2,05/04/2024"), ("1,25/04/2024", "2,04/25/2024", "3,01/02/2024")])
def test_dates_whose_order_cannot_be_told_are_an_error_with_the_next_step(
    warehouse: Warehouse, tmp_path: Path, lines: tuple[str, ...]
) -> None:
    with pytest.raises(UsageError) as caught:
        run(warehouse, table(tmp_path, *lines))

    assert "Say --day-first or --month-first." == caught.value.hint
    assert 0 == warehouse.newest().number


def test_once_the_order_is_said_a_date_that_breaks_it_is_refused_alone(warehouse: Warehouse, tmp_path: Path) -> None:
    options = ReadOptions(zone="UTC", day_first=True)

    done = run(warehouse, table(tmp_path, "1,25/04/2024", "2,04/25/2024"), options=options)

    assert (1, {"no such date when read day first": 1}) == (done.count.rows_accepted, done.reasons)


def test_a_truncated_archive_is_an_error_and_nothing_of_it_is_kept(warehouse: Warehouse, tmp_path: Path) -> None:
    whole = gzip.compress(("id,opened\n" + "".join(f"{i},2024-01-02\n" for i in range(50_000))).encode())
    path = tmp_path / "cut.csv.gz"
    path.write_bytes(whole[: len(whole) // 2])

    with pytest.raises(UnreadableFileError) as caught:
        run(warehouse, path)

    assert "cut.csv.gz" in caught.value.message
    assert 0 == warehouse.newest().number
    assert not list(warehouse.layout.table("tickets").glob("*.parquet"))


def test_a_folder_without_a_fitting_file_is_an_error_that_names_what_fits(warehouse: Warehouse, tmp_path: Path) -> None:
    (tmp_path / "x.pdf").touch()

    with pytest.raises(UsageError, match="no file that Desk takes"):
        run(warehouse, tmp_path)


def test_two_files_of_one_name_keep_their_rows_apart(warehouse: Warehouse, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()

    done = run(warehouse, table(tmp_path / "a", "1,2024-01-02"), table(tmp_path / "b", "2,2024-01-02"))

    with warehouse.snapshot() as record:
        loads = record.rows(record["loads"])
    assert (2, 2) == (done.count.rows_accepted, done.files)
    assert ["t.csv", "t.csv (2)"] == sorted(row["file"] for row in loads)
