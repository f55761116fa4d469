"""Alarms about staff numbers: raised once a person and period, told, followed by a violation case, kept in step with the cases."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Sequence
from uuid import UUID

from django.conf import settings
from django.db.models import F, Q
from django.utils.translation import gettext, override

from yingting.domains.cases.facade import AboutStaff, about_staff, holder_of_post, register
from yingting.domains.detection.facts import UnawareAlarmChanged, UnawareAlarmRaised, ViolationCaseOpened
from yingting.domains.detection.models import AlarmComplaint, UnawareAlarm
from yingting.domains.detection.queries.alarms import why_not
from yingting.domains.detection.queries.rules_in_force import UNAWARE
from yingting.domains.detection.queries.violations import violation
from yingting.domains.detection.rules.shapes import MOST_MONTHS, Unaware
from yingting.domains.detection.rules.unaware import Complaint, Found, Sort, find
from yingting.foundation.days import local_day
from yingting.foundation.journal.catalogue import FactData
from yingting.foundation.journal.recording import record
from yingting.foundation.journal.writing import writing
from yingting.foundation.notify.rules import Severity
from yingting.foundation.notify.telling import Telling, notify
from yingting.foundation.notify.words import name
from yingting.foundation.people.models import Person
from yingting.foundation.rulebook.reading import in_force_by_path
from yingting.kernel.actors import Actor
from yingting.kernel.months import month_start
from yingting.kernel.refusals import Refusal
from yingting.kernel.words import gettext_noop as _

log = logging.getLogger(__name__)
LINK = "/detection/alarms/"
ORIGIN = "detection.alarm"
TITLES = {
    Sort.MONTH: _("Staff number %(staff_no)s (%(unit)s): %(n)s complaints of unaware subscription in %(first)s"),
    Sort.RUN: _("Staff number %(staff_no)s (%(unit)s): complaints of unaware subscription from %(first)s to %(last)s, month after month"),
}  # fmt: skip
BODY = _("A violation case is opened. Look at the complaints behind it.")


def look_at_staff_numbers(*, actor: Actor, now: dt.datetime) -> int:
    """Bring the alarms about all staff numbers in step with the complaints; return how many were raised. Twice is as once."""
    today = local_day(now)
    complained = {one.person for one in about_staff(month_start(today, -MOST_MONTHS))}
    concerned = Person.objects.filter(Q(pk__in=complained) | Q(pk__in=UnawareAlarm.objects.values("person")))
    people = dict(concerned.values_list("pk", "unit__path"))
    rules = in_force_by_path(UNAWARE, paths=set(people.values()), day=today)
    return sum(_look_at(person, rules[path], today, actor, now) for person, path in people.items())


def _look_at(person: UUID, rule: Unaware, today: dt.date, actor: Actor, now: dt.datetime) -> int:
    since = month_start(today, -rule.look_back)
    with writing():
        # Locked, so that two workers that see the same at once come one after the other.
        row = Person.objects.select_for_update(of=("self",), no_key=True).select_related("unit").get(pk=person)
        alarms = list(UnawareAlarm.objects.select_for_update(of=("self",)).filter(person=row, last__gte=since))
        theirs = about_staff(since, {person})
        told = {one.case: one for one in theirs}
        found = find(
            [Complaint(one.case, one.day) for one in theirs if not why_not(one, person, rule.categories)], rule
        )
        raised = 0
        for one in found:
            alarm = next((alarm for alarm in alarms if _is_of(alarm, one)), None)
            if alarm is None:
                alarms.append(_raise(row, one, rule, actor, now))
                raised += 1
        for alarm in alarms:
            _keep_in_step(alarm, [one for one in found if _is_of(alarm, one)], told, rule, actor, now)
    for alarm in alarms:
        if alarm.case_id is None and alarm.is_reached:
            _open_case(alarm, row, rule, actor, now)
    return raised


def _is_of(alarm: UnawareAlarm, found: Found) -> bool:
    """Is it the alarm of what was found? A run that goes on, or of which earlier months became known, is the same story."""
    if alarm.sort != found.sort.value:
        return False
    return alarm.first == found.first if found.sort is Sort.MONTH else found.meets(alarm.first, alarm.last)


def _raise(person: Person, found: Found, rule: Unaware, actor: Actor, now: dt.datetime) -> UnawareAlarm:
    alarm = UnawareAlarm.objects.create(
        person=person, unit_id=person.unit_id, sort=found.sort.value, first=found.first, last=found.last, raised_at=now
    )
    AlarmComplaint.objects.bulk_create([AlarmComplaint(alarm=alarm, case_id=case, since=now) for case in found.cases])
    _note(alarm, UnawareAlarmRaised(person.pk, alarm.sort, found.first, found.last, found.cases), actor, now)
    told = holder_of_post(rule.post, person.unit.path, rule.level)
    if told is None:
        log.warning("nobody holds the post %s for an alarm of unit %s", rule.post, person.unit.path)
        return alarm
    telling = Telling(
        "detection.unaware_alarm", TITLES[found.sort], Severity.WARNING,
        {"staff_no": person.staff_no, "unit": name(person.unit), "n": len(found.cases), "first": f"{found.first:%Y-%m}",
         "last": f"{found.last:%Y-%m}"},
        BODY, str(alarm.pk), LINK,
    )  # fmt: skip
    notify(people=[told.pk], telling=telling, actor=actor, now=now)
    return alarm


def _note(alarm: UnawareAlarm, data: FactData, actor: Actor, now: dt.datetime) -> None:
    record(data, subject=alarm.pk, actor=actor, now=now, correlation=alarm.pk)


def _keep_in_step(
    alarm: UnawareAlarm,
    found: Sequence[Found],
    told: dict[UUID, AboutStaff],
    rule: Unaware,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Write down which complaints came to an alarm, and which take part in it no longer."""
    known = {row.case_id: row for row in AlarmComplaint.objects.filter(alarm=alarm)}
    counting = {case for one in found for case in one.cases}
    new = sorted(counting - known.keys())
    AlarmComplaint.objects.bulk_create([AlarmComplaint(alarm=alarm, case_id=case, since=now) for case in new])
    joined: list[UUID] = [*new]
    left: list[UUID] = []
    for case, row in known.items():
        why = why_not(told.get(case), alarm.person_id, rule.categories)
        if why == row.why:
            continue
        AlarmComplaint.objects.filter(pk=row.pk).update(why=why, since=now)
        (left if why else joined).append(case)
    last = max([alarm.last, *(one.last for one in found)])
    if not (joined or left) and (last, bool(found)) == (alarm.last, alarm.is_reached):
        return
    alarm.last, alarm.is_reached = last, bool(found)
    UnawareAlarm.objects.filter(pk=alarm.pk).update(last=last, is_reached=alarm.is_reached, version=F("version") + 1)
    _note(alarm, UnawareAlarmChanged(last, tuple(joined), tuple(left), alarm.is_reached), actor, now)


def _open_case(alarm: UnawareAlarm, person: Person, rule: Unaware, actor: Actor, now: dt.datetime) -> None:
    """Open the violation case; where its process or post is not there, the next look tries again."""
    complaints = AlarmComplaint.objects.filter(alarm=alarm, why="").order_by("case__registered_at")
    words = {"staff_no": person.staff_no, "unit": person.unit.name, "n": len(complaints), "first": f"{alarm.first:%Y-%m}",
             "last": f"{alarm.last:%Y-%m}"}  # fmt: skip
    with override(settings.LANGUAGE_CODE):
        text = gettext(TITLES[Sort(alarm.sort)]) % words
    numbers = complaints.values_list("case__number", flat=True)
    intake = violation(f"{text}\n{' '.join(numbers)}", person, rule, ORIGIN, alarm.pk)
    try:
        with writing():
            case = register(intake=intake, actor=actor, now=now).id
            UnawareAlarm.objects.filter(pk=alarm.pk).update(case=case, version=F("version") + 1)
            _note(alarm, ViolationCaseOpened(case), actor, now)
    except Refusal as refusal:
        log.warning("no violation case for an alarm of unit %s: %s", person.unit.path, refusal.code)
