"""Settings pages of the organisation tree, halls, zones and hours."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yingting.foundation.catalogue.calendar import CALENDAR
from yingting.foundation.editing.changing import mark, remove
from yingting.foundation.editing.menu import links
from yingting.foundation.editing.naming import named
from yingting.foundation.editing.pages import (
    Column,
    Editor,
    Frame,
    Listing,
    actor_in,
    confirm_page,
    edit_page,
    found,
    hall_frame,
    list_page,
    require_somewhere,
    retire_page,
    show_errors,
    staff_page,
)
from yingting.foundation.editing.rulebook.telling import told
from yingting.foundation.editing.sites import actions, forms
from yingting.foundation.people.access import hall_for, require, under
from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook.reading import in_force
from yingting.foundation.sites.models import Hall, Unit, UnitLevel, Zone
from yingting.kernel.actors import Actor
from yingting.kernel.clocks import business_day, system_now

CONFIGURE = Permission.HALL_CONFIGURE


# --------------------------------------------------------------------------------------------------- the tree
def _tree_frame(*crumbs: Any) -> Frame:
    return Frame(((_("Organisation"), reverse("sites:units")), *crumbs))


@staff_page("GET")
def units(request: HttpRequest) -> HttpResponse:
    """Show the tops of the reader's part of the tree; each opens level by level."""
    actor = actor_in(request)
    require_somewhere(actor, CONFIGURE)
    tops = (
        Unit.objects.filter(path__in=actor.paths(CONFIGURE))
        if actor.paths(CONFIGURE) != ("",)
        else Unit.objects.filter(parent=None)
    )
    context = {"frame": Frame(), "title": gettext("Organisation"), "nodes": _nodes(tops), "is_top": True}
    return render(request, "sites/units.html", context)


@staff_page("GET")
def below(request: HttpRequest, unit: UUID) -> HttpResponse:
    """Show the units right below one, as a fragment."""
    row = _unit(request, unit)
    return render(request, "sites/_units.html", {"nodes": _nodes(Unit.objects.filter(parent=row)), "above": row})


def _nodes(rows: Any) -> list[dict[str, Any]]:
    halls = {hall.unit_id: hall for hall in Hall.objects.filter(unit__in=rows)}
    counts = dict(Unit.objects.filter(parent__in=rows).order_by().values_list("parent").annotate(n=Count("pk")))
    return [
        {
            "unit": row,
            "hall": halls.get(row.pk),
            "below": counts.get(row.pk, 0),
            "takes_units": row.is_active and row.level not in (UnitLevel.BRANCH, UnitLevel.HALL),
            "takes_halls": row.is_active and row.level != UnitLevel.HALL,
        }
        for row in rows
    ]


def _unit(request: HttpRequest, unit: UUID) -> Unit:
    row = found(Unit.objects.select_related("parent"), pk=unit)
    require(actor_in(request), CONFIGURE, row.path)
    return row


UNIT = Editor(actions.UNITS, forms.UnitForm, _("Unit"), _("New unit"))


@staff_page("GET", "POST")
def new_unit(request: HttpRequest, unit: UUID) -> HttpResponse:
    """Put a new unit under this one."""
    parent = _unit(request, unit)
    editor = Editor(
        actions.UNITS, forms.UnitForm, _("Unit"), _("New unit"),
        save=lambda _row, values, actor, _read: actions.add_unit(parent=parent, values=values, actor=actor, now=system_now()),
    )  # fmt: skip
    hint = gettext("It stands under %(name)s.") % {"name": named(parent)}
    return edit_page(
        request, editor, row=None, within=parent, frame=_tree_frame(), back=reverse("sites:units"), hint=hint
    )


