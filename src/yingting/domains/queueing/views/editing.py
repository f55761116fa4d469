"""Settings pages of counters, queues, priority classes and skills."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yingting.domains.queueing.actions import editing
from yingting.domains.queueing.forms.editing import COUNTER, PRIORITY, QUEUE, assignments
from yingting.domains.queueing.queries import editing as queries
from yingting.domains.queueing.queries.sheets import coverage, is_complete
from yingting.domains.queueing.queries.shipped_sheets import CLASSES, ITEMS
from yingting.foundation.days import house_today
from yingting.foundation.editing.naming import named
from yingting.foundation.editing.pages import (
    Column,
    Frame,
    Listing,
    actor_in,
    edit_page,
    found,
    hall_frame,
    list_page,
    require_somewhere,
    retire_page,
    staff_page,
)
from yingting.foundation.editing.people.views import person_frame, person_in
from yingting.foundation.people.access import hall_for, require, units_for
from yingting.foundation.people.permissions import Permission
from yingting.foundation.sites.models import Hall
from yingting.kernel.clocks import system_now

CONFIGURE, CATALOGUE = Permission.HALL_CONFIGURE, Permission.CATALOGUE_CONFIGURE


def _place(request: HttpRequest, code: str, here: str) -> tuple[Hall, Frame]:
    actor = actor_in(request)
    hall = hall_for(actor, CONFIGURE, code)
    return hall, hall_frame(actor, hall, here, (_("Halls"), reverse("sites:halls")))


# -------------------------------------------------------------------------------------------------- counters
@staff_page("GET")
def counters(request: HttpRequest, hall: str) -> HttpResponse:
    """Show a hall's counters."""
    row, frame = _place(request, hall, "queueing:setup-counters")
    listing: Listing[Any] = Listing(
        _("Counters"),
        (
            Column(_("Number"), lambda counter: counter.number),
            Column(_("Name"), lambda counter: counter.name or "–"),
            Column(_("Zone"), lambda counter: named(counter.zone) if counter.zone else "–"),
        ),
        url=lambda counter: reverse("queueing:setup-counter", args=[hall, counter.pk]),
        empty=_("No counters yet. A clerk signs in at a counter to call customers."),
        new_url=reverse("queueing:setup-counter-new", args=[hall]),
        new_title=_("New counter"),
    )
    return list_page(request, listing, queries.counters_in(row), frame)


@staff_page("GET", "POST")
def counter(request: HttpRequest, hall: str, counter: UUID | None = None) -> HttpResponse:
    """Edit a counter or make a new one."""
    place, frame = _place(request, hall, "queueing:setup-counters")
    row = None if counter is None else found(queries.counters_in(place), pk=counter)
    return edit_page(
        request, COUNTER, row=row, within=place, fixed={"hall": place}, frame=frame,
        back=reverse("queueing:setup-counters", args=[hall]), row_title=row.number if row else "",
        retire_url=reverse("queueing:setup-counter-retire", args=[hall, row.pk]) if row else "",
    )  # fmt: skip


@staff_page("GET", "POST")
def retire_counter(request: HttpRequest, hall: str, counter: UUID) -> HttpResponse:
    """Take a counter out of use."""
    place, frame = _place(request, hall, "queueing:setup-counters")
    row = found(queries.counters_in(place), pk=counter)
    return retire_page(
        request, editing.COUNTERS, row, frame=frame, back=reverse("queueing:setup-counter", args=[hall, row.pk]),
        consequence=_("Nobody can sign in at it any more."), name=gettext("Counter %(number)s") % {"number": row.number},
    )  # fmt: skip


# ---------------------------------------------------------------------------------------------------- queues
@staff_page("GET")
def queues(request: HttpRequest, hall: str) -> HttpResponse:
    """Show a hall's queues with the business classes they take."""
    row, frame = _place(request, hall, "queueing:setup-queues")
    listing: Listing[Any] = Listing(
        _("Queues"),
        (
            Column(_("Letter"), lambda queue: queue.letter),
            Column(_("Name"), named),
            Column(_("Zone"), lambda queue: named(queue.zone) if queue.zone else "–"),
            Column(
                _("Business classes"),
                lambda queue: gettext(", ").join(named(item) for item in queue.business_classes.all()) or "–",
            ),
        ),
        url=lambda queue: reverse("queueing:setup-queue", args=[hall, queue.pk]),
        empty=_("No queues yet. A queue takes business classes; without one no ticket can be issued."),
        new_url=reverse("queueing:setup-queue-new", args=[hall]),
        new_title=_("New queue"),
        hint=_left_out(row),
    )
    return list_page(request, listing, queries.queues_in(row), frame)


