"""Which complaints about one person make an alarm: many in a calendar month, or some in month after month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from uuid import UUID

from yingting.domains.detection.rules.shapes import Unaware
from yingting.kernel.months import month_start
from yingting.kernel.words import gettext_noop as _


class Sort(Enum):
    """What an alarm is about: one calendar month, or months in a row."""

    MONTH = "month"
    RUN = "run"

    @property
    def title(self) -> str:
        """How it is told."""
        return _("In one month") if self is Sort.MONTH else _("Months in a row")


@dataclass(frozen=True, slots=True)
class Complaint:
    """A complaint that counts: which case, and its day."""

    case: UUID
    day: dt.date


@dataclass(frozen=True, slots=True)
class Found:
    """What reaches the rule: its sort, its first and last month (their first days), the complaints in them."""

    sort: Sort
    first: dt.date
    last: dt.date
    cases: tuple[UUID, ...]

    def meets(self, first: dt.date, last: dt.date) -> bool:
        """Does it overlap a span of months, or follow on it, so that both are one story?"""
        return self.first <= month_start(last, 1) and first <= month_start(self.last, 1)


def find(complaints: Iterable[Complaint], rule: Unaware) -> list[Found]:
    """Return what reaches the rule, months before runs, the oldest first."""
    by_month: dict[dt.date, list[UUID]] = {}
    for one in sorted(complaints, key=lambda one: one.day):
        by_month.setdefault(month_start(one.day), []).append(one.case)
    found = [
        Found(Sort.MONTH, month, month, tuple(cases))
        for month, cases in by_month.items()
        if len(cases) >= rule.per_month
    ]
    for run in _runs([month for month, cases in by_month.items() if len(cases) >= rule.each_month]):
        if len(run) >= rule.months:
            cases = tuple(case for month in run for case in by_month[month])
            found.append(Found(Sort.RUN, run[0], run[-1], cases))
    return found


def _runs(months: Iterable[dt.date]) -> list[list[dt.date]]:
    runs: list[list[dt.date]] = []
    for month in months:
        if runs and month_start(runs[-1][-1], 1) == month:
            runs[-1].append(month)
        else:
            runs.append([month])
    return runs
