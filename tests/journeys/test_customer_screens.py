"""What a customer sees, in a real browser: kiosk, hall board, phone; every state, both languages, axe on all of them."""

import json
import re

import pytest
from playwright.sync_api import expect
from tests.journeys.acting import changed
from tests.journeys.looking import serious

from yingting.domains.queueing.tests.screens import person, set_clock
from yingting.domains.queueing.tests.test_slips import a_dead_address, loopback_printer
from yingting.web.tests.running import wait_for

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

KIOSK, OLD_PC, BOARD, PHONE = (1080, 1920), (1280, 800), (1920, 1080), (360, 740)

# A browser whose local voices speak at once and remember what they said.
WITH_VOICES = """
window.said = [];
const voices = [{lang: "zh-CN", localService: true, name: "本机"}, {lang: "en-US", localService: true, name: "local"}];
Object.defineProperty(window, "speechSynthesis", {value: {
  getVoices: () => voices, cancel: () => {},
  speak: (words) => { window.said.push(words.text); setTimeout(() => words.onend && words.onend(), 30); },
}});
window.SpeechSynthesisUtterance = function (text) { this.text = text; };
"""
# A browser without any voice, whose loudspeaker is a list.
WITHOUT_VOICES = """
window.played = [];
Object.defineProperty(window, "speechSynthesis", {value: {
  getVoices: () => [{lang: "zh-CN", localService: false}], cancel: () => {}, speak: () => { throw new Error("remote"); },
}});
window.Audio = class extends EventTarget {
  constructor(url) { super(); this.url = url; }
  pause() {}
  play() {
    if (this.volume !== 0) window.played.push(this.url.split("/").pop().split(".")[0]);
    setTimeout(() => this.dispatchEvent(new Event("ended")), 5);
    return Promise.resolve();
  }
};
"""


@pytest.fixture
def printing(monkeypatch):
    """Return a function that waits until all that kiosks had printed has ended, and tells how."""
    from yingting.domains.queueing.views import kiosk

    jobs, print_soon = [], kiosk.print_soon
    monkeypatch.setattr(kiosk, "print_soon", lambda job: jobs.append(print_soon(job)))
    return lambda: sorted(job.result(20) for job in jobs)


def at(page, step):
    page.wait_for_selector(f"#kiosk[data-at='{step}']")


def tickets():
    from yingting.domains.queueing.models import Ticket

    return list(Ticket.objects.order_by("id").values_list("number", "state", "channel"))


def until(page, expression):
    """Wait until the expression holds (the page's CSP forbids Playwright's own way of waiting)."""
    for _ in range(150):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(100)
    raise AssertionError(expression, page.evaluate("[window.said, window.played]"))


