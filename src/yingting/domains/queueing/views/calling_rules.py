"""Try calling rules out on today's line before they are published."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yingting.domains.queueing.contracts import CounterInfo, HallSetup
from yingting.domains.queueing.queries.calling_preview import NextCall, preview_calling
from yingting.domains.queueing.queries.calling_rules import CALLING
from yingting.domains.queueing.queries.setup import fresh_setup, hall_now
from yingting.domains.queueing.refusals import COUNTER_UNKNOWN
from yingting.domains.queueing.views.words import why_sentence
from yingting.foundation.editing.pages import actor_in, hall_frame, staff_page
from yingting.foundation.editing.rulebook.posting import posted_rule
from yingting.foundation.people.access import hall_for
from yingting.kernel.refusals import Refusal


@staff_page("GET", "POST")
def calling_preview(request: HttpRequest, hall: str) -> HttpResponse:
    """Show whom a counter would call next by the posted rules (`body`), beside the rules in force. Nothing is saved."""
    actor = actor_in(request)
    place = hall_for(actor, CALLING.permission, hall)
    now = hall_now(place.pk)
    setup = fresh_setup(place.pk)
    sent = request.POST if request.method == "POST" else request.GET
    body, number = sent.get("body", ""), sent.get("counter", "")
    picture = preview_calling(setup, posted_rule(CALLING, body, setup.path), counter=_counter(setup, number), now=now)
    context = {
        "picture": picture, "body": body, "setup": setup, "now": now, "title": gettext("Try the calling rules out"),
        "in_force": [_spoken(call) for call in picture.in_force], "proposed": [_spoken(call) for call in picture.proposed],
        "frame": hall_frame(actor, place, "", (_("Halls"), reverse("sites:halls"))),
        "counters": sorted(setup.counters.values(), key=lambda counter: (len(counter.number), counter.number)),
    }  # fmt: skip
    return render(request, "queueing/editing/calling_preview.html", context)


def _counter(setup: HallSetup, number: str) -> CounterInfo:
    """The counter of this number; without one, the counter that serves most queues. Raises Refusal counter.unknown."""
    places = [place for place in setup.counters.values() if not number or place.number == number]
    if not places:
        raise Refusal(COUNTER_UNKNOWN)
    return max(places, key=lambda place: len(place.queues))


def _spoken(call: NextCall) -> tuple[str, str]:
    who = call.who
    sentence = why_sentence(
        call.rule, call.told, waited_s=who.waited_s, priority=who.priority, head_start_min=who.head_start_min
    )
    return who.number, sentence


urls = [path("admin/halls/<str:hall>/calling-preview/", calling_preview, name="calling-preview")]
