"""The hall card: areas, seats against the crowd, counters, equipment, people, on one page."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from statistics import median_high

from yingting.foundation.catalogue.models import Equipment, EquipmentKind, EquipmentState
from yingting.foundation.lake.asking import ask
from yingting.foundation.lake.question import Question
from yingting.foundation.people.access import under
from yingting.foundation.people.models import Person, RoleGrant
from yingting.foundation.sites.models import Counter, Hall, Zone
from yingting.reporting.facilities.indicators import MOST_WAITING, UPTIME

LOOK_BACK_DAYS = 28


@dataclass(frozen=True, slots=True)
class Area:
    """One of the hall's functions with its zones and size; `area_m2` is None where a zone has no size entered."""

    function: str
    zones: tuple[Zone, ...]
    area_m2: Decimal | None


@dataclass(frozen=True, slots=True)
class Seats:
    """Seats against the crowd: the highest and the middle one of the daily peaks of waiting, over `days` days with customers."""

    seats: int | None
    highest: int | None
    typical: int | None
    days: int

    @property
    def missing(self) -> int:
        """How many seats were too few at the worst moment; 0 when enough or unknown."""
        return max(0, self.highest - self.seats) if self.seats is not None and self.highest is not None else 0


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the hall: posts by role, and the vendor whose staff it is ("" for own staff)."""

    staff_no: str
    name: str
    roles: str
    vendor: str


@dataclass(frozen=True, slots=True)
class HallCard:
    """Everything on the card."""

    areas: tuple[Area, ...]
    total_m2: Decimal
    seats: Seats
    counters: int
    equipment: tuple[tuple[Equipment, float | None], ...]
    broken: int
    smart_clients: int
    people: tuple[Member, ...]

    @property
    def vendors(self) -> int:
        """How many are a vendor's staff."""
        return sum(bool(person.vendor) for person in self.people)


def hall_card(hall: Hall, today: dt.date) -> HallCard:
    """Return the card of a hall that the caller has checked the right for; `today` is the hall's own."""
    first = today - dt.timedelta(days=LOOK_BACK_DAYS - 1)
    zones = tuple(Zone.objects.filter(hall=hall, is_active=True))
    equipment = tuple(Equipment.objects.select_related("zone").filter(hall=hall, is_active=True))
    worked = _values("device_id", UPTIME.key, hall, first, today)
    return HallCard(
        areas=_areas(zones),
        total_m2=sum((zone.area_m2 for zone in zones if zone.area_m2 is not None), Decimal(0)),
        seats=_seats(hall, first, today),
        counters=Counter.objects.filter(hall=hall, is_active=True).count(),
        equipment=tuple((item, worked.get(str(item.pk))) for item in equipment),
        broken=sum(item.state == EquipmentState.BROKEN for item in equipment),
        smart_clients=sum(item.kind == EquipmentKind.SMART_CLIENT for item in equipment),
        people=_people(hall),
    )


def _areas(zones: tuple[Zone, ...]) -> tuple[Area, ...]:
    found = []
    for function in dict.fromkeys(zone.get_function_display() for zone in zones):
        here = tuple(zone for zone in zones if zone.get_function_display() == function)
        sizes = [zone.area_m2 for zone in here]
        known = [size for size in sizes if size is not None]
        found.append(Area(str(function), here, sum(known, Decimal(0)) if len(known) == len(sizes) else None))
    return tuple(found)


def _values(column: str, key: str, hall: Hall, first: dt.date, last: dt.date) -> dict[object, float | None]:
    found = ask(Question((key,), (hall.code,), first, last, (column,), minimum_sample={key: 1}))
    return {one.group[0]: one[key].value for one in found}


def _seats(hall: Hall, first: dt.date, last: dt.date) -> Seats:
    days = _values("business_day", MOST_WAITING.key, hall, first, last)
    peaks = [round(most) for most in days.values() if most is not None]
    if not peaks:
        return Seats(hall.seats, None, None, 0)
    return Seats(hall.seats, max(peaks), median_high(peaks), len(peaks))


def _people(hall: Hall) -> tuple[Member, ...]:
    rows = Person.objects.filter(under("unit__path", (hall.unit.path,)), is_active=True, is_simulated=False)
    roles: dict[object, list[str]] = {}
    for person, name in RoleGrant.objects.filter(person__in=rows).values_list("person_id", "role__name"):
        roles.setdefault(person, []).append(name)
    return tuple(Member(row.staff_no, row.name, "、".join(sorted(roles.get(row.pk, []))), row.vendor) for row in rows)
