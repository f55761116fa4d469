import pytest

from yingting.domains.queueing.tests.screens import Hands, set_clock


@pytest.fixture
def open_hall(cast, now):
    """The cast on a Monday at ten: the hall is open, its clock runs."""
    set_clock(cast.hall, now)
    return cast


@pytest.fixture
def hands(open_hall):
    return Hands(open_hall)
