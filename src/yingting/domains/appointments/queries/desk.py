"""The desk's pages of a hall: bookings of a day by slot, the week's places, touched bookings, calls to make, waiting periods."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.db.models import Q, QuerySet

from yingting.domains.appointments.models import Appeal, Block, Booking
from yingting.domains.appointments.queries.bookings import booking_for
from yingting.domains.appointments.queries.leaving import left_alone
from yingting.domains.appointments.queries.personal import FIELDS, KIND
from yingting.domains.appointments.queries.slots import HallPlaces, bookable_days, taken_on
from yingting.domains.appointments.queries.texts import ON_THE_WAY, reminder_told, text_of
from yingting.domains.appointments.queries.touched import offers_for
from yingting.domains.appointments.refusals import UNKNOWN
from yingting.domains.appointments.rules.arriving import is_no_show
from yingting.domains.appointments.rules.shapes import Terms
from yingting.domains.appointments.rules.slots import FreeSlot, taken_in
from yingting.domains.appointments.rules.states import Cause, State, Why
from yingting.domains.appointments.rules.texts import Occasion
from yingting.foundation.people.access import hall_for, halls_for
from yingting.foundation.people.permissions import Permission
from yingting.foundation.privacy.revealing import MaskedValue, Subject, masked_value
from yingting.foundation.sites.models import Hall
from yingting.foundation.texts.reading import TextTold, texts_about
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal

BOOKED = State.BOOKED.value
_SEEN = (State.CANCELLED.value, State.LAPSED.value, State.HELD.value)
LONGEST = 100


@dataclass(frozen=True, slots=True)
class Line:
    """A booking as the desk sees it; name and phone by mask. `can` are the verbs that it takes now, `text` the last
    text message about what the list is for.
    """

    row: Booking
    state: State
    cause: Cause | None
    why: Why | None
    can: frozenset[str]
    text: TextTold | None = None

    @property
    def id(self) -> UUID:
        """The booking's id."""
        return self.row.pk


@dataclass(frozen=True, slots=True)
class SlotLines:
    """A beginning of a day with its bookings."""

    starts_at: dt.datetime
    lines: tuple[Line, ...]


def _rows(hall: Hall) -> QuerySet[Booking]:
    return Booking.objects.select_related("slot", "business__business_class", "hall__unit", "booker").filter(hall=hall)


def line_of(row: Booking, terms: Terms, now: dt.datetime, *, plans: bool) -> Line:
    """Return a booking as the desk sees it. `plans`: the reader also decides on causes and touched bookings."""
    can: set[str] = set()
    if row.state == BOOKED:
        can |= {"cancel", "call"}
        can.add("no_show" if is_no_show(terms, row.starts_at, now) else "change")
        if plans and row.touched_why and row.touched_why != Why.CLOSED.value:
            can.add("keep")
    if row.state == State.MISSED.value and plans:
        can.add("cause")
    cause = Cause(row.cause) if row.cause else None
    return Line(row, State(row.state), cause, Why(row.touched_why) if row.touched_why else None, frozenset(can))


def day_list(
    here: HallPlaces, day: dt.date, now: dt.datetime, *, plans: bool, with_ended: bool = False
) -> tuple[SlotLines, ...]:
    """Return the bookings of a day by beginning. `with_ended`: also those that were cancelled."""
    rows = _rows(here.hall).filter(business_day=day).order_by("starts_at", "made_at", "pk")
    hidden = _SEEN[1:] if with_ended else _SEEN
    terms = here.terms(now)
    found: dict[dt.datetime, list[Line]] = {}
    for row in rows.exclude(state__in=hidden):
        found.setdefault(row.starts_at, []).append(line_of(row, terms, now, plans=plans))
    return tuple(SlotLines(at, tuple(lines)) for at, lines in found.items())


@dataclass(frozen=True, slots=True)
class DayUse:
    """What a group offers on a day and how much of it is taken; 0 offered: nothing can be booked that day."""

    day: dt.date
    offered: int
    taken: int

    @property
    def free(self) -> int:
        """Places left, never less than 0."""
        return max(0, self.offered - self.taken)


@dataclass(frozen=True, slots=True)
class GroupUse:
    """The places of one group over some days."""

    code: str
    name: str
    name_en: str
    days: tuple[DayUse, ...]


def places_over(here: HallPlaces, now: dt.datetime) -> tuple[tuple[dt.date, ...], tuple[GroupUse, ...]]:
    """Return the days that can be booked, and what of each group's places still to come is taken, holds that run among them."""
    days = tuple(bookable_days(here, now))
    taken = taken_on(here.hall.pk, days, now)
    by_group: dict[str, list[DayUse]] = {}
    names: dict[str, tuple[str, str]] = {}
    for day in days:
        places = here.places(day)
        for group in places.groups:
            names[group.code] = (group.name, group.name_en)
            slots = [slot for slot in here.offered(day, group, places) if slot.starts_at > now]
            used = sum(min(slot.capacity, taken_in(slot, taken.get(group.code, {}))) for slot in slots)
            by_group.setdefault(group.code, []).append(DayUse(day, sum(slot.capacity for slot in slots), used))
    return days, tuple(GroupUse(code, *names[code], tuple(uses)) for code, uses in by_group.items())


@dataclass(frozen=True, slots=True)
class TouchedLine:
    """A booking that cannot stand, with what may be offered instead."""

    line: Line
    offers: tuple[FreeSlot, ...]
    is_escalated: bool


