"""Bring the alerts on indicators of halls up to date: raise, tell again, clear. Safe to run twice, and in two workers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import F, QuerySet

from yingting.foundation.alerting.asking import Running, Watched
from yingting.foundation.alerting.facts import IndicatorAlertCleared, IndicatorAlertRaised, IndicatorAlertToldAgain
from yingting.foundation.alerting.figures import figure
from yingting.foundation.alerting.models import IndicatorAlert, LiveTurn
from yingting.foundation.alerting.rules import (
    DayValue,
    Finding,
    Level,
    LiveStanding,
    LiveValue,
    Move,
    Span,
    Standing,
    Turn,
    find,
    look_on,
)
from yingting.foundation.journal.catalogue import FactData
from yingting.foundation.journal.recording import record
from yingting.foundation.journal.writing import writing
from yingting.foundation.notify.rules import Severity
from yingting.foundation.notify.telling import Telling, notify
from yingting.foundation.notify.words import Param, name, word
from yingting.foundation.people.models import RoleGrant
from yingting.foundation.rulebook.reading import prefixes
from yingting.foundation.sites.models import Hall, Unit
from yingting.kernel.actors import Actor
from yingting.kernel.words import gettext_noop as _

LINK = "/indicator-alerts/"
UNSEEN = dt.timedelta(minutes=15)  # of the system's time: after so long without a look nobody knows what was in between
TITLES: dict[Move, str] = {
    Move.RAISED: _("%(hall)s: %(indicator)s is %(value)s, the limit is %(limit)s"),
    Move.WORSENED: _("%(hall)s: %(indicator)s is getting worse: %(value)s, the limit is %(limit)s"),
    Move.REMINDED: _("%(hall)s: %(indicator)s is still %(value)s, the limit is %(limit)s"),
    Move.CLEARED: _("%(hall)s: %(indicator)s keeps the limit again: %(value)s, the limit is %(limit)s"),
}
RAISED_NOW = _("%(hall)s: %(indicator)s is now %(value)s, the limit is %(limit)s")
BODIES: dict[Span, str] = {
    Span.DAYS: _("%(days)s days in a row, the last %(day)s with %(n)s cases."),
    Span.MINUTES: _("Over the last %(minutes)s minutes, %(n)s cases; beyond the limit since %(since)s."),
    Span.TODAY: _("So far today, %(n)s cases; beyond the limit since %(since)s."),
}
Key = tuple[UUID, str, str]  # hall, watch's code, indicator


def look(
    *, halls: Sequence[Hall], found: Iterable[tuple[Watched, Sequence[DayValue]]], actor: Actor, now: dt.datetime
) -> list[Move]:
    """Apply what the days say to the alerts of these halls; return what happened. Open alerts that nobody watches end."""
    alerts = _open_of_days(halls)
    happened: list[Move] = []
    for one, values in found:
        alert = alerts.pop(_key(one), None)
        standing = Standing(alert.last_day, alert.value) if alert else None
        finding = find(standing, values, one.watch, one.limit)
        if finding is not None and _apply(one, alert, finding, actor=actor, now=now):
            happened.append(finding.move)
    return happened + _end(alerts.values(), "unwatched", actor, now)


def look_now(
    *, running: Sequence[Running], news: Collection[Running], found: Iterable[tuple[Watched, LiveValue]], actor: Actor,
    now: dt.datetime,
) -> list[Move]:  # fmt: skip
    """Apply what the running days say to their alerts; return what happened. With the business day its alerts end.

    `news` are those of `running` that `found` is of: there, open alerts that nobody watches end too. `now` is the system's.
    """
    days, looked_at = {one.hall.pk: one for one in running}, {one.hall.pk for one in news}
    alerts, over = _open_now(days)
    happened = _end(over, "day_end", actor, now)
    turns = {(row.hall_id, row.watch, row.indicator): row for row in LiveTurn.objects.all()}
    ended = {row.pk for row in turns.values() if row.hall_id not in days}
    kept: list[LiveTurn] = []
    seen_again: list[IndicatorAlert] = []
    for one, seen in found:
        key, hall = _key(one), days[one.hall.pk]
        alert = alerts.pop(key, None)
        row = turns.get(key)
        turn = Turn(row.since, row.seen_at) if row and row.is_beyond == (alert is None) else None
        unseen = UNSEEN * max(1.0, one.hall.clock_speed)
        looked = look_on(_standing(alert), turn, seen, one.watch, one.limit, unseen=unseen)
        if looked.turn is not None and looked.turn != turn:
            kept.append(_row(one, is_beyond=alert is None, turn=looked.turn))
        elif row is not None and looked.turn is None:
            ended.add(row.pk)
        if looked.move is not None and seen.value is not None:
            finding = Finding(looked.move, seen.value, seen.n, hall.day, since=looked.since, at=seen.at)
            if _apply(one, alert, finding, actor=actor, now=hall.now):
                happened.append(looked.move)
        elif alert is not None and seen.value is not None:
            alert.seen_at, alert.seen_value, alert.seen_n = seen.at, seen.value, seen.n
            seen_again.append(alert)
    _remember(kept, ended, seen_again)
    return happened + _end((one for one in alerts.values() if one.hall_id in looked_at), "unwatched", actor, now)


def _key(one: Watched) -> Key:
    return one.hall.pk, one.watch.code, one.indicator.key


def _standing(alert: IndicatorAlert | None) -> LiveStanding | None:
    if alert is None or alert.since is None or alert.told_at is None:
        return None
    return LiveStanding(alert.since, alert.told_at, alert.value)


def _row(one: Watched, *, is_beyond: bool, turn: Turn) -> LiveTurn:
    return LiveTurn(
        hall=one.hall, watch=one.watch.code, indicator=one.indicator.key, is_beyond=is_beyond, since=turn.since,
        seen_at=turn.seen_at,
    )  # fmt: skip


def _remember(kept: list[LiveTurn], ended: set[int], seen_again: list[IndicatorAlert]) -> None:
    """Keep what the next look goes on from. No fact: what it leads to is one."""
    if not (kept or ended or seen_again):
        return
    with writing():
        LiveTurn.objects.filter(pk__in=ended).delete()
        LiveTurn.objects.bulk_create(
            kept, update_conflicts=True, unique_fields=["hall", "watch"],
            update_fields=["indicator", "is_beyond", "since", "seen_at"],
        )  # fmt: skip
        IndicatorAlert.objects.bulk_update(seen_again, ["seen_at", "seen_value", "seen_n"], batch_size=500)


def _open() -> QuerySet[IndicatorAlert]:
    return IndicatorAlert.objects.select_related("hall").filter(cleared_at__isnull=True)


def _open_of_days(halls: Sequence[Hall]) -> dict[Key, IndicatorAlert]:
    rows = _open().filter(hall__in=[hall.pk for hall in halls], span=Span.DAYS.value)
    return {(row.hall_id, row.watch, row.indicator): row for row in rows}


def _open_now(days: Mapping[UUID, Running]) -> tuple[dict[Key, IndicatorAlert], list[IndicatorAlert]]:
    """Return the open alerts of the running days, and those whose day is over."""
    alerts, over = {}, []
    for alert in _open().exclude(span=Span.DAYS.value):
        day = days.get(alert.hall_id)
        if day is not None and day.day == alert.last_day:
            alerts[alert.hall_id, alert.watch, alert.indicator] = alert
        else:
            over.append(alert)
    return alerts, over


def _end(alerts: Iterable[IndicatorAlert], why: str, actor: Actor, now: dt.datetime) -> list[Move]:
    """Clear alerts about which nothing more can be said; nobody is told."""
    happened = []
    for alert in alerts:
        at = now if alert.span == Span.DAYS.value else alert.hall.clock.at(now)
        if _step(alert, IndicatorAlertCleared(why, None, None), actor, at, cleared_at=at):
            happened.append(Move.CLEARED)
    return happened


def _apply(one: Watched, alert: IndicatorAlert | None, finding: Finding, *, actor: Actor, now: dt.datetime) -> bool:
    with writing():
        limit, day = one.limit.value, finding.day
        seen = {"seen_at": finding.at, "seen_value": finding.value, "seen_n": finding.n} if finding.at else {}
        told_now = {
            "value": finding.value, "limit": limit, "n": finding.n, "days": finding.days, "last_day": day,
            "severity": one.watch.severity.value, "told_at": finding.at, **seen,
        }  # fmt: skip
        if alert is None:
            alert = _raise(one, finding, told_now, actor, now)
            if alert is None:
                return False
        elif finding.move is Move.CLEARED:
            cleared = IndicatorAlertCleared("kept", finding.value, day)
            if not _step(alert, cleared, actor, now, cleared_at=now, **seen):
                return False
        else:
            again = IndicatorAlertToldAgain(finding.move.value, finding.value, limit, finding.n, finding.days, day)
            if not _step(alert, again, actor, now, **told_now):
                return False
        notify(
            people=told(one.watch.role, one.watch.level, one.hall),
            telling=_telling(one, alert, finding),
            actor=actor,
            now=now,
        )
    return True


def _raise(
    one: Watched, finding: Finding, told_now: dict[str, object], actor: Actor, now: dt.datetime
) -> IndicatorAlert | None:
    watch = one.watch
    row = IndicatorAlert(
        hall=one.hall, watch=watch.code, indicator=one.indicator.key, against=watch.against.value,
        span=watch.span.value, last_min=watch.last_min if watch.span is Span.MINUTES else None, since=finding.since,
        raised_day=finding.day, raised_at=now, **told_now,
    )  # fmt: skip
    if (
        IndicatorAlert.objects.bulk_create([row], ignore_conflicts=True)
        and not IndicatorAlert.objects.filter(pk=row.pk).exists()
    ):
        return None  # another worker has raised it
    fact = IndicatorAlertRaised(
        row.watch, row.indicator, finding.value, one.limit.value, finding.n, finding.days, finding.day, row.span,
        finding.since,
    )  # fmt: skip
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
    is_first_of_day = finding.move is Move.RAISED and one.watch.span.is_running
    return Telling(
        kind=f"indicator.{finding.move.value}",
        title=RAISED_NOW if is_first_of_day else TITLES[finding.move],
        body="" if is_over else BODIES[one.watch.span],
        severity=Severity.NOTE if is_over else one.watch.severity,
        params={
            "hall": name(one.hall.unit), "indicator": word(one.indicator.title), "n": finding.n,
            "value": figure(finding.value, one.indicator.unit), "limit": figure(one.limit.value, one.indicator.unit),
            **_when(one, finding),
        },
        subject=f"indicator-alert:{alert.pk}:{alert.version}",
        link=LINK,
    )  # fmt: skip


def _when(one: Watched, finding: Finding) -> dict[str, Param]:
    if finding.since is None:
        return {"days": finding.days, "day": finding.day.isoformat()}
    since = finding.since.astimezone(ZoneInfo(one.hall.timezone))
    return {"minutes": one.watch.last_min, "since": f"{since:%H:%M}"}


def told(role: str, level: Level, hall: Hall) -> list[UUID]:
    """Return who holds a role at a level above a hall; where the level is skipped, at the next one above."""
    ranks = [one.value for one in Level]
    units = Unit.objects.filter(path__in=prefixes(hall.unit.path), is_active=True).order_by("-path")
    unit = next((unit for unit in units if ranks.index(unit.level) >= ranks.index(level.value)), None)
    if unit is None:
        return []
    grants = RoleGrant.objects.filter(unit=unit, role__key=role, person__is_active=True)
    return list(grants.order_by("person__staff_no").values_list("person", flat=True))
