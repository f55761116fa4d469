"""Unusual numbers: the test keeps its level where nothing has changed, also where days scatter, and finds what has."""

import datetime as dt

import numpy as np
import pytest

from yingting.domains.detection.rules.counting import (
    Cell,
    before,
    by_cell,
    by_chance,
    days_needed,
    look,
    scatter_of,
    since,
)

LAST = dt.date(2026, 3, 1)  # a Sunday
WEEKS = 8
RULE = {"windows": (1, 7), "weeks": WEEKS, "minimum": 3, "share": 0.05, "last": LAST}
DAYS = days_needed((1, 7), WEEKS)
TREE = {"net.slow": ["net.slow", "net"], "net": ["net"], "fees": ["fees"]}


def counted(draw, halls=40, categories=("net.slow", "fees")):
    """Daily counts of halls in two districts: `draw(hall, category)` gives one number a day."""
    rows = []
    for hall in range(halls):
        for category in categories:
            for at, n in enumerate(draw(hall, category)):
                if n:
                    day = LAST - dt.timedelta(days=DAYS - 1 - at)
                    rows.append((f"GD/D{hall % 2}/H{hall}/", category, day, int(n)))
    return by_cell(rows, TREE, LAST, DAYS)


def test_a_day_counts_for_its_hall_and_category_and_for_all_above_them():
    cells = by_cell([("GD/D0/H1/", "net.slow", LAST, 2), ("GD/D0/H2/", "", LAST, 3)], TREE, LAST, DAYS)
    today = {(cell.path, cell.category): int(daily[-1]) for cell, daily in cells.items()}
    assert today == {
        **{(path, code): 2 for path in ("GD/D0/H1/", "GD/D0/", "GD/") for code in ("net.slow", "net")},
        ("GD/D0/H1/", ""): 2, ("GD/D0/H2/", ""): 3, ("GD/D0/", ""): 5, ("GD/", ""): 5,
    }  # fmt: skip


def test_a_window_is_compared_with_the_same_weekdays():
    daily = np.zeros(DAYS, np.int64)
    daily[::-7] = 10  # every Sunday, the last day too
    assert before(daily, 1, WEEKS).tolist() == [10] * 8
    assert before(daily, 7, WEEKS).tolist() == [10] * 8
    assert before(daily, 14, WEEKS).tolist() == [20] * 3  # four would need a day more than is kept


def test_scatter_is_one_for_poisson_however_few_cases_and_more_where_days_scatter():
    random = np.random.default_rng(1)
    for mean in (0.2, 5.0):
        blocks = random.poisson(mean, (4000, 8))
        assert scatter_of(blocks) == pytest.approx(1.0, abs=0.04)
    wild = random.poisson(random.gamma(2.0, 5.0, (4000, 8)))  # mean 10, variance 10 + 50
    assert scatter_of(wild) == pytest.approx(6.0, rel=0.1)


@pytest.mark.parametrize("shape", [None, 2.0])
def test_where_nothing_has_changed_few_cells_look_unusual(shape):
    """At 5% no more than 5% of the cells: also where days scatter six times as much, which a Poisson test would not survive."""
    random = np.random.default_rng(2)
    means = np.full((3000, 9), 10.0) if shape is None else random.gamma(shape, 10.0 / shape, (3000, 9))
    counts = random.poisson(means)
    scatter = scatter_of(counts[:, :8])
    level = [np.mean(by_chance(counts[:, 8], counts[:, :8].sum(axis=1), 8, wide) <= 0.05) for wide in (scatter, 1.0)]
    assert level[0] <= 0.06
    assert level[1] <= 0.06 if shape is None else level[1] > 0.15


@pytest.mark.req("CMP-16")
def test_over_all_cells_together_false_issues_are_few_and_real_ones_are_found():
    random = np.random.default_rng(3)
    raised = {0, 7, 12, 21, 33}

    def draw(hall, category):
        daily = random.poisson(1.5, DAYS)
        if hall in raised and category == "net.slow":
            daily[-3:] += random.poisson(8.0, 3)
        return daily

    found = look(counted(draw), TREE, **RULE)
    assert found.cells == 2 * (40 * 4 + 2 * 4 + 4)
    halls = {one.cell.path for one in found.issues if one.cell.path.count("/") == 3}
    assert halls == {f"GD/D{hall % 2}/H{hall}/" for hall in raised}
    assert all(one.share_false <= 0.05 and one.seen > one.expected for one in found.issues)
    began = {one.since for one in found.issues if one.part_of is None and one.cell.path in halls}
    assert LAST - dt.timedelta(days=2) in began
    assert min(began) > LAST - dt.timedelta(days=14)


def test_quiet_weeks_say_nothing():
    random = np.random.default_rng(4)
    assert look(counted(lambda _hall, _category: random.poisson(1.5, DAYS)), TREE, **RULE).issues == ()


def test_busy_sundays_are_no_issue_on_a_sunday():
    random = np.random.default_rng(5)
    week = np.array([1, 1, 1, 1, 1, 4, 12])
    busy = lambda _hall, _category: random.poisson(np.tile(week, 10)[-DAYS:])  # noqa: E731 - a table of one line
    assert look(counted(busy, halls=10), TREE, **RULE).issues == ()


def test_what_one_hall_explains_is_told_once():
    random = np.random.default_rng(6)

    def draw(hall, category):
        daily = random.poisson(0.5, DAYS)
        if hall == 4 and category == "net.slow":
            daily[-1] += 15
        return daily

    found = look(counted(draw, halls=6), TREE, **RULE).issues
    leads = [one for one in found if one.part_of is None]
    assert [one.cell for one in leads] == [Cell("GD/D0/H4/", "net.slow")]
    assert (leads[0].seen, leads[0].window, leads[0].since) == (16, 1, LAST)
    assert Cell("GD/", "net") in {one.cell for one in found if one.part_of == leads[0].cell}


def test_what_rises_everywhere_is_told_of_the_whole():
    random = np.random.default_rng(7)

    def draw(_hall, category):
        daily = random.poisson(1.0, DAYS)
        if category == "net.slow":
            daily[-2:] += random.poisson(2.0, 2)
        return daily

    leads = [one for one in look(counted(draw), TREE, **RULE).issues if one.part_of is None]
    assert leads[0].cell.path == "GD/"
    assert leads[0].cell.category in {"net.slow", "net"}
    assert leads[0].since == LAST - dt.timedelta(days=1)


def test_since_is_the_first_day_of_the_stretch_that_stands_out():
    daily = np.array([1] * 50 + [6, 7, 5, 8])
    assert since(daily, LAST, usual=1.0) == LAST - dt.timedelta(days=3)
