"""What holds for a person: own working terms, licences."""

from __future__ import annotations

import dataclasses
import datetime as dt
from uuid import UUID

from yingting.domains.shifts.actions.stepping import hold, planner_in
from yingting.domains.shifts.contracts import OwnTerms
from yingting.domains.shifts.facts import LicenceEntered, LicenceRemoved, TermsSet
from yingting.domains.shifts.models import Licence, PersonTerms
from yingting.domains.shifts.queries.places import person_at
from yingting.domains.shifts.queries.rules_in_force import licences_at, terms_at
from yingting.domains.shifts.queries.staff import over
from yingting.domains.shifts.refusals import CHANGED, LICENCE_UNKNOWN, TERMS_WRONG
from yingting.domains.shifts.rules import are_terms
from yingting.foundation.journal.writing import writing
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal


def set_terms(
    *, hall: UUID, person: UUID, terms: OwnTerms, expected_version: int, actor: Actor, now: dt.datetime
) -> int:
    """Set a person's own terms and return their version; `expected_version` is the one that the writer saw, 0 for none.

    What the writer leaves open is as the rule says. The same terms again write nothing.
    Raises Refusal shifts.person_unknown, shifts.terms_wrong, shifts.changed_meanwhile, hall.unknown, access.refused.
    """
    here = planner_in(hall, actor, now)
    person_at(here.hall, person)
    if not are_terms(*over(terms_at(here.hall.unit.path, here.today), terms)):
        raise Refusal(TERMS_WRONG)
    with writing():
        hold(person)
        row = PersonTerms.objects.filter(person=person).first()
        if (row.version if row else 0) != expected_version:
            raise Refusal(CHANGED)
        if (OwnTerms(row.least_hours, row.most_hours, row.most_days, row.rest_hours) if row else OwnTerms()) == terms:
            return expected_version
        values = dataclasses.asdict(terms) | {"version": expected_version + 1}
        row, _is_new = PersonTerms.objects.update_or_create(person_id=person, defaults=values)
        here.note(TermsSet(person, terms.least_hours, terms.most_hours, terms.most_days, terms.rest_hours), row.pk)
    return expected_version + 1


def enter_licence(*, hall: UUID, person: UUID, code: str, valid_until: dt.date, actor: Actor, now: dt.datetime) -> UUID:
    """Enter until when a person's licence is valid; a licence that is there gets the new day. Return its id.

    Raises Refusal shifts.person_unknown, shifts.licence_unknown, hall.unknown, access.refused.
    """
    here = planner_in(hall, actor, now)
    person_at(here.hall, person)
    if code not in {one.code for one in licences_at(here.hall.unit.path, here.today).licences}:
        raise Refusal(LICENCE_UNKNOWN)
    with writing():
        hold(person)
        row, _is_new = Licence.objects.update_or_create(
            person_id=person, code=code, defaults={"valid_until": valid_until}
        )
        here.note(LicenceEntered(person, code, valid_until), row.pk)
    return row.pk


def remove_licence(*, hall: UUID, licence: UUID, actor: Actor, now: dt.datetime) -> None:
    """Take a licence off a person's list. Raises Refusal shifts.licence_unknown, shifts.person_unknown, hall.unknown,
    access.refused.
    """
    here = planner_in(hall, actor, now)
    row = Licence.objects.filter(pk=licence).first()
    if row is None:
        raise Refusal(LICENCE_UNKNOWN)
    person_at(here.hall, row.person_id)
    with writing():
        hold(row.person_id)
        if not Licence.objects.filter(pk=licence).delete()[0]:
            raise Refusal(LICENCE_UNKNOWN)
        here.note(LicenceRemoved(row.person_id, row.code), licence)
