"""A violation in a real browser: what follows is decided on the trace, and the register tells it; the limits open line by line."""

import datetime as dt

import pytest
from tests.journeys.looking import looked_at
from tests.journeys.test_cases_managers import SIZES, actor_of

from yingting.domains.cases.actions import tracing
from yingting.domains.cases.models import Finding, Penalty
from yingting.domains.cases.tests.stories import closed, id_of
from yingting.domains.cases.tests.test_conduct import confirmed
from yingting.kernel.clocks import system_now

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def finding(committed_cast, settings):
    """A finding about 1001 that nobody objected to in time; on another case an objection that is late."""
    settings.LANGUAGE_CODE = "zh-hans"
    begun = system_now() - dt.timedelta(days=60)
    row = confirmed(actor_of, begun)
    late = closed(actor_of, begun)
    said = tracing.Found("person", id_of("1201"), step="verify", words="没有核对凭证")
    tracing.find(case=late.id, found=said, actor=actor_of("1301"), now=begun + dt.timedelta(hours=1))
    objected = Finding.objects.get(person=id_of("1201")).pk
    tracing.judge(finding=objected, confirms=True, actor=actor_of("9001"), now=begun + dt.timedelta(hours=2))
    tracing.appeal(finding=objected, words="凭证已核对", actor=actor_of("1201"), now=begun + dt.timedelta(hours=3))
    return row


@pytest.mark.req("PRF-10")
def test_what_follows_is_decided_on_the_trace_and_told_in_the_register(page_of, finding):
    page = page_of("9901", f"/cases/{finding.case_id}/trace/", size=SIZES["1366"])
    page.get_by_label("警告").check()
    page.get_by_label("待岗培训").check()
    page.get_by_label("生效日期").fill((system_now() + dt.timedelta(days=2)).date().isoformat())
    assert looked_at(page, "conduct-trace") == []
    page.get_by_role("button", name="作出决定").click()
    page.get_by_text("您的决定已记录").wait_for()
    assert Penalty.objects.count() == 1
    assert looked_at(page, "conduct-trace-decided") == []
    page.goto(page.url.split("/cases/")[0] + "/cases/violations/")
    page.get_by_text("警告、待岗培训").wait_for()
    assert looked_at(page, "conduct-violations") == []
    own = page_of("1001", "/cases/findings/mine/", size=SIZES["360"])
    own.get_by_text("警告、待岗培训").wait_for()
    own.locator("details summary").first.click()
    assert looked_at(own, "conduct-mine") == []
    page.goto(page.url.split("/cases/")[0] + "/cases/")
    page.get_by_text("1 件异议待决定").wait_for()
    assert looked_at(page, "conduct-queue") == []
    page.get_by_role("link", name="责任认定", exact=True).click()
    page.get_by_text("超时未决定").wait_for()
    page.locator("details summary").last.click()
    assert looked_at(page, "conduct-findings") == []
