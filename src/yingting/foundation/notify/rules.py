"""Pure decisions about messages: is this a repeat, is it folded, when does it leave the house, when is it tried again.

told ──► in the inbox at once            (a repeat of something open: not again; over the limit: folded)
  └────► to a robot, by e-mail, by SMS   at once, after quiet hours, or with the next digest
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from yingting.kernel.clocks import business_day, local_instant
from yingting.kernel.shapes import said
from yingting.kernel.titled import Titled
from yingting.kernel.words import gettext_noop as _

HOUR = dt.timedelta(hours=1)


class Severity(Titled):
    """How much a message presses. `rank` orders them, `title` is the word shown beside it."""

    NOTE = "note", _("Information")
    WARNING = "warning", _("Warning")
    URGENT = "urgent", _("Urgent")

    @property
    def rank(self) -> int:
        """0 for the mildest.

        >>> Severity.URGENT.rank > Severity.WARNING.rank > Severity.NOTE.rank
        True
        """
        return list(Severity).index(self)


@dataclass(frozen=True, slots=True)
class DeliveryRule:
    """How messages reach people outside of the inbox, how many at most, and how long they are kept."""

    quiet_from: dt.time = said(
        _("Quiet from"), help=_("Local time of the hall or unit. Same as the end: no quiet hours."), default=dt.time(21)
    )
    quiet_until: dt.time = said(_("Quiet until"), default=dt.time(8))
    urgent_breaks_quiet: bool = said(_("Urgent messages are sent in quiet hours too"), default=True)
    digest_at: tuple[dt.time, ...] = said(
        _("Digests go out at"), help=_("One time a line, such as 09:00. None: nothing is gathered."),
        default=(dt.time(9), dt.time(17)),
    )  # fmt: skip
    gathered: Severity = said(
        _("Gathered for the digest"), help=_("Messages up to this severity; urgent ones never wait for a digest."),
        default=Severity.NOTE,
    )  # fmt: skip
    hourly: int = said(
        _("Messages of one kind in an hour, at most"), help=_("What exceeds is shown as one line: “12 more”."), low=1, high=200,
        default=6,
    )  # fmt: skip
    attempts: int = said(_("Tries before giving up"), low=1, high=12, default=6)
    first_retry_min: int = said(
        _("First retry after"), help=_("Doubled from one try to the next."), unit=_("min"), low=1, high=60, default=1
    )
    keep_read_days: int = said(_("Keep read messages"), unit=_("days"), low=1, high=730, default=90)
    keep_unread_days: int = said(_("Keep unread messages"), unit=_("days"), low=1, high=730, default=180)


def is_repeat(held: Severity | None, new: Severity) -> bool:
    """Does somebody who holds an open message about the same thing (None: holds none) know this already?

    >>> is_repeat(None, Severity.NOTE), is_repeat(Severity.WARNING, Severity.WARNING), is_repeat(Severity.WARNING, Severity.URGENT)
    (False, True, False)
    """
    return held is not None and new.rank <= held.rank


def is_quiet(at: dt.time, rule: DeliveryRule) -> bool:
    """Does a wall time lie in the quiet hours? They may run over midnight; their end is no longer quiet.

    >>> rule = DeliveryRule(quiet_from=dt.time(21), quiet_until=dt.time(8))
    >>> [is_quiet(dt.time(*at), rule) for at in ((20, 59), (21, 0), (3, 0), (7, 59), (8, 0))]
    [False, True, True, True, False]
    """
    begin, end = rule.quiet_from, rule.quiet_until
    return begin <= at < end if begin <= end else at >= begin or at < end


def after_quiet(at: dt.datetime, rule: DeliveryRule, timezone: str) -> dt.datetime:
    """Return the instant itself, or the end of the quiet hours that it lies in.

    >>> rule = DeliveryRule(quiet_from=dt.time(21), quiet_until=dt.time(8))
    >>> after_quiet(dt.datetime(2026, 1, 5, 14, tzinfo=dt.UTC), rule, "Asia/Shanghai").isoformat()
    '2026-01-06T00:00:00+00:00'
    """
    day = business_day(at, timezone)
    # Found by trying instants, not by adding hours: a night in which the clock is set is an hour shorter or longer.
    if not is_quiet(_wall(at, timezone), rule):
        return at
    ends = (local_instant(day + dt.timedelta(days=n), rule.quiet_until, timezone) for n in (0, 1))
    return next(end for end in ends if end > at)


def next_digest(at: dt.datetime, rule: DeliveryRule, timezone: str) -> dt.datetime:
    """Return the next time of a digest after an instant; one that falls into quiet hours goes out at their end.

    >>> rule = DeliveryRule(digest_at=(dt.time(17), dt.time(9)))
    >>> next_digest(dt.datetime(2026, 1, 5, 9, tzinfo=dt.UTC), rule, "Asia/Shanghai").isoformat()
    '2026-01-06T01:00:00+00:00'
    """
    day = business_day(at, timezone)
    times = (
        local_instant(day + dt.timedelta(days=n), time, timezone) for n in (0, 1) for time in sorted(rule.digest_at)
    )
    return after_quiet(next(time for time in times if time > at), rule, timezone)


def leaves_at(
    severity: Severity, rule: DeliveryRule, *, now: dt.datetime, timezone: str, lately: Sequence[dt.datetime] = ()
) -> dt.datetime:
    """Return when a message leaves the house. `lately` are the departures of its kind on the same way within the last hour.

    Over the hourly limit it waits until the first of them is an hour old, and leaves with all that wait by then, as one text.

    >>> now = dt.datetime(2026, 1, 5, 4, tzinfo=dt.UTC)  # noon in Shanghai
    >>> [leaves_at(one, DeliveryRule(), now=now, timezone="Asia/Shanghai").hour for one in Severity]
    [9, 4, 4]
    """
    is_urgent = severity is Severity.URGENT
    if rule.digest_at and not is_urgent and severity.rank <= rule.gathered.rank:
        return next_digest(now, rule, timezone)
    begin = now if is_urgent and rule.urgent_breaks_quiet else after_quiet(now, rule, timezone)
    recent = sorted(at for at in lately if begin - HOUR < at <= begin)
    if len(recent) < rule.hourly:
        return begin
    free = recent[-rule.hourly] + HOUR
    return free if is_urgent and rule.urgent_breaks_quiet else after_quiet(free, rule, timezone)


def is_folded(of_the_hour: int, rule: DeliveryRule) -> bool:
    """Is one more message of a kind folded into the last one, because the hour has had enough of them?

    >>> [is_folded(seen, DeliveryRule(hourly=6)) for seen in (5, 6)]
    [False, True]
    """
    return of_the_hour >= rule.hourly


def next_try(attempts: int, rule: DeliveryRule, *, now: dt.datetime) -> dt.datetime | None:
    """Return when a message that failed `attempts` times is tried again; None: it is given up.

    >>> now, rule = dt.datetime(2026, 1, 5, 2, tzinfo=dt.UTC), DeliveryRule(attempts=4, first_retry_min=1)
    >>> [(then - now).seconds // 60 if then else None for then in (next_try(n, rule, now=now) for n in (1, 2, 3, 4))]
    [1, 2, 4, None]
    """
    if attempts >= rule.attempts:
        return None
    return now + dt.timedelta(minutes=rule.first_retry_min * 2 ** (attempts - 1))


@dataclass(frozen=True, slots=True)
class Gathered:
    """What is shown of one kind in a gathered text: the first few, and how many more there are."""

    shown: tuple[int, ...]
    more: int


def gather(kinds: Sequence[str], limit: int) -> tuple[Gathered, ...]:
    """Return, kind by kind in order of appearance, which items (by place) a gathered text shows and how many it only counts.

    >>> gather(["wait", "wait", "post", "wait"], 2)
    (Gathered(shown=(0, 1), more=1), Gathered(shown=(2,), more=0))
    """
    places: dict[str, list[int]] = {}
    for place, kind in enumerate(kinds):
        places.setdefault(kind, []).append(place)
    return tuple(Gathered(tuple(found[:limit]), max(0, len(found) - limit)) for found in places.values())


def _wall(at: dt.datetime, timezone: str) -> dt.time:
    return at.astimezone(ZoneInfo(timezone)).time()
