"""A table as CSV or XLSX, with the workspace's word in the file name and in a column of every row."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook
from starlette.responses import Response

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table to take away.

    Attributes:
        name: File name without ending.
        columns: Column heads.
        rows: Values; None is an empty cell.
        label: The word of a study workspace; empty for a firm's own.
    """

    name: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    label: str = ""

    @property
    def file(self) -> str:
        """File name without ending, with the label."""
        return "-".join(part for part in (self.name, re.sub(r"[^a-z]+", "-", self.label.lower())) if part)

    def lines(self) -> list[list[Any]]:
        """Head and rows as written."""
        extra = ["workspace"] if self.label else []
        told = [self.label] if self.label else []
        return [[*self.columns, *extra], *([*(_safe(v) for v in row), *told] for row in self.rows)]


def as_csv(sheet: Sheet) -> Response:
    """The table as CSV (UTF-8 with a byte order mark, which spreadsheets need)."""
    out = io.StringIO()
    csv.writer(out).writerows(sheet.lines())
    return Response("\ufeff" + out.getvalue(), media_type="text/csv; charset=utf-8", headers=_download(sheet, "csv"))


def as_xlsx(sheet: Sheet) -> Response:
    """The table as an Excel workbook of one sheet."""
    book = Workbook(write_only=True)
    page = book.create_sheet(sheet.name[:31])
    for line in sheet.lines():
        page.append(line)
    out = io.BytesIO()
    book.save(out)
    return Response(out.getvalue(), media_type=XLSX, headers=_download(sheet, "xlsx"))


def _download(sheet: Sheet, ending: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{sheet.file}.{ending}"'}


def _safe(value: Any) -> Any:
    """A text that a spreadsheet would run as a formula is written as text."""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value
