"""What the hall looks like now: for the board on the wall, and for the duty manager."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from yingting.domains.queueing.contracts import HallSetup
from yingting.domains.queueing.models import CounterSession, SessionState, Ticket, TicketState
from yingting.domains.queueing.queries.announcing import told_to_newcomers
from yingting.domains.queueing.rules.announcing import Line
from yingting.kernel.clocks import elapsed_s


@dataclass(frozen=True, slots=True)
class BoardCall:
    """One call on the board. `key` changes with every call and recall, so a screen knows what it has spoken.

    `is_now`: the customer is still on the way to the counter.
    """

    key: str
    number: str
    counter: str
    called_at: dt.datetime
    is_recall: bool
    is_now: bool


@dataclass(frozen=True, slots=True)
class BoardQueue:
    """A queue on the board: people waiting and the range of minutes for one who came now (None: no counter open)."""

    id: UUID
    letter: str
    name: str
    name_en: str
    zone: str
    zone_en: str
    waiting: int
    low_min: int | None
    high_min: int | None
    counters: int


@dataclass(frozen=True, slots=True)
class HallBoard:
    """The hall board: calls newest first, queues, and the moment it was read."""

    hall: UUID
    at: dt.datetime
    calls: tuple[BoardCall, ...]
    queues: tuple[BoardQueue, ...]


def hall_board(setup: HallSetup, *, now: dt.datetime, calls: int = 8) -> HallBoard:
    """Return the board of a hall: the last `calls` calls and every queue."""
    day = setup.day(now)
    rows = (
        Ticket.objects.filter(hall=setup.id, business_day=day, called_at__isnull=False)
        .exclude(state=TicketState.WAITING)
        .order_by("-called_at", "-id")
        .values_list("id", "number", "calls", "called_at", "state", "counter_id")[: calls * 2]
    )
    listed = []
    for pk, number, count, called_at, state, counter in rows:
        # A ticket that has left its counter (no-show, parked) is no longer called.
        if counter is not None and called_at is not None and counter in setup.counters:
            place = setup.counters[counter].number
            is_now = state == TicketState.CALLED
            listed.append(BoardCall(f"{pk}:{count}", number, place, called_at, count > 1, is_now))
    return HallBoard(setup.id, now, tuple(listed[:calls]), _board_queues(setup, now))


def _board_queues(setup: HallSetup, now: dt.datetime) -> tuple[BoardQueue, ...]:
    day = setup.day(now)
    waiting: dict[UUID, list[tuple[int, dt.datetime]]] = defaultdict(list)
    for queue_id, expected_s, queued_at in Ticket.objects.filter(
        hall=setup.id, business_day=day, state=TicketState.WAITING
    ).values_list("queue_id", "expected_s", "queued_at"):
        waiting[queue_id].append((expected_s, queued_at))
    lines = {queue: Line(tuple(one for one, _ in line), min(at for _, at in line)) for queue, line in waiting.items()}
    # counter → has nobody at it
    open_counters = {
        counter: ticket is None
        for counter, ticket in CounterSession.objects.filter(
            hall=setup.id, business_day=day, state=SessionState.OPEN
        ).values_list("counter_id", "ticket_id")
        if counter in setup.counters
    }
    told = told_to_newcomers(setup, lines, open_counters, now=now)
    listed = []
    for queue in setup.queues.values():
        counters = sum(queue.id in setup.counters[counter].queues for counter in open_counters)
        low, high = told[queue.id].ends
        listed.append(
            BoardQueue(
                queue.id, queue.letter, queue.name, queue.name_en, queue.zone, queue.zone_en, len(waiting[queue.id]), low, high,
                counters,
            )
        )  # fmt: skip
    return tuple(listed)


@dataclass(frozen=True, slots=True)
class WaitingTicket:
    """One waiting ticket for the duty manager. `level` is ok, challenge (over the challenge limit) or over (over the limit)."""

    id: UUID
    number: str
    queue: UUID
    zone: str
    priority: UUID
    waited_s: float
    level: str


@dataclass(frozen=True, slots=True)
class CounterNow:
    """A counter now: closed, or who sits there, since when, with which ticket in which state for how long."""

    id: UUID
    number: str
    session: UUID | None
    state: str
    clerk: UUID | None
    clerk_label: str
    pause_reason: str
    ticket: str
    ticket_state: str
    ticket_since_s: float | None
    idle_with_queue: bool


@dataclass(frozen=True, slots=True)
class HallLive:
    """The hall as the duty manager sees it. `ages` counts waiting tickets by zone: (zone, ≤challenge, ≤limit, over)."""

    hall: UUID
    at: dt.datetime
    waiting: tuple[WaitingTicket, ...]
    ages: tuple[tuple[str, int, int, int], ...]
    over_challenge: int
    over_limit: int
    longest_s: float
    counters: tuple[CounterNow, ...]
    queues: tuple[BoardQueue, ...]
    served_today: int
    missed: tuple[tuple[UUID, str], ...]
    parked: tuple[tuple[UUID, str], ...]


def wait_level(waited_s: float, *, challenge_min: int, limit_min: int) -> str:
    """Return ok up to the challenge limit, challenge up to the limit, over beyond; a limit reached exactly is kept.

    >>> [wait_level(60 * m, challenge_min=8, limit_min=10) for m in (8, 9, 10, 10.1)]
    ['ok', 'challenge', 'challenge', 'over']
    """
    if waited_s > limit_min * 60:
        return "over"
    return "challenge" if waited_s > challenge_min * 60 else "ok"


def hall_live(setup: HallSetup, *, now: dt.datetime) -> HallLive:
    """Return the live picture of a hall. The wait of a ticket counts from its issue, whatever transfers it had."""
    day = setup.day(now)
    waiting = _waiting(setup, day, now)
    ages: dict[str, list[int]] = {queue.zone: [0, 0, 0] for queue in setup.queues.values()}
    for row in waiting:
        ages.setdefault(row.zone, [0, 0, 0])[("ok", "challenge", "over").index(row.level)] += 1
    today = Ticket.objects.filter(hall=setup.id, business_day=day)
    return HallLive(
        hall=setup.id,
        at=now,
        waiting=waiting,
        ages=tuple((zone, *counts) for zone, counts in ages.items()),  # type: ignore[misc]  # three counts each
        over_challenge=sum(row.level != "ok" for row in waiting),
        over_limit=sum(row.level == "over" for row in waiting),
        longest_s=max((row.waited_s for row in waiting), default=0.0),
        counters=_counters_now(setup, day, now, {row.queue for row in waiting}),
        queues=_board_queues(setup, now),
        served_today=today.filter(state=TicketState.FINISHED).count(),
        missed=tuple(today.filter(state=TicketState.MISSED).order_by("-changed_at").values_list("id", "number")[:20]),
        parked=tuple(today.filter(state=TicketState.PARKED).order_by("changed_at").values_list("id", "number")[:20]),
    )


def waiting_now(setup: HallSetup, *, now: dt.datetime) -> int:
    """Return how many people wait in the hall."""
    return Ticket.objects.filter(hall=setup.id, business_day=setup.day(now), state=TicketState.WAITING).count()


def _waiting(setup: HallSetup, day: dt.date, now: dt.datetime) -> tuple[WaitingTicket, ...]:
    rows = (
        Ticket.objects.filter(hall=setup.id, business_day=day, state=TicketState.WAITING)
        .order_by("issued_at")
        .values_list("id", "number", "queue_id", "priority_id", "issued_at")
    )
    listed = []
    for pk, number, queue, priority, issued_at in rows:
        waited = elapsed_s(issued_at, now)
        level = wait_level(waited, challenge_min=setup.wait_challenge_min, limit_min=setup.wait_limit_min)
        zone = setup.queues[queue].zone if queue in setup.queues else ""
        listed.append(WaitingTicket(pk, number, queue, zone, priority, waited, level))
    return tuple(listed)


def _counters_now(
    setup: HallSetup, day: dt.date, now: dt.datetime, queues_waiting: set[UUID]
) -> tuple[CounterNow, ...]:
    sessions = {
        session.counter_id: session
        for session in CounterSession.objects.filter(hall=setup.id, business_day=day)
        .exclude(state=SessionState.CLOSED)
        .select_related("clerk", "ticket")
    }
    listed = []
    for counter in setup.counters.values():
        session = sessions.get(counter.id)
        if session is None:
            listed.append(CounterNow(counter.id, counter.number, None, "closed", None, "", "", "", "", None, False))
            continue
        ticket = session.ticket
        idle = session.state == SessionState.OPEN and ticket is None and bool(queues_waiting & set(counter.queues))
        listed.append(
            CounterNow(
                counter.id, counter.number, session.pk, session.state, session.clerk_id, session.clerk.staff_no,
                session.pause_reason, ticket.number if ticket else "", ticket.state if ticket else "",
                elapsed_s(ticket.changed_at, now) if ticket else None, idle,
            )
        )  # fmt: skip
    return tuple(listed)
