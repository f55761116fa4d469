"""One customer's whole story on a real server with its live stream: kiosk → board → counter → phone rating → duty manager
→ report. Nothing is fired by hand: every screen moves because the one before it did something."""

import re

import pytest

from yingting.planning.cast import PASSWORD
from yingting.web.tests.running import RunningHall, wait_for

pytestmark = [pytest.mark.browser, pytest.mark.slow]
# Monday ten o'clock in the hall, and time runs as outside.
OPEN_THE_HALL = """
from yingting.foundation.sites.models import Hall
cast = raise_curtain()
Hall.objects.update(clock_anchor_real=dt.datetime.now(dt.UTC), clock_anchor_hall=dt.datetime(2026, 1, 5, 2, tzinfo=dt.UTC), clock_speed=1.0)
answer = str(cast.hall)
"""


@pytest.fixture(scope="module")
def hall(tmp_path_factory):
    running = RunningHall(tmp_path_factory.mktemp("story"))
    try:
        running.tell(OPEN_THE_HALL)
        running.web, running.stream = running.start("web"), running.start("stream")
        wait_for(lambda: running.answers() and running.answers(running.live_port))
        yield running
    finally:
        running.end()


@pytest.fixture
def screen(hall, new_page):
    """Open a page as a member of the cast (or as nobody) in a browser profile of its own."""

    def show(path, staff_no=None, size=(1280, 800)):
        page = new_page(size)
        if staff_no:
            page.goto(f"http://127.0.0.1:{hall.port}/sign-in/")
            page.fill("input[name=username]", staff_no)
            page.fill("input[name=password]", PASSWORD)
            page.press("input[name=password]", "Enter")
            page.wait_for_url(f"http://127.0.0.1:{hall.port}/")
        page.goto(f"http://127.0.0.1:{hall.port}{path}")
        return page

    return show


@pytest.mark.req("QUE-01", "QUE-02")
def test_a_customer_from_the_door_to_the_report(hall, screen):
    board = screen("/board/H01/", "1201", (1920, 1080))
    floor = screen("/floor/H01/", "1201")
    counter = screen("/counter/", "1001")
    counter.locator("main form button:not([disabled])").first.click()
    counter.get_by_text("1 号台席").first.wait_for()

    kiosk = screen("/kiosk/H01/", "1101", (1080, 1920))
    kiosk.get_by_text("缴费充值", exact=True).click()
    kiosk.get_by_text("话费缴纳", exact=True).click()
    kiosk.get_by_text("A001", exact=True).first.wait_for()
    secret = re.search(r"/t/([\w-]+)/", kiosk.content()).group(1)
    phone = screen(f"/t/{secret}/", size=(360, 740))
    phone.get_by_text("A001").first.wait_for()
    floor.get_by_text("A001").first.wait_for()

    counter.keyboard.press("F2")
    counter.locator("[data-state=called]").wait_for()
    assert "A001" in counter.inner_text("main")
    board.get_by_text("A001").first.wait_for()
    phone.locator("[data-stage=called]").wait_for()
    assert "1" in phone.inner_text("main")

    counter.keyboard.press("s")
    counter.locator("[data-state=serving]").wait_for()
    floor.get_by_text("办理").first.wait_for()
    counter.wait_for_timeout(1200)
    counter.keyboard.press("f")
    counter.locator("[data-state=idle]").wait_for()

    phone.get_by_text("请选择一项").first.wait_for()
    assert phone.locator("input[name=score]:checked").count() == 0
    phone.locator("input[name=score][value='5']").check(force=True)
    phone.locator("form.rate button[type=submit]").click()
    phone.locator("input[name=score]").first.wait_for(state="detached")

    counter.wait_for_timeout(2500)  # the lake waits two seconds for late writers
    report = screen("/report/?hall=H01", "1301")
    assert "所选营业厅在这段时间内没有号票" not in report.inner_text("main")
    assert "天河路" in report.inner_text("main")
    seen = hall.tell(
        "from yingting.domains.queueing.models import Ticket\n"
        "answer = list(Ticket.objects.values_list('number', 'state', 'rating').get())"
    )
    assert seen == ["A001", "finished", 5]
