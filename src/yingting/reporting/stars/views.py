"""The public staff board, the pictures on it, and one's own page where consent is given, taken back, and the photo sent."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from yingting.domains.queueing.facade import hall_now
from yingting.domains.queueing.views.limits import limit
from yingting.foundation.customers.consents import PHOTO, staff_consents
from yingting.foundation.customers.rules_in_force import notices_of
from yingting.foundation.evidence.refusals import NO_FILE
from yingting.foundation.people.access import person_in
from yingting.foundation.sites.models import Hall
from yingting.kernel.actors import Actor
from yingting.kernel.clocks import business_day, system_now
from yingting.kernel.refusals import Refusal
from yingting.reporting.stars.board import star_board
from yingting.reporting.stars.photos import agree, photo_of, send_photo, small_photo, withdraw

_KNOCKS_A_MINUTE = 600
_LARGEST = 10 << 20


def _hall(code: str) -> Hall:
    hall = Hall.objects.select_related("unit").filter(code=code, unit__is_active=True).first()
    if hall is None:
        raise Http404
    return hall


@never_cache
@require_GET
def board(request: HttpRequest, code: str) -> HttpResponse:
    """The board of a hall, for its screen and for customers' phones. Nobody signs in; a hall that shows none has none."""
    limit(request, "stars", times=_KNOCKS_A_MINUTE)
    hall = _hall(code)
    rule, stars = star_board(hall, business_day(hall_now(hall.pk), hall.timezone))
    if not rule.is_public:
        raise Http404
    return render(request, "reporting/stars.html", {"hall": hall, "stars": stars, "rule": rule, "most": range(1, 6)})


@never_cache
@require_GET
def picture(request: HttpRequest, code: str, person: UUID) -> HttpResponse:
    """The picture of somebody on the hall's board; gone the moment the consent is."""
    limit(request, "star-pictures", times=_KNOCKS_A_MINUTE)
    hall = _hall(code)
    _rule, stars = star_board(hall, business_day(hall_now(hall.pk), hall.timezone))
    body = small_photo(person) if person in {one.photo for one in stars} else None
    if body is None:
        raise Http404
    return HttpResponse(body, content_type="image/jpeg", headers={"X-Content-Type-Options": "nosniff"})


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def mine(request: HttpRequest) -> HttpResponse:
    """One's own place on the board: the notice, the consent, the photo. A refusal is told on the page."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by the page middleware
    assert actor.person is not None
    problem, status = "", 200
    if request.method == "POST":
        try:
            _change(request, actor)
        except Refusal as refusal:
            problem, status = refusal.in_words(gettext), refusal.status
        else:
            return redirect("reporting:own-star")
    person = person_in(actor)
    context = {
        "person": person, "notice": notices_of(person.unit.path, system_now()).rule.of(PHOTO),
        "has_agreed": bool(staff_consents([actor.person], PHOTO)), "photo": photo_of(actor.person), "form_id": uuid4(),
        "problem": problem,
    }  # fmt: skip
    return render(request, "reporting/own_star.html", context, status=status)


def _change(request: HttpRequest, actor: Actor) -> None:
    now, press = system_now(), request.POST.get("press")
    if press == "agree":
        agree(actor=actor, how="own_page", now=now)
    elif press == "withdraw":
        withdraw(actor=actor, how="own_page", now=now)
    else:
        file = request.FILES.get("photo")
        if file is None or not file.size or file.size > _LARGEST:
            raise Refusal(NO_FILE)
        send_photo(actor=actor, content=file.read(), form=_form(request), now=now)


def _form(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("form_id", ""))
    except ValueError:
        raise Refusal(NO_FILE) from None


@login_required
@never_cache
@require_GET
def own_picture(request: HttpRequest) -> HttpResponse:
    """One's own picture as customers see it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by the page middleware
    body = small_photo(actor.person) if actor.person else None
    if body is None:
        raise Http404
    return HttpResponse(body, content_type="image/jpeg", headers={"X-Content-Type-Options": "nosniff"})
