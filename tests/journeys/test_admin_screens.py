"""The administrator in a real browser: a hall from nothing to its first ticket; every settings page checked by axe."""

import re

import pytest
from playwright.sync_api import expect
from tests.journeys.looking import serious

from yingting.domains.queueing.actions import issuing
from yingting.foundation.catalogue.models import BusinessType
from yingting.foundation.journal.models import Fact
from yingting.foundation.notify.addresses import seal_address
from yingting.foundation.notify.models import Channel
from yingting.foundation.people.models import Person
from yingting.foundation.sites.models import Counter, Device, Hall, OpeningSpan, Unit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def save(page):
    page.click("form.record button[type=submit]")
    page.wait_for_selector("text=已保存")


def test_a_hall_is_built_from_nothing_and_issues_its_first_ticket(page_of, committed_cast, actor_of, now):
    page = page_of("9901", "/admin/")
    page.click("text=组织机构")
    # The tree opens level by level.
    page.click("summary:has-text('广州')")
    page.click("li:has(> details > summary:has-text('广州')) .branch >> text=新建下级单位 >> nth=0")
    page.fill("#id_code", "YX")
    page.select_option("#id_level", "district")
    page.fill("#id_name", "越秀")
    save(page)

    page.goto(f"/admin/units/{Unit.objects.get(code='YX').pk}/new-hall/")
    page.fill("#id_code", "H03")
    page.fill("#id_name", "北京路营业厅")
    page.select_option("#id_ownership", "own_built_other_run")
    page.fill("#id_code", "H01")
    page.click("form.record button[type=submit]")
    # The refusal stands beside its field, and what was typed is still there.
    expect(page.locator("#id_code_error").first).to_contain_text("编码", use_inner_text=True)
    assert page.input_value("#id_name") == "北京路营业厅"
    page.fill("#id_code", "H03")
    save(page)
    assert page.url.endswith("/admin/halls/H03/")

    page.click("nav.tabs >> text=功能区")
    page.click("text=新建功能区")
    page.fill("#id_name", "综合区")
    page.fill("#id_area_m2", "85")
    save(page)

    page.click("nav.tabs >> text=营业时间")
    page.click("section:has(h2:text('营业时间')) >> text=新增时段")
    for day in range(7):
        page.check(f"#id_weekdays_{day}")
    page.fill("#id_opens", "08:30")
    page.fill("#id_closes", "18:00")
    save(page)

    page.click("nav.tabs >> text=台席")
    page.click("text=新建台席")
    page.fill("#id_number", "1")
    page.select_option("#id_zone", label="综合区")
    save(page)

    page.click("nav.tabs >> text=队列")
    page.click("text=新建队列")
    page.fill("#id_letter", "z")
    page.fill("#id_name", "综合业务")
    page.check("label:has-text('缴费充值') input")
    page.click("form.record button[type=submit]")
    expect(page.locator("#id_letter_error").first).to_contain_text("爱心通道", use_inner_text=True)
    assert page.is_checked("label:has-text('缴费充值') input")
    page.fill("#id_letter", "a")
    save(page)

    page.click('nav.tabs >> text="设备"')
    page.click("text=新建设备")
    page.select_option("#id_kind", "kiosk")
    page.fill("#id_name", "大门取号机")
    save(page)
    page.click("text=生成配对码")
    assert re.fullmatch(r"[2-9A-Z]{4} [2-9A-Z]{4}", page.inner_text("#secret"))

    hall = Hall.objects.get(code="H03")
    assert (hall.unit.path, hall.ownership) == ("GD/GZ/YX/H03/", "own_built_other_run")
    assert (OpeningSpan.objects.filter(hall=hall).count(), Counter.objects.filter(hall=hall).count()) == (7, 1)
    assert Device.objects.get(hall=hall).pairing_digest
    fee = BusinessType.objects.get(code="fee").pk
    issued = issuing.issue_ticket(hall=hall.pk, business=fee, actor=actor_of("9901"), now=now)
    assert issued.number == "A001"
    assert set(Fact.objects.exclude(kind__startswith="ticket.").values_list("actor_label", flat=True)) == {"9901"}


