"""Properties of the pure rules, over arbitrary hours, places, terms and moments."""

import datetime as dt
from dataclasses import replace
from itertools import pairwise
from uuid import UUID

import hypothesis.strategies as st
import pytest
from hypothesis import given

from yingting.domains.appointments.rules.arriving import ArrivalKind, arrival, is_no_show
from yingting.domains.appointments.rules.limits import Mine, require_may_book, waiting_period
from yingting.domains.appointments.rules.shapes import GroupHours, PlaceGroup, Places, Terms
from yingting.domains.appointments.rules.slots import (
    DayOfHall,
    FreeSlot,
    OfferedSlot,
    Standing,
    distance,
    free_of,
    nearest,
    slots_of,
    touched_of,
)
from yingting.domains.appointments.rules.states import Why
from yingting.kernel.hours import Interval
from yingting.kernel.refusals import Refusal
from yingting.kernel.weekdays import Weekday

DAY = dt.date(2026, 1, 6)
AT = dt.datetime(2026, 1, 6, 1, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
times = st.integers(0, 24 * 60 - 1).map(lambda minute: dt.time(minute // 60, minute % 60))
intervals = st.tuples(times, times).filter(lambda pair: pair[0] < pair[1]).map(lambda pair: Interval(*pair))
hours = st.lists(intervals, max_size=3).map(tuple)
groups = st.builds(
    PlaceGroup, st.just("a"), st.just("A"), slot_min=st.integers(5, 240), places=st.integers(1, 20),
    walk_in_percent=st.integers(0, 95),
)  # fmt: skip
terms = st.builds(
    Terms, early_min=st.integers(0, 240), late_min=st.integers(0, 240), no_show_min=st.integers(1, 480),
    no_show_most=st.integers(0, 5), within_days=st.integers(1, 100), waiting_days=st.integers(1, 100),
)  # fmt: skip


def local(instant):
    return (instant + dt.timedelta(hours=8)).replace(tzinfo=None)


@given(group=groups, spans=hours)
def test_slots_lie_within_the_hours_do_not_overlap_and_keep_the_walk_ins_share(group, spans):
    slots = slots_of(Places(groups=(group,)), DayOfHall(DAY, "Asia/Shanghai", spans, 1), group)
    for slot in slots:
        begins, ends = local(slot.starts_at), local(slot.ends_at)
        minutes = [(begins + n * MINUTE).time() for n in range(group.slot_min)]
        assert all(any(span.has(minute) for span in spans) for minute in minutes)
        assert (ends - begins, begins.date()) == (group.slot_min * MINUTE, DAY)
        assert slot.capacity + group.places * group.walk_in_percent / 100 <= group.places
    assert all(one.ends_at <= other.starts_at for one, other in pairwise(slots))
    if not group.bookable:
        assert slots == ()


@given(group=groups, spans=hours, own=intervals)
def test_own_hours_never_offer_what_the_hall_does_not_and_hold_on_their_weekdays_only(group, spans, own):
    places = Places(groups=(group,), hours=(GroupHours("a", (Weekday.TUESDAY,), own.opens, own.closes),))
    on = DayOfHall(DAY, "Asia/Shanghai", spans, 1)
    for slot in slots_of(places, on, group):
        assert any(span.has(local(slot.starts_at).time()) for span in spans)
        assert own.has(local(slot.starts_at).time())
    assert slots_of(places, replace(on, weekday=2), group) == ()


@given(group=groups, spans=hours)
def test_a_holiday_offers_nothing_unless_the_rule_says_so(group, spans):
    places, on = Places(groups=(group,)), DayOfHall(DAY, "Asia/Shanghai", spans, 1, is_holiday=True)
    assert slots_of(places, on, group) == ()
    usual = slots_of(places, replace(on, is_holiday=False), group)
    assert slots_of(replace(places, on_holidays=True), on, group) == usual
    assert slots_of(replace(places, is_on=False), on, group) == ()


slots = st.lists(st.integers(0, 20), unique=True, max_size=8).flatmap(
    lambda begins: st.tuples(
        *(
            st.builds(
                lambda places, n=n: OfferedSlot("a", AT + n * 30 * MINUTE, AT + (n + 1) * 30 * MINUTE, places),
                st.integers(1, 5),
            )
            for n in begins
        )
    )
)


@given(offered=slots, data=st.data(), latest=st.integers(0, 300), ago=st.integers(-300, 600))
def test_what_is_free_and_what_is_taken_never_exceed_what_is_offered(offered, data, latest, ago):
    now = AT + ago * MINUTE
    taken = {(slot.starts_at, slot.ends_at): data.draw(st.integers(0, slot.capacity)) for slot in offered}
    for free in free_of(offered, taken, now=now, latest_min=latest):
        slot = next(slot for slot in offered if slot.starts_at == free.starts_at)
        assert free.free + taken[slot.starts_at, slot.ends_at] == slot.capacity
        assert free.free > 0
        assert now + latest * MINUTE <= free.starts_at


@given(terms=terms, minutes=st.integers(-600, 600))
def test_an_arrival_is_over_exactly_when_it_would_be_a_no_show(terms, minutes):
    now = AT + minutes * MINUTE
    got = arrival(terms, AT, now)
    assert (got.kind is ArrivalKind.TOO_LATE) == is_no_show(terms, AT, now) == (got.rank_at is None)
    assert got.minutes == minutes


@given(terms=terms, one=st.integers(-600, 600), other=st.integers(-600, 600))
def test_who_arrives_later_is_never_ranked_earlier_and_nobody_before_the_booked_time(terms, one, other):
    early, late = (arrival(terms, AT, AT + minutes * MINUTE) for minutes in sorted((one, other)))
    for got in (early, late):
        assert got.rank_at is None or got.rank_at >= AT
    if early.rank_at is None:
        assert late.rank_at is None
    elif late.rank_at is not None:
        assert early.rank_at <= late.rank_at


@given(terms=terms, ages=st.lists(st.integers(0, 200), max_size=8))
def test_a_waiting_period_needs_that_many_no_shows_within_the_days(terms, ages):
    missed = [AT - dt.timedelta(days=age) for age in ages]
    until = waiting_period(terms, missed, AT)
    counted = sum(age < terms.within_days for age in ages)
    assert (until is not None) == (terms.no_show_most > 0 and counted >= terms.no_show_most)
    if until is not None:
        assert until == AT + dt.timedelta(days=terms.waiting_days)


@given(
    most=st.integers(1, 4),
    per_day=st.integers(1, 4),
    wanted=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 5)), max_size=12),
)
def test_nobody_ever_holds_more_than_the_limits(most, per_day, wanted):
    rule, held = Terms(open_most=most, per_day=per_day), []
    for day, hour in wanted:
        date, at = DAY + dt.timedelta(days=day), AT + dt.timedelta(days=day, hours=hour)
        try:
            require_may_book(rule, day=date, starts_at=at, others=held, waits_until=None, now=AT)
        except Refusal:
            continue
        held.append(Mine(date, at))
    assert len(held) <= most
    assert len({one.starts_at for one in held}) == len(held)
    assert all(sum(one.day == other.day for one in held) <= per_day for other in held)


