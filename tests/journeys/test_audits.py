"""An audit in a real browser: the auditor reads the sample, judges, opens a case; the person concerned answers."""

import datetime as dt

import pytest
from playwright.sync_api import expect
from tests.journeys.looking import looked_at

from yingting.domains.cases.models import Case
from yingting.domains.detection.actions import auditing
from yingting.domains.detection.models import AuditJudgement, AuditRound
from yingting.domains.detection.tests.conftest import Acts
from yingting.kernel.actors import SYSTEM

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDE, PHONE = (1366, 768), (360, 780)


@pytest.fixture
def audit(committed_cast, actor_of, now):
    """A round of January: a hall manager looked at a case that was none of theirs, late in the evening; a large export."""
    acts = Acts(actor_of)
    case = acts.case("9001", now)
    acts.reveal("9001", case, now)
    acts.reveal("1301", case, now.replace(hour=14))
    acts.export(2400, now + dt.timedelta(hours=1))
    auditing.draw_what_is_due(actor=SYSTEM, now=now + dt.timedelta(days=30))
    return AuditRound.objects.get()


@pytest.mark.req("SEC-02", "SEC-03")
def test_an_auditor_judges_the_sample_and_the_person_concerned_answers(page_of, audit):
    address = f"/audits/{audit.pk}/"
    page = page_of("9901", "/audits/", size=WIDE)
    assert looked_at(page, "audits-zh-1366") == []
    page.get_by_role("link", name="广州").click()
    page.wait_for_url(f"**{address}")
    assert looked_at(page, "audit-open-zh-1366") == []
    foreign = page.locator(".audit-item", has_text="非本人经手工单")
    assert "营业时间外" in foreign.inner_text()
    foreign.get_by_role("button", name="不合规").click()
    page.get_by_text("请简要说明").wait_for()
    foreign.get_by_label("评判理由").fill("与本人经手工单无关，夜间查看")
    foreign.get_by_role("button", name="不合规").click()
    foreign.get_by_role("button", name="立违规案件").click()
    foreign.get_by_role("link").wait_for()
    assert Case.objects.get(process="violation").about_person.staff_no == "1301"
    for left in (1, 0):
        page.get_by_role("button", name="合规", exact=True).first.click()
        expect(page.locator(".audit-verbs")).to_have_count(left)
    page.get_by_role("button", name="结束本次稽核").click()
    page.get_by_text("已结束").first.wait_for()
    assert AuditJudgement.objects.count() == 3
    page.get_by_role("link", name="用同一种子重新抽样").click()
    page.get_by_text("样本一致").wait_for()
    assert looked_at(page, "audit-closed-zh-1366") == []

    own = page_of("1301", "/audits/own/", language="en", size=PHONE)
    assert looked_at(own, "own-acts-en-360") == []
    own.get_by_label("What you say to it").fill("客户夜间来电要求")
    own.get_by_role("button", name="Say it").click()
    own.get_by_text("客户夜间来电要求").wait_for()
    phone = page_of("9901", address, language="en", size=PHONE)
    assert looked_at(phone, "audit-en-360") == []
    expect(phone.locator("main").first).to_contain_text("客户夜间来电要求", use_inner_text=True)
    phone.goto("/audits/")
    assert looked_at(phone, "audits-en-360") == []