def test_the_form_works_by_keyboard_alone(page_of, committed_cast):
    page = page_of("9901", "/admin/halls/H01/zones/new/")
    page.focus("#id_name")
    page.keyboard.type("等候区")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=已保存")
    expect(page.locator("table").first).to_contain_text("等候区", use_inner_text=True)


def test_taking_something_away_asks_first(page_of, committed_cast):
    page = page_of("9901", f"/admin/halls/H01/counters/{committed_cast.counters['6']}/")
    page.click("a:has-text('停用')")
    expect(page.locator("h1").first).to_contain_text("6 号台席", use_inner_text=True)
    assert Counter.objects.get(pk=committed_cast.counters["6"]).is_active
    page.click("main button[type=submit]")
    page.wait_for_selector("text=已完成")
    assert not Counter.objects.get(pk=committed_cast.counters["6"]).is_active
    page.click("summary:has-text('修改记录')")
    expect(page.locator("#history").first).to_contain_text("9901", use_inner_text=True)


# Everything that can be unfolded is. The links of the settings, what stands over the page, how its elements are made (tag, names
# of attributes, classes, kind of field, whether something labels it), and whether it is wider than its screen.
UNFOLD = """() => {
  for (const details of document.querySelectorAll("details")) details.open = true;
  const links = [...document.querySelectorAll("a[href^='/admin/']")].map((link) => link.getAttribute("href"));
  const made = (one) => [one.parentElement.tagName, one.tagName, one.getAttributeNames().sort().join(), one.getAttribute("class"),
    one.getAttribute("type"), one.getAttribute("role"), one.labels && one.labels.length > 0].join(" ");
  const built = [...new Set([...document.body.querySelectorAll("*")].map(made))];
  return [links, document.querySelector("#main h1").innerText, built, document.documentElement.scrollWidth > innerWidth];
}"""


def settings_pages(page):
    """Open every settings page that links lead to, one for each kind of address; tell each kind, its heading, how its elements
    are made and whether it is too wide.
    """
    waiting, seen = ["/admin/"], set()
    while waiting:
        address = waiting.pop(0)
        kind = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|H0\d", "*", address.split("?")[0])
        if kind in seen:
            continue
        seen.add(kind)
        assert page.goto(address).status == 200, address
        links, heading, built, is_wide = page.evaluate(UNFOLD)
        waiting += links
        yield kind, heading, set(built), is_wide


@pytest.mark.slow
@pytest.mark.parametrize(("language", "width"), [("zh-hans", 1280), ("en", 768)])
def test_every_settings_page_is_accessible(page_of, committed_cast, language, width):
    Device.objects.create(hall_id=committed_cast.hall, kind="board", name="主屏")
    unit = Unit.objects.get(code="H01")
    Channel.objects.create(name="WeCom", unit=unit, sealed=seal_address("wecombot://key"))
    clerk = Person.objects.get(staff_no="1001")
    page = page_of("9901", f"/admin/people/{clerk.pk}/tokens/new/", language=language, size=(width, 800))
    page.fill("#id_name", "API")
    page.click("form.record button[type=submit]")
    page.wait_for_selector("#secret")
    wrong, count, known = {}, 0, set()
    for kind, heading, built, is_wide in settings_pages(page):
        count += 1
        # Most pages are one form with other fields: axe looks at those that have something no page before them had.
        if built <= known:
            found = ["wider than the screen"] if is_wide else []
        else:
            known, found = known | built, serious(page)
        if found:
            wrong[kind] = found
        if language == "en":
            assert not re.search(r"[一-鿿]", heading) or "王芳" in heading, (kind, heading)
    assert wrong == {}
    assert page.complaints == []
    assert count == 240
