"""What a simulated clerk does for a customer who has been served, before finishing.

A domain above the queue that has something for this moment (a recommendation to record, a colleague to send the customer to)
gets its step here: a function of the visit and the moment that calls the domain's own action. A step that is refused ends the
moment; the clerk looks at the counter again and goes on from there.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from yingting.domains.queueing.actions import serving
from yingting.kernel.actors import Actor
from yingting.planning.guests import Guests
from yingting.planning.stage import Stage
from yingting.twin.customers import Customer


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit that is about to be finished: where, whose, and at whose counter."""

    stage: Stage
    guests: Guests
    ticket: UUID
    customer: Customer
    clerk: Actor


_ASKED_SHARE = 0.7


def ask_for_rating(visit: Visit, now: dt.datetime) -> None:
    """Most customers are asked what they thought of it."""
    if visit.stage.dice.uniform() < _ASKED_SHARE:
        serving.ask_rating(hall=visit.stage.hall, ticket=visit.ticket, actor=visit.clerk, now=now)
        visit.guests.answer_later(visit.ticket, now)


BEFORE_FINISHING: tuple[Callable[[Visit, dt.datetime], None], ...] = (ask_for_rating,)
