"""Alerts: the open ones of a hall, a day's with their lives, and what people did that answers them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from yingting.domains.peaks.models import Alert
from yingting.domains.peaks.rules import Measure
from yingting.domains.queueing.facade import open_days
from yingting.foundation.journal.models import Fact
from yingting.foundation.people.models import Person, RoleGrant
from yingting.foundation.people.permissions import Permission
from yingting.foundation.sites.models import Hall
from yingting.kernel.actors import Actor, ActorKind

# Facts of the queue that are an answer to an alert, whoever caused them and on whatever screen.
_DEEDS = {
    "session.opened": Measure.OPEN_COUNTER,
    "session.resumed": Measure.OPEN_COUNTER,
    "mode.forced": Measure.FORCED_MODE,
}


def open_alerts(hall: UUID) -> list[Alert]:
    """Return the hall's open alerts, first raised first."""
    return list(
        Alert.objects.filter(hall=hall, ended_at__isnull=True)
        .select_related("seen_by", "acted_by")
        .order_by("raised_at", "kind")
    )


def halls_to_watch() -> dict[UUID, float]:
    """Return the halls with an open day or an open alert, each with the speed of its clock."""
    halls = {hall for hall, _day in open_days()}
    halls |= set(Alert.objects.filter(ended_at__isnull=True).values_list("hall_id", flat=True))
    return dict(Hall.objects.filter(pk__in=halls).values_list("id", "clock_speed"))


def halls_among(units: Collection[UUID]) -> set[UUID]:
    """Return which of these units are halls; facts are also of cities and districts."""
    return set(Hall.objects.filter(pk__in=units).values_list("pk", flat=True)) if units else set()


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that somebody did: the measure, who, when."""

    measure: Measure
    actor: Actor
    at: dt.datetime


def deeds_since(hall: UUID, day: dt.date, since: dt.datetime) -> list[Deed]:
    """Return what people did about the queue after an instant, first to last."""
    rows = Fact.objects.filter(hall=hall, business_day=day, kind__in=_DEEDS, occurred_at__gt=since).order_by("id")
    return [
        Deed(_DEEDS[kind], Actor(ActorKind(actor_kind), actor, label), at)
        for kind, actor_kind, actor, label, at in rows.values_list(
            "kind", "actor_kind", "actor", "actor_label", "occurred_at"
        )
    ]


def on_duty(path: str) -> tuple[UUID, ...]:
    """Return the people who supervise the queue of this very hall (not of the units above it), by staff number."""
    grants = RoleGrant.objects.filter(unit__path=path, person__is_active=True).order_by("person__staff_no")
    found = {
        person: None
        for person, permissions in grants.values_list("person_id", "role__permissions")
        if Permission.QUEUE_SUPERVISE in permissions
    }
    return tuple(found)


def measures_taken(alerts: Collection[UUID]) -> dict[UUID, set[Measure]]:
    """Return every measure that was taken about each alert, whatever level it had then."""
    taken: dict[UUID, set[Measure]] = defaultdict(set)
    if alerts:
        for subject, data in Fact.objects.filter(subject__in=alerts, kind="alert.acted").values_list("subject", "data"):
            taken[subject].add(Measure(data["measure"]))
    return taken


@dataclass(frozen=True, slots=True)
class Moment:
    """One fact of an alert's life: what (the end of its kind's name), when, by whom ("" for the system), and its data."""

    what: str
    at: dt.datetime
    who: str
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class AlertLife:
    """An alert with its whole life and the names of those on duty when it lapsed."""

    alert: Alert
    moments: tuple[Moment, ...]
    on_duty: tuple[str, ...]


def lives_of_day(hall: UUID, day: dt.date, *, only_lapsed: bool) -> tuple[AlertLife, ...]:
    """Return the alerts of a day, newest first, each with its life. Three queries."""
    rows = Alert.objects.filter(hall=hall, business_day=day).order_by("-raised_at", "kind")
    alerts = list(rows.filter(lapses__gt=0) if only_lapsed else rows)
    facts: dict[UUID, list[Fact]] = defaultdict(list)
    for fact in Fact.objects.filter(subject__in=[alert.pk for alert in alerts]).order_by("version"):
        facts[fact.subject].append(fact)
    people = {fact.actor for row in facts.values() for fact in row if fact.actor_kind == ActorKind.PERSON}
    people |= {UUID(key) for alert in alerts for key in alert.on_duty}
    names = dict(Person.objects.filter(pk__in=[key for key in people if key]).values_list("id", "name"))
    return tuple(
        AlertLife(
            alert,
            tuple(
                Moment(
                    fact.kind.partition(".")[2],
                    fact.occurred_at,
                    names.get(fact.actor, "") if fact.actor else "",
                    fact.data,
                )
                for fact in facts[alert.pk]
            ),
            tuple(names[UUID(key)] for key in alert.on_duty if UUID(key) in names),
        )
        for alert in alerts
    )
