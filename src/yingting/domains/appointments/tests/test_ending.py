"""No-shows by cause, the waiting period, objections and who decides them."""

import datetime as dt

import pytest

from yingting.domains.appointments import jobs
from yingting.domains.appointments.actions import ending, waiting
from yingting.domains.appointments.models import Block, Booking
from yingting.domains.appointments.rules.states import Cause
from yingting.domains.appointments.tests.conftest import OTHER, refused

pytestmark = pytest.mark.django_db


def missed(hall, *days, **more):
    """Bookings of one person at 9 on some days, and nobody comes."""
    made = []
    for day in days:
        made.append(hall.book(hall.at(9, day=day), **more))
        hall.stand_at(hall.at(9, 31, day=day))
        jobs.look_after_bookings()
    return made


@pytest.mark.req("APT-01")
def test_who_does_not_come_is_noted_when_the_time_is_over(hall):
    given = hall.book(hall.at(9))
    hall.stand_at(hall.at(9, 30))
    assert jobs.look_after_bookings() == 0
    hall.stand_at(hall.at(9, 31))
    assert (jobs.look_after_bookings(), jobs.look_after_bookings()) == (1, 0)
    row = hall.row(given)
    assert (row.state, row.cause, row.counts, row.slot.taken) == ("missed", "not_come", True, 1)


def test_nobody_notes_a_no_show_before_its_time(hall):
    given = hall.book(hall.at(9))
    hall.stand_at(hall.at(9, 30))

    def act(who):
        return ending.no_show(booking=given.id, actor=hall.actor_of(who), now=hall.now)

    assert refused(lambda: act("1001")) == "booking.not_over"
    hall.pass_(minutes=1)
    assert refused(lambda: act("2001")) == "hall.unknown"
    act("1001")
    assert refused(lambda: act("1001")) == "booking.ended"


def test_three_no_shows_lead_to_a_waiting_period_and_it_ends_by_itself(hall):
    missed(hall, 1, 2)
    assert not Block.objects.exists()
    missed(hall, 3)
    block = Block.objects.get()
    assert (block.missed, block.until - block.since) == (3, dt.timedelta(days=30))
    assert refused(lambda: hall.book(hall.at(9, day=4))) == "booking.waiting_period"
    held = hall.hold(hall.at(9, day=4), phone="", name="")
    hall.book(hall.at(9, day=4), phone=OTHER)
    hall.cancel(held)
    hall.stand_at(block.until + dt.timedelta(minutes=1))
    hall.book(hall.at(9, day=34))


def test_no_shows_of_an_earlier_waiting_period_do_not_count_again(hall):
    missed(hall, 1, 2, 3)
    hall.stand_at(Block.objects.get().until + dt.timedelta(minutes=1))
    missed(hall, 34, 35)
    assert Block.objects.count() == 1
    missed(hall, 36)
    assert Block.objects.count() == 2


def test_what_was_the_halls_doing_never_counts(hall):
    given, *_ = missed(hall, 1, 2)
    ending.set_cause(booking=given.id, cause=Cause.HALL_CLOSED, actor=hall.actor_of("1201"), now=hall.now)
    missed(hall, 3)
    assert not Block.objects.exists()


def test_a_corrected_cause_lifts_the_waiting_period(hall):
    given, *_ = missed(hall, 1, 2, 3)

    def act(who, cause):
        return ending.set_cause(booking=given.id, cause=cause, actor=hall.actor_of(who), now=hall.now)

    assert refused(lambda: act("1001", Cause.EXCUSED)) == "access.refused"
    assert refused(lambda: act("1201", Cause.CANCELLED)) == "booking.choice_unknown"
    act("1201", Cause.EXCUSED)
    assert Block.objects.get().lifted_at == hall.now
    hall.book(hall.at(9, day=4))
    hall.cancel(Booking.objects.filter(state="booked").get())
    act("1201", Cause.NOT_COME)
    assert Block.objects.filter(lifted_at=None).count() == 0 or Block.objects.count() == 2


def test_a_late_cancellation_counts_where_the_terms_say_so(hall):
    hall.terms(late_cancel_counts=True, no_show_most=1)
    given = hall.book(hall.at(9))
    hall.stand_at(hall.at(8, 1))
    hall.cancel(given)
    assert (hall.row(given).cause, hall.row(given).counts, Block.objects.count()) == ("cancelled_late", True, 1)


def test_an_objection_is_decided_by_somebody_else(hall):
    given, *_ = missed(hall, 1, 2, 3)
    block = Block.objects.get()

    def ask(actor):
        return waiting.appeal(block=block.pk, words="地铁停运", actor=actor, now=hall.now)

    assert refused(lambda: ask(hall.customer())) == "booking.block_unknown"
    assert refused(lambda: ask(hall.actor_of("2001"))) == "hall.unknown"
    appeal = ask(hall.actor_of("1201"))
    assert refused(lambda: ask(hall.own(given.id))) == "booking.appeal_there"

    def decide(who, granted=True, answer="情况属实"):
        waiting.decide_appeal(appeal=appeal, granted=granted, answer=answer, actor=hall.actor_of(who), now=hall.now)

    assert refused(lambda: decide("1001")) == "access.refused"
    assert refused(lambda: decide("1201")) == "booking.appeal_other_person"
    assert refused(lambda: decide("1301", answer=" ")) == "booking.words_missing"
    decide("1301")
    assert refused(lambda: decide("1301")) == "booking.appeal_unknown"
    assert (Block.objects.get().lifted_at, Block.objects.get().booker.waits_until) == (hall.now, None)
    hall.book(hall.at(9, day=4))


def test_a_refused_objection_leaves_the_waiting_period(hall):
    given, *_ = missed(hall, 1, 2, 3)
    appeal = waiting.appeal(block=Block.objects.get().pk, words="x", actor=hall.own(given.id), now=hall.now)
    waiting.decide_appeal(appeal=appeal, granted=False, answer="无依据", actor=hall.actor_of("1301"), now=hall.now)
    assert refused(lambda: hall.book(hall.at(9, day=4))) == "booking.waiting_period"


def test_who_noted_a_no_show_does_not_decide_on_the_objection(hall):
    hall.terms(no_show_most=1)
    given = hall.book(hall.at(9))
    hall.stand_at(hall.at(9, 31))
    ending.no_show(booking=given.id, actor=hall.actor_of("1301"), now=hall.now)
    appeal = waiting.appeal(block=Block.objects.get().pk, words="x", actor=hall.own(given.id), now=hall.now)

    def act(who):
        return waiting.decide_appeal(appeal=appeal, granted=True, answer="ok", actor=hall.actor_of(who), now=hall.now)

    assert refused(lambda: act("1301")) == "booking.appeal_other_person"
    act("1201")


def test_where_no_objection_is_foreseen_none_is_taken(hall):
    hall.terms(may_appeal=False, no_show_most=1)
    given, *_ = missed(hall, 1)

    def ask():
        return waiting.appeal(block=Block.objects.get().pk, words="x", actor=hall.own(given.id), now=hall.now)

    assert refused(ask) == "booking.no_appeal"
