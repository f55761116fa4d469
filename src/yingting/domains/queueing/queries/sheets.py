"""Rules about business as kinds of the rulebook: sheets, the restricted list, steering, designated halls; and what they cover."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from yingting.domains.queueing.contracts import BusinessSheet, Channel, SteerHow, SteeringRule
from yingting.domains.queueing.models import PriorityClass
from yingting.domains.queueing.queries.shipped_sheets import (
    CLASSES,
    ITEMS,
    RESTRICTED,
    SHEETS,
    STEERING,
    RestrictedItem,
    RestrictedList,
)
from yingting.foundation.catalogue.models import BusinessType
from yingting.foundation.days import house_today
from yingting.foundation.editing.naming import in_language
from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook.kinds import Choice, Kind, Problem, declare, offer
from yingting.foundation.rulebook.reading import in_force, in_force_by_key, prefixes
from yingting.foundation.sites.models import Hall, Ownership
from yingting.kernel.shapes import codes_once, said
from yingting.kernel.words import gettext_noop as _


# ------------------------------------------------------------------------------------------------ sheets
def _check_sheet(sheet: BusinessSheet, _path: str) -> Iterable[Problem]:
    twice = [name for name, times in Counter(row.operation for row in sheet.operations).items() if times > 1]
    if twice:
        yield "operations", _("Each operation stands here once."), {}
    if sheet.restricted and sheet.is_risk:
        yield "restricted", _("Risk business is never steered away from the counter."), {}
    if not sheet.restricted:
        return
    if sheet.other_channel is Channel.COUNTER:
        yield "other_channel", _("Steered to must be another channel than the counter."), {}
    elif not any(getattr(row, sheet.other_channel.value) for row in sheet.operations):
        yield "other_channel", _("No operation of this business is possible there."), {}
    if not any(row.counter for row in sheet.operations):
        yield "operations", _("The counter must do it for customers who insist."), {}
    if not sheet.other_place.strip():
        yield "other_place", _("Say where customers find it."), {}


SHEET = declare(
    Kind(
        code="catalogue.business",
        title=_("Channels and care of a business"),
        purpose=_(
            "Which channel does it, whether it is steered when the hall is forced, what to prepare, whether it is risk business."
        ),
        shape=BusinessSheet,
        shipped=BusinessSheet(),
        source="QUE-10, QUE-11, QUE-12, QUE-19, QUE-21, QUE-32, QUE-33, QUE-38, SLF-07",
        permission=Permission.CATALOGUE_CONFIGURE,
        key="businesses",
        check=_check_sheet,
        position=30,
        by_key=SHEETS,
    )
)


# ------------------------------------------------------------------------------------------------ the restricted list
def _check_list(rule: RestrictedList, _path: str) -> Iterable[Problem]:
    yield from codes_once((item.code for item in rule.items), "items")


RESTRICTED_LIST = declare(
    Kind(
        code="catalogue.restricted",
        title=_("List of restricted business"),
        purpose=_("The classes and items that are steered to other channels when a hall is forced."),
        shape=RestrictedList,
        shipped=RESTRICTED,
        source="QUE-19",
        permission=Permission.CATALOGUE_CONFIGURE,
        check=_check_list,
        position=31,
    )
)


# ------------------------------------------------------------------------------------------------ steering
def _care_classes(path: str) -> dict[str, str]:
    rows = PriorityClass.objects.filter(_around("unit__path", path), is_care=True, is_active=True)
    return dict(rows.values_list("code", "name"))


def _check_steering(rule: SteeringRule, path: str) -> Iterable[Problem]:
    missing = [name for code, name in _care_classes(path).items() if code not in rule.exempt]
    if missing:
        yield "exempt", _("The care lane is always exempt: leave “%(name)s” ticked."), {"name": missing[0]}
    if rule.in_normal is SteerHow.STEER:
        yield "in_normal", _("Customers are steered in forced diversion only."), {}
    if not any(reason.words.strip() for reason in rule.reasons):
        yield "reasons", _("Give at least one reason: nobody is refused."), {}


STEERING_RULE = declare(
    Kind(
        code="queueing.steering",
        title=_("Steering of customers"),
        purpose=_(
            "What the hall does with restricted business, who is exempt, and with which words customers insist on the counter."
        ),
        shape=SteeringRule,
        shipped=STEERING,
        source="QUE-09, QUE-10, SLF-04",
        permission=Permission.CATALOGUE_CONFIGURE,
        check=_check_steering,
        position=32,
    )
)


# ------------------------------------------------------------------------------------------------ designated halls
@dataclass(frozen=True, slots=True)
class DesignatedRow:
    """The halls that do one risk business."""

    business: str = said(_("Business"), choices="businesses")
    halls: tuple[str, ...] = said(_("Halls that do it"), choices="halls")


@dataclass(frozen=True, slots=True)
class DesignatedHalls:
    """Which halls do risk business. A business without a row is done in every hall, or in every own one."""

    own_only: bool = said(_("Risk business without a row: own halls only"), default=True)
    rows: tuple[DesignatedRow, ...] = said(_("Designated halls by business"), default=())

    def does(self, business: str, hall: str, ownership: str) -> bool:
        """Return whether the hall does this risk business."""
        for row in self.rows:
            if row.business == business:
                return hall in row.halls
        return not self.own_only or ownership == Ownership.OWN


def _check_designated(rule: DesignatedHalls, _path: str) -> Iterable[Problem]:
    if any(times > 1 for times in Counter(row.business for row in rule.rows).values()):
        yield "rows", _("Each business stands here once."), {}
    if any(not row.halls for row in rule.rows):
        yield "rows", _("Choose at least one hall, or leave the row out."), {}


DESIGNATED = declare(
    Kind(
        code="catalogue.designated_halls",
        title=_("Designated halls for risk business"),
        purpose=_("Elsewhere customers are told the nearest hall that does it."),
        shape=DesignatedHalls,
        shipped=DesignatedHalls(),
        source="QUE-37",
        permission=Permission.CATALOGUE_CONFIGURE,
        check=_check_designated,
        position=33,
    )
)


# ------------------------------------------------------------------------------------------------ lists of choices
def _around(field: str, path: str) -> Q:
    """The filter "on the path, above it or below it": what a rule of this unit can be about."""
    return Q(**{f"{field}__in": prefixes(path)}) | Q(**{f"{field}__startswith": path})


def _businesses(path: str) -> list[Choice]:
    rows = BusinessType.objects.filter(_around("business_class__unit__path", path), is_active=True)
    found = rows.order_by("business_class__position", "position", "code").values_list("code", "name", "name_en")
    return list({code: (code, in_language(name, name_en)) for code, name, name_en in found}.values())


def _items(path: str) -> list[Choice]:
    rule = in_force(RESTRICTED_LIST, path=path, day=house_today()).rule
    return [
        (item.code, f"{in_language(item.group, item.group_en)} · {in_language(item.name, item.name_en)}")
        for item in rule.items
    ]


def _priorities(path: str) -> list[Choice]:
    rows = PriorityClass.objects.filter(_around("unit__path", path), is_active=True)
    return list({row.code: (row.code, in_language(row.name, row.name_en)) for row in rows}.values())


def _halls(path: str) -> list[Choice]:
    rows = Hall.objects.filter(unit__path__startswith=path, unit__is_active=True).select_related("unit")
    return [(hall.code, in_language(hall.unit.name, hall.unit.name_en)) for hall in rows]


offer("businesses", _businesses)
offer("restricted_items", _items)
offer("priorities", _priorities)
offer("halls", _halls)


# ------------------------------------------------------------------------------------------------ what is covered
@dataclass(frozen=True, slots=True)
class Coverage:
    """An item of the restricted list with the businesses of the catalogue that cover it."""

    item: RestrictedItem
    businesses: tuple[tuple[str, str], ...]

    @property
    def is_missing(self) -> bool:
        """Does no business cover it?"""
        return not self.businesses


def coverage(*, path: str, day: dt.date) -> tuple[Coverage, ...]:
    """Return every item of the restricted list with the businesses (name, English name) that cover it."""
    found = BusinessType.objects.filter(_around("business_class__unit__path", path), is_active=True)
    names = {code: (name, name_en or name) for code, name, name_en in found.values_list("code", "name", "name_en")}
    sheets = in_force_by_key(SHEET, path=path, day=day, keys=tuple(names))
    rule = in_force(RESTRICTED_LIST, path=path, day=day).rule
    return tuple(
        Coverage(item, tuple(names[code] for code in names if item.code in sheets[code].rule.restricted))
        for item in rule.items
    )


def is_complete(rows: tuple[Coverage, ...]) -> bool:
    """Return whether the list has the 5 classes and 15 items that are asked for, each covered by a business (QUE-19)."""
    groups = {row.item.group for row in rows}
    return len(groups) >= CLASSES and len(rows) >= ITEMS and not any(row.is_missing for row in rows)
