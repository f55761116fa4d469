"""What a clerk's counter screen shows: the seats of a hall, the screen of one counter session, and who is set aside.

Before the call a screen holds counts only: who waits stays unknown, so that nobody can pick easy customers.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Min

from yingting.domains.queueing.contracts import Business, CounterInfo, HallSetup, Priority, QueueInfo, Step
from yingting.domains.queueing.models import CounterSession, Handling, SessionState, Ticket, TicketState
from yingting.domains.queueing.queries.setup import skills_of
from yingting.domains.queueing.refusals import NOT_YOURS, SESSION_UNKNOWN
from yingting.domains.queueing.rules import eligible_queues
from yingting.foundation.catalogue.models import BusinessType
from yingting.foundation.journal.models import Fact
from yingting.foundation.people.access import hall_for
from yingting.foundation.people.permissions import Permission
from yingting.kernel.actors import Actor
from yingting.kernel.clocks import elapsed_s
from yingting.kernel.refusals import Refusal

# A clock of handling turns amber at this share of its limit.
NEAR_LIMIT = 0.8


@dataclass(frozen=True, slots=True)
class Seat:
    """A counter of a hall as somebody looking for a seat sees it: free, or taken by whom."""

    counter: UUID
    number: str
    name: str
    queues: tuple[QueueInfo, ...]
    taken_by: str
    taken_by_name: str
    is_mine: bool


@dataclass(frozen=True, slots=True)
class LineAhead:
    """A queue that this clerk serves at this counter: how many wait, the longest wait in seconds."""

    queue: QueueInfo
    waiting: int
    longest_s: float


@dataclass(frozen=True, slots=True)
class OwnDay:
    """The clerk's own day in this hall: visits finished, mean length of a handling in seconds, ratings with their mean."""

    served: int
    mean_handling_s: float | None
    ratings: int
    mean_rating: float | None


@dataclass(frozen=True, slots=True)
class HandlingNow:
    """The running handling: its clock against its limit, and the businesses done in it."""

    elapsed_s: float
    limit_s: int
    kind: str
    businesses: tuple[Business, ...]

    @property
    def level(self) -> str:
        """ok, near (from 80 % of the limit) or over (beyond it; the limit itself is kept).

        >>> [HandlingNow(s, 180, "single", ()).level for s in (143.9, 144, 180, 180.1)]
        ['ok', 'near', 'near', 'over']
        """
        if self.elapsed_s > self.limit_s:
            return "over"
        return "near" if self.elapsed_s >= self.limit_s * NEAR_LIMIT else "ok"


@dataclass(frozen=True, slots=True)
class AtCounter:
    """The ticket at the counter, known only since its call. `earlier` are the businesses of the visit done before."""

    id: UUID
    number: str
    secret: str
    state: str
    version: int
    queue: QueueInfo | None
    business: Business
    priority: Priority | None
    rule: str
    told: Mapping[str, Any]
    head_start_min: int
    waited_s: float
    visit_s: float
    calls: int
    since_s: float
    handling: HandlingNow | None
    earlier: tuple[Business, ...]
    rating_asked: bool
    needs_verification: str
    verified: str

    @property
    def preparation(self) -> tuple[Step, ...]:
        """What was to be prepared for a complex business while the customer waited."""
        return self.business.sheet.preparation if self.business.sheet.is_complex else ()

    @property
    def papers(self) -> tuple[tuple[str, str], ...]:
        """The papers, each once, of everything that is being done now (Chinese, English)."""
        running = self.handling.businesses if self.handling else (self.business,)
        return tuple(dict.fromkeys(paper for business in running for paper in business.papers))


@dataclass(frozen=True, slots=True)
class LastServed:
    """The visit that this session finished last, while its rating may still be asked for."""

    id: UUID
    number: str
    version: int
    rating_asked: bool
    rating: int | None


@dataclass(frozen=True, slots=True)
class CounterScreen:
    """The whole counter screen. `state` is open, paused, closed or old (a session of another business day)."""

    session: UUID
    hall: UUID
    counter: UUID
    number: str
    state: str
    business_day: dt.date
    pause_reason: str
    since_s: float
    closed_by: str
    closed_at: dt.datetime | None
    ticket: AtCounter | None
    last: LastServed | None
    line: tuple[LineAhead, ...]
    directed: int
    aside: int
    own: OwnDay

    @property
    def waiting(self) -> int:
        """How many this counter could call."""
        return self.directed + sum(line.waiting for line in self.line)

    @property
    def longest_s(self) -> float:
        """The longest wait among them."""
        return max((line.longest_s for line in self.line), default=0.0)


@dataclass(frozen=True, slots=True)
class SetAside:
    """A parked or missed ticket that may be taken up again; `since_s` counts from when it was set aside."""

    id: UUID
    number: str
    state: str
    version: int
    business: Business
    since_s: float
    reason: str


