"""Processes for those who own them: the list, one process with its picture and editions, a try-out, two editions compared."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yingting.domains.cases.queries.documents import register_of
from yingting.domains.cases.queries.outcomes import outcome_for
from yingting.domains.cases.queries.processes import (
    SHIPPED,
    Edition,
    editions_of,
    names_of,
    processes_of,
    require_process,
)
from yingting.domains.cases.queries.rules_in_force import DOCUMENTS as DOCUMENT_RULES
from yingting.domains.cases.queries.rules_in_force import PROCESS, channels_of
from yingting.domains.cases.queries.trying import try_out
from yingting.domains.cases.rules.processes import Process
from yingting.domains.cases.views.comparing import comparison
from yingting.domains.cases.views.drawing import cited_in_words, drawn, title_of
from yingting.domains.cases.views.trial import TryForm
from yingting.foundation.calendars.reading import zone_of
from yingting.foundation.calendars.words import amount_text
from yingting.foundation.days import house_today
from yingting.foundation.editing.naming import named
from yingting.foundation.editing.pages import Frame, actor_in, require_somewhere, staff_page
from yingting.foundation.editing.refusals import RECORD_UNKNOWN
from yingting.foundation.editing.rulebook.posting import posted_rule
from yingting.foundation.editing.rulebook.telling import told
from yingting.foundation.people.access import units_for
from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook.reading import in_force
from yingting.foundation.sheets import download
from yingting.foundation.sites.models import Unit
from yingting.kernel.actors import Actor
from yingting.kernel.clocks import system_now
from yingting.kernel.refusals import Refusal

TITLE, DOCUMENTS = _("Processes of cases"), _("Laws and policies")


def _place(request: HttpRequest, unit: str = "") -> tuple[Actor, Unit]:
    """Who asks, and about which unit: as asked for, else the highest in their care. Raises access.refused, record.unknown."""
    actor = actor_in(request)
    require_somewhere(actor, Permission.CASE_CONFIGURE)
    units = units_for(actor, Permission.CASE_CONFIGURE).filter(is_active=True)
    asked = unit or request.GET.get("unit", "")
    try:
        found = units.filter(pk=UUID(asked)).first() if asked else units.first()
    except ValueError:
        found = None
    if found is None:
        raise Refusal(RECORD_UNKNOWN)
    return actor, found


def _day(request: HttpRequest) -> dt.date:
    try:
        return dt.date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return house_today()


def _page(
    request: HttpRequest, template: str, actor: Actor, unit: Unit, *crumbs: tuple[Any, str], **more: Any
) -> HttpResponse:
    units = units_for(actor, Permission.CASE_CONFIGURE).filter(is_active=True)[:500]
    around = {"frame": Frame(crumbs), "unit": unit, "units": [(row.pk, f"{named(row)} {row.code}") for row in units]}
    return render(request, f"cases/{template}.html", around | more)


def _all(unit: Unit) -> tuple[Any, str]:
    return TITLE, f"{reverse('cases:processes')}?unit={unit.pk}"


def _one(unit: Unit, code: str, name: str) -> tuple[str, str]:
    return name, f"{reverse('cases:process')}?{urlencode({'unit': str(unit.pk), 'key': code})}"


def _which(request: HttpRequest, unit: Unit, day: dt.date) -> tuple[str, str]:
    """The process that is asked for, else the unit's first, with its name. Raises Refusal case.process_unknown."""
    code = request.GET.get("key") or next(iter(names_of(unit.path, day)), "")
    return code, named(require_process(code, unit.path, day))


@staff_page("GET")
def processes(request: HttpRequest) -> HttpResponse:
    """List the processes of a unit as they are in force on a day."""
    actor, unit = _place(request)
    day = _day(request)
    rows = []
    for one in processes_of(actor, unit.path, day):
        clocks = [(named(clock), amount_text(clock.limit), clock.limit.is_statutory) for clock in one.held.rule.clocks]
        rows.append({"one": one, "name": named(one.name), "kind": gettext(one.held.rule.kind.title), "clocks": clocks})
    return _page(request, "processes", actor, unit, title=TITLE, day=day, rows=rows)


