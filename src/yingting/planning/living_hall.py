"""A hall that lives: simulated customers and clerks who do everything through the real actions, on the hall's own clock.

One queue of moments (`_agenda`), ordered by hall time; each moment is something that a customer or a clerk does next. Real
people may be in the same hall: a step that they made impossible is refused by the action, and the simulation looks again.
It calls whoever is next, as every clerk does, but never acts for a customer it did not send, nor for a clerk it does not play.
"""

from __future__ import annotations

import datetime as dt
import heapq
import itertools
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from uuid import UUID

import numpy as np

from yingting.domains.queueing.actions import calling, issuing, moving, serving, sessions, steering, verifying
from yingting.domains.queueing.contracts import CalledTicket, HallSetup
from yingting.domains.queueing.queries.setup import fresh_setup
from yingting.domains.queueing.refusals import NOBODY_WAITS, SECOND_PERSON_NEEDED, STEERED, VERIFICATION_NEEDED
from yingting.domains.queueing.rules import Place
from yingting.foundation.sites.models import Hall
from yingting.kernel.actors import Actor, ActorKind
from yingting.kernel.clocks import local_instant
from yingting.kernel.refusals import Refusal
from yingting.planning import looking
from yingting.planning.troupe import Part, players
from yingting.twin.customers import Customer, one_customer, plan_day

log = logging.getLogger(__name__)

Step = Callable[[dt.datetime], None]
LUNCH_S = 1800.0
_CLOSING_GRACE = dt.timedelta(minutes=30)


@dataclass(slots=True)
class Clerk:
    """A simulated clerk. `turn` numbers what the clerk is about to do: an older plan that is still on the agenda is void."""

    actor: Actor
    counter: UUID
    lunch_at: dt.datetime
    session: UUID | None = None
    turn: int = 0
    is_idle: bool = False
    is_held: bool = False
    had_lunch: bool = False


