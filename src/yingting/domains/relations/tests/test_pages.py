"""Pages of relations: who may open and do what, in one table; what the file shows to whom; the outreach list leaves written down."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse

from yingting.domains.queueing.models import TicketCustomer
from yingting.domains.relations.actions.caring import find_due
from yingting.domains.relations.actions.entitling import Announced, grant_entitlement, open_offering
from yingting.domains.relations.actions.leading import Interest, open_lead
from yingting.domains.relations.actions.managing import Notice, announce, plan_visit
from yingting.domains.relations.actions.teaching import plan_teaching
from yingting.domains.relations.models import CareDue, Entitlement, Frequent, Lead, NoticeTo, SiteVisit, Teaching
from yingting.domains.relations.rules.managing import Purpose
from yingting.domains.selling.models import RecommendationRecord
from yingting.foundation.calendars.reading import today_at
from yingting.foundation.customers.contacting import Said, note_contact
from yingting.foundation.customers.keeping import assign_manager, set_left_alone, set_tag
from yingting.foundation.customers.merging import merge
from yingting.foundation.journal.models import Fact
from yingting.foundation.people.models import Person, Role, RoleGrant
from yingting.foundation.privacy.models import Disclosure
from yingting.foundation.sites.models import Unit
from yingting.kernel.actors import SYSTEM
from yingting.kernel.clocks import system_now

pytestmark = pytest.mark.django_db

# clerk of the hall, duty manager of another hall, hall manager, province manager, guard
ALL = {"1001": 200, "2001": 200, "1301": 200, "9001": 200, "1401": 403}
OF_HALL = {**ALL, "2001": 404}
# A file is reached from every hall of the city: a customer walks into any of them.
OF_CITY = ALL
MANAGERS = {"1001": 403, "2001": 403, "1301": 200, "9001": 200, "1401": 403}
# name: (key, what GET answers); None: only POST
TABLE = {
    "mine": ("", ALL), "fasts": ("", ALL), "visits": ("", ALL), "visit": ("visit", OF_HALL), "visit-cancel": ("visit", None),
    "notices": ("", ALL), "notice-new": ("", MANAGERS), "notice-tell": ("notice", None),
    "file": ("customer", OF_CITY), "begin": ("begin", OF_CITY), "use": ("entitlement", None),
    "frequent": ("", ALL), "effect": ("", ALL), "plan": ("plan", OF_HALL), "plan-end": ("plan", None),
    "care": ("", ALL), "balance": ("", ALL), "care-act": ("care", OF_HALL), "care-leave-out": ("care", None),
    "leads": ("", ALL), "lead": ("lead", OF_HALL), "lead-end": ("lead", None),
    "entitlements": ("", ALL), "campaign-new": ("", MANAGERS), "campaign": ("campaign", OF_HALL),
    "outreach": ("", ALL), "outreach-export": ("", None),
}  # fmt: skip


@pytest.fixture
def guard(cast):
    person = Person.objects.create_user("1401", None, name="郑强", unit=Unit.objects.get(code="H01"))
    RoleGrant.objects.create(person=person, role=Role.objects.get(key="guard"), unit=person.unit)


@pytest.fixture
def things(opened, manager, guard, actor_of):
    """One of everything, of a big customer of the hall H01 with an account manager."""
    now, boss = system_now(), actor_of("9001")
    today, h01 = today_at("GD/", now), Unit.objects.get(code="H01")
    since = today - dt.timedelta(days=400)
    row = opened("张伟", segment="big", now=now, customer_since=since, phone="13800138000")
    assign_manager(customer=row.pk, person=manager.pk, why="大客户", actor=boss, now=now)
    Frequent.objects.create(
        customer=row, unit=h01, visits=9, peak=4, sort="payment", is_peak=True, since=today, as_of=today
    )
    plan_teaching(customer=row.pk, owner="1301", due_on=today, actor=boss, now=now)
    open_lead(customer=row.pk, interest=Interest("home", "1601", today, "想装全屋智能"), actor=boss, now=now)
    plan_visit(customer=row.pk, person="1601", purpose=Purpose.DEMO, planned_on=today, actor=boss, now=now)
    grant_entitlement(customer=row.pk, benefit="virus_check", actor=actor_of("1301"), now=now)
    announce(notice=Notice(h01.pk, "割接公告", "周六凌晨割接", ("big",)), actor=boss, now=now)
    campaign = open_offering(announced=Announced(h01.pk, "开业同庆", today, today), actor=boss, now=now)
    CareDue.objects.create(
        customer=row, unit=h01, action="yearly", tenure="settled", segment="big", due_on=today, last_on=today
    )
    return {
        "": (), "customer": (row.pk,), "begin": (row.pk, "lead"), "plan": (Teaching.objects.get().pk,),
        "care": (CareDue.objects.get().pk,), "lead": (Lead.objects.get().pk,), "visit": (SiteVisit.objects.get().pk,),
        "notice": (NoticeTo.objects.get().pk,), "entitlement": (Entitlement.objects.get().pk,), "campaign": (campaign,),
    }  # fmt: skip


@pytest.fixture
def as_person(client):
    def sign_in(staff_no):
        client.force_login(Person.objects.get(staff_no=staff_no))
        return client

    return sign_in


def address(name, things):
    return reverse(f"relations:{name}", args=things[TABLE[name][0]])


def test_the_table_names_every_page():
    resolver = next(one for one in get_resolver().url_patterns if getattr(one, "namespace", "") == "relations")
    assert {one.name for one in resolver.url_patterns} == set(TABLE)


def test_pages_open_to_whom_they_should(things, client, as_person):
    found, expected = {}, {}
    for name, (_key, answers) in TABLE.items():
        client.logout()
        method = client.get if answers else client.post
        assert method(address(name, things)).status_code == 302, name
        for staff_no, status in (answers or {}).items():
            found[name, staff_no] = as_person(staff_no).get(address(name, things)).status_code
            expected[name, staff_no] = status
        if answers is None:
            found[name, "GET"], expected[name, "GET"] = as_person("9001").get(address(name, things)).status_code, 405
    assert found == expected


def test_what_is_not_theirs_to_do_changes_nothing(things, as_person):
    facts = Fact.objects.count()
    for name in ("visit-cancel", "plan-end", "care-leave-out", "lead-end", "notice-tell"):
        answer = as_person("2001").post(address(name, things), {"why": "试", "how": "given_up", "channel": "phone"})
        assert answer.status_code == 404, name
    assert as_person("1401").post(address("use", things), {"hall": "x"}).status_code == 403
    assert (
        as_person("1001").post(address("outreach-export", things), {"reason": "audit", "note": "试"}).status_code == 403
    )
    assert Fact.objects.count() == facts


@pytest.mark.parametrize("what", ["teaching", "entitlement", "lead", "visit"])
def test_a_form_that_is_not_filled_keeps_what_was_typed(things, as_person, what):
    page = reverse("relations:begin", args=[things["customer"][0], what])
    answer = as_person("1301").post(page, {"note": "想装宽带", "owner": "1301"})
    assert answer.status_code == 422
    assert what != "lead" or "想装宽带" in answer.text


@pytest.mark.req("CUS-06", "CUS-15")
def test_the_file_shows_everything_by_mask_and_each_part_by_the_readers_rights(
    things, visited, actor_of, as_person, cast
):
    pk = things["customer"][0]
    row = Lead.objects.get().customer
    today = today_at("GD/", system_now())
    ticket = visited(row, today - dt.timedelta(days=3), rating=2)
    visited(row, today - dt.timedelta(days=2), hall="H02")
    RecommendationRecord.objects.create(
        hall_id=cast.hall, business_day=today, ticket=ticket, business=ticket.business, answers={"plan": ["accepted", "", ""]},
        is_full=True, is_late=False, at=system_now(),
    )  # fmt: skip
    page = as_person("1301").get(reverse("relations:file", args=[pk])).text
    for seen in (
        "张*",
        "138****8000",
        "大客户",
        "许兰",
        "开业同庆" if False else "割接公告",
        "王芳",
        "免费查杀病毒",
        ticket.number,
    ):
        assert seen in page, seen
    assert "13800138000" not in page
    assert "张伟" not in page
    assert "另有 1 次到访" in page  # in a hall outside the reader's care
    other = as_person("2001").get(reverse("relations:file", args=[pk])).text
    assert ticket.number not in other.replace("A0002", "")  # the clerk's hall is not in their care
    assert "智能家居" not in other  # nor the lead of another hall
    whole = as_person("9001").get(reverse("relations:file", args=[pk])).text
    assert "体育西营业厅" in whole


def test_the_address_of_a_merged_file_leads_to_the_one_that_was_kept(opened, actor_of, as_person, cast):
    kept, gone = opened("张伟"), opened("张炜")
    merge(kept=kept.pk, gone=gone.pk, why="同一人", actor=actor_of("9001"), now=system_now())
    answer = as_person("1301").get(reverse("relations:file", args=[gone.pk]))
    assert (answer.status_code, answer.url) == (302, reverse("relations:file", args=[kept.pk]))


@pytest.mark.req("CUS-06")
def test_the_file_asks_no_more_of_the_database_for_hundreds_of_rows(things, visited, actor_of, as_person):
    row = Lead.objects.get().customer
    today, boss = today_at("GD/", system_now()), actor_of("9001")
    client, page = as_person("1301"), reverse("relations:file", args=[row.pk])

    def grow(visits, contacts):
        for n in range(visits):
            visited(row, today - dt.timedelta(days=n % 90), at=dt.time(n % 9))
        for _ in range(contacts):
            note_contact(customer=row.pk, said=Said("phone", "care", False), actor=boss, now=system_now())

    def asked(address):
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(address)
        return len(queries), answer.text

    grow(20, 20)
    few, _text = asked(page)
    grow(280, 180)
    many, text = asked(page)
    assert many <= few
    assert text.count("<tr>") <= 10
    assert "?all=visits" in text
    assert asked(page + "?all=visits")[1].count("<tr>") > 290


@pytest.mark.req("CUS-17")
def test_the_outreach_list_leaves_out_who_does_not_want_it_and_is_written_down(
    opened, manager, actor_of, as_person, cast, visited
):
    now = system_now()
    old, boss = now - dt.timedelta(days=400), actor_of("9001")
    far, alone, silent = opened("张伟", now=old), opened("李娜", now=old), opened("王强", now=old, agrees=())
    came = opened("赵云", now=old)
    visited(came, today_at("GD/", now) - dt.timedelta(days=20))
    opened("新来", now=now)
    by_old_list = opened("孙梅", now=old)  # whose visits an older system has told
    day = today_at("GD/", now)
    Frequent.objects.create(
        customer=by_old_list,
        unit=by_old_list.unit,
        visits=9,
        peak=1,
        sort="payment",
        is_peak=False,
        since=day,
        as_of=day,
    )
    set_left_alone(customer=alone.pk, is_left_alone=True, how="counter", actor=boss, now=old)
    assign_manager(customer=far.pk, person=manager.pk, why="大客户", actor=boss, now=old)
    page = as_person("9001").get(reverse("relations:outreach"))
    seen = page.context["page"]
    assert ([one.face.id for one in seen.lines], seen.total, seen.left_alone, seen.without_consent) == (
        [far.pk],
        1,
        1,
        1,
    )
    assert as_person("9001").get(reverse("relations:outreach") + "?manager=none").context["page"].total == 0
    assert (
        as_person("9001").get(reverse("relations:outreach") + "?manager=1601&segment=public").context["page"].total == 1
    )
    answer = as_person("9001").post(
        reverse("relations:outreach-export"), {"reason": "callback", "note": "客户经理上门", "form": "csv"}
    )
    assert answer.status_code == 200
    text = answer.content.decode("utf-8-sig")
    assert "张*" in text
    assert "张伟" not in text
    assert (Disclosure.objects.get().rows, Disclosure.objects.get().kind) == (1, "customer")
    assert silent.pk != far.pk
    assert TicketCustomer.objects.count() == 1


@pytest.mark.req("CUS-22")
def test_care_is_due_for_everybody_and_told_where_nobody_may_call(opened, actor_of, as_person, cast):
    now = system_now()
    since = today_at("GD/", now) - dt.timedelta(days=40)
    opened("张伟", now=now - dt.timedelta(days=40), customer_since=since, agrees=())
    assert find_due(actor=SYSTEM, now=now) == 1
    page = as_person("1301").get(reverse("relations:care")).text
    assert "入网满月回访" in page
    assert "未同意关怀" in page


@pytest.mark.req("CUS-08")
def test_the_checklist_is_offered_on_the_file_of_who_is_owed_it(opened, actor_of, as_person, cast):
    row = opened("陈阿婆", now=system_now(), agrees=("special_needs",))
    set_tag(customer=row.pk, code="elderly", actor=actor_of("1301"), now=system_now())
    assert "special/" in as_person("1001").get(reverse("relations:file", args=[row.pk])).text
    page = as_person("1001").get(reverse("relations:begin", args=[row.pk, "special"])).text
    assert "爱心通道" in page


def test_the_lists_ask_no_more_of_the_database_for_more_rows(opened, manager, actor_of, as_person, cast):
    now, boss = system_now(), actor_of("9001")
    since, today = today_at("GD/", now) - dt.timedelta(days=40), today_at("GD/", now)
    client, counted = as_person("1301"), {}
    for more in (2, 10):
        for _ in range(more):
            row = opened("张伟", now=now - dt.timedelta(days=40), customer_since=since, segment="big")
            open_lead(customer=row.pk, interest=Interest("home", "1601", today), actor=boss, now=now)
            assign_manager(customer=row.pk, person=manager.pk, why="大客户", actor=boss, now=now)
        find_due(actor=SYSTEM, now=now)
        announce(notice=Notice(Unit.objects.get(code="H01").pk, "割接公告", "周六凌晨", ("big",)), actor=boss, now=now)
        for page in ("care", "leads", "notices"):
            address = reverse(f"relations:{page}") + "?which=open"
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                client.get(address)
            counted.setdefault(page, []).append(len(queries))
    assert [page for page, (few, many) in counted.items() if many > few] == []
