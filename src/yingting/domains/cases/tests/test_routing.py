"""Whose a case is from its first instant: down to the hall, up to the city's desk, over to the back office; never pushed away."""

import datetime as dt

import pytest
from django.urls import reverse

from yingting.domains.cases.actions import holding, tracing
from yingting.domains.cases.actions.registering import Intake, register
from yingting.domains.cases.models import Case, Clock, Finding, SupportRating
from yingting.domains.cases.queries import queue
from yingting.domains.cases.queries.names import lists_at
from yingting.domains.cases.tests.stories import H01, complaint, id_of, minutes
from yingting.domains.queueing.tests.screens import set_clock
from yingting.foundation.notify.models import Message
from yingting.foundation.people.models import Person, Role, RoleGrant
from yingting.foundation.sites.models import Unit
from yingting.kernel.refusals import Refusal
from yingting.planning.cast import PASSWORD

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


def desk(staff_no, unit):
    """Somebody who looks after service at a unit: its appeal desk, its back office."""
    person = Person.objects.create_user(staff_no, PASSWORD, name=staff_no, unit=unit)
    RoleGrant.objects.create(person=person, role=Role.objects.get(key="service_manager"), unit=unit)
    return person


@pytest.mark.req("CMP-14", "CMP-17")
def test_what_the_province_writes_down_for_a_hall_is_in_the_halls_inbox_with_its_due_moment(cast, actor_of, now):
    made = register(
        intake=Intake(H01, "hotline", "热线转来", channel_number="10086-7"), actor=actor_of("9001"), now=now
    )
    row = Case.objects.get(pk=made.id)
    assert (row.process, row.owner_id, row.first_asker_id) == ("transferred", id_of("1201"), id_of("9001"))
    (line,) = queue.lines(queue.open_of(actor_of("1201"), queue.Asked(), now), now)
    # Four working hours from ten o'clock, with an hour and a half of lunch.
    assert (line.number, line.due_at) == (made.number, now + dt.timedelta(hours=5.5))
    told = Message.objects.get(kind="case.dispatched")
    assert (told.person_id, told.notice.link, told.notice.due_at) == (id_of("1201"), f"/cases/{made.id}/", made.due_at)
    assert queue.lines(queue.open_of(actor_of("2001"), queue.Asked(queue.Which.ALL), now), now) == []
    # What a hall writes down for itself stays with who was asked, and nobody is told.
    assert Case.objects.get(pk=complaint(actor_of, now).id).owner_id == id_of("1001")
    assert Message.objects.filter(kind="case.dispatched").count() == 1


@pytest.mark.req("CMP-09")
def test_an_appeal_goes_to_the_desk_of_the_city_and_to_the_province_where_a_city_has_none(cast, actor_of, now):
    at_gz = desk("8801", Unit.objects.get(code="GZ"))
    fs = Unit.objects.create(
        code="FS", parent=Unit.objects.get(code="GD"), level="city", path="GD/FS/", name="佛山", name_en="Foshan"
    )  # fmt: skip
    appeal = Intake(H01, "miit", "申诉", channel_number="M1")
    first = register(intake=appeal, actor=actor_of("1001"), now=now)
    other = register(intake=Intake(fs.path, "miit", "申诉", channel_number="M2"), actor=actor_of("9001"), now=now)
    owners = {pk: Case.objects.get(pk=pk).owner_id for pk in (first.id, other.id)}
    assert owners == {first.id: at_gz.pk, other.id: id_of("9001")}
    assert Case.objects.get(pk=first.id).first_asker_id == id_of("1001")
    at_fs = desk("8802", fs)
    third = register(intake=Intake(fs.path, "miit", "又一件", channel_number="M3"), actor=actor_of("9001"), now=now)
    assert Case.objects.get(pk=third.id).owner_id == at_fs.pk


