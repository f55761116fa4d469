"""Pages that customers open on their own phones: asking about their own data, following the request, their own choices."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yingting.foundation.customers import consents, keeping
from yingting.foundation.customers.finding import known
from yingting.foundation.customers.own import HOW, choices_of, owner_by
from yingting.foundation.customers.refusals import CODE_UNKNOWN, TOO_MANY_REQUESTS
from yingting.foundation.customers.rights import Asked, Right, ask, request_by
from yingting.foundation.customers.rules_in_force import rights_rule
from yingting.foundation.editing.public import page_for_customers
from yingting.foundation.live.knocking import has_room
from yingting.foundation.people.access import HALL_UNKNOWN
from yingting.foundation.sites.models import Hall
from yingting.kernel.actors import Actor, ActorKind
from yingting.kernel.clocks import system_now
from yingting.kernel.refusals import Refusal

_HOUR_S = 3600
_OF_HALL = 200  # requests of one hall in an hour: more is a robot behind many addresses
_LOOKS_A_MINUTE, _STEPS_A_MINUTE, _WRONG_A_MINUTE = 600, 20, 30
for_customers = page_for_customers("customers/public_refused.html")
_ANYBODY = Actor(ActorKind.CUSTOMER, None, "customer")


def _limit(request: HttpRequest, what: str, times: int, seconds: int = 60, who: str = "") -> None:
    if not has_room(request, what, times=times, seconds=seconds, who=who):
        raise Refusal(TOO_MANY_REQUESTS)


# ------------------------------------------------------------------------------------------------ requests
@require_http_methods(["GET", "POST"])
@for_customers
def rights(request: HttpRequest, hall: str) -> HttpResponse:
    """Take a request about one's own data. The answer is the same whether there is a file or not: nothing is looked up."""
    place = Hall.objects.select_related("unit").filter(code=hall).first()
    if place is None:
        raise Refusal(HALL_UNKNOWN)
    now = system_now()
    rule = rights_rule(place.unit.path, now)
    context: dict[str, object] = {"hall": place, "rights": list(Right), "rule": rule, "said": request.POST}
    status = 200
    if request.method == "POST":
        try:
            if request.POST.get("website"):  # a robot fills every field
                raise Refusal(CODE_UNKNOWN)
            _limit(request, "rights", rule.per_hour, _HOUR_S)
            _limit(request, "rights-hall", _OF_HALL, _HOUR_S, who=place.code)
            received = ask(unit=place.unit, asked=_asked(request), actor=_ANYBODY, now=now)
            return redirect("customers:rights-follow", received.secret)
        except Refusal as refusal:
            context["refused"], status = refusal.in_words(gettext), refusal.status
    return render(request, "customers/rights.html", context, status=status)


def _asked(request: HttpRequest) -> Asked:
    said = request.POST
    try:
        right = Right(said.get("asks", ""))
    except ValueError:
        raise Refusal(CODE_UNKNOWN) from None
    return Asked(right, said.get("phone", ""), said.get("name", ""), said.get("words", ""))


@require_GET
@for_customers
def rights_follow(request: HttpRequest, secret: str) -> HttpResponse:
    """Show how far a request is, and the answer."""
    _limit(request, "rights-follow", _LOOKS_A_MINUTE)
    row = request_by(secret)
    context = {"asked": row, "right": gettext(Right(row.asks).title), "answer": row.answer.open() if row.answer else ""}
    return render(request, "customers/rights_follow.html", context)


# ------------------------------------------------------------------------------------------------ own page
@require_GET
@for_customers
def own(request: HttpRequest, secret: str) -> HttpResponse:
    """Show a customer what they agreed to, each apart, and let them withdraw or agree."""
    return _own_page(request, secret)


def _own_page(request: HttpRequest, secret: str, refused: Refusal | None = None, told: str = "") -> HttpResponse:
    _limit(request, "own", _LOOKS_A_MINUTE)
    now = system_now()
    owner = owner_by(secret, now)
    context = {
        "owner": owner, "known": known([owner.customer.pk])[owner.customer.pk], "secret": secret, "told": told,
        "choices": choices_of(owner.customer, now), "refused": refused.in_words(gettext) if refused else "",
        "is_left_alone": owner.customer.is_left_alone,
        "hall": Hall.objects.filter(unit__path__startswith=owner.customer.unit.path).order_by("code").first(),
    }  # fmt: skip
    return render(request, "customers/own.html", context, status=refused.status if refused else 200)


@require_POST
@for_customers
def own_step(request: HttpRequest, secret: str) -> HttpResponse:
    """Withdraw or give one consent, or say that one wishes to be left alone; in force at once."""
    _limit(request, "own-step", _STEPS_A_MINUTE, who=secret[:16])
    now, said = system_now(), request.POST
    owner = owner_by(secret, now)
    step, purpose, customer = said.get("step", ""), said.get("purpose", ""), owner.customer.pk
    try:
        if step == "withdraw":
            consents.withdraw(customer=customer, purpose=purpose, how=HOW, actor=owner.actor, now=now)
        elif step == "agree":
            consents.give(customer=customer, purpose=purpose, how=HOW, actor=owner.actor, now=now)
        elif step in ("leave_alone", "let"):
            keeping.set_left_alone(
                customer=customer, is_left_alone=step == "leave_alone", how=HOW, actor=owner.actor, now=now
            )
    except Refusal as refusal:
        return _own_page(request, secret, refusal)
    return redirect("customers:own", secret)
