"""How the business catalogue is edited: classes, types. A class belongs to a unit and holds for every hall below it."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yingting.foundation.catalogue.models import BusinessClass, BusinessType, Equipment, EquipmentState
from yingting.foundation.editing.changing import Change, Rule, Unique
from yingting.foundation.people.permissions import Permission
from yingting.foundation.sites.models import Unit
from yingting.kernel.clocks import business_day


def _below(unit: Unit) -> Q:
    return Q(unit__path__startswith=unit.path)


def _check_type(step: Change[BusinessType]) -> None:
    if step.after.limit_min < 1:
        raise ValidationError({"limit_min": _("At least 1 minute.")})
    if step.after.expected_s < 10:
        raise ValidationError({"expected_s": _("At least 10 seconds.")})


CLASSES: Rule[BusinessClass] = Rule(
    BusinessClass,
    Permission.CATALOGUE_CONFIGURE,
    path=lambda row: row.unit.path,
    halls=lambda row: _below(row.unit),
    unique=(Unique(("unit", "code"), "code", _("This unit has a class with this code already.")),),
    fixed=frozenset({"unit", "code"}),
)
TYPES: Rule[BusinessType] = Rule(
    BusinessType,
    Permission.CATALOGUE_CONFIGURE,
    path=lambda row: row.business_class.unit.path,
    halls=lambda row: _below(row.business_class.unit),
    check=_check_type,
    unique=(Unique(("business_class", "code"), "code", _("This class has a business with this code already.")),),
    fixed=frozenset({"business_class", "code"}),
)


def _check_equipment(step: Change[Equipment]) -> None:
    row = step.after
    if row.zone is not None and row.zone.hall_id != row.hall_id:
        raise ValidationError({"zone": _("This zone is in another hall.")})
    if row.state == EquipmentState.BROKEN and not row.state_reason.strip():
        raise ValidationError({"state_reason": _("Say what is broken.")})


EQUIPMENT: Rule[Equipment] = Rule(
    Equipment,
    Permission.HALL_CONFIGURE,
    path=lambda row: row.hall.unit.path,
    halls=lambda row: Q(pk=row.hall_id),
    hall=lambda row: row.hall_id,
    day=lambda row, now: business_day(now, row.hall.timezone),
    check=_check_equipment,
    unique=(Unique(("hall", "name"), "name", _("This hall has equipment with this name already.")),),
    fixed=frozenset({"hall"}),
)
