"""Tell those on duty that nobody acted on an alert in time."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.urls import reverse

from yingting.domains.peaks.models import Alert
from yingting.domains.peaks.rules import KIND_WORDS, AlertKind
from yingting.domains.queueing.contracts import HallSetup
from yingting.foundation.notify.rules import Severity
from yingting.foundation.notify.telling import Telling, notify
from yingting.foundation.notify.words import name, word
from yingting.kernel.actors import Actor
from yingting.kernel.words import gettext_noop as _

TITLE = _("%(hall)s: nobody acted on “%(what)s” in time")
BODY = _("%(people)s people were waiting.")


def tell_of_lapse(*, setup: HallSetup, alert: Alert, actor: Actor, now: dt.datetime) -> None:
    """Put a message into the inboxes of the people who were on duty, once for each lapse. In the caller's transaction."""
    telling = Telling(
        kind="alert.lapsed",
        title=TITLE,
        body=BODY,
        severity=Severity.WARNING,
        params={
            "hall": name(setup), "what": word(KIND_WORDS[AlertKind(alert.kind)]), "people": alert.people,
        },
        subject=f"alert:{alert.pk}:{alert.lapses}",
        link=f"{reverse('peaks:alerts', args=[setup.code])}?day={alert.business_day}",
    )  # fmt: skip
    notify(people=[UUID(person) for person in alert.on_duty], telling=telling, actor=actor, now=now)
