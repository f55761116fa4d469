"""Care by tenure: what is due, one act of care, and whether it is given alike (CUS-22)."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yingting.domains.relations.actions.caring import give_care, leave_out_care
from yingting.domains.relations.forms import ContactForm
from yingting.domains.relations.queries.caring import balance, care_line, due_for
from yingting.domains.relations.queries.file import offered_channels
from yingting.domains.relations.refusals import NOT_THERE
from yingting.domains.relations.rules.caring import Tenure
from yingting.domains.relations.views.asking import MOST, looking
from yingting.foundation.editing.answering import form_page
from yingting.foundation.people.permissions import Permission
from yingting.kernel.refusals import Refusal


@never_cache
@login_required
@require_GET
def due(request: HttpRequest) -> HttpResponse:
    """List the care that is due."""
    actor, _person, now = looking(request)
    tenure = request.GET.get("tenure", "")
    tenures = [("", gettext("All")), *((one.value, gettext(one.title)) for one in Tenure if one is not Tenure.UNKNOWN)]
    context = {
        "lines": due_for(actor, now, tenure=tenure, most=MOST),
        "tenure": tenure,
        "tenures": tenures,
        "most": MOST,
    }
    return render(request, "relations/care.html", context)


@never_cache
@login_required
@require_GET
def balanced(request: HttpRequest) -> HttpResponse:
    """Show whether care is given alike to new and old customers, and to all segments."""
    actor, _person, now = looking(request)
    by_tenure, by_segment = balance(actor, now)
    return render(request, "relations/balance.html", {"tables": ((True, by_tenure), (False, by_segment))})


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def act_of_care(request: HttpRequest, care: UUID) -> HttpResponse:
    """Give an act of care: the contact that it is."""
    actor, _person, now = looking(request)
    line = care_line(actor, care, now)
    if line is None:
        raise Refusal(NOT_THERE)
    channels, outcomes = offered_channels(line.row.unit.path, now)
    form = ContactForm(
        request.POST or None, initial={"channel": "phone"}, choices={"channel": channels, "outcome": outcomes}
    )

    def act() -> HttpResponse:
        give_care(care=care, **form.cleaned_data, actor=actor, now=now)
        messages.success(request, gettext("The care is noted."))
        return redirect("relations:care")

    may = actor.may(Permission.CUSTOMERS_KEEP, line.row.unit.path) and line.row.state == "due"
    return form_page(request, "relations/care_act.html", form, act, {"line": line, "may_keep": may})


@login_required
@require_POST
def leave_out(request: HttpRequest, care: UUID) -> HttpResponse:
    """Leave an act of care out, with the reason."""
    actor, _person, now = looking(request, Permission.CUSTOMERS_KEEP)
    leave_out_care(care=care, why=request.POST.get("why", ""), actor=actor, now=now)
    messages.success(request, gettext("Left out, with the reason."))
    return redirect("relations:care")


urls = [
    path("care/", due, name="care"),
    path("care/balance/", balanced, name="balance"),
    path("care/<uuid:care>/", act_of_care, name="care-act"),
    path("care/<uuid:care>/leave-out/", leave_out, name="care-leave-out"),
]
