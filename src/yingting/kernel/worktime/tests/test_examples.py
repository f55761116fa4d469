"""Deadlines with exact values: the National Day of 2026, laws of 15 and 7 days, 48 hours, pauses, new limits, corrections."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from yingting.kernel.hours import Interval, OpeningHours
from yingting.kernel.refusals import Refusal
from yingting.kernel.worktime.batches import NEVER, Clocks, due_many
from yingting.kernel.worktime.calendars import DayKind, DayOverride, Week, WorkCalendar, second_of
from yingting.kernel.worktime.deadlines import at_share, breach, due, used
from yingting.kernel.worktime.explaining import (
    BREAK,
    BY_KIND,
    GIVEN,
    MOVED,
    OUTSIDE,
    PAUSED,
    START_DAY,
    compact,
    explain,
)
from yingting.kernel.worktime.ledgers import (
    CLOCK_BACKDATED,
    CLOCK_ORDER,
    CLOCK_REASON,
    CLOCK_STATUTORY,
    ClockEvent,
    EventKind,
    admit,
    fold,
)  # fmt: skip
from yingting.kernel.worktime.limits import Limit, Unit, problems_of

NOTICE = "国务院办公厅通知 2025-11-04"
MORNING, AFTERNOON = Interval(dt.time(9), dt.time(12)), Interval(dt.time(13, 30), dt.time(17, 30))
BOTH = (MORNING, AFTERNOON)


def closed(first, last, reason, reason_en):
    days = (first + dt.timedelta(days=n) for n in range((last - first).days + 1))
    return {day: DayOverride((), reason, reason_en, NOTICE) for day in days}


HOLIDAYS = {
    **closed(dt.date(2026, 1, 1), dt.date(2026, 1, 3), "元旦", "New Year"),
    **closed(dt.date(2026, 2, 15), dt.date(2026, 2, 23), "春节", "Spring Festival"),
    **closed(dt.date(2026, 10, 1), dt.date(2026, 10, 7), "国庆节", "National Day"),
    **{
        day: DayOverride(BOTH, "调休上班", "make-up workday", NOTICE)
        for day in (dt.date(2026, 2, 14), dt.date(2026, 2, 28), dt.date(2026, 9, 20), dt.date(2026, 10, 10))
    },
}
WEEK = Week(dt.date.min, OpeningHours(dict.fromkeys(range(5), BOTH)))
OFFICE = WorkCalendar("Asia/Shanghai", (WEEK,), HOLIDAYS, frozenset({2026}), "test")
ANSWER = Limit(5, Unit.WORKING_DAYS, counts_start_day=False, basis="河南省电信条例 第38条")


def at(month, day, hour=0, minute=0, year=2026):
    """A moment by Shanghai's clock."""
    return dt.datetime(year, month, day, hour, minute, tzinfo=dt.timezone(dt.timedelta(hours=8)))


def told(kind, moment, **more):
    return ClockEvent(kind, moment, f"{kind.value}-{moment:%m%d%H%M}", **{"reason": "等客户资料"} | more)


def start(moment):
    return told(EventKind.START, moment)


def kept(*lines):
    return [(line.sentence, line.counted) for line in lines]


def test_five_working_days_go_round_the_national_day_and_use_the_make_up_saturday():
    found = due(ANSWER, [start(at(9, 29, 10))], OFFICE)
    assert (found.at, found.is_provisional) == (at(10, 12, 17, 30), False)
    assert [(one.sentence, one.counted, one.name, one.source) for one in compact(explain(found))] == [
        (START_DAY, 0, "", ""),
        (BY_KIND[DayKind.WORKING], 1, "", ""),
        (BY_KIND[DayKind.HOLIDAY], 0, "国庆节", NOTICE),
        (BY_KIND[DayKind.WORKING], 2, "", ""),
        (BY_KIND[DayKind.MAKE_UP], 1, "调休上班", NOTICE),
        (BY_KIND[DayKind.REST], 0, "", ""),
        (BY_KIND[DayKind.WORKING], 1, "", ""),
    ]


def test_the_lines_of_two_working_hours_go_through_lunch():
    lines = explain(due(Limit(2, Unit.WORKING_HOURS), [start(at(9, 29, 11))], OFFICE))
    assert kept(*lines) == [(BY_KIND[DayKind.WORKING], 1), (BREAK, 0), (BY_KIND[DayKind.WORKING], 1)]
    assert [line.begins for line in lines] == [at(9, 29, 11), at(9, 29, 12), at(9, 29, 13, 30)]
    night = explain(due(Limit(1, Unit.WORKING_HOURS), [start(at(9, 29, 20))], OFFICE))
    assert [one.sentence for one in night] == [OUTSIDE, OUTSIDE, BY_KIND[DayKind.WORKING]]