def seats(setup: HallSetup, actor: Actor, *, now: dt.datetime) -> tuple[Seat, ...]:
    """Return the counters of a hall, by number, with who sits there now."""
    taken = {
        row.counter_id: row
        for row in CounterSession.objects.filter(hall=setup.id, business_day=setup.day(now))
        .exclude(state=SessionState.CLOSED)
        .select_related("clerk")
    }
    listed = []
    for place in setup.counters.values():
        row = taken.get(place.id)
        who, name = (row.clerk.staff_no, row.clerk.name) if row else ("", "")
        mine = row is not None and row.clerk_id == actor.id
        queues = tuple(setup.queues[queue] for queue in place.queues)
        listed.append(Seat(place.id, place.number, place.name, queues, who, name, mine))
    return tuple(sorted(listed, key=lambda seat: (len(seat.number), seat.number)))


def seat_of(actor: Actor) -> tuple[UUID, UUID] | None:
    """Return (hall, session) where the actor sits now, of whatever day, or None."""
    return (
        CounterSession.objects.filter(clerk=actor.id)
        .exclude(state=SessionState.CLOSED)
        .values_list("hall_id", "id")
        .first()
        if actor.id
        else None
    )


def hall_of_own_session(actor: Actor, session: UUID) -> UUID:
    """Return the hall of the actor's own counter session, open or not.

    Raises Refusal session.unknown, hall.unknown outside the actor's scope, access.refused without the permission to serve,
    ticket.not_yours when a colleague sits there.
    """
    row = CounterSession.objects.filter(pk=session).values_list("hall_id", "clerk_id").first()
    if row is None:
        raise Refusal(SESSION_UNKNOWN)
    hall_for(actor, Permission.QUEUE_SERVE, row[0])
    if row[1] != actor.id:
        raise Refusal(NOT_YOURS)
    return row[0]


def version_of(hall: UUID, ticket: UUID) -> int | None:
    """Return the ticket's present version: a screen that acts on an older one has not seen what happened since."""
    return Ticket.objects.filter(pk=ticket, hall=hall).values_list("version", flat=True).first()


def counter_screen(setup: HallSetup, session: UUID, *, now: dt.datetime) -> CounterScreen:
    """Return the screen of a counter session of this hall. Raises Refusal session.unknown."""
    row = CounterSession.objects.select_related("ticket").filter(pk=session, hall=setup.id).first()
    if row is None:
        raise Refusal(SESSION_UNKNOWN)
    day = setup.day(now)
    is_old = row.state != SessionState.CLOSED and row.business_day != day
    place = setup.counters.get(row.counter_id) or CounterInfo(row.counter_id, "?", "", ())
    queues = eligible_queues(place.queues, {q.id: q.classes for q in setup.queues.values()}, skills_of(row.clerk_id))
    line, directed = _line(setup, day, queues, place.id, now)
    aside = Ticket.objects.filter(hall=setup.id, business_day=day, state__in=_ASIDE).count()
    return CounterScreen(
        session=row.pk,
        hall=setup.id,
        counter=place.id,
        number=place.number,
        state="old" if is_old else row.state,
        business_day=row.business_day,
        pause_reason=row.pause_reason,
        since_s=elapsed_s(row.changed_at, now),
        closed_by=_closed_by(row),
        closed_at=row.closed_at,
        ticket=_at_counter(setup, row.ticket, now) if row.ticket else None,
        last=_last_served(row, now) if row.ticket is None else None,
        line=line,
        directed=directed,
        aside=aside,
        own=own_day(setup, row.clerk_id, day),
    )


_ASIDE = (TicketState.PARKED, TicketState.MISSED)


def _line(
    setup: HallSetup, day: dt.date, queues: tuple[UUID, ...], counter: UUID, now: dt.datetime
) -> tuple[tuple[LineAhead, ...], int]:
    waiting = Ticket.objects.filter(hall=setup.id, business_day=day, state=TicketState.WAITING)
    counted = {
        row["queue"]: row
        for row in waiting.filter(queue__in=queues, for_counter__isnull=True)
        .values("queue")
        .annotate(people=Count("id"), oldest=Min("issued_at"))
        .order_by()
    }
    listed = []
    for queue in queues:
        row = counted.get(queue)
        people, longest = (row["people"], elapsed_s(row["oldest"], now)) if row else (0, 0.0)
        listed.append(LineAhead(setup.queues[queue], people, longest))
    return tuple(listed), waiting.filter(for_counter=counter).count()


def _closed_by(row: CounterSession) -> str:
    """clerk, manager or day_end; "" while the session is not closed."""
    if row.state != SessionState.CLOSED:
        return ""
    fact = Fact.objects.filter(subject=row.pk, kind="session.closed").order_by("-version").first()
    return str(fact.data["why"]) if fact else ""


def _business(setup: HallSetup, business: UUID) -> Business:
    """The business, also when it has left the hall's offer since the ticket was taken."""
    if found := setup.businesses.get(business):
        return found
    row = BusinessType.objects.get(pk=business)
    return Business(row.pk, row.business_class_id, row.name, row.name_en, row.kind, row.limit_min, row.expected_s, ())


