"""From the register's history to rows: nights, lunch, the running day, states set right, against a count minute by minute."""

import datetime as dt
from random import Random

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from yingting.kernel.hours import Interval, OpeningHours
from yingting.reporting.facilities.tables import Change, Device, device_rows, open_spans
from yingting.reporting.facilities.tests.histories import HOURS, MIDNIGHT, MONDAY, day_rows, random_device

HOUR, MINUTE, DAY = dt.timedelta(hours=1), dt.timedelta(minutes=1), dt.timedelta(days=1)


def at(hours, day=0):
    """The instant of a wall time on a day after Monday."""
    return MIDNIGHT + day * DAY + hours * HOUR


def device(*changes, state="working", is_active=True):
    told = tuple(Change(moment, before, after) for moment, before, after in changes)
    return Device("1", "缴费机", "payment", state, is_active, told)


def turned(moment, before, after):
    return moment, {"state": before}, {"state": after, "state_reason": after}


def spent(one, day=0, **more):
    """(due, worked, broken, off) in hours."""
    rows, _repairs = day_rows("H01", MONDAY + day * DAY, [one], **more)
    return [tuple(row[name] / 3600 for name in ("due_s", "worked_s", "broken_s", "off_s")) for row in rows]


# ------------------------------------------------------------------------------------------------ exact cases
def test_what_never_changed_was_always_as_it_is():
    assert spent(device()) == [(8.5, 8.5, 0, 0)]
    assert spent(device(state="off")) == [(8.5, 0, 0, 8.5)]


def test_lunch_night_and_a_closed_sunday_are_not_due():
    broken = device(turned(at(11), "working", "broken"), turned(at(14), "broken", "working"))
    assert spent(broken) == [(8.5, 6.5, 2, 0)]
    assert spent(broken, day=6) == []


def test_over_midnight_the_state_stays_and_the_night_counts_for_the_repair_alone():
    broken = device(turned(at(17), "working", "broken"), turned(at(9, 1), "broken", "working"))
    assert [spent(broken, day) for day in (0, 1, 2)] == [[(8.5, 7.5, 1, 0)], [(8.5, 8, 0.5, 0)], [(2, 2, 0, 0)]]
    repairs = [day_rows("H01", MONDAY + day * DAY, [broken])[1] for day in (0, 1, 2)]
    assert [[row["repair_s"] / 3600 for row in rows] for rows in repairs] == [[], [16], []]
    assert repairs[1][0]["reason"] == "broken"


def test_a_repair_at_midnight_itself_belongs_to_the_new_day():
    broken = device(turned(at(17), "working", "broken"), turned(at(24), "broken", "working"))
    assert [len(day_rows("H01", MONDAY + day * DAY, [broken])[1]) for day in (0, 1)] == [0, 1]


def test_the_running_day_counts_up_to_now():
    assert spent(device(), until=at(10)) == [(1.5, 1.5, 0, 0)]
    assert spent(device(), until=at(8.5)) == []
    still = device(turned(at(9), "working", "broken"), state="broken")
    assert spent(still, until=at(10)) == [(1.5, 0.5, 1, 0)]
    assert spent(still, day=3) == [(8.5, 0, 8.5, 0)]


def test_time_outside_the_register_is_not_due():
    entered = device((at(12), {}, {"state": "working", "is_active": True}))
    assert spent(entered) == [(5, 5, 0, 0)]
    retired = device((at(12), {"is_active": True}, {"is_active": False}), is_active=False)
    assert (spent(retired), spent(retired, 1)) == ([(3.5, 3.5, 0, 0)], [])


def test_a_state_that_is_set_right_counts_from_then_on():
    """Entered as out of order by mistake, set right at once; then switched off instead of out of order."""
    mistaken = device(turned(at(9), "working", "broken"), turned(at(9), "broken", "working"))
    assert spent(mistaken) == [(8.5, 8.5, 0, 0)]
    corrected = device(turned(at(9), "working", "off"), turned(at(10), "off", "broken"), state="broken")
    assert spent(corrected) == [(8.5, 0.5, 7, 1)]


