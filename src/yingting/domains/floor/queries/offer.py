"""What a guide can do for a customer in this hall: the business offered, with papers and form."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from yingting.domains.floor.queries.rules_in_force import PREACCEPTANCE, FormField
from yingting.domains.queueing.contracts import HallSetup
from yingting.domains.queueing.facade import rule_in
from yingting.foundation.catalogue.models import BusinessType
from yingting.foundation.sites.models import Zone


@dataclass(frozen=True, slots=True)
class OfferedBusiness:
    """A business with what a guide asks about it: papers (name, English) and fields of the form."""

    id: UUID
    name: str
    name_en: str
    papers: tuple[tuple[str, str], ...]
    fields: tuple[FormField, ...]


@dataclass(frozen=True, slots=True)
class OfferedClass:
    """A business class with its businesses."""

    id: UUID
    name: str
    name_en: str
    businesses: tuple[OfferedBusiness, ...]


@dataclass(frozen=True, slots=True)
class ZoneName:
    """A zone of the hall."""

    id: UUID
    name: str
    name_en: str


def floor_offer(setup: HallSetup, *, day: dt.date) -> tuple[OfferedClass, ...]:
    """Return what the hall offers, by class, with papers and forms."""
    forms = forms_for(setup, setup.businesses, day)
    listed = []
    for kind in setup.classes.values():
        businesses = tuple(
            OfferedBusiness(item.id, item.name, item.name_en, item.papers, forms.get(item.id, ()))
            for item in (setup.businesses[pk] for pk in kind.businesses)
        )
        if businesses:
            listed.append(OfferedClass(kind.id, kind.name, kind.name_en, businesses))
    return tuple(listed)


def forms_for(setup: HallSetup, businesses: Iterable[UUID], day: dt.date) -> dict[UUID, tuple[FormField, ...]]:
    """Return the fields to fill in by business: those of its class, then its own."""
    fields = rule_in(setup, PREACCEPTANCE, day).fields
    codes = BusinessType.objects.filter(pk__in=list(businesses)).values_list("id", "business_class__code", "code")
    return {
        pk: tuple(field for field in fields if field.business in (kind, f"{kind}/{code}")) for pk, kind, code in codes
    }


def zones_of(hall: UUID) -> tuple[ZoneName, ...]:
    """Return the zones of a hall in their order."""
    return tuple(
        ZoneName(*row) for row in Zone.objects.filter(hall=hall, is_active=True).values_list("id", "name", "name_en")
    )