@staff_page("GET", "POST")
def unit(request: HttpRequest, unit: UUID) -> HttpResponse:
    """Edit a unit's names."""
    row = _unit(request, unit)
    above = row.parent is not None and actor_in(request).may(CONFIGURE, row.parent.path)
    return edit_page(
        request, UNIT, row=row, frame=_tree_frame(), back=reverse("sites:units"), row_title=f"{row.get_level_display()} {row.code}",
        retire_url=reverse("sites:unit-retire", args=[row.pk]) if above else "",
        move_url=reverse("sites:unit-move", args=[row.pk]) if above else "", template="sites/unit.html",
    )  # fmt: skip


@staff_page("GET", "POST")
def retire_unit(request: HttpRequest, unit: UUID) -> HttpResponse:
    """Take a unit out of use."""
    row = _unit(request, unit)
    told = _("Roles granted on it stop working. Its records stay readable.")
    return retire_page(
        request, actions.UNITS, row, frame=_tree_frame(), back=reverse("sites:unit", args=[row.pk]), consequence=told
    )


@staff_page("GET", "POST")
def move_unit(request: HttpRequest, unit: UUID) -> HttpResponse:
    """Put a unit with all below it under another one."""
    row, actor = _unit(request, unit), actor_in(request)
    if row.parent is not None:
        require(actor, CONFIGURE, row.parent.path)
    form = forms.targets_for(forms.MoveForm(request.POST if request.method == "POST" else None), row, actor)
    if request.method == "POST" and form.is_valid():
        try:
            actions.move_unit(row.pk, to=form.cleaned_data["parent"].pk, actor=actor, now=system_now())
        except ValidationError as error:
            show_errors(form, error)
        else:
            return redirect("sites:units")
    back = reverse("sites:unit", args=[row.pk])
    context = {
        "frame": _tree_frame((named(row), back)), "form": form, "back": back, "save_label": gettext("Move"),
        "title": gettext("Move %(name)s") % {"name": named(row)},
        "hint": gettext("Everything below it moves along. Rights follow the new place at once."),
    }  # fmt: skip
    return render(request, "editing/edit.html", context, status=422 if form.errors else 200)


# --------------------------------------------------------------------------------------------------- halls
@staff_page("GET")
def halls(request: HttpRequest) -> HttpResponse:
    """Show the halls in the reader's care."""
    actor = actor_in(request)
    require_somewhere(actor, CONFIGURE, Permission.DEVICE_MANAGE)
    paths = actor.paths(CONFIGURE) + actor.paths(Permission.DEVICE_MANAGE)
    rows = Hall.objects.select_related("unit__parent").filter(under("unit__path", paths)).order_by("unit__path")
    listing: Listing[Hall] = Listing(
        _("Halls"),
        (
            Column(_("Hall"), lambda hall: named(hall.unit)),
            Column(_("Code"), lambda hall: hall.code),
            Column(_("Under"), lambda hall: named(hall.unit.parent) if hall.unit.parent else "–"),
            Column(_("Built and run"), lambda hall: hall.get_ownership_display()),
            Column(_("Address"), lambda hall: hall.address),
        ),
        url=lambda hall: _first_tab(actor, hall),
        empty=_("No halls yet. Make one in the organisation tree, under the unit that runs it."),
        search=("unit__name", "unit__name_en", "code", "address"),
    )
    return list_page(request, listing, rows, Frame())


def _first_tab(actor: Actor, hall: Hall) -> str:
    return links("hall", actor, path=hall.unit.path, key=hall.code)[0].url


@staff_page("GET", "POST")
def new_hall(request: HttpRequest, unit: UUID) -> HttpResponse:
    """Make a hall, and the unit that carries it, under this unit."""
    parent = _unit(request, unit)

    def save(_row: Hall | None, values: Any, actor: Actor, _read: str | None) -> Hall:
        of_unit, of_hall = forms.split_hall(values)
        return actions.open_hall(parent=parent, unit=of_unit, hall=of_hall, actor=actor, now=system_now())

    return edit_page(
        request, Editor(actions.HALLS, forms.HallForm, _("Hall"), _("New hall"), save=save), row=None, within=parent,
        frame=_tree_frame(), back=reverse("sites:units"), done=lambda hall: reverse("sites:hall", args=[hall.code]),
        hint=gettext("It stands under %(name)s.") % {"name": named(parent)},
    )  # fmt: skip


