"""The report on channels as tables: the same rows for CSV and workbook."""

from __future__ import annotations

from collections.abc import Iterable

from yingting.domains.takings.contracts import Split
from yingting.foundation.sheets import Cell, LineChart, Sheet
from yingting.indicators.declaring import Unit
from yingting.kernel.words import gettext_noop as _
from yingting.reporting.channels.contracts import ChannelReport, ChannelRow
from yingting.reporting.channels.indicators import ACCEPTED, BACK, CHANNELS, DONE, E_SHARE, INSISTED, OFFERS
from yingting.reporting.channels.words import channel_title
from yingting.reporting.hall_report.view_model import ALL_HALLS
from yingting.reporting.written import Translate

_UNITS = (
    None, None, *(Unit.COUNT for _channel in CHANNELS), Unit.COUNT, Unit.SHARE, Unit.SHARE, Unit.COUNT, Unit.SHARE,
    Unit.SHARE, Unit.SHARE,
)  # fmt: skip
_DAY, _RATE, _TARGET = 1, 3 + len(CHANNELS), 4 + len(CHANNELS)  # columns


def table_of(report: ChannelReport, t: Translate) -> Sheet:
    """Return all rows in one table: the total, then halls, then days."""
    return _figures(t(_("Channels")), (report.total, *report.halls, *report.days), t)


def sheets_of(report: ChannelReport, split: Split, t: Translate) -> tuple[Sheet, ...]:
    """Return the sheets of the workbook: halls, days with a chart, payments."""
    days = _figures(t(_("By day")), report.days, t, LineChart(_DAY, (_RATE, _TARGET)))
    heads = [t(_("Payment method")), t(_("Amount in yuan")), t(_("Share"))]
    paid: list[list[Cell]] = [[one.name, one.amount, one.share] for one in split.shares]
    return (
        _figures(t(_("Halls")), (report.total, *report.halls), t),
        days,
        Sheet(t(_("Payments")), heads, paid, [None, Unit.MONEY, Unit.SHARE]),
    )


def _figures(title: str, rows: Iterable[ChannelRow], t: Translate, chart: LineChart | None = None) -> Sheet:
    channels = [channel_title(channel) for channel in CHANNELS]
    heads = [
        t(_("Hall")), t(_("Day")), *channels, t(DONE.title), t(E_SHARE.title), t(_("Target")),
        *(t(one.title) for one in (OFFERS, ACCEPTED, INSISTED, BACK)),
    ]  # fmt: skip
    return Sheet(title, heads, [_cells(row, t) for row in rows], _UNITS, chart)


def _cells(row: ChannelRow, t: Translate) -> list[Cell]:
    """Return the cells of a row; what is not rated is empty."""
    return [
        row.hall or t(ALL_HALLS), row.day, *(n for _channel, n, _share in row.cells), row.total, row.e_share.value,
        row.target, row.offers.n, row.accepted.value, row.insisted.value, row.back.value,
    ]  # fmt: skip
