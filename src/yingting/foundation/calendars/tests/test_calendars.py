"""Where calendars come from: merged along the tree, by versions and days in force, with the country's notices below."""

import datetime as dt
from dataclasses import replace

import pytest

from yingting.foundation.calendars.models import Notice
from yingting.foundation.calendars.notices import (
    NOTICE_BACKWARDS,
    NOTICE_EMPTY,
    NOTICE_OUTDATED,
    NOTICE_TWICE,
    NOTICE_YEAR,
    NoticeDay,
    YearNotice,
    load_notice,
    notices,
)
from yingting.foundation.calendars.reading import calendar_for
from yingting.foundation.calendars.rules_of_time import (
    DATES,
    LEGAL,
    WEEK,
    DatedHours,
    DateState,
    OwnDates,
    WorkWeek,
)
from yingting.foundation.journal.models import Fact
from yingting.foundation.people.access import ACCESS_REFUSED
from yingting.foundation.rulebook.kinds import as_body
from yingting.foundation.rulebook.models import RuleVersion
from yingting.foundation.sites.models import Unit
from yingting.kernel.hours import Interval
from yingting.kernel.refusals import Refusal
from yingting.kernel.weekdays import HourSpan, Weekday
from yingting.kernel.worktime.calendars import DayKind
from yingting.kernel.worktime.deadlines import due
from yingting.kernel.worktime.ledgers import ClockEvent, EventKind
from yingting.kernel.worktime.limits import Limit
from yingting.kernel.worktime.limits import Unit as LimitUnit

pytestmark = pytest.mark.django_db
PROVINCE, DISTRICT, HALL, OTHER = "GD/", "GD/GZ/TH/", "GD/GZ/TH/H01/", "GD/GZ/TH/H02/"
DAY = Interval(dt.time(10), dt.time(16))


@pytest.fixture
def write(cast, now):
    """Write a version of a rule for a unit."""

    def written(kind, path, rule, *, since=dt.date(2026, 1, 5), key=""):
        return RuleVersion.objects.create(
            kind=kind.code, unit=Unit.objects.get(path=path), key=key, number=RuleVersion.objects.count() + 1,
            valid_from=since, body=as_body(kind, rule), author_label="9901", written_at=now,
        )  # fmt: skip

    return written


def own(first, reason="装修", **more):
    return OwnDates(first, **{"state": DateState.CLOSED, "reason": reason} | more)


def test_what_is_shipped_knows_the_national_day_of_2026(cast):
    calendar = calendar_for(HALL)
    kinds = {
        day: calendar.day(dt.date(2026, *day)).kind for day in ((9, 30), (10, 1), (10, 7), (10, 8), (10, 10), (10, 11))
    }
    assert kinds == {
        (9, 30): DayKind.WORKING, (10, 1): DayKind.HOLIDAY, (10, 7): DayKind.HOLIDAY, (10, 8): DayKind.WORKING,
        (10, 10): DayKind.MAKE_UP, (10, 11): DayKind.REST,
    }  # fmt: skip
    assert calendar.day(dt.date(2026, 10, 1)).override.source == "国务院办公厅关于2026年部分节假日安排的通知 2025-11-04"
    assert calendar.published == {2025, 2026}


def test_the_shipped_notices_name_as_many_days_as_the_state_council(cast):
    found = {
        year: [sum(1 for row in held.days for _ in row.dates() if row.works is works) for works in (False, True)]
        for year, held in notices("CN").items()
    }
    # Days off as announced, weekends in between among them, and the days on which work is made up.
    assert found == {2025: [28, 5], 2026: [33, 6]}


def test_a_date_of_a_hall_replaces_only_that_date(write):
    write(DATES, PROVINCE, DatedHours((own(dt.date(2026, 3, 2), "省统一培训", last=dt.date(2026, 3, 4)),)))
    write(DATES, HALL, DatedHours((own(dt.date(2026, 3, 3), state=DateState.HOURS, hours="10:00-16:00"),)))
    hall, other = calendar_for(HALL), calendar_for(OTHER)
    assert [hall.day(dt.date(2026, 3, day)).kind for day in (2, 3, 4)] == [
        DayKind.HOLIDAY,
        DayKind.CHANGED,
        DayKind.HOLIDAY,
    ]
    assert [hall.day(dt.date(2026, 3, day)).override.origin for day in (2, 3, 4)] == [PROVINCE, HALL, PROVINCE]
    assert hall.day(dt.date(2026, 3, 3)).intervals == (DAY,)
    assert other.day(dt.date(2026, 3, 3)).kind is DayKind.HOLIDAY
    assert hall.day(dt.date(2026, 10, 10)).kind is DayKind.MAKE_UP


