"""The pages of customer files: what a clerk, a manager, an outsider and the customer see and may do."""

import re

import pytest
from django.core.cache import cache

from yingting.foundation.customers import consents, keeping
from yingting.foundation.customers.models import Customer, Duplicate, OwnLink, RightsRequest
from yingting.foundation.customers.own import make_link
from yingting.foundation.customers.tests.conftest import NOW
from yingting.foundation.journal.models import Fact
from yingting.foundation.people.models import Person
from yingting.foundation.privacy.models import Disclosure
from yingting.kernel.clocks import system_now

pytestmark = pytest.mark.django_db
WHY = {"reason": "rights", "note": "本人到厅"}


@pytest.fixture(autouse=True)
def fresh_windows():
    cache.clear()


@pytest.fixture
def as_(client, cast):
    """Return a client signed in as a member of the cast."""

    def sign_in(number):
        client.force_login(Person.objects.get(staff_no=number))
        return client

    return sign_in


@pytest.mark.req("CUS-05", "CUS-25")
def test_a_clerk_finds_a_customer_by_the_exact_phone_and_the_search_is_written_down(as_, opened):
    row = opened("王芳芳", phone="13800138000")
    page = as_("1001").post("/customers/", {"by": "phone", "value": "+86 138-0013-8000"})
    text = page.content.decode()
    assert "王**" in text
    assert "138****8000" in text
    assert "王芳芳" not in text
    fact = Fact.objects.get(kind="customers.searched")
    assert fact.data == {"by": "phone", "found": [str(row.pk)]}
    assert "没有" in as_("1001").post("/customers/", {"by": "phone", "value": "13900000000"}).content.decode()


def test_an_outsider_of_another_city_part_opens_nothing_to_keep(as_, opened):
    row = opened(unit="H01")
    outsider = as_("2001")
    # Within reach of the city the file may be seen by mask, but only its own keepers change it.
    outsider.post(f"/customers/{row.pk}/class/", {"segment": "big", "why": "x"})
    row.refresh_from_db()
    assert row.segment == "public"
    assert as_("9901").get(f"/customers/{row.pk}/").status_code == 200


@pytest.mark.req("CUS-25")
def test_registering_a_known_phone_shows_who_by_mask_and_goes_on_for_another_person(as_, opened):
    opened("王芳芳", phone="13800138000")
    said = {"unit": "GD/GZ/TH/H01/", "name": "王小芳", "phone": "13800138000"}
    page = as_("1001").post("/customers/new/", said)
    assert page.status_code == 409
    assert "王** 138****8000" in page.content.decode()
    assert "is_another" in page.content.decode()
    assert as_("1001").post("/customers/new/", {**said, "is_another": "on"}).status_code == 302
    assert (Customer.objects.count(), Duplicate.objects.count()) == (2, 1)


@pytest.mark.req("CUS-03", "CUS-04", "CUS-10", "CUS-11", "CUS-14")
def test_the_file_page_shows_class_promise_and_takes_every_verb(as_, opened, cast):
    row = opened()
    chief, clerk = as_("1301"), Person.objects.get(staff_no="1001")
    at = f"/customers/{row.pk}/"
    chief.post(f"{at}class/", {"segment": "big", "level": "gold", "why": "年合同"})
    chief.post(f"{at}manager/", {"person": str(clerk.pk), "why": "指派"})
    chief.post(f"{at}consent/", {"purpose": "special_needs", "step": "give"})
    chief.post(f"{at}tag/", {"code": "hearing", "note": "左耳"})
    chief.post(f"{at}consent/", {"purpose": "care", "step": "give"})
    contact = {"channel": "phone", "about": "care", "is_ours": "yes", "outcome": "reached", "words": "电话13800138000"}
    chief.post(f"{at}contact/", contact)
    text = chief.get(at).content.decode()
    for words in ("大客户", "绿色通道", "金卡", clerk.name, "听力不便", "已联系上", "138****8000"):
        assert words in text
    chief.post(f"{at}left-alone/", {"is_left_alone": "yes"})
    refused = chief.post(f"{at}contact/", contact, follow=True).content.decode()
    assert "请勿主动" in refused
    assert keeping.Customer.objects.get(pk=row.pk).is_left_alone


