"""The personal data of customer files and of requests about it: who may see it, how long it is kept, how it goes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet

from yingting.foundation.customers.facts import CustomerErased
from yingting.foundation.customers.finding import customer_for
from yingting.foundation.customers.models import (
    Consent,
    Contact,
    Customer,
    Duplicate,
    FileState,
    ManagerTerm,
    OwnLink,
    RightsRequest,
    Tag,
)
from yingting.foundation.customers.refusals import REQUEST_UNKNOWN
from yingting.foundation.customers.stepping import step
from yingting.foundation.days import local_day
from yingting.foundation.people.permissions import Permission
from yingting.foundation.privacy.fields import emptied
from yingting.foundation.privacy.holders import Due, Erasing, Held, Holder, Kept
from yingting.foundation.privacy.rules import DataKind
from yingting.foundation.privacy.rules_in_force import CUSTOMER, DISCLOSURE
from yingting.kernel.actors import Actor
from yingting.kernel.clocks import local_instant
from yingting.kernel.ids import new_short_secret
from yingting.kernel.refusals import Refusal
from yingting.kernel.words import gettext_noop as _

MOST_FOUND = 500  # a name alone finds too many to choose from: whoever asks gives a number
FILE, REQUEST = "customers.file", "customers.request"
FILE_FIELDS = {"name": _("Customer's name"), "phone": _("Phone"), "id_number": _("Identity number")}
REQUEST_FIELDS = {"name": _("Customer's name"), "phone": _("Phone"), "words": _("What was said")}


# ------------------------------------------------------------------------------------------------ files
def _read(actor: Actor, record: UUID) -> Held:
    row = customer_for(actor, Permission.CUSTOMERS_VIEW, record)
    return Held(row.unit.path, {name: getattr(row, name) for name in FILE_FIELDS})


def _active() -> QuerySet[Customer]:
    return Customer.objects.select_related("unit").filter(state=FileState.ACTIVE)


def _kept(row: Customer) -> Kept:
    since = local_instant(row.last_seen_on, dt.time(), settings.TIME_ZONE)
    return Kept(row.pk, row.unit.path, since, row.card[:6])


def _due(due: Due) -> Sequence[Kept]:
    rows = _active().filter(last_seen_on__lt=local_day(due.before))
    if due.after:
        rows = rows.filter(pk__gt=due.after)
    return [_kept(row) for row in rows.order_by("pk")[: due.limit]]


def _kept_among(records: Sequence[UUID]) -> Sequence[Kept]:
    return [_kept(row) for row in _active().filter(pk__in=records)]


def _find(kind: DataKind, keys: Sequence[str]) -> Sequence[Kept]:
    column = {DataKind.PHONE: "phone_key", DataKind.ID_NUMBER: "id_number_key", DataKind.NAME: "name_key"}.get(kind)
    if column is None:
        return ()
    return [_kept(row) for row in _active().filter(**{f"{column}__in": keys}).order_by("pk")[:MOST_FOUND]]


def _erase(erasing: Erasing) -> None:
    """The person goes out of the file: what was sealed, what the needs were, what was said. Row, classes and facts stay."""
    for row in _active().select_for_update(of=("self",)).filter(pk__in=erasing.records):
        Tag.objects.filter(customer=row).delete()
        OwnLink.objects.filter(customer=row).delete()
        Contact.objects.filter(customer=row).update(**emptied(Contact))
        Consent.objects.filter(customer=row, ended_at__isnull=True).update(ended_at=erasing.now, ended_how="erased")
        ManagerTerm.objects.filter(customer=row, until__isnull=True).update(until=erasing.now)
        Duplicate.objects.filter(Q(first=row) | Q(second=row), state="open").update(
            state="gone", decided_at=erasing.now
        )
        step(
            row, CustomerErased(on_request=erasing.actor.person is not None), actor=erasing.actor, now=erasing.now,
            state=FileState.ERASED, card=new_short_secret(), segment="", level="", language="", born_year=None,
            customer_since=None, monthly_fen=None, is_left_alone=False, source_key="", class_due_on=None,
            **emptied(Customer),
        )  # fmt: skip


FILES = Holder(
    kind=FILE, title=_("Customer file"), data_class=CUSTOMER, read=_read, due=_due, find=_find, kept=_kept_among, erase=_erase,
    fields=FILE_FIELDS,
)  # fmt: skip


# ------------------------------------------------------------------------------------------------ requests
def _read_request(actor: Actor, record: UUID) -> Held:
    row = RightsRequest.objects.select_related("unit").filter(pk=record).first()
    if row is None or not may_handle(actor, row.unit.path):
        raise Refusal(REQUEST_UNKNOWN)
    # Whoever handles a request must be able to call back.
    is_needed = row.answered_at is None
    return Held(row.unit.path, {name: getattr(row, name) for name in REQUEST_FIELDS}, is_needed)


def may_handle(actor: Actor, path: str) -> bool:
    """May the actor handle requests about personal data of a unit: whoever manages its files, or watches over personal data?"""
    return actor.may(Permission.CUSTOMERS_MANAGE, path) or actor.may(Permission.PRIVACY_RETAIN, path)


def _full_requests() -> QuerySet[RightsRequest]:
    return RightsRequest.objects.select_related("unit").exclude(phone="")


def _kept_request(row: RightsRequest) -> Kept:
    return Kept(row.pk, row.unit.path, row.answered_at, row.number)


def _due_requests(due: Due) -> Sequence[Kept]:
    rows = _full_requests().filter(answered_at__lt=due.before)
    if due.after:
        rows = rows.filter(pk__gt=due.after)
    return [_kept_request(row) for row in rows.order_by("pk")[: due.limit]]


def _find_requests(kind: DataKind, keys: Sequence[str]) -> Sequence[Kept]:
    if kind is not DataKind.PHONE:
        return ()
    return [_kept_request(row) for row in _full_requests().filter(phone_key__in=keys)]


def _erase_requests(erasing: Erasing) -> None:
    RightsRequest.objects.filter(pk__in=erasing.records).update(**emptied(RightsRequest))


REQUESTS = Holder(
    kind=REQUEST, title=_("Request about personal data"), data_class=DISCLOSURE, read=_read_request, due=_due_requests,
    find=_find_requests, kept=lambda records: [_kept_request(row) for row in _full_requests().filter(pk__in=records)],
    erase=_erase_requests, fields=REQUEST_FIELDS,
)  # fmt: skip
