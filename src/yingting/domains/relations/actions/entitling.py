"""Entitlements: granted for a reason, used once at a counter, over after their last day; campaigns that bring them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from yingting.domains.relations.actions.stepping import kept_file, note
from yingting.domains.relations.facts import (
    EntitlementGranted,
    EntitlementLapsed,
    EntitlementUsed,
    OfferingOpened,
    OfferingRegistered,
)
from yingting.domains.relations.models import Entitlement, EntitlementUse, Offering, Registration
from yingting.domains.relations.queries.entitlements import entitlement_of, offering_of
from yingting.domains.relations.queries.people import unit_here
from yingting.domains.relations.queries.rules_in_force import ENTITLEMENTS, rule_of
from yingting.domains.relations.refusals import (
    CODE_UNKNOWN,
    ENTITLED,
    ENTITLEMENT_OVER,
    ENTITLEMENT_USED,
    FIELD_MISSING,
    NOT_THERE,
    OFFERING_CLOSED,
    OFFERING_SPAN,
    REGISTERED,
)
from yingting.foundation.calendars.reading import today_at
from yingting.foundation.customers.finding import ids_of
from yingting.foundation.customers.models import Customer
from yingting.foundation.days import local_day
from yingting.foundation.journal.writing import writing
from yingting.foundation.people.access import hall_for, units_for
from yingting.foundation.people.permissions import Permission
from yingting.foundation.sites.models import Unit
from yingting.kernel.actors import Actor
from yingting.kernel.months import months_after
from yingting.kernel.refusals import Refusal
from yingting.kernel.words import gettext_noop as _

TITLE = _("Title")


def grant_entitlement(*, customer: UUID, benefit: str, actor: Actor, now: dt.datetime) -> UUID:
    """Grant a customer something for having registered here: valid for the months of the rule, once.

    Raises Refusal customer.unknown, customer.gone, relation.code_unknown, entitlement.granted.
    """
    with writing():
        file = kept_file(actor, customer)
        unit = unit_here(actor, file.unit)
        return _grant(file, benefit, f"register:{unit.pk.hex}", unit, actor, now)


def _grant(file: Customer, benefit: str, ground: str, unit: Unit, actor: Actor, now: dt.datetime) -> UUID:
    today = today_at(unit.path, now)
    found = rule_of(ENTITLEMENTS, unit.path, today).of(benefit)
    if found is None:
        raise Refusal(CODE_UNKNOWN, code=benefit)
    if Entitlement.objects.filter(customer__in=ids_of(file.pk), benefit=benefit, ground=ground).exists():
        raise Refusal(ENTITLED)
    try:
        with transaction.atomic():
            row = Entitlement.objects.create(
                customer=file, unit=unit, benefit=benefit, ground=ground, business_day=today,
                last_on=months_after(today, found.months), by_id=actor.person, at=now,
            )  # fmt: skip
    except IntegrityError:
        raise Refusal(ENTITLED) from None
    note(EntitlementGranted(file.pk, benefit, ground, row.last_on), row.pk, unit.pk, today, actor, now)
    return row.pk


def use_entitlement(*, entitlement: UUID, hall: UUID, actor: Actor, now: dt.datetime) -> UUID:
    """Use an entitlement at a counter of a hall; return whose it is. The database lets it happen once, however many try.

    Raises Refusal relation.unknown, customer.unknown, customer.gone, hall.unknown, access.refused, entitlement.used, entitlement.over.
    """
    place = hall_for(actor, Permission.CUSTOMERS_KEEP, hall)
    with writing():
        row = entitlement_of(entitlement)
        file = kept_file(actor, row.customer_id)
        today = today_at(place.unit.path, now)
        used = EntitlementUse.objects.filter(entitlement=row).first()
        if used is not None:
            raise Refusal(ENTITLEMENT_USED, day=used.business_day.isoformat())
        if today > row.last_on:
            raise Refusal(ENTITLEMENT_OVER, day=row.last_on.isoformat())
        try:
            with transaction.atomic():
                EntitlementUse.objects.create(
                    entitlement=row, hall=place, business_day=today, by_id=actor.person, at=now
                )
        except IntegrityError:
            raise Refusal(ENTITLEMENT_USED, day=today.isoformat()) from None
        note(EntitlementUsed(file.pk, row.benefit, place.pk), row.pk, row.unit_id, row.business_day, actor, now)
    return file.pk


def end_entitlements(*, actor: Actor, now: dt.datetime) -> int:
    """Note what was not used in time; return how many."""
    today = local_day(now)
    with writing():
        over = Entitlement.objects.select_for_update(of=("self",)).filter(last_on__lt=today, lapsed_on__isnull=True)
        rows = list(over.exclude(pk__in=EntitlementUse.objects.values("entitlement")))
        Entitlement.objects.filter(pk__in=[row.pk for row in rows]).update(lapsed_on=today)
        for row in rows:
            note(EntitlementLapsed(row.customer_id, row.benefit), row.pk, row.unit_id, row.business_day, actor, now)
    return len(rows)


# ------------------------------------------------------------------------------------------------ campaigns
@dataclass(frozen=True, slots=True)
class Announced:
    """A service campaign as it is announced; `benefit` "" brings nothing."""

    unit: UUID
    title: str
    first: dt.date
    last: dt.date
    benefit: str = ""


def open_offering(*, announced: Announced, actor: Actor, now: dt.datetime) -> UUID:
    """Announce a service campaign for a unit and all below it (SAL-10).

    Raises Refusal relation.unknown, relation.field_missing, relation.code_unknown, offering.span.
    """
    unit = units_for(actor, Permission.CUSTOMERS_MANAGE).filter(pk=announced.unit, is_active=True).first()
    if unit is None:
        raise Refusal(NOT_THERE)
    today = today_at(unit.path, now)
    if not announced.title.strip():
        raise Refusal(FIELD_MISSING, field=gettext(TITLE))
    if announced.last < announced.first or announced.last < today:
        raise Refusal(OFFERING_SPAN)
    if announced.benefit and rule_of(ENTITLEMENTS, unit.path, today).of(announced.benefit) is None:
        raise Refusal(CODE_UNKNOWN, code=announced.benefit)
    assert actor.person is not None
    with writing():
        row = Offering.objects.create(
            unit=unit, title=announced.title.strip(), first=announced.first, last=announced.last, benefit=announced.benefit,
            by_id=actor.person, at=now,
        )  # fmt: skip
        note(OfferingOpened(unit.path, row.first, row.last, row.benefit), row.pk, unit.pk, today, actor, now)
    return row.pk


@dataclass(frozen=True, slots=True)
class TakenPart:
    """What came of one registration (SAL-11): what was learnt in words, whether the campaign was told and something offered."""

    learnt: str = ""
    is_told: bool = False
    is_offered: bool = False
    result: str = ""


def register_for(*, offering: UUID, customer: UUID, part: TakenPart, actor: Actor, now: dt.datetime) -> UUID:
    """Let a customer take part in a campaign; with it goes what the campaign brings.

    Raises Refusal relation.unknown, customer.unknown, customer.gone, offering.closed, offering.registered.
    """
    with writing():
        row = offering_of(actor, offering)
        file = kept_file(actor, customer)
        unit = unit_here(actor, file.unit)
        today = today_at(unit.path, now)
        if not row.first <= today <= row.last:
            raise Refusal(OFFERING_CLOSED)
        if Registration.objects.filter(offering=row, customer__in=ids_of(file.pk)).exists():
            raise Refusal(REGISTERED)
        assert actor.person is not None
        entitlement = _grant(file, row.benefit, f"campaign:{row.pk.hex}", unit, actor, now) if row.benefit else None
        try:
            with transaction.atomic():
                made = Registration.objects.create(
                    offering=row, customer=file, unit=unit, learnt=part.learnt.strip()[:1000], has_learnt=bool(part.learnt.strip()),
                    is_told=part.is_told, is_offered=part.is_offered, result=part.result, entitlement_id=entitlement,
                    business_day=today, by_id=actor.person, at=now,
                )  # fmt: skip
        except IntegrityError:
            raise Refusal(REGISTERED) from None
        told = OfferingRegistered(row.pk, file.pk, made.has_learnt, part.is_told, part.is_offered, part.result)
        note(told, made.pk, unit.pk, today, actor, now)
    return made.pk