def test_a_correction_leaves_empty_fields_and_meets_a_newer_version(as_, opened):
    row = opened("欧阳锋", phone="13800138000")
    chief = as_("1301")
    assert chief.post(f"/customers/{row.pk}/correct/", {"version": "1", "name": "欧阳峰"}).status_code == 302
    assert chief.post(f"/customers/{row.pk}/correct/", {"version": "1", "name": "甲"}).status_code == 409
    row.refresh_from_db()
    assert (row.name.open(), row.phone.open()) == ("欧阳峰", "13800138000")


@pytest.mark.req("SEC-05")
def test_plain_words_ask_for_purpose_and_identity_check_first(as_, opened):
    row = opened("欧阳锋")
    at = f"/customers/{row.pk}/details/"
    duty = as_("1201")
    for said in ({}, WHY, {**WHY, "proof": "hunch"}, {"proof": "document"}):
        page = duty.post(at, said)
        assert page.status_code == 422
        assert "欧阳锋" not in page.content.decode()
    assert not Disclosure.objects.exists()
    page = duty.post(at, {**WHY, "proof": "document"})
    assert "欧阳锋" in page.content.decode()
    assert page.headers["Refresh"] == f"30; url={at}"
    row_of = Disclosure.objects.get()
    assert (row_of.record, row_of.reason, row_of.question) == (row.pk, "rights", {"proof": "document"})
    assert as_("1001").post(at, {**WHY, "proof": "document"}).status_code == 403


def test_two_files_are_merged_on_the_page_by_whoever_saw_both(as_, opened):
    kept, gone = opened("张伟", phone="13800138000"), opened("张伟", phone="13800138000", is_another=True)
    pair = Duplicate.objects.get()
    chief = as_("1301")
    assert "138****8000" in chief.get(f"/customers/duplicates/{pair.pk}/").content.decode()
    said = {"kept": str(kept.pk), "step": "merge", "why": ""}
    assert chief.post(f"/customers/duplicates/{pair.pk}/", said).status_code == 422
    page = chief.post(f"/customers/duplicates/{pair.pk}/", {**said, "why": "同一人"})
    assert page.headers["Location"] == f"/customers/{kept.pk}/"
    assert Customer.objects.get(pk=gone.pk).merged_into_id == kept.pk
    assert "没有待" in chief.get("/customers/duplicates/").content.decode()


# ------------------------------------------------------------------------------------------------ the customer's own pages
def test_a_customer_withdraws_on_the_own_page_and_it_holds_at_once(client, as_, opened, staff):
    row = opened("欧阳锋", now=system_now())
    consents.give(customer=row.pk, purpose="marketing", how="counter", actor=staff("1001"), now=system_now())
    secret = make_link(customer=row.pk, actor=staff("1001"), now=system_now())
    client.logout()
    text = client.get(f"/customers/own/{secret}/").content.decode()
    assert "您已同意" in text
    assert "欧阳锋" not in text
    client.post(f"/customers/own/{secret}/step/", {"step": "withdraw", "purpose": "marketing"})
    assert not consents.has_consent(row.pk, "marketing")
    assert "您已同意" not in client.get(f"/customers/own/{secret}/").content.decode()
    again = make_link(customer=row.pk, actor=staff("1001"), now=system_now())
    assert again != secret
    assert client.get(f"/customers/own/{secret}/").status_code == 404
    assert secret not in str(list(OwnLink.objects.values()))


def test_the_public_page_answers_the_same_whether_there_is_a_file_or_not(client, opened, cast):
    opened(phone="13800138000")
    answers = []
    for phone in ("13800138000", "13999999999"):
        page = client.post("/customers/rights/H01/", {"asks": "access", "phone": phone}, follow=True)
        text = re.sub(
            r"\d{6}-\w{6}|csrfmiddlewaretoken.*?>|/customers/rights/follow/[\w-]+|X-CSRFToken.*?>",
            "",
            page.content.decode(),
        )
        answers.append((page.status_code, text))
    assert answers[0] == answers[1]
    assert RightsRequest.objects.count() == 2
    assert client.post("/customers/rights/H01/", {"asks": "access", "phone": "1"}).status_code == 422
    assert client.post("/customers/rights/NO/", {"asks": "access", "phone": "13800138000"}).status_code == 404
    assert client.get("/customers/rights/follow/guessed/").status_code == 404


def test_the_public_page_is_limited_by_address(client, cast):
    said = {"asks": "access", "phone": "13800138000"}
    codes = [client.post("/customers/rights/H01/", said).status_code for _ in range(11)]
    assert codes == [302] * 10 + [429]
    assert RightsRequest.objects.count() == 10