def touched_list(here: HallPlaces, now: dt.datetime, *, plans: bool) -> tuple[TouchedLine, ...]:
    """Return the touched bookings of a hall, the soonest first, each with its nearest free times."""
    rows = list(
        _rows(here.hall)
        .filter(state=BOOKED, touched_at__isnull=False, starts_at__gt=now)
        .order_by("starts_at", "pk")[:LONGEST]
    )
    terms, texts = here.terms(now), texts_about([row.pk for row in rows])
    return tuple(
        TouchedLine(
            replace(line_of(row, terms, now, plans=plans), text=text_of(Occasion.TOUCHED, row, texts.get(row.pk, ()))),
            offers_for(row, now), row.escalated_at is not None,
        )
        for row in rows
    )  # fmt: skip


def touched_count(hall: Hall, now: dt.datetime) -> int:
    """Return how many bookings of a hall wait for another time."""
    return Booking.objects.filter(hall=hall, state=BOOKED, touched_at__isnull=False, starts_at__gt=now).count()


def to_remind(here: HallPlaces, now: dt.datetime) -> tuple[Line, ...]:
    """Return whom to remind by telephone, the soonest first: who asked for it at booking, unless their file says to be left alone,
    or they took the consent to service messages back since, or a text message tells them.
    """
    terms = here.terms(now)
    if not terms.reminder_h:
        return ()
    rows = (
        _rows(here.hall)
        .filter(
            state=BOOKED, wants_reminder=True, reminded_at__isnull=True, touched_at__isnull=True,
            starts_at__gt=now, starts_at__lte=now + dt.timedelta(hours=terms.reminder_h),
        )
        .exclude(phone="")
        .order_by("starts_at", "pk")
    )  # fmt: skip
    found = list(rows[:LONGEST])
    alone = left_alone({row.customer_id for row in found if row.customer_id is not None})
    texts = texts_about([row.pk for row in found])
    told = [(row, reminder_told(row, texts.get(row.pk, ()), terms.reminder_h)) for row in found]
    return tuple(
        replace(line_of(row, terms, now, plans=False), text=text)
        for row, text in told
        if row.customer_id not in alone and (text is None or text.state not in ON_THE_WAY)
    )


@dataclass(frozen=True, slots=True)
class BlockLine:
    """A waiting period with its objection, and whether the reader may decide on it."""

    block: Block
    phone: str
    appeal: Appeal | None
    may_decide: bool
    is_running: bool


def blocks_of(here: HallPlaces, actor: Actor, now: dt.datetime) -> tuple[BlockLine, ...]:
    """Return the waiting periods that began in a hall and still run, or whose objection is open, the latest first."""
    rows = Block.objects.select_related("booker", "hall__unit").filter(hall=here.hall)
    blocks = list(
        rows.filter(Q(until__gt=now) | Q(pk__in=Appeal.objects.filter(granted__isnull=True).values("block")))[:LONGEST]
    )
    appeals = {one.block_id: one for one in Appeal.objects.filter(block__in=blocks)}
    plans = actor.may(Permission.APPOINTMENTS_PLAN, here.path)
    noted = _who_noted(blocks)
    lines = []
    for block in blocks:
        appeal = appeals.get(block.pk)
        is_open = appeal is not None and appeal.granted is None
        is_other = appeal is not None and actor.person not in {appeal.noted_by_id, *noted.get(block.pk, ())}
        is_running = block.lifted_at is None and block.until > now
        lines.append(BlockLine(block, str(block.booker.phone), appeal, plans and is_open and is_other, is_running))
    return tuple(lines)


def _who_noted(blocks: Sequence[Block]) -> Mapping[UUID, set[UUID | None]]:
    """Who noted the no-shows that a waiting period rests on."""
    found: dict[UUID, set[UUID | None]] = {}
    rows = Booking.objects.filter(booker__in={block.booker_id for block in blocks}, counts=True, ended_by__isnull=False)
    for booker, at, by in rows.values_list("booker", "ended_at", "ended_by"):
        for block in blocks:
            if block.booker_id == booker and at is not None and at <= block.since:
                found.setdefault(block.pk, set()).add(by)
    return found


def desk_hall(actor: Actor, hall: UUID | str) -> Hall:
    """Return a hall (by id or code) for which the actor books. Raises Refusal hall.unknown, access.refused."""
    return hall_for(actor, Permission.APPOINTMENTS_BOOK, hall)


@dataclass(frozen=True, slots=True)
class Counts:
    """What waits on the pages of a hall: touched bookings, calls to make, objections to decide."""

    touched: int
    calls: int
    appeals: int


def counts_of(here: HallPlaces, now: dt.datetime) -> Counts:
    """Count what waits on the pages of a hall."""
    appeals = Appeal.objects.filter(block__hall=here.hall, granted__isnull=True).count()
    return Counts(touched_count(here.hall, now), len(to_remind(here, now)), appeals)


def personal_of(actor: Actor, row: Booking) -> dict[str, MaskedValue]:
    """Return the personal values of a booking by name, masked, with a way to reveal each of which something is hidden."""
    told = {}
    for name in FIELDS:
        if value := getattr(row, name):
            shown = masked_value(actor, Subject(KIND, row.pk), name)
            told[name] = replace(shown, can_reveal=shown.can_reveal and value.is_hidden)
    return told


def desk_halls(actor: Actor) -> list[Hall]:
    """Return the halls for which the actor books, by code."""
    return list(halls_for(actor, Permission.APPOINTMENTS_BOOK).filter(unit__is_active=True).order_by("code"))


def line_for(actor: Actor, here: HallPlaces, booking: UUID, now: dt.datetime) -> Line:
    """Return one booking of a hall. Raises Refusal booking.unknown, access.refused."""
    row = booking_for(actor, booking)
    if row.hall_id != here.hall.pk:
        raise Refusal(UNKNOWN)
    return line_of(row, here.terms(now), now, plans=actor.may(Permission.APPOINTMENTS_PLAN, here.path))
