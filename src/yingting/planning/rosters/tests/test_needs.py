"""What a week needs: the twin's counters, and the hall's own floor under them."""

import datetime as dt

from yingting.kernel.weekdays import Weekday
from yingting.planning.rosters.kinds import CoverRow
from yingting.planning.rosters.needs import DayFound, merged

MONDAY = dt.date(2026, 1, 12)
DAYS = tuple(MONDAY + dt.timedelta(days=ahead) for ahead in range(7))
CLASSES = {"A": frozenset({"pay", "plan"}), "B": frozenset({"new"})}
H = 3600.0


def row(count, *queues, starts=dt.time(9), ends=dt.time(10), weekdays=(Weekday.MONDAY,)):
    return CoverRow(tuple(weekdays), starts, ends, count, tuple(queues))


def test_what_was_found_stands_where_its_slots_are():
    need = merged(
        DAYS, {MONDAY: DayFound(80.0, ((9 * H, {("A",): 2, ("A", "B"): 1}), (9.5 * H, {("A",): 1})))}, (), CLASSES
    )
    assert [post.code for post in need.posts] == ["A+B", "A"]
    assert need.posts[0].classes == {"pay", "plan", "new"}
    assert (need.opens_min, need.counts.shape) == (540, (7, 2, 2))
    assert need.counts[0].tolist() == [[1, 2], [0, 1]]
    assert need.counts[1:].sum() == 0
    assert need.customers == (80.0, None, None, None, None, None, None)


def test_a_day_that_opens_between_two_half_hours_needs_its_people_in_both():
    need = merged(DAYS, {MONDAY: DayFound(10.0, ((9.25 * H, {("A",): 2}),))}, (), CLASSES)
    assert (need.opens_min, need.counts[0, :, 0].tolist()) == (540, [2, 2])


def test_the_floor_counts_whoever_serves_more_and_asks_for_the_rest_only():
    found = {MONDAY: DayFound(50.0, ((9 * H, {("A", "B"): 1}), (9.5 * H, {("A", "B"): 1})))}
    need = merged(DAYS, found, (row(1, "B"), row(3)), CLASSES)
    assert {post.code: need.counts[0, 0, place] for place, post in enumerate(need.posts)} == {"A+B": 1, "": 2}


def test_a_hall_without_a_past_is_planned_from_its_floor():
    workdays = (Weekday.MONDAY, Weekday.TUESDAY)
    need = merged(DAYS, {}, (row(2, weekdays=workdays), row(1, "B", ends=dt.time(9, 30), weekdays=workdays)), CLASSES)
    assert [post.code for post in need.posts] == ["B", ""]
    assert need.counts[:, :, :].sum(axis=2).tolist() == [[2, 2], [2, 2], *[[0, 0]] * 5]
    assert need.hours == 4.0
    assert need.customers == (None,) * 7


def test_without_anything_nothing_is_needed():
    need = merged(DAYS, {}, (), CLASSES)
    assert (need.posts, need.counts.shape, need.hours) == ((), (7, 0, 0), 0.0)
