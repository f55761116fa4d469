"""Random calendars and clock histories, and a counter that walks minute by minute and knows nothing of the engine."""

import datetime as dt
import functools
from dataclasses import dataclass
from fractions import Fraction
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from yingting.kernel.hours import Interval, OpeningHours
from yingting.kernel.worktime.calendars import DayOverride, Week, WorkCalendar
from yingting.kernel.worktime.ledgers import ClockEvent, EventKind
from yingting.kernel.worktime.limits import Limit, Unit

ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/New_York")
# Starts lie near ends of years and near the days on which clocks are put forward or back.
FIRST_DAYS = (
    dt.date(2026, 12, 26),
    dt.date(2026, 3, 5),
    dt.date(2026, 3, 26),
    dt.date(2026, 10, 22),
    dt.date(2027, 9, 28),
)


@dataclass(frozen=True)
class History:
    """What truly happened to a clock; `events` tell it, with mistakes and their corrections among them."""

    start: int
    pauses: tuple[tuple[int, int | None], ...]
    events: tuple[ClockEvent, ...]


def time_of(half_hours):
    return dt.time(half_hours // 2 % 24, half_hours % 2 * 30)


@st.composite
def intervals(draw):
    """None, one or two intervals (lunch), from 04:00 to midnight; they may touch or overlap."""
    spans = []
    for _ in range(draw(st.sampled_from([0, 1, 1, 2, 2]))):
        opens = draw(st.integers(8, 46))
        spans.append(Interval(time_of(opens), time_of(draw(st.integers(opens + 1, 48)))))
    return tuple(spans)


@st.composite
def calendars(draw, first=None):
    first = first or draw(st.sampled_from(FIRST_DAYS))
    days = [first + dt.timedelta(days=n) for n in range(-2, 25)]
    weekly = st.fixed_dictionaries({n: intervals() for n in range(7)})
    weeks = [Week(dt.date.min, OpeningHours(draw(weekly)))]
    if draw(st.booleans()):
        weeks.append(Week(draw(st.sampled_from(days)), OpeningHours(draw(weekly))))
    # The calendar works somewhere: a clock on it comes to its end.
    weeks[-1].hours.weekly[0] = weeks[-1].hours.weekly[3] = (Interval(dt.time(9), dt.time(17)),)
    own = st.builds(DayOverride, intervals(), st.just("调休"), st.just("make-up"), st.just("通知"))
    overrides = draw(st.dictionaries(st.sampled_from(days), own, max_size=6))
    published = draw(st.sampled_from([{2026}, {2026, 2027}, {2025, 2026, 2027, 2028}, set()]))
    return WorkCalendar(draw(st.sampled_from(ZONES)), tuple(weeks), overrides, frozenset(published))


@st.composite
def limits(draw):
    unit = draw(st.sampled_from(Unit))
    most = {Unit.MINUTES: 4000, Unit.WORKING_MINUTES: 1200, Unit.HOURS: 90, Unit.WORKING_HOURS: 20}.get(unit, 5)
    return Limit(
        draw(st.integers(1, most)), unit, counts_start_day=draw(st.booleans()), to_day_end=draw(st.booleans()),
        moves_off_rest=draw(st.booleans()), is_statutory=draw(st.sampled_from([False, False, True])),
    )  # fmt: skip


@st.composite
def histories(draw, first):
    """A start, pauses, and beside them events that never were so and are annulled (some corrections are annulled too)."""
    base = int(dt.datetime.combine(first, dt.time(), dt.UTC).timestamp())
    # Often several of them on the first day: there the counting may not have begun yet.
    minutes = sorted(draw(st.sets(st.one_of(st.integers(0, 900), st.integers(0, 6 * 1440)), min_size=1, max_size=5)))
    start, *rest = [base + 60 * minute for minute in minutes]
    pauses = tuple((begin, rest[i + 1] if i + 1 < len(rest) else None) for i, begin in enumerate(rest) if i % 2 == 0)
    events = [event(EventKind.START, start)]
    for begin, end in pauses:
        events.append(event(EventKind.PAUSE, begin))
        events += [event(EventKind.RESUME, end)] if end is not None else []
    for number in range(draw(st.integers(0, 3))):
        wrong = ClockEvent(
            draw(st.sampled_from([EventKind.PAUSE, EventKind.RESUME, EventKind.STOP, EventKind.START])),
            moment(base + 60 * draw(st.integers(0, 6 * 1440))), f"wrong{number}", "误录",
        )  # fmt: skip
        events.insert(draw(st.integers(0, len(events))), wrong)
        events.append(ClockEvent(EventKind.CORRECT, wrong.at, f"right{number}", "更正", annuls=wrong.ref))
        if draw(st.booleans()):  # taken back, and once more annulled
            events.append(ClockEvent(EventKind.CORRECT, wrong.at, f"back{number}", "更正", annuls=f"right{number}"))
            events.append(ClockEvent(EventKind.CORRECT, wrong.at, f"again{number}", "更正", annuls=wrong.ref))
    return History(start, pauses, tuple(events))


@st.composite
def worlds(draw):
    first = draw(st.sampled_from(FIRST_DAYS))
    return draw(calendars(first)), draw(limits()), draw(histories(first))


def moment(second):
    return dt.datetime.fromtimestamp(second, dt.UTC)


def event(kind, second, **more):
    return ClockEvent(kind, moment(second), f"{kind.value}{second}", "等资料", **more)


@functools.cache
def minutes_of(timezone, first, days=45):
    """Every minute from two days before a date on: second of the epoch, local date, minute of the local day."""
    zone, begin = ZoneInfo(timezone), int(dt.datetime.combine(first, dt.time(), dt.UTC).timestamp()) - 2 * 86_400
    walls = ((second, dt.datetime.fromtimestamp(second, zone)) for second in range(begin, begin + days * 86_400, 60))
    return [(second, wall.date(), wall.hour * 60 + wall.minute) for second, wall in walls]


class MinuteCounter:
    """Walks from the start minute by minute. `due` is a second, or None when the clock rests for good."""

    def __init__(self, calendar, limit, history):
        self.limit, self.history = limit, history
        self.start_date = moment(history.start).astimezone(ZoneInfo(calendar.timezone)).date()
        first = max(day for day in FIRST_DAYS if moment(history.start).date() >= day)
        walls = minutes_of(calendar.timezone, first)
        known = {
            date: self.hours_of(calendar, date) for date in dict.fromkeys(date for _second, date, _minute in walls)
        }
        # second, local date, works
        self.rows = [
            (second, date, any(a <= minute < b for a, b in known[date])) for second, date, minute in walls
        ]  # fmt: skip
        self.works_on, self.last_work = {}, {}
        for second, date, works in self.rows:
            if works:
                self.works_on[date] = self.works_on.get(date, 0) + 1
                self.last_work[date] = second
        self.midnights = {a[1]: b[0] for a, b in zip(self.rows, self.rows[1:], strict=False) if a[1] != b[1]}

    @staticmethod
    def hours_of(calendar, date):
        held = calendar.overrides.get(date)
        if held is not None:
            spans = held.intervals
        else:
            week = [week for week in calendar.weeks if week.since <= date][-1]
            spans = week.hours.weekly[date.weekday()]
        return [(s.opens.hour * 60 + s.opens.minute, (s.closes.hour * 60 + s.closes.minute) or 1440) for s in spans]

    def is_counted(self, second, date):
        if second < self.history.start or (date == self.start_date and not self.limit.counts_start_day):
            return False
        if self.limit.is_statutory:
            return True
        return not any(a <= second and (b is None or second < b) for a, b in self.history.pauses)

    def gains(self):
        """Yield the end of each minute that counts, with what it counts in the limit's unit."""
        unit, by_ends = self.limit.unit, self.limit.unit.is_days and self.limit.to_day_end
        for second, date, works in self.rows:
            if not self.is_counted(second, date):
                continue
            if by_ends:
                last = self.last_work.get(date) if unit.is_working else self.midnights.get(date, 60) - 60
                if second == last:
                    yield second + 60, Fraction(1)
            elif works or not unit.is_working:
                parts = {"minutes": 1, "hours": 60, "days": self.works_on.get(date, 1) if unit.is_working else 1440}
                yield second + 60, Fraction(1, parts[unit.value.removeprefix("working_")])

    @property
    def reached(self):
        total = Fraction(0)
        for second, gain in self.gains():
            total += gain
            if total >= self.limit.amount:
                return second
        return None

    @property
    def due(self):
        second = self.reached
        if second is None or not self.limit.may_move:
            return second
        date = next(date for date, midnight in self.midnights.items() if midnight == second)
        while date not in self.works_on:
            date += dt.timedelta(days=1)
        return self.midnights[date]

    def used(self, now):
        return sum((gain for second, gain in self.gains() if second <= now), Fraction(0))

    def running(self, until):
        """The ends of the minutes that run, working ones only where the limit counts those."""
        return [
            second + 60 for second, date, works in self.rows
            if second < until and self.is_counted(second, date) and (works or not self.limit.unit.is_working)
        ]  # fmt: skip

    def years(self, until):
        return {date.year for second, date, _works in self.rows if self.history.start <= second < until}
