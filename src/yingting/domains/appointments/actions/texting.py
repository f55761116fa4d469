"""Customers are texted about their bookings, where a gateway to them is entered."""

from __future__ import annotations

import datetime as dt
from uuid import UUID
from zoneinfo import ZoneInfo

from yingting.domains.appointments.queries.texts import to_text
from yingting.foundation.notify.rules import is_quiet
from yingting.foundation.notify.rules_in_force import DELIVERY
from yingting.foundation.rulebook.reading import in_force
from yingting.foundation.sites.models import Hall
from yingting.foundation.texts.asking import gateway_for, text_customers
from yingting.kernel.actors import Actor
from yingting.kernel.clocks import business_day


def text_bookers(*, hall: UUID, actor: Actor, now: dt.datetime, leaves_at: dt.datetime) -> int:
    """Put into the outbox what the customers of a hall are to be told about their bookings; return how many texts are new.

    `now` is the hall's clock, `leaves_at` the outbox's. Nothing in quiet hours; a second call finds it told.
    """
    row = Hall.objects.select_related("unit").get(pk=hall)
    gateway = gateway_for(row.unit.path)
    if gateway is None:
        return 0
    rule = in_force(DELIVERY, path=gateway.unit.path, day=business_day(now, row.timezone)).rule
    if is_quiet(now.astimezone(ZoneInfo(row.timezone)).time(), rule):
        return 0
    textings = to_text(row, now, gateway.language)
    return text_customers(textings, gateway=gateway, unit=row.unit_id, actor=actor, now=now, leaves_at=leaves_at)
