"""Care for customers in a real browser: the file on one page, frequent visitors taught, a lead, an entitlement used once, outreach."""

import datetime as dt

import pytest
from tests.journeys.looking import looked_at

from yingting.domains.relations.actions.counting import measure_effects
from yingting.domains.relations.actions.entitling import Announced, grant_entitlement, open_offering
from yingting.domains.relations.actions.managing import Notice, announce, plan_visit
from yingting.domains.relations.models import CareDue, EntitlementUse, Frequent, Lead, Teaching
from yingting.domains.relations.rules.managing import Purpose
from yingting.domains.relations.tests import conftest
from yingting.foundation.calendars.reading import today_at
from yingting.foundation.customers.contacting import Said, note_contact
from yingting.foundation.customers.keeping import assign_manager, set_tag
from yingting.foundation.sites.models import Unit
from yingting.kernel.actors import SYSTEM
from yingting.kernel.clocks import system_now

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
opened, visited, manager = conftest.opened, conftest.visited, conftest.manager


@pytest.fixture
def cast(committed_cast):
    return committed_cast


@pytest.fixture
def customers(cast, opened, manager, visited, actor_of):
    """A big customer with something of everything, two frequent visitors, and one who has not come for long."""
    now, boss, h01 = system_now(), actor_of("9001"), Unit.objects.get(code="H01")
    today = today_at("GD/", now)
    big = opened(
        "张伟", segment="big", now=now, agrees=("care", "service_notice", "special_needs"), phone="13800138000",
        customer_since=today - dt.timedelta(days=900),
    )  # fmt: skip
    assign_manager(customer=big.pk, person=manager.pk, why="大客户", actor=boss, now=now)
    set_tag(customer=big.pk, code="elderly", actor=boss, now=now)
    for n in range(12):
        visited(big, today - dt.timedelta(days=6 * n + 1), rating=(5, 4, 2, None)[n % 4], minutes=9 + n)
    visited(big, today - dt.timedelta(days=2), hall="H02")
    note_contact(customer=big.pk, said=Said("phone", "care", True, "reached", "宽带用得好"), actor=boss, now=now)
    grant_entitlement(customer=big.pk, benefit="virus_check", actor=actor_of("1301"), now=now)
    plan_visit(customer=big.pk, person="1601", purpose=Purpose.DEMO, planned_on=today, actor=boss, now=now)
    announce(notice=Notice(h01.pk, "割接公告", "周六凌晨割接，业务中断十分钟", ("big",)), actor=boss, now=now)
    open_offering(announced=Announced(h01.pk, "开业同庆", today, today, "tune_up"), actor=boss, now=now)
    CareDue.objects.create(
        customer=big, unit=h01, action="yearly", tenure="settled", segment="big", due_on=today, last_on=today
    )
    for row, sort, is_peak in ((big, "payment", True), (opened("李娜", now=now, agrees=()), "routine", False)):
        Frequent.objects.create(
            customer=row, unit=h01, visits=9, peak=5, sort=sort, is_peak=is_peak, since=today, as_of=today
        )
    far = opened("王强", now=now - dt.timedelta(days=400), segment="big")
    assign_manager(customer=far.pk, person=manager.pk, why="大客户", actor=boss, now=now)
    return big


@pytest.mark.req("CUS-06", "CUS-08", "CUS-21")
def test_the_file_an_entitlement_used_once_and_the_checklist(page_of, customers):
    page = page_of("1301", f"/customers/{customers.pk}/", size=(1280, 900))
    page.click("text=到访、工单、关怀")
    page.wait_for_selector("h1:has-text('张*')")
    assert looked_at(page, "relations-file-zh") == []
    page.click("text=显示全部 12 条")
    page.wait_for_selector("section:has(#visits) tbody tr:nth-child(12)")
    page.click("main button:has-text('现在使用')")
    page.wait_for_selector("text=已使用，不能再次使用")
    assert EntitlementUse.objects.count() == 1
    assert page.locator("main button:has-text('现在使用')").count() == 0
    page.click("main a:has-text('特殊关怀')")
    page.wait_for_selector("text=走爱心通道")
    for done in ("lane", "slow", "host", "priority"):
        page.check(f"input[value={done}]")
    page.click("main button:has-text('保存')")
    page.wait_for_selector("text=请填写“未做到的原因”")
    page.fill("#id_why", "老花镜借出未还")
    assert looked_at(page, "relations-special-zh") == []
    page.click("main button:has-text('保存')")
    page.wait_for_selector("text=1 项未做到")
    page.click("main a:has-text('活动登记办理')")
    page.fill("#id_learnt", "家里三口人")
    page.check("#id_is_told")
    assert looked_at(page, "relations-register-zh") == []
    page.click("main button:has-text('登记')")
    page.wait_for_selector("text=免费系统优化")
    english = page_of("9001", f"/relations/customers/{customers.pk}/", language="en", size=(1024, 768))
    english.wait_for_selector("text=Rated")
    assert looked_at(english, "relations-file-en-1024") == []


