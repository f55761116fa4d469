"""Customers are texted about their bookings, where a gateway to them is entered."""

from __future__ import annotations

import datetime as dt
from uuid import UUID
from zoneinfo import ZoneInfo

from yingting.domains.appointments.queries.slots import hall_places
from yingting.domains.appointments.queries.texts import to_text
from yingting.foundation.notify.rules import is_quiet
from yingting.foundation.notify.rules_in_force import DELIVERY
from yingting.foundation.rulebook.reading import in_force
from yingting.foundation.texts.asking import gateway_for, text_customers
from yingting.kernel.actors import Actor


def text_bookers(*, hall: UUID, actor: Actor, now: dt.datetime, leaves_at: dt.datetime) -> int:
    """Put into the outbox what the customers of a hall are to be told about their bookings; return how many texts are new.

    `now` is the hall's clock, `leaves_at` the outbox's. Nothing in quiet hours; a second call finds it told.
    """
    here = hall_places(hall)
    gateway = gateway_for(here.path)
    if gateway is None:
        return 0
    rule = in_force(DELIVERY, path=gateway.unit.path, day=here.day_of(now)).rule
    if is_quiet(now.astimezone(ZoneInfo(here.hall.timezone)).time(), rule):
        return 0
    textings = to_text(here, now, gateway.language)
    return text_customers(textings, gateway=gateway, unit=here.hall.unit_id, actor=actor, now=now, leaves_at=leaves_at)