def _asked(client, asks, phone):
    client.logout()
    page = client.post("/customers/rights/H01/", {"asks": asks, "phone": phone})
    return RightsRequest.objects.latest("received_at"), page.headers["Location"]


def test_access_is_carried_out_after_the_check_and_the_copy_is_written_down(client, as_, opened):
    row = opened("欧阳锋", phone="13800138000", now=system_now())
    asked, follow = _asked(client, "access", "13800138000")
    at = f"/customers/requests/{asked.pk}/"
    boss = as_("9001")
    assert boss.post(f"{at}copy/", {**WHY, "form": "json"}).status_code == 409
    boss.post(f"{at}verify/", {"proof": "document", "customers": [str(row.pk)], "version": "1"})
    copy = boss.post(f"{at}copy/", {**WHY, "form": "json"})
    assert "欧阳锋" in copy.content.decode()
    assert copy.headers["Cache-Control"] == "no-store, private"
    assert Disclosure.objects.filter(way="export", record=asked.pk).count() == 1
    assert "欧阳锋" in boss.post(f"{at}copy/", {**WHY, "form": "page"}).content.decode()
    boss.post(f"{at}answer/", {"words": "副本已当面交给您。", "step": "done", "version": "2"})
    client.logout()
    assert "副本已当面交给您。" in client.get(follow).content.decode()


def test_deletion_takes_every_record_of_the_person_and_the_answer_is_late_when_it_is(client, as_, opened):
    row = opened("欧阳锋", phone="13800138000", now=system_now())
    asked, _follow = _asked(client, "deletion", "13800138000")
    RightsRequest.objects.filter(pk=asked.pk).update(due_on=NOW.date())
    at = f"/customers/requests/{asked.pk}/"
    admin = as_("9901")
    assert "is-over" in admin.get("/customers/requests/").content.decode()
    assert admin.post(f"{at}erase/", {"chosen": f"customers.file {row.pk}"}).status_code == 409
    admin.post(f"{at}verify/", {"proof": "document", "customers": [str(row.pk)], "version": "1"})
    admin.post(f"{at}erase/", {"chosen": f"customers.file {row.pk}"})
    row.refresh_from_db()
    assert (row.state, bool(row.name), row.phone_key) == ("erased", False, "")
    admin.post(f"{at}answer/", {"words": "已删除。", "step": "done", "version": "2"})
    assert Fact.objects.get(kind="rights.answered").data == {"asks": "deletion", "is_done": True, "is_late": True}
    assert admin.get(f"/customers/{row.pk}/").status_code == 409


def test_a_file_with_an_older_number_is_found_and_goes_with_the_request(client, as_, opened):
    row, stranger = (
        opened("欧阳锋", phone="13800138000", now=system_now()),
        opened("黄蓉", phone="13800138001", now=system_now()),
    )
    asked, _follow = _asked(client, "access", "13911112222")
    at = f"/customers/requests/{asked.pk}/"
    boss = as_("9001")
    page = boss.post(f"{at}find/", {"by": "phone", "value": "13800138000"})
    found = re.search(r'name="found" value="([^"]+)"', page.content.decode()).group(1)
    assert str(row.pk) in page.content.decode()
    assert Fact.objects.filter(kind="customers.searched").count() == 1
    assert "13800138000" not in page.content.decode().replace('value="13800138000"', "")
    chosen = [
        str(row.pk),
        str(stranger.pk),
    ]  # the second was not found: whoever sends it all the same gets nothing by it
    boss.post(f"{at}verify/", {"proof": "document", "customers": chosen, "version": "1", "found": found})
    asked.refresh_from_db()
    assert asked.customers == [str(row.pk)]
    assert boss.post(f"{at}find/", {"by": "phone", "value": ""}).status_code == 200


def test_what_another_request_found_is_nothing_to_this_one(client, as_, opened):
    row = opened("欧阳锋", phone="13800138000", now=system_now())
    (one, _a), (other, _b) = _asked(client, "access", "13911112222"), _asked(client, "access", "13911113333")
    boss = as_("9001")
    page = boss.post(f"/customers/requests/{one.pk}/find/", {"by": "phone", "value": "13800138000"}).content.decode()
    assert str(row.pk) in page
    found = re.search(r'name="found" value="([^"]+)"', page).group(1)
    at = f"/customers/requests/{other.pk}/verify/"
    boss.post(at, {"proof": "document", "customers": [str(row.pk)], "version": "1", "found": found})
    other.refresh_from_db()
    assert (other.state, other.customers) == ("verified", [])
