"""Limits in words, in both languages."""

import pytest
from django.utils.translation import override

from yingting.foundation.calendars.words import amount_text, limit_text
from yingting.kernel.worktime.limits import Limit, Unit


@pytest.mark.parametrize(
    ("amount", "unit", "english", "chinese"),
    [
        (1, Unit.WORKING_DAYS, "1 workday", "1 工作日"), (2, Unit.WORKING_DAYS, "2 workdays", "2 工作日"),
        (1, Unit.HOURS, "1 natural hour", "1 自然小时"), (4, Unit.WORKING_HOURS, "4 working hours", "4 工作小时"),
        (1, Unit.DAYS, "1 natural day", "1 自然日"), (30, Unit.WORKING_MINUTES, "30 working minutes", "30 工作分钟"),
        (1, Unit.MINUTES, "1 natural minute", "1 自然分钟"),
    ],
)  # fmt: skip
def test_one_of_a_unit_is_told_as_one_and_more_as_more(amount, unit, english, chinese):
    limit = Limit(amount, unit)
    with override("en"):
        assert amount_text(limit) == english
    assert amount_text(limit) == chinese


def test_a_limit_is_told_with_how_it_counts_and_with_its_basis_where_that_is_asked_for():
    limit = Limit(1, Unit.WORKING_DAYS, counts_start_day=False, is_statutory=True, basis="Order 35")
    with override("en"):
        assert limit_text(limit) == "1 workday, the day of the start does not count, set by law, never pauses"
        assert limit_text(limit, with_basis=True).endswith(", Order 35")
