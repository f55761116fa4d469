"""Which slots a hall has on a day, what of them is free, and which may stand in for one that went."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from yingting.domains.appointments.rules.shapes import PlaceGroup, Places
from yingting.domains.appointments.rules.states import Why
from yingting.kernel.clocks import local_instant
from yingting.kernel.hours import Interval

_DAY_MIN = 24 * 60


@dataclass(frozen=True, slots=True)
class FreeSlot:
    """A slot that may be booked: its group, when it begins and ends, how many places are left (at least 1)."""

    group: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    free: int


@dataclass(frozen=True, slots=True)
class DayOfHall:
    """A day as bookings see it: the hall's hours on it, the weekday that holds, whether it is a holiday nobody opened."""

    day: dt.date
    timezone: str
    hours: tuple[Interval, ...]
    weekday: int
    is_holiday: bool = False


@dataclass(frozen=True, slots=True)
class OfferedSlot:
    """A slot of a group that the rules offer: instants, and how many may book it."""

    group: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    capacity: int


def group_of(places: Places, business: str) -> PlaceGroup | None:
    """Return the group of a business ("class/type"): one that names it, one that names its class, else the one that names none.

    >>> places = Places(groups=(PlaceGroup("rest", "R"), PlaceGroup("new", "N", businesses=("new",))))
    >>> group_of(places, "new/open").code, group_of(places, "pay/fee").code
    ('new', 'rest')
    """
    for wanted in (business, business.split("/", 1)[0]):
        for group in places.groups:
            if wanted in group.businesses:
                return group
    return next((group for group in places.groups if not group.businesses), None)


def slots_of(places: Places, here: DayOfHall, group: PlaceGroup) -> tuple[OfferedSlot, ...]:
    """Return the slots of a group on a day, in order: whole ones only, from the beginning of each span of hours.

    >>> here = DayOfHall(dt.date(2026, 1, 5), "Asia/Shanghai", (Interval(dt.time(9), dt.time(10, 15)),), 0)
    >>> places = Places(groups=(PlaceGroup("a", "A", slot_min=30, places=4),))
    >>> [f"{slot.starts_at:%H:%M}" for slot in slots_of(places, here, places.groups[0])]
    ['01:00', '01:30']
    """
    if not places.is_on or not group.bookable or (here.is_holiday and not places.on_holidays):
        return ()
    found = []
    for starts, ends in _spans(places, here, group):
        for minute in range(starts, ends - group.slot_min + 1, group.slot_min):
            begins = _instant(here, minute)
            found.append(OfferedSlot(group.code, begins, begins + dt.timedelta(minutes=group.slot_min), group.bookable))
    return tuple(found)


def _spans(places: Places, here: DayOfHall, group: PlaceGroup) -> list[tuple[int, int]]:
    """The minutes of the day in which a group may be booked: opening hours, cut by its own hours where it has some."""
    open_spans = _joined(_minutes(span) for span in here.hours)
    own = [row for row in places.hours if row.group == group.code]
    if not own:
        return open_spans
    wanted = _joined(
        _minutes(Interval(row.starts, row.ends))
        for row in own
        if any(day.number == here.weekday for day in row.weekdays)
    )
    return sorted(
        (max(a, c), min(b, d)) for a, b in open_spans for c, d in wanted if max(a, c) < min(b, d)
    )  # fmt: skip


def _minutes(span: Interval) -> tuple[int, int]:
    ends = span.closes.hour * 60 + span.closes.minute
    return span.opens.hour * 60 + span.opens.minute, ends or _DAY_MIN


