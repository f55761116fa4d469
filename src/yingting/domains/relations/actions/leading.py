"""Leads (CUS-26): a customer's interest with an owner and a promised day; followed, won, lost, overdue."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.urls import reverse

from yingting.domains.relations.actions.stepping import change, held, kept_file, note, turn_to
from yingting.domains.relations.facts import LeadEnded, LeadFollowed, LeadOpened, LeadOverdue
from yingting.domains.relations.models import Lead, LeadStep
from yingting.domains.relations.queries.faces import present
from yingting.domains.relations.queries.leads import referral_taken, referral_told
from yingting.domains.relations.queries.people import owner_of
from yingting.domains.relations.queries.rules_in_force import LEADS, rule_of
from yingting.domains.relations.refusals import (
    CHANGED,
    CODE_UNKNOWN,
    DAY_PAST,
    LEAD_OPEN,
    REFERRAL_TAKEN,
)
from yingting.domains.relations.rules.managing import LeadState
from yingting.foundation.calendars.reading import today_at
from yingting.foundation.customers.contacting import Said
from yingting.foundation.customers.finding import ids_of
from yingting.foundation.days import local_day
from yingting.foundation.journal.writing import writing
from yingting.foundation.notify.rules import Severity
from yingting.foundation.notify.telling import Telling, notify
from yingting.foundation.people.access import holders_of
from yingting.foundation.people.permissions import Permission
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal
from yingting.kernel.words import gettext_noop as _

TOPIC = "offer"
OVERDUE = _("A lead is overdue since %(day)s")
OVERDUE_BODY = _("Speak to the customer, or end the lead.")


@dataclass(frozen=True, slots=True)
class Interest:
    """What a customer is interested in, whose lead it is (a staff number), and when the next word is promised."""

    code: str
    owner: str
    next_on: dt.date
    note: str = ""
    has_card: bool = False
    referral: UUID | None = None


def open_lead(*, customer: UUID, interest: Interest, actor: Actor, now: dt.datetime) -> UUID:
    """Note a lead; one from a referral to the lobby once only.

    Raises Refusal customer.unknown, customer.gone, relation.code_unknown, relation.owner_unknown, relation.day_past, lead.open,
    lead.referral_taken, relation.unknown (a referral out of the actor's care).
    """
    with writing():
        file = kept_file(actor, customer)
        path = file.unit.path
        today = today_at(path, now)
        if interest.code not in {one.code for one in rule_of(LEADS, path, today).interests}:
            raise Refusal(CODE_UNKNOWN, code=interest.code)
        if interest.next_on < today:
            raise Refusal(DAY_PAST)
        if interest.referral is not None:
            referral_told(actor, interest.referral)
            if referral_taken(interest.referral):
                raise Refusal(REFERRAL_TAKEN)
        if Lead.objects.filter(customer__in=ids_of(file.pk), interest=interest.code, state="open").exists():
            raise Refusal(LEAD_OPEN)
        owner = owner_of(interest.owner, path)
        assert actor.person is not None
        try:
            with transaction.atomic():
                row = Lead.objects.create(
                    customer=file, unit=file.unit, owner=owner, interest=interest.code, note=interest.note.strip()[:1000],
                    has_card=interest.has_card, referral=interest.referral, next_on=interest.next_on, business_day=today,
                    by_id=actor.person, at=now,
                )  # fmt: skip
        except IntegrityError:
            raise Refusal(LEAD_OPEN) from None
        LeadStep.objects.create(lead=row, unit=file.unit, due_on=interest.next_on)
        told = LeadOpened(file.pk, owner.pk, row.interest, row.has_card, interest.next_on, interest.referral)
        note(told, row.pk, row.unit_id, today, actor, now)
        _recount(row, interest.next_on, today, told, actor, now)
    return row.pk


@dataclass(frozen=True, slots=True)
class Followed:
    """A contact of a lead: how, with what outcome and words; then the next promised day, or how the lead ends."""

    channel: str
    outcome: str
    words: str = ""
    next_on: dt.date | None = None
    end: LeadState | None = None
    has_card: bool = False


def follow_lead(*, lead: UUID, said: Followed, actor: Actor, now: dt.datetime) -> None:
    """Note the promised contact, and what comes next. Refused for who asked to be left alone or has not agreed to care.

    Raises Refusal relation.unknown, relation.changed, relation.day_past, customer.left_alone, customer.consent_missing,
    customer.code_unknown.
    """
    with writing():
        row = _open(lead, actor)
        file, today = present(row.customer_id), today_at(row.unit.path, now)
        ends = said.end is not None and said.end is not LeadState.OPEN
        if not ends and (said.next_on is None or said.next_on < today):
            raise Refusal(DAY_PAST)
        turn_to(file, Said(said.channel, TOPIC, True, said.outcome, said.words), actor, now)
        step = LeadStep.objects.get(lead=row, done_on__isnull=True, is_void=False)
        LeadStep.objects.filter(pk=step.pk).update(done_on=today, outcome=said.outcome, by_id=actor.person)
        following = None if ends else said.next_on
        state = said.end.value if ends and said.end else LeadState.OPEN.value
        change(
            row,
            next_on=following,
            state=state,
            has_card=row.has_card or said.has_card,
            ended_on=today if ends else None,
        )
        told = LeadFollowed(file, said.outcome, step.due_on, following)
        note(told, row.pk, row.unit_id, step.due_on, actor, now)
        if following is not None:
            LeadStep.objects.create(lead=row, unit=row.unit, due_on=following)
            _recount(row, following, step.due_on, told, actor, now)
        else:
            note(LeadEnded(file, state), row.pk, row.unit_id, today, actor, now)


def end_lead(*, lead: UUID, actor: Actor, now: dt.datetime) -> None:
    """Close a lead without a word to the customer: nothing is owed any more. Raises Refusal relation.unknown, relation.changed."""
    with writing():
        row = _open(lead, actor)
        today = today_at(row.unit.path, now)
        step = LeadStep.objects.get(lead=row, done_on__isnull=True, is_void=False)
        if step.due_on >= today:
            LeadStep.objects.filter(pk=step.pk).update(is_void=True)
        change(row, next_on=None, state=LeadState.LOST.value, ended_on=today)
        note(LeadEnded(row.customer_id, LeadState.LOST.value), row.pk, row.unit_id, step.due_on, actor, now)


def _open(lead: UUID, actor: Actor) -> Lead:
    row = held(Lead, lead, actor)
    if row.state != LeadState.OPEN.value:
        raise Refusal(CHANGED)
    return row


def _recount(
    row: Lead, day: dt.date, noted: dt.date, told: LeadOpened | LeadFollowed, actor: Actor, now: dt.datetime
) -> None:
    """A step of another day than that of the fact: its day is counted anew as well."""
    if day != noted:
        note(told, row.pk, row.unit_id, day, actor, now)


def remind_of_leads(*, actor: Actor, now: dt.datetime) -> int:
    """Tell owners, and those who manage customers there, of promised contacts whose day has passed; return how many."""
    today = local_day(now)
    with writing():
        late = LeadStep.objects.select_for_update(of=("self",)).select_related("lead__unit")
        rows = list(
            late.filter(
                done_on__isnull=True, is_void=False, told_over_on__isnull=True, due_on__lt=today, lead__state="open"
            )
        )
        for step in rows:
            lead = step.lead
            LeadStep.objects.filter(pk=step.pk).update(told_over_on=today)
            note(LeadOverdue(lead.customer_id, step.due_on), lead.pk, lead.unit_id, step.due_on, actor, now)
            managers = holders_of(Permission.CUSTOMERS_MANAGE, lead.unit.path).filter(unit__path=lead.unit.path)
            telling = Telling(
                "relations.lead_overdue", OVERDUE, Severity.WARNING, {"day": step.due_on.isoformat()}, OVERDUE_BODY,
                f"lead:{lead.pk}:{step.due_on}", reverse("relations:lead", args=[lead.pk]),
            )  # fmt: skip
            notify(people={lead.owner_id, *(one.pk for one in managers)}, telling=telling, actor=actor, now=now)
    return len(rows)
