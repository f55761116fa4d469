"""Frequent visitors (常客): who is one, who comes at peak times, and which of three classes they belong to. Pure.

The plain reference is here; `statements.py` says the same to DuckDB for millions of visits (a test compares the two).
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from yingting.kernel.months import months_before
from yingting.kernel.shapes import said
from yingting.kernel.titled import Titled
from yingting.kernel.words import gettext_noop as _


class Sort(Titled):
    """What a frequent visitor mostly comes for (QUE-25)."""

    PAYMENT = "payment", _("Payment and top-up")
    ROUTINE = "routine", _("Routine business")
    OTHER = "other", _("Other business")


@dataclass(frozen=True, slots=True)
class Script:
    """What is said to a class of frequent visitors, and what the plan is to reach."""

    sort: Sort = said(_("For the class"), default=Sort.OTHER)
    words: str = said(_("What to say"), is_long=True, default="")
    words_en: str = said(_("What to say, in English"), is_long=True, default="")
    goal: str = said(_("Goal of the plan"), default="")
    goal_en: str = said(_("Goal of the plan in English"), default="")


@dataclass(frozen=True, slots=True)
class Frequent:
    """Who is a frequent visitor, and how they are taught."""

    months: int = said(_("Visits are counted over"), unit=_("months"), low=1, high=24, default=6)
    more_than: int = said(_("Frequent: more than"), unit=_("visits"), low=1, high=200, default=6)
    peak_more_than: int = said(
        _("At peak: more than"), unit=_("visits at peak times"), low=0, high=200, default=3,
        help=_("Peak times are the busy days and hours of the hall's calendar."),
    )  # fmt: skip
    peak_percent: int = said(_("At peak also from a share of"), unit="%", low=1, high=100, default=60)
    mostly_percent: int = said(
        _("A class from a share of"), unit="%", low=34, high=100, default=50,
        help=_("Of payment first, then of routine business; who reaches neither is of the class “other”."),
    )  # fmt: skip
    payment: tuple[str, ...] = said(_("Payment and top-up"), choices="floor.businesses", default=())
    routine: tuple[str, ...] = said(_("Routine business"), choices="floor.businesses", default=())
    scripts: tuple[Script, ...] = said(_("Scripts and goals"), default=())
    contact_days: int = said(_("Contacted within"), unit=_("days"), low=1, high=180, default=14)
    effect_months: int = said(
        _("Effect measured over"), unit=_("months"), low=1, high=12, default=3,
        help=_("So many months before the teaching are set against as many after it."),
    )  # fmt: skip

    def script_of(self, sort: Sort) -> Script:
        """Return the script of a class; an empty one where nobody wrote it."""
        return next((one for one in self.scripts if one.sort is sort), Script(sort))


@dataclass(frozen=True, slots=True)
class CountedVisit:
    """A visit of a known customer: its day, its business as "class/type", and whether it came at a peak time."""

    customer: UUID
    day: dt.date
    business: str
    is_peak: bool


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted of one frequent visitor in the window."""

    customer: UUID
    visits: int
    peak: int
    sort: Sort
    is_peak: bool


def window(rule: Frequent, day: dt.date) -> tuple[dt.date, dt.date]:
    """Return the first and the last day that count on a day.

    >>> window(Frequent(), dt.date(2026, 1, 5))
    (datetime.date(2025, 7, 6), datetime.date(2026, 1, 5))
    """
    return months_before(day, rule.months) + dt.timedelta(days=1), day


def is_among(business: str, listed: Iterable[str]) -> bool:
    """Is a business, "class/type", among those listed by class or by both?

    >>> is_among("pay/fee", ("pay",)), is_among("plan/addon", ("plan/change",))
    (True, False)
    """
    return business in listed or business.partition("/")[0] in listed


def sort_of(payment: int, routine: int, visits: int, rule: Frequent) -> Sort:
    """Return the class of a visitor by what the visits were for (QUE-25).

    >>> [sort_of(payment, routine, 8, Frequent()).value for payment, routine in ((4, 4), (3, 4), (3, 3))]
    ['payment', 'routine', 'other']
    """
    if payment * 100 >= rule.mostly_percent * visits:
        return Sort.PAYMENT
    return Sort.ROUTINE if routine * 100 >= rule.mostly_percent * visits else Sort.OTHER


def comes_at_peak(peak: int, visits: int, rule: Frequent) -> bool:
    """Is a frequent visitor one of peak times (QUE-24): by number or by share?

    >>> comes_at_peak(4, 20, Frequent()), comes_at_peak(3, 7, Frequent()), comes_at_peak(3, 5, Frequent())
    (True, False, True)
    """
    return peak > rule.peak_more_than or peak * 100 >= rule.peak_percent * visits


def frequent_among(visits: Iterable[CountedVisit], rule: Frequent, day: dt.date) -> dict[UUID, Counted]:
    """Return the frequent visitors on a day (QUE-23), one by one: what the statement for millions is compared with."""
    first, last = window(rule, day)
    own: dict[UUID, list[CountedVisit]] = defaultdict(list)
    for visit in visits:
        if first <= visit.day <= last:
            own[visit.customer].append(visit)
    found = {}
    for customer, some in own.items():
        if len(some) > rule.more_than:
            peak = sum(one.is_peak for one in some)
            payment = sum(is_among(one.business, rule.payment) for one in some)
            routine = sum(
                is_among(one.business, rule.routine) and not is_among(one.business, rule.payment) for one in some
            )
            sort = sort_of(payment, routine, len(some), rule)
            found[customer] = Counted(customer, len(some), peak, sort, comes_at_peak(peak, len(some), rule))
    return found
