"""Deadlines: when a limit is due, what of it is used, when a share of it is used, and the breach.

All are pure functions of a limit, the events of a clock and a calendar. A retarget judges the same events by another limit:
what ran counts by the new one from the start on, but nothing is due before the limit was given. A limit set by law runs
through pauses, should an old ledger hold any.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from yingting.kernel.worktime.calendars import WorkCalendar
from yingting.kernel.worktime.ledgers import ClockEvent, Ledger, Stretch, Target, fold
from yingting.kernel.worktime.limits import Limit
from yingting.kernel.worktime.timelines import MOST_YEARS, Measure, measure_of, parts_of, timeline


@dataclass(frozen=True, slots=True)
class Due:
    """When a limit is due: None while the clock rests, was never started, or its calendar gives no working time.

    It is provisional when it leans on a year whose holidays are not published. `explaining.explain` tells it line by line.
    """

    at: dt.datetime | None
    is_provisional: bool
    limit: Limit
    ledger: Ledger | None
    calendar: WorkCalendar


@dataclass(frozen=True, slots=True)
class Used:
    """What a clock has used: in its limit's unit (whole days where days are counted by their ends), and running seconds."""

    amount: float
    natural_s: int


@dataclass(frozen=True, slots=True)
class Breach:
    """A limit that ran over: from its due moment to the stop, the next limit's beginning or now.

    Its size is told in natural seconds, pauses among them, and in the limit's unit by the clock. A clock that was given
    another limit after a breach, and ran over that too, has its first moment and the sizes of both together.
    """

    at: dt.datetime
    natural_s: int
    amount: float


def due(limit: Limit, events: Sequence[ClockEvent], calendar: WorkCalendar) -> Due:
    """Return when the clock is due by the limit that holds last. A stop does not change it."""
    ledger = fold(limit, events)
    if ledger is None:
        return Due(None, False, limit, None, calendar)
    target = ledger.targets[-1]
    second = due_second(target, ledger, calendar)
    if second is None:
        return Due(None, False, target.limit, ledger, calendar)
    return Due(_instant(second), _leans(target.limit, ledger, calendar, second), target.limit, ledger, calendar)


def used(limit: Limit, events: Sequence[ClockEvent], calendar: WorkCalendar, now: dt.datetime) -> Used:
    """Return what the clock has used by now, or by its stop if that was earlier."""
    ledger = fold(limit, events)
    if ledger is None:
        return Used(0, 0)
    held = ledger.targets[-1].limit
    until = _until(ledger, now)
    return Used(
        _counted(held, ledger, calendar, ledger.start, until) / parts_of(held),
        sum(ends - begins for begins, ends in _cut(runs_of(held, ledger), ledger.start, until)),
    )


