"""A peak builds up: the level rises on the duty manager's screen by itself, forced diversion begins and ends, and its effect is
on the page. With real processes: web, stream and the worker that watches.
"""

import pytest
from tests.journeys.acting import changed
from tests.journeys.looking import picture, serious

from yingting.web.tests.running import opened_hall, wait_for

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SETUP = """
from django.utils import timezone
from yingting.domains.queueing.actions import calling, issuing, serving, sessions
from yingting.domains.queueing.queries.setup import hall_now
from yingting.foundation.people.access import actor_for_person
from yingting.foundation.people.models import Person
from yingting.foundation.sites.models import Hall
from yingting.kernel.clocks import system_now
who = lambda no: actor_for_person(Person.objects.get(staff_no=no))
def come(people, business="fee"):
    for _ in range(people):
        issuing.issue_ticket(hall=cast.hall, business=cast.businesses[business], actor=who("1101"),
            now=hall_now(cast.hall), insists="坚持到柜台")
def open_counter(number, no):
    return sessions.open_counter(hall=cast.hall, counter=cast.counters[number], actor=who(no), now=hall_now(cast.hall))
def serve(number, no, people):
    seat = open_counter(number, no)
    for _ in range(people):
        called = calling.call_next(hall=cast.hall, session=seat.id, counter=seat.counter, actor=who(no), now=hall_now(cast.hall))
        serving.start_handling(hall=cast.hall, ticket=called.id, actor=who(no), now=hall_now(cast.hall))
        serving.finish(hall=cast.hall, ticket=called.id, actor=who(no), now=hall_now(cast.hall))
def at(minutes):
    '''Let the hall's clock go on from so many minutes after ten o'clock.'''
    row = Hall.objects.get(pk=cast.hall)
    Hall.objects.update(clock_anchor_real=system_now(), clock_speed=1, config_version=row.config_version + 1,
        clock_anchor_hall=dt.datetime(2026, 1, 5, 2, tzinfo=dt.UTC) + dt.timedelta(minutes=minutes))
answer = None
"""


@pytest.fixture(scope="module")
def hall(tmp_path_factory):
    with opened_hall(
        tmp_path_factory.mktemp("peak"), "web", "stream", "worker",
        first=lambda hall: hall.tell("cast = raise_curtain()\n" + SETUP + "at(0)"), YINGTING_DEMO="1",
    ) as hall:  # fmt: skip
        yield hall


def tell(hall, code):
    hall.tell("cast = find_cast()\n" + SETUP + code)


@pytest.fixture
def screen(page_at, hall):
    """Open a page as a member of the cast; the browser may complain of nothing on any of them."""
    pages = []

    def show(*whom_and_where, **more):
        pages.append(page_at(hall, *whom_and_where, **more))
        return pages[-1]

    yield show
    assert [page.complaints for page in pages] == [[]] * len(pages)


@pytest.mark.req("QUE-08", "QUE-09", "QUE-16")
def test_a_peak_builds_up_is_seen_acted_on_and_its_effect_and_its_lapses_are_on_the_page(hall, screen):
    peak_and_forced_mode(hall, screen)
    other_screens(screen)
    lapses(hall, screen)


