"""The screens of clerks and duty managers in a real browser: every key, lost lines, dialogs, and axe in both languages."""

import datetime as dt

import pytest
from playwright.sync_api import expect
from tests.journeys.acting import changed, press, stand_at, state
from tests.journeys.looking import serious

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def hall(committed_cast, now):
    """The cast's hall at ten o'clock, its clock standing still unless a test moves it."""
    stand_at(now)
    return committed_cast


def issue(hall, actor_of, now, business="fee", **more):
    from yingting.domains.queueing.actions import issuing

    return issuing.issue_ticket(
        hall=hall.hall, business=hall.businesses[business], actor=actor_of("1101"), now=now, **more
    )


def dialog(page):
    page.wait_for_selector("#dialog[open]")


def no_dialog(page):
    page.wait_for_selector("#dialog:not([open])", state="attached")


def at_counter(page_of, number="3", **more):
    page = page_of("1001", "/counter/", **more)
    press(page, number)
    state(page, "idle")
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
    press(page, "F2")
    state(page, "called")
    expect(page.locator(".ticket-number")).to_have_text("A001", use_inner_text=True)
    press(page, "r")
    page.wait_for_selector("#screen >> text=已叫 2 次")
    press(page, "Enter")
    state(page, "serving")
    press(page, "b")
    dialog(page)
    press(page, "2", "Enter")
    page.wait_for_selector("#screen >> text=组合业务")
    press(page, "x")
    dialog(page)
    press(page, "3", "Enter")
    page.wait_for_selector("#screen >> text=单一业务")
    press(page, "g")
    dialog(page)
    assert f"/t/{ticket('A001').secret}/" in page.locator(".rating-address").inner_text()
    press(page, "Escape")
    press(page, "p")
    dialog(page)
    press(page, "2", "Enter")
    state(page, "idle")
    assert ticket("A001").state == "parked"
    press(page, "u")
    dialog(page)
    press(page, "Enter")
    state(page, "serving")
    press(page, "f")
    state(page, "idle")
    assert ticket("A001").state == "finished"
    press(page, "Space")
    state(page, "called")
    press(page, "n")
    state(page, "idle")
    assert ticket("A002").state == "missed"
    press(page, "Space")
    state(page, "called")
    press(page, "t")
    dialog(page)
    press(page, "3", "Enter")
    state(page, "idle")
    assert ticket("A003").queue_id == hall.queues["C"]
    press(page, "z")
    dialog(page)
    press(page, "1", "Enter")
    state(page, "paused")
    press(page, "Space")
    state(page, "idle")
    press(page, "Space")
    state(page, "called")
    press(page, "s")
    state(page, "serving")
    press(page, "f")
    state(page, "idle")
    press(page, "q")
    dialog(page)
    press(page, "Enter")
    page.wait_for_selector(".seats")
    assert facts("session.closed") == 1


@pytest.mark.req("QUE-01")
def test_a_double_press_calls_once(page_of, hall, actor_of, now):
    for _ in range(3):
        issue(hall, actor_of, now)
    page = at_counter(page_of)
    page.keyboard.press("Space")
    page.keyboard.press("Space")
    page.evaluate("document.getElementById('do-call')?.click()")  # it may be gone by now
    state(page, "called")
    page.keyboard.press("Space")
    page.keyboard.press("F2")
    page.wait_for_timeout(500)
    assert facts("ticket.called") == 1


def test_keys_rest_while_typing_with_a_modifier_and_when_switched_off(page_of, hall, actor_of, now):
    issue(hall, actor_of, now)
    page = at_counter(page_of)
    press(page, "Control+q", "Alt+u", "Shift+z")
    page.wait_for_timeout(300)
    assert page.locator("#dialog[open]").count() == 0
    press(page, "z")
    dialog(page)
    page.fill("#dialog input[name=other]", "")
    page.type("#dialog input[name=other]", "fru 1")
    assert page.locator("#dialog input[name=other]").input_value() == "fru 1"
    press(page, "Escape")
    no_dialog(page)
    page.click("#keys-switch")
    page.locator("#screen").focus()
    press(page, "Space")
    page.wait_for_timeout(300)
    assert facts("ticket.called") == 0


@pytest.mark.req("QUE-01")
def test_a_press_whose_answer_was_lost_is_repeated_and_done_once(page_of, hall, actor_of, now):
    for _ in range(2):
        issue(hall, actor_of, now)
    page = at_counter(page_of)
    lost = []

    def lose_the_first_answer(route):
        if lost:
            route.continue_()
            return
        lost.append(route.request.post_data)
        route.fetch()  # the server does it…
        route.abort()  # …but the answer never arrives

    page.route("**/call/", lose_the_first_answer)
    press(page, "Space")
    page.wait_for_selector("#offline:not([hidden])")
    expect(page.locator("#offline")).to_contain_text("叫下一位", use_inner_text=True)
    state(page, "called")
    expect(page.locator(".ticket-number")).to_have_text("A001", use_inner_text=True)
    assert page.locator("#offline").is_hidden()
    assert facts("ticket.called") == 1
    assert ticket("A002").state == "waiting"


