"""The range of minutes that customers are told: its rule, the hall's wait model in use, and what is seen when it is told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Q

from yingting.domains.queueing.contracts import BOOKED, HallSetup, Priority
from yingting.domains.queueing.models import ExpectedBooking, ExpectedState, InstalledWaitModel, Queue, Ticket
from yingting.domains.queueing.rules import rank_at
from yingting.domains.queueing.rules.announcing import (
    BOOKED_AHEAD,
    BOOKED_LATE,
    AnnouncingRule,
    Expected,
    InstalledWaits,
    Line,
    Told,
    goes_before,
    kept_share,
    neighbours_of,
    newcomer_sees,
    problems_of,
    told_range,
    with_booked,
)
from yingting.domains.queueing.rules.calling import Standing, levels_of, usual_order
from yingting.foundation.journal.direct import Row
from yingting.foundation.journal.models import Fact
from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook.kinds import Kind, Problem, declare
from yingting.foundation.rulebook.reading import in_force
from yingting.kernel.clocks import elapsed_s
from yingting.kernel.words import gettext_noop as _
from yingting.twin.waits import Seen, from_body


def _check(rule: AnnouncingRule, _path: str) -> Iterable[Problem]:
    for field, sentence in problems_of(rule):
        yield field, sentence, {}


ANNOUNCING = declare(
    Kind(
        code="queueing.announcing",
        title=_("Announced waits"),
        purpose=_("How sure the range of minutes on ticket, phone and board is, and how long a learnt model of the waits is used."),
        shape=AnnouncingRule,
        shipped=AnnouncingRule(),
        source=_("QUE-01: a range that holds 80 to 90 of 100 waits; two weeks are the half-life with which its days are weighted"),
        permission=Permission.HALL_CONFIGURE,
        check=_check,
        position=12,
    )
)  # fmt: skip


def announcing_rule(path: str, day: dt.date) -> AnnouncingRule:
    """Return how waits are announced in a unit on a day."""
    return in_force(ANNOUNCING, path=path, day=day).rule


def waits_in_use(hall: UUID, path: str, day: dt.date) -> InstalledWaits | None:
    """Return the hall's wait model, None when it has none or the one it has is stale on the day."""
    row = InstalledWaitModel.objects.filter(hall=hall, replaced_at__isnull=True).first()
    if row is None:
        return None
    installed = InstalledWaits(row.pk, row.number, from_body(row.body), row.made_on)
    return installed if installed.is_fresh(day, announcing_rule(path, day).stale_days) else None


def kept_of(hall: UUID, path: str, day: dt.date) -> float:
    """Return which share of the hall's bookings comes, from the days before this one."""
    rule = announcing_rule(path, day)
    ended = ExpectedBooking.objects.filter(
        hall=hall, business_day__gte=day - dt.timedelta(days=rule.kept_days), business_day__lt=day
    ).aggregate(
        came=Count("id", filter=Q(state=ExpectedState.CAME)), missed=Count("id", filter=Q(state=ExpectedState.MISSED))
    )
    return kept_share(rule, came=ended["came"], missed=ended["missed"])


@dataclass(frozen=True, slots=True)
class WaitModelRecord:
    """A wait model of the hall as it was taken up: what it was learnt from and how it did on days that it did not know."""

    id: UUID
    version: int
    made_on: dt.date
    installed_at: dt.datetime
    replaced_at: dt.datetime | None
    stated: float
    coverage: float
    inputs: str
    from_day: str
    to_day: str


def wait_models_of(hall: UUID) -> tuple[WaitModelRecord, ...]:
    """Return every wait model that the hall has had, newest first."""
    names = (
        "id",
        "number",
        "made_on",
        "installed_at",
        "replaced_at",
        "stated",
        "coverage",
        "inputs",
        "from_day",
        "to_day",
    )
    rows = InstalledWaitModel.objects.filter(hall=hall).order_by("-number").values_list(*names)
    return tuple(WaitModelRecord(*row) for row in rows)


@dataclass(frozen=True, slots=True)
class PastWait:
    """What was seen when a ticket was issued, and how long it then waited for its first call (None: it was never called)."""

    queue: str
    day: dt.date
    seen: Seen
    wait_s: float | None


def past_waits(setup: HallSetup, *, from_day: dt.date, to_day: dt.date) -> tuple[PastWait, ...]:
    """Return the tickets of finished days, in order of issue; those from before the hall wrote down what it saw are left out."""
    days = {"hall": setup.id, "business_day__range": (from_day, to_day)}
    issued = dict(Fact.objects.filter(kind="ticket.issued", **days).values_list("subject", "data"))
    letters = dict(Queue.objects.filter(hall=setup.id).values_list("id", "letter"))
    names = ("id", "business_day", "issued_at", "first_called_at")
    found = []
    for ticket, day, issued_at, called_at in (
        Ticket.objects.filter(**days).order_by("issued_at", "id").values_list(*names)
    ):
        data = issued.get(ticket, {})
        seen, letter = data.get("seen"), letters.get(UUID(data["queue"])) if data else None
        if not seen or letter is None:
            continue
        seen = dict(seen)
        ahead = data["quoted_ahead"] + seen.pop("booked", 0)
        state = Seen(ahead, at_s=second_of_day(setup, issued_at), **seen)
        wait_s = None if called_at is None else elapsed_s(issued_at, called_at)
        found.append(PastWait(letter, day, state, wait_s))
    return tuple(found)