@pytest.mark.parametrize(
    ("limit", "begun", "wanted"),
    [
        (Limit(15, Unit.DAYS, counts_start_day=False), at(1, 5, 10), at(1, 21)),
        (Limit(15, Unit.DAYS), at(1, 5, 10), at(1, 20)),
        (Limit(15, Unit.DAYS, to_day_end=False), at(1, 5, 10), at(1, 20, 10)),
        (Limit(48, Unit.HOURS), at(9, 30, 17, 45), at(10, 2, 17, 45)),
        (Limit(30, Unit.MINUTES), at(9, 30, 23, 45), at(10, 1, 0, 15)),
        (Limit(7, Unit.WORKING_DAYS, counts_start_day=False), at(2, 12, 16), at(2, 28, 17, 30)),
        (Limit(7, Unit.WORKING_DAYS), at(2, 12, 16), at(2, 27, 17, 30)),
        # What comes after the close begins with the next working day, on which a day to the minute is the whole day.
        (Limit(1, Unit.WORKING_DAYS), at(9, 28, 20), at(9, 29, 17, 30)),
        (Limit(1, Unit.WORKING_DAYS, to_day_end=False), at(9, 28, 10, 30), at(9, 29, 10, 30)),
        (Limit(1, Unit.WORKING_DAYS, to_day_end=False), at(9, 27, 10, 30), at(9, 28, 17, 30)),
        (Limit(8, Unit.WORKING_HOURS), at(9, 30, 16, 30), at(10, 8, 17, 30)),
        (Limit(90, Unit.WORKING_MINUTES), at(9, 29, 11), at(9, 29, 14)),
        (Limit(2, Unit.DAYS, counts_start_day=False, moves_off_rest=True), at(9, 29, 9), at(10, 9)),
    ],
)
def test_limits_in_every_unit_are_due_to_the_second(limit, begun, wanted):
    assert due(limit, [start(begun)], OFFICE).at == wanted
    many = due_many(limit, Clocks.running(np.array([int(begun.timestamp())])), OFFICE)
    assert (many.seconds.tolist(), many.is_provisional.tolist()) == ([int(wanted.timestamp())], [False])


def test_a_last_day_that_is_a_holiday_moves_on_and_says_so():
    limit = Limit(2, Unit.DAYS, counts_start_day=False, moves_off_rest=True)
    assert [line.sentence for line in compact(explain(due(limit, [start(at(9, 29, 9))], OFFICE)))][-1] == MOVED
    assert due(replace(limit, moves_off_rest=False), [start(at(9, 29, 9))], OFFICE).at == at(10, 2)


def test_a_due_moment_in_a_year_without_a_notice_is_provisional_until_it_is_published():
    events, limit = [start(at(12, 28, 10))], Limit(5, Unit.WORKING_DAYS, counts_start_day=False)
    found = due(limit, events, OFFICE)
    assert (found.at, found.is_provisional) == (at(1, 4, 17, 30, 2027), True)
    assert [line.is_provisional for line in compact(explain(found))] == [False, False, True, True, True]
    known = replace(
        OFFICE, overrides={**HOLIDAYS, dt.date(2027, 1, 1): DayOverride(())}, published=frozenset({2026, 2027})
    )
    later = due(limit, events, known)
    assert (later.at, later.is_provisional) == (at(1, 5, 17, 30, 2027), False)
    assert due(Limit(5, Unit.DAYS), events, OFFICE).is_provisional is False


def test_the_last_second_of_a_published_year_leans_on_nothing():
    found = due(Limit(1, Unit.WORKING_DAYS), [start(at(12, 31, 10))], OFFICE)
    assert (found.at, found.is_provisional) == (at(12, 31, 17, 30), False)
    late = replace(OFFICE, weeks=(Week(dt.date.min, OpeningHours({3: (Interval(dt.time(20), dt.time(0)),)})),))
    found = due(Limit(1, Unit.WORKING_DAYS), [start(at(12, 31, 10))], late)
    assert (found.at, found.is_provisional) == (at(1, 1, 0, 0, 2027), False)
    many = due_many(Limit(1, Unit.WORKING_DAYS), Clocks.running(np.array([int(at(12, 31, 10).timestamp())])), late)
    assert many.is_provisional.tolist() == [False]


def test_summer_hours_hold_from_their_first_day():
    summer = Week(dt.date(2026, 6, 1), OpeningHours({day: (Interval(dt.time(8), dt.time(11)),) for day in range(5)}))
    calendar = replace(OFFICE, weeks=(WEEK, summer))
    assert due(Limit(8, Unit.WORKING_HOURS), [start(at(5, 29, 14, 30))], calendar).at == at(6, 2, 10)


