"""Open alerts on indicators, of the halls that the reader may see."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext

from yingting.foundation.alerting.figures import figure
from yingting.foundation.alerting.links import hall_now_at, rows_of
from yingting.foundation.alerting.models import IndicatorAlert
from yingting.foundation.alerting.rules import Against, Span
from yingting.foundation.lake.declared import declared
from yingting.foundation.notify.rules import Severity
from yingting.foundation.people.access import under
from yingting.foundation.people.permissions import Permission
from yingting.foundation.sites.models import Unit
from yingting.kernel.actors import Actor

SHOWN = 500
RECENT_DAYS = 14


@dataclass(frozen=True, slots=True)
class Shown:
    """An alert in the reader's language; `rows` is where the rows behind it are, `hall_now` where the hall is shown as it is.

    `since`, `seen_at` and `cleared_at` are the hall's wall time, "" where there is none; on the running day value and cases are
    those of the last look.
    """

    unit: Unit
    indicator: str
    value: str
    limit: str
    against: str
    n: int
    days: int
    raised_day: dt.date
    last_day: dt.date
    severity: str
    severity_title: str
    rows: str
    is_live: bool
    last_min: int | None
    since: str
    seen_at: str
    cleared_at: str
    hall_now: str


def alerts_for(actor: Actor, *, now: dt.datetime, are_open: bool) -> list[Shown]:
    """Return open alerts, or those cleared in the last two weeks, of the halls whose reports the actor may read; the most
    pressing first.
    """
    scope = under("hall__unit__path", actor.paths(Permission.REPORT_VIEW))
    rows = IndicatorAlert.objects.select_related("hall__unit").filter(scope)
    if are_open:
        rows = rows.filter(cleared_at__isnull=True).order_by("-last_day", "hall__code")
    else:
        rows = rows.filter(cleared_at__gte=now - dt.timedelta(days=RECENT_DAYS)).order_by("-cleared_at", "hall__code")
    known = declared()
    shown = [_shown(row, known, actor) for row in rows[:SHOWN]]
    return sorted(shown, key=lambda one: -Severity(one.severity).rank) if are_open else shown


def _shown(row: IndicatorAlert, known: Mapping[str, Any], actor: Actor) -> Shown:
    indicator = known[row.indicator][0] if row.indicator in known else None
    is_live, path = Span(row.span).is_running, row.hall.unit.path
    value, n = (row.value, row.n) if row.seen_value is None else (row.seen_value, row.seen_n or 0)
    values = [figure(one, indicator.unit) if indicator else f"{one:g}" for one in (value, row.limit)]
    first = row.last_day - dt.timedelta(days=max(0, row.days - 1))
    wall = partial(
        _wall, zone=ZoneInfo(row.hall.timezone), pattern="%H:%M" if row.cleared_at is None else "%Y-%m-%d %H:%M"
    )
    return Shown(
        row.hall.unit, gettext(indicator.title) if indicator else row.indicator, values[0], values[1],
        gettext(Against(row.against).title), n, row.days, row.raised_day, row.last_day, row.severity,
        gettext(Severity(row.severity).title), rows_of(path, row.indicator, first, row.last_day), is_live, row.last_min,
        wall(row.since), wall(row.seen_at), wall(row.cleared_at),
        hall_now_at(row.hall.code) if is_live and actor.may(Permission.QUEUE_VIEW, path) else "",
    )  # fmt: skip


def _wall(at: dt.datetime | None, *, zone: ZoneInfo, pattern: str) -> str:
    return at.astimezone(zone).strftime(pattern) if at else ""
