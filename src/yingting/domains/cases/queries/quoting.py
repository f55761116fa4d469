"""What a notice quotes of a case: limits that ran over and findings, with nothing of its customer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext

from yingting.domains.cases.models import Case, Finding
from yingting.domains.cases.queries.editions import process_of
from yingting.domains.cases.queries.findings import is_final, of_cases
from yingting.domains.cases.queries.penalties import cases_undecided, penalties_of
from yingting.domains.cases.queries.rules_in_force import CATEGORIES, rule_of
from yingting.domains.cases.queries.tracing import case_of, cases_by_id, overruns_of
from yingting.domains.cases.queries.words import FINDING_STATES, exact_span_text
from yingting.domains.cases.rules.processes import CaseKind
from yingting.foundation.editing.naming import named
from yingting.foundation.people.models import Person
from yingting.kernel.actors import Actor


@dataclass(frozen=True, slots=True)
class CaseQuoted:
    """What may be said of a case to everybody: its number, and sentences on limits that ran over, on who is answerable and on what
    follows. `is_final` says that every finding that is quoted stands for good, and of a violation that it is decided what follows.
    """

    number: str
    path: str
    sentences: tuple[str, ...]
    is_final: bool


def case_path(actor: Actor, case: UUID) -> str:
    """Return the path of the unit of a case that the actor may see. Raises Refusal case.unknown."""
    return case_of(actor, case).unit.path


def units_of_cases(cases: Collection[UUID]) -> dict[UUID, str]:
    """Return the paths of the units of cases; whoever asks has seen to it that they may be told."""
    return dict(Case.objects.filter(pk__in=cases).values_list("pk", "unit__path"))


def quotes_of(cases: Sequence[UUID], now: dt.datetime) -> list[CaseQuoted]:
    """Return what a notice quotes of cases, in the active language and without anything of their customers."""
    found = []
    for case in cases_by_id(cases):
        steps = {step.code: named(step) for step in process_of(case.edition_id).steps}
        causes = {one.code: named(one) for one in rule_of(CATEGORIES, case.unit.path, case.business_day).causes}
        late = [
            gettext("%(clock)s ran over by %(time)s, held then by %(who)s")
            % {
                "clock": one.name,
                "time": exact_span_text(one.size.natural_s if one.size else 0),
                "who": _who(one.owner),
            }
            for one in overruns_of(case, now)
        ]
        rows = list(of_cases([case.pk]))
        findings = [
            gettext("%(who)s, %(share)s%(step)s, cause: %(cause)s, %(state)s")
            % {
                "who": _answerable(row),
                "share": gettext("main responsibility") if row.is_main else gettext("shared responsibility"),
                "step": gettext(" (step “%(step)s”)") % {"step": steps[row.step]} if row.step else "",
                "cause": causes.get(row.cause, row.cause), "state": gettext(FINDING_STATES[row.state]),
            }
            for row in rows
        ]  # fmt: skip
        penalties = penalties_of(rows)
        decided = [
            gettext("What follows for %(who)s: %(penalty)s") % {"who": _answerable(row), "penalty": penalties[row.pk].sentence}
            for row in rows if row.pk in penalties
        ]  # fmt: skip
        is_final_all = all(is_final(row, now) for row in rows)
        if case.kind == CaseKind.VIOLATION.value:
            is_final_all = is_final_all and not cases_undecided([case.pk])
        found.append(CaseQuoted(case.number, case.unit.path, (*late, *findings, *decided), is_final_all))
    return found


def _answerable(row: Finding) -> str:
    return _who(row.person) if row.person else named(row.unit) if row.unit else gettext("Nobody is answerable")


def _who(person: Person | None) -> str:
    return f"{person.name} {person.staff_no}" if person else gettext("nobody")
