"""Tables as files: CSV that spreadsheets open in the right script, and workbooks with numbers as numbers."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse

from yingting.indicators.declaring import Unit

Cell = str | float | int | dt.date | None
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORMATS = {
    Unit.COUNT: "#,##0", Unit.SHARE: "0.0%", Unit.SECONDS: "0.0", Unit.SCORE: "0.00", Unit.MONEY: "#,##0.00",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class LineChart:
    """A chart below a table of a workbook: some of its columns, shares, over one of them (columns count from 0)."""

    over: int
    columns: Sequence[int]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: `units` gives the unit of each column's numbers, None for text. Seconds are written as minutes, fen as yuan.

    `chart` is drawn below it in a workbook.
    """

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    units: Sequence[Unit | None]
    chart: LineChart | None = None


def to_csv(sheet: Sheet) -> bytes:
    """Return the table as CSV."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(sheet.headings)
    writer.writerows([_safe(_plain(cell, unit)) for cell, unit in _cells(sheet, row)] for row in sheet.rows)
    return stream.getvalue().encode("utf-8-sig")


def to_workbook(sheets: Iterable[Sheet]) -> bytes:
    """Return the tables as the bytes of an XLSX file, one sheet each."""
    import xlsxwriter  # only who asks for a workbook waits for it

    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False})
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    formats = {unit: book.add_format({"num_format": pattern}) for unit, pattern in _FORMATS.items()}
    for sheet in sheets:
        page = book.add_worksheet(sheet.title[:31])
        page.write_row(0, 0, sheet.headings, head)
        page.set_column(0, max(0, len(sheet.headings) - 1), 16)
        page.freeze_panes(1, 1)
        for line, row in enumerate(sheet.rows, 1):
            for column, (cell, unit) in enumerate(_cells(sheet, row)):
                plain = _plain(cell, unit)
                if plain is not None:
                    page.write(line, column, plain, formats.get(unit) if unit else None)
        if sheet.chart is not None and sheet.rows:
            _draw(book, page, sheet, sheet.chart)
    book.close()
    return stream.getvalue()


def _draw(book: Any, page: Any, sheet: Sheet, chart: LineChart) -> None:
    drawn, last = book.add_chart({"type": "line"}), len(sheet.rows)
    for column in chart.columns:
        drawn.add_series(
            {
                "name": [page.name, 0, column],
                "categories": [page.name, 1, chart.over, last, chart.over],
                "values": [page.name, 1, column, last, column],
            }
        )
    drawn.set_y_axis({"num_format": "0%", "min": 0})
    page.insert_chart(last + 2, 0, drawn)


def download(sheets: Sequence[Sheet], form: str, name: str) -> HttpResponse:
    """Return the answer that hands out tables: "xlsx" all of them, "csv" the first."""
    if form == "xlsx":
        response = HttpResponse(to_workbook(sheets), content_type=XLSX_TYPE)
    else:
        response = HttpResponse(to_csv(sheets[0]), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response


def _cells(sheet: Sheet, row: Sequence[Cell]) -> list[tuple[Cell, Unit | None]]:
    return list(zip(row, sheet.units, strict=True))


def _plain(cell: Cell, unit: Unit | None) -> str | float | int | None:
    if isinstance(cell, dt.date):
        return cell.isoformat()
    if isinstance(cell, int | float) and unit in (Unit.SECONDS, Unit.MONEY):
        return cell / (60 if unit is Unit.SECONDS else 100)
    return cell


def _safe(cell: str | float | int | None) -> str | float | int | None:
    """A text that begins like a formula is shown as text."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@") else cell
