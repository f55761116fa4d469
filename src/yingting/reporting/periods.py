"""The periods that people ask for, by name or by their days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext

from yingting.kernel.months import month_start
from yingting.kernel.refusals import Refusal
from yingting.kernel.words import gettext_noop as _
from yingting.reporting.hall_report.asking import BACKWARDS
from yingting.reporting.requests import day_of

ONE_DAY = dt.timedelta(days=1)
NAMES = {
    "today": _("Today"),
    "yesterday": _("Yesterday"),
    "week": _("Last 7 days"),
    "weeks": _("Last 4 weeks"),
    "month": _("This month"),
    "last-month": _("Last month"),
    "quarter": _("This quarter"),
    "last-quarter": _("Last quarter"),
    "year": _("This year"),
}


@dataclass(frozen=True, slots=True)
class Period:
    """Days, both included; `name` is "" where they were chosen by hand."""

    first: dt.date
    last: dt.date
    name: str = ""

    @property
    def days(self) -> int:
        """Return how many days it has."""
        return (self.last - self.first).days + 1

    @property
    def before(self) -> Period:
        """Return the period to compare with: as many months before whole months, else as many days before.

        >>> Period(dt.date(2026, 3, 1), dt.date(2026, 3, 31)).before
        Period(first=datetime.date(2026, 2, 1), last=datetime.date(2026, 2, 28), name='')
        >>> Period(dt.date(2026, 3, 1), dt.date(2026, 3, 10)).before
        Period(first=datetime.date(2026, 2, 1), last=datetime.date(2026, 2, 10), name='')
        >>> Period(dt.date(2026, 3, 4), dt.date(2026, 3, 5)).before
        Period(first=datetime.date(2026, 3, 2), last=datetime.date(2026, 3, 3), name='')
        """
        if self.first.day != 1:
            return Period(self.first - self.days * ONE_DAY, self.first - ONE_DAY)
        months = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1
        if is_month_end(self.last):
            return Period(month_start(self.first, -months), self.first - ONE_DAY)
        first = month_start(self.first, -months)
        return Period(first, min(month_start(self.last, -months).replace(day=1) + (self.last.day - 1) * ONE_DAY,
                                 self.first - ONE_DAY))  # fmt: skip


def is_month_end(day: dt.date) -> bool:
    """Is this the last day of its month?"""
    return (day + ONE_DAY).day == 1


def named_period(name: str, today: dt.date) -> Period | None:
    """Return the period of a name, None for an unknown one.

    >>> named_period("last-quarter", dt.date(2026, 2, 3))
    Period(first=datetime.date(2025, 10, 1), last=datetime.date(2025, 12, 31), name='last-quarter')
    """
    month = month_start(today)
    quarter = month_start(today, -((today.month - 1) % 3))
    spans = {
        "today": (today, today),
        "yesterday": (today - ONE_DAY, today - ONE_DAY),
        "week": (today - 6 * ONE_DAY, today),
        "weeks": (today - 27 * ONE_DAY, today),
        "month": (month, today),
        "last-month": (month_start(today, -1), month - ONE_DAY),
        "quarter": (quarter, today),
        "last-quarter": (month_start(quarter, -3), quarter - ONE_DAY),
        "year": (today.replace(month=1, day=1), today),
    }
    return Period(*spans[name], name) if name in spans else None


def period_of(query: Mapping[str, str], today: dt.date, default: str = "month") -> Period:
    """Read `period`, or `from` and `to`, of a query. Days that are not given are those of the default period.

    Raises Refusal report.bad_date, report.backwards.
    """
    first, last = day_of(query.get("from")), day_of(query.get("to"))
    fallback = named_period(query.get("period", ""), today) or named_period(default, today)
    if fallback is None:
        raise ValueError(default)
    if first is None and last is None:
        return fallback
    period = Period(first or min(fallback.first, last or fallback.first), last or max(today, first or today))
    if period.last < period.first:
        raise Refusal(BACKWARDS)
    return period


def query_of(period: Period) -> str:
    """Return the period as an address carries it: by its days, so that a link says the same tomorrow."""
    return urlencode({"from": period.first.isoformat(), "to": period.last.isoformat()})


def period_context(period: Period, today: dt.date) -> dict[str, Any]:
    """Return what the form of periods shows."""
    return {
        "period": period, "today": today, "before": period.before, "period_query": query_of(period),
        "names": [(name, gettext(title)) for name, title in NAMES.items()],
    }  # fmt: skip
