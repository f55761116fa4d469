"""The shared real halls: which differ in how many customers wait ten minutes at most, and which cannot be told apart."""

import csv
import datetime as dt
import gzip
from collections import defaultdict

import pytest

from yingting.indicators.comparing import Verdict, compare, mean_of, share_of
from yingting.indicators.days import Day, means_by_day, shares_by_day, sums_of
from yingting.indicators.declaring import BetterIs
from yingting.indicators.fairness import Fairness
from yingting.reporting.tests.logs import shared

FAIR = Fairness()


@pytest.fixture(scope="module")
def waits():
    """Seconds waited, by hall and day."""
    found = defaultdict(lambda: defaultdict(list))
    with gzip.open(shared("service_halls_2020", "tickets_rebuilt.csv.gz"), "rt", encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            issued, called = (dt.datetime.fromisoformat(row[name]) for name in ("issued", "called"))
            found[row["office"]][issued.date()].append((called - issued).total_seconds())
    return found


def _within(some):
    return sum(wait <= 600 for wait in some)


def _ranks(table):
    return {one.unit: (one.rank_low, one.rank_high) for one in table.standings}


def test_counted_ticket_by_ticket_the_halls_have_their_check_values_and_two_cannot_be_told_apart(waits):
    alone = {hall: [wait for some in days.values() for wait in some] for hall, days in waits.items()}
    shares = compare([share_of(hall, _within(some), len(some)) for hall, some in alone.items()], BetterIs.HIGHER, FAIR)
    bemowo = next(one for one in shares.standings if one.unit == "UD_Bemowo")
    assert (bemowo.n, round(bemowo.raw, 4), bemowo.against_group) == (7772, 0.4422, Verdict.WORSE)
    assert shares.bands == (
        ("UD_Praga_Poludnie",), ("UD_Ochota", "UD_Mokotow_1"), ("UD_Bialoleka",), ("UD_Bemowo",), ("UD_Mokotow_2",),
        ("USC_Andersa",),
    )  # fmt: skip
    means = compare(
        [mean_of(hall, len(some), sum(some), sum(wait**2 for wait in some)) for hall, some in alone.items()],
        BetterIs.LOWER,
        FAIR,
    )
    bemowo = next(one for one in means.standings if one.unit == "UD_Bemowo")
    assert round(bemowo.raw / 60, 4) == 24.1359
    assert means.bands[2] == ("USC_Andersa", "UD_Bemowo")


def test_counted_by_days_far_less_can_be_said(waits):
    """Tickets of one day are late together: 7,772 tickets of ten days are worth about 120."""
    days = {
        hall: [Day(len(some), _within(some) / len(some)) for some in of_hall.values()]
        for hall, of_hall in waits.items()
    }
    evidence = shares_by_day(sums_of(days), {}, FAIR)
    worth = {one.unit: one.cases for one in evidence}
    assert 100 < worth["UD_Bemowo"] < 150
    table = compare(evidence, BetterIs.HIGHER, FAIR)
    assert _ranks(table)["UD_Praga_Poludnie"] == (1, 2)
    assert table.bands == (
        ("UD_Praga_Poludnie",), ("UD_Ochota", "UD_Mokotow_1", "UD_Bialoleka"),
        ("UD_Bemowo", "UD_Mokotow_2", "USC_Andersa"),
    )  # fmt: skip
    said = {one.unit: one.against_group for one in table.standings}
    assert [hall for hall, one in said.items() if one is Verdict.BETTER] == ["UD_Praga_Poludnie"]
    assert [hall for hall, one in said.items() if one is Verdict.WORSE] == ["UD_Mokotow_2", "USC_Andersa"]


def test_mean_waits_by_days_tell_the_two_quickest_from_the_mean_and_nobody_from_the_next(waits):
    days = {hall: [Day(len(some), sum(some) / len(some)) for some in all_.values()] for hall, all_ in waits.items()}
    table = compare(means_by_day(sums_of(days), {}), BetterIs.LOWER, FAIR)
    better = [one.unit for one in table.standings if one.against_group is Verdict.BETTER]
    assert better == ["UD_Ochota", "UD_Mokotow_1"]
    assert round(next(one.raw for one in table.standings if one.unit == "UD_Bemowo") / 60, 4) == 24.1359
    assert all(
        one.low < following.high and following.low < one.high
        for one, following in zip(table.standings, table.standings[1:], strict=False)
    )
