"""The due moments of very many clocks of one limit on one calendar: the same whole numbers as `deadlines.due`, by columns."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from yingting.kernel.worktime.calendars import WorkCalendar
from yingting.kernel.worktime.deadlines import runs_of
from yingting.kernel.worktime.ledgers import Ledger
from yingting.kernel.worktime.limits import Limit
from yingting.kernel.worktime.timelines import MOST_YEARS, Measure, Timeline, measure_of, parts_of, timeline

Seconds = NDArray[np.int64]
# Stands for "no end" of a run, and for "no due moment".
NEVER = int(np.iinfo(np.int64).max)


@dataclass(frozen=True, slots=True)
class Clocks:
    """Many clocks of one limit, in seconds of the epoch: their starts, since when the limit holds, and their runs, each with
    the place of its clock in `starts`; runs stand in the order of the clocks and of time.
    """

    starts: Seconds
    since: Seconds
    of: Seconds
    begins: Seconds
    ends: Seconds

    @classmethod
    def running(cls, starts: Seconds) -> Clocks:
        """Return clocks that were started and nothing else."""
        return cls(starts, starts, np.arange(len(starts)), starts, np.full(len(starts), NEVER))

    @classmethod
    def told(cls, limit: Limit, ledgers: Iterable[Ledger]) -> Clocks:
        """Return the clocks of folded ledgers, all of which have this limit now."""
        heads, runs = [], []
        for place, ledger in enumerate(ledgers):
            heads.append((ledger.start, ledger.targets[-1].since))
            runs += [(place, run.begins, NEVER if run.ends is None else run.ends) for run in runs_of(limit, ledger)]
        starts, since = np.array(heads, np.int64).reshape(-1, 2).T
        return cls(starts, since, *np.array(runs, np.int64).reshape(-1, 3).T)


@dataclass(frozen=True, slots=True)
class DueMany:
    """Due moments in seconds of the epoch (NEVER: none), and which of them lean on a year that is not published."""

    seconds: Seconds
    is_provisional: NDArray[np.bool_]


def due_many(limit: Limit, clocks: Clocks, calendar: WorkCalendar) -> DueMany:
    """Return when each clock is due; equal to `deadlines.due` of each."""
    if not len(clocks.starts):
        return DueMany(clocks.starts, np.zeros(0, np.bool_))
    begins = _counting_from(limit, clocks, calendar)
    seconds = _reached(calendar, measure_of(limit), clocks, begins, limit.amount * parts_of(limit))
    if limit.may_move and (due := seconds != NEVER).any():
        last = seconds[due] - 1
        seconds[due] = _reached(calendar, Measure.WORKING_MIDNIGHTS, Clocks.running(last), last, 1)
    seconds = np.maximum(seconds, clocks.since)
    return DueMany(seconds, _leaning(limit, clocks.starts, seconds, calendar))


def share_many(limit: Limit, clocks: Clocks, calendar: WorkCalendar, due: Seconds, share: float) -> Seconds:
    """Return when a share of the limit is used by each clock, given their due moments (`due_many`); equal to
    `deadlines.at_share` of each, NEVER where there is none.
    """
    found = np.full(len(due), NEVER)
    has = due != NEVER
    if not has.any():
        return found
    measure = Measure.WORKING_SECONDS if limit.unit.is_working else Measure.SECONDS
    begins = _counting_from(limit, clocks, calendar)
    whole = _counted(calendar, measure, clocks, begins, np.where(has, due, begins))
    counts = np.maximum(1, -np.floor(-whole * share)).astype(np.int64)
    found[has] = _reached(calendar, measure, clocks, begins, counts)[has]
    return found


def _counting_from(limit: Limit, clocks: Clocks, calendar: WorkCalendar) -> Seconds:
    if limit.counts_start_day:
        return clocks.starts
    return _reached(calendar, Measure.DAY_ENDS, Clocks.running(clocks.starts), clocks.starts, 1)


def _counted(calendar: WorkCalendar, measure: Measure, clocks: Clocks, begins: Seconds, ends: Seconds) -> Seconds:
    """How much the runs of each clock count between two seconds."""
    first, last = calendar.date_at(int(begins.min())).year, calendar.date_at(int(ends.max())).year
    line, total = _Columns(timeline(calendar, measure, first, last + 1)), np.zeros(len(begins), np.int64)
    for of, run_begins, run_ends in _by_turn(clocks):
        since, until = np.maximum(run_begins, begins[of]), np.minimum(run_ends, ends[of])
        total[of] += np.where(since < until, line.count(until) - line.count(since), 0)
    return total


def _reached(
    calendar: WorkCalendar, measure: Measure, clocks: Clocks, begins: Seconds, count: int | Seconds
) -> Seconds:
    """When the runs of each clock have counted so much since it began; the timeline grows until it holds all of them."""
    first = calendar.date_at(int(begins.min())).year
    known = np.where(clocks.ends == NEVER, clocks.begins, clocks.ends).max()
    year = calendar.date_at(max(int(known), int(begins.max()))).year
    last = year + 1
    while True:
        reached, is_all = _reached_within(_Columns(timeline(calendar, measure, first, last)), clocks, begins, count)
        if is_all or last > year + MOST_YEARS:
            return reached
        last += last - year


def _reached_within(
    line: _Columns, clocks: Clocks, begins: Seconds, count: int | Seconds
) -> tuple[Seconds, bool]:  # fmt: skip
    """The same within one timeline, and whether every clock that runs on has come to the count within it."""
    missing, is_all = np.zeros(len(begins), np.int64) + count, True
    reached = np.full(len(begins), NEVER)
    for of, run_begins, run_ends in _by_turn(clocks):
        live = (reached[of] == NEVER) & (run_ends > begins[of])
        of, ends = of[live], run_ends[live]
        held = line.count(np.maximum(run_begins[live], begins[of]))
        counted = np.where(ends == NEVER, NEVER, line.count(ends) - held)
        enough = counted >= missing[of]
        reached[of[enough]] = line.moment(held[enough] + missing[of[enough]])
        missing[of[~enough]] -= counted[~enough]
        is_all = is_all and bool((reached[of[enough]] != NEVER).all())
    return reached, is_all


def _by_turn(clocks: Clocks) -> Iterator[tuple[Seconds, Seconds, Seconds]]:
    """The first runs of all clocks, then the second ones, and so on: clock, begin, end."""
    turn = np.arange(len(clocks.of)) - np.searchsorted(clocks.of, clocks.of)
    for number in range(int(turn.max(initial=-1)) + 1):
        held = turn == number
        yield clocks.of[held], clocks.begins[held], clocks.ends[held]


def _leaning(limit: Limit, starts: Seconds, seconds: Seconds, calendar: WorkCalendar) -> NDArray[np.bool_]:
    """Which due moments lean on a year that is not published."""
    due = seconds != NEVER
    if not (limit.unit.is_working or limit.may_move) or not due.any():
        return np.zeros(len(starts), np.bool_)
    first, last = (calendar.date_at(int(second)).year for second in (starts.min(), seconds[due].max()))
    years = range(first, last + 1)
    new_years = np.array([calendar.midnight(dt.date(year, 1, 1)) for year in years])
    unknown = np.concatenate(([0], np.cumsum([year not in calendar.published for year in years])))
    before = unknown[np.searchsorted(new_years, starts, "right") - 1]
    leans: NDArray[np.bool_] = due & (unknown[np.searchsorted(new_years, seconds - 1, "right")] > before)
    return leans


class _Columns:
    """A timeline whose questions are asked for many seconds at once."""

    def __init__(self, line: Timeline) -> None:
        self.begins, self.ends = np.array(line.begins, np.int64), np.array(line.ends, np.int64)
        self.before = np.array(line.before, np.int64)
        self.gain, self.length = np.diff(self.before), self.ends - self.begins

    def count(self, seconds: Seconds) -> Seconds:
        if not len(self.begins):
            return np.zeros(len(seconds), np.int64)
        at = np.searchsorted(self.begins, seconds, "right") - 1
        within = np.minimum(seconds, self.ends[at]) - self.begins[at]
        return np.where(at < 0, 0, self.before[at] + within * self.gain[at] // self.length[at])

    def moment(self, counts: Seconds) -> Seconds:
        if not len(self.begins):
            return np.full(len(counts), NEVER)
        at = np.minimum(np.searchsorted(self.before, counts) - 1, len(self.begins) - 1)
        found = self.begins[at] - (self.before[at] - counts) * self.length[at] // self.gain[at]
        return np.where(counts > self.before[-1], NEVER, found)
