"""A customer books on a small phone, comes, is called and rates; late, too often missed, changed, cancelled, touched."""

import datetime as dt

import pytest
from playwright.sync_api import expect
from tests.journeys.acting import stand_at
from tests.journeys.looking import fits, looked_at, picture, serious

from yingting.domains.appointments.actions.booking import book
from yingting.domains.appointments.actions.waiting import decide_appeal
from yingting.domains.appointments.contracts import Wish
from yingting.domains.appointments.jobs import compare_bookings, look_after_bookings
from yingting.domains.appointments.models import Appeal, Booking
from yingting.domains.appointments.queries.public_rules import hall_code, public_booking
from yingting.domains.appointments.queries.rules_in_force import TERMS
from yingting.domains.appointments.reactions import follow_visits
from yingting.domains.appointments.rules.public import number_of
from yingting.domains.appointments.rules.shapes import Terms
from yingting.domains.queueing.actions import calling, serving, sessions
from yingting.domains.queueing.models import Ticket
from yingting.domains.queueing.queries.setup import fresh_setup
from yingting.foundation.editing.rulebook.actions import publish_rule
from yingting.foundation.sites.models import Hall, OpeningException
from yingting.kernel.actors import Actor, ActorKind
from yingting.kernel.ids import new_id

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SMALL, PHONE, KIOSK, OLD_PC = (320, 640), (390, 844), (1080, 1920), (1280, 800)
TEN = dt.datetime(2026, 1, 5, 2, tzinfo=dt.UTC)
ELEVEN = TEN + dt.timedelta(hours=1)


@pytest.fixture
def hall(committed_cast):
    stand_at(TEN)
    return committed_cast


def look(page, name):
    assert looked_at(page, name) == []
    fits(page)


def at(minutes, hours=0):
    """The clocks stand still so many minutes after ten."""
    moment = TEN + dt.timedelta(hours=hours, minutes=minutes)
    stand_at(moment)
    return moment


def booked(hall, starts_at=ELEVEN, phone="13800138000", business="open", **more):
    """Somebody has booked by the phone page."""
    wish = Wish(hall.hall, hall.businesses[business], starts_at, "phone_page", name="王客", phone=phone, **more)
    return book(wish=wish, actor=Actor(ActorKind.CUSTOMER, new_id(), "customer"), now=TEN)


def code_now(hall, now):
    setup = fresh_setup(hall.hall)
    return hall_code(hall.hall, public_booking(setup.path, setup.day(now)), now)


class Counter:
    """Counter 3 at work."""

    def __init__(self, hall, actor_of, now):
        self.hall, self.clerk = hall.hall, actor_of("1001")
        self.seat = sessions.open_counter(hall=self.hall, counter=hall.counters["3"], actor=self.clerk, now=now)

    def serve(self, now):
        called = calling.call_next(
            hall=self.hall, session=self.seat.id, counter=self.seat.counter, actor=self.clerk, now=now
        )
        for step in (serving.start_handling, serving.finish):
            step(hall=self.hall, ticket=called.id, actor=self.clerk, now=now)
        return called


@pytest.mark.req("APT-01", "APT-02")
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_book_on_a_phone_arrive_early_be_called_and_rate(page_of, hall, actor_of, language):
    name = f"book-{language}"
    page = page_of(path="/book/H01/", size=SMALL, language=language)
    look(page, f"{name}-1-business")
    # Three taps, two fields, one tap: nothing else is asked.
    page.locator(f"a[href*='{hall.businesses['open']}']").click()
    look(page, f"{name}-2-times")
    page.locator("button[name=starts_at]", has_text="11:00").click()
    page.wait_for_url("**/b/*/")
    expect(page.locator("#left")).to_have_text("10:00", timeout=3000)
    look(page, f"{name}-3-form")
    page.fill("#name", "王客")
    page.fill("#phone", "138 0013 8000")
    page.click("#confirm")
    expect(page.locator(".booked")).to_be_visible()
    look(page, f"{name}-4-booked")
    row = Booking.objects.get()
    assert (row.state, row.starts_at, row.notice, row.wants_reminder) == ("booked", ELEVEN, "1", False)
    with page.expect_download() as download:
        page.click("#ics")
    text = download.value.path().read_text(encoding="utf-8")
    assert "DTSTART:20260105T030000Z" in text
    assert "TRIGGER:-PT60M" in text

    now = at(40)
    page.reload()
    page.fill("#code", "0000" if code_now(hall, now) != "0000" else "1111")
    look(page, f"{name}-5-near")
    page.click("#arrive button")
    expect(page.locator(".refused")).to_be_visible()
    assert not Ticket.objects.exists()
    page.fill("#code", code_now(hall, now))
    page.click("#arrive button")
    expect(page.locator(".number-big")).to_have_text("Y001")
    look(page, f"{name}-6-arrived")
    assert Ticket.objects.get().rank_at == ELEVEN

    page.click("#to-ticket")
    page.wait_for_url("**/t/*/")
    counter = Counter(hall, actor_of, at(50))
    assert counter.serve(at(59)).rule == "booked"
    assert follow_visits() == 1
    page.reload()
    page.locator("input[name=score][value='5']").check()
    page.locator(".rate button.primary").click()
    expect(page.locator("input[name=score]")).to_have_count(0)
    row.refresh_from_db()
    assert (row.state, Ticket.objects.get().rating) == ("served", 5)


