"""Rosters of a week: drafted, set by hand with locks, published, replaced; wishes answered and people told."""

from __future__ import annotations

import datetime as dt

import pytest

from yingting.domains.shifts import facade
from yingting.domains.shifts.actions.absences import enter_absence, set_off_post
from yingting.domains.shifts.actions.wishing import make_wish
from yingting.domains.shifts.models import Roster, RosterCell, Wish
from yingting.domains.shifts.refusals import (
    CELL_TWICE,
    CHANGED,
    LUNCH_WRONG,
    PERSON_AWAY,
    PERSON_GONE,
    PERSON_UNKNOWN,
    ROSTER_PUBLISHED,
    ROSTER_UNKNOWN,
    SHIFT_UNKNOWN,
    WEEK_PAST,
    WEEK_WRONG,
)
from yingting.domains.shifts.rules import AbsenceKind, OffPostReason, Wanted
from yingting.domains.shifts.tests.conftest import WEEK, day
from yingting.foundation.journal.models import Fact
from yingting.foundation.notify.models import Message
from yingting.foundation.people.access import ACCESS_REFUSED, HALL_UNKNOWN
from yingting.foundation.people.models import Person
from yingting.kernel.ids import new_id

pytestmark = pytest.mark.django_db


def shown(roster):
    rows = RosterCell.objects.filter(roster=roster).order_by("person__staff_no", "day")
    return [(row.person.staff_no, (row.day - WEEK).days, row.shift, row.is_locked, row.origin) for row in rows]


def test_a_draft_is_written_anew_around_its_locked_cells(plan, cast):
    roster = plan.draft(
        plan.cell("1001", 0, "early", lunch=690), plan.cell("1002", 0, "late"), plan.cell("1001", 1, "")
    )
    assert plan.set(roster, "1001", 0, "day", version=1) == 2
    again = plan.draft(plan.cell("1001", 0, "early", lunch=690), plan.cell("1002", 1, "noon"), expected=2)
    assert again == roster
    assert shown(roster) == [("1001", 0, "day", True, "hand"), ("1002", 1, "noon", False, "solver")]
    view = facade.roster_of(cast.hall, WEEK, "draft")
    assert (view.version, view.figures, len(view.cells), view.published_at) == (3, '{"cost":1}', 2, None)
    assert facade.roster_of(cast.hall, WEEK, "published") is None
    kinds = list(Fact.objects.filter(subject=roster).order_by("id").values_list("kind", "data__locked"))
    assert kinds == [("shifts.roster_drafted", 0), ("shifts.cell_set", None), ("shifts.roster_drafted", 1)]


def test_whoever_saw_an_older_draft_is_refused_and_nothing_changes(plan, refused):
    roster = plan.draft(plan.cell("1001", 0, "early"))
    assert refused(lambda: plan.draft(expected=None)) == CHANGED
    assert refused(lambda: plan.draft(expected=2)) == CHANGED
    assert refused(lambda: plan.set(roster, "1001", 0, "late", version=2)) == CHANGED
    assert refused(lambda: plan.publish(roster, version=2)) == CHANGED
    assert refused(lambda: plan.draft(expected=1, first=day(7))) == CHANGED
    assert shown(roster) == [("1001", 0, "early", False, "solver")]
    assert Roster.objects.get().version == 1


