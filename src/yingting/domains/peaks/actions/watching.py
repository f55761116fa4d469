"""Look at a hall and let its alerts live on: raise, escalate, ease, lapse, end, and note what was done elsewhere.

The worker looks after every change of a hall and now and then in between. A look that finds nothing new writes nothing, and
two workers that look at once raise one alert: the database sees to it.
"""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import IntegrityError, transaction

from yingting.domains.peaks.actions.stepping import acted, step_alert
from yingting.domains.peaks.actions.telling import tell_of_lapse
from yingting.domains.peaks.facts import AlertActed, AlertEased, AlertEnded, AlertEscalated, AlertLapsed, AlertRaised
from yingting.domains.peaks.models import Alert
from yingting.domains.peaks.queries.alerts import deeds_since, on_duty, open_alerts
from yingting.domains.peaks.queries.rules_in_force import PEAKS
from yingting.domains.peaks.queries.trouble import Trouble, troubles
from yingting.domains.peaks.rules import ANSWERS, AlertKind, Change, Life, PeakRule, live_on
from yingting.domains.queueing.contracts import HallSetup
from yingting.domains.queueing.facade import fresh_setup, pressure, rule_in
from yingting.foundation.journal.catalogue import FactData
from yingting.foundation.journal.recording import record
from yingting.foundation.journal.writing import writing
from yingting.foundation.live.publishing import publish
from yingting.foundation.people.access import require
from yingting.foundation.people.permissions import Permission
from yingting.kernel.actors import Actor
from yingting.kernel.clocks import elapsed_min


def look_at_hall(*, hall: UUID, actor: Actor, now: dt.datetime) -> tuple[Change, ...]:
    """Bring the hall's alerts up to date; return what happened. Raises Refusal hall.unknown, access.refused."""
    setup = fresh_setup(hall)
    require(actor, Permission.QUEUE_SUPERVISE, setup.path)
    day = setup.day(now)
    rule = rule_in(setup, PEAKS, day)
    found = troubles(setup, pressure(setup, now=now), rule)
    alerts = {AlertKind(alert.kind): alert for alert in open_alerts(hall)}
    for kind, alert in list(alerts.items()):
        if alert.business_day != day:
            _end(alert, "day_end", actor=actor, now=now)
            del alerts[kind]
    for alert in alerts.values():
        if alert.acted_at is None:
            _note_deeds(alert, day)
    happened: list[Change] = []
    for kind, trouble in found.items():
        happened += _let_live(setup, rule, kind, alerts.get(kind), trouble, actor=actor, now=now)
    return tuple(happened)


def _life(alert: Alert) -> Life:
    return Life(alert.level, alert.act_by, alert.below_since, alert.acted_at, alert.lapsed_at)


def _code(rule: PeakRule, kind: AlertKind, level: int) -> str:
    return rule.levels[min(level, len(rule.levels)) - 1].code if kind is AlertKind.PEAK and level else ""


def _act_within(rule: PeakRule, kind: AlertKind, level: int) -> dt.timedelta:
    of_level = kind is AlertKind.PEAK and level
    return dt.timedelta(minutes=rule.levels[level - 1].act_min if of_level else rule.act_min)


def _let_live(
    setup: HallSetup, rule: PeakRule, kind: AlertKind, alert: Alert | None, trouble: Trouble, *, actor: Actor, now: dt.datetime
) -> tuple[Change, ...]:  # fmt: skip
    life, changes = live_on(
        _life(alert) if alert else None, trouble.level, now=now, settle=dt.timedelta(minutes=rule.settle_min),
        act_within=_act_within(rule, kind, trouble.level),
    )  # fmt: skip
    if life is None:
        return ()
    if alert is None:
        return changes if _raise(setup, rule, kind, trouble, life, actor=actor, now=now) else ()
    if not changes:
        if life.below_since != alert.below_since:  # no fact: nothing has happened yet
            Alert.objects.filter(pk=alert.pk, version=alert.version).update(below_since=life.below_since)
        return ()
    with writing():
        for change in changes:
            code = _code(rule, kind, alert.level if change is Change.LAPSED else life.level)
            if not _apply(setup, alert, change, life, code, trouble, actor=actor, now=now):
                return ()  # another worker was first
        publish(setup.id)
    return changes


