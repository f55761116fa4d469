"""Who may be rostered in a hall: skills, terms, absences, time off post, licences, wishes."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from uuid import UUID

from yingting.domains.queueing.facade import skill_codes_of
from yingting.domains.shifts.contracts import OwnTerms, StaffMember, WishLine
from yingting.domains.shifts.models import Absence, Licence, OffPost, PersonTerms, Wish
from yingting.domains.shifts.queries.places import at_counters, hall_at
from yingting.domains.shifts.queries.rules_in_force import WorkTerms, terms_at
from yingting.domains.shifts.rules import WishState, clipped
from yingting.foundation.people.models import Person

Span = tuple[dt.date, dt.date]


def staff_of(hall: UUID, first_day: dt.date, days: int) -> tuple[StaffMember, ...]:
    """Return the active people of a hall who may serve at a counter, for a span of days, by staff number.

    Wishes are those that a plan has to look at: neither withdrawn nor refused by hand.
    """
    place, last = hall_at(hall), first_day + dt.timedelta(days=days - 1)
    people = list(at_counters(place))
    rule = terms_at(place.unit.path, first_day)
    ids = [person.pk for person in people]
    own = own_terms(ids)
    skills, leave, off_post = (
        skill_codes_of(ids),
        leave_days(ids, first_day, last),
        off_post_spans(ids, first_day, last),
    )
    licences, wishes = licences_of(ids), _wishes(ids, first_day, last, rule.wish_weight)
    return tuple(
        _member(
            one, over(rule, own.get(one.pk, (OwnTerms(), 0))[0]), skills.get(one.pk), leave[one.pk], off_post[one.pk], licences[one.pk],
            tuple(wishes[one.pk]),
        )
        for one in people
    )  # fmt: skip


def _member(
    person: Person, terms: tuple[float, float, int, float], skills: frozenset[str] | None, leave: frozenset[dt.date],
    off_post: tuple[Span, ...], licences: dict[str, dt.date], wishes: tuple[WishLine, ...],
) -> StaffMember:  # fmt: skip
    return StaffMember(person.pk, person.staff_no, person.name, skills, *terms, leave, off_post, licences, wishes)


def over(rule: WorkTerms, own: OwnTerms) -> tuple[float, float, int, float]:
    """Return least hours, most hours, most days and rest of a person: own values over those of the rule."""
    return (
        rule.least_hours if own.least_hours is None else own.least_hours,
        rule.most_hours if own.most_hours is None else own.most_hours,
        rule.most_days if own.most_days is None else own.most_days,
        rule.rest_hours if own.rest_hours is None else own.rest_hours,
    )


def own_terms(people: Collection[UUID]) -> dict[UUID, tuple[OwnTerms, int]]:
    """Return the own terms of people with their version; who has none is not among them."""
    rows = PersonTerms.objects.filter(person__in=people)
    return {
        row.person_id: (OwnTerms(row.least_hours, row.most_hours, row.most_days, row.rest_hours), row.version)
        for row in rows
    }


def leave_days(people: Collection[UUID], first: dt.date, last: dt.date) -> dict[UUID, frozenset[dt.date]]:
    """Return on which days between two each person is absent."""
    spans: dict[UUID, list[tuple[dt.date, dt.date | None]]] = {person: [] for person in people}
    rows = Absence.objects.filter(person__in=people, is_withdrawn=False, first_day__lte=last, last_day__gte=first)
    for person, since, until in rows.values_list("person_id", "first_day", "last_day"):
        spans[person].append((since, until))
    return {
        person: frozenset(
            since + dt.timedelta(days=n)
            for since, until in clipped(held, first, last)
            for n in range((until - since).days + 1)
        )
        for person, held in spans.items()
    }


def off_post_spans(people: Collection[UUID], first: dt.date, last: dt.date) -> dict[UUID, tuple[Span, ...]]:
    """Return the parts of each person's times off post that lie between two days."""
    spans: dict[UUID, list[tuple[dt.date, dt.date | None]]] = {person: [] for person in people}
    rows = OffPost.objects.filter(person__in=people, since__lte=last).exclude(until__lt=first)
    for person, since, until in rows.values_list("person_id", "since", "until"):
        spans[person].append((since, until))
    return {person: clipped(held, first, last) for person, held in spans.items()}


def licences_of(people: Collection[UUID]) -> dict[UUID, dict[str, dt.date]]:
    """Return until when each person's licences are valid, by code."""
    held: dict[UUID, dict[str, dt.date]] = {person: {} for person in people}
    for person, code, until in Licence.objects.filter(person__in=people).values_list(
        "person_id", "code", "valid_until"
    ):
        held[person][code] = until
    return held


def is_away(person: UUID, day: dt.date) -> bool:
    """Say whether a person is absent or off post on a day."""
    return bool(leave_days([person], day, day)[person] or off_post_spans([person], day, day)[person])


def _wishes(people: Collection[UUID], first: dt.date, last: dt.date, weight: float) -> dict[UUID, list[WishLine]]:
    lines: dict[UUID, list[WishLine]] = defaultdict(list)
    rows = Wish.objects.filter(person__in=people, day__range=(first, last)).exclude(state=WishState.WITHDRAWN.value)
    for row in rows.exclude(state=WishState.REFUSED.value, answered_by__isnull=False):
        lines[row.person_id].append(WishLine(row.pk, row.day, row.wanted, weight, row.state))
    return lines
