"""Entitlements and campaigns; the outreach list, which leaves the house only written down (CUS-17)."""

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

from yingting.domains.relations.actions.entitling import Announced, open_offering
from yingting.domains.relations.forms import OfferingForm
from yingting.domains.relations.queries.entitlements import (
    benefits_at,
    expiring,
    figures_of,
    offering_of,
    registrations_of,
    running,
    visible_offerings,
)
from yingting.domains.relations.queries.managing import managers_in
from yingting.domains.relations.queries.outreach import Outreach, Sought, outreach
from yingting.domains.relations.queries.rules_in_force import segments_at
from yingting.domains.relations.views.asking import MOST, looking
from yingting.foundation.editing.answering import form_page
from yingting.foundation.people.access import ACCESS_REFUSED, units_for
from yingting.foundation.people.permissions import Permission
from yingting.foundation.privacy.disclosing import What
from yingting.foundation.privacy.exporting import recorded_export
from yingting.foundation.privacy.forms import WhyForm, why_of
from yingting.foundation.privacy.reading import reasons_of
from yingting.foundation.sheets import Sheet
from yingting.kernel.refusals import Refusal
from yingting.kernel.words import gettext_noop as _

EXPORT_ROWS = 20_000
HEADINGS = (_("Customer"), _("Phone"), _("Segment"), _("Account manager"), _("Last visit"))


@never_cache
@login_required
@require_GET
def entitlements(request: HttpRequest) -> HttpResponse:
    """List what is about to expire, and the campaigns."""
    actor, _person, now = looking(request)
    context = {
        "lines": expiring(actor, now, MOST), "offerings": list(visible_offerings(actor)[:MOST]),
        "running": {one.pk for one in running(actor, now)}, "may_open": bool(actor.paths(Permission.CUSTOMERS_MANAGE)),
    }  # fmt: skip
    return render(request, "relations/entitlements.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def campaign_new(request: HttpRequest) -> HttpResponse:
    """Announce a service campaign."""
    actor, person, now = looking(request)
    units = units_for(actor, Permission.CUSTOMERS_MANAGE).filter(is_active=True)
    if not units:
        raise Refusal(ACCESS_REFUSED)
    form = OfferingForm(
        request.POST or None, choices={"benefit": [("", gettext("No benefit")), *benefits_at(person.unit.path, now)]}
    )
    form.fields["unit"].queryset = units  # type: ignore[attr-defined]  # a model choice

    def act() -> HttpResponse:
        told = form.cleaned_data
        announced = Announced(told["unit"].pk, told["title"], told["first"], told["last"], told["benefit"])
        made = open_offering(announced=announced, actor=actor, now=now)
        messages.success(request, gettext("Announced. Customers are registered from their file."))
        return redirect("relations:campaign", made)

    return form_page(request, "relations/campaign_new.html", form, act, {})


@never_cache
@login_required
@require_GET
def campaign(request: HttpRequest, offering: UUID) -> HttpResponse:
    """Show what came of a campaign (SAL-11)."""
    actor, _person, now = looking(request)
    row = offering_of(actor, offering)
    benefits = dict(benefits_at(row.unit.path, now))
    context = {
        "row": row, "figures": figures_of(actor, row), "lines": registrations_of(actor, row, now, MOST),
        "benefit": benefits.get(row.benefit, row.benefit),
    }  # fmt: skip
    return render(request, "relations/campaign.html", context)


# ------------------------------------------------------------------------------------------------ outreach
def _sought(request: HttpRequest) -> Sought:
    return Sought(request.GET.get("segment", ""), request.GET.get("manager", ""))


@never_cache
@login_required
@require_GET
def absent(request: HttpRequest) -> HttpResponse:
    """List customers who have not come."""
    actor, person, now = looking(request)
    sought = _sought(request)
    reasons = reasons_of(person.unit.path, now)
    context = {
        "page": outreach(actor, person.unit.path, sought, now, MOST), "sought": sought, "most": MOST,
        "segments": [("", gettext("All")), *segments_at(person.unit.path, now)],
        "managers": managers_in(actor), "why": WhyForm(reasons=reasons), "query": request.GET.urlencode(),
        "may_export": actor.may(Permission.PRIVACY_EXPORT, person.unit.path),
    }  # fmt: skip
    return render(request, "relations/outreach.html", context)


@login_required
@require_POST
@never_cache
def export(request: HttpRequest) -> HttpResponse:
    """Hand the outreach list out as a file; that is written down. It holds masks, and who manages whom."""
    actor, person, now = looking(request)
    sought = _sought(request)
    found = outreach(actor, person.unit.path, sought, now, EXPORT_ROWS)
    what = What(
        "customer", None, ("name", "phone"), len(found.lines), {"segment": sought.segment, "manager": sought.manager}
    )
    form = "xlsx" if request.POST.get("form") == "xlsx" else "csv"
    return recorded_export(
        [_sheet(found)], form, f"outreach-{now:%Y%m%d}", what=what, why=why_of(request.POST), path=person.unit.path,
        actor=actor, now=now,
    )  # fmt: skip


def _sheet(found: Outreach) -> Sheet:
    headings = [gettext(one) for one in HEADINGS]
    rows = [
        (
            line.face.known.masked_name, line.face.known.masked_phone, line.face.segment,
            f"{line.manager.name} {line.manager.staff_no}" if line.manager else "", _day(line.last_on),
        )
        for line in found.lines
    ]  # fmt: skip
    return Sheet(gettext("Customers who do not come"), headings, rows, [None] * len(headings))


def _day(day: dt.date | None) -> str:
    return day.isoformat() if day else gettext("never")


urls = [
    path("entitlements/", entitlements, name="entitlements"),
    path("campaigns/new/", campaign_new, name="campaign-new"),
    path("campaigns/<uuid:offering>/", campaign, name="campaign"),
    path("outreach/", absent, name="outreach"),
    path("outreach/export/", export, name="outreach-export"),
]
