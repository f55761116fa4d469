"""The duty manager's console: the level that holds, what to do now, the mode, and the alerts that wait for somebody."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from yingting.domains.peaks.models import Alert
from yingting.domains.peaks.queries.alerts import measures_taken, open_alerts
from yingting.domains.peaks.queries.rules_in_force import PEAKS
from yingting.domains.peaks.queries.trouble import Trouble, idle_too_long, troubles
from yingting.domains.peaks.rules import AlertKind, Level, Measure, PeakRule, Standing, next_level
from yingting.domains.queueing.contracts import HallSetup
from yingting.domains.queueing.facade import (
    ForcedStretch,
    FreeClerk,
    Pressure,
    Seat,
    forced_stretches,
    free_clerks,
    pressure,
    rule_in,
)
from yingting.kernel.clocks import elapsed_s
from yingting.kernel.words import gettext_noop as _


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do now: a sentence (msgid) with its parameters, the measure, and the counter it is about (if any)."""

    sentence: str
    params: Mapping[str, object]
    measure: Measure
    seat: Seat | None = None


@dataclass(frozen=True, slots=True)
class OpenAlert:
    """An open alert as the console shows it: its sentence, its age, and the seconds left to act (negative: over)."""

    alert: Alert
    sentence: str
    params: Mapping[str, object]
    age_s: float
    left_s: float
    measures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Console:
    """What the console shows. `level` is None in calm; `rank` counts levels from 1."""

    waiting: int
    expected_min: int
    level: Level | None
    rank: int
    steps: tuple[Step, ...]
    alerts: tuple[OpenAlert, ...]
    mode: ForcedStretch | None
    now: dt.datetime

    @property
    def has_unseen(self) -> bool:
        """Has somebody still to see one of the alerts?"""
        return any(row.alert.seen_at is None for row in self.alerts)


REMIND = _("Counter %(number)s has been free for %(minutes)s min while %(people)s wait for it: ask %(clerk)s to call.")
COME_BACK = _("Counter %(number)s is paused (%(reason)s) while %(people)s wait for it: ask %(clerk)s to come back.")
OPEN = _("Open counter %(number)s for %(clerk)s: %(people)s wait for it.")
GUIDE = _("Send a guide to those who wait: ask again what they need, point out quicker ways.")
CARE = _("Start crowd care: hot water, order in the line, a word to everybody.")
FORCE = _("Switch to forced diversion. Customers who insist are served all the same.")

ALERT_SENTENCES: dict[AlertKind, str] = {
    AlertKind.PEAK: _("Peak level reached: %(people)s waiting, %(minutes)s min expected."),
    AlertKind.LONG_WAIT: _("%(people)s wait too long, the longest %(minutes)s min."),
    AlertKind.LONG_LINE: _("%(people)s stand in a line that has been long for %(minutes)s min."),
    AlertKind.IDLE_COUNTER: _("A counter is free for %(minutes)s min while %(people)s wait for it."),
}


def console(setup: HallSetup, *, now: dt.datetime) -> Console:
    """Return the console of a hall. What it says of the level is true now, even before the worker has written it down."""
    day = setup.day(now)
    rule, picture = rule_in(setup, PEAKS, day), pressure(setup, now=now)
    found, alerts = troubles(setup, picture, rule), [row for row in open_alerts(setup.id) if row.business_day == day]
    rank = _rank(rule, found[AlertKind.PEAK], alerts, now)
    level = rule.levels[rank - 1] if rank else None
    taken = measures_taken([alert.pk for alert in alerts])
    running = [stretch for stretch in forced_stretches(setup.id, day) if stretch.ended_at is None]
    done = {measure for measures in taken.values() for measure in measures}
    steps = _steps(setup, picture, rule, level, found, done, is_forced=bool(running))
    return Console(
        len(picture.waiters), picture.expected_min, level, rank, steps,
        tuple(_shown(alert, found, taken.get(alert.pk, set()), now) for alert in alerts),
        running[0] if running else None, now,
    )  # fmt: skip


def _rank(rule: PeakRule, peak: Trouble, alerts: list[Alert], now: dt.datetime) -> int:
    held = next((alert for alert in alerts if alert.kind == AlertKind.PEAK), None)
    present = Standing(held.level, held.below_since) if held else Standing(0)
    settle = dt.timedelta(minutes=rule.settle_min)
    return min(next_level(present, peak.level, now=now, settle=settle).level, len(rule.levels))