def _joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans in order, those that meet made one: a slot must not be offered twice."""
    joined: list[tuple[int, int]] = []
    for starts, ends in sorted(span for span in spans if span[0] < span[1]):
        if joined and starts <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], ends))
        else:
            joined.append((starts, ends))
    return joined


def _instant(here: DayOfHall, minute: int) -> dt.datetime:
    return local_instant(here.day, dt.time(minute // 60, minute % 60), here.timezone)


Span = tuple[dt.datetime, dt.datetime]


def free_of(
    slots: Iterable[OfferedSlot], taken: Mapping[Span, int], *, now: dt.datetime, latest_min: int
) -> tuple[FreeSlot, ...]:
    """Return the slots that may still be booked, with how many places each has left. `taken` counts places by beginning and end;
    after the day was divided anew a place of the earlier division counts in every slot that it meets.

    >>> at = dt.datetime(2026, 1, 5, 1, tzinfo=dt.UTC)
    >>> half = dt.timedelta(minutes=30)
    >>> slot = OfferedSlot("a", at, at + half, 2)
    >>> [free.free for free in free_of([slot], {(at, at + half): 1}, now=at - 2 * half, latest_min=30)]
    [1]
    >>> free_of([slot], {(at, at + half): 1, (at - half / 2, at + half / 2): 1}, now=at - 2 * half, latest_min=30)
    ()
    """
    last = now + dt.timedelta(minutes=latest_min)
    found = (
        FreeSlot(slot.group, slot.starts_at, slot.ends_at, slot.capacity - taken_in(slot, taken))
        for slot in slots
        if slot.starts_at >= last and slot.starts_at > now
    )
    return tuple(free for free in found if free.free > 0)


def taken_in(slot: OfferedSlot, taken: Mapping[Span, int]) -> int:
    """Return how many places of a slot are taken, by those who booked it or a slot that it meets."""
    return sum(
        places for (starts, ends), places in taken.items()
        if starts == slot.starts_at or (starts < slot.ends_at and ends > slot.starts_at)
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Standing:
    """A booking whose slot is looked at again: its group as the rules have it now ("" for none), when, and when it was made."""

    id: UUID
    group: str
    starts_at: dt.datetime
    made_at: dt.datetime


def touched_of(
    standing: Iterable[Standing], slots: Iterable[OfferedSlot], is_open: Callable[[dt.datetime], bool]
) -> dict[UUID, Why]:
    """Return which bookings cannot stand, and why. A slot that has too few places keeps those who booked first.

    A booking stands where a slot of its group begins or runs at its time, so dividing the day anew touches nobody by itself.

    >>> at, half = dt.datetime(2026, 1, 5, 1, tzinfo=dt.UTC), dt.timedelta(minutes=30)
    >>> held = [Standing(UUID(int=n), "a", at, at + n * half) for n in (1, 2)]
    >>> [why.value for why in touched_of(held, [OfferedSlot("a", at, at + half, 1)], lambda _at: True).values()]
    ['over']
    >>> [why.value for why in touched_of(held, [], lambda _at: False).values()]
    ['closed', 'closed']
    """
    offered = sorted(slots, key=lambda slot: slot.starts_at)
    used: Counter[tuple[str, dt.datetime]] = Counter()
    found: dict[UUID, Why] = {}
    for one in sorted(standing, key=lambda one: (one.made_at, one.id)):
        slot = next(
            (slot for slot in offered if slot.group == one.group and slot.starts_at <= one.starts_at < slot.ends_at),
            None,
        )
        if not is_open(one.starts_at):
            found[one.id] = Why.CLOSED
        elif slot is None:
            found[one.id] = Why.NOT_OFFERED
        elif used[slot.group, slot.starts_at] >= slot.capacity:
            found[one.id] = Why.OVER
        else:
            used[slot.group, slot.starts_at] += 1
    return found


DAY_AWAY = dt.timedelta(hours=4)  # as far as another day at the same time is from what was booked
_DAY = dt.timedelta(days=1)


def distance(one: dt.datetime, other: dt.datetime) -> dt.timedelta:
    """Return how far one time is from another for a customer: whoever booked at 9 would rather come at 9 on the next day than at
    17 on the same.

    >>> at = dt.datetime(2026, 1, 5, 1, tzinfo=dt.UTC)
    >>> [distance(at, at + dt.timedelta(hours=n)) // dt.timedelta(hours=1) for n in (3, 8, 24, -25)]
    [3, 8, 4, 5]
    """
    apart = abs(one - other)
    days = round(apart / _DAY)
    return days * DAY_AWAY + abs(apart - days * _DAY)


def nearest(free: Sequence[FreeSlot], to: dt.datetime, most: int) -> tuple[FreeSlot, ...]:
    """Return so many free slots nearest to a booked time, told in the order of time; of two as near the later one is chosen first.

    >>> at = dt.datetime(2026, 1, 5, 1, tzinfo=dt.UTC)
    >>> hour = dt.timedelta(hours=1)
    >>> slots = [FreeSlot("a", at + n * hour, at + (n + 1) * hour, 1) for n in range(-3, 4)]
    >>> [round((one.starts_at - at) / hour) for one in nearest(slots, at, 2)]
    [0, 1]
    """
    ordered = sorted(free, key=lambda slot: (distance(slot.starts_at, to), slot.starts_at < to, slot.starts_at))
    return tuple(sorted(ordered[:most], key=lambda slot: slot.starts_at))
