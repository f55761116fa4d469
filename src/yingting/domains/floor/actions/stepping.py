"""What every step of the floor shares: who may, and that a repeated request gets its first answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError

from yingting.domains.queueing.contracts import HallSetup
from yingting.domains.queueing.facade import answered, fresh_setup, is_taken_key, ticket_at
from yingting.domains.queueing.refusals import TICKET_UNKNOWN
from yingting.foundation.journal.catalogue import FactData
from yingting.foundation.journal.recording import record
from yingting.foundation.journal.writing import writing
from yingting.foundation.live.publishing import publish
from yingting.foundation.people.access import require
from yingting.foundation.people.permissions import Permission
from yingting.kernel.actors import Actor, ActorKind
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

    @property
    def person(self) -> UUID | None:
        """Who took it, None for the system."""
        return self.actor.id if self.actor.kind is ActorKind.PERSON else None

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


def require_ticket(here: Step, ticket: UUID) -> None:
    """Refuse a ticket of another hall or of another day. Raises Refusal ticket.unknown."""
    place = ticket_at(ticket)
    if place.hall != here.setup.id or place.business_day != here.day:
        raise Refusal(TICKET_UNKNOWN)
