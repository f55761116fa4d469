"""What presses a hall now, by kind of alert: the one reading that the watcher and the console share."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from yingting.domains.peaks.rules import AlertKind, PeakRule, level_of, over_throughout
from yingting.domains.queueing.contracts import HallSetup
from yingting.domains.queueing.facade import Pressure, Seat, spans_in_line


@dataclass(frozen=True, slots=True)
class Trouble:
    """How far a kind of trouble has gone (level 0: not there), with people and minutes, and what it is about."""

    level: int
    people: int
    minutes: int
    about: tuple[dict[str, Any], ...] = ()


def idle_too_long(picture: Pressure, rule: PeakRule) -> list[Seat]:
    """Return the open counters that have been free before a queue for the rule's time, the longest first."""
    limit = dt.timedelta(minutes=rule.idle_min)
    idle = [seat for seat in picture.seats if seat.idle_since and picture.at - seat.idle_since >= limit]
    return sorted(idle, key=lambda seat: (seat.idle_since, seat.number))


def troubles(setup: HallSetup, picture: Pressure, rule: PeakRule) -> dict[AlertKind, Trouble]:
    """Return the trouble of each kind. One query more, only while some queue is longer than the rule likes."""
    return {
        AlertKind.PEAK: _peak(picture, rule),
        AlertKind.LONG_WAIT: _long_wait(setup, picture, rule),
        AlertKind.LONG_LINE: _long_line(setup, picture, rule),
        AlertKind.IDLE_COUNTER: _idle(picture, rule),
    }


def _peak(picture: Pressure, rule: PeakRule) -> Trouble:
    people, minutes = len(picture.waiters), picture.expected_min
    return Trouble(level_of(people, minutes, rule.levels), people, minutes)


def _long_wait(setup: HallSetup, picture: Pressure, rule: PeakRule) -> Trouble:
    limit = dt.timedelta(minutes=rule.long_wait_min or setup.wait_limit_min)
    over = [waiter for waiter in picture.waiters if picture.at - waiter.issued_at > limit]
    longest = int((picture.at - over[0].issued_at).total_seconds() // 60) if over else 0
    return Trouble(int(bool(over)), len(over), longest, tuple({"number": waiter.number} for waiter in over[:5]))


def _long_line(setup: HallSetup, picture: Pressure, rule: PeakRule) -> Trouble:
    long = {line.id: line for line in picture.lines if line.waiting > rule.line_people}
    if not long:
        return Trouble(0, 0, 0)
    since = picture.at - dt.timedelta(minutes=rule.line_min)
    spans = spans_in_line(setup, list(long), since=since, now=picture.at)
    lasting = [
        line for key, line in long.items() if over_throughout(spans[key], rule.line_people, since=since, now=picture.at)
    ]
    about = tuple({"queue": str(line.id), "people": line.waiting} for line in lasting)
    return Trouble(int(bool(lasting)), sum(line.waiting for line in lasting), rule.line_min if lasting else 0, about)


def _idle(picture: Pressure, rule: PeakRule) -> Trouble:
    idle = idle_too_long(picture, rule)
    if not idle:
        return Trouble(0, 0, 0)
    assert idle[0].idle_since is not None, "that is how they were chosen"
    minutes = int((picture.at - idle[0].idle_since).total_seconds() // 60)
    about = tuple({"counter": seat.number, "clerk": str(seat.clerk)} for seat in idle)
    return Trouble(1, max(seat.waiting for seat in idle), minutes, about)
