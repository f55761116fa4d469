"""The desk of customers: look for one, list one's own part, open a file."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from yingting.foundation.customers.finding import known
from yingting.foundation.customers.forms import RegisterForm, SearchForm
from yingting.foundation.customers.keeping import already_known, register
from yingting.foundation.customers.models import Customer
from yingting.foundation.customers.naming import choices
from yingting.foundation.customers.refusals import KNOWN_ALREADY
from yingting.foundation.customers.rules_in_force import classes_of
from yingting.foundation.customers.searching import (
    PAGE_ROWS,
    Asked,
    files_for,
    managers_at_work,
    search,
    units_to_keep,
)
from yingting.foundation.editing.naming import named
from yingting.foundation.editing.pages import actor_in, require_somewhere, staff_page
from yingting.foundation.people.models import Person
from yingting.foundation.people.permissions import Permission
from yingting.foundation.privacy.rules import DataKind
from yingting.foundation.sites.models import Unit
from yingting.kernel.actors import Actor
from yingting.kernel.clocks import system_now
from yingting.kernel.refusals import Refusal

V = Permission.CUSTOMERS_VIEW
MOST_UNITS = 500


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@staff_page("GET", "POST")
@never_cache
def desk(request: HttpRequest) -> HttpResponse:
    """Show the search and the files in the reader's care; a POST searches."""
    actor, now = actor_in(request), system_now()
    require_somewhere(actor, V)
    form, status = SearchForm(request.POST or None), 200
    context: dict[str, object] = {"form": form}
    if request.method == "POST":
        if form.is_valid():
            by = DataKind(form.cleaned_data["by"])
            context |= {
                "found": search(by=by, value=form.cleaned_data["value"], actor=actor, now=now),
                "is_asked": True,
            }
        else:
            status = 422
    path = next(iter(actor.paths(V)), "")
    rule = classes_of(path, now)
    context |= {
        "segments": choices(rule.segments), "levels": choices(rule.levels),
        "may_keep": bool(actor.paths(Permission.CUSTOMERS_KEEP)),
        "may_manage": bool(actor.paths(Permission.CUSTOMERS_MANAGE)),
    }  # fmt: skip
    if "found" not in context:
        context |= _list(request, actor)
    return render(request, "customers/desk.html", context, status=status)


def _list(request: HttpRequest, actor: Actor) -> dict[str, object]:
    """The files in the reader's care; a search shows what was found alone."""
    manager = _uuid(request.GET.get("manager", ""))
    own = "" if manager else request.user.unit.path  # type: ignore[union-attr]
    asked = Asked(
        unit=request.GET.get("unit", own), segment=request.GET.get("segment", ""), level=request.GET.get("level", ""),
        manager=manager, after=_uuid(request.GET.get("after", "")),
    )  # fmt: skip
    rows = files_for(actor, asked)
    query = request.GET.copy()
    query["after"] = str(rows[PAGE_ROWS - 1].pk) if len(rows) > PAGE_ROWS else ""
    return {
        "asked": asked, "rows": _lines(rows[:PAGE_ROWS]), "goes_on": query.urlencode() if query["after"] else "",
        "units": [(unit.path, named(unit)) for unit in units_to_keep(actor, V)[:MOST_UNITS]],
        "managers": managers_at_work(actor), "is_list": True,
    }  # fmt: skip


def _lines(rows: list[Customer]) -> list[dict[str, object]]:
    shown = known([row.pk for row in rows])
    managers = {one.manager for one in shown.values() if one.manager}
    people = {person.pk: person for person in Person.objects.filter(pk__in=managers)}
    return [
        {"known": shown[row.pk], "unit": row.unit, "seen": row.last_seen_on, "manager": people.get(shown[row.pk].manager or row.pk)}
        for row in rows
        if row.pk in shown
    ]  # fmt: skip


@staff_page("GET", "POST")
@never_cache
def new(request: HttpRequest) -> HttpResponse:
    """Open a file; who is known already is shown by mask, and may be said to be another person."""
    actor, now = actor_in(request), system_now()
    require_somewhere(actor, Permission.CUSTOMERS_KEEP)
    units = {unit.path: unit for unit in units_to_keep(actor)}
    own = request.user.unit.path  # type: ignore[union-attr]
    form = RegisterForm(
        request.POST or None, units=[(path, named(unit)) for path, unit in units.items()], initial={"unit": own}
    )
    context: dict[str, object] = {"form": form}
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            unit: Unit = units[form.cleaned_data["unit"]]
            try:
                row = register(
                    said=form.said(), unit=unit, is_another="is_another" in request.POST, actor=actor, now=now
                )
            except Refusal as refusal:
                status = refusal.status
                context["refused"] = refusal.in_words(gettext)
                if refusal.code == KNOWN_ALREADY:
                    context["already"] = already_known(unit.path, form.said())
            else:
                messages.success(request, gettext("The file is open."))
                return redirect("customers:file", row.pk)
    return render(request, "customers/new.html", context, status=status)