def _shown(alert: Alert, found: Mapping[AlertKind, Trouble], taken: set[Measure], now: dt.datetime) -> OpenAlert:
    kind = AlertKind(alert.kind)
    # The figures of now while the trouble lasts; those it had when it was last written down once it has gone.
    seen = found[kind] if found[kind].level else Trouble(0, alert.people, alert.minutes)
    return OpenAlert(
        alert, ALERT_SENTENCES[kind], {"people": seen.people, "minutes": seen.minutes},
        elapsed_s(alert.raised_at, now), (alert.act_by - now).total_seconds(), tuple(sorted(taken)),
    )  # fmt: skip


def _steps(
    setup: HallSetup, picture: Pressure, rule: PeakRule, level: Level | None, found: Mapping[AlertKind, Trouble],
    done: set[Measure], *, is_forced: bool,
) -> tuple[Step, ...]:  # fmt: skip
    steps = [_remind(seat, picture) for seat in idle_too_long(picture, rule)]
    advised = list(level.advised()) if level else []
    if found[AlertKind.LONG_WAIT].level or found[AlertKind.LONG_LINE].level:
        advised = [Measure.OPEN_COUNTER, Measure.SEND_GUIDE, *advised]
    pressed = _pressed_queues(setup, picture, rule, is_everywhere=level is not None)
    for measure in dict.fromkeys(advised):
        if measure is Measure.OPEN_COUNTER:
            free = free_clerks(setup)
            # One or two counters are offered, so that room is left for the other measures.
            helping = list(_counters_that_help(setup, picture, pressed, free))
            steps += helping[: max(1, 3 - len(steps) - (len(advised) > 1))] if len(steps) < 3 else []
        elif measure not in done and not (measure is Measure.FORCED_MODE and is_forced):
            steps.append(Step({Measure.SEND_GUIDE: GUIDE, Measure.CROWD_CARE: CARE}.get(measure, FORCE), {}, measure))
    return tuple(steps[:3])


def _remind(seat: Seat, picture: Pressure) -> Step:
    assert seat.idle_since is not None, "only idle counters are called out"
    minutes = int((picture.at - seat.idle_since).total_seconds() // 60)
    about = {"number": seat.number, "minutes": minutes, "people": seat.waiting, "clerk": seat.clerk_name}
    return Step(REMIND, about, Measure.REMIND_CLERK, seat)


def _pressed_queues(setup: HallSetup, picture: Pressure, rule: PeakRule, *, is_everywhere: bool) -> frozenset[UUID]:
    """The queues that another counter would relieve: all with people at a peak, else those of the long waits and lines."""
    if is_everywhere:
        return frozenset(line.id for line in picture.lines if line.waiting)
    limit = dt.timedelta(minutes=rule.long_wait_min or setup.wait_limit_min)
    late = {waiter.queue for waiter in picture.waiters if picture.at - waiter.issued_at > limit}
    return frozenset(late | {line.id for line in picture.lines if line.waiting > rule.line_people})


def _counters_that_help(
    setup: HallSetup, picture: Pressure, pressed: frozenset[UUID], free: tuple[FreeClerk, ...]
) -> Iterator[Step]:
    """Paused counters first, then closed ones for which somebody is free; those for whom most people wait come first."""
    helping = [seat for seat in picture.seats if pressed & set(setup.counters[seat.counter].queues)]
    for seat in sorted(helping, key=lambda seat: (-seat.waiting, seat.number)):
        if seat.state == "paused":
            about = {
                "number": seat.number, "reason": seat.pause_reason, "people": seat.waiting, "clerk": seat.clerk_name
            }  # fmt: skip
            yield Step(COME_BACK, about, Measure.OPEN_COUNTER, seat)
    clerks = iter(free)
    for seat in sorted(helping, key=lambda seat: (-seat.waiting, seat.number)):
        if seat.state == "closed" and (clerk := next(clerks, None)) is not None:
            yield Step(
                OPEN, {"number": seat.number, "clerk": clerk.name, "people": seat.waiting}, Measure.OPEN_COUNTER, seat
            )
