"""The simulated duty manager: looks at the console every minute, sees alerts, does what the console advises, now and then nothing.

Whoever signs in as a supervisor of the hall is in charge: for some minutes after the sign-in, while an alert is open that they
have seen or answered, and for a while after the last of these; forced diversion that a real person began is ended by one.
"""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from yingting.domains.peaks.actions.answering import see_alerts, take_measure
from yingting.domains.peaks.actions.watching import look_at_hall
from yingting.domains.peaks.models import Alert
from yingting.domains.peaks.queries.alerts import open_alerts
from yingting.domains.peaks.queries.console import Console, Step, console
from yingting.domains.peaks.queries.rules_in_force import PEAKS
from yingting.domains.peaks.rules import AlertKind, Measure
from yingting.domains.queueing.actions import modes, sessions
from yingting.domains.queueing.facade import forced_stretches, rule_in
from yingting.domains.queueing.queries.setup import fresh_setup
from yingting.kernel.actors import SYSTEM, Actor
from yingting.planning import looking
from yingting.planning.almanac import is_turn_of_month
from yingting.planning.clerks import Clerks
from yingting.planning.floor_staff import FloorStaff
from yingting.planning.stage import Stage

_LOOKS_EVERY = dt.timedelta(minutes=1)
# A person has other things to do: an alert is seen, then answered, after about so many seconds.
_SEES_S = 75.0
_ACTS_S = 60.0
_OVERLOOKED_SHARE = 0.12
REAL_HAND = dt.timedelta(minutes=30)
SIGNED_IN = dt.timedelta(minutes=5)  # of real time: a sign-in is nobody's simulated doing
_FORCED_AFTER = dt.timedelta(minutes=2)
_FORCED_AT_LEAST = dt.timedelta(minutes=15)
_CALM_FOR_RELIEF = dt.timedelta(minutes=20)


