"""The customer's file on one page (CUS-06), and what is begun from it: a form each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yingting.domains.relations.actions.attending import note_special_care
from yingting.domains.relations.actions.entitling import TakenPart, grant_entitlement, register_for, use_entitlement
from yingting.domains.relations.actions.leading import Interest, open_lead
from yingting.domains.relations.actions.managing import plan_visit
from yingting.domains.relations.actions.teaching import plan_teaching
from yingting.domains.relations.forms import (
    Dressed,
    GrantForm,
    LeadForm,
    RegisterForm,
    SpecialForm,
    TeachForm,
    VisitForm,
)
from yingting.domains.relations.queries.entitlements import benefits_at, running
from yingting.domains.relations.queries.faces import faces_of
from yingting.domains.relations.queries.file import file_page, file_row
from yingting.domains.relations.queries.leads import interests_at, referral_told
from yingting.domains.relations.queries.plans import frequent_rule
from yingting.domains.relations.queries.rules_in_force import LEADS, rule_of
from yingting.domains.relations.queries.special import owed_to
from yingting.domains.relations.refusals import NOT_THERE
from yingting.domains.relations.rules.managing import Purpose
from yingting.domains.relations.views.asking import hall_choices, looking, people_choices
from yingting.foundation.calendars.reading import today_at
from yingting.foundation.customers.models import Customer
from yingting.foundation.customers.personal import FILE
from yingting.foundation.editing.answering import form_page
from yingting.foundation.editing.naming import named
from yingting.foundation.people.permissions import Permission
from yingting.foundation.privacy.revealing import MaskedValue, Subject, masked_value
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal
from yingting.kernel.words import gettext_noop as _


@never_cache
@login_required
@require_GET
def file(request: HttpRequest, customer: UUID) -> HttpResponse:
    """Show everything about a customer, by mask; the address of a merged file leads to the one that was kept."""
    actor, _person, now = looking(request)
    row = file_row(actor, customer)
    if row.pk != customer:
        return redirect("relations:file", row.pk)
    whole = request.GET.get("all", "")
    context = {
        "page": file_page(actor, row.pk, now, whole), "whole": whole, "halls": hall_choices(actor), "now": now,
        "may_keep": actor.may(Permission.CUSTOMERS_KEEP, row.unit.path), "campaigns": running(actor, now).exists(),
        "values": _masked(actor, row.pk),
    }  # fmt: skip
    return render(request, "relations/file.html", context)


def _masked(actor: Actor, customer: UUID) -> list[MaskedValue]:
    """Who it is, each value with its key to reveal it; what is not known is left out."""
    values = (masked_value(actor, Subject(FILE, customer), field) for field in ("name", "phone", "id_number"))
    return [one for one in values if one.shown]


# ------------------------------------------------------------------------------------------------ what is begun here
@dataclass(frozen=True, slots=True)
class Here:
    """Who begins something for which customer, when, and where."""

    request: HttpRequest
    actor: Actor
    row: Customer
    now: dt.datetime
    staff_no: str

    @property
    def today(self) -> dt.date:
        """The day at the unit that keeps the file."""
        return today_at(self.row.unit.path, self.now)

    def people(self) -> list[tuple[str, str]]:
        """Who may look after the customer."""
        return people_choices(self.row.unit.path)

    def made(self, words: str) -> HttpResponse:
        """Say that it is done, and go back to the file."""
        messages.success(self.request, words)
        return redirect("relations:file", self.row.pk)


Begin = tuple[Dressed, Callable[[dict[str, object]], HttpResponse]]


def _teach(here: Here) -> Begin:
    days = frequent_rule(here.row.unit.path, here.now).contact_days
    start = {"owner": here.staff_no, "due_on": here.today + dt.timedelta(days=days)}
    form = TeachForm(here.request.POST or None, initial=start, choices={"owner": here.people()})

    def act(told: dict[str, object]) -> HttpResponse:
        plan_teaching(customer=here.row.pk, owner=told["owner"], due_on=told["due_on"], actor=here.actor, now=here.now)  # type: ignore[arg-type]  # cleaned by the form
        return here.made(gettext("Planned. The plan waits on its owner's work list."))

    return form, act


def _grant(here: Here) -> Begin:
    form = GrantForm(here.request.POST or None, choices={"benefit": benefits_at(here.row.unit.path, here.now)})

    def act(told: dict[str, object]) -> HttpResponse:
        grant_entitlement(customer=here.row.pk, benefit=told["benefit"], actor=here.actor, now=here.now)  # type: ignore[arg-type]  # cleaned by the form
        return here.made(gettext("Granted."))

    return form, act


def _register(here: Here) -> Begin:
    offered = [(str(one.pk), one.title) for one in running(here.actor, here.now)]
    form = RegisterForm(here.request.POST or None, choices={"offering": offered})

    def act(told: dict[str, object]) -> HttpResponse:
        part = TakenPart(*(told[name] for name in ("learnt", "is_told", "is_offered", "result")))  # type: ignore[arg-type]  # cleaned by the form
        register_for(
            offering=UUID(str(told["offering"])), customer=here.row.pk, part=part, actor=here.actor, now=here.now
        )
        return here.made(gettext("Registered. What the campaign brings stands below."))

    return form, act


def _lead(here: Here) -> Begin:
    days = rule_of(LEADS, here.row.unit.path, here.today).first_days
    start = {"owner": here.staff_no, "next_on": here.today + dt.timedelta(days=days)}
    referral = _referral(here.request.GET.get("referral", ""))
    if referral:
        start["interest"] = referral_told(here.actor, referral).interest
    form = LeadForm(
        here.request.POST or None, initial=start,
        choices={"interest": interests_at(here.row.unit.path, here.now), "owner": here.people()},
    )  # fmt: skip

    def act(told: dict[str, object]) -> HttpResponse:
        interest = Interest(told["interest"], told["owner"], told["next_on"], told["note"], told["has_card"], referral)  # type: ignore[arg-type]  # cleaned by the form
        open_lead(customer=here.row.pk, interest=interest, actor=here.actor, now=here.now)
        return here.made(gettext("Noted. The lead waits on its owner's work list."))

    return form, act


def _referral(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise Refusal(NOT_THERE) from None


def _visit(here: Here) -> Begin:
    start = {"person": here.staff_no, "planned_on": here.today + dt.timedelta(days=7)}
    form = VisitForm(here.request.POST or None, initial=start, choices={"person": here.people()})

    def act(told: dict[str, object]) -> HttpResponse:
        plan_visit(
            customer=here.row.pk, person=str(told["person"]), purpose=Purpose(told["purpose"]), planned_on=told["planned_on"],  # type: ignore[arg-type]  # cleaned by the form
            actor=here.actor, now=here.now,
        )  # fmt: skip
        return here.made(gettext("Planned."))

    return form, act


def _special(here: Here) -> Begin:
    items = [(one.code, named(one)) for one in owed_to(here.row, here.row.unit.path, here.today)]
    choices = {"hall": hall_choices(here.actor), "done": items}
    form = SpecialForm(here.request.POST or None, choices=choices)

    def act(told: dict[str, object]) -> HttpResponse:
        note_special_care(
            customer=here.row.pk, hall=UUID(str(told["hall"])), done=told["done"], why=str(told["why"]), actor=here.actor,  # type: ignore[arg-type]  # cleaned by the form
            now=here.now,
        )  # fmt: skip
        return here.made(gettext("Noted. Thank you for the care."))

    return form, act


# What is begun: its form, heading, and the words of its button.
BEGINNINGS: dict[str, tuple[Callable[[Here], Begin], str, str]] = {
    "teaching": (_teach, _("Plan the teaching"), _("Plan")),
    "entitlement": (_grant, _("Grant an entitlement"), _("Grant it")),
    "campaign": (_register, _("Register for a campaign"), _("Register")),
    "lead": (_lead, _("Note a lead"), _("Save")),
    "visit": (_visit, _("Plan a visit to the customer"), _("Plan")),
    "special": (_special, _("Special care"), _("Save")),
}


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest, customer: UUID, what: str) -> HttpResponse:
    """Begin something for a customer: a form, and the file again once it is done."""
    actor, person, now = looking(request, Permission.CUSTOMERS_KEEP)
    if what not in BEGINNINGS:
        raise Refusal(NOT_THERE)
    row = file_row(actor, customer)
    build, title, button = BEGINNINGS[what]
    form, act = build(Here(request, actor, row, now, person.staff_no))
    more = {"face": faces_of([row.pk], now)[row.pk], "heading": gettext(title), "button": gettext(button), "what": what}
    return form_page(request, "relations/begin.html", form, lambda: act(form.cleaned_data), more)


@login_required
@require_POST
def use(request: HttpRequest, entitlement: UUID) -> HttpResponse:
    """Use an entitlement in a hall."""
    actor, _person, now = looking(request, Permission.CUSTOMERS_KEEP)
    try:
        hall = UUID(request.POST.get("hall", ""))
    except ValueError:
        raise Refusal(NOT_THERE) from None
    customer = use_entitlement(entitlement=entitlement, hall=hall, actor=actor, now=now)
    messages.success(request, gettext("Used. It cannot be used again."))
    return redirect("relations:file", customer)


urls = [
    path("customers/<uuid:customer>/", file, name="file"),
    path("customers/<uuid:customer>/<slug:what>/", begin, name="begin"),
    path("entitlements/<uuid:entitlement>/use/", use, name="use"),
]
