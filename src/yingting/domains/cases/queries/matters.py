"""What domains above may count and compare of cases: who they are about, how many there are by day, what was said in them.

None of it is scoped to a reader unless it takes an actor: it is for the worker. What a reader is shown goes through `lines_of`
and `visible`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, QuerySet

from yingting.domains.cases.models import Case, CaseState, Complainant, Consult, Handover, Holding, Words
from yingting.domains.cases.queries.queue import visible
from yingting.domains.cases.refusals import UNKNOWN
from yingting.domains.cases.rules.processes import COMPLAINING, CaseKind
from yingting.foundation.journal.models import Fact
from yingting.foundation.privacy.fields import Sealed
from yingting.kernel.actors import Actor, ActorKind
from yingting.kernel.refusals import Refusal

# What opens a few hundred sealed texts at a time keeps as many in memory, whatever the house holds.
AT_A_TIME = 500


@dataclass(frozen=True, slots=True)
class AboutStaff:
    """A case about a member of the staff: on which day it was written down, and what has become of it."""

    case: UUID
    person: UUID
    day: dt.date
    category: str
    state: CaseState
    verification: str


@dataclass(frozen=True, slots=True)
class DayCount:
    """How many cases of a category a unit had on a day."""

    path: str
    category: str
    day: dt.date
    n: int


@dataclass(frozen=True, slots=True)
class Said:
    """What was said in a case, opened. Never into a log, a fact or a table."""

    case: UUID
    category: str
    at: dt.datetime
    text: str


@dataclass(frozen=True, slots=True)
class MatterLine:
    """A case as lists show it."""

    id: UUID
    number: str
    unit: str
    category: str
    day: dt.date
    state: CaseState
    verification: str


def about_staff(since: dt.date, people: Collection[UUID] | None = None) -> list[AboutStaff]:
    """Return the complaints about members of the staff since a day, the oldest first; of some `people`, or of all."""
    rows = Case.objects.filter(about_person__isnull=False, business_day__gte=since, kind__in=values_of(COMPLAINING))
    if people is not None:
        rows = rows.filter(about_person__in=people)
    found = rows.order_by("business_day", "registered_at", "pk")
    return [
        AboutStaff(pk, person, day, category, CaseState(state), verification)
        for pk, person, day, category, state, verification in found.values_list(
            "pk", "about_person", "business_day", "category", "state", "verification"
        )
        if person is not None
    ]


def values_of(kinds: Collection[CaseKind]) -> list[str]:
    """Return kinds as the column holds them."""
    return [kind.value for kind in kinds]


def counts_by_day(first: dt.date, last: dt.date, kinds: Collection[CaseKind]) -> Iterator[DayCount]:
    """Yield how many cases there were by unit, category and day; one merged into another is counted there."""
    rows = Case.objects.filter(business_day__range=(first, last), kind__in=values_of(kinds))
    rows = rows.exclude(state=CaseState.MERGED)
    counted = rows.values_list("unit__path", "category", "business_day").annotate(n=Count("pk")).order_by()
    for path, category, day, n in counted.iterator():
        yield DayCount(path, category, day, n)


def said_between(since: dt.datetime, until: dt.datetime, kinds: Collection[CaseKind]) -> Iterator[Said]:
    """Yield what was said in the cases of a time, the oldest first; one merged already is left out, an erased one is too."""
    rows = Words.objects.filter(case__registered_at__gt=since, case__registered_at__lte=until)
    rows = rows.filter(case__kind__in=values_of(kinds)).exclude(case__state=CaseState.MERGED).exclude(text="")
    yield from _opened(rows.order_by("case__registered_at", "case"))


def said_and_classified(path: str, most: int) -> list[Said]:
    """Return what was said in the latest closed cases under a path that have a category, the oldest first."""
    rows = Words.objects.filter(case__unit__path__startswith=path, case__state=CaseState.CLOSED)
    rows = rows.filter(case__kind__in=values_of(COMPLAINING)).exclude(case__category="").exclude(text="")
    latest = list(_opened(rows.order_by("-case__registered_at", "-case")[:most]))
    return latest[::-1]


def said_in(actor: Actor, case: UUID) -> tuple[str, str]:
    """Return the path of a case that the actor may see, and what was said in it, opened: to be worked on, never to be shown.

    Raises Refusal case.unknown.
    """
    row = visible(actor).select_related("unit").filter(pk=case).first()
    if row is None:
        raise Refusal(UNKNOWN)
    return row.unit.path, _plain(Words.objects.get(case=row).text)


def _opened(rows: QuerySet[Words]) -> Iterator[Said]:
    for row in rows.select_related("case").only("case__category", "case__registered_at", "text").iterator(AT_A_TIME):
        yield Said(row.case_id, row.case.category, row.case.registered_at, _plain(row.text))


def _plain(text: object) -> str:
    """Return what a sealed column holds, opened."""
    assert isinstance(text, Sealed)
    return text.open()


def lines_of(actor: Actor, cases: Collection[UUID]) -> list[MatterLine]:
    """Return those of some cases that the actor may see, the latest first."""
    rows = visible(actor).filter(pk__in=cases).select_related("unit").order_by("-registered_at", "-pk")
    return [
        MatterLine(
            row.pk, row.number, row.unit.name, row.category, row.business_day, CaseState(row.state), row.verification
        )
        for row in rows
    ]


def lines_between(
    actor: Actor,
    path: str,
    categories: Collection[str] | None,
    days: tuple[dt.date, dt.date],
    kinds: Collection[CaseKind],
    most: int,
) -> list[MatterLine]:
    """Return cases of a unit and some categories (None: all) of some days that the actor may see, the latest first."""
    rows = Case.objects.filter(unit__path__startswith=path, business_day__range=days, kind__in=values_of(kinds))
    rows = rows.exclude(state=CaseState.MERGED)
    if categories is not None:
        rows = rows.filter(category__in=categories)
    return lines_of(actor, list(rows.order_by("-registered_at").values_list("pk", flat=True)[:most]))


def same_customers(cases: Collection[UUID]) -> list[tuple[UUID, ...]]:
    """Return those of some cases that came from one telephone number, number by number; the number itself stays sealed."""
    rows = Complainant.objects.filter(case__in=cases).exclude(phone_key="").values_list("phone_key", "case")
    groups: dict[str, list[UUID]] = {}
    for key, case in rows.order_by("case"):
        groups.setdefault(key, []).append(case)
    return [tuple(group) for group in groups.values() if len(group) > 1]


@dataclass(frozen=True, slots=True)
class Taken:
    """How often a category was proposed when somebody classified a case, and how often it was taken."""

    proposed: int
    taken: int


def suggestions_taken(since: dt.datetime) -> Taken:
    """Return how often proposed categories were taken since a moment, when a case was registered or classified."""
    rows = Fact.objects.filter(kind__in=("case.registered", "case.classified"), occurred_at__gte=since)
    pairs = list(rows.filter(data__suggested__gt="").values_list("data__suggested", "data__category"))
    return Taken(len(pairs), sum(suggested == category for suggested, category in pairs))


def parts_taken(cases: Collection[UUID]) -> set[tuple[UUID, UUID]]:
    """Return who had a part in which case, (person, case): held it, was offered it, was asked about it, or did something in it."""
    wanted = list(cases)
    pairs: set[tuple[UUID, UUID]] = set()
    for begin in range(0, len(wanted), AT_A_TIME):
        some = wanted[begin : begin + AT_A_TIME]
        pairs.update(Holding.objects.filter(case__in=some).values_list("owner", "case"))
        pairs.update(Handover.objects.filter(case__in=some).values_list("receiver", "case"))
        pairs.update(Consult.objects.filter(case__in=some).values_list("asked", "case"))
        done = Fact.objects.filter(subject__in=some, actor_kind=ActorKind.PERSON)
        pairs.update((who, case) for who, case in done.values_list("actor", "subject") if who is not None)
    return pairs
