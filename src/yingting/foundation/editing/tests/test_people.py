"""Guards of rights: nobody gives what one does not hold, nobody loses the last key, nobody reaches out of scope."""

import pytest
from django.core.exceptions import ValidationError

from yingting.foundation.editing.changing import change, create, remove, retire
from yingting.foundation.editing.people.actions import (
    GRANTS,
    PEOPLE,
    ROLES,
    issue_token,
    revoke_token,
    set_password,
)
from yingting.foundation.journal.models import Fact
from yingting.foundation.journal.recording import facts_of
from yingting.foundation.people.access import HALL_UNKNOWN, actor_for_person, actor_for_token
from yingting.foundation.people.models import ApiToken, Person, Role, RoleGrant
from yingting.foundation.sites.models import Unit
from yingting.kernel.refusals import Refusal


@pytest.fixture
def admin(cast, actor_of):
    return actor_of("9901")


@pytest.fixture
def district(cast):
    """Who manages people of the district, and nothing else."""
    person = Person.objects.create_user("7001", None, name="区管", unit=Unit.objects.get(code="TH"))
    clerks = Role.objects.get(key="clerk").permissions
    role = Role.objects.create(key="people_only", name="人员管理", permissions=["people.manage", *clerks])
    RoleGrant.objects.create(person=person, role=role, unit=person.unit)
    return actor_for_person(person)


def refused(call):
    before = (Fact.objects.count(), RoleGrant.objects.count(), ApiToken.objects.count())
    with pytest.raises(ValidationError) as no:
        call()
    assert (Fact.objects.count(), RoleGrant.objects.count(), ApiToken.objects.count()) == before
    return no.value.messages


def person(staff_no):
    return Person.objects.get(staff_no=staff_no)


def grant(staff_no, role, unit):
    return {"person": person(staff_no), "role": Role.objects.get(key=role), "unit": Unit.objects.get(code=unit)}


@pytest.mark.req("SEC-01")
def test_a_role_is_granted_on_a_part_of_the_tree(cast, admin, actor_of, now):
    made = create(GRANTS, values=grant("1001", "guide", "H02"), actor=admin, now=now)
    assert actor_of("1001").may("queue.issue", "GD/GZ/TH/H02/")
    assert not actor_of("1001").may("queue.issue", "GD/GZ/TH/H01/")
    assert facts_of(made.pk)[0]["data"]["after"]["unit"] == str(Unit.objects.get(code="H02").pk)
    remove(GRANTS, made.pk, actor=admin, now=now)
    assert not actor_of("1001").may("queue.issue", "GD/GZ/TH/H02/")


@pytest.mark.req("SEC-01")
def test_nobody_grants_what_one_does_not_hold_there(cast, district, now):
    create(GRANTS, values=grant("1101", "clerk", "H01"), actor=district, now=now)
    missing = (
        "设置预约号源，处理爽约与改期；在采取措施前留存基线；编辑工作日历，全域权限者可录入放假通知；指派工单、决定升级与责任认定；"
        "客户分类、合并、导入，指定客户经理，答复个人信息请求；配对和吊销取号机、大屏；录入成本、市场占有率等数据；在大厅引导客户；安排大厅岗位；设置营业厅、功能区、台席、时间、队列；"
        "说明原因后查看客户个人信息；取号；开关台席、调度全部队列；导入排队机日志；查看报表；排班：工时约定、请假、班表；使用厅的数字孪生：试算、校准"
    )
    assert refused(lambda: create(GRANTS, values=grant("1101", "hall_manager", "H01"), actor=district, now=now)) == [
        f"您在该处没有以下权限，不能授予他人：{missing}。"
    ]
    with pytest.raises(Refusal) as no:
        create(GRANTS, values=grant("1101", "clerk", "GD"), actor=district, now=now)
    assert no.value.code == HALL_UNKNOWN
    with pytest.raises(Refusal):
        create(GRANTS, values=grant("9001", "clerk", "H01"), actor=district, now=now)
    assert RoleGrant.objects.filter(person=person("1101")).count() == 2


