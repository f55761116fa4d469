"""The work queue: open cases by clock, of those that the reader may see; and the search for one case."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import Enum
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from yingting.domains.cases.models import OPEN, Case, Complainant, Consult, Handover
from yingting.domains.cases.queries.editions import processes_of
from yingting.domains.cases.queries.names import names_at
from yingting.domains.cases.rules.answers import RATED
from yingting.domains.cases.rules.numbers import as_typed
from yingting.foundation.days import local_day
from yingting.foundation.editing.naming import named
from yingting.foundation.journal.models import Fact
from yingting.foundation.people.access import under
from yingting.foundation.people.permissions import Permission
from yingting.foundation.privacy.fields import search_keys
from yingting.foundation.privacy.rules import DataKind
from yingting.foundation.sites.models import Unit
from yingting.kernel.actors import Actor, ActorKind
from yingting.kernel.words import gettext_noop as _

PAGE = 50
COUNTED = 999  # more are not counted, only said to be more
# What customers do on the follow page: facts of these kinds, where the actor is a customer.
BY_CUSTOMERS = ("customer.added", "case.called_back")
DEEPEST = 200  # pages; who looks further narrows the question


class Which(Enum):
    """Which cases of a queue are shown."""

    MINE = "mine"
    OFFERED = "offered"
    ASKED = "asked"
    FIRST = "first"
    OVERDUE = "overdue"
    ALL = "all"

    @property
    def title(self) -> str:
        """How it is told."""
        return _TITLES[self]


_TITLES = {
    Which.MINE: _("Mine"),
    Which.OFFERED: _("Offered to me"),
    Which.ASKED: _("Asked of me"),
    Which.FIRST: _("I was asked first"),
    Which.OVERDUE: _("Overdue"),
    Which.ALL: _("All open"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for: which cases, of which process, categories, severity and part of the tree; empty is every one."""

    which: Which = Which.MINE
    process: str = ""
    categories: tuple[str, ...] = ()
    severity: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One case of the queue. `overdue_s` is how long ago it was due, in natural seconds; None: not yet. `is_near`: soon. `news` is
    what the customer did last by themselves, where none of the staff has taken a step since; "" for nothing.
    """

    id: UUID
    number: str
    kind: str
    process: str
    step: str
    severity: str
    category: str
    state: str
    unit: str
    owner: str
    owner_no: str
    registered_at: dt.datetime
    due_at: dt.datetime | None
    is_provisional: bool
    overdue_s: int | None
    is_near: bool
    age_s: int
    left_s: int | None
    news: str


def visible(actor: Actor) -> QuerySet[Case]:
    """Return the cases of the actor's part of the tree; nobody sees others."""
    paths = {*actor.paths(Permission.CASE_HANDLE), *actor.paths(Permission.CASE_SUPERVISE)}
    return Case.objects.filter(unit__in=Unit.objects.filter(under("path", tuple(sorted(paths)))))


def open_of(actor: Actor, asked: Asked, now: dt.datetime) -> QuerySet[Case]:
    """Return open cases by their nearest due moment; those whose clocks rest come last."""
    rows = visible(actor).filter(_which(asked.which, actor, now), OPEN)
    for name in ("process", "severity"):
        if value := getattr(asked, name):
            rows = rows.filter(**{name: value})
    if asked.categories:
        rows = rows.filter(category__in=asked.categories)
    if asked.unit:
        rows = rows.filter(unit__in=Unit.objects.filter(path__startswith=asked.unit))
    return rows.order_by(F("next_due_at").asc(nulls_last=True), "registered_at", "pk")


def _which(which: Which, actor: Actor, now: dt.datetime) -> Q:
    offers, asked = Handover.objects.filter(answered_at__isnull=True), Consult.objects.filter(answered_at__isnull=True)
    return {
        Which.MINE: Q(owner=actor.person),
        Which.OFFERED: Q(pk__in=offers.filter(receiver=actor.person).values("case")),
        Which.ASKED: Q(pk__in=asked.filter(asked=actor.person).values("case")),
        Which.FIRST: Q(first_asker=actor.person),
        Which.OVERDUE: Q(next_due_at__lt=now),
        Which.ALL: Q(),
    }[which]


def counts(actor: Actor, now: dt.datetime) -> dict[Which, int]:
    """Return how many open cases each view of the queue has, up to one more than are counted."""
    return {which: open_of(actor, Asked(which), now).order_by()[: COUNTED + 1].count() for which in Which}


def lines(rows: QuerySet[Case], now: dt.datetime, *, begin: int = 0, most: int = PAGE) -> list[Line]:
    """Return a page of the queue, in the reader's words. A fixed number of queries, however many rows."""
    # Numbers first, by an index alone; then the few rows that are shown.
    shown = list(rows.values_list("pk", flat=True)[begin : begin + most])
    by_id = Case.objects.select_related("unit", "owner").in_bulk(shown)
    found = [by_id[pk] for pk in shown]
    names = names_at({row.unit.path for row in found}, local_day(now))
    processes = processes_of({row.edition_id for row in found})
    news = _news([row.pk for row in found])
    told = []
    for row in found:
        here, left = names[row.unit.path], row.next_due_at - now if row.next_due_at else None
        told.append(
            Line(
                row.pk, row.number, row.kind, here.processes.get(row.process, row.process),
                named(processes[row.edition_id].step(row.step)), here.severities.get(row.severity, row.severity),
                here.categories.get(row.category, row.category), row.state, named(row.unit), row.owner.name if row.owner else "",
                row.owner.staff_no if row.owner else "", row.registered_at, row.next_due_at, row.is_due_provisional,
                int(-left.total_seconds()) if left is not None and left < dt.timedelta() else None,
                left is not None and dt.timedelta() <= left < dt.timedelta(hours=here.near_hours),
                int((now - row.registered_at).total_seconds()),
                int(left.total_seconds()) if left is not None else None, news.get(row.pk, ""),
            )
        )  # fmt: skip
    return told


def _news(cases: Collection[UUID]) -> dict[UUID, str]:
    later = Fact.objects.filter(
        subject=OuterRef("subject"), version__gt=OuterRef("version"), actor_kind=ActorKind.PERSON
    )
    rows = Fact.objects.filter(subject__in=cases, actor_kind=ActorKind.CUSTOMER, kind__in=BY_CUSTOMERS).exclude(
        Exists(later)
    )
    return {case: sort or RATED for case, sort in rows.order_by("version").values_list("subject", "data__sort")}


def search(actor: Actor, text: str, now: dt.datetime) -> list[Line]:
    """Return the cases, open or not, that a number tells: the house's, the customer's, a channel's, or a telephone's; the latest
    first.
    """
    text = text.strip()
    if not text:
        return []
    wanted = Q(number=text.upper()) | Q(channel_number=text)
    if number := as_typed(text):
        wanted |= Q(public_number=number)
    wanted |= Q(pk__in=_of_phone(search_keys(DataKind.PHONE, text)))
    return lines(visible(actor).filter(wanted).order_by("-registered_at"), now)


def _of_phone(keys: Sequence[str]) -> QuerySet[Complainant, UUID]:
    found = Complainant.objects.filter(Q(phone_key__in=keys) | Q(number_key__in=keys))
    return found.values_list("case", flat=True) if keys else found.none().values_list("case", flat=True)
