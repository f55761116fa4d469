"""See an alert, and act on it."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from yingting.domains.peaks.actions.stepping import acted, step_alert
from yingting.domains.peaks.facts import AlertActed, AlertSeen
from yingting.domains.peaks.queries.alerts import open_alerts
from yingting.domains.peaks.refusals import ALERT_OVER, MEASURE_UNKNOWN, WORDS_NEEDED
from yingting.domains.peaks.rules import ANSWERS, AlertKind, Measure
from yingting.domains.queueing.facade import fresh_setup
from yingting.foundation.journal.writing import writing
from yingting.foundation.live.publishing import publish
from yingting.foundation.people.access import require
from yingting.foundation.people.permissions import Permission
from yingting.kernel.actors import Actor
from yingting.kernel.clocks import elapsed_min
from yingting.kernel.refusals import Refusal


def see_alerts(*, hall: UUID, actor: Actor, now: dt.datetime) -> int:
    """Note that the open alerts were on the screen of somebody who may act; return how many were new to everybody.

    Raises Refusal hall.unknown, access.refused.
    """
    require(actor, Permission.QUEUE_SUPERVISE, fresh_setup(hall).path)
    with writing():
        new = [alert for alert in open_alerts(hall) if alert.seen_at is None]
        noted = sum(
            step_alert(
                alert, AlertSeen(elapsed_min(alert.level_since, now)), actor=actor, now=now, seen_at=now,
                seen_by_id=actor.id,
            )
            for alert in new
        )  # fmt: skip
    if noted:
        publish(hall)
    return noted


def take_measure(
    *, hall: UUID, measure: str, actor: Actor, now: dt.datetime, alert: UUID | None = None, words: str = ""
) -> int:
    """Note a measure: for one alert, or for every open alert that it answers. Returns how many alerts it answered.

    A further measure for an alert that was answered is noted as well. Raises Refusal alert.measure_unknown (also when no open
    alert asks for it), alert.words_needed, alert.over, hall.unknown, access.refused.
    """
    require(actor, Permission.QUEUE_SUPERVISE, fresh_setup(hall).path)
    if measure not in set(Measure):
        raise Refusal(MEASURE_UNKNOWN)
    words = words.strip()[:120]
    if measure == Measure.OTHERWISE and not words:
        raise Refusal(WORDS_NEEDED)
    with writing():
        listed = open_alerts(hall)
        if alert is not None:
            listed = [row for row in listed if row.pk == alert]
        if not listed:
            raise Refusal(ALERT_OVER)
        listed = [row for row in listed if measure in ANSWERS[AlertKind(row.kind)]]
        if not listed:
            raise Refusal(MEASURE_UNKNOWN)
        for row in listed:
            fact = AlertActed(measure, words, elapsed_min(row.level_since, now))
            if not step_alert(row, fact, actor=actor, now=now, **acted(actor, now, measure, words)):
                raise Refusal(ALERT_OVER)
    publish(hall)
    return len(listed)
