"""What every step of the floor shares: who may, that a repeated request gets its first answer, and the rows that several write."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError

from yingting.domains.floor.facts import DiversionMade, GreenGranted, NoteWritten, PreacceptanceFilled, RovingStarted
from yingting.domains.floor.models import Diversion, GreenGrant, Preacceptance, RovingVisit, TicketNote
from yingting.domains.floor.queries.lobby import entitlements_of
from yingting.domains.floor.queries.offer import forms_for, zones_of
from yingting.domains.floor.queries.rules_in_force import DIVERTING
from yingting.domains.floor.refusals import OUTCOME_UNKNOWN, PAPER_UNKNOWN, REASON_UNKNOWN, ROVING_RUNNING
from yingting.domains.floor.rules import NOTE_LENGTH, Outcome, checked_value
from yingting.domains.queueing.contracts import HallSetup
from yingting.domains.queueing.facade import TicketAt, answered, fresh_setup, is_taken_key, rule_in, ticket_of_day
from yingting.foundation.journal.catalogue import FactData
from yingting.foundation.journal.recording import record
from yingting.foundation.journal.writing import writing
from yingting.foundation.live.publishing import publish
from yingting.foundation.people.access import require
from yingting.foundation.people.permissions import Permission
from yingting.foundation.sites.models import Hall
from yingting.kernel.actors import Actor
from yingting.kernel.clocks import local_instant
from yingting.kernel.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Step:
    """One step as it is taken: the hall, who, when, and the key of the request."""

    setup: HallSetup
    actor: Actor
    now: dt.datetime
    key: str | None

    @property
    def day(self) -> dt.date:
        """The hall's business day."""
        return self.setup.day(self.now)

    def note(self, data: FactData, subject: UUID, *, version: int = 1, keyed: bool = False) -> None:
        """Record a fact of this step; the keyed one is the memory of the first answer."""
        record(
            data, subject=subject, version=version, hall=self.setup.id, business_day=self.day, actor=self.actor,
            now=self.now, request_key=self.key if keyed else None,
        )  # fmt: skip

    def once(self, kind: str, do: Callable[[], UUID]) -> UUID:
        """Do it in one transaction, or return what the first request with this key did. `do` returns the fact's subject.

        Raises Refusal request.key_reused when the key belongs to a request of another kind.
        """
        if fact := answered(self.setup.id, self.key, kind):
            return fact.subject
        try:
            with writing():
                subject = do()
        except IntegrityError as error:
            if not is_taken_key(error):
                raise
            first = answered(self.setup.id, self.key, kind)
            assert first is not None
            return first.subject
        publish(self.setup.id)
        return subject


def step(
    hall: UUID,
    actor: Actor,
    now: dt.datetime,
    key: str | None = None,
    permission: Permission = Permission.FLOOR_GUIDE,
) -> Step:
    """Return the step if the actor may take it there. Raises Refusal hall.unknown, access.refused."""
    setup = fresh_setup(hall)
    require(actor, permission, setup.path)
    return Step(setup, actor, now, key)


def step_on_day(hall: UUID, day: dt.date, actor: Actor, now: dt.datetime) -> Step:
    """Return the step of a job that ends what a day left open: dated on that day, however late the job comes."""
    setup = fresh_setup(hall)
    return Step(setup, actor, min(now, local_instant(day, dt.time(23, 59, 59), setup.timezone)), None)


def require_ticket(here: Step, ticket: UUID) -> TicketAt:
    """Return where a ticket of this hall and day stands. Raises Refusal ticket.unknown."""
    return ticket_of_day(here.setup, ticket, here.day)


Answers = list[list[str]]


def open_diversion(
    here: Step, business: UUID, target: str, reason: str, teaching: str, ticket: UUID | None, at: dt.datetime,
    *, keyed: bool = False,
) -> UUID:  # fmt: skip
    """Write a diversion, inside the caller's transaction. Raises Refusal floor.reason_unknown, floor.outcome_unknown."""
    if target not in (Outcome.SELF_SERVICE, Outcome.ONLINE):
        raise Refusal(OUTCOME_UNKNOWN)
    reasons = rule_in(here.setup, DIVERTING, here.day).reasons
    if reason not in {row.code for row in reasons}:
        raise Refusal(REASON_UNKNOWN)
    row = Diversion.objects.create(
        hall_id=here.setup.id, business_day=here.day, business_id=business, ticket_id=ticket, target=target,
        reason=reason, teaching=teaching.strip()[:NOTE_LENGTH], by_id=here.actor.person, at=at,
    )  # fmt: skip
    here.note(DiversionMade(business, target, reason, ticket, bool(row.teaching)), row.pk, keyed=keyed)
    return row.pk