class LivingHall:
    """The simulated life of one hall. `live_until` does everything that is due; nothing here reads a clock."""

    def __init__(self, part: Part, hall: Hall, *, seed: int = 20260105) -> None:
        self.hall = hall.pk
        self.part = part
        self._seed = seed
        self._played = players(part, hall)
        self._agenda: list[tuple[dt.datetime, int, Step]] = []
        self._order = itertools.count()
        self._guests: dict[UUID, Customer] = {}
        self._rated: set[UUID] = set()
        self._back: dict[UUID, list[UUID]] = {}
        self.clerks: list[Clerk] = []
        self.steps = self.refused = 0

    # ------------------------------------------------------------------------------------------------ the day
    def begin_day(self, day: dt.date, now: dt.datetime) -> None:
        """Plan the day as of `now`: those who still come, and the clerks. In the middle of a day it carries on with what is there."""
        setup = fresh_setup(self.hall)
        spans = setup.hours.on(day)
        self.opens = local_instant(day, spans[0].opens, setup.timezone)
        self.closes = local_instant(day, spans[-1].closes, setup.timezone)
        self.day = day
        self._agenda.clear()
        self._guests.clear()
        self._rated.clear()
        self._back.clear()
        self._names = looking.codes_of(setup)
        self._dice = np.random.default_rng([self._seed, day.toordinal(), sum(map(ord, self.part.hall_code))])
        for customer in plan_day(self.part.shape, self._dice):
            at = self.opens + dt.timedelta(seconds=customer.arrives_s)
            if at >= now:
                self._at(at, lambda t, c=customer: self._arrive(c, t))  # type: ignore[misc]  # bound now, called later
        self._adopt_guests(now)
        self._seat_clerks(setup, now)
        self._at(self.closes, self.wake_all)

    def _seat_clerks(self, setup: HallSetup, now: dt.datetime) -> None:
        seats = looking.seats_of(self.hall, self.day, [actor.id for _, actor in self._played.clerks if actor.id])
        lunch = local_instant(self.day, dt.time(11, 40), setup.timezone)
        self.clerks = []
        for place, (counter, actor) in enumerate(self._played.clerks):
            clerk = Clerk(actor, counter, lunch + place * dt.timedelta(seconds=LUNCH_S * 0.8))
            clerk.had_lunch = now > clerk.lunch_at
            self.clerks.append(clerk)
            if seats:
                self._look_again(clerk, now, seats.get(actor.id) if actor.id else None)
            else:
                early = self.opens - dt.timedelta(seconds=20.0 * (place + 1))
                self._plan(clerk, max(now, early), self._sit_down)

    def _adopt_guests(self, now: dt.datetime) -> None:
        """After a restart: those whom an earlier run sent are still here, with fresh patience."""
        kiosk = self._played.kiosk.id
        for ticket in looking.still_here(self.hall, self.day, kiosk) if kiosk else ():
            self._guests[ticket] = one_customer(self.part.shape, self._dice)
            self._impatience(ticket, self._guests[ticket], now)

    def live_until(self, until: dt.datetime) -> None:
        """Do everything that is due by then, each at its own moment."""
        while self._agenda and self._agenda[0][0] <= until:
            at, _, step = heapq.heappop(self._agenda)
            self.steps += 1
            step(at)

    @property
    def next_at(self) -> dt.datetime | None:
        """When something happens next."""
        return self._agenda[0][0] if self._agenda else None

    def is_over(self, now: dt.datetime) -> bool:
        """Has the hall been closed for so long that its day can be closed?"""
        return now >= self.closes + _CLOSING_GRACE

    def _at(self, at: dt.datetime, step: Step) -> None:
        heapq.heappush(self._agenda, (at, next(self._order), step))

    # ------------------------------------------------------------------------------------------------ customers
    def _arrive(self, customer: Customer, now: dt.datetime, insists: str | None = None) -> None:
        star = looking.star_class(fresh_setup(self.hall)) if customer.is_star else None
        try:
            issued = issuing.issue_ticket(
                hall=self.hall, business=self._names[customer.business], actor=self._played.kiosk, now=now, care=customer.is_care,
                priority=star, insists=insists,
            )  # fmt: skip
        except Refusal as no:
            if no.code == STEERED:
                self._choose(customer, now)
            else:
                self._note(no)
            return
        self._guests[issued.id] = customer
        self._impatience(issued.id, customer, now)
        self._wake(issued.queue, now)

    def _choose(self, customer: Customer, now: dt.datetime) -> None:
        """In forced diversion: three of five go to the other channel, the others say why not and take a number."""
        kiosk, business = self._played.kiosk, self._names[customer.business]
        offer = steering.offer_other_channel(hall=self.hall, business=business, channel="kiosk", actor=kiosk, now=now)
        if self._dice.uniform() < 0.6:
            steering.accept_other_channel(
                hall=self.hall, business=business, offer=offer, channel="kiosk", actor=kiosk, now=now
            )
        else:
            self._arrive(customer, now, insists=fresh_setup(self.hall).steering.reasons[0].words)

    def _impatience(self, ticket: UUID, customer: Customer, now: dt.datetime) -> None:
        self._at(now + dt.timedelta(seconds=customer.patience_s), lambda t: self._give_up(ticket, t))

    def _give_up(self, ticket: UUID, now: dt.datetime) -> None:
        customer = self._guests[ticket]
        if not customer.leaves_openly:
            self._guests[ticket] = replace(customer, is_there=False, back_s=None)
            return
        # Refused when the customer has been called meanwhile: patience paid off.
        self._try(lambda: moving.leave(hall=self.hall, ticket=ticket, actor=_guest(ticket), now=now))

    def _score(self, ticket: UUID, score: int, now: dt.datetime) -> None:
        self._try(lambda: moving.rate(hall=self.hall, ticket=ticket, score=score, actor=_guest(ticket), now=now))

    def _answer_later(self, ticket: UUID, now: dt.datetime) -> None:
        customer = self._guests.get(ticket)
        if customer is not None and customer.score is not None and ticket not in self._rated:
            self._rated.add(ticket)
            at = now + dt.timedelta(seconds=customer.score_after_s)
            self._at(at, lambda t, score=customer.score: self._score(ticket, score, t))  # type: ignore[misc]  # bound now

    # ------------------------------------------------------------------------------------------------ clerks
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
                    self._note(no)
                    self._look_again(clerk, now, looking.seats_of(self.hall, self.day, [_id(clerk)]).get(_id(clerk)))

        self._at(at, take)

    def _soon(self, clerk: Clerk, now: dt.datetime, seconds: float, step: Callable[[Clerk, dt.datetime], None]) -> None:
        self._plan(clerk, now + dt.timedelta(seconds=seconds), step)

    def _sit_down(self, clerk: Clerk, now: dt.datetime) -> None:
        seat = sessions.open_counter(hall=self.hall, counter=clerk.counter, actor=clerk.actor, now=now)
        clerk.session = seat.id
        self._plan(clerk, max(self.opens, now) + dt.timedelta(seconds=self._pause(6.0)), self._next)

    def _next(self, clerk: Clerk, now: dt.datetime) -> None:
        """Free: lunch, a customer who is back, the next in line, or nobody."""
        assert clerk.session is not None
        if now >= clerk.lunch_at and not clerk.had_lunch:
            sessions.pause(hall=self.hall, session=clerk.session, reason="午餐", actor=clerk.actor, now=now)
            clerk.had_lunch = True
            self._soon(clerk, now, LUNCH_S, self._after_lunch)
            return
        if waiting := self._back.get(_id(clerk)):
            ticket = waiting.pop(0)
            serving.resume(hall=self.hall, ticket=ticket, session=clerk.session, actor=clerk.actor, now=now)
            self._soon(clerk, now, self._guest(ticket).handling_s / 2, self._finishing(ticket))
            return
        try:
            called = calling.call_next(
                hall=self.hall, session=clerk.session, counter=clerk.counter, actor=clerk.actor, now=now
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
        if now >= self.closes and clerk.session is not None:
            clerk.is_idle = False
            sessions.close_counter(hall=self.hall, session=clerk.session, actor=clerk.actor, now=now)
            clerk.session = None

    def _after_lunch(self, clerk: Clerk, now: dt.datetime) -> None:
        assert clerk.session is not None
        sessions.unpause(hall=self.hall, session=clerk.session, actor=clerk.actor, now=now)
        self._soon(clerk, now, self._pause(5.0), self._next)

    def _called(self, clerk: Clerk, called: CalledTicket, now: dt.datetime) -> None:
        customer = self._guest(called.id)
        if customer.is_there:
            self._soon(clerk, now, customer.way_s, lambda c, t: self._meet(c, called.id, t))
        else:
            self._soon(clerk, now, 35.0, lambda c, t: self._call_again(c, called.id, t))

    def _call_again(self, clerk: Clerk, ticket: UUID, now: dt.datetime) -> None:
        calling.recall(hall=self.hall, ticket=ticket, actor=clerk.actor, now=now)
        self._soon(clerk, now, 30.0, lambda c, t: self._missed(c, ticket, t))

    def _missed(self, clerk: Clerk, ticket: UUID, now: dt.datetime) -> None:
        calling.mark_no_show(hall=self.hall, ticket=ticket, actor=clerk.actor, now=now)
        customer = self._guest(ticket)
        if customer.back_s is not None:
            self._guests[ticket] = replace(customer, is_there=True)
            self._at(now + dt.timedelta(seconds=customer.back_s), lambda t: self._come_back(ticket, t))
        self._soon(clerk, now, self._pause(3.0), self._next)

    def _come_back(self, ticket: UUID, now: dt.datetime) -> None:
        self._try(lambda: calling.return_ticket(hall=self.hall, ticket=ticket, actor=self._played.kiosk, now=now))
        self.wake_all(now)

    def _meet(self, clerk: Clerk, ticket: UUID, now: dt.datetime) -> None:
        serving.start_handling(hall=self.hall, ticket=ticket, actor=clerk.actor, now=now)
        customer = self._guest(ticket)
        half = customer.handling_s / 2
        if customer.second is not None:
            self._soon(clerk, now, half, lambda c, t: self._one_more(c, ticket, customer, t))
        elif customer.sent_on is not None:
            self._soon(clerk, now, min(half, 60.0), lambda c, t: self._send_on(c, ticket, customer, t))
        elif customer.parked_s is not None:
            self._soon(clerk, now, half, lambda c, t: self._set_aside(c, ticket, customer, t))
        else:
            self._soon(clerk, now, customer.handling_s, self._finishing(ticket))

    def _one_more(self, clerk: Clerk, ticket: UUID, customer: Customer, now: dt.datetime) -> None:
        assert customer.second is not None
        serving.add_business(
            hall=self.hall, ticket=ticket, business=self._names[customer.second], actor=clerk.actor, now=now
        )
        self._soon(clerk, now, customer.handling_s / 2 + customer.second_s, self._finishing(ticket))

    def _send_on(self, clerk: Clerk, ticket: UUID, customer: Customer, now: dt.datetime) -> None:
        assert customer.sent_on is not None
        business = self._names[customer.sent_on]
        setup = fresh_setup(self.hall)
        queue = setup.classes[setup.businesses[business].class_id].queue
        moving.transfer_ticket(
            hall=self.hall, ticket=ticket, actor=clerk.actor, now=now, place=Place.AGE, queue=queue, business=business
        )
        self._guests[ticket] = replace(customer, business=customer.sent_on, sent_on=None)
        self._wake(queue, now)
        self._soon(clerk, now, self._pause(4.0), self._next)

    def _set_aside(self, clerk: Clerk, ticket: UUID, customer: Customer, now: dt.datetime) -> None:
        assert customer.parked_s is not None
        serving.park(hall=self.hall, ticket=ticket, reason="取证件", actor=clerk.actor, now=now)
        self._guests[ticket] = replace(customer, parked_s=None)
        self._at(now + dt.timedelta(seconds=customer.parked_s), lambda t: self._fetched(clerk, ticket, t))
        self._soon(clerk, now, self._pause(4.0), self._next)

    def _fetched(self, clerk: Clerk, ticket: UUID, now: dt.datetime) -> None:
        self._back.setdefault(_id(clerk), []).append(ticket)
        if clerk.is_idle:
            self._soon(clerk, now, 2.0, self._next)

    def _finishing(self, ticket: UUID) -> Callable[[Clerk, dt.datetime], None]:
        return lambda clerk, now: self._finish(clerk, ticket, now)

    def _finish(self, clerk: Clerk, ticket: UUID, now: dt.datetime) -> None:
        if self._dice.uniform() < 0.7:
            serving.ask_rating(hall=self.hall, ticket=ticket, actor=clerk.actor, now=now)
            self._answer_later(ticket, now)
        try:
            serving.finish(hall=self.hall, ticket=ticket, actor=clerk.actor, now=now)
        except Refusal as no:
            if no.code != VERIFICATION_NEEDED:
                raise
            self._verify(clerk, ticket, now)
            serving.finish(hall=self.hall, ticket=ticket, actor=clerk.actor, now=now)
        self._soon(clerk, now, self._pause(6.0), self._next)

    def _verify(self, clerk: Clerk, ticket: UUID, now: dt.datetime) -> None:
        """Risk business: look at the card again; where that is not enough, fetch who supervises the hall."""
        how, second = verifying.How.IDENTITY_AGAIN, None
        for _ in range(2):
            try:
                verifying.verify_identity(
                    hall=self.hall, ticket=ticket, how=how, second=second, actor=clerk.actor, now=now
                )
            except Refusal as no:
                if no.code != SECOND_PERSON_NEEDED:
                    raise
                second = looking.supervisor_of(self.hall)
                how = verifying.How.SECOND_PERSON if second else verifying.How.NOT_DONE
            else:
                return

    # ------------------------------------------------------------------------------------------------ looking around
    def look_around(self, now: dt.datetime) -> None:
        """See what real people did: customers they sent, counters they opened, paused or closed, ratings they asked for."""
        seats = looking.seats_of(self.hall, self.day, [_id(clerk) for clerk in self.clerks])
        for clerk in self.clerks:
            seat = seats.get(_id(clerk))
            was_closed = clerk.session is not None and (seat is None or seat.session != clerk.session)
            was_opened = clerk.session is None and seat is not None and now >= self.opens
            was_released = clerk.is_held and seat is not None and seat.is_open
            if was_closed or was_opened or was_released:
                self._look_again(clerk, now, seat)
        if any(clerk.is_idle for clerk in self.clerks) and looking.somebody_waits(self.hall, self.day):
            self.wake_all(now)
        for ticket in looking.asked_to_rate(self.hall, self.day):
            self._answer_later(ticket, now)

    def wake_all(self, now: dt.datetime) -> None:
        """Every idle clerk tries to call."""
        for clerk in self.clerks:
            if clerk.is_idle:
                self._soon(clerk, now, self._pause(3.0), self._next)

    def _wake(self, queue: UUID, now: dt.datetime) -> None:
        """One idle clerk who serves this queue calls, after a moment."""
        counters = fresh_setup(self.hall).counters
        for clerk in self.clerks:
            if clerk.is_idle and clerk.counter in counters and queue in counters[clerk.counter].queues:
                self._soon(clerk, now, self._pause(4.0), self._next)
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
            self._soon(clerk, now, self._guest(seat.ticket).handling_s / 2, self._finishing(seat.ticket))
        elif not seat.is_open:
            clerk.is_held = True
            if seat.pause_reason == "午餐":
                self._soon(clerk, now, LUNCH_S / 2, self._after_lunch)
        else:
            self._soon(clerk, now, self._pause(5.0), self._next)

    # ------------------------------------------------------------------------------------------------ small things
    def _guest(self, ticket: UUID) -> Customer:
        """The customer behind a ticket; for one whom somebody real sent, a patient stranger who just wants to be served."""
        if (known := self._guests.get(ticket)) is not None:
            return known
        drawn = one_customer(self.part.shape, self._dice)
        return replace(drawn, is_there=True, second=None, sent_on=None, parked_s=None, score=None)

    def _pause(self, seconds: float) -> float:
        return seconds * float(self._dice.uniform(0.6, 1.6))

    def _try(self, step: Callable[[], object]) -> None:
        try:
            step()
        except Refusal as no:
            self._note(no)

    def _note(self, no: Refusal) -> None:
        self.refused += 1
        log.debug("refused: %s", no)


def _guest(ticket: UUID) -> Actor:
    return Actor(ActorKind.CUSTOMER, ticket, "customer")


def _id(clerk: Clerk) -> UUID:
    assert clerk.actor.id is not None
    return clerk.actor.id