def peak_and_forced_mode(hall, screen):
    manager = screen("1201", "/floor/H01/")
    manager.wait_for_selector("#peak.peak-calm")
    picture(manager, "peak-calm")

    tell(hall, "open_counter('2', '1001')\ncome(9)")
    manager.wait_for_selector("#peak[data-rank='1']", timeout=8000)
    manager.wait_for_selector("#alert-peak", timeout=8000)
    picture(manager, "peak-raised")
    assert serious(manager) == []

    # It has been seen by being on the screen; nobody has acted.
    seen = lambda: hall.tell(  # noqa: E731
        "from yingting.domains.peaks.models import Alert; answer = Alert.objects.filter(kind='peak', seen_at__isnull=False).count()"
    )
    wait_for(lambda: seen() == 1, within_s=10, every_s=0.5)

    hold_a_button_while_the_hall_changes(hall, manager, manager.locator("#peak button", has_text="已派导购").first)
    manager.wait_for_selector("#alert-peak.is-answered")

    tell(hall, "at(12)\nserve('2', '1001', 6)\ncome(52)")
    manager.wait_for_selector("#peak[data-rank='3']", timeout=8000)
    manager.wait_for_selector("#alert-peak.is-waiting")
    manager.wait_for_selector("#alert-long_wait")
    manager.wait_for_selector(".peak-steps li:nth-child(3)")
    picture(manager, "peak-red")
    assert serious(manager) == []

    manager.click("#mode-start")
    manager.fill("#dialog-forced [name=other]", "月末缴费高峰")
    picture(manager, "peak-dialog")
    assert serious(manager) == []
    manager.click("#dialog-forced .btn-primary")
    manager.wait_for_selector("#mode >> text=月末缴费高峰")
    manager.wait_for_selector("#alert-peak.is-answered")

    tell(hall, "at(30)\nserve('2', '1001', 20)\ncome(4)")
    press_while_a_refresh_is_under_way(manager)
    manager.wait_for_selector("#mode-start")
    manager.wait_for_selector("#panel-peakseffect .effect-table")
    tell(hall, "at(50)\nserve('2', '1001', 12)\ncome(2)")
    manager.wait_for_selector("#panel-peakseffect >> text=截至目前", timeout=20_000)
    manager.locator("#panel-peakseffect").scroll_into_view_if_needed()
    picture(manager, "peak-effect")
    assert serious(manager) == []


def hold_a_button_while_the_hall_changes(hall, page, button):
    """Between press and release nothing is drawn anew, or the browser would make no click of it."""
    put_the_pointer_on(page, button)
    page.mouse.down()
    with page.expect_response(lambda answer: answer.url.endswith("/floor/H01/console/")):
        tell(hall, "come(1)")
    page.wait_for_timeout(300)
    page.mouse.up()


def put_the_pointer_on(page, button):
    """The pointer rests on the button as it stands now: a panel drawn anew meanwhile may have moved or replaced it."""

    def rests():
        button.hover()
        return button.evaluate("it => it.isConnected && it.matches(':hover')")

    wait_for(rests, within_s=20, every_s=0.1)


def press_while_a_refresh_is_under_way(page):
    """The press is sent at once; it does not stand in line behind the refresh, whose answer takes the button away."""
    asked = []

    def slowly(route):
        if route.request.method == "GET" and not asked:
            asked.append(route)  # kept until the press has been sent
        else:
            route.continue_()

    page.route("**/floor/H01/console/", slowly)
    changed(page)
    wait_for(lambda: page.wait_for_timeout(20) or asked)
    with page.expect_request("**/console/mode/end/"):
        page.click("#mode-end")
    asked[0].continue_()
    page.unroute("**/floor/H01/console/")


def other_screens(screen):
    tablet = screen("1201", "/floor/H01/", size=(1024, 768))
    tablet.wait_for_selector("#peak .peak-steps")
    assert tablet.evaluate("document.documentElement.scrollWidth <= innerWidth")
    picture(tablet, "peak-tablet")
    narrow = screen("1201", "/floor/H01/", size=(820, 1180), language="en")
    narrow.wait_for_selector("#peak .peak-steps")
    assert narrow.evaluate("document.documentElement.scrollWidth <= innerWidth")
    picture(narrow, "peak-english")
    assert serious(narrow) == []


def lapses(hall, screen):
    # The counter has stood free before its queue, and nobody has done anything about it.
    lapsed = "from yingting.domains.peaks.models import Alert; answer = Alert.objects.filter(lapses__gt=0).count()"
    tell(hall, "at(70)\ncome(1)")
    idle = lapsed.replace("lapses__gt=0", "kind='idle_counter', ended_at=None")
    wait_for(lambda: hall.tell(idle) > 0, within_s=30, every_s=1)
    tell(hall, "at(80)\ncome(1)")
    wait_for(lambda: hall.tell(lapsed) > 0, within_s=30, every_s=1)
    boss = screen("1301", "/halls/H01/alerts/")
    boss.wait_for_selector(".alerts-table >> text=到时无人处理")
    picture(boss, "peak-alerts")
    assert serious(boss) == []
    boss.click("text=全部告警")
    boss.wait_for_selector(".alerts-table")
    picture(boss, "peak-alerts-all")
    assert serious(boss) == []
