"""Files read within bounds: what is damaged is refused where it is damaged, and nothing fills the memory."""

import gzip
import os
import tracemalloc
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cadre.errors import UnreadableFileError
from cadre.sources import Rejected, SourceFile
from cadre.sources.reading import MAX_LINE_BYTES, Row, lines, open_zip, rows

MIB = 2**20


def _file(folder: Path, content: bytes | str, name: str = "x.csv") -> SourceFile:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return SourceFile(path, name)


def _parts(items: Iterator[Row | Rejected]) -> tuple[list[Row], list[tuple[int, str]]]:
    taken, refused = list[Row](), list[tuple[int, str]]()
    for item in items:
        if isinstance(item, Rejected):
            refused.append((item.line, item.reason))
        else:
            taken.append(item)
    return taken, refused


@pytest.mark.parametrize("sep", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_from_the_header(tmp_path: Path, sep: str) -> None:
    taken, refused = _parts(rows(_file(tmp_path, f"a{sep}b\r\n1{sep} 2 \r\n")))

    assert ([(2, {"a": "1", "b": "2"})], []) == (taken, refused)


def test_a_byte_order_mark_is_no_part_of_the_first_name(tmp_path: Path) -> None:
    taken, _ = _parts(rows(_file(tmp_path, b"\xef\xbb\xbfa,b\n1,2\n")))

    assert [(2, {"a": "1", "b": "2"})] == taken


@pytest.mark.parametrize("content", ["", "a,b\n"])
def test_a_file_without_rows_has_none(tmp_path: Path, content: str) -> None:
    assert ([], []) == _parts(rows(_file(tmp_path, content)))


def test_a_name_that_comes_twice_gets_a_number(tmp_path: Path) -> None:
    taken, _ = _parts(rows(_file(tmp_path, "a,a,b\n1,2,3\n")))

    assert [(2, {"a": "1", "a.2": "2", "b": "3"})] == taken


def test_a_row_of_another_width_is_refused_at_its_line(tmp_path: Path) -> None:
    taken, refused = _parts(rows(_file(tmp_path, "a,b\n1\n1,2\n1,2,3\n")))

    assert [(3, {"a": "1", "b": "2"})] == taken
    assert [(2, "1 cells where the header has 2"), (4, "3 cells where the header has 2")] == refused


def test_a_quoted_line_end_stays_in_its_cell_and_later_lines_keep_their_numbers(tmp_path: Path) -> None:
    taken, _ = _parts(rows(_file(tmp_path, 'a,b\n1,"x\ny"\n2,z\n')))

    assert [(3, {"a": "1", "b": "x\ny"}), (4, {"a": "2", "b": "z"})] == taken


def test_a_header_may_have_a_line_end_in_quotes(tmp_path: Path) -> None:
    taken, refused = _parts(rows(_file(tmp_path, '"a\nlong",b\n1,2\n')))

    assert ([(3, {"a\nlong": "1", "b": "2"})], []) == (taken, refused)


def test_a_quote_that_never_closes_is_refused_and_not_taken_for_a_cell(tmp_path: Path) -> None:
    taken, refused = _parts(rows(_file(tmp_path, 'a,b\n1,2\n3,"4\n5,6\n')))

    assert [(2, {"a": "1", "b": "2"})] == taken
    assert [3] == [line for line, _ in refused]
    assert "quote" in refused[0][1]


def test_a_quote_that_never_closes_fills_no_memory(tmp_path: Path) -> None:
    file = _file(tmp_path, 'a,b\n1,"' + ("x" * 1023 + "\n") * (10 * 1024) + "\n")
    tracemalloc.start()
    taken, refused = _parts(rows(file))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert [] == taken
    assert refused
    assert peak < 12 * MAX_LINE_BYTES


def test_a_nul_byte_refuses_its_row_alone(tmp_path: Path) -> None:
    taken, refused = _parts(rows(_file(tmp_path, b"a,b\n1,\x00\n3,4\n")))

    assert [(3, {"a": "3", "b": "4"})] == taken
    assert [2] == [line for line, _ in refused]


def test_a_line_in_latin_1_is_refused_at_its_line(tmp_path: Path) -> None:
    taken, refused = _parts(rows(_file(tmp_path, b"a,b\n1,caf\xe9\n3,4\n")))

    assert [(3, {"a": "3", "b": "4"})] == taken
    assert [(2, "not UTF-8 text; export the file as UTF-8")] == refused


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-16-le"])
def test_utf_16_is_named(tmp_path: Path, encoding: str) -> None:
    mark = "" if encoding == "utf-16" else "\ufeff"

    with pytest.raises(UnreadableFileError, match="UTF-16"):
        list(rows(_file(tmp_path, f"{mark}a,b\n1,2\n".encode(encoding))))


def test_an_endless_line_is_one_refusal_in_bounded_memory(tmp_path: Path) -> None:
    file = _file(tmp_path, b"first\n" + b"x" * (20 * MIB) + b"\nlast\n")
    tracemalloc.start()
    found = list(lines(file))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert [(1, "first"), Rejected("line longer than 8 MiB", "x.csv", 2), (3, "last")] == found
    assert peak < 4 * MAX_LINE_BYTES


@pytest.mark.slow
def test_a_line_of_a_gibibyte_is_one_refusal_in_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    with path.open("wb") as sparse:
        sparse.truncate(2**30)
        sparse.seek(0, os.SEEK_END)
        sparse.write(b"\nlast\n")
    tracemalloc.start()
    found = list(lines(SourceFile(path, "x.txt")))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert [Rejected("line longer than 8 MiB", "x.txt", 1), (2, "last")] == found
    assert peak < 4 * MAX_LINE_BYTES


def test_gzip_is_known_by_its_bytes(tmp_path: Path) -> None:
    taken, _ = _parts(rows(_file(tmp_path, gzip.compress(b"a,b\n1,2\n"))))

    assert [(2, {"a": "1", "b": "2"})] == taken


def test_a_gzip_cut_short_is_unreadable(tmp_path: Path) -> None:
    packed = gzip.compress(os.urandom(5000).hex().encode())

    with pytest.raises(UnreadableFileError, match="ends early or is damaged"):
        list(lines(_file(tmp_path, packed[: len(packed) // 2])))


def test_a_gzip_bomb_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="unpacks to more than"):
        list(lines(_file(tmp_path, gzip.compress((b"a" * 65535 + b"\n") * 1600))))


def test_a_zip_bomb_is_unreadable(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x", b"\0" * (80 * MIB))

    with (
        pytest.raises(UnreadableFileError, match="would unpack to 80 MiB"),
        open_zip(SourceFile(tmp_path / "x.zip", "x.zip")),
    ):
        pass


def _sheet(folder: Path, *cells: tuple[object, ...]) -> SourceFile:
    from openpyxl import Workbook

    book = Workbook()
    for row in cells:
        book.worksheets[0].append(row)
    book.save(folder / "x.xlsx")
    return SourceFile(folder / "x.xlsx", "x.xlsx")


def test_a_sheet_names_doubles_as_csv_does_and_refuses_cells_beyond_the_header(tmp_path: Path) -> None:
    taken, refused = _parts(rows(_sheet(tmp_path, ("a", "a"), (1, 2.5), (1, 2, 3), (4,))))

    assert [(2, {"a": "1", "a.2": "2.5"}), (4, {"a": "4", "a.2": ""})] == taken
    assert [(3, "3 cells where the header has 2")] == refused


def test_a_sheet_that_is_no_zip_or_no_workbook_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="not a zip"):
        list(rows(_file(tmp_path, "a,b\n", "x.xlsx")))
    with zipfile.ZipFile(tmp_path / "y.xlsx", "w") as archive:
        archive.writestr("x", b"x")

    with pytest.raises(UnreadableFileError, match="workbook"):
        list(rows(SourceFile(tmp_path / "y.xlsx", "y.xlsx")))


def test_parquet_rows_are_text_and_damage_is_named(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    pq.write_table(pa.table({"a": [1, None], "b": ["x", "y"]}), path)
    file = SourceFile(path, "x.parquet")

    assert [(1, {"a": "1", "b": "x"}), (2, {"a": "", "b": "y"})] == list(rows(file))
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(UnreadableFileError, match="Parquet"):
        list(rows(file))


def test_a_missing_file_and_another_ending_are_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="no such file"):
        list(rows(SourceFile(tmp_path / "x.csv", "x.csv")))
    with pytest.raises(UnreadableFileError, match="expected CSV"):
        list(rows(_file(tmp_path, "a", "x.doc")))


def test_lines_that_end_in_a_bare_carriage_return_are_an_error_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "old.csv"
    path.write_bytes(b"id,title\r1,a\r2,b\r")

    with pytest.raises(UnreadableFileError, match="bare carriage return"):
        list(rows(SourceFile(path, "old.csv")))
