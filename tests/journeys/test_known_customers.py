"""Known customers in a real browser: the kiosk recognises, the counter sees class before and mask after the call, consents rule
offers, the account manager accepts, the staff board shows a photo and loses it."""

import io

import pytest
from playwright.sync_api import expect
from tests.journeys.acting import changed, press, shown, stand_at, state
from tests.journeys.looking import looked_at

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
KIOSK, OLD_PC, SCREEN, SMALL, PHONE = (1080, 1920), (1280, 800), (1280, 800), (1024, 768), (320, 640)


def customer(cast, now, *, manager=None, **more):
    from yingting.foundation.customers.models import Customer, ManagerTerm
    from yingting.foundation.sites.models import Hall

    unit = Hall.objects.get(pk=cast.hall).unit_id
    values = {"name": "欧阳娜娜", "phone": "13900000001", "level": "gold", "segment": "important", **more}
    row = Customer.objects.create(unit_id=unit, registered_at=now, last_seen_on=now.date(), **values)
    if manager:
        ManagerTerm.objects.create(customer=row, person=manager, since=now)
    return row


def account_manager():
    from yingting.foundation.people.models import Person, Role, RoleGrant
    from yingting.foundation.sites.models import Unit

    unit = Unit.objects.get(code="GZ")
    row = Person.objects.create_user("3001", None, name="孙婷", unit=unit)
    RoleGrant.objects.create(person=row, role=Role.objects.get(key="account_manager"), unit=unit)
    return row


def at(page, step):
    page.wait_for_selector(f"#kiosk[data-at='{step}']")


def known_at_kiosk(page, digits, name=""):
    at(page, "classes")
    page.click("#known-way")
    at(page, "known")
    for digit in digits:
        page.click(f".keypad [data-digit='{digit}']")
    expect(page.locator("#known-typed")).to_have_value(digits)
    if name:
        assert looked_at(page, name) == []
    page.click("#known-done")
    at(page, "classes")
    page.wait_for_selector("#known-on:not([hidden])")


def take(page):
    page.locator("[data-step='classes'] .choice").first.click()
    page.locator("section:not([hidden]) [data-business]").first.click()
    at(page, "result")
    return page.locator(".number").inner_text()


