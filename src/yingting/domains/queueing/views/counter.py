"""The clerk's counter screen: choose a counter, then one screen that every key acts on.

Each press is one POST to `counter-step`, answered by the screen as it is afterwards. Call, start and finish carry a key, so
that a press repeated after a lost line gets the first answer; the other steps carry the version of the ticket that the screen
showed, so that a repeated press is not done twice.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from uuid import UUID

import segno
from django.contrib.auth import authenticate
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, path, reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from yingting.domains.queueing.actions import calling, moving, serving, sessions, verifying
from yingting.domains.queueing.contracts import HallSetup
from yingting.domains.queueing.queries import counters
from yingting.domains.queueing.queries.counters import AtCounter, CounterScreen
from yingting.domains.queueing.queries.setup import fresh_setup, hall_now
from yingting.domains.queueing.refusals import (
    COUNTER_UNKNOWN,
    NOT_OFFERED,
    SECOND_PERSON_UNFIT,
    TICKET_MOVED_ON,
    TICKET_UNKNOWN,
    VERIFICATION_UNNEEDED,
)
from yingting.domains.queueing.views.limits import limit, require_room
from yingting.domains.queueing.views.posting import (
    actor_of,
    posted_id,
    posted_id_or_none,
    posted_key,
    posted_reason,
    posted_target,
)
from yingting.domains.queueing.views.words import why_sentence
from yingting.foundation.live.panels import panels
from yingting.foundation.live.tokens import live_token
from yingting.foundation.people.access import ACCESS_REFUSED, hall_for, halls_for
from yingting.foundation.people.permissions import Permission
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal


@login_required
@require_GET
def counter(request: HttpRequest) -> HttpResponse:
    """The counter where the actor sits, or the choice of a free one."""
    seat = counters.seat_of(actor_of(request))
    if seat is None:
        return _choose(request)
    hall, session = seat
    hall_for(actor_of(request), Permission.QUEUE_SERVE, hall)
    return render(
        request,
        "queueing/counter.html",
        {
            **_context(actor_of(request), hall, session),
            "once": [panel.url_name for panel in panels("counter.once", actor_of(request), fresh_setup(hall).path)],
            "live_token": live_token([hall]),
        },
    )


def _choose(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    halls = list(halls_for(actor, Permission.QUEUE_SERVE)[:200])
    if not halls:
        raise Refusal(ACCESS_REFUSED)
    wanted = request.GET.get("hall")
    hall = hall_for(actor, Permission.QUEUE_SERVE, wanted) if wanted else halls[0] if len(halls) == 1 else None
    context: dict[str, object] = {"halls": halls, "hall": hall}
    if hall is not None:
        setup = fresh_setup(hall.pk)
        context |= {
            "setup": setup,
            "seats": counters.seats(setup, actor, now=hall_now(hall.pk)),
            "live_token": live_token([hall.pk]),
        }
    template = "queueing/_choose.html" if request.headers.get("HX-Request") else "queueing/choose.html"
    return render(request, template, context)


@login_required
@require_POST
def counter_open(request: HttpRequest) -> HttpResponse:
    """Sign in at a counter, then show its screen."""
    actor = actor_of(request)
    hall = hall_for(actor, Permission.QUEUE_SERVE, posted_id(request, "hall", "hall.unknown")).pk
    sessions.open_counter(
        hall=hall, counter=posted_id(request, "counter", COUNTER_UNKNOWN), actor=actor, now=hall_now(hall)
    )
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": reverse("queueing:counter")})
    return redirect("queueing:counter")


@login_required
@require_GET
def counter_screen(request: HttpRequest, session: UUID) -> HttpResponse:
    """The screen of the actor's own session, for its live refresh; it also says that the session is over."""
    hall = counters.hall_of_own_session(actor_of(request), session)
    return render(request, "queueing/_counter.html", _context(actor_of(request), hall, session))


@login_required
@require_POST
def counter_step(request: HttpRequest, session: UUID, verb: str) -> HttpResponse:
    """One press on the counter screen: do it, then show the screen as it is now."""
    actor = actor_of(request)
    hall = counters.hall_of_own_session(actor, session)
    step = _STEPS.get(verb)
    if step is None:
        raise Http404
    if not _was_done_before(request, hall):
        step(request, hall, session, actor, hall_now(hall))
    if verb == "close":
        return HttpResponse(status=204, headers={"HX-Redirect": reverse("queueing:counter")})
    return render(request, "queueing/_counter.html", _context(actor_of(request), hall, session))