class Supervisor:
    """The simulated duty manager of a hall that has one."""

    def __init__(self, stage: Stage, clerks: Clerks, floor: FloorStaff) -> None:
        self._stage = stage
        self._clerks = clerks
        self._floor = floor
        self._has_signed_in = False

    def begin_day(self, now: dt.datetime) -> None:
        """Look from the opening to the end of the day."""
        self._planned: set[tuple[UUID, dt.datetime]] = set()  # what is done about an alert since then has been decided
        self._calm_since = now
        self._asked_since: dt.datetime | None = None
        if self._stage.played.boss is not None:
            self._stage.at(max(now, self._stage.opens), self._look)

    def _look(self, now: dt.datetime) -> None:
        # The worker looks as well, in real seconds: here at a demo's speed, and where no worker runs.
        look_at_hall(hall=self._stage.hall, actor=SYSTEM, now=now)
        if now < self._stage.closes + _LOOKS_EVERY:
            self._stage.at(now + _LOOKS_EVERY, self._look)
        alerts = open_alerts(self._stage.hall)
        if not self._is_real_person_at_work(now):
            for alert in alerts:
                self._notice(alert, now)
            self._mind_the_mode(next((row for row in alerts if row.kind == AlertKind.PEAK), None), now)
            if alerts:
                self._calm_since = now
            elif now - self._calm_since >= _CALM_FOR_RELIEF:
                self._clerks.relieve_reserve()

    def look_around(self, real_now: dt.datetime) -> None:
        """See whether somebody real has signed in lately."""
        since = real_now - SIGNED_IN
        self._has_signed_in = self._stage.played.boss is not None and looking.supervisor_signed_in(
            fresh_setup(self._stage.hall), since
        )

    def _is_real_person_at_work(self, now: dt.datetime) -> bool:
        return self._has_signed_in or looking.real_hand_since(self._stage.hall, self._stage.day, now - REAL_HAND)

    # ------------------------------------------------------------------------------------------------ alerts
    def _notice(self, alert: Alert, now: dt.datetime) -> None:
        level = (alert.pk, alert.level_since)
        if alert.acted_at is not None or level in self._planned:
            return
        self._planned.add(level)
        if self._stage.dice.uniform() < _OVERLOOKED_SHARE:
            return
        sees = now + dt.timedelta(seconds=self._stage.pause(_SEES_S))
        self._stage.at(sees, self._see)
        acts = sees + dt.timedelta(seconds=self._stage.pause(_ACTS_S))
        self._stage.at(acts, lambda t, key=alert.pk: self._act(key, t))  # type: ignore[misc]  # bound now

    def _see(self, now: dt.datetime) -> None:
        boss = self._boss()
        if not self._is_real_person_at_work(now):
            self._stage.try_(lambda: see_alerts(hall=self._stage.hall, actor=boss, now=now))

    def _act(self, key: UUID, now: dt.datetime) -> None:
        """Do what the console advises about an alert: the first thing that the simulated staff can do, else a word to them."""
        alert = next((row for row in open_alerts(self._stage.hall) if row.pk == key), None)
        if alert is None or alert.acted_at is not None or self._is_real_person_at_work(now):
            return
        picture = console(fresh_setup(self._stage.hall), now=now)
        if alert.kind == AlertKind.IDLE_COUNTER:
            self._take(Measure.REMIND_CLERK, key, now)
            self._clerks.wake_all(now)
            return
        for step in picture.steps:
            if self._do(step, key, picture, now):
                return
        self._take(Measure.SEND_GUIDE, key, now)
        self._floor.ask_again(now)

    def _do(self, step: Step, alert: UUID, picture: Console, now: dt.datetime) -> bool:
        if step.measure is Measure.FORCED_MODE:
            return picture.mode is None and self._force(now)
        if step.measure is Measure.OPEN_COUNTER:
            return self._call_reserve(now)
        if step.measure is Measure.SEND_GUIDE:
            self._floor.ask_again(now)
        return step.measure in (Measure.SEND_GUIDE, Measure.CROWD_CARE) and self._take(step.measure, alert, now)

    def _take(self, measure: Measure, alert: UUID, now: dt.datetime) -> bool:
        return self._stage.try_(
            lambda: take_measure(hall=self._stage.hall, measure=measure, alert=alert, actor=self._boss(), now=now)
        )

    def _call_reserve(self, now: dt.datetime) -> bool:
        for clerk in self._clerks.clerks:
            if clerk.is_reserve and clerk.session is None:
                is_open = self._stage.try_(
                    lambda clerk=clerk: sessions.open_counter(
                        hall=self._stage.hall, counter=clerk.counter, clerk=clerk.actor.id, actor=self._boss(), now=now
                    )  # type: ignore[misc]  # bound now
                )  # fmt: skip
                self._clerks.look_around(now)
                return is_open
        return False

    # ------------------------------------------------------------------------------------------------ the mode
    def _mind_the_mode(self, peak: Alert | None, now: dt.datetime) -> None:
        """Begin forced diversion when the level asks for it, end it when the level has fallen."""
        setup = fresh_setup(self._stage.hall)
        levels = rule_in(setup, PEAKS, self._stage.day).levels
        asks = peak is not None and levels[min(peak.level, len(levels)) - 1].forced_mode
        self._asked_since = (self._asked_since or now) if asks and setup.forced is None else None
        if self._asked_since and now - self._asked_since >= _FORCED_AFTER:
            self._force(now)
        elif setup.forced is not None and (peak is None or peak.level == 1):
            begun = forced_stretches(setup.id, self._stage.day)[-1].started_at
            if now - begun >= _FORCED_AT_LEAST:
                self._stage.try_(lambda: modes.end_forced_mode(hall=setup.id, actor=self._boss(), now=now))

    def _force(self, now: dt.datetime) -> bool:
        reason = "月末月初业务高峰" if is_turn_of_month(self._stage.day) else "客流集中"
        return self._stage.try_(
            lambda: modes.start_forced_mode(hall=self._stage.hall, reason=reason, actor=self._boss(), now=now)
        )

    def _boss(self) -> Actor:
        assert self._stage.played.boss is not None, "looks only where somebody is"
        return self._stage.played.boss