# ---------------------------------------------------------------------------------------------- what is told
def second_of_day(setup: HallSetup, now: dt.datetime) -> float:
    """Return the second of the hall's day."""
    local = now.astimezone(ZoneInfo(setup.timezone))
    return local.hour * 3600.0 + local.minute * 60 + local.second


def seen_at(setup: HallSetup, look: Row, *, queue: UUID, place: Standing, now: dt.datetime) -> Seen:
    """Return what `statements.outlook` saw for a place in a queue, as the wait model wants it: those who have booked and will be
    called before are among the people ahead, though they are not here yet (`look["ahead"]` are those who are).
    """
    oldest_s = max(0.0, elapsed_s(look["oldest_at"], now)) if look["oldest_at"] else 0.0
    seen = Seen(
        look["ahead"],
        float(look["work_s"]),
        look["counters"],
        look["free"],
        look["around"],
        oldest_s,
        second_of_day(setup, now),
    )
    return _with_booked(setup, seen, look["booked"], queue=queue, place=place, now=now) if look["booked"] else seen


def _with_booked(
    setup: HallSetup, seen: Seen, booked: Iterable[Expected], *, queue: UUID, place: Standing, now: dt.datetime
) -> Seen:
    counters = [setup.calling.get(counter.id) for counter in setup.counters.values() if queue in counter.queues]
    order, care_first = usual_order(counters, place.queue)
    priority = booked_class(setup)
    if priority is None:
        return seen
    level = levels_in(setup.priorities)[priority.id]
    mine, around = [], []
    for one in booked:
        stands = Standing(None, place.queue, priority.tier, level, one.rank_at, one.due_at, one.due_at, is_booked=True)
        if one.queue != queue:
            around.append(one)
        elif goes_before(stands, place, order, care_first=care_first):
            mine.append(one)
    return with_booked(seen, mine, around, kept=setup.kept, now=now)


def booked_class(setup: HallSetup, code: str = BOOKED) -> Priority | None:
    """Return the priority class of booked customers: the one with the code, else the ordinary one."""
    found = None
    for row in setup.priorities.values():
        if row.code == code:
            return row
        found = row if row.is_default else found
    return found


def expected_soon(setup: HallSetup, *, now: dt.datetime) -> list[Expected]:
    """Return who has booked and is due before long, in the whole hall."""
    names = ("queue_id", "rank_at", "due_at", "expected_s")
    rows = ExpectedBooking.objects.filter(
        hall=setup.id, business_day=setup.day(now), state=ExpectedState.EXPECTED,
        due_at__range=(now - BOOKED_LATE, now + BOOKED_AHEAD),
    )  # fmt: skip
    return [Expected(*row) for row in rows.order_by("due_at", "id").values_list(*names)]


def levels_in(priorities: Mapping[UUID, Priority]) -> dict[UUID, int]:
    """Return the rank of each priority class, 0 the highest: what a strict order goes by."""
    return levels_of({row.id: (row.tier, row.head_start_min) for row in priorities.values()})


def told_to(setup: HallSetup, queue: UUID, seen: Seen) -> Told:
    """Return what a customer of the queue is told."""
    return told_range(setup.waits, setup.queues[queue].letter, seen)


def told_to_newcomers(
    setup: HallSetup, lines: dict[UUID, Line], is_free: dict[UUID, bool], *, now: dt.datetime
) -> dict[UUID, Told]:
    """Return by queue what somebody who takes a number now would be told. `is_free` has every open counter."""
    at_s = second_of_day(setup, now)
    served = [counter.queues for counter in setup.counters.values()]
    booked, newcomer = expected_soon(setup, now=now), next((p for p in setup.priorities.values() if p.is_default), None)
    told = {}
    for queue in setup.queues:
        serving = [free for counter, free in is_free.items() if queue in setup.counters[counter].queues]
        neighbours = neighbours_of(queue, served)
        seen = newcomer_sees(queue, lines, neighbours, serving, now=now, at_s=at_s)
        if booked and newcomer is not None:
            rank = rank_at(now, newcomer.head_start_min)
            level = levels_in(setup.priorities)[newcomer.id]
            place = Standing(None, setup.queues[queue].letter, newcomer.tier, level, rank, now, now)
            near = [one for one in booked if one.queue == queue or one.queue in neighbours]
            seen = _with_booked(setup, seen, near, queue=queue, place=place, now=now)
        told[queue] = told_to(setup, queue, seen)
    return told
