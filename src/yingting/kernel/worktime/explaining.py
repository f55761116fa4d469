"""A due moment told line by line: from, to, what counted, and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise

from yingting.kernel.words import gettext_noop as _
from yingting.kernel.worktime.calendars import Day, DayKind, WorkCalendar
from yingting.kernel.worktime.deadlines import Due, counting_from, runs_of
from yingting.kernel.worktime.ledgers import Ledger
from yingting.kernel.worktime.limits import Limit
from yingting.kernel.worktime.timelines import measure_of, parts_of, timeline

START_DAY = _("the day of the start does not count")
PAUSED = _("paused: %(name)s")
RUNS = _("time runs")
BREAK = _("break between working hours")
OUTSIDE = _("outside working hours")
MOVED = _("the last day may not be a rest day or holiday: it moves on")
GIVEN = _("the limit was used up when it was given")
BY_KIND = {
    DayKind.WORKING: _("working time"),
    DayKind.REST: _("rest day of the week"),
    DayKind.HOLIDAY: _("holiday: %(name)s %(source)s"),
    DayKind.MAKE_UP: _("make-up workday: %(name)s %(source)s"),
    DayKind.CHANGED: _("hours of this date: %(name)s %(source)s"),
}
_BETWEEN = (BREAK, OUTSIDE)


@dataclass(frozen=True, slots=True)
class Line:
    """A stretch of time (aware UTC; no end while a pause lasts): what of the limit it counted, in the limit's unit, and why.

    `sentence` is an English msgid; its %(name)s is `name` or, in English, `name_en`; %(source)s the document.
    """

    begins: dt.datetime
    ends: dt.datetime | None
    counted: float
    sentence: str
    name: str = ""
    name_en: str = ""
    source: str = ""
    is_provisional: bool = False

    @property
    def why(self) -> tuple[str, str, str, bool]:
        """What makes two lines equal."""
        return self.sentence, self.name, self.source, self.is_provisional


def explain(due: Due) -> tuple[Line, ...]:
    """Return a due moment line by line, from the start to the due moment: every second is in one line, and what they count
    adds up to the limit. While the clock rests the last line is the pause, without an end.
    """
    if due.ledger is None:
        return ()
    return tuple(_Teller(due.limit, due.ledger, due.calendar, due.at).lines())


def compact(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Return the lines with nights and breaks left out and runs of equal days made one."""
    told: list[Line] = []
    for line in lines:
        if line.sentence in _BETWEEN:
            continue
        if told and told[-1].why == line.why:
            told[-1] = replace(told[-1], ends=line.ends, counted=told[-1].counted + line.counted)
        else:
            told.append(line)
    return tuple(told)


class _Teller:
    """Cuts the time between start and due moment where anything changes, and says of each piece what it is."""

    def __init__(self, limit: Limit, ledger: Ledger, calendar: WorkCalendar, at: dt.datetime | None) -> None:
        self.limit, self.ledger, self.calendar = limit, ledger, calendar
        self.begins = counting_from(limit, ledger, calendar)
        self.pauses = () if limit.is_statutory else ledger.pauses
        # While the clock rests, the lines end where the last pause begins.
        self.ends = int(at.timestamp()) if at else max((one.begins for one in self.pauses), default=ledger.start)
        self.is_open = at is None
        first, last = (calendar.date_at(second).year for second in (ledger.start, self.ends))
        self.line = timeline(calendar, measure_of(limit), first, last)
        self.counted_at = self._counted_at()

    def _counted_at(self) -> int:
        """The second at which the limit's amount was counted; the due moment may be later."""
        missing = self.limit.amount * parts_of(self.limit)
        for run in runs_of(self.limit, self.ledger):
            begins = max(run.begins, self.begins)
            ends = self.ends if run.ends is None else min(run.ends, self.ends)
            counted = self.line.count(ends) - self.line.count(begins) if begins < ends else 0
            if counted >= missing:
                return self.line.moment(self.line.count(begins) + missing) or self.ends
            missing -= counted
        return self.ends

    def lines(self) -> Iterable[Line]:
        cuts = sorted({self.ledger.start, self.ends, *filter(self._is_within, self._cuts())})
        for begins, ends in pairwise(cuts):
            yield self._piece(begins, ends)
        if self.is_open and self.pauses:
            yield Line(_instant(self.ends), None, 0, PAUSED, self.pauses[-1].reason, self.pauses[-1].reason)

    def _is_within(self, second: int) -> bool:
        return self.ledger.start < second < self.ends

    def _cuts(self) -> Iterable[int]:
        yield self.begins
        yield self.counted_at
        for pause in self.pauses:
            yield pause.begins
            yield from (pause.ends,) if pause.ends is not None else ()
        if not (self.limit.unit.is_days or self.limit.unit.is_working):
            return
        day, last = self.calendar.date_at(self.ledger.start), self.calendar.date_at(self.ends)
        while day <= last:
            yield self.calendar.midnight(day)
            if self.limit.unit.is_working and not self.limit.counts_day_ends:
                for span in self.calendar.spans(day):
                    yield from span
            day += dt.timedelta(days=1)

    def _piece(self, begins: int, ends: int) -> Line:
        paused = [one for one in self.pauses if one.begins <= begins and (one.ends is None or begins < one.ends)]
        if begins >= self.counted_at:
            return self._line(begins, ends, MOVED if self.limit.may_move else GIVEN)
        if begins < self.begins:
            return self._line(begins, ends, START_DAY)
        if paused:
            return self._line(begins, ends, PAUSED, name=paused[-1].reason, name_en=paused[-1].reason)
        counted = (self.line.count(ends) - self.line.count(begins)) / parts_of(self.limit)
        if not self.limit.unit.is_working:
            return self._line(begins, ends, RUNS, counted)
        day = self.calendar.day(self.calendar.date_at(begins))
        if day.works and not counted and (between := self._between(day, begins)):
            return self._line(begins, ends, between, is_provisional=day.is_provisional)
        over = day.override
        return self._line(
            begins, ends, BY_KIND[day.kind], counted, is_provisional=day.is_provisional,
            **({"name": over.reason, "name_en": over.reason_en or over.reason, "source": over.source} if over else {}),
        )  # fmt: skip

    def _between(self, day: Day, begins: int) -> str:
        """What a piece of a working day that counted nothing is; "" where only the close of the day counts, and it is before."""
        spans = self.calendar.spans(day.date)
        if self.limit.counts_day_ends:
            return OUTSIDE if begins >= spans[-1][1] else ""
        return BREAK if spans[0][1] <= begins < spans[-1][0] else OUTSIDE

    def _line(self, begins: int, ends: int, sentence: str, counted: float = 0, **more: object) -> Line:
        return Line(_instant(begins), _instant(ends), counted, sentence, **more)  # type: ignore[arg-type]


def _instant(second: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(second, dt.UTC)
