"""What every step of an alert shares: the compare-and-set with its fact."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import F

from yingting.domains.peaks.models import Alert
from yingting.foundation.journal.catalogue import FactData
from yingting.foundation.journal.recording import record
from yingting.kernel.actors import Actor


def step_alert(alert: Alert, data: FactData, *, actor: Actor, now: dt.datetime, **changes: Any) -> bool:
    """Change an open alert if it is still as it was read, and record the fact; say whether it was. Inside `writing()` only."""
    same = Alert.objects.filter(pk=alert.pk, version=alert.version, ended_at__isnull=True)
    if same.update(version=F("version") + 1, **changes) != 1:
        return False
    alert.version += 1
    for name, value in changes.items():
        setattr(alert, name, value)
    record(
        data, subject=alert.pk, version=alert.version, hall=alert.hall_id, business_day=alert.business_day, actor=actor,
        now=now,
    )  # fmt: skip
    return True


def acted(actor: Actor, at: dt.datetime, measure: str, words: str = "") -> dict[str, Any]:
    """Return the columns that say who did what about an alert."""
    return {"acted_at": at, "acted_by_id": actor.person, "measure": measure, "words": words}
