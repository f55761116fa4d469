"""The register of violations: cases of the five prohibitions by article, staff number and month, with what was decided."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext, pgettext

from yingting.domains.cases.models import Case, CaseState, Finding
from yingting.domains.cases.queries.penalties import PenaltyTold, cases_undecided, penalties_of
from yingting.domains.cases.queries.rules_in_force import CATEGORIES, FINDINGS, rule_of
from yingting.domains.cases.queries.standing import Place
from yingting.domains.cases.queries.warnings import Warned, warned
from yingting.domains.cases.queries.words import FINDING_STATES
from yingting.domains.cases.rules.answers import answer_of
from yingting.domains.cases.rules.around import Category, line_of
from yingting.domains.cases.rules.processes import CaseKind
from yingting.foundation.editing.naming import named
from yingting.foundation.people.models import Person
from yingting.foundation.sheets import Cell, Sheet


@dataclass(frozen=True, slots=True)
class Sought:
    """Which violations are looked for; "" and None are every one."""

    article: str = ""
    staff_no: str = ""
    first: dt.date | None = None
    last: dt.date | None = None

    def as_question(self) -> dict[str, str]:
        """Return what is asked, for the record of an export."""
        named = {"article": self.article, "staff_no": self.staff_no, "first": self.first, "last": self.last}
        return {key: str(value) for key, value in named.items() if value}


@dataclass(frozen=True, slots=True)
class Entry:
    """A violation: its case, the person, the article, what is found and what follows from each finding, the notice to all staff."""

    case: Case
    person: Person | None
    category: Category | None
    findings: tuple[tuple[Finding, PenaltyTold | None], ...]
    is_undecided: bool
    notice: Warned | None


@dataclass(frozen=True, slots=True)
class MonthOfPerson:
    """How many violations a staff number has in a month."""

    person: Person
    month: dt.date
    n: int


def articles(path: str, day: dt.date) -> dict[str, Category]:
    """Return the prohibitions in force, by code, in the order of the rule."""
    rule = rule_of(CATEGORIES, path, day)
    above = rule_of(FINDINGS, path, day).prohibitions
    return {
        one.code: one
        for one in rule.categories
        if one.code != above and above in {part.code for part in line_of(rule.categories, one.code)}
    }


def violations(place: Place, sought: Sought) -> QuerySet[Case]:
    """Return the violation cases of a part of the tree, the newest first."""
    rows = Case.objects.filter(kind=CaseKind.VIOLATION.value, unit__path__startswith=place.unit.path)
    rows = rows.exclude(state=CaseState.MERGED).select_related("unit", "about_person__unit", "owner")
    named = {
        "category": sought.article, "about_person__staff_no": sought.staff_no, "business_day__gte": sought.first,
        "business_day__lte": sought.last,
    }  # fmt: skip
    wanted = {key: value for key, value in named.items() if value}
    return rows.filter(**wanted).order_by("-registered_at", "-pk")


def entries(rows: Iterable[Case], known: Mapping[str, Category]) -> list[Entry]:
    """Return violations with what was found, what was decided, and whether everybody was warned."""
    cases = list(rows)
    ids = [case.pk for case in cases]
    findings = list(Finding.objects.filter(case__in=ids).select_related("person", "unit", "case__unit"))
    decided, open_, notices = penalties_of(findings), cases_undecided(ids), warned(ids)
    found: dict[UUID, list[tuple[Finding, PenaltyTold | None]]] = {pk: [] for pk in ids}
    for one in findings:
        found[one.case_id].append((one, decided.get(one.pk)))
    return [
        Entry(
            case, case.about_person, known.get(case.category), tuple(found[case.pk]), case.pk in open_, notices.get(case.pk),
        )
        for case in cases
    ]  # fmt: skip


def by_person_and_month(rows: QuerySet[Case], most: int) -> list[MonthOfPerson]:
    """Return how many violations each staff number has in each month, the most first."""
    counted = (
        rows.filter(about_person__isnull=False)
        .order_by()
        .values_list("about_person", TruncMonth("business_day"))
        .annotate(n=Count("pk"))
        .order_by("-n", "about_person")[:most]
    )
    found = list(counted)
    people = {one.pk: one for one in Person.objects.filter(pk__in=[row[0] for row in found])}
    return [MonthOfPerson(people[person], month, n) for person, month, n in found]


def by_article(rows: QuerySet[Case]) -> dict[str, int]:
    """Return how many violations there are of each article."""
    return dict(rows.order_by().values_list("category").annotate(n=Count("pk")))


def sheet_of(found: Iterable[Entry]) -> Sheet:
    """Return violations as a table for a file."""
    headings = [
        gettext("Number of the case"), gettext("Day"), gettext("Unit"), gettext("Article"), gettext("Staff number"), gettext("Name"),
        gettext("State"), gettext("Finding"), gettext("What follows"), gettext("Warning notice"), gettext("Read by"),
        gettext("Went to"),
    ]  # fmt: skip
    rows: list[list[Cell]] = [
        [
            one.case.number, one.case.business_day, named(one.case.unit), named(one.category) if one.category else "",
            one.person.staff_no if one.person else "", one.person.name if one.person else "",
            gettext(answer_of("state", one.case.state)),
            _listed(gettext(FINDING_STATES[row.state]) for row, _penalty in one.findings),
            _listed(penalty.sentence for _row, penalty in one.findings if penalty),
            one.notice.reference if one.notice else "", one.notice.confirmed if one.notice else None,
            one.notice.receivers if one.notice else None,
        ]
        for one in found
    ]  # fmt: skip
    return Sheet(gettext("Violations"), headings, rows, [None] * len(headings))


def _listed(texts: Iterable[str]) -> str:
    return pgettext("between items", ", ").join(texts)
