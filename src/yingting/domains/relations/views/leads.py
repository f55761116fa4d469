"""Leads (CUS-26): the list with referrals that may become one, and one lead with its steps."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yingting.domains.relations.actions.leading import Followed, end_lead, follow_lead
from yingting.domains.relations.forms import FollowForm
from yingting.domains.relations.queries.file import offered_channels
from yingting.domains.relations.queries.leads import lead_of, leads_for, referred
from yingting.domains.relations.rules.managing import LeadState
from yingting.domains.relations.views.asking import MOST, looking
from yingting.foundation.calendars.reading import today_at
from yingting.foundation.editing.answering import form_page
from yingting.foundation.people.permissions import Permission
from yingting.kernel.words import gettext_noop as _

WHICH = (("mine", _("Mine")), ("open", _("All open")), ("over", _("Overdue")), ("ended", _("Leads ended")))


@never_cache
@login_required
@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """List leads, and lately interested customers whom clerks referred to the lobby."""
    actor, _person, now = looking(request)
    which = request.GET.get("which", "mine")
    which = which if which in dict(WHICH) else "mine"
    context = {
        "lines": leads_for(actor, now, which=which, most=MOST), "which": which, "referred": referred(actor, now),
        "views": [(code, gettext(title)) for code, title in WHICH],
    }  # fmt: skip
    return render(request, "relations/leads.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def lead(request: HttpRequest, lead: UUID) -> HttpResponse:
    """Show a lead; note a contact and what comes next."""
    actor, _person, now = looking(request)
    line, steps = lead_of(actor, lead, now)
    channels, outcomes = offered_channels(line.row.unit.path, now)
    start = {"channel": "phone", "next_on": today_at(line.row.unit.path, now) + dt.timedelta(days=7)}
    form = FollowForm(request.POST or None, initial=start, choices={"channel": channels, "outcome": outcomes})

    def act() -> HttpResponse:
        told = form.cleaned_data
        said = Followed(
            told["channel"], told["outcome"], told["words"], told["next_on"], LeadState(told["end"]), told["has_card"]
        )
        follow_lead(lead=lead, said=said, actor=actor, now=now)
        messages.success(request, gettext("The contact is noted."))
        return redirect("relations:lead", lead)

    may = actor.may(Permission.CUSTOMERS_KEEP, line.row.unit.path) and line.row.state == "open"
    more = {"line": line, "steps": steps, "may_keep": may, "state": gettext(LeadState(line.row.state).title)}
    return form_page(request, "relations/lead.html", form, act, more)


@login_required
@require_POST
def end(request: HttpRequest, lead: UUID) -> HttpResponse:
    """End a lead without a word to the customer."""
    actor, _person, now = looking(request, Permission.CUSTOMERS_KEEP)
    end_lead(lead=lead, actor=actor, now=now)
    messages.success(request, gettext("Ended."))
    return redirect("relations:lead", lead)


urls = [
    path("leads/", listed, name="leads"),
    path("leads/<uuid:lead>/", lead, name="lead"),
    path("leads/<uuid:lead>/end/", end, name="lead-end"),
]
