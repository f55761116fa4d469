"""The guide's screen: one page on the phone, its live part, and the sheet of a waiting ticket. Writes go by `sending.py`."""

from __future__ import annotations

from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from yingting.domains.floor.queries.lobby import entitlements_of, grant_of, help_for, referral_of, referrals_for
from yingting.domains.floor.queries.offer import floor_offer, forms_for, zones_of
from yingting.domains.floor.queries.roster import my_post_today, my_stand, posts_now, posts_of
from yingting.domains.floor.queries.rules_in_force import CROWD_CARE, DIVERTING
from yingting.domains.floor.queries.work import crowd_care_now, my_work, ticket_file
from yingting.domains.floor.refusals import REFERRAL_UNKNOWN
from yingting.domains.floor.views.words import ASSISTS, REFERRAL_RESULTS, RESULTS, TARGETS
from yingting.domains.queueing.contracts import HallSetup
from yingting.domains.queueing.facade import fresh_setup, hall_live, hall_now, rule_in, ticket_of_day
from yingting.domains.queueing.views.posting import actor_of
from yingting.foundation.live.panels import panels
from yingting.foundation.live.tokens import live_token
from yingting.foundation.people.access import ACCESS_REFUSED, hall_for, halls_for
from yingting.foundation.people.permissions import Permission
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal

GUARDS_LEVEL = 4


@login_required
@require_GET
def choose(request: HttpRequest) -> HttpResponse:
    """The halls where the actor may guide; with a single one, or the actor's own, straight to it."""
    actor = actor_of(request)
    halls = list(halls_for(actor, Permission.FLOOR_GUIDE))
    if not halls:
        raise Refusal(ACCESS_REFUSED)
    if len(halls) == 1:
        return redirect("floor:guide-hall", halls[0].code)
    return render(request, "floor/choose.html", {"halls": halls})


@login_required
@never_cache
@require_GET
def guide_hall(request: HttpRequest, code: str) -> HttpResponse:
    """The guide's page of a hall, with everything that it needs while there is no signal."""
    actor = actor_of(request)
    setup = fresh_setup(hall_for(actor, Permission.FLOOR_GUIDE, code).pk)
    day = setup.day(hall_now(setup.id))
    reasons = rule_in(setup, DIVERTING, day)
    context = _now(setup, actor) | {
        "offer": floor_offer(setup, day=day),
        "zones": zones_of(setup.id),
        "entitlements": entitlements_of(setup, day),
        "reasons": reasons.reasons,
        "leaving": reasons.leaving,
        "has_care": any(priority.is_care for priority in setup.priorities.values()),
        "may_plan": actor.may(Permission.FLOOR_PLAN, setup.path),
        "live_token": live_token([setup.id]),
        "panels": panels("guide", actor, setup.path),
    }
    return render(request, "floor/guide.html", context)


@login_required
@never_cache
@require_GET
def guide_now(request: HttpRequest, code: str) -> HttpResponse:
    """The live part of the page."""
    actor = actor_of(request)
    setup = fresh_setup(hall_for(actor, Permission.FLOOR_GUIDE, code).pk)
    return render(request, "floor/_now.html", _now(setup, actor))


def _now(setup: HallSetup, actor: Actor) -> dict[str, object]:
    now = hall_now(setup.id)
    live, stand = hall_live(setup, now=now), my_stand(setup, actor.id, now=now)
    may_issue = actor.may(Permission.QUEUE_ISSUE, setup.path)
    is_guard = stand.level == GUARDS_LEVEL if stand else not may_issue
    work = my_work(setup, actor.id, now=now)
    waiting = len(live.waiting)
    return {
        "setup": setup, "now": now, "live": live, "waiting": waiting, "work": work, "stand": stand,
        "zone": ZoneInfo(setup.timezone), "posts": posts_now(setup, now=now), "all_posts": posts_of(setup, setup.day(now)),
        "my_post": my_post_today(setup, actor.id, now=now), "may_issue": may_issue, "is_guard": is_guard,
        "help": help_for(setup, actor, now=now),
        "referrals": referrals_for(setup, actor.id, now=now) if may_issue else (),
        "care": crowd_care_now(setup, waiting=waiting, now=now, only_guards=is_guard),
        "care_rule": rule_in(setup, CROWD_CARE, setup.day(now)),
        "assists": [(kind, word, work.assists.get(kind, 0)) for kind, word in ASSISTS.items()],
        "lines": [(row, setup.queues[row.queue]) for row in live.waiting if row.queue in setup.queues],
        "speed": setup.clock.speed if setup.clock.is_simulated else 1, "targets": TARGETS,
    }  # fmt: skip


@login_required
@never_cache
@require_GET
def guide_ticket(request: HttpRequest, code: str, ticket: UUID) -> HttpResponse:
    """The sheet of one ticket: what is noted on it, and what a guide can do with it."""
    actor = actor_of(request)
    setup = fresh_setup(hall_for(actor, Permission.FLOOR_GUIDE, code).pk)
    day = setup.day(hall_now(setup.id))
    place = ticket_of_day(setup, ticket, day)
    context = {
        "setup": setup, "place": place, "business": setup.businesses.get(place.business), "file": ticket_file(ticket),
        "fields": forms_for(setup, [place.business], day).get(place.business, ()), "targets": TARGETS, "results": RESULTS,
        "grant": grant_of(setup, ticket), "may_know": actor.may(Permission.CUSTOMERS_VIEW, setup.path),
        "entitlements": entitlements_of(setup, day) if actor.may(Permission.QUEUE_ISSUE, setup.path) else (),
        "queues": [queue for queue in setup.queues.values() if queue.id != place.queue],
        "reasons": rule_in(setup, DIVERTING, day).reasons,
    }  # fmt: skip
    return render(request, "floor/_ticket.html", context)


@login_required
@never_cache
@require_GET
def guide_referral(request: HttpRequest, code: str, referral: UUID) -> HttpResponse:
    """The sheet of a referral: write what came of it."""
    setup = fresh_setup(hall_for(actor_of(request), Permission.FLOOR_GUIDE, code).pk)
    row = referral_of(setup, referral, now=hall_now(setup.id))
    if row is None:
        raise Refusal(REFERRAL_UNKNOWN)
    return render(request, "floor/_referral.html", {"setup": setup, "row": row, "results": REFERRAL_RESULTS})


urls = [
    path("guide/", choose, name="guide"),
    path("guide/<str:code>/", guide_hall, name="guide-hall"),
    path("guide/<str:code>/now/", guide_now, name="guide-now"),
    path("guide/<str:code>/tickets/<uuid:ticket>/", guide_ticket, name="guide-ticket"),
    path("guide/<str:code>/referrals/<uuid:referral>/", guide_referral, name="guide-referral"),
]
