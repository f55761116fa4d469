"""The pages of audits: who gets in, what they show, what is pressed on them; what leaves as a file is written down."""

import datetime as dt

import pytest

from yingting.domains.cases.models import Case
from yingting.domains.detection import jobs
from yingting.domains.detection.actions import auditing
from yingting.domains.detection.models import AuditItem, AuditJudgement, AuditNote, AuditRound
from yingting.domains.detection.tests.conftest import H02
from yingting.foundation.people.models import Person
from yingting.foundation.privacy.models import Disclosure
from yingting.kernel.ids import new_id

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}
WHY = {"reason": "audit", "note": "归档", "form": "csv"}


@pytest.fixture
def as_(client):
    def as_(staff_no):
        client.force_login(Person.objects.get(staff_no=staff_no))
        return client

    return as_


@pytest.fixture
def item(sample, officer, officer_of):
    """An act of 1301 in a round of the city; 9801 audits the province, 9802 another hall."""
    officer_of("9802", H02)
    return sample("1301")[0]


def addresses(item):
    audit = AuditItem.objects.get(pk=item).round_id
    return [
        ("GET", f"/audits/{audit}/"), ("POST", f"/audits/items/{item}/judge/"), ("POST", f"/audits/items/{item}/case/"),
        ("POST", f"/audits/{audit}/close/"), ("POST", f"/audits/{audit}/export/"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("who", "lists", "round_", "own"),
    [
        (None, 302, 302, 302),
        ("1001", 403, 403, 404),
        ("2001", 403, 403, 404),
        ("9802", 200, 404, 404),
        ("1301", 403, 403, 422),
    ],
)
def test_audits_are_for_auditors_of_that_part_and_own_acts_for_oneself(as_, client, item, who, lists, round_, own):
    if who:
        as_(who)
    assert client.get("/audits/").status_code == lists
    assert client.post("/audits/draw/", {"unit": "GD/GZ/", "month": "2026-01-01"}).status_code == (
        404 if who == "9802" else lists
    )
    posted = {
        "found": "not_in_order",
        "reason": "没有工单",
        **{key: value for key, value in WHY.items() if key != "reason"},
    }
    for method, address in addresses(item):
        assert getattr(client, method.lower())(address, posted).status_code == round_, address
    assert client.post(f"/audits/own/{item}/", {"words": ""}).status_code == own
    assert client.get("/audits/own/").status_code == (200 if who else 302)
    assert (AuditJudgement.objects.count(), AuditNote.objects.count(), AuditRound.objects.count()) == (0, 0, 1)


@pytest.mark.req("SEC-02", "SEC-03")
def test_an_auditor_judges_closes_and_opens_a_case_on_the_page(as_, client, item):
    as_("9801")
    row = AuditRound.objects.get()
    address = f"/audits/{row.pk}/"
    page = client.get(address).content.decode()
    assert Case.objects.get().number in page
    assert ("1301" in page, "回访处理结果" in page, "回访或联系客户" in page, "1234 5678" in page) == (
        True,
        True,
        True,
        False,
    )
    assert "结束本次稽核" not in page
    judge, case = f"/audits/items/{item}/judge/", f"/audits/items/{item}/case/"
    assert client.post(judge, {"found": "not_in_order", "reason": ""}, **HTMX).status_code == 422
    part = client.post(judge, {"found": "not_in_order", "reason": "没有工单"}, **HTMX).content.decode()
    assert ("<html" in part, "没有工单" in part, case in part, "结束本次稽核" in part) == (False, True, True, True)
    assert client.post(judge, {"found": "in_order"}).status_code == 409
    assert client.post(case)["Location"] == f"{address}#item-{item}"
    assert Case.objects.get(process="violation").about_person.staff_no == "1301"
    assert case not in client.get(address).content.decode()
    assert client.post(f"{address}close/")["Location"] == address
    assert "已结束" in client.get("/audits/").content.decode()
    shown = {
        show: len(client.get(address, {"show": show}).context["lines"])
        for show in ("", "open", "not_in_order", "in_order")
    }
    assert shown == {"": 1, "open": 0, "not_in_order": 1, "in_order": 0}


def test_a_round_is_drawn_by_hand_and_again_with_its_seed(as_, client, acts, officer, now):
    acts.export(3, now)
    as_("9801")
    assert client.post("/audits/draw/", {"unit": "GD/GZ/TH/H01/", "month": "x"}).status_code == 422
    drawn = client.post("/audits/draw/", {"unit": "GD/GZ/TH/H01/", "month": "2026-01-01"})
    row = AuditRound.objects.get()
    assert (drawn["Location"], row.drawn_label) == (f"/audits/{row.pk}/", "9801")
    page = client.get(f"/audits/{row.pk}/?again=1")
    assert (page.context["is_same"], row.seed in page.content.decode()) == (True, True)
    assert client.get(f"/audits/{new_id()}/").status_code == 404


@pytest.mark.req("SEC-02")
def test_an_overdue_round_says_so_where_its_auditors_look(as_, client, item, officer):
    as_("9801")
    for address in ("/audits/", f"/audits/{AuditRound.objects.get().pk}/"):
        assert "逾期" in client.get(address).content.decode()  # the year of the tests is over
    jobs.look_after_audits()
    assert AuditRound.objects.get().overdue_at.isoformat() == "2026-02-19T16:00:00+00:00"
    assert "已逾期" in client.get("/messages/").content.decode()


@pytest.mark.req("SEC-02")
def test_the_person_concerned_reads_what_was_found_and_answers(as_, client, item, officer, now):
    auditing.judge(item=item, found="not_in_order", reason="没有工单", actor=officer, now=now + dt.timedelta(days=30))
    as_("1301")
    page = client.get("/audits/own/").content.decode()
    assert ("没有工单" in page, "/judge/" in page) == (True, False)
    client.post(f"/audits/own/{item}/", {"words": "客户来电要求"})
    assert "客户来电要求" in client.get("/audits/own/").content.decode()
    as_("9801")
    assert "客户来电要求" in client.get(f"/audits/{AuditRound.objects.get().pk}/").content.decode()


def test_an_auditor_is_not_offered_their_own_act_to_judge(as_, client, sample, officer):
    sample("9901")
    as_("9901")
    page = client.get(f"/audits/{AuditRound.objects.get().pk}/").content.decode()
    assert ("另一位稽核人员" in page, 'name="found"' in page) == (True, False)


@pytest.mark.req("SEC-02")
def test_a_round_that_leaves_as_a_file_is_written_down_and_needs_a_reason(as_, client, item, officer, now):
    auditing.judge(item=item, found="not_in_order", reason="没有工单", actor=officer, now=now + dt.timedelta(days=30))
    as_("9801")
    row = AuditRound.objects.get()
    address = f"/audits/{row.pk}/export/"
    assert client.post(address, {"form": "csv"}).status_code == 422
    answer = client.post(address, WHY)
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert (len(lines), "不合规" in lines[1], "没有工单" in lines[1]) == (2, True, True)
    assert "no-store" in answer["Cache-Control"]
    assert client.post(address, {**WHY, "form": "xlsx"}).content[:2] == b"PK"
    kept = Disclosure.objects.filter(kind="detection.audit_note")
    assert [(one.way, one.rows, one.record, one.path, one.by_label) for one in kept] == [
        ("export", 1, row.pk, "GD/GZ/", "9801")
    ] * 2


def test_the_worker_does_nothing_where_nobody_saw_anything(acts):
    jobs.look_after_audits()
    assert AuditRound.objects.count() == 0
