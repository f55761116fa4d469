"""Customers with bookings: their place in line, and what walk-ins are told while they are not here yet."""

import datetime as dt

import pytest
from django.utils import translation

from yingting.domains.queueing import facade
from yingting.domains.queueing.actions.moving import transfer_ticket
from yingting.domains.queueing.contracts import Booked
from yingting.domains.queueing.models import ExpectedBooking, PriorityClass, Ticket
from yingting.domains.queueing.queries.announcing import ANNOUNCING, past_waits
from yingting.domains.queueing.queries.boards import hall_board
from yingting.domains.queueing.queries.calling_rules import CALLING
from yingting.domains.queueing.queries.setup import fresh_setup
from yingting.domains.queueing.queries.tickets import ticket_place
from yingting.domains.queueing.rules import Place, fold_ticket
from yingting.domains.queueing.rules.announcing import AnnouncingRule, Expected, kept_share, with_booked
from yingting.domains.queueing.rules.calling import CallingRules, Order
from yingting.domains.queueing.tests.screens import person
from yingting.domains.queueing.views.words import why_sentence
from yingting.foundation.editing.rulebook.actions import publish_rule
from yingting.foundation.journal.models import Fact
from yingting.foundation.journal.recording import facts_of
from yingting.foundation.sites.models import Hall
from yingting.kernel.actors import Actor, ActorKind
from yingting.kernel.ids import new_id
from yingting.kernel.refusals import Refusal
from yingting.twin.waits import Seen

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def floor(open_hall, hands):
    """Counter 1 is open and serves somebody; two wait in the queue of fees."""
    hands.open("1")
    hands.issue()
    hands.call("1")
    hands.issue()
    hands.issue()
    return hands


def booked(floor, minutes=0, booking=None, **more):
    """Somebody arrives with a booking whose place counts from `minutes` after now."""
    rank = floor.now + minutes * MINUTE
    return floor.issue(booked=Booked(booking or new_id(), rank, "booked"), **more)


def expect(floor, minutes=0, due=None, letter="A", seconds=240, booking=None):
    booking = booking or new_id()
    rank = floor.now + minutes * MINUTE
    facade.expect_booking(
        booking=booking, hall=floor.cast.hall, business_day=floor.now.date(), queue=floor.cast.queues[letter], rank_at=rank,
        due_at=rank if due is None else floor.now + due * MINUTE, expected_s=seconds, actor=person("1101"), now=floor.now,
    )  # fmt: skip
    return booking


def forget(floor, booking, came):
    facade.forget_booking(booking=booking, came=came, actor=person("1101"), now=floor.now)


# ---------------------------------------------------------------------------------------------- the place in line
@pytest.mark.req("APT-01")
def test_a_booked_customer_gets_the_booked_place_and_the_letter_of_bookings(floor):
    booking = new_id()
    issued = booked(floor, -20, booking)
    row = Ticket.objects.get(pk=issued.id)
    assert (issued.number, issued.ahead, row.booking) == ("Y001", 0, booking)
    assert abs(row.issued_at - row.rank_at - 20 * MINUTE) < dt.timedelta(seconds=2)
    fact = facts_of(row.pk)[0]["data"]
    assert fact["booking"] == str(booking)
    assert dt.datetime.fromisoformat(fact["rank_at"]) == row.rank_at
    folded = fold_ticket(facts_of(row.pk))
    assert (folded.booking, folded.number, dt.datetime.fromisoformat(folded.rank_at)) == (
        str(booking),
        "Y001",
        row.rank_at,
    )


def test_who_is_early_waits_for_the_booked_time(floor):
    early = booked(floor, +15)
    walk_in = floor.issue()
    assert (early.ahead, walk_in.ahead) == (2, 2)
    assert ticket_place(fresh_setup(floor.cast.hall), early.id, now=floor.now).ahead == 3


