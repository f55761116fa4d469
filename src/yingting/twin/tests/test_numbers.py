"""Compiled random numbers are those of numpy's generator, to the last bit: with and without the compiler a hall's days are the same."""

import numpy as np

from yingting.twin.engine.numbers import normals, poisson_clock


def test_normal_numbers_are_those_of_numpys_generator():
    assert (normals(np.random.default_rng(7), 10_000) == np.random.default_rng(7).standard_normal(10_000)).all()


def test_the_clock_is_the_running_sum_of_numpys_exponential_numbers():
    gaps = np.random.default_rng(7).standard_exponential(10_000)
    assert (poisson_clock(np.random.default_rng(7), 10_000) == np.cumsum(gaps)).all()


def test_a_stream_goes_on_where_compiled_numbers_left_it():
    one, other = np.random.default_rng(7), np.random.default_rng(7)
    normals(one, 100)
    other.standard_normal(100)
    assert one.random() == other.random()