@staff_page("GET")
def process(request: HttpRequest) -> HttpResponse:
    """Show one process: its picture, what is done in each step, and its editions with the cases that run by them."""
    actor, unit = _place(request)
    day = _day(request)
    code, name = _which(request, unit, day)
    held = in_force(PROCESS, path=unit.path, day=day, key=code)
    editions = [(edition, title_of(edition)) for edition in editions_of(actor, code)]
    return _page(
        request, "process", actor, unit, _all(unit), title=name, code=code, day=day, held=held, picture=drawn(held.rule),
        told=told(held.rule, unit.path), editions=editions, last=editions[-1][0].ref, from_unit=_unit_at(held.path),
        new_url=f"{reverse('rulebook:rule-new', args=[PROCESS.code])}?{urlencode({'unit': str(unit.pk), 'key': code})}",
    )  # fmt: skip


def _unit_at(path: str) -> str:
    found = Unit.objects.filter(path=path).first()
    return named(found) if found else path


@staff_page("GET", "POST")
def process_try(request: HttpRequest, unit: str) -> HttpResponse:
    """Show the picture of a process, posted (`body`) or in force, and what would be due for a case received at a chosen moment."""
    actor, place = _place(request, unit)
    code, name = _which(request, place, house_today())
    body = request.POST.get("body", "")
    rule: Process = (
        posted_rule(PROCESS, body, place.path) or in_force(PROCESS, path=place.path, day=house_today(), key=code).rule
    )
    zone = ZoneInfo(zone_of(place.path))
    usual = system_now().astimezone(zone).replace(second=0, microsecond=0)
    form = TryForm(request.POST or request.GET, channels=channels_of(place.path, code, house_today()), usual=usual)
    tried = None
    if form.is_valid():
        received = form.cleaned_data["received"].replace(tzinfo=zone)
        tried = try_out(rule, path=place.path, channel=form.cleaned_data["channel"], received_at=received)
    return _page(
        request, "process_try", actor, place, _all(place), _one(place, code, name), title=name, code=code, body=body, form=form,
        picture=drawn(rule), told=told(rule, place.path) if body else (), tried=tried,
    )  # fmt: skip


@staff_page("GET")
def process_compare(request: HttpRequest) -> HttpResponse:
    """Compare two editions: what differs, and what the cases that ran by each came to; as a page or as a file."""
    actor, unit = _place(request)
    code, name = _which(request, unit, house_today())
    editions = {one.ref: one for one in editions_of(actor, code)}
    pair = [_edition(editions, request.GET.get(which, SHIPPED)) for which in ("a", "b")]
    first, second = ((one, outcome_for(actor, one.kept)) for one in pair)
    shown = comparison(first, second, unit.path)
    if (form := request.GET.get("format", "")) in ("xlsx", "csv"):
        return download(shown.sheets(), form, f"process-{code}")
    choices = [(one.ref, title_of(one)) for one in editions.values()]
    return _page(
        request, "process_compare", actor, unit, _all(unit), _one(unit, code, name), title=name, code=code, shown=shown,
        choices=choices, a=pair[0].ref, b=pair[1].ref,
    )  # fmt: skip


def _edition(editions: dict[str, Edition], ref: str) -> Edition:
    if ref not in editions:
        raise Refusal(RECORD_UNKNOWN)
    return editions[ref]


@staff_page("GET")
def documents(request: HttpRequest) -> HttpResponse:
    """Show the register of laws and policies, with the clocks and processes that rest on each."""
    actor, unit = _place(request)
    day = _day(request)
    register, names = register_of(unit.path, day), names_of(unit.path, day)
    return _page(
        request, "documents", actor, unit, title=DOCUMENTS, day=day,
        entered=[(one, [(cited_in_words(cited, names), amiss) for cited, amiss in one.cited_by]) for one in register.entered],
        unknown=[cited_in_words(one, names) for one in register.unknown],
        edit_url=f"{reverse('rulebook:rule', args=[DOCUMENT_RULES.code])}?unit={unit.pk}",
    )  # fmt: skip


urls: list[URLPattern] = [
    path("admin/processes/", processes, name="processes"),
    path("admin/processes/documents/", documents, name="documents"),
    path("admin/processes/one/", process, name="process"),
    path("admin/processes/compare/", process_compare, name="process-compare"),
    path("admin/processes/try/<str:unit>/", process_try, name="process-preview"),
]
