"""How hard a hall is pressed now, for those above who watch it: who waits, what a newcomer is told, which counters could help."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Max, Q

from yingting.domains.queueing.contracts import HallSetup
from yingting.domains.queueing.models import CounterSession, ForcedMode, Handling, SessionState, Ticket, TicketState
from yingting.domains.queueing.queries.announcing import told_to_newcomers
from yingting.domains.queueing.rules.announcing import Line as Standing


@dataclass(frozen=True, slots=True)
class Line:
    """One queue: people waiting, the longest that a newcomer is told to wait (None: no counter serves it), open counters."""

    id: UUID
    letter: str
    name: str
    name_en: str
    waiting: int
    high_min: int | None
    counters: int


@dataclass(frozen=True, slots=True)
class Seat:
    """A counter: closed, paused or open; who sits there; how many people it could serve are waiting.

    `idle_since` is set for an open counter with nobody at it while somebody whom it could serve waits: since when both hold.
    """

    counter: UUID
    number: str
    state: str
    session: UUID | None
    clerk: UUID | None
    clerk_label: str
    clerk_name: str
    pause_reason: str
    waiting: int
    idle_since: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Waiter:
    """Somebody who waits: the wait counts from the issue, the place in the present line from `queued_at`."""

    number: str
    queue: UUID
    issued_at: dt.datetime
    queued_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Pressure:
    """A hall at one moment. `waiters` come longest first."""

    hall: UUID
    at: dt.datetime
    waiters: tuple[Waiter, ...]
    lines: tuple[Line, ...]
    seats: tuple[Seat, ...]

    @property
    def expected_min(self) -> int:
        """The longest wait that a newcomer would be told, over the queues that somebody serves."""
        return max((line.high_min for line in self.lines if line.high_min is not None), default=0)


def pressure(setup: HallSetup, *, now: dt.datetime) -> Pressure:
    """Return how hard the hall is pressed. Two queries, a third and a fourth only while a counter idles before a queue."""
    day = setup.day(now)
    rows = list(
        Ticket.objects.filter(hall=setup.id, business_day=day, state=TicketState.WAITING)
        .order_by("issued_at", "id")
        .values_list("number", "queue_id", "issued_at", "queued_at", "expected_s")
    )
    sessions = {
        session.counter_id: session
        for session in CounterSession.objects.filter(hall=setup.id, business_day=day)
        .exclude(state=SessionState.CLOSED)
        .select_related("clerk")
    }
    waiters = tuple(Waiter(number, queue, issued, queued) for number, queue, issued, queued, _expected in rows)
    work: dict[UUID, list[tuple[int, dt.datetime]]] = defaultdict(list)
    for _number, queue, _issued, queued, expected_s in rows:
        work[queue].append((expected_s, queued))
    return Pressure(setup.id, now, waiters, _lines(setup, work, sessions, now), _seats(setup, waiters, sessions, now))


def _lines(
    setup: HallSetup,
    work: dict[UUID, list[tuple[int, dt.datetime]]],
    sessions: dict[UUID, CounterSession],
    now: dt.datetime,
) -> tuple[Line, ...]:
    is_free = {
        counter: session.ticket_id is None
        for counter, session in sessions.items()
        if session.state == SessionState.OPEN and counter in setup.counters
    }
    lines = {queue: Standing(tuple(one for one, _ in line), min(at for _, at in line)) for queue, line in work.items()}
    told = told_to_newcomers(setup, lines, is_free, now=now)
    listed = []
    for queue in setup.queues.values():
        serving = sum(queue.id in setup.counters[counter].queues for counter in is_free)
        _low, high = told[queue.id].ends
        listed.append(Line(queue.id, queue.letter, queue.name, queue.name_en, len(work[queue.id]), high, serving))
    return tuple(listed)


def _seats(
    setup: HallSetup, waiters: tuple[Waiter, ...], sessions: dict[UUID, CounterSession], now: dt.datetime
) -> tuple[Seat, ...]:
    listed = []
    served = {counter.id: [w for w in waiters if w.queue in counter.queues] for counter in setup.counters.values()}
    free = {
        counter: session
        for counter, session in sessions.items()
        if session.state == SessionState.OPEN and session.ticket_id is None and served.get(counter)
    }
    left = _last_left(setup, free.values(), now)
    for counter in setup.counters.values():
        session, line = sessions.get(counter.id), served[counter.id]
        if session is None:
            listed.append(Seat(counter.id, counter.number, "closed", None, None, "", "", "", len(line), None))
            continue
        idle_since = None
        if counter.id in free:
            first = min(waiter.queued_at for waiter in line)
            idle_since = max(first, session.changed_at, left.get(session.pk, session.opened_at))
        listed.append(
            Seat(
                counter.id, counter.number, session.state, session.pk, session.clerk_id, session.clerk.staff_no,
                session.clerk.name, session.pause_reason, len(line), idle_since,
            )
        )  # fmt: skip
    return tuple(listed)


def _last_left(setup: HallSetup, sessions: Collection[CounterSession], now: dt.datetime) -> dict[UUID, dt.datetime]:
    """When the last customer of each session left it: was served, or did not come."""
    if not sessions:
        return {}
    keys = [session.pk for session in sessions]
    tickets = Ticket.objects.filter(hall=setup.id, business_day=setup.day(now), called_at__isnull=False)
    missed = dict(
        tickets.filter(session__in=keys, state=TicketState.MISSED)
        .values_list("session")
        .annotate(last=Max("changed_at"))
    )
    handled = dict(
        Handling.objects.filter(
            session__in=keys, ticket__in=tickets.filter(started_at__isnull=False), ended_at__isnull=False
        )
        .values_list("session")
        .annotate(last=Max("ended_at"))
    )
    return {key: max(at for at in (missed.get(key), handled.get(key)) if at) for key in missed.keys() | handled.keys()}


def spans_in_line(
    setup: HallSetup, queues: Collection[UUID], *, since: dt.datetime, now: dt.datetime
) -> dict[UUID, list[tuple[dt.datetime, dt.datetime | None]]]:
    """Return for each queue who stood in its line after `since`: from when, and until when (None: still there).

    Of a ticket that has been in several lines only the last one is known.
    """
    spans: dict[UUID, list[tuple[dt.datetime, dt.datetime | None]]] = defaultdict(list)
    rows = Ticket.objects.filter(hall=setup.id, business_day=setup.day(now), queue__in=queues).filter(
        Q(state=TicketState.WAITING) | Q(changed_at__gte=since)
    )
    for queue, state, queued, first_called, changed in rows.values_list(
        "queue_id", "state", "queued_at", "first_called_at", "changed_at"
    ):
        until = None
        if state != TicketState.WAITING:
            until = first_called if first_called and first_called >= queued else changed
        spans[queue].append((queued, until))
    return spans


@dataclass(frozen=True, slots=True)
class VisitWait:
    """A visit's wait: from its ticket to its first call (or until it left), and what it was for. `until` None: still waiting."""

    business: UUID
    issued_at: dt.datetime
    until: dt.datetime | None
    was_called: bool


