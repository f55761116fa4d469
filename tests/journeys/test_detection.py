"""What stands out, in a real browser: the service manager reads alarm, issue, batch and model; a clerk takes a suggestion."""

import datetime as dt

import pytest
from tests.journeys.looking import looked_at

from yingting.domains.detection.actions.alarming import look_at_staff_numbers
from yingting.domains.detection.actions.looking import look_over
from yingting.domains.detection.actions.teaching import teach
from yingting.domains.detection.models import Batch, HotIssue, SuggestionModel
from yingting.domains.detection.tests.conftest import H02, Complaints
from yingting.domains.detection.tests.test_learning import examples
from yingting.domains.detection.tests.test_looking import SAME
from yingting.domains.detection.tests.test_suggesting import CODES, ruled
from yingting.kernel.actors import SYSTEM

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDE, PHONE = (1366, 768), (360, 780)


@pytest.fixture
def found(committed_cast, actor_of, now):
    """Weeks with a few complaints, then a day with many; an alarm; a model learnt from what was closed."""
    complaints = Complaints(actor_of)
    day = dt.timedelta(days=1)
    for n in range(1, 57, 4):
        complaints.some(1 + n % 2, now - n * day, text=f"装宽带预约的时间不合适{'再' * n}")
    for n in range(3):
        complaints.about("1001", now - n * day)
    for n, text in enumerate(SAME * 3):
        unit = {"unit": H02} if n % 3 else {}
        complaints.about(None, now, text=text, category="network.broadband", phone=f"1380000567{n % 4}", **unit)
    look_at_staff_numbers(actor=SYSTEM, now=now)
    look_over(last=now.date(), actor=SYSTEM, now=now + dt.timedelta(hours=1))
    ruled(1, now - 60 * day, least_cases=60)
    complaints.closed([(one.text, CODES[one.category]) for one in examples(120, noise=0.1)], now)
    teach(unit="GD/", actor=actor_of("9901"), now=now)
    return complaints


@pytest.mark.req("CMP-07", "CMP-16")
def test_the_service_manager_reads_what_stands_out(page_of, found):
    lead, batch = HotIssue.objects.filter(part_of=None).first(), Batch.objects.first()
    pages = {
        "alarms": "/detection/alarms/", "hot": "/detection/hot/", "issue": f"/detection/hot/{lead.pk}/",
        "batches": "/detection/batches/", "batch": f"/detection/batches/{batch.pk}/", "model": "/detection/model/",
    }  # fmt: skip
    wide, phone = page_of("9001", pages["hot"], size=WIDE), page_of("9001", pages["hot"], language="en", size=PHONE)
    for name, address in pages.items():
        for page, kind in ((wide, "zh-1366"), (phone, "en-360")):
            assert page.goto(address).status == 200
            assert looked_at(page, f"detection-{name}-{kind}") == [], (name, kind)
    wide.goto(pages["hot"])
    wide.get_by_role("link", name="工号预警").last.click()
    wide.get_by_role("heading", name="1001").wait_for()
    assert SuggestionModel.objects.get().verdict == "carries"