def _at_counter(setup: HallSetup, ticket: Ticket, now: dt.datetime) -> AtCounter:
    called = Fact.objects.filter(subject=ticket.pk, kind="ticket.called").order_by("-version").first()
    stints = list(Handling.objects.filter(ticket=ticket).order_by("started_at", "id"))
    running = next((stint for stint in stints if stint.ended_at is None), None)
    earlier = [UUID(item) for stint in stints if stint is not running for item in stint.businesses]
    return AtCounter(
        id=ticket.pk,
        number=ticket.number,
        secret=ticket.secret,
        state=ticket.state,
        version=ticket.version,
        queue=setup.queues.get(ticket.queue_id),
        business=_business(setup, ticket.business_id),
        priority=setup.priorities.get(ticket.priority_id),
        rule=str(called.data["rule"]) if called else "",
        told=called.data.get("told", {}) if called else {},
        # As it was when the number was taken, whatever the class has now.
        head_start_min=int(elapsed_s(ticket.rank_at, ticket.issued_at) // 60),
        waited_s=float(called.data["waited_s"]) if called else 0.0,
        visit_s=elapsed_s(ticket.issued_at, ticket.first_called_at or now),
        calls=ticket.calls,
        since_s=elapsed_s(ticket.called_at or ticket.changed_at, now),
        handling=_handling_now(setup, running, now) if running else None,
        earlier=tuple(_business(setup, item) for item in dict.fromkeys(earlier)),
        rating_asked=ticket.rating_asked_at is not None,
        needs_verification=ticket.needs_verification,
        verified=_verified(setup, ticket, running),
    )


def _verified(setup: HallSetup, ticket: Ticket, running: Handling | None) -> str:
    """How the risk business of the running handling was verified last; "" for none."""
    done = [_business(setup, UUID(item)) for item in running.businesses] if running else []
    if ticket.needs_verification or not any(item.sheet.is_risk for item in done):
        return ""
    fact = Fact.objects.filter(subject=ticket.pk, kind="ticket.verified").order_by("-version").first()
    return str(fact.data["how"]) if fact else ""


def _handling_now(setup: HallSetup, stint: Handling, now: dt.datetime) -> HandlingNow:
    done = tuple(_business(setup, UUID(item)) for item in stint.businesses)
    return HandlingNow(elapsed_s(stint.started_at, now), stint.limit_min * 60, stint.kind, done)


# How long after a visit its rating may be asked for at the counter.
_STILL_HERE = dt.timedelta(minutes=2)


def _last_served(row: CounterSession, now: dt.datetime) -> LastServed | None:
    last = (
        Ticket.objects.filter(session=row, state=TicketState.FINISHED, ended_at__gte=now - _STILL_HERE)
        .order_by("-ended_at")
        .first()
    )
    return (
        LastServed(last.pk, last.number, last.version, last.rating_asked_at is not None, last.rating) if last else None
    )


def own_day(setup: HallSetup, clerk: UUID, day: dt.date) -> OwnDay:
    """Return the clerk's own day: visits finished at the clerk's counters, mean length of the handlings, ratings."""
    stints = Handling.objects.filter(
        hall=setup.id, clerk=clerk, ticket__business_day=day, outcome__in=("finished", "next")
    ).values_list("started_at", "ended_at")
    lengths = [elapsed_s(start, end) for start, end in stints if end]
    visits = Ticket.objects.filter(hall=setup.id, business_day=day, state=TicketState.FINISHED, session__clerk=clerk)
    scores = list(visits.values_list("rating", flat=True))
    given = [score for score in scores if score is not None]
    return OwnDay(
        served=len(scores),
        mean_handling_s=sum(lengths) / len(lengths) if lengths else None,
        ratings=len(given),
        mean_rating=sum(given) / len(given) if given else None,
    )


def set_aside(setup: HallSetup, *, now: dt.datetime) -> tuple[SetAside, ...]:
    """Return the parked tickets of the hall's day, longest parked first, then the missed ones, latest first."""
    rows = list(
        Ticket.objects.filter(hall=setup.id, business_day=setup.day(now), state__in=_ASIDE).order_by("changed_at", "id")
    )
    parked = [row for row in rows if row.state == TicketState.PARKED]
    missed = [row for row in rows if row.state == TicketState.MISSED][::-1][:20]
    reasons: dict[UUID, str] = {}
    for fact in Fact.objects.filter(subject__in=[row.pk for row in parked], kind="ticket.parked").order_by("version"):
        reasons[fact.subject] = fact.data["reason"]
    return tuple(
        SetAside(
            row.pk, row.number, row.state, row.version, _business(setup, row.business_id), elapsed_s(row.changed_at, now),
            reasons.get(row.pk, ""),
        )
        for row in parked + missed
    )  # fmt: skip


def secret_of(hall: UUID, ticket: UUID) -> str | None:
    """Return the secret of a ticket of this hall, for the code that the clerk shows to its customer."""
    return Ticket.objects.filter(pk=ticket, hall=hall).values_list("secret", flat=True).first()
