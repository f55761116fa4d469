"""Units that are no halls in the lake: what happened at a district's or a city's own desk has no hall.

Facts of such a unit carry the unit's own id where those of a hall carry the hall's, and its rows carry its path where those
of a hall carry the hall's code. A path ends with a slash, a code never has one: the two cannot be mixed up. Who asks for the
figures of a unit names the halls below it and the offices; who asks for a hall names the hall alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from yingting.foundation.sites.models import Hall, Unit


def is_office(code: str) -> bool:
    """Is this the path of a unit without a hall, and not the code of a hall?

    >>> is_office("GD/GZ/TH/"), is_office("H01")
    (True, False)
    """
    return code.endswith("/")


def offices(units: QuerySet[Unit] | None = None) -> QuerySet[Unit]:
    """Return the units that have no hall, of all or of these."""
    found = Unit.objects.all() if units is None else units
    return found.filter(~Exists(Hall.objects.filter(unit=OuterRef("pk"))))


def place_codes(codes: Collection[str] | None = None) -> dict[UUID, str]:
    """Return id and code of halls, and id and path of units without one, by which the journal and the lake know them (None: of
    all).
    """
    halls, units = Hall.objects.all(), offices()
    if codes is not None:
        halls, units = halls.filter(code__in=codes), units.filter(path__in=[one for one in codes if is_office(one)])
    return dict(units.values_list("id", "path")) | dict(halls.values_list("id", "code"))


def place_paths() -> dict[str, str]:
    """Return the path of the unit of every hall (by its code) and of every unit without one (by its path) that is in use."""
    halls = Hall.objects.filter(unit__is_active=True).values_list("code", "unit__path")
    units = offices().filter(is_active=True).values_list("path", flat=True)
    return {path: path for path in units} | dict(halls)


def place_of(unit: UUID) -> UUID:
    """Return what facts of a unit carry as their hall: the hall, or the unit itself where it has none."""
    return places_of((unit,))[unit]


def places_of(units: Iterable[UUID]) -> dict[UUID, UUID]:
    """Return `place_of` of many units, in one look."""
    wanted = set(units)
    halls = dict(Hall.objects.filter(unit__in=wanted).values_list("unit", "pk"))
    return {unit: halls.get(unit, unit) for unit in wanted}
