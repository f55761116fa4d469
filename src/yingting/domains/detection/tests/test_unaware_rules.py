"""The rule of alarms against a slow second way to count."""

import datetime as dt
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from yingting.domains.detection.rules.shapes import Unaware
from yingting.domains.detection.rules.unaware import Complaint, Sort, find
from yingting.kernel.months import month_start

FIRST = dt.date(2025, 1, 1)
DAYS = st.lists(st.integers(0, 400), max_size=25)
RULES = st.builds(Unaware, per_month=st.integers(1, 4), months=st.integers(2, 4), each_month=st.integers(1, 2))


@given(DAYS, RULES)
def test_months_and_runs_are_those_that_a_slow_count_finds(days, rule):
    complaints = [Complaint(UUID(int=n), FIRST + dt.timedelta(days=day)) for n, day in enumerate(days)]
    found = find(complaints, rule)
    months = [month_start(dt.date(2026, 3, 1), -n) for n in range(15)][::-1]
    n = {
        month: sum((one.day.year, one.day.month) == (month.year, month.month) for one in complaints) for month in months
    }
    assert {one.first for one in found if one.sort is Sort.MONTH} == {
        month for month in months if n[month] >= rule.per_month
    }
    in_a_run = {
        month
        for at, month in enumerate(months)
        for begin in range(max(0, at - rule.months + 1), at + 1)
        if begin + rule.months <= len(months)
        and all(n[one] >= rule.each_month for one in months[begin : begin + rule.months])
    }
    runs = [one for one in found if one.sort is Sort.RUN]
    assert {month for month in months if any(run.first <= month <= run.last for run in runs)} == in_a_run
    for one in found:
        inside = [c.case for c in complaints if one.first <= c.day.replace(day=1) <= one.last]
        assert sorted(one.cases, key=str) == sorted(inside, key=str)
