"""A customer's file on one page (CUS-06): who, by mask; what was done here and what is promised. Each part by the reader's own rights."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from yingting.domains.appointments.facade import BookingState, BookingTold, bookings_of_customer
from yingting.domains.cases.facade import CustomerCase, cases_of_phones
from yingting.domains.queueing.facade import (
    KnownVisit,
    VisitEnd,
    VisitTotals,
    ends_of,
    tickets_of,
    visit_totals,
    visits_of_customer,
)
from yingting.domains.relations.models import Frequent, NoticeTo, Registration, SiteVisit, SpecialCare, Teaching
from yingting.domains.relations.queries.caring import CareLine, care_of, goodwill_of
from yingting.domains.relations.queries.entitlements import EntitlementLine, entitlements_of
from yingting.domains.relations.queries.faces import Face, faces_of, in_care
from yingting.domains.relations.queries.leads import LeadLine, leads_of
from yingting.domains.relations.queries.rules_in_force import CARE, rule_of
from yingting.domains.relations.queries.special import noted_for, owed_to
from yingting.domains.relations.rules.caring import CareItem, Tenure, tenure_of
from yingting.domains.selling.facade import OfferTold, offers_with
from yingting.foundation.calendars.reading import today_at
from yingting.foundation.catalogue.models import BusinessType
from yingting.foundation.customers.contacting import contacts_of
from yingting.foundation.customers.finding import customer_for, ids_of, present_id
from yingting.foundation.customers.models import Consent, Contact, Customer, ManagerTerm, Standing, Tag
from yingting.foundation.customers.naming import choices
from yingting.foundation.customers.refusals import CUSTOMER_UNKNOWN
from yingting.foundation.customers.rules_in_force import contact_rule, notices_of, tags_of
from yingting.foundation.editing.naming import named
from yingting.foundation.people.access import halls_for
from yingting.foundation.people.permissions import Permission
from yingting.foundation.sites.models import Hall
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal

FEW, MANY = 8, 1_000  # rows of a section, and with "all"
LOW_RATING = 2  # of five: a visit to speak about


@dataclass(frozen=True, slots=True)
class VisitLine:
    """A visit: where, for what, how long the wait, who served, how it was rated."""

    visit: KnownVisit
    hall: Hall
    business: str
    end: VisitEnd | None

    @property
    def is_low(self) -> bool:
        """Was it rated badly?"""
        return self.visit.rating is not None and self.visit.rating <= LOW_RATING


@dataclass(frozen=True, slots=True)
class BookingLine:
    """A booking in a hall of the reader's care."""

    told: BookingTold
    hall: Hall
    business: str

    @property
    def title(self) -> str:
        """How its state is told, an English msgid."""
        return BookingState(self.told.state).title


@dataclass(frozen=True, slots=True)
class Section:
    """Rows of one section, and how many there are in all."""

    rows: Sequence[object]
    total: int
    elsewhere: int = 0

    @property
    def more(self) -> int:
        """How many are not shown."""
        return max(0, self.total - len(self.rows))


@dataclass(frozen=True, slots=True)
class FilePage:
    """Everything the page shows."""

    row: Customer
    face: Face
    tenure: Tenure
    tags: list[str]
    manager: ManagerTerm | None
    managers: list[ManagerTerm]
    standings: list[Standing]
    consents: list[tuple[str, Consent | None]]
    visits: Section
    totals: VisitTotals
    cases: Section
    offers: Section
    bookings: Section
    entitlements: list[EntitlementLine]
    contacts: Section
    care: list[CareLine]
    goodwill: tuple[int, int]
    leads: list[LeadLine]
    site_visits: list[SiteVisit]
    notices: list[NoticeTo]
    frequent: Frequent | None
    plan: Teaching | None
    owed: tuple[CareItem, ...]
    special: list[SpecialCare]
    registrations: list[Registration]
    merged: int


def file_row(actor: Actor, customer: UUID) -> Customer:
    """Return a file, also by an id that was merged into it. Raises Refusal customer.unknown, customer.gone."""
    found = present_id(customer)
    if found is None:
        raise Refusal(CUSTOMER_UNKNOWN)
    return customer_for(actor, Permission.CUSTOMERS_VIEW, found)


