"""Settings pages of the business catalogue."""

from __future__ import annotations

from collections import defaultdict
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from yingting.foundation.catalogue.models import BusinessClass, BusinessType
from yingting.foundation.catalogue.papers import PAPERS, paper_key, papers_of
from yingting.foundation.days import house_today
from yingting.foundation.editing.catalogue import actions, forms
from yingting.foundation.editing.naming import named
from yingting.foundation.editing.pages import (
    Editor,
    Frame,
    actor_in,
    edit_page,
    found,
    require_somewhere,
    retire_page,
    staff_page,
)
from yingting.foundation.people.access import require, under
from yingting.foundation.people.permissions import Permission
from yingting.foundation.sites.models import Unit

CONFIGURE = Permission.CATALOGUE_CONFIGURE
CLASS = Editor(actions.CLASSES, forms.ClassForm, _("Business class"), _("New business class"))
TYPE = Editor(actions.TYPES, forms.TypeForm, _("Business"), _("New business"))


def _frame(*crumbs: tuple[str, str]) -> Frame:
    return Frame(((_("Business catalogue"), reverse("catalogue:classes")), *crumbs))


@staff_page("GET")
def classes(request: HttpRequest) -> HttpResponse:
    """Show the catalogue: classes, the businesses in them, their papers."""
    actor = actor_in(request)
    require_somewhere(actor, CONFIGURE)
    rows = BusinessClass.objects.select_related("unit").filter(under("unit__path", actor.paths(CONFIGURE)))
    types: dict[UUID, list[tuple[BusinessType, list[str]]]] = defaultdict(list)
    for unit in Unit.objects.filter(pk__in=rows.values("unit")):
        found_types = list(
            BusinessType.objects.select_related("business_class").filter(business_class__in=rows.filter(unit=unit))
        )
        papers = papers_of(found_types, path=unit.path, day=house_today())
        for item in found_types:
            types[item.business_class_id].append((item, _names(papers[item.pk])))
    context = {"frame": Frame(), "classes": [(row, types[row.pk]) for row in rows]}
    return render(request, "catalogue/classes.html", context)


def _names(papers: tuple[tuple[str, str], ...]) -> list[str]:
    is_english = (get_language() or "").startswith("en")
    return [name_en if is_english else name for name, name_en in papers]


def _class(request: HttpRequest, pk: UUID) -> BusinessClass:
    row = found(BusinessClass.objects.select_related("unit"), pk=pk)
    require(actor_in(request), CONFIGURE, row.unit.path)
    return row


def _type(request: HttpRequest, pk: UUID) -> BusinessType:
    row = found(BusinessType.objects.select_related("business_class__unit"), pk=pk)
    require(actor_in(request), CONFIGURE, row.business_class.unit.path)
    return row


@staff_page("GET", "POST")
def business_class(request: HttpRequest, pk: UUID | None = None) -> HttpResponse:
    """Edit a business class or make a new one."""
    require_somewhere(actor_in(request), CONFIGURE)
    row = None if pk is None else _class(request, pk)
    return edit_page(
        request, CLASS, row=row, frame=_frame(), back=reverse("catalogue:classes"), row_title=row.code if row else "",
        retire_url=reverse("catalogue:class-retire", args=[row.pk]) if row else "",
    )  # fmt: skip


@staff_page("GET", "POST")
def retire_class(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a business class out of use."""
    row = _class(request, pk)
    told = _("Kiosks no longer offer it and its businesses. Tickets that wait stay in line.")
    return retire_page(
        request, actions.CLASSES, row, frame=_frame(), back=reverse("catalogue:class", args=[pk]), consequence=told
    )


@staff_page("GET", "POST")
def new_type(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put a new business into a class."""
    kind = _class(request, pk)
    return edit_page(
        request, TYPE, row=None, within=kind, fixed={"business_class": kind}, back=reverse("catalogue:classes"),
        frame=_frame((named(kind), reverse("catalogue:class", args=[pk]))),
        done=lambda saved: reverse("catalogue:type", args=[saved.pk]),
    )  # fmt: skip


@staff_page("GET", "POST")
def business_type(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Edit a business and see the papers that it needs."""
    row = _type(request, pk)
    unit, query = row.business_class.unit, QueryDict(mutable=True)
    query.update({"unit": str(unit.pk), "key": paper_key(row)})
    return edit_page(
        request, TYPE, row=row, within=row.business_class, back=reverse("catalogue:classes"), row_title=row.code,
        frame=_frame((named(row.business_class), reverse("catalogue:class", args=[row.business_class_id]))),
        retire_url=reverse("catalogue:type-retire", args=[pk]), template="catalogue/type.html",
        papers=_names(papers_of([row], path=unit.path, day=house_today())[row.pk]),
        papers_url=f"{reverse('rulebook:rule', args=[PAPERS.code])}?{query.urlencode()}" if row.is_active else "",
    )  # fmt: skip


@staff_page("GET", "POST")
def retire_type(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a business out of use."""
    row = _type(request, pk)
    told = _("Kiosks no longer offer it. Tickets that wait stay in line.")
    return retire_page(
        request, actions.TYPES, row, frame=_frame(), back=reverse("catalogue:type", args=[pk]), consequence=told
    )
