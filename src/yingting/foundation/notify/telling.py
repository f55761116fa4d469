"""Tell people something: the one function for all parts of the house.

It runs in the caller's transaction, so a message exists exactly when what it tells of has happened. Nothing is sent here:
the worker does that (`sending.py`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Max

from yingting.foundation.days import local_day
from yingting.foundation.journal.recording import record
from yingting.foundation.journal.writing import writing
from yingting.foundation.notify.facts import MessageTold
from yingting.foundation.notify.models import Channel, Delivery, Message, Notice
from yingting.foundation.notify.rules import HOUR, DeliveryRule, Severity, is_folded, is_repeat, leaves_at
from yingting.foundation.notify.rules_in_force import DELIVERY
from yingting.foundation.notify.words import Param
from yingting.foundation.people.models import Person, RoleGrant
from yingting.foundation.rulebook.reading import in_force_by_path
from yingting.foundation.sites.models import Hall
from yingting.kernel.actors import Actor


@dataclass(frozen=True, slots=True)
class Telling:
    """What is told: `kind` (dotted, as facts are), msgids with their parameters, where it leads, by when something is due."""

    kind: str
    title: str
    severity: Severity
    params: Mapping[str, Param]
    body: str = ""
    subject: str = ""
    link: str = ""
    due_at: dt.datetime | None = None


def notify(*, people: Collection[UUID], telling: Telling, actor: Actor, now: dt.datetime) -> UUID | None:
    """Put a message into the inboxes of active people, and on its way by the channels that serve them.

    Who has an open message of this kind about the same subject, as pressing as this, is left out. Returns the notice, None when
    nobody was told. Called twice with a subject it tells once.
    """
    with writing():
        # Locked, so that two workers that tell the same at once come one after the other.
        rows = Person.objects.select_for_update(of=("self",), no_key=True).select_related("unit")
        wanted = list(rows.filter(pk__in=people, is_active=True).order_by("staff_no"))
        told = _not_told_yet(wanted, telling)
        if not told:
            return None
        channels = _channels_for(told, telling.severity)
        paths = {person.unit.path for person in told} | {channel.unit.path for channel in channels}
        rules = in_force_by_path(DELIVERY, paths=paths, day=local_day(now))
        notice = Notice.objects.create(
            kind=telling.kind, subject=telling.subject, severity=telling.severity.value, title=telling.title,
            body=telling.body, params=dict(telling.params), link=telling.link, created_at=now, due_at=telling.due_at,
        )  # fmt: skip
        folded = _put_into_inboxes(notice, told, rules)
        sent = _put_on_its_way(notice, channels, rules)
        fact = MessageTold(telling.kind, telling.severity.value, tuple(person.pk for person in told), folded, sent)
        record(fact, subject=notice.pk, version=1, actor=actor, now=now)
        return notice.pk


def _not_told_yet(people: list[Person], telling: Telling) -> list[Person]:
    if not telling.subject:
        return people
    held = Message.objects.filter(person__in=people, kind=telling.kind, subject=telling.subject, is_open=True)
    known = {message.person_id: Severity(message.severity) for message in held}
    told = [person for person in people if not is_repeat(known.get(person.pk), telling.severity)]
    held.filter(person__in=told).update(is_open=False)
    return told


def _put_into_inboxes(notice: Notice, people: list[Person], rules: Mapping[str, DeliveryRule]) -> int:
    """Give each person the message; return for how many it is folded into the last one of its kind."""
    standing = Message.objects.filter(
        person__in=people, kind=notice.kind, folded_into__isnull=True, created_at__gt=notice.created_at - HOUR
    )
    rows = standing.values_list("person").annotate(seen=Count("id"), last=Max("created_at"))
    seen = {person: (count, last) for person, count, last in rows}
    folded = 0
    for person in people:
        count, last = seen.get(person.pk, (0, None))
        into = None
        if is_folded(count, rules[person.unit.path]):
            into = standing.filter(person=person, created_at=last).order_by("-id")[0]
            Message.objects.filter(pk=into.pk).update(read_at=None)
            folded += 1
        Message.objects.create(
            notice=notice, person=person, kind=notice.kind, subject=notice.subject, severity=notice.severity,
            created_at=notice.created_at, folded_into=into,
        )  # fmt: skip
    return folded


def _channels_for(people: list[Person], severity: Severity) -> list[Channel]:
    """Return the channels that serve one of these people: those of their unit, and of a role that they hold on it."""
    least = [one.value for one in Severity if one.rank <= severity.rank]
    units = {person.unit_id for person in people}
    rows = Channel.objects.select_related("unit").filter(
        is_active=True, for_customers=False, unit__in=units, least__in=least
    )
    grants = set(RoleGrant.objects.filter(person__in=people, unit__in=units).values_list("unit", "role"))
    return [row for row in rows if row.role_id is None or (row.unit_id, row.role_id) in grants]


def _put_on_its_way(notice: Notice, channels: list[Channel], rules: Mapping[str, DeliveryRule]) -> tuple[UUID, ...]:
    now = notice.created_at
    timezones = timezones_of({channel.unit_id for channel in channels})
    lately: dict[UUID, list[dt.datetime]] = {}
    leaving = Delivery.objects.filter(channel__in=channels, kind=notice.kind, due_at__gt=now - HOUR)
    for channel, at in leaving.values_list("channel", "due_at"):
        lately.setdefault(channel, []).append(at)
    rows = [
        Delivery(
            channel=channel, notice=notice, key=str(notice.pk), kind=notice.kind, created_at=now,
            due_at=leaves_at(
                Severity(notice.severity), rules[channel.unit.path], now=now, timezone=timezones[channel.unit_id],
                lately=lately.get(channel.pk, ()),
            ),
        )
        for channel in channels
    ]  # fmt: skip
    return tuple(row.pk for row in Delivery.objects.bulk_create(rows))


def timezones_of(units: Collection[UUID]) -> dict[UUID, str]:
    """Return the timezone of each unit: its hall's, or the installation's."""
    halls = dict(Hall.objects.filter(unit__in=units).values_list("unit", "timezone"))
    return {unit: halls.get(unit, settings.TIME_ZONE) for unit in units}
