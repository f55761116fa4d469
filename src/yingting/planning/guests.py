"""The customers of a simulated hall: they come, take a number, lose patience, come back, and say what they think.

Who comes when, for what and for how long is the twin's draw of the day (`customers.py`). The simulation never acts for a customer
whom it did not send.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from uuid import UUID

import numpy as np

from yingting.domains.queueing.actions import calling, issuing, moving, steering
from yingting.domains.queueing.contracts import HallSetup
from yingting.domains.queueing.queries.setup import fresh_setup
from yingting.domains.queueing.refusals import STEERED
from yingting.kernel.actors import Actor, ActorKind
from yingting.kernel.refusals import Refusal
from yingting.planning import looking
from yingting.planning.customers import Customer, customers_of
from yingting.planning.regulars import HOW, Regulars
from yingting.planning.stage import Stage
from yingting.twin.engine.arrays import Enter

ACCEPTS_SHARE = 0.6  # of the customers who are offered another way in forced diversion
# Blocks of the twin's draw: a day's own has its ordinal; those whom nobody planned and coaches have some of their own.
_UNPLANNED, _A_DAY = 10_000_000, 100


class Guests:
    """The customers. `came` is told the queue that somebody joined, or None when somebody came back.

    `is_met` says whether the floor staff receives one who comes in; the others go to the kiosk.
    """

    def __init__(
        self, stage: Stage, *, came: Callable[[UUID | None, dt.datetime], None],
        is_met: Callable[[Customer, dt.datetime], bool],
    ) -> None:  # fmt: skip
        self._stage = stage
        self._came = came
        self._is_met = is_met
        self._known: dict[UUID, Customer] = {}
        self._rated: set[UUID] = set()
        self._strangers: Iterator[Customer] = iter(())
        self._strangers_of: dt.date | None = None
        self.regulars = Regulars(stage)

    def plan_day(self, now: dt.datetime) -> None:
        """Plan those who still come as of `now`."""
        self._known.clear()
        self._rated.clear()
        self.regulars.begin_day()
        for customer in customers_of(self._stage.model, seed=self._stage.seed, block=self._stage.day.toordinal()):
            at = self._stage.midnight + dt.timedelta(seconds=customer.arrives_s)
            if at >= now:
                self._stage.at(at, lambda t, c=customer: self.arrive(c, t))  # type: ignore[misc]  # bound now, called later

    def adopt(self, now: dt.datetime) -> None:
        """After a restart: those whom an earlier run sent are still here, with fresh patience."""
        kiosk = self._stage.played.kiosk.id
        for ticket in looking.still_here(self._stage.hall, self._stage.day, kiosk) if kiosk else ():
            self._known[ticket] = self.stranger()
            self._grow_impatient(ticket, self._known[ticket], now)

    def expect_crowd(self, begins: dt.datetime, *, people: int, minutes: int, number: int, now: dt.datetime) -> None:
        """A coach's customers come one after the other; after a restart those who have not come yet."""
        dice = np.random.default_rng([self._stage.day.toordinal(), number])
        arrivals = sorted(float(after) for after in dice.uniform(0.0, minutes * 60.0, size=people))
        for after, customer in zip(arrivals, self._unplanned(number), strict=False):
            at = begins + dt.timedelta(seconds=after)
            if at >= now:
                self._stage.at(at, lambda t, c=customer: self.arrive(c, t))  # type: ignore[misc]  # bound now, called later

    def of(self, ticket: UUID) -> Customer:
        """The customer behind a ticket; for one whom somebody real sent, a patient stranger who just wants to be served."""
        if (known := self._known.get(ticket)) is not None:
            return known
        return self.stranger().plain()

    def stranger(self) -> Customer:
        """A customer whom nobody planned."""
        if self._strangers_of != self._stage.day:
            self._strangers_of, self._strangers = self._stage.day, self._unplanned(0)
        return next(self._strangers)

    def _unplanned(self, number: int) -> Iterator[Customer]:
        """Customers whom nobody planned, without end: those of the n-th crowd of the day, or (0) strangers."""
        block = _UNPLANNED + _A_DAY * self._stage.day.toordinal() + number
        return itertools.cycle(customers_of(self._stage.model, seed=self._stage.seed, block=block))

    def arrive(self, customer: Customer, now: dt.datetime) -> None:
        """The customer comes in: somebody of the floor staff receives them, or they go to the kiosk."""
        if not self._is_met(customer, now):
            self.take_number(customer, now)

    def take_number(
        self, customer: Customer, now: dt.datetime, insists: str | None = None, *, wants_counter: bool = False
    ) -> None:
        """The customer takes a number at the kiosk; who `wants_counter` says no to whatever else it offers."""
        file = self.regulars.file_of(customer) if insists is None else None
        star = looking.star_class(fresh_setup(self._stage.hall)) if customer.is_star and file is None else None
        try:
            issued = issuing.issue_ticket(
                hall=self._stage.hall, business=self._stage.names[customer.business], actor=self._stage.played.kiosk, now=now,
                care=customer.is_care, priority=star, insists=insists, customer=file, known_by=HOW.value if file else "",
            )  # fmt: skip
        except Refusal as no:
            if no.code == STEERED:
                self._choose(customer, now, wants_counter=wants_counter)
            else:
                self._stage.note(no)
            return
        self.join(issued.id, issued.queue, customer, now)

    def join(self, ticket: UUID, queue: UUID, customer: Customer, now: dt.datetime) -> None:
        """The customer has a number and waits."""
        self._known[ticket] = customer
        self._grow_impatient(ticket, customer, now)
        self._came(queue, now)

    def _choose(self, customer: Customer, now: dt.datetime, *, wants_counter: bool) -> None:
        """In forced diversion most go to the other channel; the others say why not and take a number."""
        kiosk, business = self._stage.played.kiosk, self._stage.names[customer.business]
        offer = steering.offer_other_channel(
            hall=self._stage.hall, business=business, channel="kiosk", actor=kiosk, now=now
        )
        if not wants_counter and self._stage.dice.uniform() < ACCEPTS_SHARE:
            steering.accept_other_channel(
                hall=self._stage.hall, business=business, offer=offer, channel="kiosk", actor=kiosk, now=now
            )
        else:
            self.take_number(customer, now, insists=self.why_not(fresh_setup(self._stage.hall)))

    def why_not(self, setup: HallSetup) -> str:
        """With which of the hall's usual words a customer wants the counter."""
        reasons = setup.steering.reasons
        return reasons[int(self._stage.dice.uniform() * len(reasons))].words if reasons else "想到柜台办理"

    def _grow_impatient(self, ticket: UUID, customer: Customer, now: dt.datetime) -> None:
        self._stage.at(now + dt.timedelta(seconds=customer.patience_s), lambda t: self._give_up(ticket, customer, t))

    def _give_up(self, ticket: UUID, customer: Customer, now: dt.datetime) -> None:
        if self._known.get(ticket) is not customer:
            return  # has been served, and waits anew or for another counter
        if not customer.leaves_openly:
            self._known[ticket] = replace(customer, is_there=False, then=None)
            return
        # Refused when the customer has been called meanwhile: patience paid off.
        self._stage.try_(lambda: moving.leave(hall=self._stage.hall, ticket=ticket, actor=_guest(ticket), now=now))

    def _score(self, ticket: UUID, score: int, now: dt.datetime) -> None:
        self._stage.try_(
            lambda: moving.rate(hall=self._stage.hall, ticket=ticket, score=score, actor=_guest(ticket), now=now)
        )

    def answer_later(self, ticket: UUID, now: dt.datetime) -> None:
        """The customer was asked for a rating, and may give one by and by; once."""
        customer = self._known.get(ticket)
        if customer is not None and customer.score is not None and ticket not in self._rated:
            self._rated.add(ticket)
            at = now + dt.timedelta(seconds=customer.score_after_s)
            self._stage.at(at, lambda t, score=customer.score: self._score(ticket, score, t))  # type: ignore[misc]  # bound now

    def missed(self, ticket: UUID, now: dt.datetime) -> None:
        """The customer did not come when called; perhaps comes back."""
        customer = self.of(ticket)
        if customer.then is not None and customer.then.enter is Enter.BACK:
            self.change(ticket, customer.then)
            self._stage.at(now + dt.timedelta(seconds=customer.gap_s), lambda t: self._come_back(ticket, t))

    def _come_back(self, ticket: UUID, now: dt.datetime) -> None:
        kiosk = self._stage.played.kiosk
        if self._stage.try_(lambda: calling.return_ticket(hall=self._stage.hall, ticket=ticket, actor=kiosk, now=now)):
            self._grow_impatient(ticket, self._known[ticket], now)
        self._came(None, now)

    def served(self, ticket: UUID, now: dt.datetime) -> None:
        """The visit is over; somebody whose matter was not settled comes again with a new number."""
        customer = self._known.get(ticket)
        if customer is not None and (again := customer.then) is not None and again.enter is Enter.NEW:
            self._stage.at(now + dt.timedelta(seconds=customer.gap_s), lambda t: self._come_again(again, t))

    def _come_again(self, customer: Customer, now: dt.datetime) -> None:
        if now < self._stage.closes:
            self.arrive(customer, now)

    def sent_on(self, ticket: UUID, customer: Customer, now: dt.datetime) -> None:
        """The customer waits for another counter, with the patience that is left for that."""
        self.change(ticket, customer)
        self._grow_impatient(ticket, customer, now)

    def change(self, ticket: UUID, customer: Customer) -> None:
        """From now on the customer behind the ticket is this one."""
        self._known[ticket] = customer


def _guest(ticket: UUID) -> Actor:
    return Actor(ActorKind.CUSTOMER, ticket, "customer")
