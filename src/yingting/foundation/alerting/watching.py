"""Bring the alerts on indicators of halls up to date: raise, tell again, clear. Safe to run twice, and in two workers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db.models import F

from yingting.foundation.alerting.asking import Watched
from yingting.foundation.alerting.facts import IndicatorAlertCleared, IndicatorAlertRaised, IndicatorAlertToldAgain
from yingting.foundation.alerting.figures import figure
from yingting.foundation.alerting.models import IndicatorAlert
from yingting.foundation.alerting.rules import Finding, Level, Move, Standing, find
from yingting.foundation.journal.catalogue import FactData
from yingting.foundation.journal.recording import record
from yingting.foundation.journal.writing import writing
from yingting.foundation.notify.rules import Severity
from yingting.foundation.notify.telling import Telling, notify
from yingting.foundation.notify.words import name, word
from yingting.foundation.people.models import RoleGrant
from yingting.foundation.rulebook.reading import prefixes
from yingting.foundation.sites.models import Hall, Unit
from yingting.kernel.actors import Actor
from yingting.kernel.words import gettext_noop as _

LINK = "/indicator-alerts/"
TITLES: dict[Move, str] = {
    Move.RAISED: _("%(hall)s: %(indicator)s is %(value)s, the limit is %(limit)s"),
    Move.WORSENED: _("%(hall)s: %(indicator)s is getting worse: %(value)s, the limit is %(limit)s"),
    Move.REMINDED: _("%(hall)s: %(indicator)s is still %(value)s, the limit is %(limit)s"),
    Move.CLEARED: _("%(hall)s: %(indicator)s keeps the limit again: %(value)s, the limit is %(limit)s"),
}
BODY = _("%(days)s days in a row, the last %(day)s with %(n)s cases.")


def look(*, halls: Sequence[Hall], found: Iterable[Watched], actor: Actor, now: dt.datetime) -> list[Move]:
    """Apply what the days say to the alerts of these halls; return what happened. Open alerts that nobody watches end."""
    alerts = _open(halls)
    happened: list[Move] = []
    kept = set()
    for one in found:
        key = (one.hall.pk, one.watch.code, one.indicator.key)
        kept.add(key)
        alert = alerts.get(key)
        standing = Standing(alert.last_day, alert.value) if alert else None
        finding = find(standing, one.values, one.watch, one.limit)
        if finding is not None and _apply(one, alert, finding, actor=actor, now=now):
            happened.append(finding.move)
    for key, alert in alerts.items():
        if key not in kept and _step(alert, IndicatorAlertCleared("unwatched", None, None), actor, now, cleared_at=now):
            happened.append(Move.CLEARED)
    return happened


def _open(halls: Sequence[Hall]) -> dict[tuple[UUID, str, str], IndicatorAlert]:
    rows = IndicatorAlert.objects.filter(hall__in=[hall.pk for hall in halls], cleared_at__isnull=True)
    return {(row.hall_id, row.watch, row.indicator): row for row in rows}


def _apply(one: Watched, alert: IndicatorAlert | None, finding: Finding, *, actor: Actor, now: dt.datetime) -> bool:
    with writing():
        last, limit = finding.last, one.limit.value
        seen = {
            "value": finding.value, "limit": limit, "n": last.n, "days": finding.days, "last_day": last.day,
            "severity": one.watch.severity.value,
        }  # fmt: skip
        if alert is None:
            alert = _raise(one, finding, seen, actor, now)
            if alert is None:
                return False
        elif finding.move is Move.CLEARED:
            cleared = IndicatorAlertCleared("kept", finding.value, last.day)
            if not _step(alert, cleared, actor, now, cleared_at=now):
                return False
        else:
            again = IndicatorAlertToldAgain(finding.move.value, finding.value, limit, last.n, finding.days, last.day)
            if not _step(alert, again, actor, now, **seen):
                return False
        notify(
            people=told(one.watch.role, one.watch.level, one.hall),
            telling=_telling(one, alert, finding),
            actor=actor,
            now=now,
        )
    return True


def _raise(
    one: Watched, finding: Finding, seen: dict[str, object], actor: Actor, now: dt.datetime
) -> IndicatorAlert | None:
    row = IndicatorAlert(
        hall=one.hall, watch=one.watch.code, indicator=one.indicator.key, against=one.watch.against.value,
        raised_day=finding.last.day, raised_at=now, **seen,
    )  # fmt: skip
    if (
        IndicatorAlert.objects.bulk_create([row], ignore_conflicts=True)
        and not IndicatorAlert.objects.filter(pk=row.pk).exists()
    ):
        return None  # another worker has raised it
    fact = IndicatorAlertRaised(
        row.watch, row.indicator, finding.value, one.limit.value, finding.last.n, finding.days, finding.last.day
    )
    record(fact, subject=row.pk, version=1, hall=one.hall.pk, actor=actor, now=now)
    return row


def _step(alert: IndicatorAlert, data: FactData, actor: Actor, now: dt.datetime, **changes: object) -> bool:
    """Change an open alert if it is still as it was read, and record the fact; say whether it was."""
    with writing():
        same = IndicatorAlert.objects.filter(pk=alert.pk, version=alert.version, cleared_at__isnull=True)
        if same.update(version=F("version") + 1, **changes) != 1:
            return False
        alert.version += 1
        record(data, subject=alert.pk, version=alert.version, hall=alert.hall_id, actor=actor, now=now)
    return True


def _telling(one: Watched, alert: IndicatorAlert, finding: Finding) -> Telling:
    is_over = finding.move is Move.CLEARED
    return Telling(
        kind=f"indicator.{finding.move.value}",
        title=TITLES[finding.move],
        body="" if is_over else BODY,
        severity=Severity.NOTE if is_over else one.watch.severity,
        params={
            "hall": name(one.hall.unit), "indicator": word(one.indicator.title), "n": finding.last.n,
            "value": figure(finding.value, one.indicator.unit), "limit": figure(one.limit.value, one.indicator.unit),
            "days": finding.days, "day": finding.last.day.isoformat(),
        },
        subject=f"indicator-alert:{alert.pk}:{alert.version}",
        link=LINK,
    )  # fmt: skip


def told(role: str, level: Level, hall: Hall) -> list[UUID]:
    """Return who holds a role at a level above a hall; where the level is skipped, at the next one above."""
    ranks = [one.value for one in Level]
    units = Unit.objects.filter(path__in=prefixes(hall.unit.path), is_active=True).order_by("-path")
    unit = next((unit for unit in units if ranks.index(unit.level) >= ranks.index(level.value)), None)
    if unit is None:
        return []
    grants = RoleGrant.objects.filter(unit=unit, role__key=role, person__is_active=True)
    return list(grants.order_by("person__staff_no").values_list("person", flat=True))
