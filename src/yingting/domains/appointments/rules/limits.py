"""Who may book: limits by person, and the waiting period after no-shows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from yingting.domains.appointments.refusals import DAY_LIMIT, OPEN_LIMIT, SAME_TIME, WAITING_PERIOD
from yingting.domains.appointments.rules.shapes import Terms
from yingting.domains.appointments.rules.states import CUSTOMERS_DOING, Cause
from yingting.kernel.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Mine:
    """An open booking of the same person: its day in its hall, and when it begins."""

    day: dt.date
    starts_at: dt.datetime


def require_may_book(
    terms: Terms, *, day: dt.date, starts_at: dt.datetime, others: Iterable[Mine], waits_until: dt.datetime | None,
    now: dt.datetime,
) -> None:  # fmt: skip
    """Refuse what a person may not book beside its open bookings: too many, twice that day, twice at the same time.

    `waits_until` is the end of the person's waiting period, None for none.
    Raises Refusal booking.waiting_period, booking.same_time, booking.open_limit, booking.day_limit.

    >>> at = dt.datetime(2026, 1, 5, 2, tzinfo=dt.UTC)
    >>> require_may_book(Terms(), day=at.date(), starts_at=at, others=[], waits_until=None, now=at)
    """
    held = list(others)
    if waits_until is not None and waits_until > now:
        raise Refusal(WAITING_PERIOD, until=f"{waits_until:%Y-%m-%d}")
    if any(one.starts_at == starts_at for one in held):
        raise Refusal(SAME_TIME)
    if len(held) >= terms.open_most:
        raise Refusal(OPEN_LIMIT, count=terms.open_most)
    if sum(one.day == day for one in held) >= terms.per_day:
        raise Refusal(DAY_LIMIT, count=terms.per_day)


def counts(terms: Terms, cause: Cause) -> bool:
    """Does a booking that ended so count for the waiting period?

    >>> counts(Terms(), Cause.NOT_COME), counts(Terms(), Cause.HALL_CLOSED), counts(Terms(), Cause.CANCELLED_LATE)
    (True, False, False)
    """
    return cause in CUSTOMERS_DOING or (cause is Cause.CANCELLED_LATE and terms.late_cancel_counts)


def cancelled_as(terms: Terms, starts_at: dt.datetime, now: dt.datetime) -> Cause:
    """Return whether a customer cancels in time or late.

    >>> at = dt.datetime(2026, 1, 5, 2, tzinfo=dt.UTC)
    >>> [cancelled_as(Terms(), at, at - dt.timedelta(minutes=n)).value for n in (60, 59)]
    ['cancelled', 'cancelled_late']
    """
    is_late = now > starts_at - dt.timedelta(minutes=terms.cancel_min)
    return Cause.CANCELLED_LATE if is_late else Cause.CANCELLED


def waiting_period(terms: Terms, missed: Iterable[dt.datetime], now: dt.datetime) -> dt.datetime | None:
    """Return until when a person waits who missed bookings at these instants, None: not yet. Those from before the latest
    waiting period, and what was excused, are not among them.

    >>> at = dt.datetime(2026, 1, 5, 2, tzinfo=dt.UTC)
    >>> waiting_period(Terms(), [at] * 2, at) is None, waiting_period(Terms(), [at] * 3, at) == at + dt.timedelta(days=30)
    (True, True)
    """
    since = now - dt.timedelta(days=terms.within_days)
    counted = sum(since < at <= now for at in missed)
    if not terms.no_show_most or counted < terms.no_show_most:
        return None
    return now + dt.timedelta(days=terms.waiting_days)
