"""Files that may be one customer's: the list, and the page on which a person sees both by mask and decides."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from yingting.foundation.customers.consents import consents_of
from yingting.foundation.customers.duplicates import duplicate_for, duplicates_for, say_different
from yingting.foundation.customers.finding import known
from yingting.foundation.customers.merging import merge
from yingting.foundation.customers.models import Customer, Duplicate
from yingting.foundation.customers.naming import names_of
from yingting.foundation.customers.refusals import OTHER_ID_NUMBER
from yingting.foundation.editing.pages import actor_in, require_somewhere, staff_page
from yingting.foundation.people.permissions import Permission
from yingting.kernel.clocks import system_now
from yingting.kernel.refusals import Refusal
from yingting.kernel.words import gettext_noop as _

PAGE_ROWS = 50
SIGNS = {"id_number": _("Same identity number"), "phone": _("Same phone"), "name": _("Same name, similar phone")}


@staff_page("GET")
@never_cache
def pairs(request: HttpRequest) -> HttpResponse:
    """List the open pairs of the units in the reader's care."""
    actor = actor_in(request)
    require_somewhere(actor, Permission.CUSTOMERS_MANAGE)
    page = Paginator(duplicates_for(actor), PAGE_ROWS).get_page(request.GET.get("page"))
    shown = known([one for row in page for one in (row.first_id, row.second_id)])
    lines = [
        {
            "row": row,
            "sign": gettext(SIGNS[row.by]),
            "first": shown.get(row.first_id),
            "second": shown.get(row.second_id),
        }
        for row in page
    ]
    return render(request, "customers/pairs.html", {"page": page, "lines": lines})


def _side(row: Customer, path: str) -> dict[str, object]:
    now = system_now()
    purposes = consents_of([row.pk]).get(row.pk, frozenset())
    names = names_of(path, now)
    return {
        "row": row, "known": known([row.pk])[row.pk], "segment": names.segment(row.segment), "level": names.level(row.level),
        "consents": [names.purpose(code) for code in sorted(purposes)],
    }  # fmt: skip


@staff_page("GET", "POST")
@never_cache
def pair(request: HttpRequest, pair_id: UUID) -> HttpResponse:
    """Show both files by mask; a POST merges one into the other, or says that they are two customers."""
    actor, now = actor_in(request), system_now()
    row: Duplicate = duplicate_for(actor, pair_id)
    files = {
        one.pk: one for one in Customer.objects.select_related("unit").filter(pk__in=(row.first_id, row.second_id))
    }
    sides = [_side(files[pk], row.unit.path) for pk in (row.first_id, row.second_id)]
    context: dict[str, object] = {"pair": row, "sides": sides, "sign": gettext(SIGNS[row.by])}
    status = 200
    if request.method == "POST":
        said = request.POST
        try:
            if said.get("step") == "different":
                say_different(pair=row.pk, actor=actor, now=now)
                messages.success(request, gettext("Noted: these are two customers."))
                return redirect("customers:pairs")
            kept = row.first_id if said.get("kept") == str(row.first_id) else row.second_id
            gone = row.second_id if kept == row.first_id else row.first_id
            merge(kept=kept, gone=gone, why=said.get("why", ""), is_sure="is_sure" in said, actor=actor, now=now)
        except Refusal as refusal:
            context["refused"], status = refusal.in_words(gettext), refusal.status
            context["asks_to_be_sure"] = refusal.code == OTHER_ID_NUMBER
        else:
            messages.success(request, gettext("The two files are one now."))
            return redirect("customers:file", kept)
    return render(request, "customers/pair.html", context, status=status)
