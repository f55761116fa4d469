"""One customer's whole story on a real server with its live stream: kiosk → board → counter → phone rating → duty manager
→ report. Nothing is fired by hand: every screen moves because the one before it did something."""

import re
from functools import partial

import pytest
from playwright.sync_api import expect
from tests.journeys.acting import press

from yingting.web.tests.running import opened_hall, wait_for

pytestmark = [pytest.mark.browser, pytest.mark.slow]
# Monday ten o'clock in the hall, and time runs as outside.
OPEN_THE_HALL = """
from yingting.foundation.sites.models import Hall
cast = raise_curtain()
Hall.objects.update(clock_anchor_real=dt.datetime.now(dt.UTC), clock_anchor_hall=dt.datetime(2026, 1, 5, 2, tzinfo=dt.UTC), clock_speed=1.0)
answer = str(cast.hall)
"""


NOTHING_YET = "所选营业厅在这段时间内没有号票"


@pytest.fixture(scope="module")
def hall(tmp_path_factory):
    folder = tmp_path_factory.mktemp("story")
    with opened_hall(folder, "web", "stream", first=lambda hall: hall.tell(OPEN_THE_HALL)) as hall:
        yield hall


@pytest.fixture
def screen(page_at, hall):
    return partial(page_at, hall)


@pytest.mark.req("QUE-01", "QUE-02")
def test_a_customer_from_the_door_to_the_report(hall, screen):
    board = screen("1201", "/board/H01/", size=(1920, 1080))
    floor = screen("1201", "/floor/H01/")
    counter = screen("1001", "/counter/")
    counter.locator("main form button:not([disabled])").first.click()
    counter.get_by_text("1 号台席").first.wait_for()

    kiosk = screen("1101", "/kiosk/H01/", size=(1080, 1920))
    kiosk.get_by_text("缴费充值", exact=True).click()
    kiosk.get_by_text("话费缴纳", exact=True).click()
    kiosk.get_by_text("A001", exact=True).first.wait_for()
    secret = re.search(r"/t/([\w-]+)/", kiosk.content()).group(1)
    phone = screen(None, f"/t/{secret}/", size=(360, 740))
    phone.get_by_text("A001").first.wait_for()
    floor.get_by_text("A001").first.wait_for()

    press(counter, "F2")
    counter.locator("[data-state=called]").wait_for()
    expect(counter.locator("main").first).to_contain_text("A001", use_inner_text=True)
    board.get_by_text("A001").first.wait_for()
    phone.locator("[data-stage=called]").wait_for()
    expect(phone.locator("main").first).to_contain_text("1", use_inner_text=True)

    press(counter, "s")
    counter.locator("[data-state=serving]").wait_for()
    floor.get_by_text("办理").first.wait_for()
    counter.wait_for_timeout(1200)
    press(counter, "f")
    counter.locator("[data-state=idle]").wait_for()

    phone.get_by_text("请选择一项").first.wait_for()
    assert phone.locator("input[name=score]:checked").count() == 0
    phone.locator("input[name=score][value='5']").check(force=True)
    phone.locator("form.rate button[type=submit]").click()
    phone.locator("input[name=score]").first.wait_for(state="detached")

    report, address = screen("1301", "/"), "/report/?hall=H01"
    # The lake waits two seconds for late writers.
    wait_for(lambda: NOTHING_YET not in report.request.get(address).text(), within_s=40, every_s=0.5)
    report.goto(address)
    assert NOTHING_YET not in report.inner_text("main")
    expect(report.locator("main").first).to_contain_text("天河路", use_inner_text=True)
    seen = hall.tell(
        "from yingting.domains.queueing.models import Ticket\n"
        "answer = list(Ticket.objects.values_list('number', 'state', 'rating').get())"
    )
    assert seen == ["A001", "finished", 5]
