"""The page on which a list of customers is looked at and taken in."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from yingting.foundation.customers.importing import Order, Outcome, import_list, runs_of
from yingting.foundation.customers.lists import HEADINGS
from yingting.foundation.customers.refusals import FILE_MISSING
from yingting.foundation.customers.searching import units_to_keep
from yingting.foundation.editing.naming import named
from yingting.foundation.editing.pages import actor_in, require_somewhere, staff_page
from yingting.foundation.editing.uploads import on_disk
from yingting.foundation.lake.inspecting import TOO_BIG
from yingting.foundation.people.permissions import Permission
from yingting.kernel.actors import Actor
from yingting.kernel.clocks import system_now
from yingting.kernel.refusals import Refusal

SHOWN = 200  # bad rows on the page
HEADING = "heading_"  # before a field in the form: a list has a unit, and a column for it


@staff_page("GET", "POST")
@never_cache
def import_page(request: HttpRequest) -> HttpResponse:
    """Look at a list and, if that is asked for, take it in; every bad row is told with what to do about it."""
    actor = actor_in(request)
    require_somewhere(actor, Permission.CUSTOMERS_MANAGE)
    units = list(units_to_keep(actor, Permission.CUSTOMERS_MANAGE))
    fields = [
        {
            "code": field.value,
            "title": field.title,
            "usual": "、".join(names[:3]),
            "said": request.POST.get(field.value, ""),
        }
        for field, names in HEADINGS.items()
    ]
    context: dict[str, object] = {
        "units": [(unit.path, named(unit)) for unit in units], "fields": fields, "said": request.POST,
        "limit_mb": settings.UPLOAD_LIMIT_MB, "runs": runs_of([unit.pk for unit in units]),
    }  # fmt: skip
    status = 200
    if request.method == "POST":
        try:
            outcome = _import(request, actor)
            bad = [(one.line, _words(why)) for one in outcome.bad_lines[:SHOWN] for why in one.refusals]
            is_check = request.POST.get("step") != "take"
            context |= {"outcome": outcome, "bad": bad, "is_check": is_check}
            status = 200 if is_check or outcome.is_taken else 422
        except Refusal as refusal:
            context["refused"], status = refusal.in_words(gettext), refusal.status
    return render(request, "customers/import.html", context, status=status)


def _words(refusal: Refusal) -> str:
    if "column" in refusal.params:
        column = gettext(str(refusal.params["column"]))
        refusal = Refusal(refusal.code, **{**refusal.params, "column": column})
    return refusal.in_words(gettext)


def _import(request: HttpRequest, actor: Actor) -> Outcome:
    said, file = request.POST, request.FILES.get("file")
    if file is None:
        raise Refusal(FILE_MISSING)
    if (file.size or 0) > settings.UPLOAD_LIMIT_MB << 20:
        raise Refusal(TOO_BIG, limit_mb=settings.UPLOAD_LIMIT_MB)
    with on_disk(file) as held:
        order = Order(
            held, said.get("unit", ""), said.get("source", ""),
            {field.value: said.get(HEADING + field.value, "") for field in HEADINGS}, "take_good" in said,
            said.get("step") != "take", file.name or "",
        )  # fmt: skip
        return import_list(order=order, actor=actor, now=system_now())
