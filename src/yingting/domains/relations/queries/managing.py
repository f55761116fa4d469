"""Account managers: whose customers, the three fasts by month (CUS-12, CUS-20), visits (CUS-13), notices, the own work list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count

from yingting.domains.cases.facade import answers_between, case_path
from yingting.domains.queueing.facade import ends_of, visits_of_customer
from yingting.domains.relations.models import Announcement, NoticeTo, SiteVisit
from yingting.domains.relations.queries.caring import CareLine, due_for
from yingting.domains.relations.queries.faces import Face, faces_of, ids_in, in_care
from yingting.domains.relations.queries.leads import LeadLine, leads_for
from yingting.domains.relations.queries.plans import plans_for
from yingting.domains.relations.queries.rules_in_force import FASTS, VISITS, rule_of
from yingting.domains.relations.rules.managing import Fast, Fasts, Timed, kept_of
from yingting.foundation.calendars.reading import day_span, today_at
from yingting.foundation.customers.finding import customers_for, files_by_id
from yingting.foundation.customers.models import Customer, FileState, ManagerTerm
from yingting.foundation.people.access import person_in, under
from yingting.foundation.people.models import Person
from yingting.foundation.people.permissions import Permission
from yingting.kernel.actors import Actor
from yingting.kernel.months import month_start

MOST_VISITS = 5_000


def managers_in(actor: Actor) -> list[tuple[Person, int]]:
    """Return who manages customers in the actor's care, and how many, by staff number."""
    terms = ManagerTerm.objects.filter(
        under("customer__unit__path", actor.paths(Permission.CUSTOMERS_VIEW)),
        until__isnull=True,
        customer__state=FileState.ACTIVE,
    ).select_related("person")
    counted: dict[UUID, int] = {}
    people = {}
    for term in terms:
        people[term.person_id] = term.person
        counted[term.person_id] = counted.get(term.person_id, 0) + 1
    return [(one, counted[one.pk]) for one in sorted(people.values(), key=lambda person: person.staff_no)]


@dataclass(frozen=True, slots=True)
class FastLine:
    """One instance of a fast, with the customer, what it is called and where it leads."""

    timed: Timed
    face: Face
    label: str
    case: UUID | None
    is_kept: bool | None


@dataclass(frozen=True, slots=True)
class FastsPage:
    """The three fasts of a manager in a month."""

    person: Person
    first: dt.date
    rule: Fasts
    customers: int
    kept: dict[Fast, tuple[int, int]]
    lines: list[FastLine]


def fasts_of(actor: Actor, person: Person, first: dt.date, now: dt.datetime) -> FastsPage:
    """Return every instance of the three fasts in the month of `first`, of the customers of a manager in the actor's care."""
    path = person.unit.path
    last = month_start(first, 1) - dt.timedelta(days=1)
    rule = rule_of(FASTS, path, min(last, today_at(path, now)))
    managed = ManagerTerm.objects.filter(person=person, until__isnull=True).values("customer")
    files = {row.pk: row for row in customers_for(actor).filter(pk__in=managed, segment__in=rule.segments)}
    faces = faces_of(files, now)
    begins, ends = day_span(path, first, last)
    lines = [
        *_handled(files, faces, rule, first, last, now), *_answered(actor, files, faces, rule, begins, ends, now),
        *_told(files, faces, begins, ends, now),
    ]  # fmt: skip
    kept = kept_of((one.timed for one in lines), now)
    lines.sort(key=lambda one: (one.is_kept is not False, -one.timed.began.timestamp()))
    return FastsPage(person, first, rule, len(files), kept, lines)


Files = dict[UUID, Customer]
Faces = dict[UUID, Face]


def _line(timed: Timed, face: Face, label: str, now: dt.datetime, case: UUID | None = None) -> FastLine:
    return FastLine(timed, face, label, case, timed.is_kept(now))


def _handled(
    files: Files, faces: Faces, rule: Fasts, first: dt.date, last: dt.date, now: dt.datetime
) -> Iterable[FastLine]:
    owner = files_by_id(files)
    visits = visits_of_customer(owner, since=first, until=last, most=MOST_VISITS)
    ends = ends_of([one.ticket for one in visits])
    for one in visits:
        end = ends.get(one.ticket)
        if end is not None:  # who left unserved was not handled; the wait of those is the hall's own figure
            due = one.issued_at + dt.timedelta(minutes=rule.handling_min)
            timed = Timed(Fast.HANDLING, one.issued_at, end.ended_at, due)
            yield _line(timed, faces[owner[one.customer]], one.number, now)


def _answered(
    actor: Actor, files: Files, faces: Faces, rule: Fasts, begins: dt.datetime, ends: dt.datetime, now: dt.datetime
) -> Iterable[FastLine]:
    by_key = {row.phone_key: row.pk for row in files.values() if row.phone_key}
    for one in answers_between(by_key, begins, ends):
        is_fault = any(one.category == code or one.category.startswith(f"{code}.") for code in rule.fault_categories)
        due = one.registered_at + dt.timedelta(hours=rule.fault_h if is_fault else rule.complaint_h)
        timed = Timed(Fast.COMPLAINT, one.registered_at, one.answered_at, due)
        seen = one.case if case_path(actor, one.case) else None
        yield _line(timed, faces[by_key[one.key]], one.number, now, seen)


