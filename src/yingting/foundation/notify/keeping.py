"""How long messages are kept: the rule's days, by the unit of whom they are for."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from yingting.foundation.days import local_day
from yingting.foundation.journal.writing import writing
from yingting.foundation.notify.models import Delivery, Message, Notice
from yingting.foundation.notify.rules_in_force import DELIVERY
from yingting.foundation.rulebook.reading import in_force_by_path
from yingting.foundation.sites.models import Unit

SHORTEST = dt.timedelta(days=1)


def forget_old(*, now: dt.datetime) -> int:
    """Delete messages and deliveries that have been kept long enough, and notices that nobody has any more; return how many."""
    day, gone = local_day(now), 0
    paths = dict(Unit.objects.values_list("id", "path"))
    rules = in_force_by_path(DELIVERY, paths=set(paths.values()), day=day)
    terms: dict[tuple[int, int], list[UUID]] = {}
    for unit, path in paths.items():
        terms.setdefault((rules[path].keep_read_days, rules[path].keep_unread_days), []).append(unit)
    for (read_days, unread_days), units in terms.items():
        read, unread = now - dt.timedelta(days=read_days), now - dt.timedelta(days=unread_days)
        old = Q(read_at__isnull=False, created_at__lt=read) | Q(created_at__lt=unread)
        for start in range(0, len(units), 500):  # SQLite allows only so many parameters in one statement
            some = units[start : start + 500]
            with writing():
                gone += Message.objects.filter(old, person__unit__in=some).delete()[0]
                gone += Delivery.objects.filter(channel__unit__in=some, created_at__lt=unread).delete()[0]
    with writing():
        held = [Exists(model.objects.filter(notice=OuterRef("pk"))) for model in (Message, Delivery)]
        gone += Notice.objects.filter(~held[0], ~held[1], created_at__lt=now - SHORTEST).delete()[0]
    return gone
