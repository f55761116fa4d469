"""Account managers: three fasts by month (CUS-12, CUS-20), visits (CUS-13), notices; what goes with an erased file."""

import datetime as dt

import pytest

from yingting.domains.cases.facade import Intake, register
from yingting.domains.cases.models import Cycle
from yingting.domains.relations.actions.managing import (
    Notice,
    announce,
    cancel_visit,
    log_visit,
    plan_regular_visits,
    plan_visit,
    tell_notice,
)
from yingting.domains.relations.models import NoticeTo, SiteVisit
from yingting.domains.relations.queries.managing import fasts_of, managers_in, notices_for, site_visits, work_of
from yingting.domains.relations.queries.personal import SITE_VISITS
from yingting.domains.relations.rules.managing import Fast, Purpose
from yingting.domains.relations.tests.conftest import DAY, NOW, later, refused
from yingting.foundation.customers.keeping import assign_manager, set_left_alone
from yingting.foundation.customers.models import Customer
from yingting.foundation.privacy.fields import search_keys
from yingting.foundation.privacy.holders import Due, Erasing
from yingting.foundation.privacy.rules import DataKind
from yingting.foundation.privacy.shapes import Action
from yingting.foundation.sites.models import Unit
from yingting.kernel.actors import SYSTEM

pytestmark = pytest.mark.django_db
MONTH = DAY.replace(day=1)


@pytest.fixture
def big(opened, manager, actor_of):
    """A big customer of the manager 1601."""
    row = opened("张伟", segment="big", phone="13800138000")
    assign_manager(customer=row.pk, person=manager.pk, why="大客户", actor=actor_of("9001"), now=NOW)
    return row


def kept(actor, manager, now):
    page = fasts_of(actor, manager, MONTH, now)
    return {one.value: page.kept[one] for one in Fast}


@pytest.mark.req("CUS-12", "CUS-20")
def test_each_visit_complaint_and_notice_is_kept_or_not_by_its_limit(cast, big, manager, opened, visited, actor_of):
    boss = actor_of("1301")
    visited(big, DAY, minutes=15)
    visited(big, DAY, minutes=16)
    visited(opened("李娜"), DAY, minutes=60)  # not a customer of these segments
    case = register(
        intake=Intake("GD/GZ/TH/H01/", "counter", "信号不好", phone="13800138000", category="service"),
        actor=boss,
        now=NOW,
    )
    said = {"actor": actor_of("1301"), "now": later(hours=1)}
    announce(
        notice=Notice(Unit.objects.get(code="H01").pk, "割接公告", "周六凌晨", ("big",)),
        actor=actor_of("9001"),
        now=NOW,
    )
    assert kept(boss, manager, later(hours=2)) == {"handling": (1, 2), "complaint": (0, 0), "notice": (0, 0)}
    tell_notice(notice=NoticeTo.objects.get().pk, channel="phone", outcome="reached", **said)
    assert kept(boss, manager, later(hours=2))["notice"] == (1, 1)
    assert kept(boss, manager, later(hours=25))["complaint"] == (0, 1)  # a day is over without an answer
    Cycle.objects.filter(case=case.id).update(answered_at=later(hours=24))
    page = fasts_of(boss, manager, MONTH, later(hours=25))
    assert page.kept[Fast.COMPLAINT] == (1, 1)
    assert [line.label for line in page.lines if line.timed.fast is Fast.COMPLAINT] == [case.number]
    assert page.lines[0].is_kept is False  # what was not kept stands first
    assert kept(actor_of("2001"), manager, later(hours=25)) == {one.value: (0, 0) for one in Fast}


