"""What special care is owed to a customer, and what was done of it lately."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db.models import QuerySet

from yingting.domains.relations.models import SpecialCare
from yingting.domains.relations.queries.rules_in_force import ATTENDING, rule_of
from yingting.domains.relations.rules.caring import CareItem
from yingting.foundation.customers.finding import ids_of
from yingting.foundation.customers.models import Customer, Tag
from yingting.foundation.people.access import under
from yingting.foundation.people.permissions import Permission
from yingting.kernel.actors import Actor


def owed_to(file: Customer, path: str, day: dt.date) -> tuple[CareItem, ...]:
    """Return what the hall at a path owes to a customer, by tags, level and segment; a thing of two classes once."""
    tags = Tag.objects.filter(customer=file, until__isnull=True).values_list("code", flat=True)
    items = rule_of(ATTENDING, path, day).owed_to({*tags, file.level, file.segment} - {""})
    return tuple({one.code: one for one in items}.values())


def noted_for(actor: Actor, customer: UUID) -> QuerySet[SpecialCare]:
    """Return what was noted of a customer in the halls of the actor's care, the latest first."""
    rows = SpecialCare.objects.filter(customer__in=ids_of(customer)).select_related("hall__unit", "by")
    return rows.filter(under("hall__unit__path", actor.paths(Permission.CUSTOMERS_VIEW)))
