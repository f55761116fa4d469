"""Writing a case down: by a clerk for a customer, by a manager for a channel, by a customer, by the house itself."""

from __future__ import annotations

import datetime as dt

from yingting.domains.cases.actions.stepping.beginning import Intake, Origin, begin, numbering_of
from yingting.domains.cases.contracts import Registered
from yingting.domains.cases.models import Case
from yingting.domains.cases.queries.people import require_handler
from yingting.domains.cases.refusals import CHANGED
from yingting.foundation.calendars.reading import today_at
from yingting.foundation.journal.writing import writing
from yingting.foundation.live.publishing import publish
from yingting.foundation.notify.rules import Severity
from yingting.foundation.notify.telling import Telling, notify
from yingting.foundation.people.access import HALL_UNKNOWN, require
from yingting.foundation.people.permissions import Permission
from yingting.foundation.sites.models import Unit
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal
from yingting.kernel.words import gettext_noop as _

__all__ = ["Intake", "enter", "register"]

FOR_YOU = _("%(number)s: a case for you")


def register(*, intake: Intake, actor: Actor, now: dt.datetime) -> Registered:
    """Write a case down: its number, first owner and clocks exist from this instant on. An owner who did not write it is told.

    Raises Refusal hall.unknown, access.refused, case.channel_unknown, case.process_unknown, case.choice_unknown,
    case.person_unknown, case.future, case.channel_number.
    """
    unit = Unit.objects.filter(path=intake.unit).first()
    if unit is None:
        raise Refusal(HALL_UNKNOWN)
    require(actor, Permission.CASE_REGISTER, unit.path)
    with writing():
        made = enter(intake, unit, actor=actor, now=now)
        owner = Case.objects.values_list("owner", flat=True).get(pk=made.id)
        if owner is not None and owner != actor.person:
            telling = Telling(
                "case.dispatched", FOR_YOU, Severity.NOTE, {"number": made.number}, "", str(made.id), f"/cases/{made.id}/",
                made.due_at,
            )  # fmt: skip
            notify(people=[owner], telling=telling, actor=actor, now=now)
    return made


def enter(intake: Intake, unit: Unit, *, actor: Actor, now: dt.datetime) -> Registered:
    """Write a case down for whoever may: a customer on a public page has no permission and needs none."""
    day = today_at(unit.path, now)
    if intake.first_asker is not None:
        require_handler(intake.first_asker, unit.path)
    with writing():
        numbering = numbering_of(unit, day)
        if (first := _sent_before(intake, unit)) is not None:
            return _registered(first)
        taken = begin(intake, unit, numbering, Origin(actor, now, day))
        taken.settle()
        Case.objects.filter(pk=taken.case.pk).update(**taken.changes)
    if taken.case.hall_id:
        publish(taken.case.hall_id)
    return _registered(taken.case)


def _registered(case: Case) -> Registered:
    return Registered(case.pk, case.number, case.public_number, case.next_due_at, case.is_due_provisional)


def _sent_before(intake: Intake, unit: Unit) -> Case | None:
    """The case that this registration made when it was sent before; the unit's numbering is held, so that two at once meet here."""
    if intake.client_id is None:
        return None
    found = Case.objects.filter(client_id=intake.client_id).first()
    if found is not None and found.unit_id != unit.pk:
        raise Refusal(CHANGED)
    return found
