"""Where else a business is done: the nearest hall, for customers whom this hall cannot serve with it (QUE-37)."""

from __future__ import annotations

import datetime as dt
from uuid import UUID
from zoneinfo import ZoneInfo

from yingting.domains.queueing.contracts import HallSetup, OtherHall
from yingting.domains.queueing.queries.setup import fresh_setup
from yingting.domains.queueing.rules import distance_km
from yingting.foundation.sites.models import Hall

# So many of the nearest halls are asked whether they do the business.
_LOOKED_AT = 30


def nearest_hall(setup: HallSetup, business: UUID, *, now: dt.datetime) -> OtherHall | None:
    """Return the nearest hall of the same organisation that does the business, or None.

    By distance; halls without coordinates come last, those nearer in the organisation first.
    """
    root = setup.path.split("/", 1)[0] + "/"
    here = Hall.objects.get(pk=setup.id)
    others = Hall.objects.filter(unit__path__startswith=root, unit__is_active=True).exclude(pk=here.pk)
    ranked = sorted(
        ((_distance(here, hall), -_shared(setup.path, hall.unit.path), hall.code, hall) for hall in others.select_related("unit")),
        key=lambda row: (row[0] is None, row[0] or 0.0, row[1], row[2]),
    )  # fmt: skip
    for distance, _near, _code, hall in ranked[:_LOOKED_AT]:
        other = fresh_setup(hall.pk)
        offered = other.businesses.get(business)
        if offered is not None and offered.is_done_here:
            return OtherHall(
                other.code,
                other.name,
                other.name_en or other.name,
                hall.address,
                hall.phone,
                distance,
                _hours(other, now),
            )
    return None


def _distance(here: Hall, there: Hall) -> float | None:
    if here.latitude is None or here.longitude is None or there.latitude is None or there.longitude is None:
        return None
    return round(distance_km(here.latitude, here.longitude, there.latitude, there.longitude), 1)


def _shared(one: str, other: str) -> int:
    """How many levels of the organisation two paths share."""
    shared = 0
    for a, b in zip(one.split("/"), other.split("/"), strict=False):
        if a != b:
            break
        shared += 1
    return shared


def _hours(setup: HallSetup, now: dt.datetime) -> str:
    """Today's hours that are not over yet, else the next opening: "08:30–18:00" or "01-06 08:30"."""
    local = now.astimezone(ZoneInfo(setup.timezone))
    spans = [span for span in setup.hours.on(local.date()) if span.closes > local.time()]
    if spans:
        return ", ".join(f"{span.opens:%H:%M}–{span.closes:%H:%M}" for span in spans)
    opens = setup.hours.next_opening(local)
    return f"{opens:%m-%d %H:%M}" if opens else "–"
