"""The screens of clerks and duty managers in a real browser: every key, lost lines, dialogs, and axe in both languages."""

import datetime as dt

import pytest
from tests.journeys.looking import serious

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def hall(committed_cast, now):
    """The cast's hall at ten o'clock, its clock standing still unless a test moves it."""
    from yingting.foundation.sites.models import Hall

    Hall.objects.update(clock_anchor_real=now, clock_anchor_hall=now, clock_speed=0)
    return committed_cast


@pytest.fixture
def page_of(new_page, live_server, hall, client):
    """Return a page signed in as a member of the cast, in a language, at a size."""
    from django.conf import settings

    from yingting.foundation.people.models import Person

    def open_page(staff_no=None, *, language="zh-hans", size=(1280, 800)):
        page = new_page(size)
        cookies = [{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": live_server.url}]
        if staff_no:
            client.force_login(Person.objects.get(staff_no=staff_no))
            key = client.cookies[settings.SESSION_COOKIE_NAME].value
            cookies.append({"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url})
        page.context.add_cookies(cookies)
        page.home = live_server.url
        return page

    return open_page


def issue(hall, actor_of, now, business="fee", **more):
    from yingting.domains.queueing.actions import issuing

    return issuing.issue_ticket(
        hall=hall.hall, business=hall.businesses[business], actor=actor_of("1101"), now=now, **more
    )


def state(page, name):
    page.wait_for_selector(f"#screen [data-state='{name}']")


def dialog(page):
    page.wait_for_selector("#dialog[open]")


def no_dialog(page):
    page.wait_for_selector("#dialog:not([open])", state="attached")


def at_counter(page_of, number="3", **more):
    page = page_of("1001", **more)
    page.goto(page.home + "/counter/")
    page.keyboard.press(number)
    page.wait_for_selector("#screen")
    page.wait_for_load_state()  # the screen is there before its script listens to keys
    return page


def ticket(number):
    from yingting.domains.queueing.models import Ticket

    return Ticket.objects.get(number=number)


def facts(kind):
    from yingting.foundation.journal.models import Fact

    return Fact.objects.filter(kind=kind).count()


@pytest.mark.req("QUE-01")
def test_a_clerk_works_a_whole_visit_by_keyboard_alone(page_of, hall, actor_of, now):
    for business in ("fee", "invoice", "query", "fee"):
        issue(hall, actor_of, now, business)
    page = at_counter(page_of)
    state(page, "idle")
    page.keyboard.press("F2")
    state(page, "called")
    assert page.locator(".ticket-number").inner_text() == "A001"
    page.keyboard.press("r")
    page.wait_for_selector("#screen >> text=已叫 2 次")
    page.keyboard.press("Enter")
    state(page, "serving")
    page.keyboard.press("b")
    dialog(page)
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    page.wait_for_selector("#screen >> text=组合业务")
    page.keyboard.press("x")
    dialog(page)
    page.keyboard.press("3")
    page.keyboard.press("Enter")
    page.wait_for_selector("#screen >> text=单一业务")
    page.keyboard.press("g")
    dialog(page)
    assert f"/t/{ticket('A001').secret}/" in page.locator(".rating-address").inner_text()
    page.keyboard.press("Escape")
    page.keyboard.press("p")
    dialog(page)
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    state(page, "idle")
    assert ticket("A001").state == "parked"
    page.keyboard.press("u")
    dialog(page)
    page.keyboard.press("Enter")
    state(page, "serving")
    page.keyboard.press("f")
    state(page, "idle")
    assert ticket("A001").state == "finished"
    page.keyboard.press("Space")
    state(page, "called")
    page.keyboard.press("n")
    state(page, "idle")
    assert ticket("A002").state == "missed"
    page.keyboard.press("Space")
    state(page, "called")
    page.keyboard.press("t")
    dialog(page)
    page.keyboard.press("3")
    page.keyboard.press("Enter")
    state(page, "idle")
    assert ticket("A003").queue_id == hall.queues["C"]
    page.keyboard.press("z")
    dialog(page)
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    state(page, "paused")
    page.keyboard.press("Space")
    state(page, "idle")
    page.keyboard.press("Space")
    state(page, "called")
    page.keyboard.press("s")
    state(page, "serving")
    page.keyboard.press("f")
    state(page, "idle")
    page.keyboard.press("q")
    dialog(page)
    page.keyboard.press("Enter")
    page.wait_for_selector(".seats")
    assert facts("session.closed") == 1


@pytest.mark.req("QUE-01")
def test_a_double_press_calls_once(page_of, hall, actor_of, now):
    for _ in range(3):
        issue(hall, actor_of, now)
    page = at_counter(page_of)
    state(page, "idle")
    page.keyboard.press("Space")
    page.keyboard.press("Space")
    page.locator("#do-call").dispatch_event("click") if page.locator("#do-call").count() else None
    state(page, "called")
    page.keyboard.press("Space")
    page.keyboard.press("F2")
    page.wait_for_timeout(500)
    assert facts("ticket.called") == 1


def test_keys_rest_while_typing_with_a_modifier_and_when_switched_off(page_of, hall, actor_of, now):
    issue(hall, actor_of, now)
    page = at_counter(page_of)
    state(page, "idle")
    for press in ("Control+q", "Alt+u", "Shift+z"):
        page.keyboard.press(press)
    page.wait_for_timeout(300)
    assert page.locator("#dialog[open]").count() == 0
    page.keyboard.press("z")
    dialog(page)
    page.fill("#dialog input[name=other]", "")
    page.type("#dialog input[name=other]", "fru 1")
    assert page.locator("#dialog input[name=other]").input_value() == "fru 1"
    page.keyboard.press("Escape")
    no_dialog(page)
    page.click("#keys-switch")
    page.locator("#screen").focus()
    page.keyboard.press("Space")
    page.wait_for_timeout(300)
    assert facts("ticket.called") == 0


@pytest.mark.req("QUE-01")
def test_a_press_whose_answer_was_lost_is_repeated_and_done_once(page_of, hall, actor_of, now):
    for _ in range(2):
        issue(hall, actor_of, now)
    page = at_counter(page_of)
    state(page, "idle")
    lost = []

    def lose_the_first_answer(route):
        if lost:
            route.continue_()
            return
        lost.append(route.request.post_data)
        route.fetch()  # the server does it…
        route.abort()  # …but the answer never arrives

    page.route("**/call/", lose_the_first_answer)
    page.keyboard.press("Space")
    page.wait_for_selector("#offline:not([hidden])")
    assert "叫下一位" in page.locator("#offline").inner_text()
    state(page, "called")
    assert page.locator(".ticket-number").inner_text() == "A001"
    assert page.locator("#offline").is_hidden()
    assert facts("ticket.called") == 1
    assert ticket("A002").state == "waiting"


def test_a_kept_press_survives_a_reload_and_goes_out_when_the_line_is_back(page_of, hall, actor_of, now):
    issue(hall, actor_of, now)
    page = at_counter(page_of)
    state(page, "idle")
    page.route("**/call/", lambda route: route.abort())
    page.keyboard.press("Space")
    page.wait_for_selector("#offline:not([hidden])")
    page.keyboard.press("Space")
    assert facts("ticket.called") == 0
    page.reload()
    page.wait_for_selector("#offline:not([hidden])")
    page.unroute("**/call/")
    state(page, "called")
    assert facts("ticket.called") == 1


def test_a_refusal_is_said_and_the_screen_looks_again(page_of, hall, actor_of, now):
    from yingting.domains.queueing.actions import sessions
    from yingting.domains.queueing.queries.counters import seat_of

    page = at_counter(page_of)
    state(page, "idle")
    page.keyboard.press("Space")
    page.wait_for_selector("#notice [data-code='queue.nobody_waits']")
    sessions.close_counter(hall=hall.hall, session=seat_of(actor_of("1001"))[1], actor=actor_of("1201"), now=now)
    page.keyboard.press("Space")
    state(page, "closed")
    assert "值班经理已在 10:00 关闭 3 号台" in page.locator("#screen").inner_text()


def test_the_idle_screen_follows_the_hall(page_of, hall, actor_of, now):
    page = at_counter(page_of)
    state(page, "idle")
    assert "没有人在等" in page.locator("#screen").inner_text()
    issue(hall, actor_of, now)
    page.evaluate("document.body.dispatchEvent(new Event('yingting:changed'))")
    page.wait_for_selector("#screen >> text=人在等您叫号")
    assert "A001" not in page.content()


@pytest.mark.req("QUE-04")
def test_the_clock_turns_amber_and_red_with_a_word(page_of, hall, actor_of, now):
    from yingting.foundation.sites.models import Hall

    issue(hall, actor_of, now)
    page = at_counter(page_of)
    state(page, "idle")
    page.keyboard.press("Space")
    state(page, "called")
    page.keyboard.press("Enter")
    state(page, "serving")
    assert "时限内" in page.locator(".limit").inner_text()
    for seconds, word, level in ((144, "快到时限", "near"), (181, "已超时限", "over")):
        hall_row = Hall.objects.get(code="H01")
        Hall.objects.filter(code="H01").update(
            clock_anchor_hall=now + dt.timedelta(seconds=seconds), config_version=hall_row.config_version + 1
        )
        page.reload()
        page.wait_for_selector(f".limit-{level}")
        assert word in page.locator(".limit").inner_text()


def _busy(hall, actor_of, now):
    from yingting.domains.queueing.actions import sessions

    seat = sessions.open_counter(
        hall=hall.hall, counter=hall.counters["3"], actor=actor_of("1001"), now=now - dt.timedelta(minutes=30)
    )
    sessions.pause(
        hall=hall.hall, session=seat.id, reason="用餐", actor=actor_of("1001"), now=now - dt.timedelta(minutes=20)
    )
    names = ("fee", "install", "open", "change", "sim")
    for n in range(30):
        issue(hall, actor_of, now - dt.timedelta(minutes=20) + n * dt.timedelta(seconds=35), names[n % 5])


@pytest.mark.req("QUE-02")
def test_the_duty_manager_opens_pauses_and_closes_counters_and_moves_a_ticket(page_of, hall, actor_of, now):
    _busy(hall, actor_of, now)
    page = page_of("1201", size=(1180, 820))
    page.goto(page.home + "/floor/")
    assert page.url.endswith("/floor/H01/")
    page.wait_for_selector("#peak >> text=现在该做")
    page.click("#counter-5")
    page.click("#dialog-open >> text=赵敏")
    page.click("#dialog-open button.btn-primary")
    page.wait_for_selector(".counter-idle >> text=赵敏")
    page.click("#counter-5")
    page.click("#dialog-counter >> text=清点现金")
    page.click("#dialog-counter button.btn-primary")
    page.wait_for_selector(".counter-paused >> text=清点现金")
    page.click("#counter-5")
    page.click("#dialog-paused button.btn-primary")
    page.wait_for_selector(".counter-idle >> text=赵敏")
    page.click("#counter-5")
    page.click("#dialog-counter >> text=关台")
    page.wait_for_selector("#counter-5 >> text=开台")
    page.click("#ticket-A001")
    page.click("#dialog-ticket >> text=3 号台")
    page.click("#dialog-ticket >> text=排第一")
    page.click("#dialog-ticket button.btn-primary")
    page.wait_for_selector("#dialog-ticket:not([open])", state="attached")
    assert ticket("A001").for_counter_id == hall.counters["3"]


def test_a_refused_step_is_said_on_the_live_hall(page_of, hall, actor_of, now):
    from yingting.domains.queueing.actions import moving

    _busy(hall, actor_of, now)
    page = page_of("1201", size=(1180, 820))
    page.goto(page.home + "/floor/H01/")
    page.click("#ticket-A001")
    moving.leave(hall=hall.hall, ticket=ticket("A001").pk, actor=actor_of("1101"), now=now)
    page.click("#dialog-ticket >> text=客户已离开")
    page.wait_for_selector("#notice [data-code='ticket.moved_on']")
    page.wait_for_selector("#dialog-ticket:not([open])", state="attached")


def test_the_live_hall_follows_what_happens(page_of, hall, actor_of, now):
    page = page_of("9001", size=(1280, 800))
    page.goto(page.home + "/floor/")
    page.click("text=天河路营业厅")
    page.wait_for_selector("text=没有人在等。")
    assert page.locator("#main button").count() == 0
    issue(hall, actor_of, now)
    page.evaluate("document.body.dispatchEvent(new Event('yingting:changed'))")
    page.wait_for_selector(".longest-table >> text=A001")


def test_a_demo_opens_a_screen_with_one_click(page_of, hall, settings):
    settings.DEMO = True
    page = page_of()
    page.goto(page.home + "/")
    page.click("button.entry >> text=台席")
    page.wait_for_selector(".seats")
    assert "王芳" in page.locator(".house-person").inner_text()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_axe_finds_nothing_serious_on_the_front_door(page_of, hall, settings, language):
    page = page_of(language=language)
    page.goto(page.home + "/sign-in/")
    assert serious(page) == []
    page.fill("#staff-no", "1001")
    page.fill("#password", "wrong")
    page.click("main button")
    page.wait_for_selector(".notice-refused")
    assert serious(page) == []
    settings.DEMO = True
    page.goto(page.home + "/")
    assert serious(page) == []
    page.goto(page.home + "/nowhere/")
    assert serious(page) == []


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_axe_finds_nothing_serious_on_the_counter(page_of, hall, actor_of, now, language):
    issue(hall, actor_of, now, "open")
    page = page_of("1001", language=language)
    page.goto(page.home + "/counter/")
    found = {"choose": serious(page)}
    page.keyboard.press("3")
    page.wait_for_selector("#screen")

    def look(name, *, opens=None):
        if opens:
            page.keyboard.press(opens)
            dialog(page)
        found[name] = serious(page)
        if opens:
            page.keyboard.press("Escape")

    look("idle")
    look("aside", opens="u")
    look("leave", opens="q")
    page.keyboard.press("Space")
    state(page, "called")
    look("called")
    look("transfer", opens="t")
    page.keyboard.press("Enter")
    state(page, "serving")
    look("serving")
    for name, key in (("add", "b"), ("next", "x"), ("park", "p"), ("pause", "z"), ("rating", "g")):
        look(name, opens=key)
    page.keyboard.press("f")
    state(page, "idle")
    page.keyboard.press("z")
    dialog(page)
    page.keyboard.press("Enter")
    state(page, "paused")
    look("paused")
    assert {name: rows for name, rows in found.items() if rows} == {}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_axe_finds_nothing_serious_on_the_live_hall(page_of, hall, actor_of, now, language):
    _busy(hall, actor_of, now)
    page = page_of("1201", language=language, size=(1180, 820))
    page.goto(page.home + "/floor/H01/")
    found = {"floor": serious(page)}
    for opener, name in (
        ("#counter-1", "dialog-open"), ("#counter-3", "dialog-paused"), ("#ticket-A001", "dialog-ticket"), ("#close-day", "dialog-close-day"),
    ):  # fmt: skip
        page.click(opener)
        page.wait_for_selector(f"#{name}[open]")
        found[name] = serious(page)
        page.keyboard.press("Escape")
    reader = page_of("9001", language=language)
    reader.goto(reader.home + "/floor/")
    found["halls"] = serious(reader)
    assert {name: rows for name, rows in found.items() if rows} == {}
