"""Pages of campaigns: which there are, a new one, and what came of one."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yingting.domains.cases.facade import now_at
from yingting.domains.voices.actions.campaigning import Announcement, open_campaign, thank
from yingting.domains.voices.forms import CampaignForm
from yingting.domains.voices.queries.campaigns import campaign_of, figures_of, thanked, visible_campaigns
from yingting.domains.voices.queries.suggestions import lines, listed
from yingting.domains.voices.rules import Judgement
from yingting.domains.voices.views.asking import here
from yingting.foundation.calendars.reading import today_at
from yingting.foundation.editing.answering import form_page
from yingting.foundation.editing.pages import actor_in
from yingting.foundation.people.access import ACCESS_REFUSED, units_for
from yingting.foundation.people.permissions import Permission
from yingting.kernel.refusals import Refusal

MOST = 100


@login_required
@require_GET
def campaigns(request: HttpRequest) -> HttpResponse:
    """List campaigns, those that run first."""
    actor, person, now = here(request)
    today = today_at(person.unit.path, now)
    rows = list(visible_campaigns(actor)[:MOST])
    context = {
        "running": [row for row in rows if row.first <= today <= row.last],
        "others": [row for row in rows if not row.first <= today <= row.last],
        "may_open": bool(actor.paths(Permission.CASE_SUPERVISE)),
    }
    return render(request, "voices/campaigns.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Announce a campaign."""
    actor, _person, now = here(request)
    units = units_for(actor, Permission.CASE_SUPERVISE).filter(is_active=True)
    if not units:
        raise Refusal(ACCESS_REFUSED)
    form = CampaignForm(request.POST or None)
    form.fields["unit"].queryset = units  # type: ignore[attr-defined]  # a model choice

    def act() -> HttpResponse:
        told = form.cleaned_data
        announced = Announcement(told["unit"].pk, told["title"], told["theme"], told["first"], told["last"])
        made = open_campaign(announced=announced, actor=actor, now=now)
        messages.success(request, gettext("Announced. It stands on everybody's start page while it runs."))
        return redirect("voices:campaign", made)

    return form_page(request, "voices/campaign_new.html", form, act, {})


@login_required
@require_GET
def campaign(request: HttpRequest, campaign: UUID) -> HttpResponse:
    """Show a campaign: its figures, what was adopted, what waits, and the thanks."""
    actor = actor_in(request)
    row = campaign_of(actor, campaign)
    adopted = listed(actor, campaign=row).filter(judgement__in=[Judgement.ADOPTED.value, Judgement.PARTLY.value])
    waiting = listed(actor, which="open", campaign=row)
    today = today_at(row.unit.path, now_at(row.unit.path))
    context = {
        "row": row, "figures": figures_of(row), "adopted": lines(actor, list(adopted[:MOST])),
        "waiting": lines(actor, list(waiting[:MOST])), "people": thanked(row), "is_running": row.first <= today <= row.last,
        "leads": actor.may(Permission.CASE_SUPERVISE, row.unit.path),
    }  # fmt: skip
    return render(request, "voices/campaign.html", context)


@login_required
@require_POST
def say_thanks(request: HttpRequest, campaign: UUID) -> HttpResponse:
    """Thank those who took part."""
    actor = actor_in(request)
    row = campaign_of(actor, campaign)
    thank(campaign=row.pk, words=request.POST.get("words", ""), actor=actor, now=now_at(row.unit.path))
    return redirect("voices:campaign", row.pk)


urls = [
    path("campaigns/", campaigns, name="campaigns"),
    path("campaigns/new/", new, name="campaign-new"),
    path("campaigns/<uuid:campaign>/", campaign, name="campaign"),
    path("campaigns/<uuid:campaign>/thanks/", say_thanks, name="thanks"),
]
