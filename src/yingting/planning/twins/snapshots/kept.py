"""The snapshots that are kept of a hall. Scoped by the hall, which the caller has been given."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, Min

from yingting.foundation.sites.models import Hall
from yingting.planning.twins.models import SnapshotRow
from yingting.planning.twins.snapshots.rows import Look, as_snapshots
from yingting.twin.calibrating.snapshots import Snapshots


@dataclass(frozen=True, slots=True)
class Kept:
    """How much is kept of a hall: rows, days with rows, the first and the last of them, queues."""

    rows: int
    days: int
    first: dt.date | None
    last: dt.date | None
    queues: tuple[str, ...]


def kept_of(hall: Hall) -> Kept:
    """Return how much is kept of a hall."""
    zone, mine = ZoneInfo(hall.timezone), SnapshotRow.objects.filter(hall=hall)
    found = mine.aggregate(rows=Count("pk"), first=Min("at"), last=Max("at"))
    if not found["rows"]:
        return Kept(0, 0, None, None, ())
    days = mine.datetimes("at", "day", tzinfo=zone).count()
    queues = tuple(mine.order_by("queue").values_list("queue", flat=True).distinct())
    return Kept(
        found["rows"], days, found["first"].astimezone(zone).date(), found["last"].astimezone(zone).date(), queues
    )


def known_of(hall: Hall, looks: Sequence[Look]) -> set[tuple[str, dt.datetime]]:
    """Return queue and instant of what is kept of a hall from the first of these looks to the last."""
    if not looks:
        return set()
    instants = [one.at for one in looks]
    mine = SnapshotRow.objects.filter(hall=hall, at__gte=min(instants), at__lte=max(instants))
    return set(mine.values_list("queue", "at"))


def last_snapshots(hall: Hall, days: int) -> Snapshots | None:
    """Return the snapshots of the last days that the hall has any of, so many days at most; None where there are none."""
    zone, mine = ZoneInfo(hall.timezone), SnapshotRow.objects.filter(hall=hall)
    begins = list(mine.datetimes("at", "day", order="DESC", tzinfo=zone)[:days])
    if not begins:
        return None
    rows = mine.filter(at__gte=begins[-1]).order_by("at", "queue")
    columns = rows.values_list("queue", "at", "waiting", "counters", "number")
    return as_snapshots((Look(0, *one) for one in columns.iterator(chunk_size=5_000)), zone)
