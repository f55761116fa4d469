"""Customers who have not come (CUS-17): by segment and account manager; who does not want to be asked is left out, and counted."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, Exists, Max, OuterRef, QuerySet

from yingting.domains.queueing.models import TicketCustomer
from yingting.domains.relations.models import Frequent
from yingting.domains.relations.queries.faces import CARE, Face, faces_of
from yingting.domains.relations.queries.rules_in_force import OUTREACH, rule_of
from yingting.foundation.calendars.reading import today_at
from yingting.foundation.customers.finding import customers_for
from yingting.foundation.customers.models import Consent, Customer, ManagerTerm
from yingting.foundation.customers.rules_in_force import classes_of
from yingting.foundation.editing.naming import named
from yingting.foundation.people.models import Person
from yingting.kernel.actors import Actor
from yingting.kernel.clocks import local_instant
from yingting.kernel.months import months_before


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for: a segment ("": all of them), and an account manager ("none": customers without one; "": all)."""

    segment: str = ""
    manager: str = ""


@dataclass(frozen=True, slots=True)
class OutreachLine:
    """A customer who has not come for long."""

    face: Face
    manager: Person | None
    last_on: dt.date | None


@dataclass(frozen=True, slots=True)
class Outreach:
    """The list, how many there are, and how many were left out by why."""

    since: dt.date
    months: int
    lines: list[OutreachLine]
    total: int
    left_alone: int
    without_consent: int
    by_segment: tuple[tuple[str, str, int], ...]


def outreach(actor: Actor, path: str, sought: Sought, now: dt.datetime, most: int) -> Outreach:
    """Return the customers in the actor's care without a visit for the months of the rule; a file younger than that is not on it."""
    today = today_at(path, now)
    rule = rule_of(OUTREACH, path, today)
    since = months_before(today, rule.months)
    rows = _absent(actor, sought, since)
    agreed = Exists(Consent.objects.filter(customer=OuterRef("pk"), purpose=CARE, ended_at__isnull=True))
    left_alone = rows.filter(is_left_alone=True).count()
    asked = rows.filter(is_left_alone=False)
    on_list = asked.filter(agreed)
    total = on_list.count()
    segments = {one.code: named(one) for one in classes_of(path, now).segments}
    everybody = _absent(actor, Sought(), since).filter(agreed, is_left_alone=False).order_by()
    counted = Counter(dict(everybody.values_list("segment").annotate(n=Count("pk"))))
    first = [code for code in rule.segments if counted[code]]
    order = [*first, *sorted(code for code in counted if code not in first)]
    by_segment = tuple((code, segments.get(code, code), counted[code]) for code in order if code)
    return Outreach(
        since, rule.months, _lines(list(on_list.order_by("segment", "pk")[:most]), now), total, left_alone,
        asked.count() - total, by_segment,
    )  # fmt: skip


def _end_of(day: dt.date) -> dt.datetime:
    return local_instant(day + dt.timedelta(days=1), dt.time(), settings.TIME_ZONE)


def _absent(actor: Actor, sought: Sought, since: dt.date) -> QuerySet[Customer]:
    came = TicketCustomer.objects.filter(customer=OuterRef("pk"), business_day__gt=since)
    merged = TicketCustomer.objects.filter(customer__merged_into=OuterRef("pk"), business_day__gt=since)
    # Visits that were taken in from an older system are in the lake only; who comes often by them does not stay away.
    often = Frequent.objects.filter(customer=OuterRef("pk"), until__isnull=True)
    rows = customers_for(actor).filter(~Exists(came), ~Exists(merged), ~Exists(often), registered_at__lt=_end_of(since))
    if sought.segment:
        rows = rows.filter(segment=sought.segment)
    terms = ManagerTerm.objects.filter(customer=OuterRef("pk"), until__isnull=True)
    if sought.manager == "none":
        rows = rows.filter(~Exists(terms))
    elif sought.manager:
        rows = rows.filter(Exists(terms.filter(person__staff_no=sought.manager)))
    return rows


def _lines(rows: list[Customer], now: dt.datetime) -> list[OutreachLine]:
    ids = [row.pk for row in rows]
    faces = faces_of(ids, now)
    terms = ManagerTerm.objects.filter(customer__in=ids, until__isnull=True).select_related("person")
    managers = {term.customer_id: term.person for term in terms}
    seen = TicketCustomer.objects.filter(customer__in=ids).values_list("customer").annotate(last=Max("business_day"))
    last = dict(seen)
    return [OutreachLine(faces[pk], managers.get(pk), last.get(pk)) for pk in ids if pk in faces]
