"""Where a board looks: a unit of the organisation with the halls below it, one level after the other, within what the
reader may see.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from yingting.domains.queueing.facade import hall_now
from yingting.foundation.days import house_today
from yingting.foundation.lake.offices import is_office, offices
from yingting.foundation.people.access import HALL_UNKNOWN, halls_for, units_for
from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook.reading import prefixes
from yingting.foundation.sites.models import Hall, Unit, UnitLevel
from yingting.kernel.actors import Actor
from yingting.kernel.clocks import business_day
from yingting.kernel.refusals import Refusal

LOOKED_AT = 50  # halls whose own clocks decide what "today" is; of more, the system's does


@dataclass(frozen=True, slots=True)
class Place:
    """A unit on a board.

    above     the units from the root down to this one that the reader may see, this one not included
    halls     the codes of the halls at or below it that the reader may see, then the paths of the units without a hall
              (foundation/lake/offices.py): what a district's own desk did is the district's
    children  the next units below it that have halls, each with its halls and offices
    peers     other units of its level under the same root, each with its halls (for a hall: those of its type)
    """

    unit: Unit
    hall: Hall | None
    above: tuple[Unit, ...]
    halls: tuple[str, ...]
    children: Mapping[str, tuple[Unit, tuple[str, ...]]]
    peers: Mapping[str, tuple[str, ...]]

    @property
    def groups(self) -> dict[str, str]:
        """Return the path of the child that each hall or office belongs to; the unit's own office belongs to the unit itself."""
        own = {self.unit.path: self.unit.path} if self.children else {}
        return own | {hall: path for path, (_unit, halls) in self.children.items() for hall in halls}


def place_for(actor: Actor, path: str = "") -> Place:
    """Return the place of a path; without one, the highest unit that the reader may see.

    Raises Refusal hall.unknown when the reader may see nothing there.
    """
    highest = common_path(actor.paths(Permission.REPORT_VIEW))
    wanted = path or highest
    here = halls_for(actor, Permission.REPORT_VIEW).filter(unit__is_active=True, unit__path__startswith=wanted)
    below = list(here.order_by("unit__path").values_list("code", "unit__path"))
    unit = Unit.objects.filter(path=wanted, is_active=True).first()
    if unit is None or not below:
        raise Refusal(HALL_UNKNOWN)
    own = Hall.objects.filter(unit=unit).first()
    seen = units_for(actor, Permission.REPORT_VIEW).filter(is_active=True, path__startswith=wanted)
    below += [(path, path) for path in offices(seen).order_by("path").values_list("path", flat=True)]
    return Place(
        unit=unit,
        hall=own,
        above=_above(unit, highest),
        halls=tuple(code for code, _path in below),
        children={} if own else _children(unit, below),
        peers=_peers(unit, own),
    )


def common_path(paths: Sequence[str]) -> str:
    """Return the path of the lowest unit that all of these lie below.

    >>> common_path(["GD/GZ/TH/H01/", "GD/GZ/TH/H02/", "GD/GZ/YX/H03/"])
    'GD/GZ/'
    >>> common_path([])
    ''
    """
    shared = ""
    for step in prefixes(paths[0]) if paths else ():
        if all(path.startswith(step) for path in paths):
            shared = step
    return shared


def today_of(halls: Sequence[str]) -> dt.date:
    """Return the business day that halls have now: the latest of them (a demo hall may run ahead of the system)."""
    rows = Hall.objects.filter(code__in=halls[:LOOKED_AT])
    days = [business_day(hall_now(hall.pk), hall.timezone) for hall in rows]
    return max(days, default=house_today())


def _above(unit: Unit, highest: str) -> tuple[Unit, ...]:
    wanted = [path for path in prefixes(unit.path)[:-1] if path.startswith(highest)]
    return tuple(Unit.objects.filter(path__in=wanted).order_by("path"))


def _children(unit: Unit, below: Sequence[tuple[str, str]]) -> dict[str, tuple[Unit, tuple[str, ...]]]:
    """Group halls by the next unit below; a unit that only passes on to a single one is not skipped: it has a name."""
    depth = len(unit.path)
    halls: dict[str, list[str]] = {}
    for code, path in below:
        child = unit.path + path[depth:].split("/", 1)[0] + "/"
        if child in halls or (path != unit.path and not is_office(code)):  # halls come first
            halls.setdefault(child, []).append(code)
    units = {found.path: found for found in Unit.objects.filter(path__in=halls)}
    return {path: (units[path], tuple(codes)) for path, codes in halls.items()}


def _peers(unit: Unit, hall: Hall | None) -> dict[str, tuple[str, ...]]:
    """Return the halls of each peer. Only figures of all of them together are shown, so their names need no scope."""
    root = prefixes(unit.path)[0]
    if hall is not None:
        others = Hall.objects.filter(unit__path__startswith=root, unit__is_active=True, hall_type=hall.hall_type)
        return {path: (code,) for code, path in others.values_list("code", "unit__path")}
    peers = Unit.objects.filter(path__startswith=root, level=unit.level, is_active=True).values_list("path", flat=True)
    if unit.level == UnitLevel.PROVINCE:
        return {}
    found: dict[str, list[str]] = {path: [] for path in peers}
    for code, path in Hall.objects.filter(unit__path__startswith=root, unit__is_active=True).values_list(
        "code", "unit__path"
    ):
        for step in prefixes(path):
            if step in found:
                found[step].append(code)
    return {path: tuple(codes) for path, codes in found.items() if codes}
