"""Settings pages of the business catalogue."""

from __future__ import annotations

from collections import defaultdict
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yingting.foundation.catalogue.models import BusinessClass, BusinessType, PaperNeed
from yingting.foundation.editing.catalogue import actions, forms
from yingting.foundation.editing.changing import remove
from yingting.foundation.editing.naming import named
from yingting.foundation.editing.pages import (
    Editor,
    Frame,
    actor_in,
    confirm_page,
    edit_page,
    found,
    require_somewhere,
    retire_page,
    staff_page,
)
from yingting.foundation.people.access import require, under
from yingting.foundation.people.permissions import Permission
from yingting.kernel.clocks import system_now

CONFIGURE = Permission.CATALOGUE_CONFIGURE
CLASS = Editor(actions.CLASSES, forms.ClassForm, _("Business class"), _("New business class"))
TYPE = Editor(actions.TYPES, forms.TypeForm, _("Business"), _("New business"))
PAPER = Editor(actions.PAPERS, forms.PaperForm, _("Paper to bring"), _("New paper to bring"))


def _frame(*crumbs: tuple[str, str]) -> Frame:
    return Frame(((_("Business catalogue"), reverse("catalogue:classes")), *crumbs))


@staff_page("GET")
def classes(request: HttpRequest) -> HttpResponse:
    """Show the catalogue: classes, the businesses in them, their papers."""
    actor = actor_in(request)
    require_somewhere(actor, CONFIGURE)
    rows = BusinessClass.objects.select_related("unit").filter(under("unit__path", actor.paths(CONFIGURE)))
    papers: dict[UUID, list[PaperNeed]] = defaultdict(list)
    for paper in PaperNeed.objects.filter(business_type__business_class__in=rows):
        papers[paper.business_type_id].append(paper)
    types: dict[UUID, list[tuple[BusinessType, list[PaperNeed]]]] = defaultdict(list)
    for item in BusinessType.objects.filter(business_class__in=rows):
        types[item.business_class_id].append((item, papers[item.pk]))
    context = {"frame": Frame(), "classes": [(row, types[row.pk]) for row in rows]}
    return render(request, "catalogue/classes.html", context)


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
    return edit_page(
        request, TYPE, row=row, within=row.business_class, back=reverse("catalogue:classes"), row_title=row.code,
        frame=_frame((named(row.business_class), reverse("catalogue:class", args=[row.business_class_id]))),
        retire_url=reverse("catalogue:type-retire", args=[pk]), template="catalogue/type.html",
        papers=PaperNeed.objects.filter(business_type=row),
    )  # fmt: skip


@staff_page("GET", "POST")
def retire_type(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a business out of use."""
    row = _type(request, pk)
    told = _("Kiosks no longer offer it. Tickets that wait stay in line.")
    return retire_page(
        request, actions.TYPES, row, frame=_frame(), back=reverse("catalogue:type", args=[pk]), consequence=told
    )


@staff_page("GET", "POST")
def paper(request: HttpRequest, pk: UUID, paper: UUID | None = None) -> HttpResponse:
    """Edit a paper that a business needs, or add one."""
    kind = _type(request, pk)
    row = None if paper is None else found(PaperNeed.objects.filter(business_type=kind), pk=paper)
    back = reverse("catalogue:type", args=[pk])
    return edit_page(
        request, PAPER, row=row, within=kind, fixed={"business_type": kind}, frame=_frame((named(kind), back)), back=back,
        remove_url=reverse("catalogue:paper-remove", args=[pk, row.pk]) if row else "",
    )  # fmt: skip


@staff_page("GET", "POST")
def remove_paper(request: HttpRequest, pk: UUID, paper: UUID) -> HttpResponse:
    """Delete a paper from a business."""
    kind = _type(request, pk)
    row = found(PaperNeed.objects.filter(business_type=kind), pk=paper)
    actor, back = actor_in(request), reverse("catalogue:type", args=[pk])
    return confirm_page(
        request, frame=_frame((named(kind), back)), question=_("Delete “%(name)s”?") % {"name": named(row)},
        consequence=_("Customers are no longer told to bring it."), verb=_("Delete"),
        act=lambda: remove(actions.PAPERS, row.pk, actor=actor, now=system_now()), back=back,
    )  # fmt: skip