def _left_out(hall: Hall) -> str:
    """Name the business classes that no queue of the hall takes: its kiosks do not show them."""
    taken = {
        item.pk for queue in queries.queues_in(hall).filter(is_active=True) for item in queue.business_classes.all()
    }
    names = [named(item) for item in queries.classes_offered_to(hall.unit.path) if item.pk not in taken]
    return (
        gettext("Not offered here, because no queue takes it: %(names)s.") % {"names": gettext(", ").join(names)}
        if names
        else ""
    )


@staff_page("GET", "POST")
def queue(request: HttpRequest, hall: str, queue: UUID | None = None) -> HttpResponse:
    """Edit a queue or make a new one."""
    place, frame = _place(request, hall, "queueing:setup-queues")
    row = None if queue is None else found(queries.queues_in(place), pk=queue)
    return edit_page(
        request, QUEUE, row=row, within=place, fixed={"hall": place}, frame=frame,
        back=reverse("queueing:setup-queues", args=[hall]), row_title=row.letter if row else "",
        retire_url=reverse("queueing:setup-queue-retire", args=[hall, row.pk]) if row else "",
    )  # fmt: skip


@staff_page("GET", "POST")
def retire_queue(request: HttpRequest, hall: str, queue: UUID) -> HttpResponse:
    """Take a queue out of use."""
    place, frame = _place(request, hall, "queueing:setup-queues")
    row = found(queries.queues_in(place), pk=queue)
    return retire_page(
        request, editing.QUEUES, row, frame=frame, back=reverse("queueing:setup-queue", args=[hall, row.pk]),
        consequence=_("Its business classes are no longer offered here until another queue takes them."),
    )  # fmt: skip


# ---------------------------------------------------------------------------------------------------- skills
@staff_page("GET", "POST")
def skills(request: HttpRequest, hall: str) -> HttpResponse:
    """Show and set which counter serves which queues, and who can do which business."""
    place, frame = _place(request, hall, "queueing:setup-skills")
    actor = actor_in(request)
    manages = actor.may(Permission.PEOPLE_MANAGE, place.unit.path)
    offered, counter_rows = queries.counter_matrix(place)
    classes, people_rows = queries.people_matrix(place)
    error, status = "", 200
    if request.method == "POST":
        of_people = request.POST.get("matrix") == "people"
        columns, rows = (classes, people_rows) if of_people else (offered, counter_rows)
        save = editing.assign_skills if of_people else editing.assign_counters
        try:
            save(assignments(request.POST, rows, frozenset(item.pk for item in columns)), actor=actor, now=system_now())
        except ValidationError as problem:
            error, status = " ".join(problem.messages), 422
        else:
            messages.success(request, gettext("Saved."))
            return redirect("queueing:setup-skills", hall)
    context = {
        "frame": frame, "title": gettext("Skills"), "error": error, "queues": offered, "counter_rows": counter_rows,
        "classes": classes, "people_rows": people_rows, "manages": manages,
    }  # fmt: skip
    return render(request, "queueing/editing/skills.html", context, status=status)


