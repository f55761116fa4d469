"""A violation is closed once it is decided what follows and a warning notice that tells it is out to everybody."""

import datetime as dt

import pytest
from django.urls import reverse

from yingting.domains.cases.actions import closing
from yingting.domains.cases.actions.penalising import penalise
from yingting.domains.cases.models import Case
from yingting.domains.cases.queries.standing import place_of
from yingting.domains.cases.queries.violations import Sought, articles, entries, sheet_of, violations
from yingting.domains.cases.queries.warnings import warned
from yingting.domains.cases.rules.penalties import Verdict
from yingting.domains.cases.tests.stories import H01
from yingting.domains.cases.tests.test_conduct import at_the_end, confirmed
from yingting.foundation.people.models import Person
from yingting.foundation.sites.models import Hall
from yingting.kernel.refusals import Refusal
from yingting.reporting.bulletins import drafting, issuing, receiving
from yingting.reporting.bulletins.models import Receipt
from yingting.reporting.bulletins.reading import document_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def later(cast, now):
    return now + dt.timedelta(days=14)


@pytest.fixture
def finding(cast, actor_of, now, later):
    """1001 is answerable; nobody objected in time, and the case waits for what follows."""
    Hall.objects.update(clock_anchor_real=later, clock_anchor_hall=later, clock_speed=0)
    row = confirmed(actor_of, now)
    at_the_end(row, actor_of, later)
    return row


def draft_of(kind, finding, actor_of, now):
    unit = Person.objects.get(staff_no="9001").unit
    asked = {"kind": kind, "day": now.date(), "case": finding.case_id, "actor": actor_of("9001"), "now": now}
    return drafting.create_draft(unit=unit.pk, **asked)


def decide(finding, actor_of, now):
    verdict = Verdict(("warning",), now.date() + dt.timedelta(days=1), "首次违规")
    penalise(finding=finding.pk, verdict=verdict, actor=actor_of("9901"), now=now)


@pytest.mark.req("PRF-10", "RPT-07")
def test_each_violation_is_handled_by_the_staff_rules_and_told_to_everybody(finding, actor_of, later):
    close = {"case": finding.case_id, "actor": actor_of("9001"), "now": later}
    draft = draft_of("warning", finding, actor_of, later)
    with pytest.raises(Refusal) as told:  # nothing is decided: the notice would not say what follows
        issuing.issue(bulletin=draft.pk, actor=actor_of("9001"), now=later)
    assert told.value.code == "bulletin.finding_open"
    decide(finding, actor_of, later)
    line = document_for(draft)[0].quoted[-1]
    assert line.endswith("的处理决定：警告，自 2026-01-20 起生效，依据员工奖惩条例（具体条款由各省填写）")
    with pytest.raises(Refusal) as told:
        closing.close(**close)
    assert (told.value.code, told.value.params["needs"]) == ("case.gate", "向全体员工的警示通报")
    number = issuing.issue(bulletin=draft.pk, actor=actor_of("9001"), now=later)
    receiving.confirm(bulletin=draft.pk, actor=actor_of("1001"), now=later)
    notice = warned([finding.case_id])[finding.case_id]
    everybody = Person.objects.filter(unit__path__startswith="GD/", is_active=True, is_simulated=False).count()
    assert (notice.reference, notice.receivers, notice.confirmed) == (number, everybody, 1)
    closing.close(**close)
    assert Case.objects.get(pk=finding.case_id).state == "closed"


def test_a_notice_to_leaders_only_or_one_that_was_withdrawn_warns_nobody(finding, actor_of, later):
    decide(finding, actor_of, later)
    issuing.issue(bulletin=draft_of("trace", finding, actor_of, later).pk, actor=actor_of("9001"), now=later)
    assert warned([finding.case_id]) == {}
    draft = draft_of("warning", finding, actor_of, later)
    assert warned([finding.case_id]) == {}
    issuing.issue(bulletin=draft.pk, actor=actor_of("9001"), now=later)
    assert list(warned([finding.case_id])) == [finding.case_id]
    issuing.withdraw(bulletin=draft.pk, why="有误", actor=actor_of("9001"), now=later)
    assert warned([finding.case_id]) == {}


@pytest.mark.req("PRF-08", "RPT-07")
def test_the_register_shows_what_was_decided_and_who_read_the_notice(finding, client, actor_of, later):
    decide(finding, actor_of, later)
    draft = draft_of("warning", finding, actor_of, later)
    number = issuing.issue(bulletin=draft.pk, actor=actor_of("9001"), now=later)
    receiving.confirm(bulletin=draft.pk, actor=actor_of("1001"), now=later)
    n = Receipt.objects.filter(bulletin=draft).count()
    client.force_login(Person.objects.get(staff_no="1301"))
    page = client.get(reverse("cases:violations")).content.decode()
    for words in ("警告", "自 2026-01-20 起生效", number, f"已读 1 / {n} 人"):
        assert words in page, words
    found = violations(place_of(actor_of("1301")), Sought())
    (row,) = sheet_of(entries(found, articles(H01, later.date()))).rows
    assert row[-4:] == ["警告，自 2026-01-20 起生效，依据员工奖惩条例（具体条款由各省填写）", number, 1, n]
