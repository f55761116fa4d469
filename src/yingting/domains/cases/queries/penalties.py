"""What follows from findings by the staff rules: what is decided, in words, and what is still to be decided."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext, pgettext

from yingting.domains.cases.models import GONE, Case, Finding, FindingState, Penalty
from yingting.domains.cases.queries.rules_in_force import PENALTIES, rule_of
from yingting.domains.cases.queries.warnings import warned
from yingting.domains.cases.rules.penalties import Measure
from yingting.foundation.editing.naming import named
from yingting.foundation.people.models import Person
from yingting.foundation.privacy.fields import Sealed


@dataclass(frozen=True, slots=True)
class MeasureTold:
    """A measure that was decided: its name, and the article that it rested on then."""

    name: str
    basis: str


@dataclass(frozen=True, slots=True)
class PenaltyTold:
    """A decision in words: its measures and since when they hold; no measure, and the reason why none."""

    measures: tuple[MeasureTold, ...]
    in_force_on: dt.date | None
    words: Sealed
    by: Person
    at: dt.datetime

    @property
    def title(self) -> str:
        """The measures in one line."""
        names = pgettext("between items", ", ").join(one.name for one in self.measures)
        return names or gettext("No measure")

    @property
    def sentence(self) -> str:
        """The decision as a notice tells it."""
        if not self.measures:
            return self.title
        bases = pgettext("between items", ", ").join(dict.fromkeys(one.basis for one in self.measures if one.basis))
        words = {"measures": self.title, "day": self.in_force_on, "basis": bases}
        return gettext("%(measures)s from %(day)s, by %(basis)s") % words


def measures_at(case: Case) -> tuple[Measure, ...]:
    """Return the measures that may be chosen for a case."""
    return rule_of(PENALTIES, case.unit.path, case.business_day).measures


def penalties_of(findings: Iterable[Finding]) -> dict[UUID, PenaltyTold]:
    """Return what is decided on findings; they come with their cases and units."""
    found = {row.pk: row for row in findings}
    rows = Penalty.objects.filter(finding__in=found).select_related("by")
    return {row.pk: _told(row, measures_at(found[row.pk].case)) for row in rows}


def _told(row: Penalty, known: Iterable[Measure]) -> PenaltyTold:
    names = {one.code: named(one) for one in known}
    measures = tuple(MeasureTold(names.get(one["code"], one["code"]), one["basis"]) for one in row.measures)
    return PenaltyTold(measures, row.in_force_on, row.words, row.by, row.at)


# Somebody is answerable, and it stands or may still come to stand.
ANSWERABLE = (Q(person__isnull=False) | Q(unit__isnull=False)) & ~Q(state__in=(*GONE, FindingState.PROPOSED))


def undecided(rows: QuerySet[Finding]) -> QuerySet[Finding]:
    """Return those of confirmed findings about somebody on which nothing is decided yet."""
    return rows.filter(ANSWERABLE).exclude(Exists(Penalty.objects.filter(finding=OuterRef("pk"))))


def is_penalised(case: Case) -> bool:
    """Is it decided for every confirmed finding of a case what follows from it?"""
    return not undecided(Finding.objects.filter(case=case)).exists()


def is_warned(case: Case) -> bool:
    """Is a warning notice out to all staff of the unit? Where nobody is answerable there is nothing to warn of."""
    is_due = Finding.objects.filter(ANSWERABLE, case=case).exists()
    return not is_due or case.pk in warned([case.pk])


def cases_undecided(cases: Collection[UUID]) -> set[UUID]:
    """Return those of cases in which something is still to be decided on a finding."""
    return set(undecided(Finding.objects.filter(case__in=cases)).values_list("case", flat=True))
