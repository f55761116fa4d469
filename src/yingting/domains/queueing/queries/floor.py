"""What the duty manager and the managers above see: halls side by side, who may sit where, and what to do now."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count

from yingting.domains.queueing.contracts import HallSetup, Priority, QueueInfo
from yingting.domains.queueing.models import CounterSession, HallDay, SessionState, Ticket, TicketState
from yingting.domains.queueing.queries.boards import HallLive, WaitingTicket, wait_level
from yingting.foundation.catalogue.limits import LIMITS, ServiceLimits
from yingting.foundation.people.access import people_who_may
from yingting.foundation.people.models import Person
from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook.reading import in_force_by_path
from yingting.foundation.sites.models import Hall
from yingting.kernel.clocks import business_day, elapsed_s
from yingting.kernel.words import gettext_noop as _


@dataclass(frozen=True, slots=True)
class HallFigures:
    """One hall in the list of a service manager: the same figures as on its own page."""

    hall: UUID
    code: str
    name: str
    name_en: str
    waiting: int
    over_challenge: int
    over_limit: int
    longest_s: float
    level: str
    served_today: int
    counters_open: int
    counters_paused: int


def halls_side_by_side(halls: Iterable[Hall], *, real_now: dt.datetime) -> tuple[HallFigures, ...]:
    """Return the figures of halls (with their units, scoped by the caller), worst first. Three queries, however many halls.

    `real_now` is the system's instant; every hall is read at its own time.
    """
    listed = list(halls)
    times = {hall.pk: hall.clock.at(real_now) for hall in listed}
    days = {hall.pk: business_day(times[hall.pk], hall.timezone) for hall in listed}
    today = Ticket.objects.filter(hall__in=times, business_day__in=set(days.values()))
    waits: dict[UUID, list[float]] = defaultdict(list)
    for hall, day, issued_at in today.filter(state=TicketState.WAITING).values_list(
        "hall_id", "business_day", "issued_at"
    ):
        if days[hall] == day:
            waits[hall].append(elapsed_s(issued_at, times[hall]))
    served = _counted(
        today.filter(state=TicketState.FINISHED).values_list("hall_id", "business_day").annotate(n=Count("id")), days
    )
    seats: dict[tuple[UUID, str], int] = defaultdict(int)
    sessions = CounterSession.objects.filter(hall__in=times, business_day__in=set(days.values())).exclude(
        state=SessionState.CLOSED
    )
    for hall, day, state in sessions.values_list("hall_id", "business_day", "state"):
        seats[hall, state] += days[hall] == day
    limits = in_force_by_path(
        LIMITS, paths=[hall.unit.path for hall in listed], day=max(days.values(), default=dt.date.min)
    )
    rows = [_figures(hall, limits[hall.unit.path], waits[hall.pk], served.get(hall.pk, 0), seats) for hall in listed]
    return tuple(sorted(rows, key=lambda row: (-row.over_limit, -row.over_challenge, -row.longest_s, row.code)))


def _counted(rows: Iterable[tuple[UUID, dt.date, int]], days: dict[UUID, dt.date]) -> dict[UUID, int]:
    return {hall: count for hall, day, count in rows if days[hall] == day}


def _figures(
    hall: Hall, limits: ServiceLimits, waits: list[float], served: int, seats: dict[tuple[UUID, str], int]
) -> HallFigures:
    levels = [wait_level(wait, challenge_min=limits.challenge_min, limit_min=limits.wait_min) for wait in waits]
    worst = max(levels, key=("ok", "challenge", "over").index, default="ok")
    return HallFigures(
        hall.pk, hall.code, hall.unit.name, hall.unit.name_en, len(waits), sum(level != "ok" for level in levels),
        levels.count("over"), max(waits, default=0.0), worst, served, seats[hall.pk, "open"], seats[hall.pk, "paused"],
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class FreeClerk:
    """Somebody of the hall who may serve and sits nowhere."""

    id: UUID
    staff_no: str
    name: str


def free_clerks(setup: HallSetup) -> tuple[FreeClerk, ...]:
    """Return the people of the hall who may serve there and are not seated anywhere, by staff number."""
    seated = CounterSession.objects.exclude(state=SessionState.CLOSED).values("clerk")
    people = people_who_may(Permission.QUEUE_SERVE, setup.path).exclude(pk__in=seated)
    return tuple(FreeClerk(*row) for row in people.values_list("id", "staff_no", "name"))


def names_of(clerks: Iterable[UUID | None]) -> dict[UUID, str]:
    """Return the names of the people who sit at the counters."""
    return dict(Person.objects.filter(pk__in=[clerk for clerk in clerks if clerk]).values_list("id", "name"))


def day_closed_at(setup: HallSetup, *, now: dt.datetime) -> dt.datetime | None:
    """Return when today was closed, or None while it is open (or has not begun)."""
    return (
        HallDay.objects.filter(hall=setup.id, business_day=setup.day(now)).values_list("closed_at", flat=True).first()
    )


@dataclass(frozen=True, slots=True)
class NextStep:
    """One thing to do now, in words: a sentence (msgid) with its parameters, most urgent first."""

    sentence: str
    params: dict[str, object]
    level: str


IDLE = _("Counter %(counter)s is free while people wait for it: ask %(clerk)s to call.")
UNPAUSE = _(
    "Counter %(counter)s is paused (%(reason)s) while %(people)s wait over %(minutes)s min: ask %(clerk)s to come back."
)
OPEN_FOR = _("Open counter %(counter)s for %(clerk)s: %(people)s wait over %(minutes)s min.")
NO_HANDS = _(
    "All counters that could help are busy or nobody is free: send the guide to those who wait over %(minutes)s min."
)


def what_now(
    setup: HallSetup, live: HallLive, names: dict[UUID, str], free: tuple[FreeClerk, ...]
) -> tuple[NextStep, ...]:
    """Return what the duty manager could do now about those who wait too long, the cheapest remedy first.

    A free counter that people wait for is always named. For waits over a limit: first paused counters, then closed ones for
    which somebody is free; only counters that serve a queue where somebody waits too long are named.
    """
    steps = [
        NextStep(IDLE, {"counter": seat.number, "clerk": names.get(seat.clerk, "") if seat.clerk else ""}, "challenge")
        for seat in live.counters
        if seat.idle_with_queue
    ]
    late = [row for row in live.waiting if row.level != "ok"]
    if not late:
        return tuple(steps)
    level = "over" if live.over_limit else "challenge"
    minutes = setup.wait_limit_min if live.over_limit else setup.wait_challenge_min
    people = live.over_limit or live.over_challenge
    queues = {row.queue for row in late if row.level == level}
    about: dict[str, object] = {"people": people, "minutes": minutes}
    for seat in sorted(live.counters, key=lambda seat: seat.state != "paused"):
        if not queues & set(setup.counters[seat.id].queues):
            continue
        if seat.state == "paused":
            clerk = names.get(seat.clerk, "") if seat.clerk else ""
            steps.append(
                NextStep(UNPAUSE, {"counter": seat.number, "reason": seat.pause_reason, "clerk": clerk, **about}, level)
            )
        elif seat.state == "closed" and free:
            somebody, *free_rest = free
            free = tuple(free_rest)
            steps.append(NextStep(OPEN_FOR, {"counter": seat.number, "clerk": somebody.name, **about}, level))
    return tuple(steps[:3]) or (NextStep(NO_HANDS, about, level),)


@dataclass(frozen=True, slots=True)
class LongWait:
    """One who waits, with what its id fields mean."""

    ticket: WaitingTicket
    queue: QueueInfo | None
    priority: Priority | None


def waits_in_words(setup: HallSetup, live: HallLive, *, at_most: int) -> tuple[LongWait, ...]:
    """Return those who wait longest, longest first."""
    return tuple(
        LongWait(row, setup.queues.get(row.queue), setup.priorities.get(row.priority)) for row in live.waiting[:at_most]
    )


@dataclass(frozen=True, slots=True)
class ZoneAges:
    """Waiting in one zone by age: up to the challenge limit, up to the limit, over it."""

    name: str
    name_en: str
    ok: int
    challenge: int
    over: int


def zone_ages(setup: HallSetup, live: HallLive) -> tuple[ZoneAges, ...]:
    """Return the ages by zone with the zones' names in both languages."""
    english = {queue.zone: queue.zone_en for queue in setup.queues.values()}
    return tuple(ZoneAges(zone, english.get(zone, ""), *counts) for zone, *counts in live.ages)