def at_share(limit: Limit, events: Sequence[ClockEvent], calendar: WorkCalendar, share: float) -> dt.datetime | None:
    """Return when a share of the limit (0.5 for a half, above 1 for later than due) is used, on the limit's own calendar.

    It is a share of the running seconds, natural or working as the limit counts, between the beginning of counting and the
    due moment; so it never falls into a night, a weekend or a pause of the clock. None while there is no due moment.
    """
    ledger = fold(limit, events)
    second = due_second(ledger.targets[-1], ledger, calendar) if ledger is not None else None
    if ledger is None or second is None:
        return None
    held = ledger.targets[-1].limit
    measure = Measure.WORKING_SECONDS if held.unit.is_working else Measure.SECONDS
    begins, runs = counting_from(held, ledger, calendar), runs_of(held, ledger)
    whole = _count(calendar, measure, _cut(runs, begins, second))
    reached = _reach(calendar, measure, runs, begins, max(1, -int(-whole * share // 1)))
    return None if reached is None else _instant(reached)


def breach(limit: Limit, events: Sequence[ClockEvent], calendar: WorkCalendar, now: dt.datetime) -> Breach | None:
    """Return the breach by now, judged by each limit while it held; None when every limit was kept so far."""
    ledger = fold(limit, events)
    if ledger is None:
        return None
    first, natural, amount = None, 0, 0.0
    until = _until(ledger, now)
    for number, target in enumerate(ledger.targets):
        later = ledger.targets[number + 1 :]
        ends = min(until, later[0].since) if later else until
        second = due_second(target, ledger, calendar)
        if second is None or second >= ends:
            continue
        first = second if first is None else first
        natural += ends - second
        amount += _counted(target.limit, ledger, calendar, second, ends) / parts_of(target.limit)
    return None if first is None else Breach(_instant(first), natural, amount)


def due_second(target: Target, ledger: Ledger, calendar: WorkCalendar) -> int | None:
    """Return the second of the epoch at which a clock is due by one of its limits."""
    limit = target.limit
    reached = _reach(
        calendar, measure_of(limit), runs_of(limit, ledger), counting_from(limit, ledger, calendar),
        limit.amount * parts_of(limit),
    )  # fmt: skip
    if reached is not None and limit.may_move:
        # The first midnight after a day with working time that is not before the one reached.
        reached = _reach(calendar, Measure.WORKING_MIDNIGHTS, (Stretch(reached - 1, None),), reached - 1, 1)
    return None if reached is None else max(reached, target.since)


def runs_of(limit: Limit, ledger: Ledger) -> tuple[Stretch, ...]:
    """Return when the clock ran, by a limit: one that is set by law knows no pauses."""
    return (Stretch(ledger.start, None),) if limit.is_statutory else ledger.runs


def counting_from(limit: Limit, ledger: Ledger, calendar: WorkCalendar) -> int:
    """Return the second from which time counts: the start, or the midnight after it."""
    if limit.counts_start_day:
        return ledger.start
    return calendar.midnight(calendar.date_at(ledger.start) + dt.timedelta(days=1))


def _instant(second: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(second, dt.UTC)


def _until(ledger: Ledger, now: dt.datetime) -> int:
    """The last second that is looked at: now, or the stop if that was earlier."""
    second = int(now.timestamp() // 1)
    return second if ledger.stopped is None else min(second, ledger.stopped)


def _cut(runs: Sequence[Stretch], begins: int, ends: int) -> list[tuple[int, int]]:
    """The parts of the runs between two seconds."""
    parts = [(max(run.begins, begins), ends if run.ends is None else min(run.ends, ends)) for run in runs]
    return [(one, other) for one, other in parts if one < other]


def _counted(limit: Limit, ledger: Ledger, calendar: WorkCalendar, begins: int, ends: int) -> int:
    """What a limit counts between two seconds, once its counting has begun."""
    begins = max(begins, counting_from(limit, ledger, calendar))
    return _count(calendar, measure_of(limit), _cut(runs_of(limit, ledger), begins, ends))


def _count(calendar: WorkCalendar, measure: Measure, parts: Sequence[tuple[int, int]]) -> int:
    """What a measure counts in some stretches of time."""
    if not parts:
        return 0
    line = timeline(calendar, measure, calendar.date_at(parts[0][0]).year, calendar.date_at(parts[-1][1]).year)
    return sum(line.count(ends) - line.count(begins) for begins, ends in parts)


def _reach(calendar: WorkCalendar, measure: Measure, runs: Sequence[Stretch], begins: int, count: int) -> int | None:
    """The first second at which the runs have counted so much since `begins`."""
    year = calendar.date_at(begins).year
    known = max(run.ends or run.begins for run in runs)
    last = max(year, calendar.date_at(known).year) + 1
    while last <= year + MOST_YEARS:
        line, missing = timeline(calendar, measure, year, last), count
        for run in runs:
            held = line.count(max(run.begins, begins))
            if run.ends is None:
                found = line.moment(held + missing)
                if found is not None:
                    return found
            elif run.ends > begins:
                counted = line.count(run.ends) - held
                if counted >= missing:
                    return line.moment(held + missing)
                missing -= counted
        if runs[-1].ends is not None:
            return None
        last += max(1, last - year)
    return None


def _leans(limit: Limit, ledger: Ledger, calendar: WorkCalendar, second: int) -> bool:
    """Does a due moment lean on a year that is not published?"""
    if not (limit.unit.is_working or limit.may_move):
        return False
    last = calendar.date_at(second - 1).year
    first = calendar.date_at(ledger.start).year
    return any(year not in calendar.published for year in range(first, last + 1))