@pytest.mark.req("APT-01")
def test_by_keyboard_alone_and_with_large_type(page_of, hall):
    page = page_of(path="/book/H01/", size=PHONE, language="en")
    page.locator(f"a[href*='{hall.businesses['open']}']").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("button[name=starts_at]")
    page.locator("button[name=starts_at]", has_text="11:00").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/b/*/")
    page.locator("#name").focus()
    page.keyboard.type("Wang")
    page.keyboard.press("Tab")
    page.keyboard.type("13800138000")
    page.keyboard.press("Enter")
    expect(page.locator(".booked")).to_be_visible()
    address = page.url
    for where, name in (
        ("/book/H01/", "business"), (f"/book/H01/{hall.businesses['open']}/", "times"), (address, "booked"),
        (f"{address}move/", "move"), (f"{address}cancel/", "cancel"),
    ):  # fmt: skip
        page.goto(where)
        page.evaluate("document.documentElement.style.fontSize = '34px'")
        assert looked_at(page, f"large-{name}") == []
        fits(page)


@pytest.mark.req("APT-01")
def test_at_the_kiosk_late_is_moved_back_and_too_late_is_told(page_of, hall, device):
    first, second = booked(hall), booked(hall, phone="13900139000")
    stand_at(ELEVEN + dt.timedelta(minutes=20))
    page = device("kiosk", KIOSK)
    stand_at(ELEVEN + dt.timedelta(minutes=20))
    page.goto("/kiosk/")
    page.wait_for_selector("#kiosk[data-at='classes']")
    assert serious(page) == []
    picture(page, "kiosk-1-start")
    page.click(".other-way")
    page.wait_for_url("**/booked/kiosk/**")
    assert looked_at(page, "kiosk-2-ask") == []
    for digit in "13900139001":
        page.click(f"[data-key='{digit}']")
    page.click("#go")
    expect(page.locator(".slip-failed")).to_be_visible()
    for digit in number_of(second.id):
        page.click(f"[data-key='{digit}']")
    page.click("#go")
    expect(page.locator("h1.number")).to_have_text("Y001")
    expect(page.locator(".told-late")).to_be_visible()
    assert looked_at(page, "kiosk-3-late") == []
    assert Ticket.objects.get().rank_at == ELEVEN + dt.timedelta(minutes=20)

    stand_at(ELEVEN + dt.timedelta(minutes=31))
    page.goto("/booked/kiosk/")
    page.keyboard.type(f"{page.home}/b/{first.secret}/")  # a reader types the whole address
    page.keyboard.press("Enter")
    expect(page.locator(".slip-failed")).to_contain_text("11:00")
    assert looked_at(page, "kiosk-4-over") == []
    page.click(".way")
    page.wait_for_selector("#kiosk[data-at='classes']")
    assert Booking.objects.get(pk=first.id).state == "booked"
    page.set_viewport_size({"width": OLD_PC[0], "height": OLD_PC[1]})
    page.goto("/booked/kiosk/")
    assert looked_at(page, "kiosk-5-old-pc") == []


def test_in_the_hall_by_the_code_of_the_kiosk(page_of, hall):
    booked(hall)
    now = at(55)
    page = page_of(path=f"/book/H01/here/?c={code_now(hall, now)}", size=SMALL)
    look(page, "here-1")
    page.fill("#text", "13800138001")
    page.click("button.primary")
    expect(page.locator(".refused")).to_be_visible()
    page.fill("#text", "13800138000")
    page.click("button.primary")
    expect(page.locator(".number-big")).to_have_text("Y001")
    look(page, "here-2")


@pytest.mark.req("APT-01")
def test_the_guide_lets_them_arrive_with_one_tap(page_of, hall):
    given = booked(hall, need="换 5G 卡", papers=("本人身份证原件",))
    booked(hall, starts_at=ELEVEN + dt.timedelta(minutes=30), phone="13900139000")
    at(58)
    page = page_of("1101", "/guide/H01/", size=PHONE)
    page.wait_for_selector(f"#here-{given.id}")
    assert looked_at(page, "guide-1-expected") == []
    page.click(f"#here-{given.id}")
    expect(page.locator("[data-expected] .said-ok")).to_contain_text("Y001")
    expect(page.locator(f"#here-{given.id}")).to_have_count(0)
    assert looked_at(page, "guide-2-arrived") == []
    assert Ticket.objects.get().channel == "guide"


@pytest.mark.req("APT-01")
def test_change_and_cancel_by_the_link(page_of, hall):
    given = booked(hall)
    page = page_of(path=f"/b/{given.secret}/", size=SMALL)
    page.click("#move")
    page.wait_for_url("**/move/")
    look(page, "move-1")
    page.locator("button[name=starts_at]", has_text="14:30").click()
    page.wait_for_url(f"**/b/{given.secret}/")
    expect(page.locator(".when")).to_contain_text("14:30")
    page.click("#cancel")
    page.wait_for_url("**/cancel/")
    look(page, "cancel-1")
    page.click("#yes")
    page.wait_for_url(f"**/b/{given.secret}/")
    look(page, "cancel-2")
    row = Booking.objects.get()
    assert (row.state, row.cause) == ("cancelled", "cancelled")
    page.goto(f"/b/{given.secret[:-2]}xx/")
    look(page, "unknown-link")


