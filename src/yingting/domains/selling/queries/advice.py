"""What the clerk is advised to offer with a ticket, and how far its record is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from yingting.domains.queueing.contracts import HallSetup
from yingting.domains.queueing.facade import NOT_YOURS, TICKET_UNKNOWN, TicketAt, fresh_setup, rule_in, ticket_at
from yingting.domains.selling.contracts import Entry
from yingting.domains.selling.queries.consenting import who_of
from yingting.domains.selling.queries.entries import codes_of_ticket, current_entry
from yingting.domains.selling.queries.rules_in_force import RECOMMENDING
from yingting.domains.selling.rules import (
    NOBODY_KNOWN,
    Answer,
    Offer,
    Recommending,
    Result,
    Stand,
    Who,
    is_fixed,
    is_full,
    is_stopped,
    stand_of,
    suggested,
)
from yingting.foundation.people.access import require
from yingting.foundation.people.permissions import Permission
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal
from yingting.kernel.shapes import Named


@dataclass(frozen=True, slots=True)
class PartNow:
    """One part with what to offer and what came of it: `result` is "" while open, stopped after the customer's no."""

    part: Named
    offer: Offer
    answer: Answer | None
    result: str


@dataclass(frozen=True, slots=True)
class Advice:
    """All that is known of recommending with one ticket. `parts` is empty when nothing is recommended."""

    ticket: TicketAt
    rule: Recommending
    stand: Stand
    parts: tuple[PartNow, ...]
    entry: Entry | None
    is_stopped: bool
    is_full: bool
    is_fixed: bool
    who: Who = NOBODY_KNOWN

    @property
    def is_served(self) -> bool:
        """Has the customer come to the counter?"""
        return self.ticket.state in ("serving", "finished")

    @property
    def next_part(self) -> str:
        """The first part without an answer, "" when there is none or the customer said no."""
        return next((row.part.code for row in self.parts if not row.result), "")


def advice_for(setup: HallSetup, place: TicketAt, *, now: dt.datetime) -> Advice:
    """Return the advice on a ticket of this hall, by the rule of its day."""
    rule = rule_in(setup, RECOMMENDING, place.business_day)
    codes, customer = codes_of_ticket(place), customer_code(setup, place.priority)
    who = who_of(place.id, at=place.ended_at or now)
    stand = stand_of(rule, codes, customer, who)
    offers = suggested(rule, codes, customer, who) if stand is not Stand.EXEMPT else {}
    entry = current_entry(place.id)
    answers: Mapping[str, Answer] = entry.answers if entry else {}
    stopped = is_stopped(answers, rule.stop_after)
    parts = tuple(
        PartNow(part, offers[part.code], answers.get(part.code), _result(answers.get(part.code), stopped=stopped))
        for part in rule.parts
        if part.code in offers
    )
    fixed = entry is not None and is_fixed(place.ended_at, entry.at, now, rule.grace_min)
    full = bool(answers) and is_full(offers, answers, rule.stop_after)
    return Advice(place, rule, stand, parts, entry, stopped, full, fixed, who)


def _result(answer: Answer | None, *, stopped: bool) -> str:
    if answer is not None:
        return answer.result
    return Result.STOPPED if stopped else ""


def customer_code(setup: HallSetup, priority: UUID) -> str:
    """Return the code of a priority class of the hall, "" for one out of use."""
    found = setup.priorities.get(priority)
    return found.code if found else ""


def suggested_parts(ticket: UUID, *, now: dt.datetime) -> tuple[str, ...]:
    """Return the codes of the parts to offer with a ticket, none where nothing is recommended. Raises Refusal ticket.unknown."""
    place = ticket_at(ticket)
    return tuple(row.part.code for row in advice_for(fresh_setup(place.hall), place, now=now).parts)


def ticket_for(actor: Actor, ticket: UUID, *, or_supervisor: bool = False) -> tuple[HallSetup, TicketAt]:
    """Return a ticket at the actor's own counter, or that the actor finished; supervisors of the hall may be let in too.

    Raises Refusal ticket.unknown outside the actor's scope, access.refused without the permission to serve,
    ticket.not_yours when a colleague serves it.
    """
    place = ticket_at(ticket)
    setup = fresh_setup(place.hall)
    if not any(setup.path.startswith(prefix) for _permission, prefix in actor.grants):
        raise Refusal(TICKET_UNKNOWN)
    if or_supervisor and actor.may(Permission.QUEUE_SUPERVISE, setup.path):
        return setup, place
    require(actor, Permission.QUEUE_SERVE, setup.path)
    if place.clerk is None or place.clerk != actor.id:
        raise Refusal(NOT_YOURS)
    return setup, place
