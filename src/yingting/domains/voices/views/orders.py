"""Pages of orders: what one has to confirm, a new one, and how one is received and complied with."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yingting.domains.cases.facade import now_at
from yingting.domains.voices.actions import ordering
from yingting.domains.voices.actions.ordering import ByIndicator, Seen
from yingting.domains.voices.forms import CheckForm, OrderForm
from yingting.domains.voices.queries.orders import (
    known_indicators,
    late_first,
    order_lines,
    order_of,
    page_of,
    places,
    title_of,
    to_confirm,
    visible_orders,
)
from yingting.domains.voices.views.asking import NOTHING, PER_PAGE, here
from yingting.foundation.editing.answering import form_page
from yingting.foundation.editing.naming import named
from yingting.foundation.editing.pages import actor_in
from yingting.foundation.people.access import ACCESS_REFUSED, units_for
from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook.kinds import choices_of
from yingting.kernel.refusals import Refusal


@login_required
@require_GET
def orders(request: HttpRequest) -> HttpResponse:
    """List what the reader has to confirm, and the orders of their unit and care."""
    actor, _person, now = here(request)
    page = Paginator(late_first(visible_orders(actor)), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "waiting": [(one, title_of(one.order)) for one in to_confirm(actor)], "page": page,
        "lines": order_lines(actor, list(page)), "now": now, "leads": bool(actor.paths(Permission.CASE_SUPERVISE)),
    }  # fmt: skip
    return render(request, "voices/orders.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Issue an order in words."""
    actor, _person, now = here(request)
    units = units_for(actor, Permission.CASE_SUPERVISE).filter(is_active=True)
    if not units:
        raise Refusal(ACCESS_REFUSED)
    form = OrderForm(request.POST or None, choices={"roles": choices_of("cases.posts", units[0].path)})
    form.fields["unit"].queryset = units  # type: ignore[attr-defined]  # a model choice

    def act() -> HttpResponse:
        told = form.cleaned_data
        made = ordering.issue_order(
            unit=told["unit"].pk,
            title=told["title"],
            text=told["text"],
            roles=tuple(told["roles"]),
            actor=actor,
            now=now,
        )
        messages.success(request, gettext("Issued. Those whom it concerns are told within a minute."))
        return redirect("voices:order", made)

    return form_page(request, "voices/order_new.html", form, act, {})


@login_required
@require_GET
def order(request: HttpRequest, order: UUID) -> HttpResponse:
    """Show an order; to those who lead people, also who has not confirmed and what was checked."""
    actor = actor_in(request)
    page = page_of(actor, order)
    return render(request, "voices/order.html", {"page": page, "now": now_at(page.row.unit.path)})


@login_required
@require_POST
def confirm(request: HttpRequest, order: UUID) -> HttpResponse:
    """Confirm that one has read it."""
    actor = actor_in(request)
    row = order_of(actor, order)
    ordering.confirm(order=row.pk, actor=actor, now=now_at(row.unit.path))
    messages.success(request, gettext("Thank you. Your confirmation is on record."))
    return redirect("voices:order", row.pk)


@login_required
@require_POST
def withdraw(request: HttpRequest, order: UUID) -> HttpResponse:
    """Withdraw an order in words."""
    actor = actor_in(request)
    row = order_of(actor, order)
    ordering.withdraw_order(order=row.pk, why=request.POST.get("why", ""), actor=actor, now=now_at(row.unit.path))
    return redirect("voices:order", row.pk)


@login_required
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, order: UUID) -> HttpResponse:
    """Look whether an order is complied with."""
    actor = actor_in(request)
    row = order_of(actor, order)
    where = list(places(actor, row))
    if not actor.paths(Permission.CASE_SUPERVISE):
        raise Refusal(ACCESS_REFUSED)
    choices = {
        "unit": [(str(unit.pk), named(unit)) for unit in where], "indicator": [NOTHING, *known_indicators()],
    }  # fmt: skip
    form = CheckForm(request.POST or None, choices=choices, initial={"unit": request.GET.get("unit", "")})

    def act() -> HttpResponse:
        told = form.cleaned_data
        by_figure = told["way"] == "figure"
        seen = (
            ByIndicator(told["indicator"], told["first"], told["last"], told["words"]) if by_figure
            else Seen(told["way"] == "yes", told["words"])
        )  # fmt: skip
        made = ordering.check_compliance(
            order=row.pk, unit=UUID(told["unit"]), seen=seen, actor=actor, now=now_at(row.unit.path)
        )
        done = (
            gettext("Recorded: complied with.")
            if made.complied
            else gettext("Recorded: a case for putting it right was opened.")
        )
        messages.success(request, done)
        return redirect("voices:order", row.pk)

    return form_page(
        request, "voices/order_check.html", form, act, {"row": row, "title": title_of(row), "has_places": where}
    )


urls = [
    path("orders/", orders, name="orders"),
    path("orders/new/", new, name="order-new"),
    path("orders/<uuid:order>/", order, name="order"),
    path("orders/<uuid:order>/confirm/", confirm, name="confirm"),
    path("orders/<uuid:order>/withdraw/", withdraw, name="order-withdraw"),
    path("orders/<uuid:order>/check/", check, name="order-check"),
]
