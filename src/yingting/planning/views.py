"""The control of a demo's clock."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from yingting.domains.queueing.queries.setup import hall_now
from yingting.foundation.people.access import HALL_UNKNOWN
from yingting.foundation.sites.models import Hall
from yingting.kernel.clocks import system_now
from yingting.kernel.refusals import Refusal
from yingting.planning.crowds import MINUTES, PEOPLE, let_crowd_come
from yingting.planning.demo_clock import SPEEDS, clocks, set_speed
from yingting.planning.refusals import DEMO_ONLY, SPEED_UNKNOWN
from yingting.planning.troupe import PARTS


def _back(request: HttpRequest) -> HttpResponse:
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure())
    return redirect(target if safe else "start")


@require_POST
def demo_crowd(request: HttpRequest) -> HttpResponse:
    """Let a coach come to the demo's full hall. Open to anyone, in a demo only."""
    hall = Hall.objects.filter(code=PARTS[0].hall_code).first()
    if hall is None:
        raise Refusal(HALL_UNKNOWN)
    let_crowd_come(hall=hall.pk, actor=request.actor, now=hall_now(hall.pk))  # type: ignore[attr-defined]
    told = gettext("A coach has stopped at the door: %(people)s customers come within %(minutes)s minutes.")
    messages.success(request, told % {"people": PEOPLE, "minutes": MINUTES})
    return _back(request)


@never_cache
@require_http_methods(["GET", "POST"])
def demo_clock(request: HttpRequest) -> HttpResponse:
    """Show the demo's time and speed; POST `speed` sets it in all demo halls, so that they keep one time. Open to anyone."""
    if not settings.DEMO:
        raise Refusal(DEMO_ONLY)
    if request.method == "POST":
        wanted = request.POST.get("speed", "")
        if wanted not in map(str, SPEEDS):
            raise Refusal(SPEED_UNKNOWN, speeds=", ".join(map(str, SPEEDS)))
        for shown in clocks(now=system_now()):
            set_speed(hall=shown.hall, speed=int(wanted), actor=request.actor, now=system_now())  # type: ignore[attr-defined]
        if not request.headers.get("HX-Request"):
            return _back(request)
    return render(
        request, "planning/_demo_clock.html", {"clock": next(iter(clocks(now=system_now())), None), "speeds": SPEEDS}
    )
