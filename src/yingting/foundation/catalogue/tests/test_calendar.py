"""Usually busy and quiet times: which days, which hours, when it gets quieter, and why."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import translation

from yingting.foundation.catalogue.calendar import (
    CALENDAR,
    BusyCalendar,
    Crowd,
    MarkedDays,
    MonthlyDay,
    busy_days,
    day_of,
    moment_of,
    quieter_from,
)
from yingting.foundation.catalogue.usual_words import advice_at, reasons_in_words
from yingting.kernel.hours import Interval, OpeningHours
from yingting.kernel.weekdays import HourSpan, Weekday

WEEK = tuple(Weekday)
ALL_DAY = (Interval(dt.time(8, 30), dt.time(18)),)
HOLIDAY = dt.date(2026, 10, 1)
HOURS = OpeningHours(dict.fromkeys(range(7), ALL_DAY), {HOLIDAY: (), dt.date(2026, 10, 10): ALL_DAY})
RULE = BusyCalendar(
    weekdays=(Weekday.MONDAY,),
    monthly=(MonthlyDay(15, "赶集", "Market day"),),
    marked=(MarkedDays(dt.date(2026, 1, 31), dt.date(2026, 2, 1), Crowd.IDLE, "暴雪", "Snow"),),
    busy_hours=(HourSpan(WEEK, dt.time(9, 30), dt.time(11, 30)),),
    quiet_hours=(HourSpan(WEEK, dt.time(12), dt.time(14)),),
)


def day(year, month, number):
    usual = day_of(RULE, HOURS, dt.date(year, month, number))
    return usual.crowd, reasons_in_words(usual)


@pytest.mark.parametrize(
    ("date", "crowd", "why"),
    [
        ((2026, 1, 3), Crowd.BUSY, "beginning of the month"),
        ((2026, 1, 4), Crowd.NORMAL, ""),
        ((2026, 1, 28), Crowd.NORMAL, ""),
        ((2026, 1, 29), Crowd.BUSY, "end of the month"),
        ((2026, 2, 26), Crowd.BUSY, "end of the month"),
        ((2026, 1, 31), Crowd.IDLE, "Snow"),
        ((2026, 1, 15), Crowd.BUSY, "Market day"),
        ((2026, 6, 15), Crowd.BUSY, "Mondays, Market day"),
        ((2026, 9, 30), Crowd.BUSY, "end of the month, the hall closes soon after"),
        ((2026, 10, 9), Crowd.NORMAL, ""),
    ],
)
def test_a_day_is_busy_by_month_weekday_market_or_holiday_and_marked_dates_go_first(date, crowd, why):
    with translation.override("en"):
        assert day(*date) == (crowd, why)


def test_a_name_is_told_in_the_readers_language():
    with translation.override("zh-hans"):
        assert day(2026, 1, 15) == (Crowd.BUSY, "赶集")


def at(date, hour, minute=0):
    return dt.datetime.combine(date, dt.time(hour, minute))


def test_a_busy_day_lifts_each_hour_by_a_step_and_a_quiet_one_lowers_it():
    plain, busy, quiet = dt.date(2026, 1, 14), dt.date(2026, 1, 15), dt.date(2026, 1, 31)
    shown = {
        date: [moment_of(RULE, HOURS, at(date, hour)).crowd.value for hour in (10, 15, 13)]
        for date in (plain, busy, quiet)
    }
    assert shown == {
        plain: ["busy", "normal", "idle"],
        busy: ["busy", "busy", "normal"],
        quiet: ["normal", "idle", "idle"],
    }


def test_it_gets_quieter_at_the_next_edge_that_is_quieter_and_open():
    plain, busy = dt.date(2026, 1, 14), dt.date(2026, 1, 15)
    assert quieter_from(RULE, HOURS, at(plain, 10)) == dt.time(11, 30)
    assert quieter_from(RULE, HOURS, at(busy, 10)) == dt.time(12)
    assert quieter_from(RULE, HOURS, at(busy, 15)) is None
    short = OpeningHours({2: (Interval(dt.time(9), dt.time(11)),)})
    assert quieter_from(RULE, short, at(plain, 10)) is None


def test_advice_is_given_only_where_there_is_something_to_say():
    plain = dt.date(2026, 1, 14)
    busy = advice_at(RULE, HOURS, at(plain, 10))
    assert (busy.usual.crowd, busy.quieter) == (Crowd.BUSY, dt.time(11, 30))
    assert advice_at(RULE, HOURS, at(plain, 13)).usual.crowd is Crowd.IDLE
    assert advice_at(RULE, HOURS, at(plain, 16)) is None
    assert advice_at(RULE, HOURS, at(plain, 20)) is None
    assert advice_at(RULE, HOURS, at(HOLIDAY, 10)) is None


def test_planners_see_the_busy_days_ahead_on_which_the_hall_is_open():
    ahead = busy_days(RULE, HOURS, dt.date(2026, 9, 29), 4)
    assert [date.day for date, _usual in ahead] == [29, 30, 2]


@pytest.mark.parametrize(
    ("rule", "field"),
    [
        (BusyCalendar(busy_hours=(HourSpan(WEEK, dt.time(11), dt.time(9)),)), "busy_hours"),
        (BusyCalendar(quiet_hours=(HourSpan((), dt.time(9), dt.time(11)),)), "quiet_hours"),
        (BusyCalendar(busy_hours=RULE.busy_hours, quiet_hours=RULE.busy_hours), "quiet_hours"),
        (BusyCalendar(marked=(MarkedDays(dt.date(2026, 2, 2), dt.date(2026, 2, 1)),)), "marked"),
    ],
)
def test_what_cannot_be_is_named_by_field(rule, field):
    assert [problem[0] for problem in CALENDAR.check(rule, "GD/")] == [field]
    assert list(CALENDAR.check(CALENDAR.shipped, "GD/")) == []
