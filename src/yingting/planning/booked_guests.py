"""The customers of a demo who book: the evening before, on their phones, and come near their time, or do not.

They are the demo's own, beside the twin's draw of the day. The simulation never acts for a booking that somebody real made.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from uuid import UUID

import numpy as np
from django.db.models import QuerySet

from yingting.domains.appointments.actions.arriving import check_in
from yingting.domains.appointments.actions.booking import book, cancel
from yingting.domains.appointments.contracts import Wish
from yingting.domains.appointments.models import Booking
from yingting.domains.appointments.queries.slots import free_slots
from yingting.domains.appointments.rules.states import State
from yingting.foundation.customers.models import Customer as File
from yingting.foundation.customers.models import FileState
from yingting.foundation.sites.models import Hall
from yingting.kernel.actors import Actor, ActorKind
from yingting.kernel.refusals import Refusal
from yingting.planning.guests import Guests
from yingting.planning.known_people import DEMO
from yingting.planning.stage import Stage

A_DAY = 14
_BOOKS_AT = dt.timedelta(hours=-12)  # before the doors open: the evening before
_NEEDS = {
    "open": "想选一个好记的号码",
    "install": "家里要装千兆宽带，想了解上门时间",
    "transfer": "把号码过户给女儿",
    "change": "",
}
_BUSINESSES = ("open", "install", "transfer", "change", "sim", "portin")
_COMES, _CANCELS = 0.86, 0.06
_NOBODY = Actor(ActorKind.CUSTOMER, None, "customer")


class BookedGuests:
    """Those who book in one hall, of the people whom the demo made up; so a restart knows them again."""

    def __init__(self, stage: Stage, guests: Guests) -> None:
        self._stage = stage
        self._guests = guests

    def begin_day(self, now: dt.datetime) -> None:
        """Book what was booked for today the evening before, once, and send those who still come."""
        dice = np.random.default_rng([self._stage.seed, self._stage.day.toordinal(), 7])
        if not self._ours().exists():
            self._book(dice, self._stage.opens + _BOOKS_AT)
        for row in self._ours().order_by("starts_at", "id"):
            self._send(row, dice, now)

    def _ours(self) -> QuerySet[Booking]:
        return Booking.objects.filter(hall=self._stage.hall, business_day=self._stage.day, customer__source=DEMO.code)

    def _book(self, dice: np.random.Generator, at: dt.datetime) -> None:
        for n, file in enumerate(self._callers(dice)):
            code = _BUSINESSES[n % len(_BUSINESSES)]
            free = free_slots(hall=self._stage.hall, business=self._stage.names[code], day=self._stage.day, now=at)
            if not free:
                continue
            wish = Wish(
                self._stage.hall, self._stage.names[code], free[int(dice.integers(len(free)))].starts_at, "phone_page",
                name=file.name.open(), phone=file.phone.open(), need=_NEEDS.get(code, ""), customer=file.pk,
                wants_reminder=True,
            )  # fmt: skip
            self._stage.try_(lambda w=wish: book(wish=w, actor=_NOBODY, now=at))  # type: ignore[misc]  # bound now, called now

    def _callers(self, dice: np.random.Generator) -> list[File]:
        unit = Hall.objects.values_list("unit", flat=True).get(pk=self._stage.hall)
        rows = File.objects.filter(unit=unit, state=FileState.ACTIVE, is_company=False, source=DEMO.code)
        listed = list(rows.order_by("registered_at", "id"))
        return [listed[int(one)] for one in dice.permutation(len(listed))[:A_DAY]]

    def _send(self, row: Booking, dice: np.random.Generator, now: dt.datetime) -> None:
        """Each comes some minutes before or after, calls it off, or stays away; the same on every look."""
        luck, minutes = dice.uniform(), float(dice.normal(-6.0, 5.0))
        if row.state != State.BOOKED.value or luck > _COMES + _CANCELS:
            return
        if luck > _COMES:
            at, step = row.starts_at - dt.timedelta(hours=2), self._call_off
        else:
            at, step = row.starts_at + dt.timedelta(minutes=minutes), self._come
        if at >= now:
            self._stage.at(at, lambda t, pk=row.pk: step(pk, t))  # type: ignore[misc]  # bound now, called later

    def _call_off(self, booking: UUID, now: dt.datetime) -> None:
        self._stage.try_(lambda: cancel(booking=booking, actor=_caller(booking), now=now))

    def _come(self, booking: UUID, now: dt.datetime) -> None:
        row = Booking.objects.select_related("business").get(pk=booking)
        try:
            arrived = check_in(booking=booking, how="kiosk", actor=self._stage.played.kiosk, now=now)
        except Refusal as no:
            self._stage.note(no)
            return
        guest = replace(self._guests.stranger().plain(), business=row.business.code, is_care=False, is_star=False)
        self._guests.join(arrived.ticket.id, arrived.ticket.queue, guest, now)


def _caller(booking: UUID) -> Actor:
    return Actor(ActorKind.CUSTOMER, booking, "customer")
