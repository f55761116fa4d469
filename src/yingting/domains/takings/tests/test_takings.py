"""The day's takings: entered by hand, corrected by new entries, split by method, kept within the hall."""

from __future__ import annotations

import datetime as dt

import pytest

from yingting.domains.takings.actions.entering import enter_takings
from yingting.domains.takings.models import TakingsEntry
from yingting.domains.takings.queries.rules_in_force import METHODS, PaymentMethods
from yingting.domains.takings.queries.split import entries_of, split_of
from yingting.domains.takings.refusals import AMOUNT_WRONG, DAY_WRONG, ENTRY_OUTDATED, METHOD_UNKNOWN
from yingting.domains.takings.rules import cents
from yingting.foundation.days import house_today
from yingting.foundation.journal.models import Fact
from yingting.foundation.people.access import ACCESS_REFUSED, HALL_UNKNOWN
from yingting.foundation.people.models import Person
from yingting.foundation.rulebook.models import RuleVersion
from yingting.foundation.sites.models import Unit
from yingting.kernel.refusals import Refusal
from yingting.kernel.shapes import Named

pytestmark = pytest.mark.django_db


@pytest.fixture
def enter(cast, actor_of, now):
    def call(amounts, *, read=0, who="1201", day=None, hall=None, **more):
        return enter_takings(
            hall=hall or cast.hall,
            day=day or now.date(),
            amounts=amounts,
            read=read,
            actor=actor_of(who),
            now=now,
            **more,
        )

    return call


def refused(do):
    before = TakingsEntry.objects.count(), Fact.objects.count()
    with pytest.raises(Refusal) as no:
        do()
    assert (TakingsEntry.objects.count(), Fact.objects.count()) == before
    return no.value.code


@pytest.mark.req("SLF-05")
def test_a_correction_is_a_new_entry_and_the_last_one_counts(enter, cast, now):
    assert enter({"cash": 12050, "wechat": 80000}) == 1
    assert enter({"cash": 11050, "wechat": 80000}, read=1, note="重数") == 2
    first, second = reversed(entries_of(cast.hall, now.date()))
    assert (first.amounts, second.amounts, second.note, second.by) == (
        {"cash": 12050, "wechat": 80000}, {"cash": 11050, "wechat": 80000}, "重数", "赵敏"
    )  # fmt: skip
    split = split_of(["H01"], now.date(), now.date())
    assert [(one.code, one.amount, round(one.share, 4)) for one in split.shares] == [
        ("cash", 11050, 0.1214), ("wechat", 80000, 0.8786)
    ]  # fmt: skip
    assert (split.total, split.days) == (91050, 1)
    assert [fact.data["number"] for fact in Fact.objects.filter(kind="takings.entered").order_by("id")] == [1, 2]


def test_the_same_figures_again_write_nothing_and_an_outdated_form_is_refused(enter):
    enter({"cash": 100})
    assert enter({"cash": 100}) == 1
    assert TakingsEntry.objects.count() == 1
    assert refused(lambda: enter({"cash": 200})) == ENTRY_OUTDATED


def test_unknown_methods_far_days_and_other_halls_are_refused_and_nothing_is_written(enter, cast, now):
    day = dt.timedelta(days=1)
    assert refused(lambda: enter({"shells": 1})) == METHOD_UNKNOWN
    assert refused(lambda: enter({"cash": 1}, day=now.date() + day)) == DAY_WRONG
    assert refused(lambda: enter({"cash": 1}, day=now.date() - 32 * day)) == DAY_WRONG
    assert refused(lambda: enter({"cash": 1}, who="2001")) == HALL_UNKNOWN
    assert refused(lambda: enter({"cash": 1}, who="1001")) == ACCESS_REFUSED


@pytest.mark.parametrize("text", ["", "abc", "-1", "1.234", "1e5", "٣"])
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(Refusal) as no:
        cents(text)
    assert no.value.code == AMOUNT_WRONG


def test_days_and_halls_add_up_and_a_method_that_is_gone_is_told_by_its_code(enter, cast, now):
    enter({"cash": 100})
    enter({"cash": 50, "card": 1}, day=now.date() - dt.timedelta(days=1))
    enter({"alipay": 7}, hall=cast.other_hall, who="2001")
    unit = Unit.objects.get(parent=None)
    RuleVersion.objects.create(
        kind="takings.methods", unit=unit, number=1, valid_from=dt.date(2026, 1, 1), written_at=now, author_label="t",
        body={"methods": [{"code": "cash", "name": "现钞"}]},
    )  # fmt: skip
    split = split_of(["H01", "H02"], now.date() - dt.timedelta(days=3), now.date())
    assert [(one.code, one.name, one.amount) for one in split.shares] == [
        ("cash", "现钞", 150), ("alipay", "alipay", 7), ("card", "card", 1)
    ]  # fmt: skip
    assert (split.days, split_of(["H02"], now.date(), now.date()).total) == (3, 7)


def test_a_list_of_methods_needs_codes_and_each_once():
    twice = PaymentMethods((Named("cash", "现金"), Named("cash", "现钞")))
    assert [problem[0] for problem in METHODS.check(twice, "GD/")] == ["methods-1-code"]
    assert [problem[0] for problem in METHODS.check(PaymentMethods((Named(" ", "x"),)), "GD/")] == ["methods-0-code"]
    assert list(METHODS.check(METHODS.shipped, "GD/")) == []


@pytest.mark.parametrize(("who", "status"), [("1001", 403), ("9001", 403), ("2001", 404), ("1201", 200), ("1301", 200)])
def test_who_runs_the_hall_enters_its_takings(client, cast, who, status):
    assert client.get("/takings/H01/").status_code == 302
    client.force_login(Person.objects.get(staff_no=who))
    assert client.get("/takings/H01/").status_code == status
    form = {"day": str(house_today()), "read": "0", "amount-cash": "12.50"}
    assert client.post("/takings/H01/", form).status_code == (302 if status == 200 else status)
    assert TakingsEntry.objects.count() == (1 if status == 200 else 0)


def test_the_page_keeps_what_was_typed_when_it_is_refused(client, cast):
    client.force_login(Person.objects.get(staff_no="1201"))
    answer = client.post("/takings/H01/", {"read": "0", "amount-cash": "12,5元", "amount-card": "3", "note": "备注"})
    page = answer.content.decode()
    assert (answer.status_code, "12,5元" in page, "备注" in page) == (422, True, True)
    assert TakingsEntry.objects.count() == 0
    assert client.get("/takings/H01/?day=soon").status_code == 422