@pytest.mark.req("QUE-22", "QUE-23", "QUE-24", "QUE-25")
def test_a_frequent_visitor_is_planned_spoken_to_and_taught(page_of, customers):
    page = page_of("1301", "/relations/frequent/", size=(1280, 800))
    page.wait_for_selector("text=高峰期客户")
    assert looked_at(page, "frequent-zh") == []
    page.check("input[name=peak]")
    page.click("main button:has-text('查看')")
    page.wait_for_selector("main tbody tr")
    assert page.locator("main tbody tr").count() == 1
    page.click("main tbody a:has-text('安排')")
    page.wait_for_selector("h1:has-text('安排教学')")
    page.select_option("#id_owner", "1101")
    page.click("main button:has-text('安排')")
    page.wait_for_selector("text=已安排，计划已列入负责人的工作")
    guide = page_of("1101", "/relations/", size=(1280, 800))
    guide.wait_for_selector("text=我的客户工作")
    assert looked_at(guide, "my-work-zh") == []
    guide.click("section:has(#plans) a")
    guide.wait_for_selector("blockquote >> text=手机缴费不用排队")
    guide.fill("#id_words", "教会手机缴费，绑定自动缴费")
    guide.click("main button:has-text('记录')")
    guide.wait_for_selector("button:has-text('客户已教会')")
    assert looked_at(guide, "plan-zh") == []
    guide.click("button:has-text('客户已教会')")
    guide.wait_for_selector("text=已完成，效果稍后对比")
    assert Teaching.objects.get().state == "done"
    silent = page_of("1301", "/relations/frequent/?plan=none", language="en", size=(1024, 768))
    silent.wait_for_selector("text=no consent to care")
    assert looked_at(silent, "frequent-en-1024") == []


@pytest.mark.req("QUE-22")
def test_the_effect_is_told_beside_the_untaught_with_its_interval(page_of, customers, opened):
    unit, day = Unit.objects.get(code="H01"), today_at("GD/", system_now()) - dt.timedelta(days=200)
    assert measure_effects(actor=SYSTEM, now=system_now()) == 0
    for n in range(50):
        is_taught = n % 2 == 0
        Frequent.objects.create(
            customer=opened(f"客户{n}", now=system_now()), unit=unit, visits=9, peak=2, sort="payment", is_peak=False, since=day,
            as_of=day, until=day, is_taught=is_taught, before=[9 + n % 3, 1], after=[(3 if is_taught else 7) + n % 2, 2],
        )  # fmt: skip
    page = page_of("9001", "/relations/frequent/effect/", size=(1280, 800))
    page.wait_for_selector("text=已教学者到访减少，超出偶然")
    assert looked_at(page, "effect-zh") == []


@pytest.mark.req("CUS-26")
def test_a_lead_is_noted_followed_and_won(page_of, customers):
    page = page_of("1601", f"/relations/customers/{customers.pk}/lead/", size=(1280, 800))
    page.select_option("#id_interest", "home")
    page.fill("#id_note", "想装全屋智能")
    page.check("#id_has_card")
    assert looked_at(page, "lead-new-zh") == []
    page.click("main button:has-text('保存')")
    page.wait_for_selector("text=已登记，商机已列入跟进人的工作")
    page.goto("/relations/leads/")
    page.wait_for_selector("main tbody >> text=智能家居")
    assert looked_at(page, "leads-zh") == []
    page.click("main tbody a:has-text('打开')")
    page.wait_for_selector("#id_end")
    page.select_option("#id_channel", "hall")
    page.select_option("#id_end", "won")
    assert looked_at(page, "lead-zh") == []
    page.click("main button:has-text('记录')")
    page.wait_for_selector("dd >> text=成交")
    assert Lead.objects.get().state == "won"


@pytest.mark.req("CUS-12", "CUS-13", "CUS-17", "CUS-22")
def test_fasts_visits_notices_care_and_those_who_do_not_come(page_of, customers):
    page = page_of("1601", "/relations/notices/", size=(1280, 800))
    page.wait_for_selector("text=割接公告")
    assert looked_at(page, "notices-zh") == []
    page.select_option("main select[name=channel]", "hall")  # a call would depend on the hour
    page.click("main button:has-text('已告知')")
    page.wait_for_selector("text=全部客户均已告知")
    page.goto("/relations/fasts/")
    page.wait_for_selector("text=割接公告")
    assert looked_at(page, "fasts-zh") == []
    page.goto("/relations/visits/")
    page.wait_for_selector("text=上门演示新业务")
    assert looked_at(page, "visits-zh") == []
    page.click("main tbody a:has-text('打开')")
    page.fill("#id_result", "演示云电脑，客户满意")
    page.click("main button:has-text('已完成上门')")
    page.wait_for_selector("text=上门已记录")
    page.goto("/relations/care/")
    page.click("main tbody a:has-text('打开')")
    page.wait_for_selector("#id_channel")
    page.select_option("#id_channel", "hall")
    assert looked_at(page, "care-act-zh") == []
    page.click("main button:has-text('记录')")
    page.wait_for_selector("text=关怀已记录")
    boss = page_of("9001", "/relations/care/balance/", size=(1280, 800))
    boss.wait_for_selector("text=数量太少，无法判断")
    assert looked_at(boss, "balance-zh") == []
    boss.goto("/relations/entitlements/")
    boss.wait_for_selector("text=开业同庆")
    assert looked_at(boss, "entitlements-zh") == []
    boss.goto("/relations/outreach/")
    boss.wait_for_selector("main tbody >> text=王*")
    boss.click("summary:has-text('导出名单')")
    assert looked_at(boss, "outreach-zh") == []
    boss.select_option("select[name=reason]", "callback")
    boss.fill("input[name=note], textarea[name=note]", "客户经理走访")
    with boss.expect_download() as file:
        boss.click("button:has-text('CSV')")
    assert "王*" in file.value.path().read_text("utf-8-sig")