def test_what_cannot_be_in_a_roster_is_refused(plan, refused, cast):
    assert refused(lambda: plan.draft(first=day(1))) == WEEK_WRONG
    assert refused(lambda: plan.draft(plan.cell("1001", 7, "early"))) == WEEK_WRONG
    assert refused(lambda: plan.draft(first=dt.date(2025, 12, 29))) == WEEK_PAST
    assert refused(lambda: plan.draft(plan.cell("1101", 0, "early"))) == PERSON_UNKNOWN  # a guide serves at no counter
    assert refused(lambda: plan.draft(plan.cell("2001", 0, "early"))) == PERSON_UNKNOWN
    assert refused(lambda: plan.draft(plan.cell("1001", 0, "night"))) == SHIFT_UNKNOWN
    assert refused(lambda: plan.draft(plan.cell("1001", 0, "early", lunch=600))) == LUNCH_WRONG
    assert refused(lambda: plan.draft(plan.cell("1001", 0, "", lunch=690))) == LUNCH_WRONG
    assert refused(lambda: plan.draft(plan.cell("1001", 0, "early"), plan.cell("1001", 0, "late"))) == CELL_TWICE
    roster = plan.draft()
    assert refused(lambda: plan.set(roster, "1001", 9, "early", version=1)) == WEEK_WRONG
    assert refused(lambda: plan.set(roster, "2001", 0, "early", version=1)) == PERSON_UNKNOWN
    assert refused(lambda: plan.set(new_id(), "1001", 0, "early", version=1)) == ROSTER_UNKNOWN


@pytest.mark.parametrize(("who", "code"), [("1001", ACCESS_REFUSED), ("1101", ACCESS_REFUSED), ("2001", HALL_UNKNOWN)])
def test_only_who_plans_the_hall_writes_its_rosters(plan, refused, who, code):
    roster = plan.draft(plan.cell("1001", 0, "early"))
    assert refused(lambda: plan.draft(expected=1, who=who)) == code
    assert refused(lambda: plan.set(roster, "1001", 0, "late", version=1, who=who)) == code
    assert refused(lambda: plan.publish(roster, version=1, who=who)) == code
    assert plan.draft(expected=1, who="1201") == plan.draft(expected=2, who="9001") == roster


def test_publishing_tells_people_and_a_second_edition_only_those_whom_it_changes(plan, cast):
    first = plan.published(plan.cell("1001", 0, "early"), plan.cell("1002", 0, "late"))
    told = Message.objects.filter(kind="shifts.published")
    assert set(told.values_list("person__staff_no", flat=True)) == {"1001", "1002"}
    second = plan.draft(plan.cell("1001", 0, "early"), plan.cell("1002", 0, "noon"))
    plan.publish(second, version=1)
    assert list(told.filter(subject=str(second)).values_list("person__staff_no", flat=True)) == ["1002"]
    assert dict(Roster.objects.values_list("pk", "state")) == {first: "replaced", second: "published"}
    assert [view.state for view in facade.rosters_of(cast.hall, 9)] == ["published", "replaced"]
    assert facade.rosters_of(cast.hall, 9)[0].cells == ()
    fact = Fact.objects.get(subject=second, kind="shifts.roster_published")
    assert fact.data == {"first_day": "2026-01-19", "replaced": str(first), "people": 2, "is_late": False}


def test_a_roster_that_is_out_too_late_is_published_and_its_fact_says_so(plan):
    roster = plan.draft(first=dt.date(2026, 1, 5))
    plan.publish(roster, version=1)
    assert Fact.objects.get(subject=roster, kind="shifts.roster_published").data["is_late"] is True


def test_a_published_roster_is_not_changed(plan, refused):
    roster = plan.published(plan.cell("1001", 0, "early"))
    assert refused(lambda: plan.set(roster, "1001", 0, "late", version=2)) == ROSTER_PUBLISHED
    assert refused(lambda: plan.publish(roster, version=2)) == ROSTER_PUBLISHED
    assert shown(roster) == [("1001", 0, "early", False, "solver")]


@pytest.mark.req("TRN-23")
def test_nobody_who_is_absent_or_off_post_gets_a_shift(plan, refused, cast):
    roster = plan.draft(plan.cell("1001", 2, "early"), plan.cell("1002", 2, "early"))
    where = {"hall": cast.hall, **plan.may()}
    enter_absence(
        person=cast.people["1001"], kind=AbsenceKind.LEAVE, first_day=day(1), last_day=day(3), words="", **where
    )
    assert refused(lambda: plan.set(roster, "1001", 1, "late", version=1)) == PERSON_AWAY
    assert refused(lambda: plan.publish(roster, version=1)) == PERSON_AWAY
    version = plan.set(roster, "1001", 2, "", version=1)
    set_off_post(person=cast.people["1002"], reason=OffPostReason.EXAM, since=day(2), until=None, words="月考", **where)
    assert refused(lambda: plan.set(roster, "1002", 6, "late", version=version)) == PERSON_AWAY
    assert refused(lambda: plan.publish(roster, version=version)) == PERSON_AWAY
    version = plan.set(roster, "1002", 2, "", version=version)
    version = plan.set(roster, "1002", 1, "late", version=version)
    plan.publish(roster, version=version)
    assert Roster.objects.get(pk=roster).state == "published"