def test_being_switched_off_belongs_to_a_repair_and_being_retired_ends_it_without_one():
    off = device(turned(at(9), "working", "broken"), turned(at(10), "broken", "off"), turned(at(11), "off", "working"))
    assert [row["repair_s"] for row in day_rows("H01", MONDAY, [off])[1]] == [7200]
    retired = device(
        turned(at(9), "working", "broken"), (at(10), {"is_active": True}, {"is_active": False}),
        (at(11), {"is_active": False}, {"is_active": True}), turned(at(12), "broken", "working"),
    )  # fmt: skip
    assert [row["repair_s"] for row in day_rows("H01", MONDAY, [retired])[1]] == [3600]


def test_what_was_broken_ever_since_has_no_known_time_to_repair():
    assert day_rows("H01", MONDAY, [device(turned(at(9), "broken", "working"))])[1] == []


def test_a_day_on_which_the_clocks_change_has_its_real_length():
    march = dt.date(2026, 3, 29)  # in Berlin from two to three
    hours = OpeningHours({6: (Interval(dt.time(1), dt.time(5)),)})
    opened = open_spans(hours, "Europe/Berlin", march, at(0, 400))
    assert device_rows("H01", march, [device()], opened)[0]["due_s"] == 3 * 3600


# ------------------------------------------------------------------------------------------------ minute by minute
def state_at(one, moment):
    """The state in a minute: what the last change up to it says; changes count in the order in which they were written."""
    reached, state, is_active = dt.datetime.min.replace(tzinfo=dt.UTC), one.state, one.is_active
    for change in reversed(one.changes):
        if "state" in change.after:
            state = change.before.get("state")
        if "is_active" in change.after:
            is_active = change.before.get("is_active")
    for change in one.changes:
        reached = max(reached, change.at)
        if reached > moment:
            break
        state, is_active = change.after.get("state", state), change.after.get("is_active", is_active)
    return state if is_active else None


def by_minutes(one, day, until):
    """Seconds in each state, counted minute by minute on the hall's wall."""
    spent = dict.fromkeys(("working", "broken", "off"), 0)
    for minute in range(24 * 60):
        wall, moment = (dt.datetime.min + minute * MINUTE).time(), MIDNIGHT + (day - MONDAY) + minute * MINUTE
        is_open = any(span.opens <= wall < span.closes for span in HOURS.on(day))
        if is_open and moment < until and state_at(one, moment) is not None:
            spent[state_at(one, moment)] += 60
    return spent


@settings(max_examples=40)
@given(seed=st.integers(0, 2**32), day=st.integers(0, 6), until=st.integers(0, 8 * 24 * 60))
def test_the_fold_agrees_with_a_count_minute_by_minute(seed, day, until):
    one, day, until = random_device(Random(seed), 1, 7), MONDAY + day * DAY, MIDNIGHT + until * MINUTE
    wanted = by_minutes(one, day, until)
    rows, _repairs = day_rows("H01", day, [one], until)
    found = [(row["due_s"], row["worked_s"], row["broken_s"], row["off_s"]) for row in rows]
    total = sum(wanted.values())
    assert found == ([(total, wanted["working"], wanted["broken"], wanted["off"])] if total else [])


def repairs_by_minutes(one, last):
    """(from, to) in minutes of each time from broken to working, walking on minute by minute."""
    found, since, before = [], None, state_at(one, MIDNIGHT - DAY)
    for minute in range(-60, last):
        state = state_at(one, MIDNIGHT + minute * MINUTE)
        if state != before and state == "broken" and since is None:
            since = minute
        elif state == "working" and since is not None:
            found.append((since, minute))
            since = None
        elif state is None:
            since = None
        before = state
    return found


@settings(max_examples=30)
@given(seed=st.integers(0, 2**32))
def test_every_repair_is_on_exactly_one_day(seed):
    """States that lasted no minute cannot be seen by walking on in minutes: histories with them are left out."""
    one = random_device(Random(seed), 1, 7)
    times = [change.at for change in one.changes]
    if len(set(times)) < len(times) or times != sorted(times) or state_at(one, MIDNIGHT - DAY) == "broken":
        return
    rows = [row for day in range(-1, 8) for row in day_rows("H01", MONDAY + day * DAY, [one])[1]]
    found = [((row["broken_at"] - MIDNIGHT) / MINUTE, (row["repaired_at"] - MIDNIGHT) / MINUTE) for row in rows]
    assert found == repairs_by_minutes(one, 7 * 24 * 60)
    assert pytest.approx([end - begin for begin, end in found]) == [row["repair_s"] / 60 for row in rows]