# ------------------------------------------------------------------------------------------------ daylight saving
@pytest.mark.parametrize(
    ("day", "hours"), [(dt.date(2026, 3, 29), 23), (dt.date(2026, 10, 25), 25), (dt.date(2026, 6, 1), 24)]
)
def test_a_day_of_another_country_has_its_own_length(day, hours):
    berlin = replace(OFFICE, timezone="Europe/Berlin")
    begun = dt.datetime.fromtimestamp(second_of(day, dt.time(), berlin.zone), dt.UTC)
    found = due(Limit(1, Unit.DAYS), [start(begun)], berlin)
    assert found.at - begun == dt.timedelta(hours=hours)
    assert due(Limit(24, Unit.HOURS), [start(begun)], berlin).at - begun == dt.timedelta(hours=24)


def test_work_in_the_hour_that_is_left_out_begins_after_the_jump():
    night = OpeningHours({6: (Interval(dt.time(2, 30), dt.time(4)),)})
    berlin = WorkCalendar("Europe/Berlin", (Week(dt.date.min, night),), {}, frozenset({2026}))
    (span,) = berlin.spans(dt.date(2026, 3, 29))
    assert span[1] - span[0] == 3600


# ------------------------------------------------------------------------------------------------ ledgers
def test_a_pause_moves_hours_by_its_length_and_days_by_the_closes_it_holds():
    begun, pause, on = start(at(9, 21, 10)), told(EventKind.PAUSE, at(9, 21, 11)), told(EventKind.RESUME, at(9, 21, 14))
    assert due(Limit(2, Unit.HOURS), [begun, pause, on], OFFICE).at == at(9, 21, 15)
    assert due(Limit(2, Unit.WORKING_HOURS), [begun, pause, on], OFFICE).at == at(9, 21, 15)
    assert due(Limit(1, Unit.WORKING_DAYS), [begun, pause, on], OFFICE).at == at(9, 21, 17, 30)
    over_night = told(EventKind.RESUME, at(9, 22, 9))
    found = due(Limit(1, Unit.WORKING_DAYS), [begun, pause, over_night], OFFICE)
    assert found.at == at(9, 22, 17, 30)
    assert (PAUSED, "等客户资料") in {(line.sentence, line.name) for line in explain(found)}


def test_a_clock_that_rests_has_no_due_moment_and_says_since_when():
    found = due(ANSWER, [start(at(9, 21, 10)), told(EventKind.PAUSE, at(9, 21, 11))], OFFICE)
    assert found.at is None
    last = explain(found)[-1]
    assert (last.begins, last.ends, last.sentence) == (at(9, 21, 11), None, PAUSED)
    assert at_share(ANSWER, found_events(), OFFICE, 0.5) is None


def found_events():
    return [start(at(9, 21, 10)), told(EventKind.PAUSE, at(9, 21, 11))]


def test_another_limit_keeps_what_is_used_and_is_not_due_before_it_was_given():
    begun = start(at(9, 21, 10))
    longer = told(EventKind.RETARGET, at(9, 21, 12), limit=Limit(5, Unit.HOURS))
    assert due(Limit(3, Unit.HOURS), [begun, longer], OFFICE).at == at(9, 21, 15)
    shorter = told(EventKind.RETARGET, at(9, 21, 12), limit=Limit(1, Unit.HOURS))
    found = due(Limit(3, Unit.HOURS), [begun, shorter], OFFICE)
    assert (found.at, explain(found)[-1].sentence) == (at(9, 21, 12), GIVEN)
    many = due_many(
        Limit(1, Unit.HOURS), Clocks.told(Limit(1, Unit.HOURS), [fold(Limit(3, Unit.HOURS), [begun, shorter])]), OFFICE
    )
    assert many.seconds.tolist() == [int(at(9, 21, 12).timestamp())]


def test_a_breach_stays_when_another_limit_is_given_later():
    events = [
        start(at(9, 21, 9)), told(EventKind.RETARGET, at(9, 21, 14), limit=Limit(9, Unit.HOURS)), told(EventKind.STOP, at(9, 21, 17)),
    ]  # fmt: skip
    over = breach(Limit(2, Unit.HOURS), events, OFFICE, at(9, 30))
    assert (over.at, over.natural_s, over.amount) == (at(9, 21, 11), 3 * 3600, 3.0)
    assert breach(Limit(9, Unit.HOURS), events[:1], OFFICE, at(9, 21, 18)) is None


def test_a_breach_is_told_in_natural_and_in_working_time():
    events = [start(at(9, 30, 9)), told(EventKind.STOP, at(10, 8, 10))]
    over = breach(Limit(7, Unit.WORKING_HOURS), events, OFFICE, at(11, 1))
    assert (over.at, over.natural_s, over.amount) == (at(9, 30, 17, 30), 7 * 86_400 + 59_400, 1.0)
    assert used(Limit(7, Unit.WORKING_HOURS), events, OFFICE, at(11, 1)).amount == 8.0