@pytest.mark.req("APT-01")
def test_the_clerk_reads_that_the_customer_has_booked(floor):
    issued = booked(floor, -20)
    floor.open("2", "1002")
    called = floor.call("2")
    assert (called.id, called.rule) == (issued.id, "booked")
    with translation.override("en"):
        said = why_sentence("booked", called.told, waited_s=called.waited_s, priority=None, head_start_min=0)
    assert said == "Booked for this time; has been here for <1 min."


@pytest.mark.parametrize(
    "rules",
    [
        CallingRules(otherwise=Order.ARRIVAL),
        CallingRules(max_wait_min=240),
        CallingRules(care_first=False, max_wait_min=1),
    ],
)
def test_edited_rules_keep_the_booked_place(floor, rules):
    unit = Hall.objects.get(pk=floor.cast.hall).unit_id
    publish_rule(CALLING, unit=unit, rule=rules, valid_from=floor.now.date(), actor=person("9901"), now=floor.now)
    issued = booked(floor, -20)
    assert issued.ahead == 0
    floor.open("2", "1002")
    assert floor.call("2").id == issued.id


def test_a_booking_gets_one_ticket_whoever_asks_again(floor):
    booking = new_id()
    first = booked(floor, -5, booking)
    again = booked(floor, -5, booking, channel="phone")
    assert (again.id, again.number, again.secret) == (first.id, first.number, first.secret)
    assert Ticket.objects.filter(booking=booking).count() == 1
    assert Fact.objects.filter(kind="ticket.issued", data__booking=str(booking)).count() == 1


def test_a_hall_without_a_class_for_bookings_keeps_the_booked_place(floor):
    PriorityClass.objects.filter(code="booked").update(is_active=False)
    row = Hall.objects.get(pk=floor.cast.hall)
    Hall.objects.filter(pk=row.pk).update(config_version=row.config_version + 1)
    issued = booked(floor, -20)
    assert (issued.number[0], issued.ahead) == ("A", 0)


def test_the_holder_of_the_booking_may_take_its_ticket_and_nobody_else_s(floor):
    booking = new_id()
    rank = floor.now
    customer = Actor(ActorKind.CUSTOMER, booking, "customer")
    common = {"hall": floor.cast.hall, "business": floor.cast.businesses["fee"], "actor": customer, "now": floor.now}
    for other in (None, Booked(new_id(), rank, "booked")):
        with pytest.raises(Refusal) as refused:
            facade.issue_ticket(**common, booked=other)
        assert refused.value.code == "hall.unknown"
    assert Ticket.objects.count() == 3
    assert facade.issue_ticket(**common, booked=Booked(booking, rank, "booked")).number == "Y001"


def test_a_transfer_by_age_keeps_the_booked_place(floor):
    issued = booked(floor, -20)
    before = Ticket.objects.get(pk=issued.id).rank_at
    transfer_ticket(
        hall=floor.cast.hall,
        ticket=issued.id,
        queue=floor.cast.queues["B"],
        place=Place.AGE,
        actor=person("1201"),
        now=floor.now,
    )
    assert Ticket.objects.get(pk=issued.id).rank_at == before


# ---------------------------------------------------------------------------------------------- what walk-ins are told
def told(floor):
    """(people ahead, range) as the ticket, the phone and the board tell it."""
    issued = floor.issue()
    setup = fresh_setup(floor.cast.hall)
    place = ticket_place(setup, issued.id, now=floor.now)
    assert (place.ahead, place.low_min, place.high_min) == (issued.ahead, issued.low_min, issued.high_min)
    floor_leave(floor, issued)
    queue = next(q for q in hall_board(setup, now=floor.now).queues if q.letter == "A")
    assert (queue.waiting, queue.low_min, queue.high_min) == (issued.ahead, issued.low_min, issued.high_min)
    return issued.ahead, (issued.low_min, issued.high_min), facts_of(issued.id)[0]["data"]["seen"].get("booked")


