"""Which counters were open when, and what they serve: from who served whom at what time."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from yingting.twin.calibrating.days import DayFacts
from yingting.twin.calibrating.reasons import Demands
from yingting.twin.calibrating.services import Pace
from yingting.twin.calibrating.visits import Flags, Floats, Ints, Visits
from yingting.twin.hall import Stint

_BIN_S = 300.0
_BINS = int(86400 / _BIN_S)
_MOMENT_S = 10.0
_MOMENTS = int(86400 / _MOMENT_S)
_WAITED = 0.25  # of a silence; a counter that was there would have called


@dataclass(frozen=True, slots=True)
class Roster:
    """The counters of one day as they were."""

    day: int
    stints: tuple[Stint, ...]


@dataclass(frozen=True, slots=True)
class Seating:
    """Who serves what and when. `skills[counter, queue]` is the share of the counter's services that came from the queue.

    `serves` says which of them count as a skill. `rosters` are the days as they were, `usual[weekday]` what is usual then:
    in each five minutes as many counters as in the mean of such days, those that were there most often.
    """

    counters: tuple[str, ...]
    queues: tuple[str, ...]
    skills: Floats
    serves: Flags
    rosters: tuple[Roster, ...]
    usual: tuple[tuple[Stint, ...], ...]


def fit_seating(visits: Visits, paces: tuple[Pace, ...], demands: Demands) -> Seating:
    """Return the counters of every day and what is usual on each weekday."""
    counters, queues = visits.names.counters, visits.names.queues
    known = visits.came & (visits.counter >= 0)
    table = np.zeros((len(counters), len(queues)))
    np.add.at(table, (visits.counter[known], visits.queue[known]), 1.0)
    skills = table / np.maximum(table.sum(axis=1, keepdims=True), 1.0)
    serves = (skills >= demands.skill_share) & (table >= demands.skill_visits)
    serves[np.arange(len(counters)), table.argmax(axis=1)] |= table.sum(axis=1) > 0
    factor = {one.code: one.factor for one in paces}
    rosters = tuple(
        Roster(int(day), _stints(visits.only(visits.day == day), serves, factor, demands)) for day in visits.days
    )
    return Seating(counters, queues, skills, serves, rosters, usual_stints(rosters))


def _stints(today: Visits, serves: Flags, factor: Mapping[str, float], demands: Demands) -> tuple[Stint, ...]:
    """The counters of a day from who was called where, with the pace of the clerk who sat there most."""
    names, found = today.names, []
    somebody = _waiting(today, len(names.queues))
    for counter in np.unique(today.counter[today.counter >= 0]):
        mine = today.only((today.counter == counter) & ~np.isnan(today.called_s))
        if not len(mine):
            continue
        named = tuple(names.queues[place] for place in np.flatnonzero(serves[counter]))
        waited: Flags = np.any(somebody[:, serves[counter]], axis=1)
        for opens_s, closes_s in _present(mine, waited, demands):
            clerks = mine.clerk[(mine.called_s >= opens_s) & (mine.called_s <= closes_s)]
            who = names.clerks[_most(clerks)] if (clerks >= 0).any() else names.counters[counter]
            found.append(Stint(names.counters[counter], opens_s, closes_s, named, factor.get(who, 1.0)))
    return tuple(found)


def _most(column: Ints) -> int:
    return int(np.bincount(column[column >= 0]).argmax())


def _waiting(today: Visits, queues: int) -> Flags:
    """At which moments (every ten seconds) somebody waits in each queue: [moment, queue]."""
    people = np.zeros((_MOMENTS + 1, queues))
    ends = np.where(np.isnan(today.called_s), today.left_s, today.called_s)
    known = np.isfinite(ends) & (ends > today.issued_s)
    first = np.clip(np.ceil(today.issued_s[known] / _MOMENT_S), 0, _MOMENTS).astype(int)
    last = np.clip(np.ceil(ends[known] / _MOMENT_S), 0, _MOMENTS).astype(int)
    np.add.at(people, (first, today.queue[known]), 1)
    np.add.at(people, (last, today.queue[known]), -1)
    waiting: Flags = np.cumsum(people, axis=0)[:_MOMENTS] > 0
    return waiting


def _present(mine: Visits, somebody: Flags, demands: Demands) -> list[tuple[float, float]]:
    """The stretches in which a counter was there: long silences while somebody waited for it were absence."""
    begins = mine.called_s
    ends = np.where(np.isnan(mine.finished_s), begins, mine.finished_s)
    order = np.argsort(begins)
    begins, ends = begins[order], np.maximum.accumulate(ends[order])
    cuts = [0]
    for place in range(1, len(begins)):
        gap = begins[place] - ends[place - 1]
        if gap < demands.away_s:
            continue
        waited = somebody[int(ends[place - 1] // _MOMENT_S) : int(begins[place] // _MOMENT_S)]
        if gap >= demands.idle_s or (len(waited) and waited.mean() > _WAITED):
            cuts.append(place)
    cuts.append(len(begins))
    found: list[tuple[float, float]] = []
    for first, after in pairwise(cuts):
        opens_s, closes_s = float(begins[first]), float(ends[after - 1])
        # The clock of the last service runs to its end; a counter calls nobody after it.
        closes_s = max(closes_s, opens_s + 60.0)
        if found and opens_s <= found[-1][1]:
            found[-1] = (found[-1][0], max(closes_s, found[-1][1]))
        else:
            found.append((opens_s, closes_s))
    return found


def usual_stints(rosters: tuple[Roster, ...]) -> tuple[tuple[Stint, ...], ...]:
    """Return the usual stints of each weekday; a weekday without a roster takes those of all days."""
    by_weekday: dict[int, list[Roster]] = defaultdict(list)
    for one in rosters:
        by_weekday[DayFacts(one.day).weekday].append(one)
    return tuple(_usual(by_weekday[weekday] or list(rosters)) for weekday in range(7))


def _usual(rosters: list[Roster]) -> tuple[Stint, ...]:
    counters = list(dict.fromkeys(stint.counter for one in rosters for stint in one.stints))
    if not counters:
        return ()
    there = np.zeros((len(counters), _BINS))
    like: dict[str, list[Stint]] = defaultdict(list)
    for one in rosters:
        for stint in one.stints:
            like[stint.counter].append(stint)
            first, last = round(stint.opens_s / _BIN_S), round(min(stint.closes_s, 86400.0) / _BIN_S)
            there[counters.index(stint.counter), first : max(last, first + 1)] += 1 / len(rosters)
    wanted = np.rint(there.sum(axis=0)).astype(int)
    # Who is there for long stretches comes before who is there for this bin alone: fewer changes.
    rank = there + 1e-3 * there.mean(axis=1, keepdims=True) + 1e-6 * np.arange(len(counters), 0, -1)[:, None]
    chosen = np.zeros((len(counters), _BINS), bool)
    for at in np.flatnonzero(wanted):
        chosen[np.argsort(-rank[:, at])[: wanted[at]], at] = True
    stints: list[Stint] = []
    for place, counter in enumerate(counters):
        usual = _merged(like[counter])
        stints += [replace(usual, opens_s=low * _BIN_S, closes_s=high * _BIN_S) for low, high in _runs(chosen[place])]
    return tuple(stints)


def _merged(stints: list[Stint]) -> Stint:
    """The stint of a counter with its mean pace and every queue that it serves in most of its time."""
    hours = np.array([one.closes_s - one.opens_s for one in stints])
    pace = float(hours @ np.array([one.pace for one in stints]) / hours.sum())
    queues: dict[str, float] = defaultdict(float)
    for one, long in zip(stints, hours, strict=True):
        for queue in one.queues:
            queues[queue] += float(long)
    named = tuple(sorted(queue for queue, long in queues.items() if long >= hours.sum() / 2))
    return replace(stints[0], pace=pace, queues=named or stints[0].queues)


def _runs(flags: Flags) -> list[tuple[int, int]]:
    """Return the stretches of true: (first, one past the last).

    >>> _runs(np.array([False, True, True, False, True]))
    [(1, 3), (4, 5)]
    """
    steps = np.diff(np.concatenate([[0], flags.astype(int), [0]]))
    return list(zip(np.flatnonzero(steps == 1).tolist(), np.flatnonzero(steps == -1).tolist(), strict=True))


def stints_of(
    facts: DayFacts, seating: Seating, planned: Mapping[int, tuple[Stint, ...]] | None = None
) -> tuple[Stint, ...]:
    """Return the counters of a day: those that are planned, else those that are usual on its weekday, within its hours."""
    stints = facts.stints if facts.stints is not None else (planned or {}).get(facts.day)
    if stints is not None:
        return stints
    low, high = facts.opens_s or 0.0, facts.closes_s or math.inf
    cut = (
        replace(one, opens_s=max(one.opens_s, low), closes_s=min(one.closes_s, high))
        for one in seating.usual[facts.weekday]
    )
    return tuple(one for one in cut if one.opens_s < one.closes_s)


def pools(queues: tuple[str, ...], stints: tuple[Stint, ...]) -> tuple[tuple[str, ...], ...]:
    """Return the queues that are tied together by counters which serve several of them.

    >>> pools(("A", "B", "C"), (Stint("1", 0, 9, ("A", "B")), Stint("2", 0, 9, ("C",))))
    (('A', 'B'), ('C',))
    """
    root = {queue: queue for queue in queues}

    def find(queue: str) -> str:
        while root[queue] != queue:
            queue = root[queue]
        return queue

    for stint in stints:
        named = [queue for queue in stint.queues if queue in root]
        for other in named[1:]:
            root[find(other)] = find(named[0])
    found: dict[str, list[str]] = defaultdict(list)
    for queue in queues:
        found[find(queue)].append(queue)
    return tuple(tuple(one) for one in found.values())