@pytest.mark.req("ORG-23", "ORG-24", "ORG-26", "CUS-16")
def test_the_front_reports_a_problem_in_a_form_and_the_back_office_owes_it_an_answer_by_a_day(
    client, cast, actor_of, now
):
    back = desk("7701", Unit.objects.get(code="TH"))
    set_clock(cast.hall, now)
    sign_in(client, "1001")
    ask_for = reverse("cases:new") + "?channel=staff&process=support"
    assert ask_for.replace("&", "&amp;") in client.get(reverse("cases:support")).content.decode()
    form = client.get(ask_for).content.decode()
    assert '<option value="support" selected>' in form
    typed = {
        "unit": H01, "channel": "staff", "process": "support", "category": "system.billing", "text": "账单重复出账，查不到原因",
    }  # fmt: skip
    assert client.post(reverse("cases:new"), typed).status_code == 302
    row = Case.objects.get()
    assert (row.kind, row.owner_id, row.first_asker_id) == ("support", back.pk, id_of("1001"))
    assert set(Clock.objects.filter(case=row, is_running=True).values_list("code", flat=True)) == {
        "accept", "inner", "step.1",
    }  # fmt: skip

    def press(staff_no, minute, verb, **more):
        set_clock(cast.hall, minutes(now, minute))
        sign_in(client, staff_no)
        return client.post(reverse("cases:do", args=[row.pk, verb]), more, **HTMX)

    assert press("1001", 1, "accept").status_code == 403  # the front does not answer itself
    for minute, verb, more in (
        (2, "accept", {}), (3, "move", {"to": "handle"}), (4, "settle", {"result": "solved", "words": "已冲正"}),
        (5, "classify", {"cause": "system"}), (6, "tell", {"sort": "answer", "channel": "page", "text": "已冲正", "reached": "now"}),
        (7, "move", {"to": "answer"}),
    ):  # fmt: skip
        assert press("7701", minute, verb, **more).status_code == 200, verb
    row.refresh_from_db()
    assert row.owner_id == id_of("1201")  # the front line says whether it is solved
    assert press("7701", 8, "close").status_code in (403, 409)
    assert press("1201", 9, "close").status_code == 200
    points = {f"item-{code}": "5" for code in ("flow", "interface", "first_asker", "proactive")}
    sign_in(client, "1001")
    assert row.number in client.get(reverse("cases:support")).content.decode()
    rated = client.post(reverse("cases:rate", args=[row.pk]), {**points, "words": "很快"})
    assert (rated.status_code, SupportRating.objects.get().unit.code) == (302, "TH")
    assert Clock.objects.filter(case=row, breached_at__isnull=False).count() == 0


def sign_in(client, staff_no):
    assert client.login(username=staff_no, password=PASSWORD)


@pytest.mark.req("ORG-25", "ORG-28")
def test_problems_of_systems_and_billing_and_the_duties_of_the_back_office_are_categories(cast, now):
    names = dict(lists_at(H01, now.date()).categories)
    assert {code: name for code, name in names.items() if code.startswith("system.")} == {
        "system.desk": "系统与账务 · 受理系统", "system.billing": "系统与账务 · 账务、出账",
        "system.data": "系统与账务 · 客户资料、业务数据有误",
    }  # fmt: skip
    assert [name.removeprefix("后台支撑 · ") for code, name in names.items() if code.startswith("support.")] == [
        "规划", "网络规划", "业务支撑", "预算管控", "营销策划", "检查指导", "接受评价", "文化建设", "经验推广",
    ]  # fmt: skip


@pytest.mark.req("CUS-09")
def test_who_pushes_a_customer_away_keeps_the_case_until_it_is_accepted_and_is_found_answerable_for_it(
    cast, actor_of, now
):
    case, clerk = complaint(actor_of, now, category="service.passed"), actor_of("1001")
    holding.offer(case=case.id, receiver=id_of("1101"), reason="找您的客户经理", actor=clerk, now=minutes(now, 2))
    assert Case.objects.get(pk=case.id).owner_id == id_of("1001")
    declined = {
        "case": case.id,
        "accepts": False,
        "words": "不归我管",
        "actor": actor_of("1101"),
        "now": minutes(now, 3),
    }
    holding.answer_offer(**declined)
    assert (Case.objects.get(pk=case.id).owner_id, Case.objects.get(pk=case.id).bounces) == (id_of("1001"), 1)
    found = tracing.Found("pushed", id_of("1001"), step="take_in", words="把客户推给客户经理")
    tracing.find(case=case.id, found=found, actor=actor_of("1301"), now=minutes(now, 9))
    row = Finding.objects.get()
    assert (row.cause, row.person_id, row.step) == ("pushed", id_of("1001"), "take_in")
    assert dict(lists_at(H01, now.date()).causes)["pushed"] == "推诿客户"
    with pytest.raises(Refusal) as again:
        holding.answer_offer(**declined)
    assert again.value.code == "case.handover_none"