def _save_hall(row: Hall | None, values: Any, actor: Actor, read: str | None) -> Hall:
    assert row is not None
    of_unit, of_hall = forms.split_hall(values)
    return actions.edit_hall(row.pk, unit=of_unit, values=of_hall, actor=actor, now=system_now(), read=read)


HALL = Editor(
    actions.HALLS, forms.HallForm, _("Hall"), _("New hall"), save=_save_hall,
    read=lambda hall: f"{mark(actions.UNITS, hall.unit)}.{mark(actions.HALLS, hall)}",
)  # fmt: skip


@staff_page("GET", "POST")
def hall(request: HttpRequest, hall: str) -> HttpResponse:
    """Edit a hall; its tabs lead to everything in it."""
    actor = actor_in(request)
    row = hall_for(actor, CONFIGURE, hall)
    return edit_page(
        request, HALL, row=row, frame=hall_frame(actor, row, "sites:hall", _halls()), back=reverse("sites:halls")
    )


def _halls() -> tuple[Any, str]:
    return _("Halls"), reverse("sites:halls")


# --------------------------------------------------------------------------------------------------- zones
ZONE = Editor(actions.ZONES, forms.ZoneForm, _("Zone"), _("New zone"))


@staff_page("GET")
def zones(request: HttpRequest, hall: str) -> HttpResponse:
    """Show a hall's zones with their functions and sizes."""
    actor = actor_in(request)
    row = hall_for(actor, CONFIGURE, hall)
    listing: Listing[Zone] = Listing(
        _("Zones"),
        (
            Column(_("Name"), named),
            Column(_("Function"), lambda zone: zone.get_function_display()),
            Column(_("Area in m²"), lambda zone: zone.area_m2, is_number=True),
        ),
        url=lambda zone: reverse("sites:zone", args=[hall, zone.pk]),
        empty=_("No zones yet. Customers wait in zones; the board shows the queues by zone."),
        new_url=reverse("sites:zone-new", args=[hall]),
        new_title=_("New zone"),
    )
    return list_page(request, listing, Zone.objects.filter(hall=row), hall_frame(actor, row, "sites:zones", _halls()))


@staff_page("GET", "POST")
def zone(request: HttpRequest, hall: str, zone: UUID | None = None) -> HttpResponse:
    """Edit a zone or make a new one."""
    actor = actor_in(request)
    place = hall_for(actor, CONFIGURE, hall)
    row = None if zone is None else found(Zone.objects.filter(hall=place), pk=zone)
    return edit_page(
        request, ZONE, row=row, within=place, fixed={"hall": place}, frame=hall_frame(actor, place, "sites:zones", _halls()),
        back=reverse("sites:zones", args=[hall]), retire_url=reverse("sites:zone-retire", args=[hall, row.pk]) if row else "",
    )  # fmt: skip


@staff_page("GET", "POST")
def retire_zone(request: HttpRequest, hall: str, zone: UUID) -> HttpResponse:
    """Take a zone out of use."""
    actor = actor_in(request)
    place = hall_for(actor, CONFIGURE, hall)
    row = found(Zone.objects.filter(hall=place), pk=zone)
    return retire_page(
        request, actions.ZONES, row, frame=hall_frame(actor, place, "sites:zones", _halls()),
        back=reverse("sites:zone", args=[hall, row.pk]), consequence=_("Counters and queues can no longer be put into it."),
    )  # fmt: skip


# --------------------------------------------------------------------------------------------------- hours
HOURS: dict[str, Editor[Any]] = {
    "weekly": Editor(actions.OPENINGS, forms.OpeningForm, _("Opening hours"), _("New opening hours")),
    "dates": Editor(
        actions.EXCEPTIONS, forms.ExceptionForm, _("Day with its own hours"), _("New day with its own hours")
    ),
}


