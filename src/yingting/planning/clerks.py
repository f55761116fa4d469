"""The clerks of a simulated hall: they sit down, call whoever is next as every clerk does, serve, have lunch, and go.

The simulation plays no clerk but its own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from uuid import UUID

from yingting.domains.queueing.actions import calling, moving, serving, sessions, verifying
from yingting.domains.queueing.contracts import CalledTicket
from yingting.domains.queueing.queries.setup import fresh_setup
from yingting.domains.queueing.refusals import NOBODY_WAITS, SECOND_PERSON_NEEDED, VERIFICATION_NEEDED
from yingting.domains.queueing.rules import Place
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal
from yingting.planning import looking
from yingting.planning.at_counter import BEFORE_FINISHING, Visit
from yingting.planning.customers import Customer
from yingting.planning.demo_model import (
    CALLED_AGAIN_S,
    GIVEN_UP_S,
    LUNCH_APART_S,
    LUNCH_AT,
    LUNCH_S,
    NEXT_AFTER_MISS_S,
)
from yingting.planning.guests import Guests
from yingting.planning.stage import Stage
from yingting.twin.engine.arrays import Enter


@dataclass(slots=True)
class Clerk:
    """A simulated clerk. `turn` numbers what the clerk is about to do: an older plan that is still on the agenda is void.

    One of the reserve sits down when somebody opens a counter for them, and goes again once relieved.
    """

    actor: Actor
    counter: UUID
    lunch_at: dt.datetime
    session: UUID | None = None
    turn: int = 0
    is_idle: bool = False
    is_held: bool = False
    had_lunch: bool = False
    is_reserve: bool = False
    is_relieved: bool = False


class Clerks:
    """The clerks at their counters."""

    def __init__(self, stage: Stage, guests: Guests) -> None:
        self._stage = stage
        self._guests = guests
        self._back: dict[UUID, list[UUID]] = {}
        self.clerks: list[Clerk] = []

    def begin_day(self, now: dt.datetime) -> None:
        """Seat the clerks shortly before the doors open; in the middle of a day go on from the counters as they are."""
        seats = looking.seats_of(
            self._stage.hall, self._stage.day, [part.actor.id for part in self._stage.played.clerks if part.actor.id]
        )
        lunch = self._stage.moment(LUNCH_AT)
        self.clerks = []
        self._back.clear()
        for place, part in enumerate(self._stage.played.clerks):
            clerk = Clerk(part.actor, part.counter, lunch + place * dt.timedelta(seconds=LUNCH_APART_S))
            # Those of the reserve have lunch while nobody asks for them.
            clerk.had_lunch = part.is_reserve or now > clerk.lunch_at
            clerk.is_reserve = part.is_reserve
            self.clerks.append(clerk)
            if seats:
                self._look_again(clerk, now, seats.get(_id(clerk)))
            elif not part.is_reserve:
                early = self._stage.opens - dt.timedelta(seconds=20.0 * (place + 1))
                self._plan(clerk, max(now, early), self._sit_down)
        self._stage.at(self._stage.closes, self.wake_all)

    def _plan(self, clerk: Clerk, at: dt.datetime, step: Callable[[Clerk, dt.datetime], None]) -> None:
        """The clerk's next step, in place of any other."""
        clerk.turn += 1
        clerk.is_idle = False
        turn = clerk.turn

        def take(now: dt.datetime) -> None:
            if clerk.turn == turn:
                try:
                    step(clerk, now)
                except Refusal as no:
                    self._stage.note(no)
                    self._look_again(
                        clerk, now, looking.seats_of(self._stage.hall, self._stage.day, [_id(clerk)]).get(_id(clerk))
                    )

        self._stage.at(at, take)

    def _soon(self, clerk: Clerk, now: dt.datetime, seconds: float, step: Callable[[Clerk, dt.datetime], None]) -> None:
        self._plan(clerk, now + dt.timedelta(seconds=seconds), step)

    def _sit_down(self, clerk: Clerk, now: dt.datetime) -> None:
        seat = sessions.open_counter(hall=self._stage.hall, counter=clerk.counter, actor=clerk.actor, now=now)
        clerk.session = seat.id
        self._plan(clerk, max(self._stage.opens, now) + dt.timedelta(seconds=self._stage.pause(6.0)), self._next)

    def _next(self, clerk: Clerk, now: dt.datetime) -> None:
        """Free: lunch, a customer who is back, the next in line, or nobody."""
        assert clerk.session is not None
        if clerk.is_relieved:
            self._go(clerk, now)
            return
        if now >= clerk.lunch_at and not clerk.had_lunch:
            sessions.pause(hall=self._stage.hall, session=clerk.session, reason="午餐", actor=clerk.actor, now=now)
            clerk.had_lunch = True
            self._soon(clerk, now, LUNCH_S, self._after_lunch)
            return
        if waiting := self._back.get(_id(clerk)):
            ticket = waiting.pop(0)
            serving.resume(hall=self._stage.hall, ticket=ticket, session=clerk.session, actor=clerk.actor, now=now)
            self._soon(clerk, now, self._guests.of(ticket).handling_s / 2, self._finishing(ticket))
            return
        try:
            called = calling.call_next(
                hall=self._stage.hall, session=clerk.session, counter=clerk.counter, actor=clerk.actor, now=now
            )
        except Refusal as no:
            if no.code != NOBODY_WAITS:
                raise
            self._nobody(clerk, now)
            return
        self._called(clerk, called, now)

    def _nobody(self, clerk: Clerk, now: dt.datetime) -> None:
        clerk.turn += 1
        clerk.is_idle = True
        if now >= self._stage.closes and clerk.session is not None:
            self._go(clerk, now)

    def _go(self, clerk: Clerk, now: dt.datetime) -> None:
        assert clerk.session is not None
        clerk.is_idle = clerk.is_relieved = False
        sessions.close_counter(hall=self._stage.hall, session=clerk.session, actor=clerk.actor, now=now)
        clerk.session = None

    def relieve_reserve(self) -> None:
        """Whoever of the reserve sits at a counter goes after the present customer."""
        for clerk in self.clerks:
            clerk.is_relieved = clerk.is_reserve and clerk.session is not None

    def _after_lunch(self, clerk: Clerk, now: dt.datetime) -> None:
        assert clerk.session is not None
        sessions.unpause(hall=self._stage.hall, session=clerk.session, actor=clerk.actor, now=now)
        self._soon(clerk, now, self._stage.pause(5.0), self._next)

    def _called(self, clerk: Clerk, called: CalledTicket, now: dt.datetime) -> None:
        customer = self._guests.of(called.id)
        if customer.is_there:
            self._soon(clerk, now, customer.way_s, lambda c, t: self._meet(c, called.id, t))
        else:
            self._soon(clerk, now, CALLED_AGAIN_S, lambda c, t: self._call_again(c, called.id, t))

    def _call_again(self, clerk: Clerk, ticket: UUID, now: dt.datetime) -> None:
        calling.recall(hall=self._stage.hall, ticket=ticket, actor=clerk.actor, now=now)
        self._soon(clerk, now, GIVEN_UP_S, lambda c, t: self._missed(c, ticket, t))

    def _missed(self, clerk: Clerk, ticket: UUID, now: dt.datetime) -> None:
        calling.mark_no_show(hall=self._stage.hall, ticket=ticket, actor=clerk.actor, now=now)
        self._guests.missed(ticket, now)
        self._soon(clerk, now, NEXT_AFTER_MISS_S, self._next)

    def _meet(self, clerk: Clerk, ticket: UUID, now: dt.datetime) -> None:
        serving.start_handling(hall=self._stage.hall, ticket=ticket, actor=clerk.actor, now=now)
        customer = self._guests.of(ticket)
        half = customer.handling_s / 2
        if customer.second is not None:
            self._soon(clerk, now, half, lambda c, t: self._one_more(c, ticket, customer, t))
        elif customer.then is not None and customer.then.enter is Enter.AGE:
            whole, then = customer.handling_s + customer.breath_s, customer.then
            self._soon(clerk, now, whole, lambda c, t: self._send_on(c, ticket, then, t))
        elif customer.parked_s is not None:
            self._soon(clerk, now, half, lambda c, t: self._set_aside(c, ticket, customer, t))
        else:
            self._soon(clerk, now, customer.handling_s, self._finishing(ticket))

    def _one_more(self, clerk: Clerk, ticket: UUID, customer: Customer, now: dt.datetime) -> None:
        assert customer.second is not None
        serving.add_business(
            hall=self._stage.hall,
            ticket=ticket,
            business=self._stage.names[customer.second],
            actor=clerk.actor,
            now=now,
        )
        self._soon(clerk, now, customer.handling_s / 2, self._finishing(ticket))

    def _send_on(self, clerk: Clerk, ticket: UUID, then: Customer, now: dt.datetime) -> None:
        business = self._stage.names[then.business]
        setup = fresh_setup(self._stage.hall)
        queue = setup.classes[setup.businesses[business].class_id].queue
        moving.transfer_ticket(
            hall=self._stage.hall,
            ticket=ticket,
            actor=clerk.actor,
            now=now,
            place=Place.AGE,
            queue=queue,
            business=business,
        )
        self._guests.sent_on(ticket, then, now)
        self.wake(queue, now)
        self._soon(clerk, now, self._stage.pause(4.0), self._next)

    def _set_aside(self, clerk: Clerk, ticket: UUID, customer: Customer, now: dt.datetime) -> None:
        assert customer.parked_s is not None
        serving.park(hall=self._stage.hall, ticket=ticket, reason="取证件", actor=clerk.actor, now=now)
        self._guests.change(ticket, replace(customer, parked_s=None))
        self._stage.at(now + dt.timedelta(seconds=customer.parked_s), lambda t: self._fetched(clerk, ticket, t))
        self._soon(clerk, now, self._stage.pause(4.0), self._next)

    def _fetched(self, clerk: Clerk, ticket: UUID, now: dt.datetime) -> None:
        self._back.setdefault(_id(clerk), []).append(ticket)
        if clerk.is_idle:
            self._soon(clerk, now, 2.0, self._next)

    def _finishing(self, ticket: UUID) -> Callable[[Clerk, dt.datetime], None]:
        return lambda clerk, now: self._finish(clerk, ticket, now)

    def _finish(self, clerk: Clerk, ticket: UUID, now: dt.datetime) -> None:
        visit = Visit(self._stage, self._guests, ticket, self._guests.of(ticket), clerk.actor)
        for step in BEFORE_FINISHING:
            step(visit, now)
        try:
            serving.finish(hall=self._stage.hall, ticket=ticket, actor=clerk.actor, now=now)
        except Refusal as no:
            if no.code != VERIFICATION_NEEDED:
                raise
            self._verify(clerk, ticket, now)
            serving.finish(hall=self._stage.hall, ticket=ticket, actor=clerk.actor, now=now)
        self._guests.served(ticket, now)
        self._soon(clerk, now, self._guests.of(ticket).breath_s, self._next)

    def _verify(self, clerk: Clerk, ticket: UUID, now: dt.datetime) -> None:
        """Risk business: look at the card again; where that is not enough, fetch who supervises the hall."""
        how, second = verifying.How.IDENTITY_AGAIN, None
        for _ in range(2):
            try:
                verifying.verify_identity(
                    hall=self._stage.hall, ticket=ticket, how=how, second=second, actor=clerk.actor, now=now
                )
            except Refusal as no:
                if no.code != SECOND_PERSON_NEEDED:
                    raise
                second = looking.supervisor_of(self._stage.hall)
                how = verifying.How.SECOND_PERSON if second else verifying.How.NOT_DONE
            else:
                return

    def look_around(self, now: dt.datetime) -> None:
        """See what real people did: customers they sent, counters they opened, paused or closed."""
        seats = looking.seats_of(self._stage.hall, self._stage.day, [_id(clerk) for clerk in self.clerks])
        for clerk in self.clerks:
            seat = seats.get(_id(clerk))
            was_closed = clerk.session is not None and (seat is None or seat.session != clerk.session)
            was_opened = clerk.session is None and seat is not None and now >= self._stage.opens
            was_released = clerk.is_held and seat is not None and seat.is_open
            if was_closed or was_opened or was_released:
                self._look_again(clerk, now, seat)
        if any(clerk.is_idle for clerk in self.clerks) and looking.somebody_waits(self._stage.hall, self._stage.day):
            self.wake_all(now)

    def wake_all(self, now: dt.datetime) -> None:
        """Every idle clerk tries to call."""
        for clerk in self.clerks:
            if clerk.is_idle:
                self._soon(clerk, now, self._stage.pause(3.0), self._next)

    def wake(self, queue: UUID, now: dt.datetime) -> None:
        """One idle clerk who serves this queue calls, after a moment."""
        counters = fresh_setup(self._stage.hall).counters
        for clerk in self.clerks:
            if clerk.is_idle and clerk.counter in counters and queue in counters[clerk.counter].queues:
                self._soon(clerk, now, self._stage.pause(4.0), self._next)
                return

    def _look_again(self, clerk: Clerk, now: dt.datetime, seat: looking.Seat | None) -> None:
        """Go on from what the database says. A clerk without a counter waits until somebody opens one."""
        clerk.turn += 1
        clerk.is_idle = clerk.is_held = False
        clerk.session = seat.session if seat else None
        if seat is None:
            return
        clerk.counter = seat.counter
        if seat.ticket is not None and seat.ticket_state == "called":
            self._soon(clerk, now, 15.0, lambda c, t, ticket=seat.ticket: self._meet(c, ticket, t))  # type: ignore[misc]  # bound now
        elif seat.ticket is not None:
            self._soon(clerk, now, self._guests.of(seat.ticket).handling_s / 2, self._finishing(seat.ticket))
        elif not seat.is_open:
            clerk.is_held = True
            if seat.pause_reason == "午餐":
                self._soon(clerk, now, LUNCH_S / 2, self._after_lunch)
        else:
            self._soon(clerk, now, self._stage.pause(5.0), self._next)


def _id(clerk: Clerk) -> UUID:
    assert clerk.actor.id is not None
    return clerk.actor.id
