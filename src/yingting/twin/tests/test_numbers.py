"""Compiled random numbers are those of numpy's generator, to the last bit: with and without the compiler a hall's days are the same."""

import numpy as np

from yingting.twin import drawing
from yingting.twin.drawing import draw
from yingting.twin.engine.numbers import arrivals, normals
from yingting.twin.tests.made_up import TRUTH


def test_normal_numbers_are_those_of_numpys_generator():
    assert (normals(np.random.default_rng(7), 10_000) == np.random.default_rng(7).standard_normal(10_000)).all()


def test_arrivals_are_the_running_sum_of_numpys_exponential_numbers_wound_back_slot_by_slot():
    expected = np.array([5.0, 0.0, 3.0, 4.0, 2.0, 0.0])  # two days of three slots
    at, slot, first = np.empty(40), np.empty(40, np.int32), np.empty(3, np.int64)
    assert arrivals(np.random.default_rng(7), expected, 3, 100.0, 10.0, at, slot, first)
    clock = np.cumsum(np.random.default_rng(7).standard_exponential(40))
    clock = clock[clock < 14.0]
    ladder = np.concatenate([[0.0], np.cumsum(expected)])
    cell = np.searchsorted(ladder, clock, side="right") - 1
    assert first.tolist() == [0, int((clock < 8.0).sum()), len(clock)]
    assert slot[: len(clock)].tolist() == (cell % 3).tolist()
    within = (clock - ladder[cell]) / expected[cell]
    np.testing.assert_allclose(at[: len(clock)], 100.0 + 10.0 * (cell % 3 + within), rtol=1e-12)


def test_too_little_room_for_those_who_come_is_told_and_mended(monkeypatch):
    assert not arrivals(
        np.random.default_rng(7),
        np.array([50.0]),
        1,
        0.0,
        1.0,
        np.empty(9),
        np.empty(9, np.int32),
        np.empty(2, np.int64),
    )
    usual = draw(TRUTH, seed=3, block=1)
    monkeypatch.setattr(drawing, "_ROOM", -4.0)
    tight = draw(TRUTH, seed=3, block=1)
    assert (tight.legs.at_s == usual.legs.at_s).all()
    assert (tight.legs.work_s == usual.legs.work_s).all()


def test_a_stream_goes_on_where_compiled_numbers_left_it():
    one, other = np.random.default_rng(7), np.random.default_rng(7)
    normals(one, 100)
    other.standard_normal(100)
    assert one.random() == other.random()