def _was_done_before(request: HttpRequest, hall: UUID) -> bool:
    """Has the ticket changed since the screen saw it? A repeated press then counts as done; a first one is refused."""
    seen = request.POST.get("seen", "")
    if not seen.isdecimal():
        return False
    ticket = posted_id(request, "ticket", TICKET_UNKNOWN)
    if counters.version_of(hall, ticket) in (int(seen), None):
        return False
    if request.POST.get("again") == "1":
        return True
    raise Refusal(TICKET_MOVED_ON, state=gettext("changed by somebody else"))


_Step = Callable[[HttpRequest, UUID, UUID, Actor, dt.datetime], object]


def _ticket(request: HttpRequest) -> UUID:
    return posted_id(request, "ticket", TICKET_UNKNOWN)


def _call(request: HttpRequest, hall: UUID, session: UUID, actor: Actor, now: dt.datetime) -> None:
    place = counters.counter_screen(fresh_setup(hall), session, now=now).counter
    calling.call_next(hall=hall, session=session, counter=place, actor=actor, now=now, request_key=posted_key(request))


def _transfer(request: HttpRequest, hall: UUID, _session: UUID, actor: Actor, now: dt.datetime) -> None:
    where, place = posted_target(request)
    business = posted_id_or_none(request, "business", NOT_OFFERED)
    moving.transfer_ticket(
        hall=hall, ticket=_ticket(request), place=place, business=business, actor=actor, now=now, **where
    )


def _verify(request: HttpRequest, hall: UUID, _session: UUID, actor: Actor, now: dt.datetime) -> None:
    try:
        how = verifying.How(request.POST.get("how", ""))
    except ValueError as error:
        raise Refusal(VERIFICATION_UNNEEDED) from error
    second = _second_person(request) if how is verifying.How.SECOND_PERSON else None
    verifying.verify_identity(hall=hall, ticket=_ticket(request), how=how, second=second, actor=actor, now=now)


# As at the sign-in: so many wrong passwords for one staff number from one address, then a pause.
_WRONG_PASSWORDS, _WRONG_WINDOW_S = 10, 600


def _second_person(request: HttpRequest) -> UUID:
    """Who confirms at this PC with an own staff number and password."""
    staff_no = request.POST.get("staff_no", "").strip()
    place = f"{staff_no.casefold()}|{request.META.get('REMOTE_ADDR', '')}"
    who = hashlib.sha256(place.encode()).hexdigest()
    require_room(request, "second-person", times=_WRONG_PASSWORDS, seconds=_WRONG_WINDOW_S, who=who)
    person = authenticate(request, username=staff_no, password=request.POST.get("password", ""))
    if person is None:
        limit(request, "second-person", times=10**6, seconds=_WRONG_WINDOW_S, who=who)
        raise Refusal(SECOND_PERSON_UNFIT)
    return UUID(str(person.pk))


_STEPS: dict[str, _Step] = {
    "call": _call,
    "recall": lambda r, hall, _s, actor, now: calling.recall(hall=hall, ticket=_ticket(r), actor=actor, now=now),
    "no-show": lambda r, hall, _s, actor, now: calling.mark_no_show(hall=hall, ticket=_ticket(r), actor=actor, now=now),
    "return": lambda r, hall, _s, actor, now: calling.return_ticket(hall=hall, ticket=_ticket(r), actor=actor, now=now),
    "start": lambda r, hall, _s, actor, now: serving.start_handling(
        hall=hall, ticket=_ticket(r), actor=actor, now=now, request_key=posted_key(r)
    ),
    "finish": lambda r, hall, _s, actor, now: serving.finish(
        hall=hall, ticket=_ticket(r), actor=actor, now=now, request_key=posted_key(r)
    ),
    "transfer": _transfer,
    "park": lambda r, hall, _s, actor, now: serving.park(
        hall=hall, ticket=_ticket(r), reason=posted_reason(r), actor=actor, now=now
    ),
    "resume": lambda r, hall, session, actor, now: serving.resume(
        hall=hall, ticket=_ticket(r), session=session, actor=actor, now=now
    ),
    "add-business": lambda r, hall, _s, actor, now: serving.add_business(
        hall=hall, ticket=_ticket(r), business=posted_id(r, "business", NOT_OFFERED), actor=actor, now=now
    ),
    "next-business": lambda r, hall, _s, actor, now: serving.next_business(
        hall=hall, ticket=_ticket(r), business=posted_id(r, "business", NOT_OFFERED), actor=actor, now=now
    ),
    "ask-rating": lambda r, hall, _s, actor, now: serving.ask_rating(hall=hall, ticket=_ticket(r), actor=actor, now=now),
    "verify": _verify,
    "pause": lambda r, hall, session, actor, now: sessions.pause(
        hall=hall, session=session, reason=posted_reason(r), actor=actor, now=now
    ),
    "unpause": lambda _r, hall, session, actor, now: sessions.unpause(hall=hall, session=session, actor=actor, now=now),
    "close": lambda _r, hall, session, actor, now: sessions.close_counter(hall=hall, session=session, actor=actor, now=now),
}  # fmt: skip

