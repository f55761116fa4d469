"""When a booked customer arrives: on time, early, late, or after it was over; and when nobody came."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from yingting.domains.appointments.rules.shapes import Terms
from yingting.kernel.titled import Titled
from yingting.kernel.words import gettext_noop as _


class ArrivalKind(Titled):
    """How an arrival lies to the booked time; the title is what the screen says."""

    ON_TIME = "on_time", _("You are expected. Your place counts from your booked time.")
    EARLY = "early", _("You are early. Your place counts from your booked time, so others may be called before you.")
    LATE = "late", _("You are late. Your place counts from now, as if you had just taken a number.")
    TOO_LATE = "too_late", _("Your booked time is over and the place is gone. You can take a number now.")


@dataclass(frozen=True, slots=True)
class Arrival:
    """What an arrival gets: from when its rank counts (None: the booking is over), and the msgid that explains it.

    `minutes` lie between booked time and arrival: positive is late.
    """

    kind: ArrivalKind
    rank_at: dt.datetime | None
    words: str
    minutes: int


def arrival(terms: Terms, booked_at: dt.datetime, now: dt.datetime) -> Arrival:
    """Decide what an arrival gets. Early ranks by the booked time, late by its arrival, too late not at all.

    >>> at = dt.datetime(2026, 1, 5, 2, tzinfo=dt.UTC)
    >>> minute = dt.timedelta(minutes=1)
    >>> [arrival(Terms(), at, at + n * minute).kind.value for n in (-60, -15, 0, 10, 11, 30, 31)]
    ['early', 'on_time', 'on_time', 'on_time', 'late', 'late', 'too_late']
    """
    minutes = round((now - booked_at).total_seconds() / 60)
    if now > booked_at + dt.timedelta(minutes=_over_min(terms)):
        return Arrival(ArrivalKind.TOO_LATE, None, ArrivalKind.TOO_LATE.title, minutes)
    if now > booked_at + dt.timedelta(minutes=terms.late_min):
        return Arrival(ArrivalKind.LATE, now, ArrivalKind.LATE.title, minutes)
    kind = ArrivalKind.EARLY if now < booked_at - dt.timedelta(minutes=terms.early_min) else ArrivalKind.ON_TIME
    return Arrival(kind, booked_at, kind.title, minutes)


def _over_min(terms: Terms) -> int:
    """Minutes after which a booking is over; never before the time within which one may be late."""
    return max(terms.no_show_min, terms.late_min)


def is_no_show(terms: Terms, booked_at: dt.datetime, now: dt.datetime) -> bool:
    """Is a booking over of which nobody has come?

    >>> at = dt.datetime(2026, 1, 5, 2, tzinfo=dt.UTC)
    >>> [is_no_show(Terms(), at, at + dt.timedelta(minutes=n)) for n in (30, 31)]
    [False, True]
    """
    return now > booked_at + dt.timedelta(minutes=_over_min(terms))


def over_since(terms: Terms, now: dt.datetime) -> dt.datetime:
    """Return the latest booked time that is over now: bookings that began before it are no-shows."""
    return now - dt.timedelta(minutes=_over_min(terms))