def test_a_date_that_holds_for_the_unit_leaves_legal_days_as_they_are(write):
    write(DATES, HALL, DatedHours((own(dt.date(2026, 3, 3), calendar="work"),)))
    assert calendar_for(HALL).day(dt.date(2026, 3, 3)).kind is DayKind.HOLIDAY
    assert calendar_for(HALL, LEGAL).day(dt.date(2026, 3, 3)).kind is DayKind.WORKING


def test_weeks_hold_from_their_first_day_and_the_nearest_unit_wins(write):
    summer = WorkWeek((HourSpan(tuple(Weekday), dt.time(10), dt.time(16)),))
    write(WEEK, HALL, summer, since=dt.date(2026, 6, 1), key="work")
    write(WEEK, PROVINCE, WorkWeek(()), since=dt.date(2026, 7, 1), key="work")
    calendar = calendar_for(HALL)
    assert calendar.day(dt.date(2026, 5, 31)).kind is DayKind.REST
    assert calendar.day(dt.date(2026, 6, 7)).intervals == (DAY,)
    assert calendar.day(dt.date(2026, 7, 6)).intervals == (DAY,)
    assert calendar_for(OTHER).day(dt.date(2026, 7, 6)).intervals == ()
    # Who works on Saturdays anyway makes nothing up.
    assert calendar.day(dt.date(2026, 10, 10)).kind is DayKind.WORKING


def test_a_new_list_of_dates_leaves_the_past_as_it_was(write):
    write(DATES, HALL, DatedHours((own(dt.date(2026, 3, 3)),)))
    write(DATES, HALL, DatedHours((own(dt.date(2026, 5, 6)),)), since=dt.date(2026, 4, 1))
    calendar = calendar_for(HALL)
    assert [calendar.day(day).kind for day in (dt.date(2026, 3, 3), dt.date(2026, 5, 6))] == [DayKind.HOLIDAY] * 2


def test_a_make_up_saturday_has_the_hours_of_the_week_that_holds_on_it(write):
    short = WorkWeek((HourSpan(tuple(Weekday)[:5], dt.time(10), dt.time(16)),))
    write(WEEK, HALL, short, since=dt.date(2026, 6, 1), key="work")
    calendar = calendar_for(HALL)
    assert calendar.day(dt.date(2026, 10, 10)).intervals == (DAY,)
    assert len(calendar.day(dt.date(2026, 5, 9)).intervals) == 2
    assert calendar_for(HALL, LEGAL).day(dt.date(2026, 10, 10)) == calendar_for(OTHER).day(dt.date(2026, 10, 10))


def test_a_hall_that_works_on_holidays_says_so_in_its_week(write):
    write(WEEK, HALL, replace(WEEK.shipped, keeps_holidays=False), key="work")
    calendar = calendar_for(HALL)
    assert calendar.day(dt.date(2026, 10, 1)).kind is DayKind.WORKING
    assert calendar.day(dt.date(2026, 10, 10)).kind is DayKind.REST


def test_a_calendar_is_the_same_object_until_a_version_is_written(write):
    before = calendar_for(HALL)
    assert calendar_for(HALL) is before
    write(DATES, PROVINCE, DatedHours((own(dt.date(2026, 3, 3)),)))
    after = calendar_for(HALL)
    assert after is not before
    assert after.version != before.version


