"""Clocks set right on the page of their case: by superiors, with a reason, a correction by two people."""

import pytest
from django.urls import reverse
from django.utils.timezone import localtime

from yingting.domains.cases.actions import holding
from yingting.domains.cases.models import Clock, ClockCorrection, ClockEntry
from yingting.domains.cases.tests.stories import complaint, minutes
from yingting.domains.cases.tests.test_remedy_pages import HTMX, as_, steps, text  # noqa: F401
from yingting.foundation.journal.models import Fact

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(cast, actor_of, now):
    """Accepted after 45 minutes of working time, on a day that is past: the 30 of the acceptance clock are over."""
    made = complaint(actor_of, now)
    holding.accept(case=made.id, actor=actor_of("1001"), now=minutes(now, 45))
    return made


def clock_of(case, code):
    return Clock.objects.get(case_id=case.id, code=code)


def send(client, case, deed, about, **typed):
    return client.post(reverse("cases:clock", args=[case.id, deed, about]), typed, **HTMX)


def page_of(client, case):
    return text(client.get(reverse("cases:case", args=[case.id])))


def test_a_superior_gives_a_clock_of_the_house_another_limit_and_the_page_tells_it(as_, case):  # noqa: F811
    inner, law = clock_of(case, "inner"), clock_of(case, "answer")
    page = page_of(as_("1301"), case)
    assert f"clock-retarget-{inner.pk}" in steps(page)
    assert f"clock-retarget-{law.pk}" not in steps(page)
    assert not any(one.startswith("clock-") for one in steps(page_of(as_("1001"), case)))
    longer = {"amount": "8", "unit": "working_days", "reason": "需跨省核查"}
    facts = Fact.objects.count()
    for wrong, status in (
        ({"amount": "0"}, 422), ({"amount": "9999999"}, 422), ({"unit": "moons"}, 422), ({"reason": " "}, 422), ({"seen": "1"}, 409),
    ):  # fmt: skip
        answer = send(as_("1301"), case, "retarget", inner.pk, **longer | wrong)
        assert (answer.status_code, answer["HX-Retarget"]) == (status, f"#said-clock-retarget-{inner.pk}"), wrong
    assert send(as_("1301"), case, "retarget", law.pk, **longer).status_code == 409
    assert send(as_("1001"), case, "retarget", inner.pk, **longer).status_code == 403
    assert send(as_("2001"), case, "retarget", inner.pk, **longer).status_code == 404
    assert send(as_("1301"), case, "nonsense", inner.pk).status_code == 404
    assert Fact.objects.count() == facts
    page = text(send(as_("1301"), case, "retarget", inner.pk, **longer))
    assert "时限调整为: 8 工作日" in page
    assert "需跨省核查" in page
    assert clock_of(case, "inner").due_at > inner.due_at


def test_a_correction_is_proposed_by_one_and_decided_by_another_superior_on_the_page(as_, case, now):  # noqa: F811
    clock = clock_of(case, "accept")
    entry = ClockEntry.objects.get(clock=clock, kind="stop")
    really = localtime(minutes(now, 20))
    typed = {"entry": str(entry.pk), "really": "at", "at": f"{really:%Y-%m-%dT%H:%M}", "reason": "系统中断，纸质登记"}
    assert "停止计时" in page_of(as_("1301"), case)
    for wrong in ({"entry": "x"}, {"really": ""}, {"at": "soon"}, {"reason": ""}, {"at": "2999-01-01T00:00"}):
        assert send(as_("1301"), case, "correct", clock.pk, **typed | wrong).status_code in (404, 422), wrong
    assert send(as_("1001"), case, "correct", clock.pk, **typed).status_code == 403
    assert ClockCorrection.objects.count() == 0
    page = text(send(as_("1301"), case, "correct", clock.pk, **typed))
    pending = ClockCorrection.objects.get()
    assert "有更正待审批" in page
    assert f"clock-decide-{pending.pk}" not in steps(page)
    assert f"clock-decide-{pending.pk}" in steps(page_of(as_("9001"), case))
    assert send(as_("1301"), case, "decide", pending.pk, answer="approve").status_code == 403
    assert send(as_("9001"), case, "decide", pending.pk).status_code == 422
    assert send(as_("9001"), case, "decide", pending.pk, answer="refuse").status_code == 422
    assert clock_of(case, "accept").breached_at == minutes(now, 30)
    page = text(send(as_("9001"), case, "decide", pending.pk, answer="approve"))
    assert clock_of(case, "accept").breached_at is None
    for told in ("已作废", "已批准", f"实际时间是 {really:%Y-%m-%d %H:%M}", "系统中断，纸质登记"):
        assert told in page, told


def test_that_something_never_happened_may_be_refused_with_the_reason(as_, case):  # noqa: F811
    clock = clock_of(case, "accept")
    entry = ClockEntry.objects.get(clock=clock, kind="stop")
    text(send(as_("1301"), case, "correct", clock.pk, entry=str(entry.pk), really="never", reason="误点"))
    pending = ClockCorrection.objects.get()
    page = text(send(as_("9001"), case, "decide", pending.pk, answer="refuse", words="记录属实"))
    assert ClockEntry.objects.filter(clock=clock).count() == 2
    for told in ("实际没有发生", "未批准", "记录属实"):
        assert told in page, told
