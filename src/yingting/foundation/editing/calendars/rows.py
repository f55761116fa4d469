"""Rows of a notice as they are written or come in a file: checked one by one, every bad one reported."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext

from yingting.foundation.calendars.notices import NoticeDay, problems
from yingting.kernel.refusals import Refusal, declare
from yingting.kernel.words import gettext_noop as _

# Field: the headings by which a column is known; the first is the one of our own files.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "first": ("first", "开始", "开始日期", "日期"),
    "last": ("last", "结束", "结束日期"),
    "kind": ("kind", "类型", "休班"),
    "name": ("name", "名称", "节日"),
    "name_en": ("name_en", "英文名称"),
}
REQUIRED = ("first", "kind", "name")
WORDS = {
    **dict.fromkeys(("休", "放假", "holiday", "off"), False),
    **dict.fromkeys(("班", "上班", "调休上班", "workday"), True),
}

ROW_DATE = declare("calendar.row_date", _("“%(text)s” is not a date; write it like 2027-01-01."), status=422)
ROW_KIND = declare("calendar.row_kind", _("“%(text)s” is neither 休 (holiday) nor 班 (workday)."), status=422)
ROW_NAME = declare("calendar.row_name", _("The row does not say which holiday it is."), status=422)

# Line, cells by field, and what is wrong with the line's shape.
Numbered = tuple[int, dict[str, str], Refusal | None]


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be taken: its line, what stood there, and why."""

    line: int
    text: str
    refusal: Refusal

    @property
    def sentence(self) -> str:
        """Why it cannot be taken, in the reader's language."""
        return self.refusal.in_words(gettext)


def checked(year: int, rows: Iterable[Numbered]) -> tuple[tuple[NoticeDay, ...], tuple[BadRow, ...]]:
    """Return the days of a year's notice that can be taken, and every row that cannot."""
    bad: list[BadRow] = []
    found: list[tuple[int, str, NoticeDay]] = []
    for line, cells, problem in rows:
        text = " | ".join(filter(None, cells.values()))[:120]
        try:
            if problem is not None:
                raise problem
            found.append((line, text, _day(cells)))
        except Refusal as refusal:
            bad.append(BadRow(line, text, refusal))
    wrong = {id(day): refusal for day, refusal in problems(year, [day for _line, _text, day in found])}
    bad += [BadRow(line, text, wrong[id(day)]) for line, text, day in found if id(day) in wrong]
    good = sorted((day for _line, _text, day in found if id(day) not in wrong), key=lambda day: day.first)
    return tuple(good), tuple(sorted(bad, key=lambda row: row.line))


def _day(cells: Mapping[str, str]) -> NoticeDay:
    first = _date(cells.get("first", ""))
    kind = cells.get("kind", "").lower()
    if kind not in WORDS:
        raise Refusal(ROW_KIND, text=kind)
    if not cells.get("name"):
        raise Refusal(ROW_NAME)
    last = _date(cells["last"]) if cells.get("last") else first
    return NoticeDay(first, last, WORDS[kind], cells["name"], cells.get("name_en", ""))


def _date(text: str) -> dt.date:
    try:
        # A workbook writes a date with a time.
        return dt.date.fromisoformat(text.replace("/", "-").replace(".", "-")[:10])
    except ValueError as error:
        raise Refusal(ROW_DATE, text=text) from error