def require_free(here: Step) -> None:
    """Refuse when the person serves somebody on the move already. Raises Refusal floor.roving_running."""
    if RovingVisit.objects.filter(by=here.actor.person, ended_at__isnull=True).exists():
        raise Refusal(ROVING_RUNNING)


def open_roving_visit(here: Step, business: UUID, zone: UUID | None, at: dt.datetime) -> UUID:
    """Begin a visit on the move, inside the caller's transaction. A zone of another hall is left out."""
    require_free(here)
    assert here.actor.person is not None
    known = zone if zone in {row.id for row in zones_of(here.setup.id)} else None
    row = RovingVisit.objects.create(
        hall_id=here.setup.id, business_day=here.day, business_id=business, zone_id=known, by_id=here.actor.person,
        started_at=at,
    )  # fmt: skip
    here.note(RovingStarted(business, known), row.pk)
    return row.pk


def answers_for(here: Step, business: UUID, given: Mapping[str, str], *, is_ticket: bool) -> Answers:
    """Return the answers to a business's form as they are kept: [[code, label, English label, value], …], empty ones left out.

    A field that must be filled in is asked for only once something of the form is; only a ticket carries a form.
    Raises Refusal floor.field_wrong.
    """
    fields = forms_for(here.setup, [business], here.day).get(business, ())
    if not is_ticket or not any(given.get(field.code, "").strip() for field in fields):
        return []
    kept = []
    for field in fields:
        value = checked_value(
            field.label, field.kind, given.get(field.code, ""), choices=field.choices, is_required=field.is_required
        )
        if value:
            kept.append([field.code, field.label, field.label_en, value])
    return kept


def fill_form(
    here: Step, ticket: UUID, business: UUID, answers: Answers, at: dt.datetime, *, keyed: bool = False
) -> UUID | None:
    """Put a filled form on a ticket under the day's next number, inside the caller's transaction; nothing filled, no form."""
    if not answers:
        return None
    Hall.objects.select_for_update().get(pk=here.setup.id)  # one after the other: the number is the next of the day
    number = 1 + Preacceptance.objects.filter(hall=here.setup.id, business_day=here.day).count()
    row = Preacceptance.objects.create(
        hall_id=here.setup.id, business_day=here.day, number=f"P{number:03d}", ticket_id=ticket, business_id=business,
        answers=answers, by_id=here.actor.person, at=at,
    )  # fmt: skip
    fact = PreacceptanceFilled(row.number, ticket, business, tuple(answer[0] for answer in answers))
    here.note(fact, row.pk, keyed=keyed)
    return row.pk


def write_note(here: Step, ticket: UUID, why: str, text: str, at: dt.datetime, *, keyed: bool = False) -> UUID:
    """Put a note on a ticket, inside the caller's transaction."""
    kept = " ".join(text.split())[:NOTE_LENGTH]
    row = TicketNote.objects.create(
        hall_id=here.setup.id,
        business_day=here.day,
        ticket_id=ticket,
        why=why,
        text=kept,
        by_id=here.actor.person,
        at=at,
    )
    here.note(NoteWritten(ticket, why, len(kept)), row.pk, keyed=keyed)
    return row.pk


def require_shown(here: Step, entitlement: str, shown: str) -> None:
    """Refuse a paper that does not belong to the entitlement. Raises Refusal floor.paper_unknown.

    An entitlement that is not in force is refused by the queue.
    """
    row = next((row for row in entitlements_of(here.setup, here.day) if row.code == entitlement), None)
    if row is not None and shown not in {name for name, _english in row.papers}:
        raise Refusal(PAPER_UNKNOWN)


def write_grant(
    here: Step, ticket: UUID, entitlement: str, shown: str, at: dt.datetime, *, moved: bool, keyed: bool = False
) -> UUID:
    """Put a grant on a ticket, inside the caller's transaction."""
    row = GreenGrant.objects.create(
        hall_id=here.setup.id, business_day=here.day, ticket_id=ticket, entitlement=entitlement, shown=shown,
        by_id=here.actor.person, at=at,
    )  # fmt: skip
    here.note(GreenGranted(ticket, entitlement, moved), row.pk, keyed=keyed)
    return row.pk
