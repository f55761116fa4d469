"""The work queue: six views by clock with counts and filters, and the search for one case."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from yingting.domains.cases.queries.findings import to_do
from yingting.domains.cases.queries.moments import now_for
from yingting.domains.cases.queries.names import lists_at
from yingting.domains.cases.queries.places import places_for
from yingting.domains.cases.queries.queue import COUNTED, DEEPEST, PAGE, Asked, Which, counts, lines, open_of, search
from yingting.domains.cases.queries.rules_in_force import CATEGORIES, rule_of
from yingting.domains.cases.rules.around import below
from yingting.domains.cases.views.showing import heard
from yingting.domains.queueing.views.posting import actor_of
from yingting.foundation.days import local_day
from yingting.foundation.people.access import ACCESS_REFUSED
from yingting.foundation.people.permissions import Permission
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal

FILTERS = ("process", "category", "severity", "unit")


def require_reader(actor: Actor) -> str:
    """Return the highest part of the tree whose cases the reader sees. Raises Refusal access.refused when there is none."""
    paths = {*actor.paths(Permission.CASE_HANDLE), *actor.paths(Permission.CASE_SUPERVISE)}
    if not paths:
        raise Refusal(ACCESS_REFUSED)
    return min(paths, key=len)


@login_required
@never_cache
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """The reader's open cases by clock; refreshed in place while the page is open."""
    actor = actor_of(request)
    now = now_for(actor)
    top = require_reader(actor)
    context = _queue(request, actor, top, now)
    if request.headers.get("HX-Request"):
        return render(request, "cases/_queue.html", context)
    mine = {"to_do": to_do(actor, now)}
    lists = {"lists": lists_at(top, local_day(now)), "places": places_for(actor, request.GET.get("unit", ""))}
    return render(request, "cases/queue.html", {**context, **lists, **mine, "live_token": heard(actor)})


def _queue(request: HttpRequest, actor: Actor, top: str, now: dt.datetime) -> dict[str, object]:
    asked, page = _asked(request, top, local_day(now)), page_asked(request)
    found = lines(open_of(actor, asked, now), now, begin=(page - 1) * PAGE, most=PAGE + 1)
    filters = request.GET.copy()
    for name in ("page", "which"):
        filters.pop(name, None)
    return {
        "lines": found[:PAGE], "has_more": len(found) > PAGE and page < DEEPEST, "page": page, "which": asked.which,
        "tabs": [(which, n, n > COUNTED) for which, n in counts(actor, now).items()], "counted": COUNTED,
        "filters": filters.urlencode(), "is_filtered": any(request.GET.get(name) for name in FILTERS), "now": now,
    }  # fmt: skip


def _asked(request: HttpRequest, top: str, day: dt.date) -> Asked:
    try:
        which = Which(request.GET.get("which", Which.MINE.value))
    except ValueError:
        which = Which.MINE
    category = request.GET.get("category", "")
    codes = below(rule_of(CATEGORIES, top, day).categories, category) or (category,) if category else ()
    return Asked(
        which, request.GET.get("process", ""), codes, request.GET.get("severity", ""), request.GET.get("unit", "")
    )  # fmt: skip


def page_asked(request: HttpRequest) -> int:
    """The page that the address names, none deeper than is shown."""
    text = request.GET.get("page", "1")
    return min(max(int(text), 1), DEEPEST) if text.isdecimal() else 1


@login_required
@never_cache
@require_POST
def find(request: HttpRequest) -> HttpResponse:
    """Look for a case by a number or a telephone; the only one is opened. What is looked for stands in no address."""
    actor = actor_of(request)
    now = now_for(actor)
    require_reader(actor)
    found = search(actor, request.POST.get("number", ""), now)
    if len(found) == 1:
        return redirect(reverse("cases:case", args=[found[0].id]))
    return render(request, "cases/found.html", {"lines": found, "now": now, "most": PAGE})


urls = [path("cases/", queue, name="queue"), path("cases/find/", find, name="find")]