@staff_page("GET")
def hours(request: HttpRequest, hall: str) -> HttpResponse:
    """Show a hall's week, the dates that differ, and what counts as busy."""
    actor = actor_in(request)
    row = hall_for(actor, CONFIGURE, hall)
    today = business_day(system_now(), row.timezone)
    context = {
        "frame": hall_frame(actor, row, "sites:hours", _halls()),
        "title": gettext("Opening hours"),
        "hall": row,
        "week": _week(actions.OPENINGS.model.objects.filter(hall=row)),
        "usual": told(in_force(CALENDAR, path=row.unit.path, day=today).rule, row.unit.path),
        "usual_url": f"{reverse('rulebook:rule', args=[CALENDAR.code])}?unit={row.unit_id}",
        "dates": actions.EXCEPTIONS.model.objects.filter(Q(hall=row), Q(on__gte=today)),
    }
    return render(request, "sites/hours.html", context)


def _week(rows: Any) -> list[tuple[Any, list[tuple[UUID, Any, Any]]]]:
    days: dict[int, list[tuple[UUID, Any, Any]]] = {day: [] for day in range(7)}
    for row in rows:
        days[row.weekday].append((row.pk, row.opens, row.closes))
    return [(name, days[day]) for day, name in enumerate(dict(forms.WEEKDAYS or ()).values())]


@staff_page("GET", "POST")
def span(request: HttpRequest, hall: str, kind: str, span: UUID | None = None) -> HttpResponse:
    """Edit a span of hours or make new ones."""
    actor = actor_in(request)
    place = hall_for(actor, CONFIGURE, hall)
    editor = HOURS[kind]
    row = None if span is None else found(editor.rule.model.objects.filter(hall=place), pk=span)
    if row is None and kind != "dates":
        editor = _on_weekdays(editor)
    return edit_page(
        request, editor, row=row, within=place, fixed={"hall": place}, frame=hall_frame(actor, place, "sites:hours", _halls()),
        back=reverse("sites:hours", args=[hall]), remove_url=reverse("sites:span-remove", args=[hall, kind, row.pk]) if row else "",
    )  # fmt: skip


def _on_weekdays(editor: Editor[Any]) -> Editor[Any]:
    def save(_row: Any, values: Any, actor: Actor, _read: str | None) -> Any:
        rest = {name: value for name, value in values.items() if name != "weekdays"}
        return actions.add_weekly(editor.rule, weekdays=values["weekdays"], values=rest, actor=actor, now=system_now())[
            0
        ]

    return Editor(editor.rule, editor.form, editor.title, editor.new_title, save=save)


@staff_page("GET", "POST")
def remove_span(request: HttpRequest, hall: str, kind: str, span: UUID) -> HttpResponse:
    """Delete a span of hours."""
    actor = actor_in(request)
    place = hall_for(actor, CONFIGURE, hall)
    rule = HOURS[kind].rule
    row = found(rule.model.objects.filter(hall=place), pk=span)
    return confirm_page(
        request, frame=hall_frame(actor, place, "sites:hours", _halls()), question=gettext("Delete “%(name)s”?") % {"name": _in_words(row)},
        consequence=_("The queue obeys at once."), verb=_("Delete"),
        act=lambda: remove(rule, row.pk, actor=actor, now=system_now()), back=reverse("sites:hours", args=[hall]),
    )  # fmt: skip


def _in_words(row: Any) -> str:
    """Return a span of hours in words: its day and its times."""
    day = row.on.isoformat() if hasattr(row, "on") else str(dict(forms.WEEKDAYS or ())[row.weekday])
    return f"{day} {row.opens:%H:%M}–{row.closes:%H:%M}" if row.opens else f"{day} {gettext('closed')}"
