"""Entitlements and campaigns as readers may see them: of one customer, about to expire, by campaign."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from yingting.domains.relations.models import Entitlement, EntitlementUse, Offering, Registration
from yingting.domains.relations.queries.faces import Face, faces_of, ids_in, in_care
from yingting.domains.relations.queries.rules_in_force import ENTITLEMENTS, rule_of, rules_at
from yingting.domains.relations.refusals import NOT_THERE
from yingting.foundation.calendars.reading import today_at
from yingting.foundation.customers.finding import ids_of
from yingting.foundation.customers.naming import choices
from yingting.foundation.editing.naming import named
from yingting.foundation.people.access import person_in, under
from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook.reading import prefixes
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal


@dataclass(frozen=True, slots=True)
class EntitlementLine:
    """An entitlement as lists show it: what, until when, used or over."""

    row: Entitlement
    name: str
    used: EntitlementUse | None
    is_over: bool
    days_left: int
    face: Face | None = None

    @property
    def is_open(self) -> bool:
        """May it still be used?"""
        return self.used is None and not self.is_over


def entitlement_of(entitlement: UUID) -> Entitlement:
    """Return an entitlement, held until the transaction ends; the caller asks for the right to its customer.

    Raises Refusal relation.unknown.
    """
    row = Entitlement.objects.select_for_update(of=("self",)).filter(pk=entitlement).first()
    if row is None:
        raise Refusal(NOT_THERE)
    return row


def entitlements_of(customer: UUID, now: dt.datetime) -> list[EntitlementLine]:
    """Return what a customer is or was entitled to: what is open first, by its last day. The caller has the right to the file."""
    rows = Entitlement.objects.filter(customer__in=ids_of(customer)).select_related("unit")
    lines = _lines(list(rows), now)
    return sorted(lines, key=lambda one: (not one.is_open, one.row.last_on))


def expiring(actor: Actor, now: dt.datetime, most: int) -> list[EntitlementLine]:
    """Return the open entitlements in the actor's care that end within the days of the rule, the nearest first."""
    path = person_in(actor).unit.path
    today = today_at(path, now)
    until = today + dt.timedelta(days=rule_of(ENTITLEMENTS, path, today).warn_days)
    rows = Entitlement.objects.filter(in_care(actor), last_on__range=(today, until)).select_related("unit")
    rows = rows.exclude(pk__in=EntitlementUse.objects.values("entitlement")).order_by("last_on", "pk")[:most]
    lines = _lines(list(rows), now)
    faces = faces_of(ids_in([one.row for one in lines]), now)
    return [
        EntitlementLine(one.row, one.name, one.used, one.is_over, one.days_left, faces[one.row.customer_id])
        for one in lines
        if one.row.customer_id in faces
    ]


def _lines(rows: list[Entitlement], now: dt.datetime) -> list[EntitlementLine]:
    uses = EntitlementUse.objects.filter(entitlement__in=rows).select_related("hall__unit", "by")
    used = {one.entitlement_id: one for one in uses}
    rules = rules_at(ENTITLEMENTS, (row.unit.path for row in rows), now)
    found = []
    for row in rows:
        rule, today = rules[row.unit.path]
        benefit = rule.of(row.benefit)
        found.append(
            EntitlementLine(
                row, named(benefit) if benefit else row.benefit, used.get(row.pk), today > row.last_on,
                (row.last_on - today).days,
            )
        )  # fmt: skip
    return found


def benefits_at(path: str, now: dt.datetime) -> list[tuple[str, str]]:
    """Return what may be granted at a unit: code and name."""
    return choices(rule_of(ENTITLEMENTS, path, today_at(path, now)).benefits)


# ------------------------------------------------------------------------------------------------ campaigns
@dataclass(frozen=True, slots=True)
class OfferingFigures:
    """What came of a campaign so far (SAL-11): registrations, and with how many something was learnt, told and offered."""

    registered: int
    learnt: int
    told: int
    offered: int
    taken: int
    used: int


def visible_offerings(actor: Actor) -> QuerySet[Offering]:
    """Return the campaigns for the reader's unit, and those in their care."""
    mine = Q(unit__path__in=prefixes(person_in(actor).unit.path))
    here = mine | under("unit__path", actor.paths(Permission.CUSTOMERS_VIEW))
    return Offering.objects.filter(here).select_related("unit", "by")


def offering_of(actor: Actor, offering: UUID) -> Offering:
    """Return one campaign. Raises Refusal relation.unknown."""
    row = visible_offerings(actor).filter(pk=offering).first()
    if row is None:
        raise Refusal(NOT_THERE)
    return row


def running(actor: Actor, now: dt.datetime) -> QuerySet[Offering]:
    """Return the campaigns in which customers may take part today where the reader works."""
    path = person_in(actor).unit.path
    today = today_at(path, now)
    return Offering.objects.filter(unit__path__in=prefixes(path), first__lte=today, last__gte=today)


def figures_of(actor: Actor, offering: Offering) -> OfferingFigures:
    """Return what came of a campaign in the actor's care."""
    rows = Registration.objects.filter(under("unit__path", actor.paths(Permission.CUSTOMERS_VIEW)), offering=offering)
    found = rows.aggregate(
        registered=Count("pk"), learnt=Count("pk", filter=Q(has_learnt=True)), told=Count("pk", filter=Q(is_told=True)),
        offered=Count("pk", filter=Q(is_offered=True)), taken=Count("pk", filter=Q(result="taken")),
    )  # fmt: skip
    used = EntitlementUse.objects.filter(entitlement__in=rows.values("entitlement")).count()
    return OfferingFigures(**found, used=used)


def registrations_of(actor: Actor, offering: Offering, now: dt.datetime, most: int) -> list[tuple[Registration, Face]]:
    """Return the latest registrations in the actor's care, with who it was by mask."""
    rows = Registration.objects.filter(in_care(actor), offering=offering).select_related("unit", "by").order_by("-at")
    found = list(rows[:most])
    faces = faces_of(ids_in(found), now)
    return [(row, faces[row.customer_id]) for row in found if row.customer_id in faces]