def file_page(actor: Actor, customer: UUID, now: dt.datetime, whole: str = "") -> FilePage:
    """Return the page of a customer; `whole` names the section that is shown with all its rows.

    Raises Refusal customer.unknown, customer.gone.
    """
    row = file_row(actor, customer)
    ids = ids_of(row.pk)
    path, day = row.unit.path, today_at(row.unit.path, now)
    halls = {hall.pk: hall for hall in halls_for(actor, Permission.CUSTOMERS_VIEW)}
    shown = visits_of_customer(ids, halls=halls, most=MANY if whole == "visits" else FEW)
    totals = visit_totals(ids, halls, LOW_RATING)
    names = _businesses({one.business for one in shown})
    ends = ends_of([one.ticket for one in shown])
    terms = list(ManagerTerm.objects.filter(customer__in=ids).select_related("person").order_by("-since"))
    frequent = Frequent.objects.filter(in_care(actor), customer__in=ids, until__isnull=True).first()
    in_reach = in_care(actor)
    registrations = Registration.objects.filter(in_reach, customer__in=ids).select_related("offering", "unit")
    return FilePage(
        row=row,
        face=faces_of([row.pk], now)[row.pk],
        tenure=tenure_of(row.customer_since, day, rule_of(CARE, path, day)),
        tags=_tags(row, now),
        manager=next((one for one in terms if one.until is None), None),
        managers=[one for one in terms if one.until is not None],
        standings=list(Standing.objects.filter(customer=row).select_related("by")[:FEW]),
        consents=_consents(row, now),
        visits=Section(
            [VisitLine(one, halls[one.hall], names.get(one.business, ""), ends.get(one.ticket)) for one in shown],
            totals.here, totals.elsewhere,
        ),
        totals=totals,
        cases=_cases(actor, ids, now, whole),
        offers=_cut(_offers(actor, tickets_of(ids, halls, MANY)), whole == "offers"),
        bookings=_bookings(ids, halls, whole),
        entitlements=entitlements_of(row.pk, now),
        contacts=_contacts(row, now, whole),
        care=care_of(row.pk, now)[:FEW],
        goodwill=goodwill_of(row, now),
        leads=leads_of(ids, actor, now)[:FEW],
        site_visits=list(
            SiteVisit.objects.filter(in_reach, customer__in=ids).select_related("person").order_by("-planned_on")[:FEW]
        ),
        notices=list(
            NoticeTo.objects.filter(customer__in=ids).select_related("announcement", "person").order_by("-at")[:FEW]
        ),
        frequent=frequent,
        plan=Teaching.objects.filter(in_reach, customer__in=ids).select_related("owner").order_by("-business_day").first(),
        owed=owed_to(row, path, day),
        special=list(noted_for(actor, row.pk)[:FEW]),
        registrations=list(registrations[:FEW]),
        merged=len(ids) - 1,
    )  # fmt: skip


def _cut(rows: Sequence[object], is_whole: bool) -> Section:
    return Section(rows if is_whole else rows[:FEW], len(rows))


def _offers(actor: Actor, tickets: Collection[UUID]) -> list[OfferTold]:
    return offers_with(actor, tickets) if tickets else []


def _businesses(businesses: Collection[UUID]) -> dict[UUID, str]:
    return {one.pk: named(one) for one in BusinessType.objects.filter(pk__in=businesses)}


def _cases(actor: Actor, ids: Collection[UUID], now: dt.datetime, whole: str) -> Section:
    keys = {key for key in Customer.objects.filter(pk__in=ids).values_list("phone_key", flat=True) if key}
    if not keys:
        return Section([], 0)
    total, rows = cases_of_phones(actor, keys, now, MANY if whole == "cases" else FEW)
    found: list[CustomerCase] = rows
    return Section(found, total)


def _bookings(ids: Collection[UUID], halls: dict[UUID, Hall], whole: str) -> Section:
    told = [one for one in bookings_of_customer(ids) if one.hall in halls]
    shown = told if whole == "bookings" else told[:FEW]
    names = _businesses({one.business for one in shown})
    return Section([BookingLine(one, halls[one.hall], names.get(one.business, "")) for one in shown], len(told))


@dataclass(frozen=True, slots=True)
class ContactLine:
    """A contact, its codes told in words."""

    row: Contact
    channel: str
    about: str
    outcome: str


def _contacts(row: Customer, now: dt.datetime, whole: str) -> Section:
    rows = contacts_of(row.pk)
    rule = contact_rule(row.unit.path, now)
    channels, topics, outcomes = (dict(choices(some)) for some in (rule.channels, rule.topics, rule.outcomes))
    shown = list(rows[: MANY if whole == "contacts" else FEW])
    lines = [
        ContactLine(
            one,
            channels.get(one.channel, one.channel),
            topics.get(one.about, one.about),
            outcomes.get(one.outcome, one.outcome),
        )
        for one in shown
    ]
    return Section(lines, rows.count())


def _tags(row: Customer, now: dt.datetime) -> list[str]:
    rule = tags_of(row.unit.path, now)
    codes = Tag.objects.filter(customer=row, until__isnull=True).values_list("code", flat=True)
    return [named(kind) if (kind := rule.of(code)) else code for code in codes]


def _consents(row: Customer, now: dt.datetime) -> list[tuple[str, Consent | None]]:
    """Each purpose asked of customers, with the consent that stands."""
    standing = {one.purpose: one for one in Consent.objects.filter(customer=row, ended_at__isnull=True)}
    purposes = notices_of(row.unit.path, now).rule.purposes
    return [(named(one), standing.get(one.code)) for one in purposes if not one.for_staff]


def offered_channels(path: str, now: dt.datetime) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Return the channels and the outcomes of contacts at a unit: code and name."""
    rule = contact_rule(path, now)
    return choices(rule.channels), choices(rule.outcomes)