def _told(files: Files, faces: Faces, begins: dt.datetime, ends: dt.datetime, now: dt.datetime) -> Iterable[FastLine]:
    owner = files_by_id(files)
    rows = NoticeTo.objects.filter(customer__in=owner, at__gte=begins, at__lt=ends).select_related("announcement")
    for row in rows:
        timed = Timed(Fast.NOTICE, row.at, row.told_at, row.due_at)
        yield _line(timed, faces[owner[row.customer_id]], row.announcement.title, now)


# ------------------------------------------------------------------------------------------------ visits and notices
@dataclass(frozen=True, slots=True)
class VisitPlanLine:
    """A visit at a customer's place, planned or over."""

    row: SiteVisit
    face: Face
    is_over: bool


def site_visits(actor: Actor, now: dt.datetime, *, mine: bool, which: str, most: int) -> list[VisitPlanLine]:
    """Return visits in the actor's care: `which` planned (the nearest first), over (overdue), done (the latest first)."""
    rows = SiteVisit.objects.filter(in_care(actor)).select_related("unit", "person")
    if mine:
        rows = rows.filter(person=actor.person)
    path = person_in(actor).unit.path
    today = today_at(path, now)
    late = today - dt.timedelta(days=rule_of(VISITS, path, today).grace_days)
    if which == "done":
        found = list(rows.exclude(state="planned").order_by("-planned_on", "pk")[:most])
    else:
        rows = rows.filter(state="planned")
        found = list(
            (rows.filter(planned_on__lt=late) if which == "over" else rows).order_by("planned_on", "pk")[:most]
        )
    faces = faces_of(ids_in(found), now)
    return [
        VisitPlanLine(row, faces[row.customer_id], row.state == "planned" and row.planned_on < late)
        for row in found
        if row.customer_id in faces
    ]


def site_visit(actor: Actor, visit: UUID, now: dt.datetime) -> VisitPlanLine | None:
    """Return one visit in the actor's care."""
    row = SiteVisit.objects.filter(in_care(actor), pk=visit).select_related("unit", "person").first()
    faces = faces_of([row.customer_id], now) if row else {}
    return VisitPlanLine(row, faces[row.customer_id], False) if row and row.customer_id in faces else None


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """A notice for one customer that is still to be told, or was."""

    row: NoticeTo
    face: Face
    is_over: bool


def notices_for(actor: Actor, now: dt.datetime, *, mine: bool, most: int) -> list[NoticeLine]:
    """Return the notices still to be told in the actor's care, the nearest limit first."""
    rows = NoticeTo.objects.filter(in_care(actor, field="customer__unit__path"), told_at__isnull=True)
    if mine:
        rows = rows.filter(person=actor.person)
    found = list(rows.select_related("announcement", "person")[:most])
    faces = faces_of(ids_in(found), now)
    return [NoticeLine(row, faces[row.customer_id], row.due_at < now) for row in found if row.customer_id in faces]


def announcements(actor: Actor, most: int) -> list[tuple[Announcement, int, int]]:
    """Return the latest notices of units in the actor's care, with how many customers were told of how many."""
    rows = Announcement.objects.filter(under("unit__path", actor.paths(Permission.CUSTOMERS_VIEW))).select_related(
        "unit", "by"
    )
    found = list(rows[:most])
    counts = NoticeTo.objects.filter(announcement__in=found).values_list("announcement")
    told = {row: (n, of) for row, n, of in counts.annotate(Count("told_at"), Count("pk"))}
    return [(row, *told.get(row.pk, (0, 0))) for row in found]


# ------------------------------------------------------------------------------------------------ the own work list
@dataclass(frozen=True, slots=True)
class Work:
    """What somebody has to do for customers: their own customers, and what is due."""

    customers: list[Face]
    customer_count: int
    leads: list[LeadLine]
    visits: list[VisitPlanLine]
    notices: list[NoticeLine]
    plans: list[tuple[object, Face]]
    care: list[CareLine]


def work_of(actor: Actor, now: dt.datetime, most: int) -> Work:
    """Return the own work list: leads, visits, notices and teaching plans of one's own, care of one's own customers."""
    managed = ManagerTerm.objects.filter(person=actor.person, until__isnull=True).values("customer")
    rows = customers_for(actor).filter(pk__in=managed).order_by("-last_seen_on", "pk")
    own = list(rows.values_list("pk", flat=True)[:most])
    faces = faces_of(own, now)
    ids = set(rows.values_list("pk", flat=True))
    care = due_for(actor, now, of=files_by_id(ids) if ids else None, most=most)
    return Work(
        [faces[pk] for pk in own if pk in faces], len(ids), leads_for(actor, now, which="mine", most=most),
        site_visits(actor, now, mine=True, which="planned", most=most), notices_for(actor, now, mine=True, most=most),
        list(plans_for(actor, mine=True, most=most, now=now)), care,
    )  # fmt: skip
