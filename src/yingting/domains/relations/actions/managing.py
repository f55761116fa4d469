"""Account managers: visits at the customer's place (CUS-13), notices to customers (CUS-12)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from yingting.domains.relations.actions.stepping import change, held, kept_file, note
from yingting.domains.relations.facts import NoticeAnnounced, NoticeTold, SiteVisitEnded, SiteVisitPlanned
from yingting.domains.relations.models import Announcement, NoticeTo, SiteVisit
from yingting.domains.relations.queries.faces import in_care, present
from yingting.domains.relations.queries.people import owner_of
from yingting.domains.relations.queries.rules_in_force import FASTS, VISITS
from yingting.domains.relations.refusals import (
    CHANGED,
    DAY_PAST,
    FIELD_MISSING,
    NOBODY_CARED,
    NOT_THERE,
    TOLD_ALREADY,
    VISIT_PLANNED,
)
from yingting.domains.relations.rules.managing import Purpose
from yingting.foundation.calendars.reading import today_at
from yingting.foundation.customers.consents import consents_of
from yingting.foundation.customers.contacting import CALLS, Said, may_contact, note_contact
from yingting.foundation.customers.finding import ids_of
from yingting.foundation.customers.models import Customer, FileState, ManagerTerm
from yingting.foundation.days import local_day
from yingting.foundation.journal.recording import record
from yingting.foundation.journal.writing import writing
from yingting.foundation.lake.offices import place_of
from yingting.foundation.people.access import units_for
from yingting.foundation.people.permissions import Permission
from yingting.foundation.privacy.fields import sealed_values
from yingting.foundation.rulebook.reading import in_force_by_path
from yingting.kernel.actors import Actor
from yingting.kernel.months import months_after
from yingting.kernel.refusals import Refusal
from yingting.kernel.words import gettext_noop as _

TITLE, TEXT, RESULT = _("Title"), _("What customers are told"), _("What it led to")
NOTICE = "service_notice"  # the purpose of consent that notices need
TOPIC = "service"


def plan_visit(
    *, customer: UUID, person: str, purpose: Purpose, planned_on: dt.date, actor: Actor, now: dt.datetime
) -> UUID:
    """Plan a visit at a customer's place: by whom (a staff number), why, on which day.

    Raises Refusal customer.unknown, customer.gone, customer.left_alone, customer.consent_missing, relation.owner_unknown,
    relation.day_past, site_visit.planned.
    """
    with writing():
        file = kept_file(actor, customer)
        if planned_on < today_at(file.unit.path, now):
            raise Refusal(DAY_PAST)
        may_contact(file.pk, "care", now)
        return _plan(file, owner_of(person, file.unit.path).pk, purpose, planned_on, actor, now)


def _plan(file: Customer, person: UUID, purpose: Purpose, day: dt.date, actor: Actor, now: dt.datetime) -> UUID:
    planned = SiteVisit.objects.filter(customer__in=ids_of(file.pk), purpose=purpose.value, state="planned")
    if planned.exists():
        raise Refusal(VISIT_PLANNED)
    try:
        with transaction.atomic():
            row = SiteVisit.objects.create(
                customer=file,
                unit=file.unit,
                person_id=person,
                purpose=purpose.value,
                planned_on=day,
                by_id=actor.person,
            )
    except IntegrityError:
        raise Refusal(VISIT_PLANNED) from None
    note(SiteVisitPlanned(file.pk, person, purpose.value, day), row.pk, row.unit_id, day, actor, now)
    return row.pk


def log_visit(*, visit: UUID, result: str, actor: Actor, now: dt.datetime) -> None:
    """Note that a planned visit took place, and what came of it; the customer's contacts get it as well.

    Raises Refusal relation.unknown, relation.changed, relation.field_missing, customer.left_alone, customer.consent_missing.
    """
    if not result.strip():
        raise Refusal(FIELD_MISSING, field=gettext(RESULT))
    with writing():
        row = _planned(visit, actor)
        said = Said("visit", "service" if row.purpose == Purpose.HANDLING.value else "care", True, "reached", result)
        note_contact(customer=present(row.customer_id), said=said, purpose="care", actor=actor, now=now)
        sealed = sealed_values(SiteVisit, result=result.strip()[:1000])
        change(row, state="done", done_on=today_at(row.unit.path, now), **sealed)
        note(SiteVisitEnded(row.customer_id, True), row.pk, row.unit_id, row.planned_on, actor, now)


def cancel_visit(*, visit: UUID, why: str, actor: Actor, now: dt.datetime) -> None:
    """Cancel a planned visit, with the reason. Raises Refusal relation.unknown, relation.changed, relation.field_missing."""
    if not why.strip():
        raise Refusal(FIELD_MISSING, field=gettext(_("The reason")))
    with writing():
        row = _planned(visit, actor)
        change(row, state="cancelled", why=why.strip()[:120])
        note(SiteVisitEnded(row.customer_id, False), row.pk, row.unit_id, row.planned_on, actor, now)


def _planned(visit: UUID, actor: Actor) -> SiteVisit:
    row = held(SiteVisit, visit, actor)
    if row.state != "planned":
        raise Refusal(CHANGED)
    return row


def plan_regular_visits(*, actor: Actor, now: dt.datetime) -> int:
    """Plan the next regular visit of every customer with an account manager whose segment is visited; return how many.

    It is due an interval after the last one, or after the manager took over. Nobody is visited who does not want to be.
    """
    today, made = local_day(now), 0
    terms = ManagerTerm.objects.filter(until__isnull=True, customer__state=FileState.ACTIVE).select_related(
        "customer__unit"
    )
    rules = in_force_by_path(VISITS, paths={term.customer.unit.path for term in terms}, day=today)
    standing = set(SiteVisit.objects.filter(purpose="regular", state="planned").values_list("customer", flat=True))
    for term in terms:
        file = term.customer
        every = rules[file.unit.path].every(file.segment)
        if every is None or file.pk in standing or file.is_left_alone:
            continue
        done = SiteVisit.objects.filter(customer__in=ids_of(file.pk), purpose="regular", state="done")
        last = done.order_by("-done_on").values_list("done_on", flat=True).first() or local_day(term.since)
        with writing():
            _plan(file, term.person_id, Purpose.REGULAR, max(today, months_after(last, every)), actor, now)
        made += 1
    return made


# ------------------------------------------------------------------------------------------------ notices
@dataclass(frozen=True, slots=True)
class Notice:
    """What is to be told to the customers of some segments."""

    unit: UUID
    title: str
    text: str
    segments: tuple[str, ...]


def announce(*, notice: Notice, actor: Actor, now: dt.datetime) -> UUID:
    """Give a notice to the account managers of the customers of segments at a unit and below: each is to tell theirs.

    Customers who did not agree to service notices, or asked to be left alone, are left out.
    Raises Refusal relation.unknown, relation.field_missing, notice.nobody.
    """
    unit = units_for(actor, Permission.CUSTOMERS_MANAGE).filter(pk=notice.unit, is_active=True).first()
    if unit is None:
        raise Refusal(NOT_THERE)
    for value, field in ((notice.title, TITLE), (notice.text, TEXT)):
        if not value.strip():
            raise Refusal(FIELD_MISSING, field=gettext(field))
    today = today_at(unit.path, now)
    terms = ManagerTerm.objects.filter(
        until__isnull=True, customer__state=FileState.ACTIVE, customer__unit__path__startswith=unit.path,
        customer__segment__in=notice.segments, customer__is_left_alone=False,
    )  # fmt: skip
    agreed = _agreed(list(terms.values_list("customer", "person", "customer__unit__path")))
    if not agreed:
        raise Refusal(NOBODY_CARED)
    rules = in_force_by_path(FASTS, paths={path for _customer, _person, path in agreed}, day=today)
    assert actor.person is not None
    with writing():
        row = Announcement.objects.create(
            unit=unit, title=notice.title.strip(), text=notice.text.strip(), segments=list(notice.segments),
            by_id=actor.person, at=now,
        )  # fmt: skip
        NoticeTo.objects.bulk_create(
            NoticeTo(
                announcement=row, customer_id=customer, person_id=person, at=now,
                due_at=now + dt.timedelta(hours=rules[path].notice_h),
            )
            for customer, person, path in agreed
        )  # fmt: skip
        told = NoticeAnnounced(unit.path, tuple(notice.segments), len(agreed))
        record(told, subject=row.pk, hall=place_of(unit.pk), business_day=today, actor=actor, now=now)
    return row.pk


def _agreed(rows: list[tuple[UUID, UUID, str]]) -> list[tuple[UUID, UUID, str]]:
    consents = consents_of([customer for customer, _person, _path in rows])
    return [row for row in rows if NOTICE in consents.get(row[0], frozenset())]


def tell_notice(*, notice: UUID, channel: str, outcome: str, actor: Actor, now: dt.datetime) -> None:
    """Note that a customer was told a notice.

    Raises Refusal relation.unknown, notice.told, customer.left_alone, customer.consent_missing, customer.code_unknown.
    """
    with writing():
        rows = NoticeTo.objects.select_for_update(of=("self",)).select_related("announcement", "customer__unit")
        row = rows.filter(in_care(actor, Permission.CUSTOMERS_KEEP, "customer__unit__path"), pk=notice).first()
        if row is None:
            raise Refusal(NOT_THERE)
        file = present(row.customer_id)
        may_contact(file, NOTICE, now, by_call=channel in CALLS)
        if not NoticeTo.objects.filter(pk=row.pk, told_at__isnull=True).update(told_at=now):
            raise Refusal(TOLD_ALREADY)
        said = Said(channel, TOPIC, True, outcome, row.announcement.title)
        note_contact(customer=file, said=said, purpose=NOTICE, actor=actor, now=now)
        told = NoticeTold(row.announcement_id, file, now <= row.due_at)
        unit = row.customer.unit
        record(
            told, subject=row.pk, hall=place_of(unit.pk), business_day=today_at(unit.path, now), actor=actor, now=now
        )
