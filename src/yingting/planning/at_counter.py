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

from yingting.domains.floor.actions.helping import ask_help
from yingting.domains.floor.actions.referring import refer_customer
from yingting.domains.floor.queries.lobby_rules import REFERRING
from yingting.domains.queueing.actions import serving
from yingting.domains.queueing.facade import fresh_setup, rule_in
from yingting.domains.selling.facade import Answer, Result, record_recommendation, suggested_parts
from yingting.domains.selling.queries.rules_in_force import RECOMMENDING
from yingting.kernel.actors import Actor
from yingting.planning.customers import Customer
from yingting.planning.guests import Guests
from yingting.planning.stage import Stage


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


# How customers take the combined recommendation: a part accepted, interested, declined, else not suitable.
_RECORDED_SHARE = 0.95
_TAKEN = ((0.12, Result.ACCEPTED), (0.32, Result.INTERESTED), (0.88, Result.DECLINED))
_REFERRED_SHARE = 0.05
_HELPED_SHARE = 0.03


def recommend(visit: Visit, now: dt.datetime) -> None:
    """The clerk offers part by part until the customer says no, and nearly always writes down what came of it."""
    stage = visit.stage
    if stage.dice.uniform() > _RECORDED_SHARE:
        return
    rule = rule_in(fresh_setup(stage.hall), RECOMMENDING, stage.day)
    answers: dict[str, Answer] = {}
    for part in suggested_parts(visit.ticket, now=now):
        luck = stage.dice.uniform()
        result = next((taken for share, taken in _TAKEN if luck < share), Result.UNSUITABLE)
        reason = rule.reasons[0].code if result is Result.UNSUITABLE and rule.reasons else ""
        answers[part] = Answer(result, reason=reason)
        if result is Result.DECLINED:
            break
    if answers:
        record_recommendation(hall=stage.hall, ticket=visit.ticket, answers=answers, actor=visit.clerk, now=now)


def refer(visit: Visit, now: dt.datetime) -> None:
    """One customer in twenty would like to hear more than the counter has time for."""
    stage = visit.stage
    interests = rule_in(fresh_setup(stage.hall), REFERRING, stage.day).interests
    if interests and stage.dice.uniform() < _REFERRED_SHARE:
        interest = interests[int(stage.dice.uniform() * len(interests))].code
        stage.try_(
            lambda: refer_customer(
                hall=stage.hall, ticket=visit.ticket, interest=interest, note="", actor=visit.clerk, now=now
            )
        )


def call_for_help(visit: Visit, now: dt.datetime) -> None:
    """At times a clerk needs a second pair of hands."""
    if visit.stage.dice.uniform() < _HELPED_SHARE:
        visit.stage.try_(lambda: ask_help(hall=visit.stage.hall, actor=visit.clerk, now=now))


BEFORE_FINISHING: tuple[Callable[[Visit, dt.datetime], None], ...] = (
    ask_for_rating,
    recommend,
    refer,
    call_for_help,
)
