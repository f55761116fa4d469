"""Pages of linked actions: who sees them, what each may do there, and that nobody of another hall reads of the customer."""

import datetime as dt

import pytest
from django.urls import reverse

from yingting.domains.cases.actions import closing, customers, handling, holding, remedies
from yingting.domains.cases.actions.registering import Intake, register
from yingting.domains.cases.actions.remedies import Plan, set_remedy
from yingting.domains.cases.models import Case, Remedy
from yingting.domains.cases.tests.stories import H01, answered, called_back, complaint, id_of, verified
from yingting.foundation.journal.models import Fact
from yingting.foundation.people.models import RoleGrant
from yingting.kernel.clocks import business_day, system_now
from yingting.planning.cast import PASSWORD

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
H02 = "GD/GZ/TH/H02/"
HTMX = {"HTTP_HX_REQUEST": "true"}
LIST = "/cases/remedies/"


@pytest.fixture
def now():
    return system_now() - dt.timedelta(hours=1)


@pytest.fixture
def today(now):
    return business_day(now, "Asia/Shanghai")


@pytest.fixture
def as_(client):
    def sign_in(staff_no):
        assert client.login(username=staff_no, password=PASSWORD)
        return client

    return sign_in


@pytest.fixture
def linked(cast, actor_of, now, today):
    """An action that 2001 of another hall does because of a complaint, checked by 1301."""
    case = complaint(actor_of, now)
    plan = Plan(
        "corrective", "核对两厅的合约告知流程", H02, id_of("2001"), id_of("1301"), today + 3 * DAY, today + 30 * DAY
    )
    return set_remedy(case=case.id, plan=plan, actor=actor_of("1301"), now=now)


def page_of(remedy):
    return f"{LIST}{remedy}/"


def text(answer):
    assert answer.status_code == 200
    return answer.content.decode()


def step(client, remedy, name, **typed):
    return client.post(f"{page_of(remedy)}{name}/", typed, **HTMX)


def steps(page):
    return {one.split('"')[0] for one in page.split('data-verb="')[1:]}


@pytest.mark.req("SEC-01")
def test_only_those_concerned_open_the_page_of_an_action(as_, client, linked, actor_of, now, today):
    for address in (LIST, page_of(linked)):
        answer = client.get(address)
        assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/sign-in/"), address
    plan = Plan("corrective", "本厅措施", H01, id_of("1201"), id_of("1301"), today + DAY)
    own = set_remedy(case=Case.objects.get().pk, plan=plan, actor=actor_of("1301"), now=now)
    facts = Fact.objects.count()
    for staff_no, foreign in (("1001", 200), ("1301", 200), ("9001", 200), ("2001", 404)):
        client = as_(staff_no)
        assert (client.get(LIST).status_code, client.get(page_of(linked)).status_code) == (200, 200), staff_no
        assert client.get(page_of(own)).status_code == foreign, staff_no
    assert step(as_("2001"), own, "submit", note="好了").status_code == 404
    assert Fact.objects.count() == facts
    role = RoleGrant.objects.get(person=id_of("1001")).role
    role.permissions = ["queue.view"]
    role.save(update_fields=["permissions"])
    assert (as_("1001").get(LIST).status_code, as_("1001").get(page_of(own)).status_code) == (403, 404)


@pytest.mark.req("ORG-34")
def test_who_does_it_in_another_hall_sees_the_action_and_nothing_of_the_case(as_, linked):
    case = Case.objects.get()
    mine, page = text(as_("2001").get(LIST)), text(as_("2001").get(page_of(linked)))
    assert as_("2001").get(reverse("cases:case", args=[case.pk])).status_code == 404
    for told in (mine, page):
        assert "核对两厅的合约告知流程" in told
        assert case.number in told
        assert str(case.pk) not in told
        for secret in ("办套餐时没有说明合约期", "王小明", "5678"):
            assert secret not in told
    assert str(case.pk) in text(as_("1301").get(page_of(linked)))
    assert steps(page) == {"submit", "longer"}


