"""How units, halls and what stands in a hall are edited. Counters are edited in queueing: only it knows who sits at one."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext_lazy as _

from yingting.foundation.editing.changing import (
    Change,
    Rule,
    Unique,
    change,
    create,
    lock_halls,
    locked,
    note,
    stir,
)
from yingting.foundation.editing.refusals import RECORD_UNKNOWN
from yingting.foundation.journal.writing import writing
from yingting.foundation.people.access import require
from yingting.foundation.people.guarding import require_still_in_charge
from yingting.foundation.people.permissions import Permission
from yingting.foundation.sites.models import (
    Device,
    Hall,
    OpeningException,
    OpeningSpan,
    Unit,
    UnitLevel,
    Zone,
)
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal

S = TypeVar("S", OpeningSpan, OpeningException)
_CODE = re.compile(r"[A-Za-z0-9_-]{1,24}")
_PRINTER = re.compile(r"tcp://[A-Za-z0-9.-]+:[0-9]{1,5}|usb://[0-9a-fA-F]{4}:[0-9a-fA-F]{4}")
_LEVELS = list(UnitLevel)
_PATH_LENGTH = 160
OVERLAPS = _("These hours overlap others of the same day.")
BACKWARDS = _("The end must be later than the beginning.")


# --------------------------------------------------------------------------------------------------- units
def _check_unit(step: Change[Unit]) -> None:
    unit, parent = step.after, step.after.parent
    if step.before is None and not _CODE.fullmatch(unit.code):
        raise ValidationError({"code": _("Use letters, digits, hyphen and underscore.")})
    if parent is not None:
        _check_place(unit, parent)
        if step.before is None and not parent.is_active:
            raise ValidationError(
                _("“%(name)s” is out of use: nothing new can stand under it.") % {"name": parent.name}
            )
    if step.retires:
        # Nobody retires what the own scope begins with: it takes the right on the unit above.
        require(step.actor, Permission.HALL_CONFIGURE, parent.path if parent else "")
        if Unit.objects.filter(parent=unit, is_active=True).exists():
            raise ValidationError(_("Take the units below it out of use first."))


def _check_place(unit: Unit, parent: Unit) -> None:
    if _LEVELS.index(UnitLevel(unit.level)) <= _LEVELS.index(UnitLevel(parent.level)):
        raise ValidationError(
            {"level": _("A %(level)s cannot stand under a %(above)s.")
             % {"level": unit.get_level_display(), "above": parent.get_level_display()}}
        )  # fmt: skip


def _follow_unit(step: Change[Unit]) -> None:
    if step.touches("is_active"):
        require_still_in_charge(step.actor)


def path_under(parent: Unit | None, code: str) -> str:
    """Return the path of a unit with this code under the parent."""
    return f"{parent.path if parent else ''}{code}/"


UNITS: Rule[Unit] = Rule(
    Unit,
    Permission.HALL_CONFIGURE,
    path=lambda unit: unit.path,
    halls=lambda unit: Q(unit__path__startswith=unit.path),
    check=_check_unit,
    follow=_follow_unit,
    unique=(Unique(("path",), "code", _("This code is taken under the same unit.")),),
    fixed=frozenset({"code", "level", "parent", "path"}),
)


def add_unit(*, parent: Unit | None, values: Mapping[str, Any], actor: Actor, now: dt.datetime) -> Unit:
    """Put a new unit under the parent. Without a parent it is a root, which only the system may make.

    Raises ValidationError by field, Refusal access.refused, hall.unknown.
    """
    if parent is not None:
        require(actor, Permission.HALL_CONFIGURE, parent.path)
    given = {**values, "parent": parent, "path": path_under(parent, str(values["code"]))}
    return create(UNITS, values=given, actor=actor, now=now)


def move_unit(unit: UUID, *, to: UUID, actor: Actor, now: dt.datetime) -> Unit:
    """Put a unit with everything below it under another one; the paths of the whole part are rewritten.

    The right is needed on the units above, old and new. Raises ValidationError, Refusal record.unknown, access.refused.
    """
    with writing():
        # One move at a time: the root is locked, so that two moves cannot put two units under each other.
        list(Unit.objects.filter(parent=None).order_by("pk").select_for_update())
        moved, target = locked(UNITS, unit), Unit.objects.filter(pk=to).first()
        if target is None:
            raise Refusal(RECORD_UNKNOWN)
        if moved.parent is None:
            raise ValidationError(_("The top of the tree stays where it is."))
        require(actor, Permission.HALL_CONFIGURE, moved.parent.path)
        require(actor, Permission.HALL_CONFIGURE, target.path)
        if target.path.startswith(moved.path):
            raise ValidationError({"parent": _("A unit cannot stand under itself.")})
        if target.pk == moved.parent_id:
            return moved
        _check_target(moved, target)
        return _move(moved, target, actor, now)


def _check_target(moved: Unit, target: Unit) -> None:
    if not target.is_active:
        raise ValidationError(
            {"parent": _("“%(name)s” is out of use: nothing new can stand under it.") % {"name": target.name}}
        )
    try:
        _check_place(moved, target)
    except ValidationError as error:
        raise ValidationError({"parent": error.messages}) from error
    if Unit.objects.filter(path=path_under(target, moved.code)).exists():
        raise ValidationError({"parent": _("There is a unit with the same code already.")})
    below = Unit.objects.filter(path__startswith=moved.path).values_list("path", flat=True)
    grows = len(target.path) + len(moved.code) + 1 - len(moved.path)
    if max(len(path) for path in below) + grows > _PATH_LENGTH:
        raise ValidationError({"parent": _("The tree would become too deep.")})


def _move(moved: Unit, target: Unit, actor: Actor, now: dt.datetime) -> Unit:
    old, new = moved.path, path_under(target, moved.code)
    halls = lock_halls(Q(unit__path__startswith=old))
    Unit.objects.filter(path__startswith=old).update(path=Concat(Value(new), Substr("path", len(old) + 1)))
    Unit.objects.filter(pk=moved.pk).update(parent=target)
    was = {"parent": str(moved.parent_id), "path": old}
    note(Unit, moved.pk, was, {"parent": str(target.pk), "path": new}, actor=actor, now=now)
    stir(halls)
    moved.parent, moved.path = target, new
    return moved


# --------------------------------------------------------------------------------------------------- halls
def _check_hall(step: Change[Hall]) -> None:
    hall = step.after
    try:
        ZoneInfo(hall.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValidationError({"timezone": _("There is no such time zone.")}) from error
    _check_coordinates(hall)


def _check_coordinates(hall: Hall) -> None:
    if (hall.latitude is None) != (hall.longitude is None):
        missing = "latitude" if hall.latitude is None else "longitude"
        raise ValidationError({missing: _("Give latitude and longitude, or neither.")})
    if hall.latitude is None or hall.longitude is None:
        return
    if not -90 <= hall.latitude <= 90:
        raise ValidationError({"latitude": _("From -90 to 90 degrees.")})
    if not -180 <= hall.longitude <= 180:
        raise ValidationError({"longitude": _("From -180 to 180 degrees.")})


HALLS: Rule[Hall] = Rule(
    Hall,
    Permission.HALL_CONFIGURE,
    path=lambda hall: hall.unit.path,
    halls=lambda hall: Q(pk=hall.pk),
    hall=lambda hall: hall.pk,
    check=_check_hall,
    unique=(Unique(("code",), "code", _("Another hall has this code.")),),
    fixed=frozenset({"code", "unit"}),
    unseen=frozenset({"config_version"}),
)


def open_hall(
    *, parent: Unit, unit: Mapping[str, Any], hall: Mapping[str, Any], actor: Actor, now: dt.datetime
) -> Hall:
    """Make a hall with the unit that carries it, under the parent; the code is the same for both.

    Raises ValidationError by field, Refusal access.refused, hall.unknown.
    """
    with writing():
        if Hall.objects.filter(code=unit["code"]).exists():
            raise ValidationError({"code": _("Another hall has this code.")})
        node = add_unit(parent=parent, values={**unit, "level": UnitLevel.HALL}, actor=actor, now=now)
        return create(HALLS, values={**hall, "unit": node, "code": node.code}, actor=actor, now=now)


def edit_hall(
    hall: UUID,
    *,
    unit: Mapping[str, Any],
    values: Mapping[str, Any],
    actor: Actor,
    now: dt.datetime,
    read: str | None = None,
) -> Hall:
    """Change a hall and the names of its unit together. `read` is both marks, joined by a dot.

    Raises ValidationError by field, Refusal record.unknown, record.outdated, access.refused.
    """
    seen_unit, _dot, seen_hall = (read or "").partition(".")
    with writing():
        row = locked(HALLS, hall)
        change(UNITS, row.unit_id, values=unit, actor=actor, now=now, read=seen_unit if read else None)
        return change(HALLS, hall, values=values, actor=actor, now=now, read=seen_hall if read else None)


# ------------------------------------------------------------------------------------------- things in a hall
def _own_hall(row: Zone | OpeningSpan | OpeningException | Device) -> Q:
    return Q(pk=row.hall_id)


def _path(row: Zone | OpeningSpan | OpeningException | Device) -> str:
    return row.hall.unit.path


def _hall_id(row: Zone | OpeningSpan | OpeningException | Device) -> UUID:
    return row.hall_id


def _overlap(rows: models.QuerySet[Any], starts: str, ends: str, row: models.Model) -> bool:
    """Does one of the rows share a moment with this one? Ends are not part of a span."""
    clash = {f"{starts}__lt": getattr(row, ends), f"{ends}__gt": getattr(row, starts)}
    return bool(rows.exclude(pk=row.pk).filter(**clash).exists())


def _check_opening(step: Change[OpeningSpan]) -> None:
    span = step.after
    if span.opens >= span.closes:
        raise ValidationError({"closes": BACKWARDS})
    if _overlap(OpeningSpan.objects.filter(hall=span.hall_id, weekday=span.weekday), "opens", "closes", span):
        raise ValidationError({"opens": OVERLAPS})


def _check_exception(step: Change[OpeningException]) -> None:
    row = step.after
    same_day = OpeningException.objects.filter(hall=row.hall_id, on=row.on).exclude(pk=row.pk)
    if (row.opens is None) != (row.closes is None):
        raise ValidationError({"closes": _("Give both times, or neither when the hall is closed all day.")})
    if row.opens is None:
        if same_day.exists():
            raise ValidationError(
                {"on": _("This day has hours of its own already. Delete them first to close all day.")}
            )
        return
    assert row.closes is not None
    if row.opens >= row.closes:
        raise ValidationError({"closes": BACKWARDS})
    if same_day.filter(opens=None).exists():
        raise ValidationError({"on": _("The hall is closed all this day. Delete that first.")})
    if _overlap(same_day, "opens", "closes", row):
        raise ValidationError({"opens": OVERLAPS})


def _check_device(step: Change[Device]) -> None:
    if step.after.printer and not _PRINTER.fullmatch(step.after.printer):
        raise ValidationError({"printer": _("Write tcp://ADDRESS:PORT or usb://VENDOR:PRODUCT, or leave it empty.")})


ZONES: Rule[Zone] = Rule(
    Zone, Permission.HALL_CONFIGURE, path=_path, halls=_own_hall, hall=_hall_id, fixed=frozenset({"hall"}),
    unique=(Unique(("hall", "name"), "name", _("This hall has a zone of this name already.")),),
)  # fmt: skip
OPENINGS: Rule[OpeningSpan] = Rule(
    OpeningSpan, Permission.HALL_CONFIGURE, path=_path, halls=_own_hall, hall=_hall_id, fixed=frozenset({"hall"}),
    check=_check_opening,
)  # fmt: skip
EXCEPTIONS: Rule[OpeningException] = Rule(
    OpeningException, Permission.HALL_CONFIGURE, path=_path, halls=_own_hall, hall=_hall_id, fixed=frozenset({"hall"}),
    check=_check_exception,
)  # fmt: skip
DEVICES: Rule[Device] = Rule(
    Device, Permission.DEVICE_MANAGE, path=_path, halls=_own_hall, hall=_hall_id, fixed=frozenset({"hall", "kind"}),
    check=_check_device,
    unique=(Unique(("hall", "name"), "name", _("This hall has a device of this name already.")),),
)  # fmt: skip


def add_weekly(
    rule: Rule[S], *, weekdays: Iterable[int], values: Mapping[str, Any], actor: Actor, now: dt.datetime
) -> list[S]:
    """Add the same span on several weekdays, all or none.

    Raises ValidationError by field, Refusal access.refused, hall.unknown.
    """
    with writing():
        return [create(rule, values={**values, "weekday": day}, actor=actor, now=now) for day in weekdays]
