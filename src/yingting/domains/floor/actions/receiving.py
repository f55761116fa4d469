"""Receive a customer: the need, the papers, the form or note, and what follows, in one step of the guide."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from yingting.domains.floor.actions.stepping import (
    Step,
    answers_for,
    fill_form,
    open_diversion,
    open_roving_visit,
    require_free,
    require_shown,
    step,
    write_grant,
    write_note,
)
from yingting.domains.floor.contracts import Asked, NextStep, Received
from yingting.domains.floor.facts import NeedTaken, PapersChecked
from yingting.domains.floor.models import PapersCheck, Reception
from yingting.domains.floor.refusals import OUTCOME_UNKNOWN
from yingting.domains.floor.rules import Outcome, missing_papers
from yingting.domains.queueing.contracts import Business
from yingting.domains.queueing.facade import answered, issue_ticket
from yingting.domains.queueing.refusals import NOT_OFFERED
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal

_Paper = tuple[str, str, bool | None]


def receive_customer(
    *, hall: UUID, asked: Asked, then: NextStep, actor: Actor, now: dt.datetime, request_key: str,
    at: dt.datetime | None = None,
) -> Received:  # fmt: skip
    """Write down what a customer needs and take the next step: a ticket, another way, a visit on the move, or later.

    `at` is when the guide did it, if the line was down since. A ticket is issued first, under the request's key, so a
    repeat after a break finds it and writes the rest. What the floor itself refuses, it refuses before.
    Raises Refusal queue.not_offered, queue.hall_closed, floor.outcome_unknown, floor.reason_unknown, floor.field_wrong,
    floor.roving_running, request.key_reused, access.refused.
    """
    here = step(hall, actor, now, f"{request_key}.n")
    business = here.setup.businesses.get(asked.business)
    if business is None:
        raise Refusal(NOT_OFFERED)
    if then.outcome not in list(Outcome):
        raise Refusal(OUTCOME_UNKNOWN)
    papers = tuple((name, english, asked.papers.get(i)) for i, (name, english) in enumerate(business.papers))
    if answered(hall, here.key, "need.taken") is None:
        if then.outcome == Outcome.ROVING:
            require_free(here)
        answers_for(here, asked.business, asked.answers, is_ticket=then.outcome == Outcome.TICKET)
        if asked.entitlement:
            require_shown(here, asked.entitlement, asked.shown)
    ticket = _issue(here, asked, then, request_key) if then.outcome == Outcome.TICKET else None
    subject = here.once("need.taken", lambda: _write(here, asked, then, business, papers, ticket, at or now))
    return _received(subject, papers)


def _issue(here: Step, asked: Asked, then: NextStep, key: str) -> UUID:
    # Steering is the queue's: it refuses with queue.steered, and takes the word of a customer who insists.
    issued = issue_ticket(
        hall=here.setup.id, business=asked.business, care=asked.care, channel="guide", actor=here.actor, now=here.now,
        request_key=key, insists=then.insists or None, entitlement=asked.entitlement,
    )  # fmt: skip
    return issued.id


def _write(
    here: Step,
    asked: Asked,
    then: NextStep,
    business: Business,
    papers: tuple[_Paper, ...],
    ticket: UUID | None,
    at: dt.datetime,
) -> UUID:
    reception = Reception.objects.create(
        hall_id=here.setup.id, business_day=here.day, business_id=business.id, outcome=then.outcome, is_care=asked.care,
        insists=then.insists[:120], ticket_id=ticket, by_id=here.actor.person, at=at,
    )  # fmt: skip
    fact = NeedTaken(business.id, then.outcome, asked.care, bool(then.insists), ticket)
    here.note(fact, reception.pk, keyed=True)
    if any(has is not None for _name, _english, has in papers):
        _keep_papers(here, reception, papers, at)
    if ticket is not None:
        fill_form(here, ticket, business.id, answers_for(here, business.id, asked.answers, is_ticket=True), at)
        if asked.note.strip():
            write_note(here, ticket, "need", asked.note, at)
        if asked.entitlement:
            write_grant(here, ticket, asked.entitlement, asked.shown, at, moved=not asked.care)
    elif then.outcome in (Outcome.SELF_SERVICE, Outcome.ONLINE):
        open_diversion(here, business.id, then.outcome, then.reason, then.teaching, None, at)
    elif then.outcome == Outcome.ROVING:
        open_roving_visit(here, business.id, then.zone, at)
    return reception.pk


def _keep_papers(here: Step, reception: Reception, papers: tuple[_Paper, ...], at: dt.datetime) -> None:
    row = PapersCheck.objects.create(
        hall_id=here.setup.id, business_day=here.day, reception=reception, ticket_id=reception.ticket_id,
        papers=[list(paper) for paper in papers], by_id=here.actor.person, at=at,
    )  # fmt: skip
    asked = sum(has is not None for _name, _english, has in papers)
    here.note(PapersChecked(reception.ticket_id, reception.business_id, asked, len(missing_papers(papers))), row.pk)


def _received(subject: UUID, papers: tuple[_Paper, ...]) -> Received:
    row = Reception.objects.get(pk=subject)
    missing = tuple((name, english or name) for name, english, has in papers if has is False)
    return Received(row.pk, row.outcome, row.business_id, row.ticket_id, missing)