def test_shifts_of_somebody_who_has_left_are_taken_out_before_publishing(plan, refused, cast):
    roster = plan.draft(plan.cell("1002", 0, "early", is_locked=True))
    Person.objects.filter(staff_no="1002").update(is_active=False)
    assert refused(lambda: plan.publish(roster, version=1)) == PERSON_GONE
    assert refused(lambda: plan.set(roster, "1002", 0, "late", version=1)) == PERSON_UNKNOWN
    plan.publish(roster, version=plan.set(roster, "1002", 0, "", version=1))


def test_a_shift_that_the_rules_no_longer_have_is_not_published(plan, refused):
    roster = plan.draft(plan.cell("1001", 0, "early"))
    RosterCell.objects.filter(roster=roster).update(shift="gone")
    assert refused(lambda: plan.publish(roster, version=1)) == SHIFT_UNKNOWN


def test_the_published_roster_answers_the_wishes_of_its_week(plan, cast, actor_of, now):
    wishes = [
        make_wish(day=day(n), wanted=wanted, actor=actor_of(who), now=now)
        for who, n, wanted in (
            ("1001", 0, Wanted.EARLY), ("1001", 1, Wanted.LATE), ("1002", 0, Wanted.OFF), ("1003", 0, Wanted.OFF),
            ("1004", 7, Wanted.OFF),
        )
    ]  # fmt: skip
    plan.published(
        plan.cell("1001", 0, "early"),
        plan.cell("1001", 1, "early"),
        plan.cell("1002", 0, "noon"),
        plan.cell("1003", 0, ""),
    )
    states = dict(Wish.objects.values_list("pk", "state"))
    assert [states[one] for one in wishes] == ["granted", "refused", "refused", "granted", "open"]
    # A second edition answers anew; what the first one refused, the planner still sees.
    assert [(wish.day, wish.state) for wish in plan.member("1002").wishes] == [(day(0), "refused")]
    plan.publish(plan.draft(plan.cell("1002", 0, "")), version=1)
    assert Wish.objects.get(pk=wishes[2]).state == "granted"
    facts = Fact.objects.filter(subject=wishes[2], kind="shifts.wish_answered").order_by("id")
    assert [fact.data["state"] for fact in facts] == ["refused", "granted"]


def test_a_wish_that_was_refused_by_hand_keeps_its_answer(plan, cast, actor_of, now):
    wish = make_wish(day=day(0), wanted=Wanted.OFF, actor=actor_of("1001"), now=now)
    facade.answer_wish(hall=cast.hall, wish=wish, granted=False, words="盘点日", **plan.may())
    assert plan.member("1001").wishes == ()
    plan.published(plan.cell("1001", 0, ""))
    row = Wish.objects.get(pk=wish)
    assert (row.state, row.answer) == ("refused", "盘点日")


def test_the_last_duty_of_the_week_before_is_told_in_minutes_before_the_week(plan, cast):
    plan.published(
        plan.cell("1001", 5, "early"),
        plan.cell("1001", 6, "late"),
        plan.cell("1002", 4, "day"),
        plan.cell("1003", 6, ""),
    )
    ends = facade.last_duty_ends(cast.hall, day(7))
    assert ends == {cast.people["1001"]: -330, cast.people["1002"]: -2 * 1440 - 360}
    assert facade.last_duty_ends(cast.hall, WEEK) == {}
    assert facade.last_duty_ends(cast.other_hall, day(7)) == {}
