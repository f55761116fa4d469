"""Who comes when: the level of the day, its shape over the slots by weekday, the mix of needs, and how far days scatter.

Shapes and mixes of a weekday lean on those of all days, as far as days that were left out say that they should.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from yingting.twin.calibrating.days import DayFacts
from yingting.twin.calibrating.levels import Dispersion, Levels, dispersed, fit_levels
from yingting.twin.calibrating.reasons import Demands
from yingting.twin.calibrating.visits import Floats, Ints, Visits

_LEAD_S = 7200.0  # people come before the doors open
_SURELY = 3.0  # nobody of three expected: one chance in twenty
_LEANS = (10.0, 30.0, 100.0, 300.0, 1000.0, 3000.0, 1e9)


@dataclass(frozen=True, slots=True)
class Counts:
    """Customers counted by [day, need, slot]; `open` says by [day, slot] whether the hall took numbers then.

    Slots count from two hours before the opening where all days name theirs (`is_relative`), else from midnight;
    `first_slot` is the number of the first one that is kept.
    """

    table: Floats
    open: Floats
    facts: tuple[DayFacts, ...]
    slot_s: float
    first_slot: int
    is_relative: bool

    @property
    def by_day(self) -> Floats:
        """Customers of each day."""
        total: Floats = self.table.sum(axis=(1, 2))
        return total


@dataclass(frozen=True, slots=True)
class Arrivals:
    """What arrivals follow. `shape[weekday, slot]` and `mix[weekday, need]` come to 1; `tilt[need, slot]` bends the shape.

    `levels` says the day's level. `of_needs` and `of_slots` are the extra variance of a need's day and of a single slot,
    beyond the day's factor. Indices of dispersion (variance over mean): of days, of slots, and of slots after the day's level.
    """

    counts: Counts
    levels: Levels
    shape: Floats
    mix: Floats
    tilt: Floats
    of_needs: Dispersion
    of_slots: Dispersion
    index_days: float
    index_slots: float
    index_slots_after: float

    def opens_s(self, facts: DayFacts) -> float:
        """Return where the slots of the day begin, in seconds of the day."""
        base = (facts.opens_s or 0.0) - _LEAD_S if self.counts.is_relative else 0.0
        return base + self.counts.first_slot * self.counts.slot_s

    def rates(self, facts: DayFacts, log_level: float | None = None) -> Floats:
        """Return the customers expected by [slot, need] on the day, at its expected level or at this one."""
        level = math.exp(self.levels.log_level(facts)[0] if log_level is None else log_level)
        shares = self.shape[facts.weekday][:, None] * self.tilt.T
        shares /= np.maximum(shares.sum(axis=0), 1e-12)
        rates: Floats = level * shares * self.mix[facts.weekday]
        return rates * _open_slots(self.counts, facts)[:, None]


def count_arrivals(visits: Visits, facts: Mapping[int, DayFacts], demands: Demands) -> Counts:
    """Return the customers of each day, need and slot; customers sent elsewhere are put on top in proportion."""
    days = visits.days
    known = tuple(facts.get(int(day), DayFacts(int(day))) for day in days)
    is_relative = all(one.opens_s is not None for one in known)
    begins = np.array([(one.opens_s or 0.0) - _LEAD_S if is_relative else 0.0 for one in known])
    row = np.searchsorted(days, visits.day)
    slot = np.maximum(0, (visits.issued_s - begins[row]) // demands.slot_s).astype(int)
    # Who comes after closing is counted with those who came last.
    ends = np.array([math.inf if one.closes_s is None else one.closes_s for one in known]) - begins
    last_open = np.where(np.isinf(ends), 1e6, np.ceil(ends / demands.slot_s) - 1).astype(int)
    slot = np.minimum(slot, np.maximum(last_open[row], 0))
    first, last = int(slot.min()), int(slot.max())
    table = np.zeros((len(days), len(visits.names.needs), last - first + 1))
    np.add.at(table, (row, visits.need, slot - first), 1.0)
    more = dict(visits.elsewhere)
    for need, name in enumerate(visits.names.needs):
        table[:, need] *= 1 + more.get(name, 0) / max(1.0, float(table[:, need].sum()))
    counts = Counts(table, np.ones((len(days), table.shape[2])), known, demands.slot_s, first, is_relative)
    return Counts(
        table, np.stack([_open_slots(counts, one) for one in known]), known, demands.slot_s, first, is_relative
    )


def _open_slots(counts: Counts, facts: DayFacts) -> Floats:
    if facts.closes_s is None:
        return np.ones(counts.table.shape[2])
    base = (facts.opens_s or 0.0) - _LEAD_S if counts.is_relative else 0.0
    begins = base + (counts.first_slot + np.arange(counts.table.shape[2])) * counts.slot_s
    return np.clip((facts.closes_s - begins) / counts.slot_s, 0.0, 1.0)


def fit_arrivals(counts: Counts, demands: Demands) -> Arrivals:
    """Return what the arrivals of these days follow."""
    facts, by_slot = list(counts.facts), counts.table.sum(axis=1)
    whole, coverage = _whole_shape(by_slot, counts.open)
    ends = demands.month_ends if len(facts) >= demands.month_days else ()
    levels = fit_levels(counts.by_day, coverage, facts, ends, demands.level_half_life_days)
    weekday = np.array([one.weekday for one in facts])
    shape = _closed(leaning(by_slot, weekday, 7, whole, counts.open), by_slot, weekday, whole)
    by_need = counts.table.sum(axis=2)
    age = np.array([facts[-1].day - one.day for one in facts], float)
    recent = by_need * np.exp2(-age / levels.half_life_days)[:, None]
    mix = leaning(recent, weekday, 7, recent.sum(axis=0), np.ones_like(by_need))
    tilt = _tilts(counts, whole)
    return _scattered(counts, levels, shape, mix, tilt)


def _scattered(counts: Counts, levels: Levels, shape: Floats, mix: Floats, tilt: Floats) -> Arrivals:
    """Measure how days, needs and slots scatter around what is expected of them."""
    weekday = np.array([one.weekday for one in counts.facts])
    by_day, by_need, by_slot = counts.by_day, counts.table.sum(axis=2), counts.table.sum(axis=1)
    needs = mix[weekday] * by_day[:, None]
    shares = shape[weekday] * counts.open
    slots = shares / np.maximum(shares.sum(axis=1), 1e-12)[:, None] * by_day[:, None]
    # Slots at the edges of the day hold what opening and closing do, not how busy it is.
    some_needs, some_slots = needs > 1.0, slots > np.maximum(1.0, 0.3 * slots.max(axis=1, keepdims=True))
    groups = len(set(weekday.tolist()))
    free = (1 - 1 / len(by_day)) * (1 - 1 / max(2, by_need.shape[1])) if by_need.shape[1] > 1 else 1.0
    of_needs = Dispersion(0.0, 0.0, 0.0)
    if by_need.shape[1] > 1 and some_needs.any():
        age = np.array([counts.facts[-1].day - one.day for one in counts.facts], float)
        recent = np.broadcast_to(np.exp2(-age / levels.half_life_days)[:, None], needs.shape)[some_needs]
        of_needs = dispersed(by_need[some_needs], needs[some_needs], float(recent.sum()) * free, recent)
    degrees = max(1.0, float(some_slots.sum()) * (1 - min(0.9, groups / len(by_day)) * 0.5) - len(by_day))
    of_slots = dispersed(by_slot[some_slots], slots[some_slots], degrees)
    mean = by_slot.mean(axis=0)
    raw = (
        float((by_slot.var(axis=0, ddof=1)[mean > 1] / mean[mean > 1]).mean())
        if len(by_day) > 1 and (mean > 1).any()
        else 1.0
    )
    after = float((np.square(by_slot - slots)[some_slots] / slots[some_slots]).sum() / degrees)
    index = float(by_day.var(ddof=1) / by_day.mean()) if len(by_day) > 1 else 1.0
    return Arrivals(counts, levels, shape, mix, tilt, of_needs, of_slots, index, raw, after)


def _whole_shape(by_slot: Floats, is_open: Floats) -> tuple[Floats, Floats]:
    """The shape of a whole day from days that were not all open throughout, and what share of it each day saw."""
    shape = by_slot.sum(axis=0)
    shape = shape / shape.sum()
    for _ in range(20):
        coverage = np.maximum(is_open @ shape, 1e-6)
        level = by_slot.sum(axis=1) / coverage
        shape = by_slot.sum(axis=0) / np.maximum(level @ is_open, 0.05 * level.sum())
        shape = shape / shape.sum()
    return shape, np.maximum(is_open @ shape, 1e-6)


def leaning(counts: Floats, group: Ints, groups: int, whole: Floats, is_open: Floats) -> Floats:
    """Return the shares [group, cell] of counts [day, cell]: each group's own, leaning on the whole.

    How much it leans (as so many customers of the whole) is what tells left-out days best.
    """
    whole = whole / whole.sum()
    best, lean = -math.inf, _LEANS[-1]
    for one in _LEANS:
        score = 0.0
        for day in range(len(counts)):
            others = (group == group[day]) & (np.arange(len(counts)) != day)
            rest = counts.sum(axis=0) - counts[day]
            shares = counts[others].sum(axis=0) + one * (rest + 0.5 * whole) / max(1.0, float(rest.sum()) + 0.5)
            shares = shares * is_open[day] + 1e-12
            score += float(counts[day] @ np.log(shares / shares.sum()))
        if score > best:
            best, lean = score, one
    table = np.stack([counts[group == one].sum(axis=0) + lean * whole for one in range(groups)])
    shares_of: Floats = table / table.sum(axis=1, keepdims=True)
    return shares_of


def _closed(shape: Floats, by_slot: Floats, weekday: Ints, whole: Floats) -> Floats:
    """Shut the slots of a weekday in which nobody ever came though three would have, were it a day like the others."""
    found = shape.copy()
    for one in range(7):
        mine = by_slot[weekday == one]
        nobody = (mine.sum(axis=0) == 0) & (mine.sum() * whole > _SURELY)
        found[one, nobody] = 0.0
    sums: Floats = found / found.sum(axis=1, keepdims=True)
    return sums


def _tilts(counts: Counts, whole: Floats) -> Floats:
    """How each need's shape over the slots differs from the hall's, leaning on no difference."""
    by_need = counts.table.sum(axis=0)
    needs, days = by_need.shape[0], counts.table.shape[0]
    flat = counts.table.transpose(1, 0, 2).reshape(needs * days, -1)
    group = np.repeat(np.arange(needs), days)
    shares = leaning(flat, group, needs, np.maximum(whole, 1e-9), np.tile(counts.open, (needs, 1)))
    tilt: Floats = np.where(whole > 1e-6, shares / np.maximum(whole, 1e-6), 0.0)
    return tilt