def waits_of_day(hall: UUID, day: dt.date) -> tuple[VisitWait, ...]:
    """Return the waits of all visits of a day, in order of issue."""
    rows = Ticket.objects.filter(hall=hall, business_day=day).order_by("issued_at", "id")
    return tuple(
        VisitWait(business, issued, first or (None if state == TicketState.WAITING else changed), first is not None)
        for business, issued, first, state, changed in rows.values_list(
            "business_id", "issued_at", "first_called_at", "state", "changed_at"
        )
    )


@dataclass(frozen=True, slots=True)
class ForcedStretch:
    """A stretch of forced diversion with its people; `ended_at` is None while it runs."""

    id: UUID
    reason: str
    started_at: dt.datetime
    started_by: str
    ended_at: dt.datetime | None
    ended_by: str


def forced_stretches(hall: UUID, day: dt.date) -> tuple[ForcedStretch, ...]:
    """Return a day's stretches of forced diversion, first to last."""
    rows = ForcedMode.objects.filter(hall=hall, business_day=day).order_by("started_at")
    names = ("id", "reason", "started_at", "started_by__name", "ended_at", "ended_by__name")
    return tuple(
        ForcedStretch(pk, reason, begun, by or "", ended, ended_by or "")
        for pk, reason, begun, by, ended, ended_by in rows.values_list(*names)
    )
