"""The copy of a person's data that the person asked for (PIPL art. 45): everything that all parts hold of them, in words and as data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext

from yingting.foundation.customers.beside import COPIES
from yingting.foundation.customers.finding import ids_of, present_id
from yingting.foundation.customers.models import Consent, Contact, Customer, ManagerTerm, RightsRequest, Standing, Tag
from yingting.foundation.customers.naming import names_of
from yingting.foundation.customers.personal import FILE, REQUEST
from yingting.foundation.people.permissions import Permission
from yingting.foundation.privacy.disclosing import What, Why
from yingting.foundation.privacy.exporting import record_export
from yingting.foundation.privacy.fields import Sealed, search_keys
from yingting.foundation.privacy.holders import HOLDERS, Holder
from yingting.foundation.privacy.rules import DataKind
from yingting.kernel.actors import SYSTEM, Actor
from yingting.kernel.refusals import Refusal
from yingting.kernel.words import gettext_noop as _

OWN = (FILE, REQUEST)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the copy: title, headings and rows, in the reader's language."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def copy_of(
    request: RightsRequest, why: Why, *, actor: Actor, now: dt.datetime
) -> list[Part]:  # fmt: skip
    """Return everything held of whoever made a request that was checked. It leaves the house, so it is written down first.

    Raises Refusal access.refused, personal.reason, personal.note.
    """
    # A file that was merged since stands in the one that it went into.
    present = {present_id(UUID(one)) for one in request.customers}
    customers = sorted((one for one in present if one), key=str)
    parts = [part for customer in customers for part in _of_file(customer, now)]
    keys = {kind: search_keys(kind, value) for kind, value in _values(request, customers)}
    parts += [part for holder in HOLDERS.all() if holder.kind not in OWN for part in _of_holder(holder, keys)]
    fields = ("name", "phone", "id_number", "contacts", "consents", "records")
    what = What(REQUEST, request.pk, fields, sum(len(part.rows) for part in parts), {"files": len(customers)})
    record_export(what, why, path=request.unit.path, actor=actor, now=now, permission=Permission.PRIVACY_EXPORT)
    return parts


def _values(request: RightsRequest, customers: Sequence[UUID]) -> list[tuple[DataKind, str]]:
    rows = list(Customer.objects.filter(pk__in=customers))
    found = [(DataKind.PHONE, row.phone.open()) for row in rows]
    found += [(DataKind.ID_NUMBER, row.id_number.open()) for row in rows]
    # The number that called counts only once it is known to be the asker's: it stands in a file, or there is no file.
    if not rows:
        found.append((DataKind.PHONE, request.phone.open()))
    return [(kind, value) for kind, value in found if value]


def _when(at: dt.datetime | None) -> str:
    return at.astimezone(ZoneInfo(settings.TIME_ZONE)).strftime("%Y-%m-%d %H:%M") if at else ""


def _part(title: str, headings: tuple[str, ...], rows: Sequence[Sequence[object]]) -> Part:
    words = tuple(tuple("" if cell is None else str(cell) for cell in row) for row in rows)
    return Part(gettext(title), tuple(gettext(one) for one in headings), words)


def _of_file(customer: UUID, now: dt.datetime) -> list[Part]:
    row = Customer.objects.select_related("unit").get(pk=customer)
    ids = ids_of(customer)
    names = names_of(row.unit.path, now)
    particulars = [
        (gettext(_("Customer's name")), row.name.open()), (gettext(_("Phone")), row.phone.open()),
        (gettext(_("Identity number")), row.id_number.open()), (gettext(_("Segment")), names.segment(row.segment)),
        (gettext(_("Customer level")), names.level(row.level)), (gettext(_("Customer since")), row.customer_since or ""),
        (gettext(_("Yuan a month")), "" if row.monthly_fen is None else row.monthly_fen / 100),
        (gettext(_("Registered on")), _when(row.registered_at)), (gettext(_("Latest visit or contact")), row.last_seen_on),
        (gettext(_("Not to be contacted")), gettext(_("yes")) if row.is_left_alone else gettext(_("no"))),
    ]  # fmt: skip
    parts = [_part(_("Customer file"), (_("Field"), _("Value")), particulars)]
    standings = Standing.objects.filter(customer__in=ids)
    parts.append(_part(
        _("Segments and levels"), (_("What"), _("From"), _("Until")),
        [(names.standing(one.what, one.code), _when(one.since), _when(one.until)) for one in standings],
    ))  # fmt: skip
    parts.append(_part(
        _("Tags"), (_("Tag"), _("Note"), _("From"), _("Until")),
        [
            (names.tag(one.code), one.note.open(), _when(one.since), _when(one.until))
            for one in Tag.objects.filter(customer__in=ids)
        ],
    ))  # fmt: skip
    parts.append(_part(
        _("Consents"), (_("Purpose"), _("Version of the notice"), _("Agreed"), _("Withdrawn")),
        [
            (names.purpose(one.purpose), one.notice, _when(one.given_at), _when(one.ended_at))
            for one in Consent.objects.filter(customer__in=ids)
        ],
    ))  # fmt: skip
    parts.append(_part(
        _("Contacts"), (_("Time"), _("Channel"), _("What it is about"), _("Outcome"), _("What was said")),
        [
            (_when(one.at), names.channel(one.channel), names.topic(one.about), names.outcome(one.outcome), one.words.open())
            for one in Contact.objects.filter(customer__in=ids)
        ],
    ))  # fmt: skip
    terms = ManagerTerm.objects.filter(customer__in=ids).select_related("person")
    parts.append(_part(
        _("Account managers"), (_("Staff number"), _("From"), _("Until")),
        [(term.person.staff_no, _when(term.since), _when(term.until)) for term in terms],
    ))  # fmt: skip
    return parts + [_part(part.title, part.headings, part.rows(ids)) for part in COPIES.all()]


def _of_holder(holder: Holder, keys: dict[DataKind, list[str]]) -> list[Part]:
    """The plain values of the records of another part that hold a number of the person's."""
    rows: list[tuple[str, str, str]] = []
    seen = set()
    for kind, found in keys.items():
        for kept in holder.find(kind, found):
            if kept.record in seen:
                continue
            seen.add(kept.record)
            for field, value in _held(holder, kept.record).items():
                if value:
                    rows.append((kept.label, gettext(holder.fields.get(field, field)), _plain(value)))
    return [_part(holder.title, (_("Number"), _("Field"), _("Value")), rows)] if rows else []


def _held(holder: Holder, record: UUID) -> dict[str, Sealed]:
    try:
        return dict(holder.read(SYSTEM, record).values)
    except Refusal:
        return {}


def _plain(value: Sealed) -> str:
    try:
        return value.open()
    except ValueError:
        return value.masked
