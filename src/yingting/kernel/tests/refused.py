"""Asserting a refusal by its code."""

from contextlib import contextmanager

import pytest

from yingting.kernel.refusals import Refusal


@contextmanager
def refused(code):
    """What happens inside is refused with this code; yields what pytest caught."""
    with pytest.raises(Refusal) as caught:
        yield caught
    assert caught.value.code == code
