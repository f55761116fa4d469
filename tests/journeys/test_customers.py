"""Customers in a real browser: a file opened and found, consent given at the desk and withdrawn on the customer's own phone, a list
with bad rows taken in, two files merged, a request about personal data carried out.
"""

import pytest
from playwright.sync_api import expect
from tests.journeys.looking import looked_at, serious

from yingting.foundation.customers.contracts import Particulars
from yingting.foundation.customers.keeping import register
from yingting.foundation.customers.models import Customer, Duplicate, RightsRequest
from yingting.foundation.people.access import actor_for_person
from yingting.foundation.people.models import Person
from yingting.foundation.sites.models import Unit
from yingting.kernel.clocks import system_now

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LANGUAGES = pytest.mark.parametrize("language", ["zh-hans", "en"])
DESKS = ((1280, 800), (1024, 768))


def opened(name, phone, *, is_another=False, **said):
    return register(
        said=Particulars(name, phone, **said), unit=Unit.objects.get(code="H01"), is_another=is_another,
        actor=actor_for_person(Person.objects.get(staff_no="1301")), now=system_now(),
    )  # fmt: skip


def look(page, name):
    """Look at the page as it stands, at both widths of a desk."""
    for width, height in DESKS:
        page.set_viewport_size({"width": width, "height": height})
        assert serious(page) == [], name
        looked_at(page, f"customers-{name}-{width}")


@pytest.mark.req("CUS-05", "CUS-25")
def test_a_clerk_opens_a_file_and_finds_it_again(page_of, committed_cast):
    page = page_of("1001", "/customers/new/")
    page.fill("#id_name", "王芳芳")
    page.fill("#id_phone", "138 0013 8000")
    page.get_by_role("button", name="建立档案").click()
    expect(page.locator("h1")).to_contain_text("王**")
    look(page, "file-new")
    page.goto("/customers/new/")
    page.fill("#id_name", "王小芳")
    page.fill("#id_phone", "+86 13800138000")
    page.get_by_role("button", name="建立档案").click()
    expect(page.get_by_role("alert")).to_contain_text("该客户已有档案：王** 138****8000")
    look(page, "known-already")
    page.goto("/customers/")
    expect(page.locator(".table tbody tr")).to_have_count(1)
    look(page, "desk")
    page.fill("#id_value", "13800138000")
    page.get_by_role("button", name="查找").click()
    expect(page.locator(".cust-found")).to_contain_text("138****8000")
    look(page, "found")
    page.locator(".cust-found .cust-who").click()
    expect(page.locator("h1")).to_contain_text("客户档案")
    assert Customer.objects.count() == 1


@LANGUAGES
def test_consent_given_at_the_desk_is_withdrawn_on_the_customers_phone_and_gone_at_the_desk(
    page_of, committed_cast, language
):
    row = opened("欧阳锋", "13800138000", monthly_fen=12_900)
    desk = page_of("1301", f"/customers/{row.pk}/", language=language)
    offers = desk.locator(".cust-consents li").nth(1)
    offers.locator("button").click()
    expect(offers.locator(".state-ok")).to_be_visible()
    look(desk, f"file-{language}")
    desk.locator("form[action$='own-link/'] button").click()
    address = desk.locator("#own-address").inner_text()
    look(desk, f"own-link-{language}")
    phone = page_of(None, address.removeprefix(desk.home), language=language, size=(320, 640))
    agreed = phone.locator("#purpose-marketing")
    expect(agreed.locator("b")).to_be_visible()
    assert serious(phone) == []
    looked_at(phone, f"customers-own-{language}-320")
    agreed.locator("button").click()
    expect(phone.locator("#purpose-marketing b")).to_have_count(0)
    phone.locator("button[value=leave_alone]").click()
    expect(phone.locator("button[value=let]")).to_be_visible()
    assert serious(phone) == []
    desk.goto(f"/customers/{row.pk}/")
    expect(desk.locator(".cust-consents li").nth(1).locator(".state-past")).to_be_visible()
    expect(desk.locator(".cust-alone")).to_be_visible()
    assert "欧阳锋" not in phone.content() + desk.content()