def test_a_kept_press_survives_a_reload_and_goes_out_when_the_line_is_back(page_of, hall, actor_of, now):
    issue(hall, actor_of, now)
    page = at_counter(page_of)
    page.route("**/call/", lambda route: route.abort())
    press(page, "Space")
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
    press(page, "Space")
    page.wait_for_selector("#notice [data-code='queue.nobody_waits']")
    sessions.close_counter(hall=hall.hall, session=seat_of(actor_of("1001"))[1], actor=actor_of("1201"), now=now)
    press(page, "Space")
    state(page, "closed")
    expect(page.locator("#screen")).to_contain_text("值班经理已在 10:00 关闭 3 号台", use_inner_text=True)


def test_the_idle_screen_follows_the_hall(page_of, hall, actor_of, now):
    page = at_counter(page_of)
    expect(page.locator("#screen")).to_contain_text("没有人在等", use_inner_text=True)
    issue(hall, actor_of, now)
    changed(page)
    page.wait_for_selector("#screen >> text=人在等您叫号")
    assert "A001" not in page.content()


@pytest.mark.req("QUE-04")
def test_the_clock_turns_amber_and_red_with_a_word(page_of, hall, actor_of, now):
    from yingting.foundation.sites.models import Hall

    issue(hall, actor_of, now)
    page = at_counter(page_of)
    press(page, "Space")
    state(page, "called")
    press(page, "Enter")
    state(page, "serving")
    expect(page.locator(".limit")).to_contain_text("时限内", use_inner_text=True)
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
    page = page_of("1201", "/floor/", size=(1180, 820))
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
    page = page_of("1201", "/floor/H01/", size=(1180, 820))
    page.click("#ticket-A001")
    moving.leave(hall=hall.hall, ticket=ticket("A001").pk, actor=actor_of("1101"), now=now)
    page.click("#dialog-ticket >> text=客户已离开")
    page.wait_for_selector("#notice [data-code='ticket.moved_on']")
    page.wait_for_selector("#dialog-ticket:not([open])", state="attached")


def test_the_live_hall_follows_what_happens(page_of, hall, actor_of, now):
    page = page_of("9001", "/floor/")
    page.click("text=天河路营业厅")
    page.wait_for_selector("text=没有人在等。")
    assert page.locator("#main button").count() == 0
    issue(hall, actor_of, now)
    changed(page)
    page.wait_for_selector(".longest-table >> text=A001")


def test_a_demo_opens_a_screen_with_one_click(page_of, hall, settings):
    settings.DEMO = True
    page = page_of(None, "/")
    page.click("button.entry >> text=台席")
    page.wait_for_selector(".seats")
    expect(page.locator(".house-person")).to_contain_text("王芳", use_inner_text=True)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_axe_finds_nothing_serious_on_the_front_door(page_of, hall, settings, language):
    page = page_of(None, "/sign-in/", language=language)
    assert serious(page) == []
    page.fill("#staff-no", "1001")
    page.fill("#password", "wrong")
    page.click("main button")
    page.wait_for_selector(".notice-refused")
    assert serious(page) == []
    settings.DEMO = True
    page.goto("/")
    assert serious(page) == []
    page.goto("/nowhere/")
    assert serious(page) == []


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_axe_finds_nothing_serious_on_the_counter(page_of, hall, actor_of, now, language):
    issue(hall, actor_of, now, "open")
    page = page_of("1001", "/counter/", language=language)
    found = {"choose": serious(page)}
    press(page, "3")
    state(page, "idle")

    def look(name, *, opens=None):
        if opens:
            press(page, opens)
            dialog(page)
        found[name] = serious(page)
        if opens:
            press(page, "Escape")

    look("idle")
    look("aside", opens="u")
    look("leave", opens="q")
    press(page, "Space")
    state(page, "called")
    look("called")
    look("transfer", opens="t")
    press(page, "Enter")
    state(page, "serving")
    look("serving")
    for name, key in (("add", "b"), ("next", "x"), ("park", "p"), ("pause", "z"), ("rating", "g")):
        look(name, opens=key)
    press(page, "f")
    state(page, "idle")
    press(page, "z")
    dialog(page)
    press(page, "Enter")
    state(page, "paused")
    look("paused")
    assert {name: rows for name, rows in found.items() if rows} == {}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_axe_finds_nothing_serious_on_the_live_hall(page_of, hall, actor_of, now, language):
    _busy(hall, actor_of, now)
    page = page_of("1201", "/floor/H01/", language=language, size=(1180, 820))
    found = {"floor": serious(page)}
    for opener, name in (
        ("#counter-1", "dialog-open"), ("#counter-3", "dialog-paused"), ("#ticket-A001", "dialog-ticket"), ("#close-day", "dialog-close-day"),
    ):  # fmt: skip
        page.click(opener)
        page.wait_for_selector(f"#{name}[open]")
        found[name] = serious(page)
        press(page, "Escape")
    reader = page_of("9001", "/floor/", language=language)
    found["halls"] = serious(reader)
    assert {name: rows for name, rows in found.items() if rows} == {}
