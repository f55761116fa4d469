"""Models and levers survive being written down."""

import json

import pytest

from yingting.twin.hall import HallModel
from yingting.twin.levers import (
    ByAppointment,
    Calling,
    Closed,
    Divert,
    Faster,
    Lever,
    MoreCounters,
    Open,
    Serves,
    Volume,
)
from yingting.twin.tests.halls import any_book, anything
from yingting.twin.written import read, written


@pytest.mark.parametrize("seed", range(30))
def test_a_model_comes_back_as_it_was_written(seed):
    model = anything(seed)
    text = json.dumps(written(model), allow_nan=False)
    assert read(HallModel, json.loads(text)) == model


def test_every_lever_comes_back_as_it_was_written():
    model = anything(3)
    levers = (
        MoreCounters(36000.0, 43200.0, 2, ("A",)), Closed("1", 1.0, 2.0), Open("1", 1.0, 2.0), Serves(("1",)), Divert(0.3, ("n0",)),
        Faster(0.8), ByAppointment(0.33), Calling((any_book(2, model),)), Volume(1.2),
    )  # fmt: skip
    text = json.dumps(written(levers))
    assert read(tuple[Lever, ...], json.loads(text)) == levers


@pytest.mark.parametrize(
    "body",
    [{"is": "Faster"}, {"is": "Faster", "by": 1.0, "more": 2}, {"is": "Volume", "by": 1.0}, {"by": 1.0}, 7, None],
)
def test_another_shape_is_refused(body):
    with pytest.raises(ValueError, match=r"."):
        read(Faster, body)
