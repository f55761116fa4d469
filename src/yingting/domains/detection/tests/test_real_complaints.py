"""Real complaints: what is learnt is measured beside the baseline, and the two days on which everybody wrote are found."""

import datetime as dt
from collections import Counter

import pytest

from yingting.domains.detection.rules.alike import batches
from yingting.domains.detection.rules.counting import by_cell, days_needed, look
from yingting.domains.detection.rules.learning import Example, learn
from yingting.domains.detection.rules.shapes import HotIssues, Suggesting, Verdict
from yingting.domains.detection.tests.real import TARGETS, real_titles


@pytest.fixture(scope="module")
def titles():
    found = real_titles()
    if found is None:
        pytest.skip("the shared real complaints are not here: set YINGTING_SHARED to their folder")
    assert len(found) == 2224
    return found


@pytest.mark.parametrize(
    ("target", "verdict", "baseline", "least"),
    [
        ("by_words", Verdict.CARRIES, 0.277, 0.90),
        ("channel", Verdict.NOT_BETTER, 0.493, 0.0),
    ],
)
def test_a_model_is_used_only_where_it_beats_the_baseline_on_later_complaints(titles, target, verdict, baseline, least):
    learnt = learn([Example(*TARGETS[target](one)) for one in titles], Suggesting(), b"key")
    assert (learnt.verdict, learnt.figures.learnt, learnt.figures.measured) == (verdict, 1780, 444)
    assert learnt.figures.baseline == pytest.approx(baseline, abs=0.001)
    assert learnt.figures.accuracy >= least


def looked(titles, last):
    rule = HotIssues()
    counts = Counter((f"US/{one.state.replace(' ', '')}/", one.topic, one.at.date()) for one in titles)
    cells = by_cell(((*key, n) for key, n in counts.items()), {}, last, days_needed(rule.windows, rule.weeks))
    return look(
        cells, {}, windows=rule.windows, weeks=rule.weeks, minimum=rule.minimum, share=rule.by_chance / 100, last=last
    )


def test_quiet_days_say_nothing_and_on_23_june_the_surge_is_the_first(titles):
    for day in range(3, 11):  # the first days of June that have eight weeks before them
        assert looked(titles, dt.date(2015, 6, day)).issues == ()
    lead, *others = looked(titles, dt.date(2015, 6, 23)).issues
    assert (lead.cell.path, lead.cell.category, lead.seen, lead.since) == ("US/", "", 190, dt.date(2015, 6, 23))
    assert lead.expected < 25
    assert lead.share_false < 1e-40
    assert {one.part_of for one in others} == {lead.cell}


def test_titles_nearly_the_same_in_those_two_weeks_are_put_together(titles):
    weeks = {
        n: one.text for n, one in enumerate(titles) if dt.date(2015, 6, 15) <= one.at.date() <= dt.date(2015, 6, 28)
    }
    found = batches(weeks, alike=0.6, size=3, shortest=8)
    assert len(found) == 29
    assert len(found[0].members) == 31
