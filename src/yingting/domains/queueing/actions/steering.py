"""What becomes of an offer to go through another channel: it is shown, and perhaps taken (QUE-10, QUE-21).

An override (the customer insists on the counter) is recorded where the ticket is issued.
"""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from uuid import UUID

from django.db import IntegrityError

from yingting.domains.queueing.actions.stepping import enter, steering_now
from yingting.domains.queueing.contracts import HallSetup
from yingting.domains.queueing.facts import SteeringAccepted, SteeringOffered
from yingting.domains.queueing.refusals import NOT_OFFERED
from yingting.domains.queueing.rules import is_steered
from yingting.foundation.journal.models import Fact
from yingting.foundation.journal.recording import record
from yingting.foundation.journal.writing import writing
from yingting.foundation.people.permissions import Permission
from yingting.kernel.actors import Actor
from yingting.kernel.ids import new_id
from yingting.kernel.refusals import Refusal


def offer_other_channel(*, hall: UUID, business: UUID, channel: str, actor: Actor, now: dt.datetime) -> UUID:
    """Record that a customer is being shown the other channel; return the offer's id.

    Raises Refusal queue.not_offered, access.refused, hall.unknown.
    """
    setup = enter(hall, actor, Permission.QUEUE_ISSUE)
    offer = new_id()
    fact = SteeringOffered(business, channel, _other(setup, business))
    with writing():
        record(fact, subject=offer, version=1, hall=hall, business_day=setup.day(now), actor=actor, now=now)
    return offer


def accept_other_channel(
    *, hall: UUID, business: UUID, offer: UUID, channel: str, actor: Actor, now: dt.datetime
) -> None:
    """The customer goes to the other channel. Accepting twice counts once.

    Raises Refusal queue.not_offered for an offer that was not made here, access.refused, hall.unknown.
    """
    setup = enter(hall, actor, Permission.QUEUE_ISSUE)
    known = list(Fact.objects.filter(subject=offer, hall=hall).order_by("version"))
    if not known or known[0].kind != "steering.offered" or known[0].data["business"] != str(business):
        raise Refusal(NOT_OFFERED)
    if len(known) > 1:
        return
    fact = SteeringAccepted(business, channel, known[0].data["to"])
    # The journal holds a subject's version once: of two taps at the same moment one is recorded.
    with suppress(IntegrityError), writing():
        record(fact, subject=offer, version=2, hall=hall, business_day=setup.day(now), actor=actor, now=now)


def take_other_channel(
    *, hall: UUID, business: UUID, is_care: bool, channel: str, actor: Actor, now: dt.datetime
) -> None:
    """A colleague showed the other channel and the customer goes there: offer and acceptance in one, where the hall steers
    this business and the customer is not exempt; anywhere else there is nothing to record.

    Raises Refusal access.refused, hall.unknown.
    """
    setup = enter(hall, actor, Permission.FLOOR_GUIDE)
    found = setup.businesses.get(business)
    if found is None or not is_steered(**steering_now(setup, found), is_exempt=is_care, insists=""):
        return
    about = (business, channel, found.sheet.other_channel.value)
    offer, day = new_id(), setup.day(now)
    with writing():
        record(SteeringOffered(*about), subject=offer, version=1, hall=hall, business_day=day, actor=actor, now=now)
        record(SteeringAccepted(*about), subject=offer, version=2, hall=hall, business_day=day, actor=actor, now=now)


def _other(setup: HallSetup, business: UUID) -> str:
    found = setup.businesses.get(business)
    if found is None or not found.sheet.restricted:
        raise Refusal(NOT_OFFERED)
    return found.sheet.other_channel.value
