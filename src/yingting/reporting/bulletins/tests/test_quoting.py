"""A notice about a case: it quotes the trace and the findings, names no customer, and waits until findings are final."""

import datetime as dt

import pytest
from django.urls import reverse

from yingting.domains.cases.actions import tracing
from yingting.domains.cases.models import Finding
from yingting.domains.cases.tests.stories import closed, id_of, minutes
from yingting.foundation.people.models import Person
from yingting.foundation.sites.models import Hall
from yingting.kernel.refusals import Refusal
from yingting.reporting.bulletins import drafting, issuing, receiving
from yingting.reporting.bulletins.archive import document_of, issued_texts
from yingting.reporting.bulletins.models import Bulletin, Quote
from yingting.reporting.bulletins.quoting import notices_on
from yingting.reporting.bulletins.reading import document_for
from yingting.reporting.bulletins.workbook import to_xlsx

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(cast, actor_of, now):
    """A closed case; 9001 confirmed that 1201 is answerable."""
    Hall.objects.update(clock_anchor_real=now, clock_anchor_hall=now, clock_speed=0)
    found = closed(actor_of, minutes(now, -60))
    Finding.objects.all().delete()  # the one that let it close says that nobody is
    said = tracing.Found("person", id_of("1201"), step="verify")
    tracing.find(case=found.id, found=said, actor=actor_of("1301"), now=minutes(now, -30))
    tracing.judge(finding=Finding.objects.get().pk, confirms=True, actor=actor_of("9001"), now=minutes(now, -20))
    return found


@pytest.fixture
def draft(case, actor_of, now):
    unit = Person.objects.get(staff_no="9001").unit
    return drafting.create_draft(
        unit=unit.pk, kind="trace", day=now.date(), case=case.id, actor=actor_of("9001"), now=now
    )


@pytest.mark.req("RPT-11", "RPT-07")
def test_a_notice_is_issued_once_its_findings_are_final_and_its_receipts_are_counted(draft, case, actor_of, now):
    (line,) = document_for(draft)[0].quoted
    assert line == f"{case.number}：赵敏 1201，主要责任（“核实”环节），原因：人员操作，已确认"
    with pytest.raises(Refusal) as told:
        issuing.issue(bulletin=draft.pk, actor=actor_of("9001"), now=now)
    assert (told.value.code, Bulletin.objects.get().state) == ("bulletin.finding_open", "draft")
    later = now + dt.timedelta(days=10)
    issuing.issue(bulletin=draft.pk, actor=actor_of("9001"), now=later)
    receiving.confirm(bulletin=draft.pk, actor=actor_of("1301"), now=later)
    (notice,) = notices_on(actor_of("9001"), case.id)
    assert (bool(notice.reference), notice.confirmed, notice.receivers > 1) == (True, 1, True)
    issued = document_of(issued_texts([draft])[draft.pk])
    assert issued.quoted == (line,)
    assert "王小明" not in str(issued)
    assert to_xlsx(issued, str).startswith(b"PK")


def test_a_finding_that_was_reversed_is_not_quoted(draft, case, actor_of, now):
    finding = Finding.objects.get().pk
    tracing.appeal(finding=finding, words="已核对", actor=actor_of("1201"), now=now)
    tracing.decide_appeal(finding=finding, reverses=True, words="属实", actor=actor_of("9901"), now=now)
    assert document_for(draft)[0].quoted == ()


def test_a_discarded_draft_takes_its_quotes_with_it(draft, actor_of, now):
    drafting.discard_draft(bulletin=draft.pk, actor=actor_of("9001"), now=now)
    assert Quote.objects.count() == 0


@pytest.mark.req("SEC-01")
@pytest.mark.parametrize(
    ("who", "on_get", "on_post"), [(None, 302, 302), ("2001", 404, 404), ("1301", 200, 403), ("9001", 200, 302)]
)
def test_who_sees_and_who_drafts_notices_about_a_case(client, case, who, on_get, on_post):
    if who:
        client.force_login(Person.objects.get(staff_no=who))
    address = reverse("bulletins:of-case", args=[case.id])
    assert client.get(address).status_code == on_get
    assert client.post(address, {"kind": "trace"}).status_code == on_post
    assert Quote.objects.count() == (who == "9001")