def _raise(
    setup: HallSetup, rule: PeakRule, kind: AlertKind, trouble: Trouble, life: Life, *, actor: Actor, now: dt.datetime
) -> bool:
    code, day = _code(rule, kind, life.level), setup.day(now)
    with writing():
        try:
            with transaction.atomic():
                alert = Alert.objects.create(
                    hall_id=setup.id, business_day=day, kind=kind, level=life.level, level_code=code, people=trouble.people,
                    minutes=trouble.minutes, about=list(trouble.about), raised_at=now, level_since=now, act_by=life.act_by,
                )  # fmt: skip
        except IntegrityError:  # another worker has raised it
            return False
        fact = AlertRaised(kind, life.level, code, trouble.people, trouble.minutes, life.act_by, list(trouble.about))
        record(fact, subject=alert.pk, version=1, hall=setup.id, business_day=day, actor=actor, now=now)
        publish(setup.id)
    return True


def _apply(
    setup: HallSetup, alert: Alert, change: Change, life: Life, code: str, trouble: Trouble, *, actor: Actor, now: dt.datetime
) -> bool:  # fmt: skip
    seen = {"people": trouble.people, "minutes": trouble.minutes}
    level = {"level": life.level, "level_code": code, "below_since": life.below_since, **seen}
    data: FactData
    if change is Change.LAPSED:
        people = on_duty(setup.path)
        data = AlertLapsed(alert.level, code, alert.act_by, people, alert.seen_at is not None)
        is_first = step_alert(
            alert, data, actor=actor, now=now, lapsed_at=alert.act_by, lapses=alert.lapses + 1,
            on_duty=[str(person) for person in people],
        )  # fmt: skip
        if is_first:
            tell_of_lapse(setup=setup, alert=alert, actor=actor, now=now)
        return is_first
    if change is Change.ESCALATED:
        data = AlertEscalated(life.level, code, trouble.people, trouble.minutes, life.act_by)
        return step_alert(
            alert, data, actor=actor, now=now, **level, about=list(trouble.about), level_since=now, act_by=life.act_by,
            seen_at=None, seen_by_id=None, acted_at=None, acted_by_id=None, measure="", words="", lapsed_at=None,
        )  # fmt: skip
    if change is Change.EASED:
        data = AlertEased(life.level, code, trouble.people, trouble.minutes)
        return step_alert(alert, data, actor=actor, now=now, **level)
    return _step_end(alert, "over", actor=actor, now=now)


def _step_end(alert: Alert, why: str, *, actor: Actor, now: dt.datetime) -> bool:
    at = max(now, alert.raised_at)
    return step_alert(alert, AlertEnded(why, elapsed_min(alert.raised_at, at)), actor=actor, now=at, ended_at=at)


def _end(alert: Alert, why: str, *, actor: Actor, now: dt.datetime) -> None:
    with writing():
        _step_end(alert, why, actor=actor, now=now)
        publish(alert.hall_id)


def _note_deeds(alert: Alert, day: dt.date) -> None:
    """A counter opened or forced mode begun on any screen is an answer; it is noted with the one who did it."""
    answers = [
        deed
        for deed in deeds_since(alert.hall_id, day, alert.level_since)
        if deed.measure in ANSWERS[AlertKind(alert.kind)]
    ]
    # What came after the alert had lapsed is noted too, but the lapse stays.
    for deed in answers[:1]:
        with writing():
            data = AlertActed(deed.measure, "", elapsed_min(alert.level_since, deed.at))
            if step_alert(alert, data, actor=deed.actor, now=deed.at, **acted(deed.actor, deed.at, deed.measure)):
                publish(alert.hall_id)