def test_every_verb_of_the_file_works_by_hand(page_of, committed_cast):
    row = opened("欧阳锋", "13800138000")
    page = page_of("1301", f"/customers/{row.pk}/")
    page.locator(".cust-side summary").first.click()
    page.locator("form[action$='class/'] select[name=segment]").select_option("big")
    page.locator("form[action$='class/'] button").click()
    expect(page.locator(".cust-promise")).to_contain_text("绿色通道")
    page.locator("summary", has_text="添加标签").click()
    page.locator("form[action$='/tag/'] select").select_option("hearing")
    page.locator("form[action$='/tag/'] button").click()
    expect(page.locator("#notice")).to_contain_text("单独同意")
    page.locator(".cust-consents li").nth(3).locator("button").click()
    expect(page.locator(".state-ok")).to_be_visible()
    page.locator("summary", has_text="添加标签").click()
    page.locator("form[action$='/tag/'] select").select_option("hearing")
    page.locator("form[action$='/tag/'] button").click()
    expect(page.locator(".cust-need")).to_be_visible()
    page.locator("summary", has_text="记录联系").click()
    page.locator("form[action$='/contact/'] textarea").fill("来电咨询宽带")
    page.locator("form[action$='/contact/'] button").click()
    expect(page.locator(".cust-main")).to_contain_text("来电咨询宽带")
    look(page, "file-full")
    page.goto(f"/customers/{row.pk}/details/")
    look(page, "details-asked")
    page.locator("select[name=reason]").select_option("rights")
    page.fill("[name=note]", "本人到厅")
    page.locator("#proof").select_option("document")
    page.locator("form.cust-form button").click()
    expect(page.locator(".cust-values")).to_contain_text("13800138000")
    look(page, "details")


@LANGUAGES
def test_a_list_with_bad_rows_is_checked_then_its_good_rows_are_taken_in(page_of, committed_cast, language):
    rows = ["客户编号,姓名,手机号", "A1,王芳芳,13800138000", "A2,李四,12", "A3,王芳芳,13800138001"]
    file = {"name": "客户清单.csv", "mimeType": "text/csv", "buffer": "\n".join(rows).encode("gb18030")}
    page = page_of("1301", "/customers/import/", language=language)
    look(page, f"import-{language}")
    page.set_input_files("[name=file]", [file])
    page.fill("[name=source]", "BOSS")
    page.locator("select[name=unit]").select_option("GD/GZ/TH/H01/")
    page.locator("button[value=check]").click()
    expect(page.locator(".cust-outcome tbody tr")).to_have_count(1)
    look(page, f"import-checked-{language}")
    assert Customer.objects.count() == 0
    page.set_input_files("[name=file]", [file])
    page.check("[name=take_good]")
    page.locator("button[value=take]").click()
    expect(page.locator(".cust-outcome .btn")).to_be_visible()
    assert (Customer.objects.count(), Duplicate.objects.count()) == (2, 1)
    page.locator(".cust-outcome .btn").click()
    look(page, f"pairs-{language}")
    page.locator("tbody .btn").click()
    look(page, f"pair-{language}")
    page.fill("[name=why]", "同一人换号")
    page.locator("button[value=merge]").click()
    expect(page.locator(".cust-values")).to_be_visible()
    assert Customer.objects.filter(state="active").count() == 1


@LANGUAGES
def test_a_customer_asks_for_access_on_the_phone_and_reads_the_answer(page_of, committed_cast, language):
    row = opened("欧阳锋", "13800138000")
    phone = page_of(None, "/customers/rights/H01/", language=language, size=(320, 640))
    assert serious(phone) == []
    looked_at(phone, f"customers-rights-{language}-320")
    phone.locator("input[value=access]").check()
    phone.fill("#phone", "13800138000")
    phone.locator("button.primary").click()
    expect(phone.locator(".own-number")).to_be_visible()
    assert serious(phone) == []
    looked_at(phone, f"customers-rights-follow-{language}-320")
    asked = RightsRequest.objects.get()
    desk = page_of("9001", "/customers/requests/", language=language)
    look(desk, f"requests-{language}")
    desk.get_by_role("link", name=asked.number).click()
    expect(desk.locator("[name=customers]")).to_be_visible()
    look(desk, f"request-open-{language}")
    desk.locator("[name=proof]").select_option("callback")
    desk.check("[name=customers]")
    desk.locator("form[action$='verify/'] button").click()
    expect(desk.locator("form[action$='copy/']")).to_be_visible()
    look(desk, f"request-verified-{language}")
    desk.locator("form[action$='copy/'] select").select_option("rights")
    desk.locator("form[action$='copy/'] [name=note]").fill("本人请求")
    desk.locator("button[value=page]").click()
    expect(desk.locator(".cust-copy")).to_contain_text("欧阳锋")
    look(desk, f"copy-{language}")
    desk.goto(f"/customers/requests/{asked.pk}/")
    desk.locator("textarea[name=words]").fill("副本已当面交给您。")
    desk.locator("button[value=done]").click()
    expect(desk.locator("#notice p")).to_be_visible()
    phone.reload()
    expect(phone.locator(".own-answer")).to_contain_text("副本已当面交给您。")
    assert Customer.objects.get(pk=row.pk).state == "active"