# ------------------------------------------------------------------------------------------------ kiosk
@pytest.mark.parametrize("size", [KIOSK, OLD_PC], ids=["portrait", "old PC"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_step_of_the_kiosk_is_large_and_accessible(device, hands, size, language):
    hands.open("2")
    page = device("kiosk", size, address=f"?lang={language}")
    at(page, "classes")
    assert page.evaluate("document.documentElement.scrollHeight - innerHeight") <= 0  # nobody scrolls at a kiosk
    assert serious(page) == []
    low = (
        "els => els.filter(e => e.offsetParent && e.getBoundingClientRect().height < 88).map(e => e.textContent.trim())"
    )
    assert page.eval_on_selector_all(".choice, .care, .ways button", low) == []
    page.click("#care")
    page.click("#large")
    assert serious(page) == []
    page.click(".choice >> nth=2")
    assert page.is_visible("#care")
    assert page.is_visible("#help")
    assert page.is_visible("#back")
    assert serious(page) == []
    page.click("#help")
    at(page, "help")
    assert serious(page) == []
    page.click("#back")
    page.click("[data-business]:visible >> nth=0")
    at(page, "result")
    expect(page.locator(".number").first).to_have_text("Z001", use_inner_text=True)
    assert serious(page) == []
    page.click("[data-cancel] button")
    page.wait_for_selector("[data-result]:not(:has([data-cancel]))")
    assert serious(page) == []
    assert tickets() == [("Z001", "left", "kiosk")]


@pytest.mark.req("QUE-01")
def test_two_taps_give_a_number_and_a_double_tap_gives_one_slip(device, hands, printing):
    hands.open("2")
    with loopback_printer() as (address, slips):
        page, looks = device("kiosk", KIOSK, printer=address), []
        page.on("response", lambda answer: looks.append(answer) if "/slip/" in answer.url else None)
        page.click("text=入网开户")
        page.evaluate(
            "() => { const b = document.querySelector('section:not([hidden]) [data-business]'); b.click(); b.click(); b.click(); }"
        )
        at(page, "result")
        expect(page.locator(".number").first).to_have_text("B001", use_inner_text=True)
        expect(page.locator("#slip-say").first).to_contain_text("请取走号票", use_inner_text=True)
        assert page.inner_text(".papers").split("\n") == ["本人身份证原件", "代办须双方证件"]
        until(page, "document.querySelector('.qr').naturalWidth > 0")
        wait_for(lambda: page.wait_for_timeout(50) or (looks and looks[-1].json()["state"] == "printed"))
        assert page.is_hidden("#slip-failed")
        assert printing() == ["printed"]
        wait_for(lambda: slips)
    assert tickets() == [("B001", "waiting", "kiosk")]
    assert [b"B001" in slip for slip in slips] == [True]


def test_two_requests_at_the_same_time_print_one_slip(device, hands, printing):
    """The double tap that no script holds back: two kiosk requests with one key race each other on the server."""
    with loopback_printer() as (address, slips):
        page = device("kiosk", KIOSK, printer=address)
        numbers = page.evaluate(
            """async () => {
              const form = document.getElementById("issue");
              const business = document.querySelector("[data-business]").dataset.business;
              const send = async () => {
                const body = new FormData(form);
                body.set("business", business); body.set("key", "f".repeat(32));
                return (await (await fetch(form.action, {method: "POST", body})).text()).match(/[A-Z]\\d{3}/)[0];
              };
              return Promise.all([send(), send(), send(), send()]);
            }"""
        )
        assert numbers == ["A001"] * 4
        assert printing() == ["elsewhere"] * 3 + ["printed"]
        wait_for(lambda: slips)
    assert len(tickets()) == 1
    assert len(slips) == 1


def test_a_lost_answer_is_asked_for_again_and_stays_one_ticket(device, hands, printing):
    with loopback_printer() as (address, slips):
        page = device("kiosk", KIOSK, printer=address)
        lost = []

        def lose_the_first(route):
            if lost:
                route.continue_()
            else:
                lost.append(route.fetch().status)  # the server does its work, the answer never arrives
                route.abort()

        page.route("**/issue/**", lose_the_first)
        page.click("text=缴费充值")
        page.click("text=话费缴纳 >> visible=true")
        at(page, "result")
        expect(page.locator(".number").first).to_have_text("A001", use_inner_text=True)
        assert printing() == ["elsewhere", "printed"]
        wait_for(lambda: slips)
    assert lost == [200]
    assert len(tickets()) == 1
    assert len(slips) == 1


def test_a_cut_line_is_said_and_a_later_try_succeeds(device, hands):
    page = device("kiosk", KIOSK)
    page.route("**/issue/**", lambda route: route.abort())
    page.click("text=缴费充值")
    page.click("text=话费缴纳 >> visible=true")
    at(page, "broken")
    assert serious(page) == []
    page.unroute("**/issue/**")
    page.click("#again")
    at(page, "result")
    assert len(tickets()) == 1


@pytest.mark.parametrize("size", [KIOSK, OLD_PC], ids=["portrait", "old PC"])
def test_a_dead_printer_is_told_and_the_number_grows(device, hands, size):
    page = device("kiosk", size, printer=a_dead_address())
    page.click("text=缴费充值")
    page.click("text=话费缴纳 >> visible=true")
    at(page, "result")
    before = page.evaluate("parseFloat(getComputedStyle(document.querySelector('.number')).fontSize)")
    page.wait_for_selector("#slip-failed:visible")
    after = page.evaluate("parseFloat(getComputedStyle(document.querySelector('.number')).fontSize)")
    assert after > before
    expect(page.locator("#slip-failed").first).to_contain_text("没有打印出来", use_inner_text=True)
    edges = "['[data-done]', '.bottom'].map(name => document.querySelector(name).getBoundingClientRect())"
    low, high = page.evaluate(f"(([done, foot]) => [done.bottom, foot.top])({edges})")
    assert low <= high  # nothing is hidden under the foot of the screen
    assert serious(page) == []
    assert tickets() == [("A001", "waiting", "kiosk")]


def test_the_kiosk_goes_back_to_its_start_for_the_next_customer(device, hands):
    page = device("kiosk", KIOSK)
    page.clock.install()
    page.goto("/kiosk/?lang=en")
    page.click("#large")
    page.click("text=Pay and top up")
    page.clock.run_for(46_000)
    at(page, "still")
    page.click("#stay")
    page.click("text=Pay a phone bill >> visible=true")
    at(page, "result")
    page.clock.run_for(42_000)  # large print gives twice the 20 seconds
    page.wait_for_url(f"{page.home}/kiosk/")
    at(page, "classes")
    expect(page.locator("h1 >> visible=true").first).to_have_text("请问您要办什么业务？", use_inner_text=True)
    assert not page.evaluate("document.documentElement.classList.contains('large')")


def test_a_kiosk_follows_the_opening_hours_and_the_line(device, hands, now):
    import datetime as dt

    page = device("kiosk", KIOSK)
    page.clock.install()
    page.reload()
    at(page, "classes")
    set_clock(hands.cast.hall, now + dt.timedelta(hours=9))
    page.clock.run_for(16_000)
    at(page, "closed")
    expect(page.locator(".opens").first).to_contain_text("08:30", use_inner_text=True)
    assert serious(page) == []
    set_clock(hands.cast.hall, now)
    page.clock.run_for(16_000)
    at(page, "classes")
    page.route("**/pulse/", lambda route: route.abort())
    page.clock.run_for(31_000)
    at(page, "offline")
    assert serious(page) == []
    page.unroute("**/pulse/")
    page.clock.run_for(16_000)
    at(page, "classes")


def test_spoken_guidance_speaks_the_steps_and_the_number(device, hands):
    page = device("kiosk", KIOSK, before=WITH_VOICES)
    page.click("#voice")
    page.click("text=缴费充值")
    page.click("text=话费缴纳 >> visible=true")
    at(page, "result")
    until(page, "said.some((text) => text.includes('A001'))")
    said = page.evaluate("said")
    assert said[0] == "请问您要办什么业务？"
    assert "您的号码是 A001，前面还有 0 位" in said[-1]


def test_without_a_voice_the_shipped_clips_guide(device, hands):
    page = device("kiosk", KIOSK, before=WITHOUT_VOICES, quiet=False)
    page.click("#voice")
    page.click("text=缴费充值")
    until(page, "played.length == 2")
    assert page.evaluate("played") == ["zh_say_class", "zh_say_business"]


def test_a_revoked_board_says_so_by_itself(device, hands):
    from yingting.foundation.people.pairing import revoke_device
    from yingting.kernel.clocks import system_now

    page = device("board", BOARD)
    revoke_device(device=page.row.pk, actor=person("9901"), now=system_now())
    changed(page)
    page.wait_for_selector("text=这台设备还没有配对")
    assert serious(page) == []


# ------------------------------------------------------------------------------------------------ board
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_board_is_readable_and_accessible(device, hands, language):
    page = device("board", BOARD, address=f"?lang={language}")
    assert serious(page) == []
    hands.open("1")
    hands.open("5", "1002")
    for _ in range(12):
        hands.issue()
    for _ in range(4):
        for number in ("1", "5"):
            hands.serve(number, hands.call(number).id)
    changed(page)
    page.wait_for_selector("[data-number='A008']")
    assert serious(page) == []
    sizes = page.eval_on_selector_all(
        ".hero-number, .earlier .number", "els => els.map(e => parseFloat(getComputedStyle(e).fontSize))"
    )
    assert len(sizes) == 7
    assert sizes[0] > max(sizes[1:])
    assert min(sizes) >= 96
    bottoms = page.eval_on_selector_all(
        ".earlier li", "els => Math.max(...els.map(e => e.getBoundingClientRect().bottom))"
    )
    assert bottoms <= page.evaluate("document.querySelector('.board-bottom').getBoundingClientRect().top")
    page.evaluate("document.getElementById('stale').hidden = false")
    assert serious(page) == []


def two_calls_at_once(page, hands):
    """A call was on the screen at load; then two come within 100 ms."""
    hands.open("1")
    hands.open("5", "1002")
    for _ in range(3):
        hands.issue()
    hands.serve("1", hands.call("1").id)
    page.goto("/board/")
    page.wait_for_selector("#board[data-sound='on']")
    hands.call("1")
    hands.call("5")
    changed(page)
    changed(page)
    page.wait_for_selector("[data-number='A003']")
    assert page.is_visible("[data-number='A002']")
    return page


def test_two_calls_within_a_tenth_of_a_second_are_both_shown_and_spoken_in_order(device, hands):
    page = two_calls_at_once(device("board", BOARD, before=WITH_VOICES), hands)
    until(page, "said.length == 4")
    page.wait_for_timeout(500)
    assert page.evaluate("said") == ["请 A 零零二 号到 1 号台席"] * 2 + ["请 A 零零三 号到 5 号台席"] * 2
    changed(page)
    page.wait_for_timeout(500)
    assert page.evaluate("said.length") == 4  # nothing is spoken again


def test_a_recall_is_spoken_again_and_english_on_wish(device, hands):
    page = device("board", BOARD, before=WITH_VOICES)
    page.click("#english")
    hands.open("5")
    ticket = hands.issue()
    hands.call("5")
    changed(page)
    until(page, "said.length == 4")
    hands.recall("5", ticket.id)
    changed(page)
    until(page, "said.length == 8")
    once = ["请 A 零零一 号到 5 号台席", "Ticket A 0 0 1, please go to counter 5"]
    assert page.evaluate("said") == once * 4


def test_without_a_local_voice_the_clips_speak_one_after_another(device, hands):
    page = two_calls_at_once(device("board", BOARD, before=WITHOUT_VOICES, quiet=False), hands)
    zh = ["zh_qing", "letter_A", "zh_0", "zh_0", "zh_{}", "zh_hao", "zh_dao", "zh_{}", "zh_hao", "zh_taixi"]

    def call(digit, counter):
        signs = iter((digit, counter))
        return [name.format(next(signs)) if "{}" in name else name for name in zh]

    wanted = ["chime", *call(2, 1) * 2, "chime", *call(3, 5) * 2]
    until(page, f"played.length >= {len(wanted)}")
    assert page.evaluate("played") == wanted


def test_a_browser_that_forbids_sound_asks_once_to_start_it(device, hands):
    page = device("board", BOARD, quiet=False)
    page.goto("about:blank")
    page.goto("/board/")
    page.wait_for_selector("#board[data-sound='off']")
    expect(page.locator("#start-sound").first).to_have_text("打开声音", use_inner_text=True)
    page.click("#start-sound")
    page.wait_for_selector("#board[data-sound='on']")
    assert page.is_hidden("#start-sound")


# ------------------------------------------------------------------------------------------------ phone
@pytest.mark.req("QUE-36")
@pytest.mark.parametrize("language", ["zh-CN", "en-US"])
def test_the_phone_follows_a_visit_from_waiting_to_the_rating(browse, hands, language):
    page = browse(PHONE, language=language, before="navigator.vibrate = (p) => { window.shaken = p; return true; };")
    hands.open("1")
    hands.issue()
    mine = hands.issue("query")

    page.clock.install()

    def stage(name):
        changed(page)
        page.clock.run_for(5000)  # a phone waits some seconds before it asks again
        page.wait_for_selector(f"[data-stage='{name}']")
        assert serious(page) == [], name

    page.goto(f"/t/{mine.secret}/")
    stage("waiting")
    page.click("#sound")
    first = hands.call("1")
    stage("next")
    hands.serve("1", first.id)
    hands.call("1")
    stage("called")
    assert page.title().startswith("▶")
    assert page.evaluate("window.shaken.length") == 5
    assert re.search(r"1", page.inner_text(".go strong"))
    hands.start("1", mine.id)
    stage("serving")
    hands.finish("1", mine.id)
    stage("rate")
    assert page.eval_on_selector_all("[name=score]", "els => els.filter(e => e.checked).length") == 0
    page.fill("#comment", "谢谢")
    changed(page)
    page.clock.run_for(60_000)
    page.wait_for_timeout(300)
    assert page.input_value("#comment") == "谢谢"  # nothing refreshes under the customer's hands
    page.click("button.primary")
    assert page.is_visible("[data-stage='rate']")  # no answer chosen, nothing sent
    page.check("[name=score][value='4']")
    page.click("button.primary")
    page.wait_for_selector("[data-stage='thanks']")
    assert serious(page) == []


@pytest.mark.parametrize("language", ["zh-CN", "en-US"])
def test_leaving_stepping_back_and_wrong_addresses_are_accessible(browse, hands, language):
    page = browse(PHONE, language=language)
    mine = hands.issue()
    page.goto(f"/t/{mine.secret}/")
    page.click("form[action$='step-back/'] button")
    page.wait_for_selector(".refused")
    assert serious(page) == []
    page.goto(f"/t/{mine.secret}/slip/")
    assert serious(page) == []
    page.goto(f"/t/{mine.secret}/leave/")
    assert serious(page) == []
    page.click("button.danger")
    page.wait_for_selector("[data-stage='left']")
    assert serious(page) == []
    for address in ("/t/nonsense/", "/device/", "/kiosk/"):
        page.goto(address)
        assert serious(page) == []


def test_a_phone_asks_at_most_once_in_three_seconds(browse, hands):
    page = browse(PHONE)
    page.clock.install()
    mine = hands.issue()
    asked = []
    page.on("request", lambda request: asked.append(request.url) if request.url.endswith("/live/") else None)
    page.goto(f"/t/{mine.secret}/")
    for _ in range(40):  # ten seconds of a lively hall
        changed(page)
        page.clock.run_for(250)
    page.wait_for_timeout(300)
    assert 2 <= len(asked) <= 3


def test_the_page_never_loads_anything_from_elsewhere(device, browse, hands):
    elsewhere = []
    mine = hands.issue()
    kiosk, board, phone = device("kiosk", KIOSK), device("board", BOARD), browse(PHONE)
    for page, address in ((kiosk, "/kiosk/"), (board, "/board/"), (phone, f"/t/{mine.secret}/")):
        page.on(
            "request",
            lambda request, home=page.home: (
                elsewhere.append(request.url) if not request.url.startswith((home, "data:")) else None
            ),
        )
        page.goto(address)
        page.wait_for_timeout(300)
    assert [url for url in elsewhere if "/live?" not in url] == []
    assert json.dumps(elsewhere).count("http://localhost") == len(elsewhere)