@pytest.mark.parametrize(
    ("rows", "fields"),
    [
        ((own(dt.date(2026, 3, 3)), own(dt.date(2026, 3, 3), calendar="work")), ["dates"]),
        ((own(dt.date(2026, 3, 3), calendar="legal"), own(dt.date(2026, 3, 3), calendar="work")), []),
        ((own(dt.date(2026, 3, 3), last=dt.date(2026, 3, 1)),), ["dates"]),
        ((own(dt.date(2026, 3, 3), reason=" "),), ["dates"]),
        ((own(dt.date(2026, 3, 3), state=DateState.HOURS),), ["dates"]),
        ((own(dt.date(2026, 3, 3), hours="9:00-12:00"),), ["dates"]),
        ((own(dt.date(2026, 3, 3), state=DateState.HOURS, hours="nine to five"),), ["dates"]),
        ((own(dt.date(2026, 3, 3), state=DateState.HOURS, hours="17:00-09:00"),), ["dates"]),
    ],
)
def test_dates_that_cannot_be_are_named(rows, fields):
    assert [field for field, _sentence, _params in DATES.check(DatedHours(rows), PROVINCE)] == fields


def test_weeks_that_cannot_be_are_named():
    wrong = WorkWeek((HourSpan((), dt.time(9), dt.time(9)),), country="China")
    assert [field for field, _sentence, _params in WEEK.check(wrong, PROVINCE)] == ["hours", "hours", "country"]


# ------------------------------------------------------------------------------------------------ notices
DAYS = (
    NoticeDay(dt.date(2027, 1, 1), dt.date(2027, 1, 3), False, "元旦", "New Year's Day"),
    NoticeDay(dt.date(2027, 1, 9), dt.date(2027, 1, 9), True, "元旦", "New Year's Day"),
)
NOTICE = YearNotice(2027, "关于2027年节假日安排的通知", dt.date(2026, 11, 4), DAYS)
ANSWER = Limit(5, LimitUnit.WORKING_DAYS, counts_start_day=False)


def load(actor, now, notice=NOTICE, read=0):
    return load_notice(notice, country="CN", read=read, actor=actor, now=now)


def test_loading_a_notice_publishes_the_year_and_moves_what_is_due_in_it(cast, actor_of, now):
    start = ClockEvent(EventKind.START, dt.datetime(2026, 12, 30, 2, tzinfo=dt.UTC), "s")
    before = due(ANSWER, [start], calendar_for(HALL))
    assert (before.at, before.is_provisional) == (dt.datetime(2027, 1, 6, 9, 30, tzinfo=dt.UTC), True)
    row = load(actor_of("9901"), now)
    after = due(ANSWER, [start], calendar_for(HALL))
    assert (after.at, after.is_provisional) == (dt.datetime(2027, 1, 7, 9, 30, tzinfo=dt.UTC), False)
    fact = Fact.objects.get(kind="calendar.year_published")
    assert (fact.subject, fact.data["country"], fact.data["year"], fact.data["number"]) == (row.pk, "CN", 2027, 1)


def test_a_notice_that_is_loaded_again_replaces_the_first(cast, actor_of, now):
    load(actor_of("9901"), now)
    load(actor_of("9901"), now, replace(NOTICE, days=DAYS[:1]), read=1)
    assert calendar_for(HALL).day(dt.date(2027, 1, 9)).kind is DayKind.REST
    assert [row.number for row in Notice.objects.order_by("number")] == [1, 2]


@pytest.mark.parametrize(
    ("notice", "read", "code"),
    [
        (replace(NOTICE, days=()), 0, NOTICE_EMPTY),
        (replace(NOTICE, document=" "), 0, NOTICE_EMPTY),
        (replace(NOTICE, year=2028), 0, NOTICE_YEAR),
        (replace(NOTICE, days=(replace(DAYS[0], last=dt.date(2026, 12, 31)),)), 0, NOTICE_BACKWARDS),
        (replace(NOTICE, days=(*DAYS, DAYS[1])), 0, NOTICE_TWICE),
        (NOTICE, 1, NOTICE_OUTDATED),
    ],
)
def test_a_notice_that_cannot_be_is_refused_and_nothing_is_written(cast, actor_of, now, notice, read, code):
    with pytest.raises(Refusal) as refused:
        load(actor_of("9901"), now, notice, read)
    assert refused.value.code == code
    assert not Notice.objects.exists()
    assert not Fact.objects.filter(kind="calendar.year_published").exists()


@pytest.mark.parametrize("staff_no", ["1001", "1301", "2001"])
def test_a_notice_is_loaded_by_those_who_answer_for_the_whole_tree(cast, actor_of, now, staff_no):
    with pytest.raises(Refusal) as refused:
        load(actor_of(staff_no), now)
    assert refused.value.code == ACCESS_REFUSED
    assert not Notice.objects.exists()