@pytest.mark.req("CUS-12")
def test_a_notice_goes_to_who_agreed_and_is_told_once(big, opened, manager, actor_of):
    boss, unit = actor_of("9001"), Unit.objects.get(code="H01").pk
    notice = Notice(unit, "割接公告", "周六凌晨", ("big",))
    for name, agrees, alone in (("李娜", (), False), ("王强", ("service_notice",), True)):
        row = opened(name, segment="big", agrees=agrees)
        assign_manager(customer=row.pk, person=manager.pk, why="大客户", actor=boss, now=NOW)
        if alone:
            set_left_alone(customer=row.pk, is_left_alone=True, how="counter", actor=boss, now=NOW)
    refused("relation.unknown", announce, notice=notice, actor=actor_of("1001"), now=NOW)
    refused("notice.nobody", announce, notice=Notice(unit, "甲", "乙", ("public",)), actor=boss, now=NOW)
    announce(notice=notice, actor=boss, now=NOW)
    row = NoticeTo.objects.get()
    assert (row.customer_id, row.due_at) == (big.pk, later(hours=24))
    say = {"notice": row.pk, "channel": "hall", "outcome": "reached"}
    refused("relation.unknown", tell_notice, **say, actor=actor_of("2001"), now=NOW)
    mine = actor_of("1601")
    assert [line.is_over for line in notices_for(mine, later(hours=25), mine=True, most=9)] == [True]
    tell_notice(**say, actor=mine, now=later(hours=2))
    refused("notice.told", tell_notice, **say, actor=mine, now=later(hours=3))


@pytest.mark.req("CUS-13")
def test_regular_visits_are_planned_by_segment_logged_and_planned_again(big, manager, actor_of):
    assert plan_regular_visits(actor=SYSTEM, now=later(days=1)) == 1
    assert plan_regular_visits(actor=SYSTEM, now=later(days=2)) == 0
    visit = SiteVisit.objects.get()
    assert (visit.planned_on, visit.person_id, visit.purpose) == (dt.date(2026, 2, 5), manager.pk, "regular")
    mine = actor_of("1601")
    assert site_visits(mine, later(days=34), mine=True, which="over", most=9) == []  # three days of grace
    assert len(site_visits(mine, later(days=35), mine=True, which="over", most=9)) == 1
    refused("relation.field_missing", log_visit, visit=visit.pk, result=" ", actor=mine, now=later(days=31))
    log_visit(visit=visit.pk, result="专线稳定，想扩容", actor=mine, now=later(days=31))
    refused("relation.changed", log_visit, visit=visit.pk, result="再次", actor=mine, now=later(days=31))
    assert plan_regular_visits(actor=SYSTEM, now=later(days=32)) == 1
    assert SiteVisit.objects.get(state="planned").planned_on == dt.date(2026, 3, 5)
    demo = {"customer": big.pk, "person": "1601", "purpose": Purpose.DEMO, "planned_on": DAY + dt.timedelta(days=40)}
    made = plan_visit(**demo, actor=mine, now=later(days=33))
    refused("site_visit.planned", plan_visit, **demo, actor=mine, now=later(days=33))
    cancel_visit(visit=made, why="客户改期", actor=mine, now=later(days=34))
    set_left_alone(customer=big.pk, is_left_alone=True, how="counter", actor=mine, now=later(days=35))
    refused("customer.left_alone", plan_visit, **demo, actor=mine, now=later(days=36))


@pytest.mark.req("CUS-15")
def test_the_managers_own_list_names_their_customers_and_no_others(big, manager, opened, actor_of):
    opened("李娜", segment="big")
    work = work_of(actor_of("1601"), NOW, 9)
    assert ([face.id for face in work.customers], work.customer_count) == ([big.pk], 1)
    assert [(one.staff_no, n) for one, n in managers_in(actor_of("1301"))] == [("1601", 1)]
    assert managers_in(actor_of("2001")) == []


def test_what_was_said_goes_with_the_customers_file(big, actor_of):
    mine = actor_of("1601")
    made = plan_visit(customer=big.pk, person="1601", purpose=Purpose.DEMO, planned_on=DAY, actor=mine, now=NOW)
    log_visit(visit=made, result="张总想扩容", actor=mine, now=NOW)
    (found,) = SITE_VISITS.find(DataKind.PHONE, search_keys(DataKind.PHONE, "13800138000"))
    assert (found.record, found.part_of) == (made, big.pk)
    assert SITE_VISITS.due(Due(NOW, None, 9)) == []
    assert [one.record for one in SITE_VISITS.due(Due(later(days=9), None, 9))] == [made]
    Customer.objects.filter(pk=big.pk).update(state="erased")
    assert [one.record for one in SITE_VISITS.due(Due(NOW, None, 9))] == [made]
    SITE_VISITS.erase(Erasing([made], Action.FORGET_PERSON, SYSTEM, NOW))
    assert (SiteVisit.objects.get().result.open(), SITE_VISITS.kept([made])) == ("", [])
    assert site_visits(mine, NOW, mine=False, which="done", most=9) == []