def test_nobody_acts_for_a_person_who_may_do_more(cast, district, now):
    manager = person("1301")
    told = ["1301 拥有您没有的权限，您不能代为操作。"]
    assert refused(lambda: set_password(manager.pk, password="", actor=district, now=now)) == told
    assert refused(lambda: issue_token(manager.pk, name="x", actor=district, now=now)) == told
    assert refused(lambda: retire(PEOPLE, manager.pk, actor=district, now=now)) == told
    assert set_password(person("1001").pk, password="", actor=district, now=now)
    manager.refresh_from_db()
    assert manager.is_active


def test_people_stay_inside_the_scope_of_who_edits_them(cast, district, now):
    with pytest.raises(Refusal):
        change(PEOPLE, person("1001").pk, values={"unit": Unit.objects.get(code="GD")}, actor=district, now=now)
    with pytest.raises(Refusal):
        change(PEOPLE, person("9001").pk, values={"name": "x"}, actor=district, now=now)
    change(PEOPLE, person("1001").pk, values={"unit": Unit.objects.get(code="H02")}, actor=district, now=now)
    assert person("1001").unit.code == "H02"


def test_the_last_key_stays_in_the_own_hand(cast, admin, now):
    own = RoleGrant.objects.get(person=person("9901"))
    locked_out = ["这是您最后一项人员管理权限，去掉后您将无法再管理，操作已取消。"]
    assert refused(lambda: remove(GRANTS, own.pk, actor=admin, now=now)) == locked_out
    assert refused(lambda: retire(PEOPLE, person("9901").pk, actor=admin, now=now)) == ["不能停用自己。"]
    role = Role.objects.get(key="administrator")
    fewer = [item for item in role.permissions if item != "people.manage"]
    assert refused(lambda: change(ROLES, role.pk, values={"permissions": fewer}, actor=admin, now=now)) == locked_out
    role.refresh_from_db()
    assert "people.manage" in role.permissions


def test_roles_take_the_right_at_the_top(cast, admin, district, now):
    with pytest.raises(Refusal):
        change(ROLES, Role.objects.get(key="clerk").pk, values={"name": "台席员"}, actor=district, now=now)
    role = create(
        ROLES, values={"key": "greeter", "name": "迎宾", "permissions": ["queue.issue"]}, actor=admin, now=now
    )
    assert refused(lambda: change(ROLES, role.pk, values={"permissions": ["fly"]}, actor=admin, now=now)) == [
        "没有这项权限。"
    ]


def test_a_password_ends_other_sessions_and_never_enters_the_journal(client, cast, admin, now):
    client.force_login(person("1301"))
    assert client.get("/admin/halls/").status_code == 200
    told = set_password(person("1301").pk, password="", actor=admin, now=now)
    assert len(told) == 12
    assert client.get("/admin/halls/").status_code == 302
    assert client.login(username="1301", password=told)
    assert facts_of(person("1301").pk)[0]["data"] == {
        "model": "people.person", "before": {"password": "•"}, "after": {"password": "•"},
    }  # fmt: skip
    assert refused(lambda: set_password(person("1301").pk, password="short", actor=admin, now=now))


def test_a_token_works_until_it_is_revoked_and_only_its_digest_is_kept(cast, admin, now):
    secret = issue_token(person("1001").pk, name="对接", actor=admin, now=now)
    token = ApiToken.objects.get()
    assert actor_for_token(secret).label == "1001"
    assert secret not in str(facts_of(token.pk)) + token.digest
    revoke_token(token.pk, actor=admin, now=now)
    revoke_token(token.pk, actor=admin, now=now)
    assert actor_for_token(secret) is None
    assert [fact["data"]["after"] for fact in facts_of(token.pk)] == [
        {"person": str(person("1001").pk), "name": "对接"}, {"revoked_at": now.isoformat()},
    ]  # fmt: skip


def test_secrets_are_shown_once(client, cast):
    client.force_login(person("9901"))
    url = f"/admin/people/{person('1001').pk}/"
    shown = client.post(url + "tokens/new/", {"name": "对接"})
    secret = shown.context["secret"]
    assert secret in shown.content.decode()
    assert shown["Cache-Control"].count("no-store") == 1
    assert secret not in client.get(url).content.decode()
    assert actor_for_token(secret).label == "1001"