DIALOGS = ("transfer", "park", "pause", "add-business", "next-business", "aside", "leave", "verify")


@login_required
@require_GET
def counter_dialog(request: HttpRequest, session: UUID, name: str) -> HttpResponse:
    """The inside of one dialog of the counter screen, as things stand now."""
    hall = counters.hall_of_own_session(actor_of(request), session)
    if name not in DIALOGS:
        raise Http404
    context = _context(actor_of(request), hall, session) | {"name": name}
    if name == "aside":
        context["set_aside"] = counters.set_aside(fresh_setup(hall), now=hall_now(hall))
    if name == "transfer":
        context["seats"] = counters.seats(fresh_setup(hall), actor_of(request), now=hall_now(hall))
    return render(request, f"queueing/dialogs/{name}.html", context)


@login_required
@require_GET
def counter_rating(request: HttpRequest, session: UUID, ticket: UUID) -> HttpResponse:
    """The code that the customer scans to rate the visit."""
    hall = counters.hall_of_own_session(actor_of(request), session)
    secret = counters.secret_of(hall, ticket)
    if secret is None:
        raise Refusal(TICKET_UNKNOWN)
    address = request.build_absolute_uri(_phone_page(secret))
    picture = segno.make(address, error="m").svg_data_uri(scale=6, border=2)
    return render(request, "queueing/dialogs/rating.html", {"picture": picture, "address": address})


def _phone_page(secret: str) -> str:
    try:
        return reverse("queueing:phone", args=[secret])
    except NoReverseMatch:  # an installation without the customer's pages
        return f"/t/{secret}/"


def _context(actor: Actor, hall: UUID, session: UUID) -> dict[str, object]:
    setup = fresh_setup(hall)
    screen = counters.counter_screen(setup, session, now=hall_now(hall))
    # What other apps add: to a ticket at the counter, or to an open counter without one.
    slot, subject = ("counter.ticket", screen.ticket.id) if screen.ticket else ("counter.idle", session)
    added = panels(slot, actor, setup.path) if screen.state in ("open", "paused") else []
    return {
        "setup": setup,
        "screen": screen,
        "ticket": screen.ticket,
        "why": _why(screen),
        "side_panels": [reverse(panel.url_name, args=[session]) for panel in panels("counter", actor, setup.path)],
        "panels": [reverse(panel.url_name, args=[subject]) for panel in added],
        **_names(setup),
    }


def _names(setup: HallSetup) -> dict[str, object]:
    return {"queues": setup.queues.values(), "businesses": setup.businesses.values(), "speed": setup.clock.speed}


def _why(screen: CounterScreen) -> str:
    """Why this ticket was next, in one sentence of the reader's language."""
    ticket: AtCounter | None = screen.ticket
    if ticket is None or not ticket.rule:
        return ""
    return why_sentence(
        ticket.rule,
        ticket.told,
        waited_s=ticket.waited_s,
        priority=ticket.priority,
        head_start_min=ticket.head_start_min,
    )


urls = [
    path("counter/", counter, name="counter"),
    path("counter/open/", counter_open, name="counter-open"),
    path("counter/<uuid:session>/", counter_screen, name="counter-screen"),
    path("counter/<uuid:session>/dialog/<slug:name>/", counter_dialog, name="counter-dialog"),
    path("counter/<uuid:session>/rating/<uuid:ticket>/", counter_rating, name="counter-rating"),
    path("counter/<uuid:session>/<slug:verb>/", counter_step, name="counter-step"),
]