def test_a_waiting_period_refuses_until_it_is_over():
    ask = {"day": DAY, "starts_at": AT, "others": [], "waits_until": AT}
    require_may_book(Terms(), **ask, now=AT)
    with pytest.raises(Refusal) as caught:
        require_may_book(Terms(), **ask, now=AT - MINUTE)
    assert caught.value.code == "booking.waiting_period"


@given(offered=slots, begins=st.lists(st.integers(0, 640), max_size=12), closed=st.integers(0, 640))
def test_whatever_stands_has_an_open_door_and_a_place_and_nobody_is_touched_without_a_reason(offered, begins, closed):
    def is_open(at):
        return at < AT + closed * MINUTE

    standing = [Standing(UUID(int=n + 1), "a", AT + minute * MINUTE, AT) for n, minute in enumerate(begins)]
    touched = touched_of(standing, offered, is_open)
    kept = [one for one in standing if one.id not in touched]
    for slot in offered:
        inside = [one for one in kept if slot.starts_at <= one.starts_at < slot.ends_at]
        assert len(inside) <= slot.capacity
        over = [
            one for one in standing
            if slot.starts_at <= one.starts_at < slot.ends_at and touched.get(one.id) is Why.OVER
        ]  # fmt: skip
        assert not over or len(inside) == slot.capacity
    for one in standing:
        assert (touched.get(one.id) is Why.CLOSED) == (not is_open(one.starts_at))
    assert all(any(slot.starts_at <= one.starts_at < slot.ends_at for slot in offered) for one in kept)


@given(ahead=st.lists(st.integers(-200, 200), unique=True, max_size=12), most=st.integers(0, 4))
def test_nothing_left_out_is_nearer_than_what_is_offered(ahead, most):
    free = [FreeSlot("a", AT + n * 30 * MINUTE, AT + (n + 1) * 30 * MINUTE, 1) for n in ahead]
    found = nearest(free, AT, most)
    assert len(found) == min(most, len(free))
    assert [one.starts_at for one in found] == sorted(one.starts_at for one in found)
    left = [slot for slot in free if slot not in found]
    farthest = max((distance(one.starts_at, AT) for one in found), default=dt.timedelta(0))
    assert all(distance(slot.starts_at, AT) >= farthest for slot in left) or not most
