"""The report on channels as files: a workbook, and the same rows as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable

import xlsxwriter

from yingting.domains.takings.contracts import Split
from yingting.kernel.words import gettext_noop as _
from yingting.reporting.channels.contracts import ChannelReport, ChannelRow
from yingting.reporting.channels.indicators import ACCEPTED, BACK, CHANNELS, DONE, E_SHARE, INSISTED, OFFERS
from yingting.reporting.channels.words import channel_title

Translate = Callable[[str], str]
Cell = str | float | int | None
ALL_HALLS = _("All halls")


def headings(translate: Translate) -> list[str]:
    """Return the headings of a row of figures."""
    channels = [channel_title(channel) for channel in CHANNELS]
    return [
        translate(_("Hall")), translate(_("Day")), *channels, translate(DONE.title), translate(E_SHARE.title),
        translate(_("Target")), *(translate(one.title) for one in (OFFERS, ACCEPTED, INSISTED, BACK)),
    ]  # fmt: skip


def cells(row: ChannelRow, translate: Translate) -> list[Cell]:
    """Return the cells of a row; what is not rated is empty."""
    shares = [one.value for one in (row.accepted, row.insisted, row.back)]
    return [
        row.hall or translate(ALL_HALLS), row.day.isoformat() if row.day else "", *(n for _channel, n, _share in row.cells),
        row.total, row.e_share.value, row.target, row.offers.n, *shares,
    ]  # fmt: skip


def _every(report: ChannelReport) -> Iterable[ChannelRow]:
    return (report.total, *report.halls, *report.days)


def to_csv(report: ChannelReport, translate: Translate) -> bytes:
    """Return all rows as CSV that spreadsheets open in the right script: the total, then halls, then days."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(headings(translate))
    writer.writerows([_safe(cell) for cell in cells(row, translate)] for row in _every(report))
    return stream.getvalue().encode("utf-8-sig")


def _safe(cell: Cell) -> Cell:
    """A text that begins like a formula is shown as text."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@") else cell


def to_workbook(report: ChannelReport, split: Split, translate: Translate) -> bytes:
    """Return the report as the bytes of an XLSX file: figures, the trend with a chart, payments."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False})
    bold, share = book.add_format({"bold": True, "text_wrap": True}), book.add_format({"num_format": "0.0%"})
    money = book.add_format({"num_format": "#,##0.00"})

    def write(title: str, head: list[str], rows: Iterable[list[Cell]]) -> int:
        sheet = book.add_worksheet(translate(title)[:31])
        sheet.write_row(0, 0, head, bold)
        sheet.set_column(0, len(head), 14)
        sheet.freeze_panes(1, 1)
        last = 0
        for last, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                sheet.write(last, column, cell, share if isinstance(cell, float) else None)
        return last

    head = headings(translate)
    write(_("Halls"), head, (cells(row, translate) for row in (report.total, *report.halls)))
    last = write(_("By day"), head, (cells(row, translate) for row in report.days))
    _chart(book, translate, head, last)
    pay = book.add_worksheet(translate(_("Payments"))[:31])
    pay.write_row(0, 0, [translate(_("Payment method")), translate(_("Amount in yuan")), translate(_("Share"))], bold)
    for place, one in enumerate(split.shares, 1):
        pay.write_string(place, 0, one.name)
        pay.write_number(place, 1, one.amount / 100, money)
        pay.write_number(place, 2, one.share, share)
    book.close()
    return stream.getvalue()


def _chart(book: xlsxwriter.Workbook, translate: Translate, head: list[str], last: int) -> None:
    """Draw rate and target by day onto the sheet of days."""
    sheet = book.get_worksheet_by_name(translate(_("By day"))[:31])
    chart = book.add_chart({"type": "line"})
    for column in (7, 8):
        chart.add_series(
            {
                "name": head[column],
                "categories": [sheet.name, 1, 1, last, 1],
                "values": [sheet.name, 1, column, last, column],
            }
        )
    chart.set_y_axis({"num_format": "0%", "min": 0})
    sheet.insert_chart(last + 2, 0, chart)
