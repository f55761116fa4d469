"""Who may be rostered: terms, absences, time off post, licences, wishes; each verb with what it refuses."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from yingting.domains.shifts import facade
from yingting.domains.shifts.actions.absences import end_off_post, enter_absence, set_off_post, withdraw_absence
from yingting.domains.shifts.actions.people import enter_licence, remove_licence, set_terms
from yingting.domains.shifts.actions.wishing import answer_wish, make_wish, withdraw_wish
from yingting.domains.shifts.contracts import OwnTerms
from yingting.domains.shifts.models import Absence, Licence, OffPost, PersonTerms, Wish
from yingting.domains.shifts.refusals import (
    ABSENCE_OVERLAPS,
    ABSENCE_UNKNOWN,
    CHANGED,
    EXAM_OPEN_ENDED,
    LICENCE_UNKNOWN,
    NO_HALL,
    OFF_POST_ALREADY,
    OFF_POST_UNKNOWN,
    OWN_RETURN,
    PERSON_UNKNOWN,
    SPAN_WRONG,
    TERMS_WRONG,
    WISH_ANSWERED,
    WISH_FAR,
    WISH_LATE,
    WISH_MANY,
    WISH_THERE,
    WISH_UNKNOWN,
    WORDS_MISSING,
)
from yingting.domains.shifts.rules import AbsenceKind, OffPostReason, Wanted
from yingting.domains.shifts.tests.conftest import WEEK, day
from yingting.foundation.journal.models import Fact
from yingting.foundation.people.access import ACCESS_REFUSED, HALL_UNKNOWN
from yingting.kernel.ids import new_id

pytestmark = pytest.mark.django_db


@pytest.fixture
def verbs(plan, cast):
    """Each verb of the planner about 王芳, ready to be called with what differs."""
    where = {"hall": cast.hall, "person": cast.people["1001"]}

    class Verbs:
        def terms(self, version=0, who="1301", **own):
            return set_terms(**where, terms=OwnTerms(**own), expected_version=version, **plan.may(who))

        def absence(self, first, last=None, who="1301", **more):
            told = {"kind": AbsenceKind.LEAVE, "words": "", **where, **more}
            return enter_absence(first_day=first, last_day=last or first, **told, **plan.may(who))

        def off_post(self, since, until=None, reason=OffPostReason.EXAM, who="1301", words="三月考试", **more):
            told = {**where, **more}
            return set_off_post(reason=reason, since=since, until=until, words=words, **told, **plan.may(who))

        def back(self, row, back_on, words="补考 92 分", who="1301", hall=None):
            return end_off_post(hall=hall or cast.hall, off_post=row, back_on=back_on, words=words, **plan.may(who))

        def licence(self, code, until, who="1301"):
            return enter_licence(**where, code=code, valid_until=until, **plan.may(who))

    return Verbs()


def test_staff_are_those_who_may_serve_at_a_counter_of_the_hall(plan, cast):
    staff = facade.staff_of(cast.hall, WEEK, 7)
    assert [one.staff_no for one in staff] == ["1001", "1002", "1003", "1004", "1005", "1006", "1201"]
    one = staff[0]
    assert (one.name, one.skills, one.leave, one.off_post, one.licences, one.wishes) == (
        "王芳", None, frozenset(), (), {}, ()
    )  # fmt: skip
    assert (one.least_hours, one.most_hours, one.most_days, one.rest_hours) == (24, 40, 5, 11)
    assert [one.staff_no for one in facade.staff_of(cast.other_hall, WEEK, 7)] == ["2001"]


def test_skills_are_codes_of_business_classes(plan, cast):
    from yingting.domains.queueing.models import PersonSkill
    from yingting.foundation.catalogue.models import BusinessClass

    for code in ("pay", "new"):
        PersonSkill.objects.create(person_id=cast.people["1001"], business_class=BusinessClass.objects.get(code=code))
    assert plan.member("1001").skills == {"pay", "new"}


def test_own_terms_stand_over_the_rule_and_an_outdated_form_is_refused(plan, verbs, refused):
    assert verbs.terms(most_hours=20.0, least_hours=10.0) == 1
    one = plan.member("1001")
    assert (one.least_hours, one.most_hours, one.most_days, one.rest_hours) == (10, 20, 5, 11)
    assert refused(lambda: verbs.terms(most_hours=30.0)) == CHANGED
    assert verbs.terms(version=1, most_hours=20.0, least_hours=10.0) == 1  # the same again writes nothing
    assert verbs.terms(version=1) == 2
    assert plan.member("1001").most_hours == 40
    assert Fact.objects.filter(kind="shifts.terms_set").count() == 2


@pytest.mark.parametrize("own", [{"least_hours": 41.0}, {"most_hours": 61.0}, {"most_days": 8}, {"rest_hours": 25.0}])
def test_terms_that_cannot_be_are_refused(verbs, refused, own):
    assert refused(lambda: verbs.terms(**own)) == TERMS_WRONG
    assert PersonTerms.objects.count() == 0


def test_an_absence_over_a_published_shift_is_entered_and_its_days_come_back(plan, verbs, cast):
    plan.published(plan.cell("1001", 0, "early"), plan.cell("1001", 1, ""), plan.cell("1001", 2, "late"))
    entered = verbs.absence(day(-1), day(2), kind=AbsenceKind.SICK, words="发烧")
    assert entered.clashes == (day(0), day(2))
    assert plan.member("1001").leave == {day(0), day(1), day(2)}
    fact = Fact.objects.get(subject=entered.id)
    assert fact.data == {
        "person": str(cast.people["1001"]),
        "first_day": "2026-01-18",
        "last_day": "2026-01-21",
        "clashes": 2,
    }  # fmt: skip - and not that she is ill


def test_an_absence_that_cannot_be_is_refused(verbs, refused, cast):
    verbs.absence(day(1), day(3))
    assert refused(lambda: verbs.absence(day(3), day(5))) == ABSENCE_OVERLAPS
    assert refused(lambda: verbs.absence(day(5), day(4))) == SPAN_WRONG
    assert refused(lambda: verbs.absence(day(5), day(500))) == SPAN_WRONG
    assert refused(lambda: verbs.absence(day(5), person=cast.people["2001"])) == PERSON_UNKNOWN
    assert Absence.objects.count() == 1


def test_an_absence_is_taken_back_once_and_counts_no_more(plan, verbs, refused, cast):
    row = verbs.absence(day(1)).id
    where = {"absence": row, **plan.may()}
    assert refused(lambda: withdraw_absence(hall=cast.other_hall, absence=row, **plan.may("9001"))) == PERSON_UNKNOWN
    withdraw_absence(hall=cast.hall, **where)
    assert plan.member("1001").leave == frozenset()
    assert refused(lambda: withdraw_absence(hall=cast.hall, **where)) == ABSENCE_UNKNOWN
    assert refused(lambda: withdraw_absence(hall=cast.hall, absence=new_id(), **plan.may())) == ABSENCE_UNKNOWN
    verbs.absence(day(1))


@pytest.mark.req("TRN-23")
def test_after_a_failed_exam_somebody_is_off_post_until_somebody_else_enters_the_passed_resit(plan, verbs, refused):
    assert refused(lambda: verbs.off_post(day(0), day(9))) == EXAM_OPEN_ENDED
    row = verbs.off_post(day(2)).id
    assert plan.member("1001").off_post == ((day(2), day(6)),)
    assert plan.member("1001", first=day(70)).off_post == ((day(70), day(76)),)
    assert refused(lambda: verbs.back(row, day(4), words=" ")) == WORDS_MISSING
    verbs.back(row, day(4))
    assert plan.member("1001").off_post == ((day(2), day(3)),)
    assert refused(lambda: verbs.back(row, day(3))) == OFF_POST_UNKNOWN
    held = OffPost.objects.get(pk=row)
    assert (held.until, held.ended_by.staff_no, held.ended_words) == (day(3), "1301", "补考 92 分")
    assert "考" not in str([fact.data for fact in Fact.objects.filter(subject=row)])


@pytest.mark.req("TRN-23")
def test_nobody_puts_oneself_back_on_post(plan, verbs, refused, cast):
    row = verbs.off_post(day(0), person=cast.people["1201"]).id
    assert refused(lambda: verbs.back(row, day(1), who="1201")) == OWN_RETURN
    with pytest.raises(IntegrityError), transaction.atomic():
        OffPost.objects.filter(pk=row).update(ended_by=cast.people["1201"])
    with pytest.raises(IntegrityError), transaction.atomic():
        OffPost.objects.filter(pk=row).update(until=day(9))
    verbs.back(row, day(1))


def test_off_post_for_another_reason_may_have_a_last_day_and_end_before_it_began(plan, verbs, refused, cast):
    row = verbs.off_post(day(1), day(3), OffPostReason.CONDUCT).id
    assert refused(lambda: verbs.off_post(day(3))) == OFF_POST_ALREADY
    assert refused(lambda: verbs.off_post(day(9), day(8), OffPostReason.OTHER)) == SPAN_WRONG
    assert refused(lambda: verbs.off_post(day(9), words="")) == WORDS_MISSING
    assert refused(lambda: verbs.back(row, day(5))) == OFF_POST_UNKNOWN
    assert refused(lambda: verbs.back(new_id(), day(5))) == OFF_POST_UNKNOWN
    verbs.back(row, day(0))
    assert plan.member("1001").off_post == ()
    verbs.off_post(day(1))


def test_days_with_a_published_shift_come_back_when_somebody_is_taken_off_post(plan, verbs):
    plan.published(plan.cell("1001", 0, "early"), plan.cell("1001", 4, "early"))
    assert verbs.off_post(day(1)).clashes == (day(4),)


def test_a_licence_gets_a_new_day_and_is_taken_off_the_list(plan, verbs, refused, cast):
    first = verbs.licence("counter", day(0))
    assert verbs.licence("counter", day(400)) == first
    assert plan.member("1001").licences == {"counter": day(400)}
    assert refused(lambda: verbs.licence("flying", day(0))) == LICENCE_UNKNOWN
    where = {"licence": first, **plan.may()}
    assert refused(lambda: remove_licence(hall=cast.other_hall, licence=first, **plan.may("9001"))) == PERSON_UNKNOWN
    remove_licence(hall=cast.hall, **where)
    assert refused(lambda: remove_licence(hall=cast.hall, **where)) == LICENCE_UNKNOWN
    assert Licence.objects.count() == 0


@pytest.mark.parametrize(("who", "code"), [("1001", ACCESS_REFUSED), ("2001", HALL_UNKNOWN)])
def test_only_who_plans_the_hall_changes_what_holds_for_its_people(
    plan, verbs, refused, cast, actor_of, now, who, code
):
    row = verbs.off_post(day(0)).id
    away = verbs.absence(day(20)).id
    held = verbs.licence("counter", day(0))
    wish = make_wish(day=day(0), wanted=Wanted.OFF, actor=actor_of("1001"), now=now)
    for do in (
        lambda: verbs.terms(most_days=3, who=who), lambda: verbs.absence(day(40), who=who),
        lambda: verbs.off_post(day(90), who=who), lambda: verbs.back(row, day(2), who=who),
        lambda: verbs.licence("counter", day(1), who=who),
        lambda: withdraw_absence(hall=cast.hall, absence=away, **plan.may(who)),
        lambda: remove_licence(hall=cast.hall, licence=held, **plan.may(who)),
        lambda: answer_wish(hall=cast.hall, wish=wish, granted=True, words="", **plan.may(who)),
    ):  # fmt: skip
        assert refused(do) == code


class TestWishes:
    @pytest.fixture
    def wish(self, cast, actor_of, now):
        def call(n, wanted=Wanted.OFF, who="1001", at=now):
            return make_wish(day=day(n), wanted=wanted, actor=actor_of(who), now=at)

        return call

    def test_a_wish_is_made_in_time_and_seen_by_the_planner(self, wish, plan):
        made = wish(0, Wanted.LATE)
        line = plan.member("1001").wishes[0]
        assert (line.id, line.day, line.wanted, line.weight, line.state) == (made, day(0), "late", 3.0, "open")

    def test_ten_days_before_the_week_it_is_too_late(self, wish, refused, now):
        last = now + dt.timedelta(days=4)  # 9 January; the week begins on the 19th
        assert refused(lambda: wish(0, at=last + dt.timedelta(days=1))) == WISH_LATE
        assert refused(lambda: wish(-1)) == WISH_LATE
        wish(6, at=last)

    def test_at_most_two_for_a_week_one_for_a_day_and_not_years_ahead(self, wish, refused):
        wish(0)
        assert refused(lambda: wish(0, Wanted.LATE)) == WISH_THERE
        wish(1)
        assert refused(lambda: wish(2)) == WISH_MANY
        wish(7)
        assert refused(lambda: wish(7 * 7)) == WISH_FAR
        wish(7 * 7 - 1)

    def test_who_serves_at_no_counter_has_no_wishes(self, wish, refused):
        assert refused(lambda: wish(0, who="1101")) == PERSON_UNKNOWN
        assert refused(lambda: wish(0, who="9001")) == NO_HALL

    def test_it_is_taken_back_by_whom_it_concerns_while_it_is_open(self, wish, refused, plan, cast):
        made = wish(0)
        assert refused(lambda: withdraw_wish(wish=made, **plan.may("1002"))) == WISH_UNKNOWN
        withdraw_wish(wish=made, **plan.may("1001"))
        assert plan.member("1001").wishes == ()
        assert refused(lambda: withdraw_wish(wish=made, **plan.may("1001"))) == WISH_ANSWERED
        wish(0)

    def test_it_is_answered_by_hand_once_and_a_refusal_says_why(self, wish, refused, plan, cast):
        made = wish(0)
        where = {"hall": cast.hall, "wish": made, **plan.may()}
        assert refused(lambda: answer_wish(**where, granted=False, words="")) == WORDS_MISSING
        assert refused(lambda: answer_wish(**{**where, "wish": new_id()}, granted=True, words="")) == WISH_UNKNOWN
        answer_wish(**where, granted=True, words="")
        assert refused(lambda: answer_wish(**where, granted=False, words="盘点")) == WISH_ANSWERED
        assert (Wish.objects.get().state, Wish.objects.get().answered_by.staff_no) == ("granted", "1301")
        assert plan.member("1001").wishes[0].state == "granted"