@pytest.mark.req("CMP-08", "ORG-34")
def test_an_action_goes_from_hand_to_hand_by_its_forms_and_a_refusal_stands_at_its_own(as_, linked):
    refused = step(as_("2001"), linked, "submit", note=" ")
    assert (refused.status_code, refused["HX-Retarget"]) == (422, "#said-submit")
    assert step(as_("2001"), linked, "check", answer="done").status_code == 403
    assert step(as_("2001"), linked, "submit", note="长" * 401).status_code == 422
    assert "待核查" in text(step(as_("2001"), linked, "submit", note="已核对"))
    manager = as_("1301")
    assert steps(text(manager.get(page_of(linked)))) == {"check", "cancel"}
    assert step(manager, linked, "check").status_code == 422
    assert "退回" in text(step(manager, linked, "check", answer="back", note="缺一份佐证"))
    assert "缺一份佐证" in text(step(as_("2001"), linked, "submit", note="已补"))
    text(step(as_("1301"), linked, "check", answer="done"))
    assert steps(text(as_("2001").get(page_of(linked)))) == set()
    page = text(step(as_("1301"), linked, "effect", effect="better", note="本月没有同类投诉"))
    row = Remedy.objects.get(pk=linked)
    assert (row.state, row.returns, row.effect, row.effect_by_id) == ("verified", 1, "better", id_of("1301"))
    for sentence in ("关联措施：退回重做", "关联措施：已核实", "关联措施效果：", "本月没有同类投诉"):
        assert sentence in page, sentence
    assert step(as_("9001"), linked, "effect", effect="worse").status_code == 409
    assert as_("1301").get(f"{page_of(linked)}nonsense/").status_code == 405
    assert as_("1301").post(f"{page_of(linked)}nonsense/").status_code == 404


def test_more_time_is_asked_for_and_answered_and_without_scripts_too(as_, linked, today):
    later = today + 9 * DAY
    asked = as_("2001").post(f"{page_of(linked)}longer/", {"due_on": later.isoformat(), "reason": "等系统升级"})
    assert (asked.status_code, asked["Location"]) == (302, page_of(linked))
    manager = as_("1301")
    page = text(manager.get(page_of(linked)))
    assert steps(page) == {"answer-longer", "cancel"}
    assert f"申请延至 {later}：等系统升级" in page
    text(step(manager, linked, "answer-longer", answer="grant"))
    row = Remedy.objects.get(pk=linked)
    assert (row.due_on, row.first_due_on) == (later, today + 3 * DAY)
    assert step(as_("2001"), linked, "longer", due_on="soon", reason="x").status_code == 422


def test_superiors_see_what_is_overdue_in_their_part_of_the_tree_and_filter_it(as_, linked, actor_of, now, today):
    plan = Plan("preventive", "张贴合约告知", H01, id_of("1201"), id_of("1301"), today)
    late = set_remedy(case=Case.objects.get().pk, plan=plan, actor=actor_of("1301"), now=now)
    Remedy.objects.filter(pk=late).update(due_on=today - 2 * DAY)

    def shown(client, **asked):
        page = text(client.get(LIST, asked))
        return "核对两厅的合约告知流程" in page, "张贴合约告知" in page

    above = as_("9001")
    assert shown(above) == (True, True)
    assert shown(above, stand="overdue") == (False, True)
    assert "逾期" in text(above.get(LIST, {"stand": "overdue"}))
    assert shown(above, unit=H02) == (True, False)
    assert shown(above, stand="verified") == (False, False)
    assert shown(above, page="2") == (False, False)
    assert shown(as_("1001")) == (False, False)  # no superior, and neither is theirs
    assert shown(as_("1201")) == (False, True)


def test_the_list_costs_the_same_however_many_actions_there_are(as_, linked, django_assert_max_num_queries):
    row = Remedy.objects.get(pk=linked)
    client = as_("9001")
    client.get(LIST)
    Remedy.objects.bulk_create(
        Remedy(
            case_id=row.case_id, cycle=1, sort=row.sort, what=f"第 {n} 项", unit_id=row.unit_id, owner_id=row.owner_id,
            verifier_id=row.verifier_id, set_by_id=row.set_by_id, set_at=row.set_at, due_on=row.due_on + n * DAY,
            first_due_on=row.due_on,
        )
        for n in range(60)
    )  # fmt: skip
    with django_assert_max_num_queries(25):
        page = text(client.get(LIST))
    assert ("第 48 项" in page, "第 55 项" in page, "page=2" in page) == (True, False, True)


