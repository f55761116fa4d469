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


@pytest.fixture
def print_at_once(monkeypatch):
    """Print in the request's own thread, so that the test sees the end of it."""
    from yingting.domains.queueing.printing.sending import print_slip
    from yingting.domains.queueing.views import kiosk

    monkeypatch.setattr(kiosk, "print_soon", print_slip)
