"""The event loop beside the plain reference, and what must hold of any hall's records."""

import math
from dataclasses import replace

import numpy as np
import pytest

from yingting.twin.drawing import draw
from yingting.twin.engine import reference
from yingting.twin.engine.arrays import Fate
from yingting.twin.hall import HallModel, Klass, Law, Length, ModelError, Need, Stint
from yingting.twin.lengths import Lengths
from yingting.twin.running import prepare, run
from yingting.twin.tests.halls import anything, runs, steady


def same(one, other):
    """Return the first leg in which two sets of records differ, None where none does."""
    differ = np.zeros(len(one.fate), bool)
    for a, b in zip(one, other, strict=True):
        differ |= ~((a == b) | ((a != a) & (b != b)))
    places = np.flatnonzero(differ)
    return int(places[0]) if len(places) else None


@pytest.mark.parametrize("seed", range(120))
def test_the_loop_and_the_plain_reference_write_the_same_records(seed):
    model = anything(seed)
    hall, crowd = prepare(model), draw(model, seed=seed, block=0, days=3)
    assert same(run(hall, crowd), reference.run_days(crowd.legs, crowd.days, hall.seats, hall.classes)) is None


@pytest.mark.parametrize("seed", range(40))
def test_nobody_is_lost_and_nothing_happens_before_its_cause(seed):
    model = anything(seed)
    hall, crowd = prepare(model), draw(model, seed=seed, block=1, days=4)
    out = run(hall, crowd)
    begun = out.fate != Fate.NEVER
    first = np.arange(len(out.fate)) < crowd.days.first[-1]
    assert begun[first].all()
    assert (~np.isnan(out.joined_s[begun])).all()
    called = ~np.isnan(out.called_s)
    assert (called == np.isin(out.fate, (Fate.SERVED, Fate.ABSENT))).all()
    assert (out.joined_s[called] <= out.called_s[called]).all()
    assert (out.called_s[called] < out.done_s[called]).all()
    patience_ends = out.joined_s + crowd.legs.patience_s
    assert (out.called_s[called] <= patience_ends[called]).all()
    left = out.fate == Fate.ABANDONED
    assert (out.done_s[left] == patience_ends[left]).all()
    # Nobody is called by a counter that is closed or does not serve the line, and a counter has one customer at a time.
    stint, queue = out.stint[called], crowd.legs.queue[called]
    assert hall.seats.serves[stint, queue].all()
    assert (out.called_s[called] >= hall.seats.opens_s[stint]).all()
    late = out.called_s[called] >= hall.seats.closes_s[stint]
    assert hall.seats.drains[stint][late].all()
    day = np.searchsorted(crowd.days.first, crowd.visit[called], side="right")
    order = np.lexsort((out.called_s[called], hall.seats.seat[stint], day))
    seat_of = (day * 1000 + hall.seats.seat[stint])[order]
    ends, begins = out.done_s[called][order], out.called_s[called][order]
    assert (begins[1:] >= ends[:-1])[seat_of[1:] == seat_of[:-1]].all()


def test_no_counter_idles_while_somebody_waits_whom_it_serves():
    """Without schedules and books: whoever waits finds every counter of the line taken all the while."""
    model = steady(0.02, Length(120, 0.8), 3, customers=4000)
    crowd, out = next(runs(model, seed=4, days=1))
    waits = out.called_s > out.joined_s
    assert waits.sum() > 300
    starts, ends = np.sort(out.called_s), np.sort(out.done_s)
    for at in out.joined_s[waits]:
        assert np.searchsorted(starts, at, side="right") - np.searchsorted(ends, at, side="right") == 3
    assert crowd.legs.at_s.size == out.fate.size


def test_littles_law_holds_to_the_last_digit_when_everybody_has_gone():
    model = anything(11)
    for crowd, out in runs(replace(model, ends_s=math.inf), seed=2, days=6, at_once=3):
        begun = out.fate != Fate.NEVER
        over = np.where(np.isnan(out.called_s), out.done_s, out.called_s)
        begun &= np.isfinite(over)
        # The area under the number of people who wait is the sum of their waits.
        moments = np.concatenate([out.joined_s[begun], over[begun]])
        steps = np.concatenate([np.ones(begun.sum()), -np.ones(begun.sum())])
        order = np.argsort(moments, kind="stable")
        people = np.cumsum(steps[order])[:-1]
        area = float((people * np.diff(moments[order])).sum())
        assert area == pytest.approx(float((over - out.joined_s)[begun].sum()), rel=1e-9)
        assert crowd.days.ends_s == math.inf


def test_those_who_already_wait_and_who_are_already_served_count_when_a_day_begins_in_the_middle():
    model = HallModel(
        36000,
        1800,
        ((0.0,),),
        (Need("a", "A", ((1.0, Length(60, law=Law.FIXED)),)),),
        (Stint("1", 36000, 40000, ("A",)),),
    )
    hall = prepare(model, busy_until_s=[36030.0])
    crowd = draw(model, seed=1, block=0, days=1)
    one = np.array([36000.0])
    legs = crowd.legs._replace(
        at_s=one, since_s=one - 300, queue=np.zeros(1, np.int32), klass=np.zeros(1, np.int32), work_s=np.array([60.0]),
        patience_s=np.array([math.inf]), is_absent=np.zeros(1, bool), follow=np.full(1, -1), gap_s=np.zeros(1),
        enter=np.zeros(1, np.int32),
    )  # fmt: skip
    crowd = replace(crowd, legs=legs, days=crowd.days._replace(first=np.array([0, 1])))
    out = run(hall, crowd)
    assert (out.joined_s[0], out.called_s[0], out.done_s[0]) == (35700.0, 36030.0, 36090.0)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"rates": ((1.0, 2.0),)}, "each slot needs 1 rates, one a need"),
        ({"rates": ((-1.0,),)}, "a rate is negative or not a number"),
        ({"stints": ()}, "nobody ever serves queue A"),
        ({"stints": (Stint("1", 5, 5, ("A",)),)}, "counter 1: a stint from 5 to 5 s at pace 1.0"),
        ({"stints": (Stint("1", 0, 9, ("A",)), Stint("1", 5, 12, ("A",)))}, "counter 1: two stints at 5 s"),
        ({"klasses": (Klass("a", 0.5),)}, "the shares of the classes must come to 1"),
        ({"volume": 2.0}, "a volume of 2.0 is not between 0 and 1.0"),
    ],
)
def test_a_hall_that_cannot_be_is_refused_with_all_that_is_wrong(change, sentence):
    good = HallModel(0, 1800, ((4.0,),), (Need("a", "A", ((1.0, Length(60)),)),), (Stint("1", 0, 1800, ("A",)),))
    prepare(good)
    with pytest.raises(ModelError) as refused:
        prepare(replace(good, **change))
    assert sentence in refused.value.problems


def test_lengths_given_in_whole_seconds_are_not_cut_to_whole_seconds():
    mixtures = [((1.0, Length(600, law=Law.EXPONENTIAL)),), ((1.0, Length(900, 0.5)),)]
    drawn = Lengths(mixtures).drawn(np.random.default_rng(1), np.array([0, 1] * 50))
    assert (drawn != np.floor(drawn)).all()