def test_an_action_is_linked_on_the_page_of_the_case_and_shown_there(as_, cast, actor_of, now, today):
    case = complaint(actor_of, now)
    do = reverse("cases:do", args=[case.id, "remedy"])
    typed = {
        "sort": "corrective", "what": "换掉旧的宣传单", "unit": H02, "owner": "2001", "verifier": str(id_of("1301")),
        "due_on": (today + DAY).isoformat(), "look_on": "",
    }  # fmt: skip
    client = as_("1301")
    for wrong in ({"owner": "0000"}, {"due_on": "soon"}, {"unit": "XX/"}, {"owner": "1301"}, {"baseline": "x"}):
        answer = client.post(do, typed | wrong, **HTMX)
        assert (answer.status_code in (404, 422), answer["HX-Retarget"]) == (True, "#said-remedy"), wrong
    assert Remedy.objects.count() == 0
    page = text(client.post(do, typed, **HTMX))
    row = Remedy.objects.get()
    assert (row.unit.path, row.owner_id, row.look_on) == (H02, id_of("2001"), None)
    for told in ("换掉旧的宣传单", "周涛 → 陈刚", page_of(row.pk), "1 项关联措施尚未核实"):
        assert told in page, told


def test_a_case_may_be_closed_when_its_action_was_checked_on_its_page(as_, cast, actor_of, now, today):
    story = verified(actor_of, now)
    answered(story, actor_of, now)
    plan = Plan("corrective", "x", H01, id_of("1201"), id_of("1301"), today + DAY)
    linked = set_remedy(case=story.id, plan=plan, actor=actor_of("1301"), now=now)
    called_back(story, actor_of, now)
    client, close = as_("1301"), reverse("cases:do", args=[story.id, "close"])
    assert client.post(close, **HTMX).status_code == 422
    remedies.submit(remedy=linked, note="好了", actor=actor_of("1201"), now=now)
    text(step(as_("1301"), linked, "check", answer="done"))
    text(client.post(close, **HTMX))
    assert Case.objects.get(pk=story.id).state == "closed"


def test_the_effect_of_a_case_is_written_down_at_its_last_step_by_another_person(as_, cast, actor_of, now):
    intake = Intake(H01, "counter", "宣传单太旧", process="suggestion", category="service", owner=id_of("1201"))
    made, duty = register(intake=intake, actor=actor_of("1201"), now=now), actor_of("1201")
    given = {"case": made.id, "actor": duty, "now": now}
    look, page = reverse("cases:do", args=[made.id, "look"]), reverse("cases:case", args=[made.id])
    handling.move(to="handle", **given)
    holding.assign(case=made.id, owner=duty.person, actor=actor_of("1301"), now=now)
    handling.fill(words={"result": "已全部更换"}, **given)
    closing.settle(result="solved", **given)
    handling.move(to="answer", **given)
    holding.assign(case=made.id, owner=duty.person, actor=actor_of("1301"), now=now)
    customers.tell(told=customers.Told("已更换", "face", now, is_answer=True), **given)
    handling.move(to="effect", **given)
    holding.assign(case=made.id, owner=duty.person, actor=actor_of("1301"), now=now)
    assert look not in text(as_("1201").get(page))
    assert as_("1201").post(look, {"effect": "better"}, **HTMX).status_code == 403
    holding.assign(case=made.id, owner=id_of("9001"), actor=actor_of("1301"), now=now)
    assert look in text(as_("9001").get(page))
    assert as_("9001").post(look, {"effect": "splendid"}, **HTMX).status_code == 422
    text(as_("9001").post(look, {"effect": "better"}, **HTMX))
    assert Case.objects.get(pk=made.id).effect == "better"
