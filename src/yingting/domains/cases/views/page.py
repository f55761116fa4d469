"""The page of one case, and the slip that its customer takes along."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from yingting.domains.cases.queries.desk import desk_of, version_of
from yingting.domains.cases.queries.moments import now_of_case
from yingting.domains.cases.views.showing import case_part, customers_link, heard
from yingting.domains.queueing.views.links import qr_svg
from yingting.domains.queueing.views.posting import actor_of


@login_required
@never_cache
@require_GET
def case(request: HttpRequest, case: UUID) -> HttpResponse:
    """Everything about a case on one page, with a form for each thing that the reader may do now."""
    actor = actor_of(request)
    context = case_part(request, case, now_of_case(actor, case))
    if request.headers.get("HX-Request"):
        return render(request, "cases/_case.html", context)
    return render(request, "cases/case.html", {**context, "live_token": heard(actor)})


@login_required
@never_cache
@require_GET
def newer(request: HttpRequest, case: UUID) -> HttpResponse:
    """Say that somebody else changed the case since the page was made; nothing otherwise."""
    is_newer = request.GET.get("seen") != str(version_of(actor_of(request), case))
    return render(request, "cases/_newer.html", {"is_newer": is_newer, "case_id": case})


@login_required
@never_cache
@require_GET
def slip(request: HttpRequest, case: UUID) -> HttpResponse:
    """What a customer takes along after registering: the number to follow it by and when an answer is due."""
    actor = actor_of(request)
    desk = desk_of(actor, case, now_of_case(actor, case))
    return render(request, "cases/slip.html", {"desk": desk, "link": customers_link(request, desk)})


@login_required
@never_cache
@require_GET
def slip_qr(request: HttpRequest, case: UUID) -> HttpResponse:
    """Return the QR code of the customer's address on the slip."""
    actor = actor_of(request)
    link = customers_link(request, desk_of(actor, case, now_of_case(actor, case)))
    if not link:
        raise Http404
    return HttpResponse(qr_svg(link), content_type="image/svg+xml")


urls = [
    path("cases/<uuid:case>/", case, name="case"),
    path("cases/<uuid:case>/newer/", newer, name="newer"),
    path("cases/<uuid:case>/slip/", slip, name="slip"),
    path("cases/<uuid:case>/slip/qr.svg", slip_qr, name="slip-qr"),
]
