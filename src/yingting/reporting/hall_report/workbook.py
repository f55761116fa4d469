"""The report as an XLSX workbook: numbers as numbers, real charts, one sheet per subject."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter

from yingting.foundation.lake.declared import declared
from yingting.indicators.declaring import Unit
from yingting.kernel.words import gettext_noop as _
from yingting.reporting.boards.screen import UNIT_WORDS, in_shown_unit
from yingting.reporting.hall_report.contracts import HallReport, NamedRow, Section
from yingting.reporting.hall_report.view_model import ALL_HALLS, ReportView, title_of, view_of
from yingting.reporting.written import KINDS, WEEKDAYS, Translate, clock

BRAND = "#0E7C7B"
_FIGURES = (
    "queueing.tickets", "queueing.served", "queueing.abandonment", "queueing.no_show", "queueing.wait_mean",
    "queueing.wait_median", "queueing.wait_p90", "queueing.wait_longest", "queueing.wait_within_limit",
    "queueing.wait_within_challenge", "queueing.handling_mean",
)  # fmt: skip
_HANDLING = ("queueing.handlings", "queueing.handling_mean", "queueing.handling_median", "queueing.handling_p90",
             "queueing.handling_within_limit")  # fmt: skip


def to_workbook(report: HallReport, translate: Translate = str) -> bytes:
    """Return the report as the bytes of an XLSX file. Durations are minutes; a cell that is not rated is empty."""
    stream = io.BytesIO()
    book = _Book(xlsxwriter.Workbook(stream, {"in_memory": True}), report, translate)
    book.write()
    return stream.getvalue()


class _Book:
    """One workbook while it is written."""

    def __init__(self, book: Any, report: HallReport, translate: Translate) -> None:
        self.book, self.report, self.t = book, report, translate
        self.view: ReportView = view_of(report, translate)
        self.head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.count = book.add_format({"num_format": "#,##0"})
        self.minutes = book.add_format({"num_format": "0.0"})
        self.share = book.add_format({"num_format": "0.0%"})
        self.sections = ((report.total,) if report.total else ()) + report.sections

    def write(self) -> None:
        """Write all sheets and close the book."""
        self._overview()
        self._busy()
        self._bands()
        self._heat()
        self._kinds()
        self._people(_("Counters"), _("Counter"), [(one, one.counters) for one in self.report.sections])
        self._people(_("Clerks"), _("Clerk"), [(one, one.clerks) for one in self.report.sections])
        self._longest()
        self._sets()
        self._rules()
        self.book.close()

    # ---------------------------------------------------------------------------------------- pieces

    def _sheet(self, title: str, headings: Sequence[str], row: int = 0, first_width: int = 18) -> Any:
        sheet = self.book.add_worksheet(self.t(title)[:31])
        self._headings(sheet, headings, row)
        sheet.set_column(0, 0, first_width)
        sheet.set_column(1, max(1, len(headings) - 1), 13)
        sheet.freeze_panes(row + 1, 1)
        return sheet

    def _headings(self, sheet: Any, headings: Sequence[str], row: int) -> None:
        for column, heading in enumerate(headings):
            sheet.write(row, column, heading, self.head)

    def _name(self, section: Section) -> str:
        return section.hall or self.t(ALL_HALLS)

    def _titles(self, keys: Sequence[str]) -> list[str]:
        """Headings of value columns, each followed by its number of cases unless it is itself a count."""
        out = []
        for key in keys:
            title = title_of(key, self.report, "", self.t)
            if _unit(key) is Unit.SECONDS:
                title = self.t(_("%(title)s, minutes")) % {"title": title}
            out.append(title)
            if _unit(key) is not Unit.COUNT:
                out.append(self.t(_("Cases")))
        return out

    def _values(self, sheet: Any, row: int, column: int, readings: Any, keys: Sequence[str]) -> None:
        for key in keys:
            one = readings[key]
            if _unit(key) is Unit.COUNT:
                sheet.write_number(row, column, one.n, self.count)
                column += 1
                continue
            if one.value is not None:
                is_time = _unit(key) is Unit.SECONDS
                value, style = (one.value / 60, self.minutes) if is_time else (one.value, self.share)
                sheet.write_number(row, column, value, style)
            sheet.write_number(row, column + 1, one.n, self.count)
            column += 2

    # ---------------------------------------------------------------------------------------- sheets

    def _overview(self) -> None:
        headings = [
            self.t(_("Hall")),
            self.t(_("First day")),
            self.t(_("Last day")),
            self.t(_("Days")),
            *self._titles(_FIGURES),
        ]
        sheet = self._sheet(_("Overview"), headings, row=2, first_width=22)
        sheet.write(0, 0, f"{self.view.title}  {self.view.period}", self.title)
        for row, section in enumerate(self.sections, start=3):
            sheet.write_string(row, 0, self._name(section))
            sheet.write_string(row, 1, section.first_day.isoformat())
            sheet.write_string(row, 2, section.last_day.isoformat())
            sheet.write_number(row, 3, section.days)
            self._values(sheet, row, 4, section.figures, _FIGURES)
        wait_column = 4 + len(self._titles(_FIGURES[:4]))
        last = 2 + len(self.sections)
        chart = self._bar_chart(self.t(_("Mean wait, minutes")))
        chart.add_series({
            "name": self.t(_("Mean wait, minutes")),
            "categories": [sheet.name, 3, 0, last, 0],
            "values": [sheet.name, 3, wait_column, last, wait_column],
            "fill": {"color": BRAND},
            "data_labels": {"value": True, "num_format": "0.0"},
        })  # fmt: skip
        sheet.insert_chart(last + 2, 0, chart, {"x_scale": 1.5})

    def _busy(self) -> None:
        keys = ("queueing.tickets", "queueing.wait_mean", "queueing.wait_median", "queueing.wait_p90",
                "queueing.wait_within_limit", "queueing.wait_within_challenge")  # fmt: skip
        headings = [self.t(_("Hall")), self.t(_("Hours")), *self._titles(keys)]
        sheet = self._sheet(_("Busy and idle"), headings)
        row = 1
        for section in self.sections:
            for word, readings in ((_("busy"), section.busy.busy), (_("idle"), section.busy.idle)):
                sheet.write_string(row, 0, self._name(section))
                sheet.write_string(row, 1, self.t(word))
                self._values(sheet, row, 2, readings, keys)
                row += 1

    def _bands(self) -> None:
        labels = [band.label for band in self.view.sections[0].bands] if self.view.sections else []
        sheet = self._sheet(_("Waiting bands"), [self.t(_("Hall")), *labels])
        for row, section in enumerate(self.sections, start=1):
            sheet.write_string(row, 0, self._name(section))
            for column, band in enumerate(section.bands, start=1):
                sheet.write_number(row, column, band.n, self.count)
        chart = self._bar_chart(self.t(_("How long customers waited")))
        chart.add_series({
            "name": [sheet.name, 1, 0],
            "categories": [sheet.name, 0, 1, 0, len(labels)],
            "values": [sheet.name, 1, 1, 1, len(labels)],
            "fill": {"color": BRAND},
            "data_labels": {"value": True},
        })  # fmt: skip
        sheet.insert_chart(len(self.sections) + 2, 0, chart)

    def _bar_chart(self, title: str) -> Any:
        chart = self.book.add_chart({"type": "column"})
        chart.set_title({"name": title, "overlay": False})
        chart.set_legend({"none": True})
        chart.set_y_axis({"min": 0, "major_gridlines": {"visible": True, "line": {"color": "#DDDDDD"}}})
        return chart

    def _heat(self) -> None:
        halves = sorted({cell.half_hour for section in self.sections for cell in section.heat})
        span = range(halves[0], halves[-1] + 1) if halves else range(0)
        headings = [self.t(_("Hall")), self.t(_("Weekday")), *(clock(half * 30) for half in span)]
        sheet = self._sheet(_("Heat map"), headings)
        sheet.set_column(2, 1 + len(span), 6)
        row = 1
        for section in self.sections:
            cells = {(cell.weekday, cell.half_hour): cell.tickets for cell in section.heat}
            first = row
            for weekday in sorted({cell.weekday for cell in section.heat}):
                sheet.write_string(row, 0, self._name(section))
                sheet.write_string(row, 1, self.t(WEEKDAYS[weekday]))
                for column, half in enumerate(span, start=2):
                    sheet.write_number(row, column, cells.get((weekday, half), 0), self.count)
                row += 1
            scale = {"type": "2_color_scale", "min_color": "#FFFFFF", "max_color": BRAND}
            sheet.conditional_format(first, 2, row - 1, 1 + len(span), scale)

    def _kinds(self) -> None:
        headings = [self.t(_("Hall")), self.t(_("Kind")), self.t(_("Limit, minutes")), *self._titles(_HANDLING)]
        sheet = self._sheet(_("Service times"), headings)
        row = 1
        for section in self.sections:
            for kind in section.kinds:
                sheet.write_string(row, 0, self._name(section))
                sheet.write_string(row, 1, self.t(KINDS[kind.kind]))
                if kind.limit_s is not None:
                    sheet.write_number(row, 2, kind.limit_s / 60, self.minutes)
                self._values(sheet, row, 3, kind.readings, _HANDLING)
                row += 1

    def _people(self, title: str, first: str, rows: list[tuple[Section, tuple[NamedRow, ...]]]) -> None:
        sheet = self._sheet(title, [self.t(_("Hall")), self.t(first), *self._titles(_HANDLING)])
        row = 1
        for section, named in rows:
            for one in named:
                sheet.write_string(row, 0, self._name(section))
                sheet.write_string(row, 1, one.name)
                self._values(sheet, row, 2, one.readings, _HANDLING)
                row += 1
        if row > 1:
            sheet.autofilter(0, 0, row - 1, 1 + len(self._titles(_HANDLING)))

    def _longest(self) -> None:
        words = (_("Hall"), _("Day"), _("Ticket"), _("Queue"), _("Taken at"), _("Counter"), _("Wait, minutes"))
        sheet = self._sheet(_("Longest waits"), [self.t(word) for word in words])
        row = 1
        for section in self.report.sections:
            for one in section.longest:
                day, taken = one.business_day.isoformat(), clock(one.issue_minute)
                texts = (one.hall, day, one.ticket, one.queue or "", taken, one.counter or "")
                for column, text in enumerate(texts):
                    sheet.write_string(row, column, text)
                sheet.write_number(row, len(texts), one.wait_s / 60, self.minutes)
                row += 1

    def _sets(self) -> None:
        """Every figure with data; the units are those of the boards' files."""
        words = (_("Hall"), _("Section"), _("Indicator"), _("Unit of measure"), _("Value"), _("Cases"),
                 _("Interval from"), _("Interval to"), _("Target"), _("Challenge"))  # fmt: skip
        sheet = self._sheet(_("All figures"), [self.t(word) for word in words])
        sheet.set_column(1, 2, 26)
        row = 1
        for section in self.sections:
            for found in section.sets:
                for one in found.figures:
                    texts = (self._name(section), self.t(found.title), self.t(one.indicator.title),
                             self.t(UNIT_WORDS[one.indicator.unit]))  # fmt: skip
                    sheet.write_row(row, 0, texts)
                    values = (one.reading.value, one.low, one.high, one.standard.target, one.standard.challenge)
                    value, *others = (in_shown_unit(one.indicator, value) for value in values)
                    for column, number in enumerate((value, one.reading.n, *others), start=len(texts)):
                        if number is not None:
                            sheet.write_number(row, column, number)
                    row += 1

    def _rules(self) -> None:
        sheet = self._sheet(_("How it is counted"), [self.t(_("How the numbers are counted"))], first_width=110)
        row = 1
        for rule in self.view.rules:
            sheet.write_string(row, 0, rule)
            row += 1
        for section in self.view.sections:
            for notice in section.notices:
                sheet.write_string(row, 0, f"{section.title}: {notice}")
                row += 1


def _unit(key: str) -> Unit:
    return declared()[key][0].unit
