"""Pure decisions about shifts: which day is whose, until when a wish may be made, what a wish got, when somebody is off post.

Off post: set → ended. After a failed exam it is set without a last day and ends by the passed resit (TRN-23).
Wish: open → granted | refused (by hand, or by what the published roster says) ; open → withdrawn.
Roster: draft → published → replaced.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from yingting.kernel.titled import Titled
from yingting.kernel.words import gettext_noop as _

WEEK = 7
# A wish lies at most so many weeks ahead; an absence or a time off post is at most a year long when it is entered.
WISH_WEEKS = 8
LONGEST_DAYS = 366


class AbsenceKind(Titled):
    """Why somebody is absent. Shown to those who plan and to the person; never in a fact."""

    LEAVE = "leave", _("On leave")
    SICK = "sick", _("Sick leave")
    TRAINING = "training", _("In training")


class OffPostReason(Titled):
    """Why somebody may not be put on duty (待岗)."""

    EXAM = "exam", _("Exam not passed")
    CONDUCT = "conduct", _("Conduct")
    OTHER = "other", _("Another reason")


class Wanted(Titled):
    """What somebody may wish for a day. Early and late: if on duty at all."""

    OFF = "off", _("Day off")
    EARLY = "early", _("Early shift")
    LATE = "late", _("Late shift")


class WishState(Titled):
    """Where a wish stands."""

    OPEN = "open", _("Not answered yet")
    GRANTED = "granted", _("Granted")
    REFUSED = "refused", _("Not possible")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class RosterState(Titled):
    """Where a roster stands."""

    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    REPLACED = "replaced", _("Replaced by a newer one")


class Origin(Titled):
    """Who wrote a cell."""

    SOLVER = "solver", _("Solver")
    HAND = "hand", _("By hand")


def monday_of(day: dt.date) -> dt.date:
    """Return the Monday of a day's week.

    >>> monday_of(dt.date(2026, 1, 8))
    datetime.date(2026, 1, 5)
    """
    return day - dt.timedelta(days=day.weekday())


def week_days(first_day: dt.date, days: int = WEEK) -> tuple[dt.date, ...]:
    """Return the days of a week or of another span."""
    return tuple(first_day + dt.timedelta(days=n) for n in range(days))


def wishes_until(day: dt.date, before_days: int) -> dt.date:
    """Return the last day on which a wish for a day may be made: so many days before its week begins.

    >>> wishes_until(dt.date(2026, 1, 15), 5)
    datetime.date(2026, 1, 7)
    """
    return monday_of(day) - dt.timedelta(days=before_days)


def publish_by(first_day: dt.date, weeks: int) -> dt.date:
    """Return the day by which the roster of a week should be out.

    >>> publish_by(dt.date(2026, 1, 19), 2)
    datetime.date(2026, 1, 5)
    """
    return first_day - dt.timedelta(weeks=weeks)


def is_granted(
    wanted: Wanted, starts_min: int | None, ends_min: int | None, *, early_by_min: int, late_from_min: int
) -> bool:
    """Say whether a day gives what was wished. Times are those of the shift in minutes after midnight, None for a day off.

    >>> is_granted(Wanted.EARLY, 570, 1080, early_by_min=510, late_from_min=1080)
    False
    >>> is_granted(Wanted.LATE, 570, 1080, early_by_min=510, late_from_min=1080)
    True
    """
    if starts_min is None or ends_min is None:
        return True
    if wanted is Wanted.EARLY:
        return starts_min <= early_by_min
    return wanted is Wanted.LATE and ends_min >= late_from_min


def is_span(first: dt.date, last: dt.date) -> bool:
    """Say whether two days are a span that may be entered: forward, at most a year.

    >>> day = dt.date(2026, 1, 5)
    >>> is_span(day, day), is_span(day, day - dt.timedelta(days=1)), is_span(day, day + dt.timedelta(days=400))
    (True, False, False)
    """
    return first <= last <= first + dt.timedelta(days=LONGEST_DAYS)


def meet(first: dt.date, last: dt.date | None, spans: Iterable[tuple[dt.date, dt.date | None]]) -> bool:
    """Say whether a span has a day in common with one of the others; None: without a last day.

    >>> day = dt.date(2026, 1, 5)
    >>> meet(day, None, [(day + dt.timedelta(days=30), None)]), meet(day, day, [(day + dt.timedelta(days=1), None)])
    (True, False)
    """
    return any((until is None or first <= until) and (last is None or since <= last) for since, until in spans)


def clipped(
    spans: Iterable[tuple[dt.date, dt.date | None]], first: dt.date, last: dt.date
) -> tuple[tuple[dt.date, dt.date], ...]:
    """Return the parts of spans that lie between two days, in order; spans that are empty or outside are left out.

    >>> day = dt.date(2026, 1, 5)
    >>> clipped([(day - dt.timedelta(days=9), None)], day, day)
    ((datetime.date(2026, 1, 5), datetime.date(2026, 1, 5)),)
    """
    parts = ((max(since, first), min(until or last, last)) for since, until in spans)
    return tuple(sorted((since, until) for since, until in parts if since <= until))


def can_lunch(at_min: int, *, starts_min: int, ends_min: int, lunch_min: int, from_min: int, until_min: int) -> bool:
    """Say whether a lunch break may begin at a minute of a shift.

    >>> can_lunch(690, starts_min=480, ends_min=1020, lunch_min=60, from_min=660, until_min=840)
    True
    >>> can_lunch(810, starts_min=480, ends_min=1020, lunch_min=60, from_min=660, until_min=840)
    False
    """
    if not lunch_min:
        return False
    return max(starts_min, from_min) <= at_min <= min(ends_min, until_min) - lunch_min


def are_terms(least_hours: float, most_hours: float, most_days: int, rest_hours: float) -> bool:
    """Say whether working terms can be.

    >>> are_terms(24, 40, 5, 11), are_terms(41, 40, 5, 11)
    (True, False)
    """
    return 0 <= least_hours <= most_hours <= 60 and 1 <= most_days <= WEEK and 0 <= rest_hours <= 24


def clock(minute: int) -> str:
    """Return minutes after midnight as people write them.

    >>> clock(545)
    '09:05'
    """
    return f"{minute // 60 % 24:02d}:{minute % 60:02d}"
