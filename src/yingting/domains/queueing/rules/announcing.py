"""What range of minutes a customer is told: by the hall's wait model while that is fresh, else by the plain reckoning."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from yingting.domains.queueing.rules import quoted_range
from yingting.domains.queueing.rules.calling import Order, Standing
from yingting.kernel.shapes import said
from yingting.kernel.words import gettext_noop as _
from yingting.twin.waits import Seen, WaitModel

PLAIN = 0  # the version that stands for no model


@dataclass(frozen=True, slots=True)
class AnnouncingRule:
    """How waits are announced: which share of them the range is to hold, and when a wait model is no longer used."""

    stated_percent: int = said(
        _("Share of waits that the range is to hold"), unit=_("percent"), low=50, high=98, default=90,
        help=_("A wider range holds more. The next wait model is made for it."),
    )  # fmt: skip
    least_percent: int = said(
        _("Least share on days that a model does not know"), unit=_("percent"), low=40, high=98, default=85,
        help=_("A wait model that held less is not taken up."),
    )  # fmt: skip
    stale_days: int = said(
        _("A model is used for"), unit=_("days"), low=0, high=90, default=14,
        help=_("Counted from the day it was made. Then, and with 0 always, the range follows from the expected handling times alone."),
    )  # fmt: skip
    kept_percent: int = said(
        _("Share of bookings that come"), unit=_("percent"), low=0, high=100, default=85,
        help=_("So many of those who have booked are counted among the people ahead, until the hall has a share of its own."),
    )  # fmt: skip
    kept_least: int = said(
        _("Bookings after which the hall's own share counts"), low=1, high=999, default=30
    )  # fmt: skip
    kept_days: int = said(_("Own share from the last"), unit=_("days"), low=1, high=180, default=28)


def problems_of(rule: AnnouncingRule) -> Iterable[tuple[str, str]]:
    """Yield what no single field can see: (field, sentence).

    >>> list(problems_of(AnnouncingRule(80, 85)))
    [('least_percent', 'It cannot be more than the share that the range is to hold.')]
    """
    if rule.least_percent > rule.stated_percent:
        yield "least_percent", _("It cannot be more than the share that the range is to hold.")


@dataclass(frozen=True, slots=True)
class InstalledWaits:
    """A hall's wait model as it is in use. `version` counts the hall's models from 1; tickets and facts name it."""

    id: UUID
    version: int
    model: WaitModel
    made_on: dt.date

    def is_fresh(self, day: dt.date, stale_days: int) -> bool:
        """Is it still used on the day? A model made today and one made in the future (a hall's clock set back) are.

        >>> model = InstalledWaits(UUID(int=1), 1, WaitModel({}, 0, 3600, 0.9), dt.date(2026, 1, 5))
        >>> [model.is_fresh(dt.date(2026, 1, day), 14) for day in (5, 18, 19)], model.is_fresh(dt.date(2026, 1, 5), 0)
        ([True, True, False], False)
        """
        return (day - self.made_on).days < stale_days


@dataclass(frozen=True, slots=True)
class Told:
    """What a customer is told: lowest and highest minute (None: nobody serves the line), and by which model (`PLAIN`: none)."""

    minutes: tuple[int, int] | None
    by: int = PLAIN

    @property
    def ends(self) -> tuple[int | None, int | None]:
        """Lowest and highest minute, None each when nothing is told."""
        return self.minutes or (None, None)


def told_range(waits: InstalledWaits | None, queue: str, seen: Seen) -> Told:
    """Return the range for a customer who joins a queue (its letter) now, given what is seen.

    The model's range holds the share of waits that it states; the plain reckoning (`quoted_range`) holds where there is no
    fresh model, or none for this queue.

    >>> told_range(None, "A", Seen(ahead=3, work_s=540, counters=2))
    Told(minutes=(2, 9), by=0)
    """
    span = waits.model.span(queue, seen) if waits is not None else None
    if waits is None or span is None:
        return Told(quoted_range(ahead=seen.ahead, work_s=seen.work_s, counters=seen.counters, free=seen.free))
    return Told(span.minutes, waits.version)


def neighbours_of(queue: UUID, counters: Iterable[tuple[UUID, ...]]) -> frozenset[UUID]:
    """Return the other queues that are served where this one is; `counters` are each counter's queues.

    >>> a, b, c = (UUID(int=number) for number in (1, 2, 3))
    >>> neighbours_of(a, [(a, b), (c,), (a,)]) == {b}
    True
    """
    return frozenset(other for queues in counters if queue in queues for other in queues if other != queue)


def kept_share(rule: AnnouncingRule, *, came: int, missed: int) -> float:
    """Return which share of expected bookings comes: the hall's own once it has had enough of them, else the rule's.

    >>> kept_share(AnnouncingRule(), came=9, missed=1), kept_share(AnnouncingRule(), came=36, missed=4)
    (0.85, 0.9)
    """
    over = came + missed
    return came / over if over >= rule.kept_least else rule.kept_percent / 100


# How far booked customers are looked for: those due later come after everybody who takes a number now.
BOOKED_AHEAD = dt.timedelta(hours=4)
# Who is so late is not waited for, whether or not the booking has been closed.
BOOKED_LATE = dt.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Expected:
    """Somebody who has booked and is not here yet: the place in line that the booking gives, and when to be here."""

    queue: UUID
    rank_at: dt.datetime
    due_at: dt.datetime
    expected_s: int


def goes_before(one: Standing, other: Standing, order: Order, *, care_first: bool) -> bool:
    """Is the one called before the other where this order usually holds? As `calling.place_of`, without any condition.

    >>> nine = dt.datetime(2026, 1, 5, 9, tzinfo=dt.UTC)
    >>> walk_in, booked = Standing(1, "A", 1, 1, nine, nine, nine), Standing(2, "A", 1, 1, nine, nine, nine, is_booked=True)
    >>> goes_before(walk_in, booked, Order.AGED, care_first=True)
    False
    """
    return _place(one, order, care_first) < _place(other, order, care_first)


def _place(one: Standing, order: Order, care_first: bool) -> tuple[int, int, dt.datetime]:
    if care_first and one.tier == 0:
        return -1, 0, one.rank_at
    if order is Order.AGED:
        return 0, one.tier, one.rank_at
    return 0, one.level if order is Order.PRIORITY else 0, one.came_at


def with_booked(
    seen: Seen, before: Iterable[Expected], around: Iterable[Expected], *, kept: float, now: dt.datetime
) -> Seen:
    """Return what is seen with those who have booked and will be here before this customer's turn: `before` go first in the
    same queue, `around` stand in other queues of the same counters. Each counts by the share that comes (`kept`).

    Who is due only after the turn is not waited for; who makes the wait longer may bring the next one into it.

    >>> nine, seen = dt.datetime(2026, 1, 5, 9, tzinfo=dt.UTC), Seen(ahead=4, work_s=1200, counters=2)
    >>> soon = [Expected(UUID(int=1), nine, nine + dt.timedelta(minutes=m), 300) for m in (5, 9, 60)]
    >>> more = with_booked(seen, soon, (), kept=1.0, now=nine)
    >>> more.ahead, more.work_s
    (6, 1800.0)
    """
    if seen.counters <= 0 or seen.ahead < seen.free:
        return seen
    work_s, heads = seen.work_s, 0.0
    for one in sorted(before, key=lambda one: one.due_at):
        if (one.due_at - now).total_seconds() > work_s / seen.counters:
            break
        work_s += kept * one.expected_s
        heads += kept
    beside = sum(kept for one in around if (one.due_at - now).total_seconds() <= work_s / seen.counters)
    return replace(seen, ahead=seen.ahead + round(heads), work_s=float(work_s), around=seen.around + round(beside))


@dataclass(frozen=True, slots=True)
class Line:
    """Who waits in a queue: expected handling times in seconds, and since when the first of them."""

    expected_s: tuple[int, ...] = ()
    oldest_at: dt.datetime | None = None


def newcomer_sees(
    queue: UUID,
    lines: Mapping[UUID, Line],
    neighbours: frozenset[UUID],
    serving: Iterable[bool],
    *,
    now: dt.datetime,
    at_s: float,
) -> Seen:
    """Return what somebody who joins the queue now sees; `serving` are its open counters: does it have nobody?"""
    line, is_free = lines.get(queue, Line()), list(serving)
    around = sum(len(lines[other].expected_s) for other in neighbours if other in lines)
    oldest_s = max(0.0, (now - line.oldest_at).total_seconds()) if line.oldest_at else 0.0
    ahead, work_s = len(line.expected_s), float(sum(line.expected_s))
    return Seen(ahead, work_s, len(is_free), sum(is_free), around, oldest_s, at_s)