def test_a_correction_annuls_what_was_wrong_and_may_be_annulled_itself():
    begun, pause = start(at(9, 21, 10)), told(EventKind.PAUSE, at(9, 21, 11))
    undo = ClockEvent(EventKind.CORRECT, at(9, 22), "c1", "误点", annuls=pause.ref)
    redo = ClockEvent(EventKind.CORRECT, at(9, 23), "c2", "确已暂停", annuls="c1")
    assert due(ANSWER, [begun, pause, undo], OFFICE).at == due(ANSWER, [begun], OFFICE).at
    assert due(ANSWER, [begun, pause, undo, redo], OFFICE).at is None


def test_half_of_a_limit_is_used_in_working_time_never_at_midnight():
    half = at_share(ANSWER, [start(at(9, 29, 10))], OFFICE, 0.5)
    assert half == at(10, 9, 13, 30) + dt.timedelta(minutes=30)
    assert at_share(ANSWER, [start(at(9, 29, 10))], OFFICE, 1) == at(10, 12, 17, 30)
    assert at_share(Limit(48, Unit.HOURS), [start(at(9, 29, 10))], OFFICE, 0.5) == at(9, 30, 10)


LAW = replace(ANSWER, is_statutory=True)


@pytest.mark.parametrize(
    ("limit", "before", "event", "code"),
    [
        (LAW, [start(at(9, 21, 10))], told(EventKind.PAUSE, at(9, 21, 11)), CLOCK_STATUTORY),
        (ANSWER, [start(at(9, 21, 10))], told(EventKind.PAUSE, at(9, 21, 11), reason=" "), CLOCK_REASON),
        (ANSWER, [], told(EventKind.PAUSE, at(9, 21, 11)), CLOCK_ORDER),
        (ANSWER, [start(at(9, 21, 10))], start(at(9, 21, 11)), CLOCK_ORDER),
        (ANSWER, [start(at(9, 21, 10))], told(EventKind.RESUME, at(9, 21, 11)), CLOCK_ORDER),
        (
            ANSWER,
            [start(at(9, 21, 10)), told(EventKind.STOP, at(9, 21, 11))],
            told(EventKind.PAUSE, at(9, 21, 12)),
            CLOCK_ORDER,
        ),
        (ANSWER, [start(at(9, 21, 10))], told(EventKind.PAUSE, at(9, 21, 9)), CLOCK_BACKDATED),
        (ANSWER, [start(at(9, 21, 10))], told(EventKind.CORRECT, at(9, 21, 11), annuls="nothing"), CLOCK_ORDER),
        (ANSWER, [start(at(9, 21, 10))], told(EventKind.RETARGET, at(9, 21, 11)), CLOCK_ORDER),
    ],
)
def test_what_may_not_happen_to_a_clock_is_refused(limit, before, event, code):
    with pytest.raises(Refusal) as refused:
        admit(limit, before, event)
    assert refused.value.code == code


def test_what_may_happen_to_a_clock_is_admitted():
    begun, pause = start(at(9, 21, 10)), told(EventKind.PAUSE, at(9, 21, 11))
    admit(ANSWER, [], begun)
    admit(ANSWER, [begun], pause)
    admit(ANSWER, [begun, pause], told(EventKind.RESUME, at(9, 21, 11)))
    admit(ANSWER, [begun, pause], told(EventKind.CORRECT, at(9, 21, 9), annuls=pause.ref))


def test_a_limit_set_by_law_runs_through_the_pauses_of_an_old_ledger():
    events = [start(at(9, 29, 10)), told(EventKind.PAUSE, at(9, 29, 11))]
    assert due(LAW, events, OFFICE).at == at(10, 12, 17, 30)
    assert PAUSED not in {line.sentence for line in explain(due(LAW, events, OFFICE))}


def test_a_calendar_without_working_time_gives_no_due_moment():
    idle = WorkCalendar("Asia/Shanghai", (), {}, frozenset({2026}))
    events = [start(at(9, 29, 10))]
    found = due(ANSWER, events, idle)
    assert (found.at, explain(found)) == (None, ())
    assert due_many(ANSWER, Clocks.running(np.array([int(at(9, 29, 10).timestamp())])), idle).seconds.tolist() == [
        NEVER
    ]
    assert due(ANSWER, [], OFFICE).at is None


def test_limits_that_cannot_be_are_named():
    assert [field for field, _s, _p in problems_of(Limit(0, Unit.HOURS, moves_off_rest=True))] == [
        "amount",
        "moves_off_rest",
    ]
    assert list(problems_of(ANSWER)) == []