def floor_leave(floor, issued):
    facade.leave(hall=floor.cast.hall, ticket=issued.id, actor=person("1101"), now=floor.now)


@pytest.mark.req("APT-01", "QUE-01")
def test_walk_ins_are_told_a_wait_that_counts_those_who_have_booked(floor):
    ahead, (low, high), counted = told(floor)
    assert (ahead, counted) == (2, None)
    for _ in range(3):
        expect(floor, -10, due=1)
    longer = told(floor)
    assert longer[0] == 2, "the people ahead are those who are here"
    assert longer[1][0] > low
    assert longer[1][1] > high
    assert longer[2] == 3


@pytest.mark.parametrize(
    "who", [{"minutes": 30}, {"minutes": -10, "due": 90}, {"minutes": -10, "due": 1, "letter": "C"}]
)
def test_a_booking_that_comes_after_the_walk_in_changes_nothing(floor, who):
    before = told(floor)
    expect(floor, **who)
    assert told(floor) == before


def test_nobody_waits_for_who_has_come_or_will_not(floor):
    before = told(floor)
    one, two, three = (expect(floor, -10, due=1) for _ in range(3))
    forget(floor, one, True)
    forget(floor, two, False)
    forget(floor, three, None)
    assert told(floor) == before
    assert dict(ExpectedBooking.objects.values_list("id", "state")) == {one: "came", two: "missed"}


def test_the_care_lane_does_not_wait_for_bookings(floor):
    expect(floor, -10, due=1)
    issued = floor.issue(care=True)
    assert "booked" not in facts_of(issued.id)[0]["data"]["seen"]


def test_where_a_counter_is_free_nobody_waits_for_bookings(open_hall, hands):
    hands.open("1")
    expect(hands, -10, due=1)
    issued = hands.issue()
    assert (issued.low_min, issued.high_min) == (0, 1)


def test_the_share_that_comes_is_the_hall_s_own_once_it_has_had_enough_bookings(floor):
    setup = fresh_setup(floor.cast.hall)
    assert setup.kept == 0.85
    yesterday = floor.now.date() - dt.timedelta(days=1)
    ExpectedBooking.objects.bulk_create(
        ExpectedBooking(
            id=new_id(), hall_id=floor.cast.hall, business_day=yesterday, queue_id=floor.cast.queues["A"], rank_at=floor.now,
            due_at=floor.now, expected_s=60, state="came" if n < 20 else "missed",
        )
        for n in range(40)
    )  # fmt: skip
    row = Hall.objects.get(pk=floor.cast.hall)
    Hall.objects.filter(pk=row.pk).update(config_version=row.config_version + 1)
    assert fresh_setup(floor.cast.hall).kept == 0.5


def test_half_of_the_bookings_come_and_half_are_counted():
    now, seen = dt.datetime(2026, 1, 5, 2, tzinfo=dt.UTC), Seen(ahead=4, work_s=1200.0, counters=2)
    due = [Expected(new_id(), now, now + n * MINUTE, 600) for n in (1, 2, 3, 4)]
    half = with_booked(seen, due, due[:2], kept=0.5, now=now)
    assert (half.ahead, half.work_s, half.around) == (6, 2400.0, 1)
    assert with_booked(seen, due, (), kept=0.0, now=now) == seen
    assert kept_share(AnnouncingRule(kept_least=1), came=0, missed=4) == 0.0


def test_a_wait_model_learns_from_all_who_were_ahead(floor):
    expect(floor, -10, due=1)
    issued = floor.issue()
    setup, day = fresh_setup(floor.cast.hall), floor.now.date()
    last = past_waits(setup, from_day=day, to_day=day)[-1]
    assert (issued.ahead, last.seen.ahead) == (2, 3)


def test_the_rule_s_new_fields_have_their_shipped_values():
    assert (ANNOUNCING.shipped.kept_percent, ANNOUNCING.shipped.kept_least, ANNOUNCING.shipped.kept_days) == (
        85,
        30,
        28,
    )