@staff_page("GET", "POST")
def person_skills(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show and set which business a person can do."""
    person, actor = person_in(request, pk), actor_in(request)
    classes, row = queries.person_row(person)
    error, status = "", 200
    if request.method == "POST":
        try:
            wanted = assignments(request.POST, [row], frozenset(item.pk for item in classes))
            editing.assign_skills(wanted, actor=actor, now=system_now())
        except ValidationError as problem:
            error, status = " ".join(problem.messages), 422
        else:
            messages.success(request, gettext("Saved."))
            return redirect("queueing:person-skills", pk)
    context = {
        "frame": person_frame(actor, person, "queueing:person-skills"), "title": gettext("Skills"), "error": error,
        "classes": classes, "row": row, "back": reverse("people:person", args=[pk]),
    }  # fmt: skip
    return render(request, "queueing/editing/person_skills.html", context, status=status)


# ------------------------------------------------------------------------------------------ restricted business
@staff_page("GET")
def divertible(request: HttpRequest) -> HttpResponse:
    """Show which items of the restricted list the catalogue covers, and which are missing."""
    actor = actor_in(request)
    require_somewhere(actor, CATALOGUE)
    path = min(actor.paths(CATALOGUE), key=len)
    rows = coverage(path=path, day=house_today())
    context = {
        "frame": Frame(), "rows": rows, "missing": sum(row.is_missing for row in rows), "classes": CLASSES, "items": ITEMS,
        "groups": len({row.item.group for row in rows}), "is_complete": is_complete(rows),
    }  # fmt: skip
    return render(request, "queueing/editing/divertible.html", context)


# ------------------------------------------------------------------------------------------ priority classes
def _priority_frame() -> Frame:
    return Frame(((_("Priority classes"), reverse("queueing:setup-priorities")),))


@staff_page("GET")
def priorities(request: HttpRequest) -> HttpResponse:
    """Show the priority classes in the reader's scope, in the order of calling."""
    actor = actor_in(request)
    require_somewhere(actor, CATALOGUE)
    listing: Listing[Any] = Listing(
        _("Priority classes"),
        (
            Column(_("Name"), named),
            Column(_("Holds for all halls of"), lambda row: named(row.unit)),
            Column(_("Tier"), lambda row: row.tier, is_number=True),
            Column(_("Head start, min"), lambda row: row.head_start_min, is_number=True),
            Column(_("Own letter"), lambda row: row.letter or "–"),
            Column(_("Mark"), _marks),
        ),
        url=lambda row: reverse("queueing:setup-priority", args=[row.pk]),
        empty=_("No priority classes yet. Without a default class no ticket can be issued."),
        new_url=reverse("queueing:setup-priority-new"),
        new_title=_("New priority class"),
        hint=_(
            "A lower tier is always called first. Within a tier the longest wait is called first, a head start counts as waiting."
        ),
    )
    rows = queries.priorities_for(actor)
    return list_page(
        request, listing, rows, Frame(), template="queueing/editing/priorities.html", is_empty=not rows.exists()
    )


def _marks(row: Any) -> str:
    marks = [gettext("care lane")] * row.is_care + [gettext("default")] * row.is_default
    return gettext(", ").join(marks) or "–"


@staff_page("POST")
def shipped_priorities(request: HttpRequest) -> HttpResponse:
    """Create the care lane and the ordinary class at the top of the reader's scope."""
    actor = actor_in(request)
    require_somewhere(actor, CATALOGUE)
    top = found(units_for(actor, CATALOGUE).order_by("path"))
    editing.ship_priorities(unit=top, actor=actor, now=system_now())
    return redirect("queueing:setup-priorities")


@staff_page("GET", "POST")
def priority(request: HttpRequest, pk: UUID | None = None) -> HttpResponse:
    """Edit a priority class or make a new one."""
    actor = actor_in(request)
    require_somewhere(actor, CATALOGUE)
    row = None
    if pk is not None:
        row = found(queries.priority_anywhere(), pk=pk)
        require(actor, CATALOGUE, row.unit.path)
    return edit_page(
        request, PRIORITY, row=row, frame=_priority_frame(), back=reverse("queueing:setup-priorities"),
        row_title=row.code if row else "", retire_url=reverse("queueing:setup-priority-retire", args=[row.pk]) if row else "",
    )  # fmt: skip


@staff_page("GET", "POST")
def retire_priority(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a priority class out of use."""
    row = found(queries.priority_anywhere(), pk=pk)
    require(actor_in(request), CATALOGUE, row.unit.path)
    return retire_page(
        request, editing.PRIORITIES, row, frame=_priority_frame(), back=reverse("queueing:setup-priority", args=[pk]),
        consequence=_("No new tickets get it. Tickets that wait keep their place."),
    )  # fmt: skip


urls = [
    path("settings/divertible/", divertible, name="setup-divertible"),
    path("admin/halls/<str:hall>/counters/", counters, name="setup-counters"),
    path("admin/halls/<str:hall>/counters/new/", counter, name="setup-counter-new"),
    path("admin/halls/<str:hall>/counters/<uuid:counter>/", counter, name="setup-counter"),
    path("admin/halls/<str:hall>/counters/<uuid:counter>/retire/", retire_counter, name="setup-counter-retire"),
    path("admin/halls/<str:hall>/queues/", queues, name="setup-queues"),
    path("admin/halls/<str:hall>/queues/new/", queue, name="setup-queue-new"),
    path("admin/halls/<str:hall>/queues/<uuid:queue>/", queue, name="setup-queue"),
    path("admin/halls/<str:hall>/queues/<uuid:queue>/retire/", retire_queue, name="setup-queue-retire"),
    path("admin/halls/<str:hall>/skills/", skills, name="setup-skills"),
    path("admin/people/<uuid:pk>/skills/", person_skills, name="person-skills"),
    path("admin/priorities/", priorities, name="setup-priorities"),
    path("admin/priorities/shipped/", shipped_priorities, name="setup-priorities-shipped"),
    path("admin/priorities/new/", priority, name="setup-priority-new"),
    path("admin/priorities/<uuid:pk>/", priority, name="setup-priority"),
    path("admin/priorities/<uuid:pk>/retire/", retire_priority, name="setup-priority-retire"),
]
