"""The personal data of relations: what was said of customers, sealed. It goes with the customer's file, and by the same time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext

from yingting.domains.relations.models import (
    CareDue,
    Entitlement,
    EntitlementUse,
    Lead,
    Registration,
    SiteVisit,
    Teaching,
)
from yingting.domains.relations.queries.faces import in_care
from yingting.domains.relations.queries.rules_in_force import CARE, ENTITLEMENTS, rule_of
from yingting.domains.relations.queries.rules_in_force import LEADS as LEAD_RULE
from yingting.domains.relations.refusals import NOT_THERE
from yingting.domains.relations.rules.managing import LeadState
from yingting.foundation.customers.beside import CopyPart, FileLink
from yingting.foundation.editing.naming import named
from yingting.foundation.people.permissions import Permission
from yingting.foundation.privacy.fields import emptied
from yingting.foundation.privacy.holders import Due, Erasing, Held, Holder, Kept
from yingting.foundation.privacy.rules import DataKind
from yingting.foundation.privacy.rules_in_force import CUSTOMER
from yingting.kernel.actors import Actor
from yingting.kernel.clocks import local_instant
from yingting.kernel.refusals import Refusal
from yingting.kernel.words import gettext_noop as _


def _holder(kind: str, title: str, model: type[models.Model], field: str, label: str) -> Holder:
    """The holder of one sealed text of a model that has a customer and a unit; its time runs from the customer's last visit."""
    manager: Any = model._default_manager

    def full() -> QuerySet[Any]:
        rows: QuerySet[Any] = manager.exclude(**{field: ""}).select_related("unit", "customer")
        return rows

    def read(actor: Actor, record: UUID) -> Held:
        row = manager.select_related("unit").filter(in_care(actor), pk=record).first()
        if row is None:
            raise Refusal(NOT_THERE)
        return Held(row.unit.path, {field: getattr(row, field)})

    def kept(row: Any) -> Kept:
        since = local_instant(row.customer.last_seen_on, dt.time(), settings.TIME_ZONE)
        return Kept(row.pk, row.unit.path, since, str(row.pk)[:8], row.customer_id)

    def due(asked: Due) -> Sequence[Kept]:
        # Texts of an erased file are due whatever day was the last.
        rows = full().filter(Q(customer__last_seen_on__lt=asked.before.date()) | Q(customer__state="erased"))
        rows = rows.filter(pk__gt=asked.after) if asked.after else rows
        return [kept(row) for row in rows.order_by("pk")[: asked.limit]]

    def find(what: DataKind, keys: Sequence[str]) -> Sequence[Kept]:
        column = {DataKind.PHONE: "phone_key", DataKind.ID_NUMBER: "id_number_key"}.get(what)
        return [kept(row) for row in full().filter(**{f"customer__{column}__in": keys})] if column else ()

    def among(records: Sequence[UUID]) -> Sequence[Kept]:
        return [kept(row) for row in full().filter(pk__in=records)]

    def erase(erasing: Erasing) -> None:
        manager.filter(pk__in=erasing.records).update(**emptied(model))

    return Holder(kind, title, CUSTOMER, read, erase, among, due=due, find=find, fields={field: label})


TEACHINGS = _holder("relations.teaching", _("Teaching plan"), Teaching, "note", _("What it led to"))
REGISTRATIONS = _holder(
    "relations.registration", _("Registration for a campaign"), Registration, "learnt", _("Learnt about the customer")
)
LEADS = _holder("relations.lead", _("Lead"), Lead, "note", _("Note"))
SITE_VISITS = _holder("relations.site_visit", _("Visit to the customer"), SiteVisit, "result", _("What it led to"))


def _address(customer: UUID) -> str:
    return reverse("relations:file", args=[customer])


LINK = FileLink(_("Visits, cases, care"), Permission.CUSTOMERS_VIEW, _address)


# ------------------------------------------------------------------------------------------------ the customer's own copy
def _entitlements(ids: frozenset[UUID]) -> Sequence[Sequence[object]]:
    used = dict(EntitlementUse.objects.filter(entitlement__customer__in=ids).values_list("entitlement", "business_day"))
    found = []
    for row in Entitlement.objects.filter(customer__in=ids).select_related("unit"):
        benefit = rule_of(ENTITLEMENTS, row.unit.path, row.business_day).of(row.benefit)
        found.append((named(benefit) if benefit else row.benefit, row.business_day, row.last_on, used.get(row.pk, "")))
    return found


def _leads(ids: frozenset[UUID]) -> Sequence[Sequence[object]]:
    found = []
    for row in Lead.objects.filter(customer__in=ids).select_related("unit"):
        names = {one.code: named(one) for one in rule_of(LEAD_RULE, row.unit.path, row.business_day).interests}
        state = gettext(LeadState(row.state).title)
        found.append((names.get(row.interest, row.interest), row.business_day, state, row.note.open()))
    return found


def _care(ids: frozenset[UUID]) -> Sequence[Sequence[object]]:
    found = []
    for row in CareDue.objects.filter(customer__in=ids, state="done").select_related("unit"):
        action = rule_of(CARE, row.unit.path, row.due_on).action(row.action)
        found.append((named(action) if action else row.action, row.done_on))
    return found


COPY_ENTITLEMENTS = CopyPart(
    _("Entitlements of customers"), (_("Benefit"), _("Granted on"), _("Valid until"), _("Used on")), _entitlements
)
COPY_LEADS = CopyPart(_("Leads"), (_("Interest"), _("Since"), _("State"), _("Note")), _leads)
COPY_CARE = CopyPart(_("Care by tenure"), (_("Act of care"), _("Given on")), _care)