@pytest.mark.parametrize("size", [KIOSK, OLD_PC], ids=["portrait", "old PC"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.req("CUS-02", "CUS-25")
def test_the_kiosk_recognises_who_likes_to_be_and_names_nobody(device, hands, now, size, language):
    hands.open("2")
    customer(hands.cast, now)
    page = device("kiosk", size, address=f"?lang={language}")
    name = f"known-{size[0]}-{language}"
    page.wait_for_selector("#known-way")
    assert looked_at(page, f"{name}-start") == []
    page.click("#large")
    known_at_kiosk(page, "13900000001", f"{name}-large")
    page.reload()
    known_at_kiosk(page, "13900000001", f"{name}-keypad")
    assert take(page)
    page.wait_for_selector(".tag-care")
    shown_words = page.locator("main").inner_text()
    assert "欧阳" not in shown_words
    assert "139" not in shown_words
    assert looked_at(page, f"{name}-result") == []
    page.click("[data-done]")
    known_at_kiosk(page, "13911112222")
    take(page)
    assert page.locator(".tag-care").count() == 0


@pytest.mark.req("CUS-02", "CUS-08", "CUS-09", "CUS-25")
def test_the_counter_sees_class_before_the_mask_after_and_asks_the_manager(page_of, hands, now):
    from yingting.foundation.customers.models import Tag

    manager = account_manager()
    row = customer(hands.cast, now, manager=manager, language="en")
    Tag.objects.create(customer=row, code="hearing", note="带助听器", since=now)
    stand_at(now)
    hands.issue()
    hands.issue(customer=row.pk, known_by="card")
    page = page_of("1001", "/counter/", size=SCREEN)
    press(page, "3")
    state(page, "idle")
    shown(page, ".known-ahead")
    ahead = page.locator(".known-ahead").inner_text()
    assert "星级客户" in ahead
    assert "听力不便" in ahead
    assert "欧" not in ahead
    assert looked_at(page, "counter-before") == []
    press(page, "Space")
    state(page, "called")
    shown(page, ".customer-who")
    panel = page.locator(".ticket-customer").inner_text()
    for words in ("欧**", "139****0001", "金卡", "重要客户", "带助听器", "孙婷", "未同意营销推荐"):
        assert words in panel, words
    assert "欧阳" not in panel
    assert looked_at(page, "counter-after") == []
    page.click("#ask-manager")
    shown(page, ".handover >> text=答复前由您继续接待")
    theirs = page_of("3001", "/handovers/", size=PHONE)
    theirs.wait_for_selector(".handover-row")
    assert looked_at(theirs, "manager-asked") == []
    theirs.click("button[value=accepted]")
    theirs.wait_for_selector("text=已接手")
    changed(page)
    shown(page, ".handover >> text=孙婷 接手", timeout=30_000)


@pytest.mark.req("CUS-25")
def test_the_clerk_looks_a_customer_up_registers_another_and_lets_a_third_be(page_of, hands, now):
    customer(hands.cast, now)
    stand_at(now)
    for _ in range(3):
        hands.issue()
    page = page_of("1001", "/counter/", size=SMALL)
    press(page, "3")
    state(page, "idle")
    press(page, "Space")
    state(page, "called")
    shown(page, "#find-customer")
    press(page, "w")
    shown(page, "dialog[open] [name=phone]")
    page.fill("dialog [name=phone]", "13911112222")
    page.keyboard.press("Enter")
    shown(page, "dialog [data-problem]:not([hidden])")
    assert looked_at(page, "find-nobody") == []
    page.fill("dialog [name=phone]", "13900000001")
    page.keyboard.press("Enter")
    shown(page, ".customer-who")
    press(page, "s")
    state(page, "serving")
    press(page, "f")
    state(page, "idle")
    press(page, "Space")
    state(page, "called")
    shown(page, "#register-customer")
    page.click("#register-customer")
    shown(page, "dialog[open] [name=name]")
    page.fill("dialog [name=name]", "陈晨")
    page.fill("dialog [name=phone]", "13900000007")
    assert looked_at(page, "register") == []
    page.keyboard.press("Enter")
    shown(page, ".customer-who >> text=陈**")
    press(page, "s")
    state(page, "serving")
    press(page, "f")
    state(page, "idle")
    press(page, "Space")
    state(page, "called")
    shown(page, "#decline-customer")
    page.click("#decline-customer")
    shown(page, ".ticket-customer >> text=客户不希望登记身份")


@pytest.mark.req("SAL-05")
def test_who_withdraws_the_consent_is_offered_nothing_from_then_on(page_of, hands, actor_of, now):
    from yingting.foundation.customers import consents

    row = customer(hands.cast, now)
    says = {"customer": row.pk, "purpose": "marketing", "how": "counter", "actor": actor_of("1001"), "now": now}
    consents.give(**says)
    stand_at(now)
    hands.issue(customer=row.pk, known_by="phone")
    page = page_of("1001", "/counter/", size=SCREEN)
    press(page, "3")
    state(page, "idle")
    press(page, "Space")
    state(page, "called")
    press(page, "s")
    state(page, "serving")
    shown(page, ".selling-script")
    consents.withdraw(**says)
    page.reload()
    state(page, "serving")
    shown(page, ".selling-none")
    assert page.locator(".selling-script").count() == 0
    assert looked_at(page, "offers-none") == []


@pytest.mark.req("CUS-25")
def test_the_guide_finds_a_customer_on_the_phone(page_of, hands, now):
    customer(hands.cast, now)
    stand_at(now)
    issued = hands.issue()
    page = page_of("1101", f"/guide/H01/tickets/{issued.id}/customer/", size=PHONE)
    assert looked_at(page, "guide-customer") == []
    page.fill("[name=phone]", "13900000001")
    page.click("button.btn-primary")
    page.wait_for_selector("text=星级客户")
    assert "欧" not in page.locator("main").inner_text()
    assert looked_at(page, "guide-customer-known") == []


@pytest.mark.req("PRF-21")
def test_a_photo_appears_on_the_staff_board_and_is_gone_when_the_consent_is(page_of, hands, monkeypatch):
    from PIL import Image

    from yingting.reporting.stars import board

    monkeypatch.setattr(board, "ratings", lambda *_: {"1001": 4.9, "1002": 4.5})
    body = io.BytesIO()
    Image.new("RGB", (300, 300), "teal").save(body, "JPEG")
    own = page_of("1001", "/stars/", size=PHONE)
    assert looked_at(own, "star-own-before") == []
    own.click("button[value=agree]")
    own.wait_for_selector("#photo")
    own.set_input_files("#photo", {"name": "me.jpg", "mimeType": "image/jpeg", "buffer": body.getvalue()})
    own.click("button[value=photo]")
    own.wait_for_selector(".star-own")
    assert looked_at(own, "star-own-after") == []
    for name, size in (("wall", (1920, 1080)), ("phone", PHONE)):
        page = page_of(None, "/stars/H01/", size=size)
        page.wait_for_selector(".star-card img")
        expect(page.locator("main")).to_contain_text("王芳")
        assert looked_at(page, f"stars-{name}") == []
    own.click("button[value=withdraw]")
    own.wait_for_selector("button[value=agree]")
    page.reload()
    page.wait_for_selector(".star-card")
    assert page.locator(".star-card img").count() == 0
    expect(page.locator("main")).not_to_contain_text("王芳")
