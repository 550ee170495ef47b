"""The tables of a file: one in a CSV, one a sheet in a workbook, with lines numbered through."""

from collections.abc import Iterator

from cadre.sources.reading import Row, open_zip, rows
from cadre.sources.source import Rejected, SourceFile

Sheet = tuple[tuple[str, ...], Iterator[Row | Rejected]]


def sheets(file: SourceFile) -> Iterator[Sheet]:
    """Each table that has rows, as (names of its columns, its rows); use up one before asking for the next.

    A table whose every row is refused has no columns. A workbook's sheets are numbered through: the lines of a sheet follow those of the sheet before.
    """
    offset = 0
    for name in _names(file):
        head, first = None, list[Row | Rejected]()
        source = rows(file, name)
        for item in source:
            first.append(item)
            if not isinstance(item, Rejected):
                head = tuple(item[1])
                break
        counted = _Counted(first, source, offset)
        if head is not None:
            yield head, counted
        else:
            yield (), iter(first)
        offset = counted.last


class _Counted(Iterator[Row | Rejected]):
    """Rows with their lines moved on by the sheets before."""

    def __init__(self, first: list[Row | Rejected], rest: Iterator[Row | Rejected], offset: int) -> None:
        self._first, self._rest, self._offset, self.last = iter(first), rest, offset, offset

    def __next__(self) -> Row | Rejected:
        item = next(self._first, None) or next(self._rest)
        if isinstance(item, Rejected):
            self.last = self._offset + item.line
            return Rejected(item.reason, item.file, self.last)
        self.last = self._offset + item[0]
        return self.last, item[1]


def _names(file: SourceFile) -> list[str | None]:
    if not file.path.name.lower().endswith((".xlsx", ".xlsm")):
        return [None]
    from openpyxl import load_workbook  # noqa: PLC0415 (heavy, used for XLSX alone)

    with open_zip(file):
        book = load_workbook(file.path, read_only=True)
        try:
            return list(book.sheetnames)
        finally:
            book.close()