@pytest.mark.req("APT-01")
def test_who_may_not_book_is_told_politely_and_nothing_about_the_number(page_of, hall):
    booked(hall)
    page = page_of(path=f"/book/H01/{hall.businesses['fee']}/", size=SMALL)
    page.locator("button[name=starts_at]", has_text="15:00").click()
    page.wait_for_url("**/b/*/")
    page.fill("#name", "别人")
    page.fill("#phone", "13800138000")  # may book once a day
    page.click("#confirm")
    expect(page.locator("#notice .refused")).to_be_visible()
    look(page, "limited")
    assert page.input_value("#name") == "别人"
    assert "11:00" not in page.content()
    assert Booking.objects.filter(state="booked").count() == 1


@pytest.mark.req("APT-01")
def test_who_misses_too_often_is_refused_politely_objects_and_may_book_again(page_of, hall, actor_of):
    unit = Hall.objects.get(pk=hall.hall).unit_id
    publish_rule(TERMS, unit=unit, rule=Terms(no_show_most=1), valid_from=TEN.date(), actor=actor_of("1301"), now=TEN)
    given = booked(hall)
    now = at(31, hours=1)
    assert look_after_bookings() == 1
    page = page_of(path=f"/book/H01/{hall.businesses['fee']}/", size=SMALL)
    page.locator("button[name=starts_at]", has_text="15:00").click()
    page.wait_for_url("**/b/*/")
    page.fill("#name", "王客")
    page.fill("#phone", "13800138000")
    page.click("#confirm")
    expect(page.locator("#notice .refused")).to_be_visible()
    held = page.url
    page.goto(f"/b/{given.secret}/")
    look(page, "missed")
    page.fill("#words", "孩子急病送医院")
    page.locator("#block button").click()
    expect(page.locator("#words")).to_have_count(0)
    expect(page.locator("#block b")).to_be_visible()
    look(page, "objected")
    decide_appeal(appeal=Appeal.objects.get().pk, granted=True, answer="情况属实", actor=actor_of("1201"), now=now)
    page.goto(held)
    page.fill("#name", "王客")
    page.fill("#phone", "13800138000")
    page.click("#confirm")
    expect(page.locator(".booked")).to_be_visible()


@pytest.mark.req("APT-01")
def test_a_booking_that_cannot_stand_is_offered_new_places_on_its_page(page_of, hall):
    tomorrow = ELEVEN + dt.timedelta(days=1)
    given = booked(hall, tomorrow)
    OpeningException.objects.create(hall_id=hall.hall, on=tomorrow.date(), opens=None, closes=None)
    stand_at(TEN)
    assert compare_bookings() == 1
    page = page_of(path=f"/b/{given.secret}/", size=SMALL, language="en")
    look(page, "touched")
    offers = page.locator(".touched button[name=starts_at]")
    expect(offers).to_have_count(6)
    offers.last.click()
    page.wait_for_url(f"**/b/{given.secret}/")
    expect(page.locator(".booked")).to_be_visible()
    row = Booking.objects.get()
    assert (row.touched_why, row.starts_at.date() != tomorrow.date()) == ("", True)


def test_the_desk_lets_them_arrive(page_of, hall):
    given = booked(hall)
    at(58)
    page = page_of("1101", "/appointments/H01/")
    page.wait_for_selector(f"#here-{given.id}")
    assert looked_at(page, "desk") == []
    page.click(f"#here-{given.id}")
    expect(page.locator("#notice")).to_contain_text("Y001")
    assert Ticket.objects.get().channel == "counter"


def test_the_poster(page_of, hall):
    page = page_of("1201", "/appointments/poster/H01/")
    assert looked_at(page, "poster") == []
