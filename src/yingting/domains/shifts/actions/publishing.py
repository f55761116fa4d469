"""A hall's week is published: the former roster is replaced, wishes are answered, people are told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from uuid import UUID

from django.urls import reverse

from yingting.domains.shifts.actions.stepping import Here, draft_at, hold, step_on
from yingting.domains.shifts.contracts import ShiftTemplate
from yingting.domains.shifts.facts import RosterPublished, WishAnswered
from yingting.domains.shifts.models import Roster, RosterCell, Wish
from yingting.domains.shifts.queries.places import at_counters
from yingting.domains.shifts.queries.rosters import shifts_by_day
from yingting.domains.shifts.queries.rules_in_force import planning_terms_at
from yingting.domains.shifts.queries.staff import leave_days, off_post_spans
from yingting.domains.shifts.refusals import PERSON_AWAY, PERSON_GONE, SHIFT_UNKNOWN
from yingting.domains.shifts.rules import RosterState, Wanted, WishState, is_granted, publish_by, week_days
from yingting.foundation.journal.writing import writing
from yingting.foundation.live.publishing import publish
from yingting.foundation.notify.rules import Severity
from yingting.foundation.notify.telling import Telling, notify
from yingting.foundation.people.models import Person
from yingting.foundation.sites.models import Hall
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal
from yingting.kernel.words import gettext_noop as _

OUT = _("Your shifts of the week from %(day)s are out")
CHANGED_SHIFTS = _("Your shifts of the week from %(day)s have changed")

Shifts = Mapping[dt.date, Mapping[str, ShiftTemplate]]
Cells = Mapping[tuple[UUID, dt.date], tuple[str, int | None]]


def publish_roster(*, roster: UUID, expected_version: int, actor: Actor, now: dt.datetime) -> None:
    """Publish a draft: it takes the place of the week's published roster, answers the wishes of the week, and people are told.

    Raises Refusal shifts.person_away for a shift of somebody absent or off post, shifts.shift_unknown, and what `draft_at` and
    `step_on` raise.
    """
    draft, here = draft_at(roster, actor, now)
    with writing():
        Hall.objects.select_for_update(of=("self",)).get(pk=draft.hall_id)
        # People before the draft, as `set_cell` does: so the two never wait for each other. The step finds what came in between.
        hold(*{person for person, _day in _cells(draft)})
        step_on(draft.pk, expected_version)
        cells = _cells(draft)
        shifts = shifts_by_day(draft.hall_id, draft.first_day)
        _require_there(here, draft, cells, shifts)
        former = Roster.objects.filter(
            hall=draft.hall_id, first_day=draft.first_day, state=RosterState.PUBLISHED.value
        ).first()
        if former:
            Roster.objects.filter(pk=former.pk).update(state=RosterState.REPLACED.value)
        Roster.objects.filter(pk=draft.pk).update(
            state=RosterState.PUBLISHED.value, published_at=now, published_by=actor.person
        )
        _answer_wishes(here, draft, cells, shifts)
        _tell(here, draft, cells, _cells(former) if former else None)
        weeks = planning_terms_at(here.hall.unit.path, draft.first_day).weeks_out
        people = len({person for person, _day in cells})
        is_late = here.today > publish_by(draft.first_day, weeks)
        here.note(RosterPublished(draft.first_day, former.pk if former else None, people, is_late), draft.pk)
    publish(draft.hall_id)


def _cells(roster: Roster) -> Cells:
    rows = RosterCell.objects.filter(roster=roster).values_list("person_id", "day", "shift", "lunch_at_min")
    return {(person, day): (shift, lunch) for person, day, shift, lunch in rows}


def _require_there(here: Here, draft: Roster, cells: Cells, shifts: Shifts) -> None:
    days = week_days(draft.first_day, draft.days)
    people = {person for person, _day in cells}
    known = set(at_counters(here.hall).values_list("pk", flat=True))
    leave, off_post = leave_days(people, days[0], days[-1]), off_post_spans(people, days[0], days[-1])
    for (person, day), (shift, _lunch) in sorted(cells.items(), key=lambda item: item[0][1]):
        if not shift:
            continue
        if person not in known:
            raise Refusal(PERSON_GONE, name=_name(person))
        if shift not in shifts[day]:
            raise Refusal(SHIFT_UNKNOWN)
        if day in leave[person] or any(since <= day <= until for since, until in off_post[person]):
            raise Refusal(PERSON_AWAY, name=_name(person), day=day)


def _name(person: UUID) -> str:
    return Person.objects.values_list("name", flat=True).get(pk=person)


def _answer_wishes(here: Here, draft: Roster, cells: Cells, shifts: Shifts) -> None:
    """Answer the wishes of the week by what the roster says; a wish that was refused by hand keeps its answer."""
    days = week_days(draft.first_day, draft.days)
    terms = planning_terms_at(here.hall.unit.path, draft.first_day)
    wishes = Wish.objects.filter(person__in=at_counters(here.hall), day__range=(days[0], days[-1]))
    wishes = wishes.exclude(state=WishState.WITHDRAWN.value)
    for wish in wishes.exclude(state=WishState.REFUSED.value, answered_by__isnull=False):
        shift = shifts[wish.day].get(cells.get((wish.person_id, wish.day), ("", None))[0])
        times = (shift.starts_min, shift.ends_min) if shift else (None, None)
        given = is_granted(
            Wanted(wish.wanted), *times, early_by_min=terms.early_by_min, late_from_min=terms.late_from_min
        )
        state = (WishState.GRANTED if given else WishState.REFUSED).value
        if state == wish.state:
            continue
        # Words that came with an answer by hand do not hold for another answer.
        Wish.objects.filter(pk=wish.pk).update(state=state, answer="", answered_by=None, answered_at=here.now)
        here.note(WishAnswered(wish.person_id, wish.day, state, draft.pk), wish.pk)


def _tell(here: Here, draft: Roster, cells: Cells, before: Cells | None) -> None:
    """Tell everybody of the first roster of a week, and of a later one those whose shifts it changes."""
    people = {person for person, _day in cells}
    if before is not None:
        people = {key[0] for key in {*cells, *before} if cells.get(key, ("", None)) != before.get(key, ("", None))}
    title = OUT if before is None else CHANGED_SHIFTS
    telling = Telling(
        "shifts.published", title, Severity.NOTE, {"day": draft.first_day.isoformat()}, subject=str(draft.pk),
        link=reverse("shifts:mine"),
    )  # fmt: skip
    notify(people=people, telling=telling, actor=here.actor, now=here.now)
