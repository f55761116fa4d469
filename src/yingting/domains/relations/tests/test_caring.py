"""Care by tenure, the goodwill account, special care."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yingting.domains.cases.models import Case
from yingting.domains.relations.actions.attending import note_special_care
from yingting.domains.relations.actions.caring import find_due, give_care, leave_out_care, note_late_care
from yingting.domains.relations.evidence import SHELF
from yingting.domains.relations.models import CareDue, SpecialCare
from yingting.domains.relations.queries.caring import balance, due_for, goodwill_of
from yingting.domains.relations.rules.balance import Group, balance_of, chi_square_beyond
from yingting.domains.relations.tests.conftest import DAY, NOW, later, refused
from yingting.foundation.customers.contacting import Said, note_contact
from yingting.foundation.customers.keeping import set_tag
from yingting.foundation.customers.models import Customer
from yingting.foundation.lake.asking import ask
from yingting.foundation.lake.question import Question as Asked
from yingting.kernel.actors import SYSTEM
from yingting.kernel.clocks import system_now


@pytest.mark.django_db
@pytest.mark.req("CUS-22")
def test_care_comes_due_by_tenure_is_given_once_and_comes_again(cast, lake, opened, actor_of):
    long_ago = later(days=-400)
    new = opened("张伟", now=later(days=-31), customer_since=DAY - dt.timedelta(days=31))
    old = opened("李娜", now=long_ago, customer_since=DAY - dt.timedelta(days=3000))
    opened("王强", now=long_ago)  # nobody knows since when
    assert find_due(actor=SYSTEM, now=NOW) == 2
    assert find_due(actor=SYSTEM, now=later(days=1)) == 0  # once, as long as it is open
    found = {row.customer_id: row for row in CareDue.objects.all()}
    assert (found[new.pk].action, found[old.pk].action, found[old.pk].tenure) == ("welcome", "review", "long")
    clerk = {"actor": actor_of("1001"), "now": later(days=2)}
    give_care(care=found[new.pk].pk, channel="phone", outcome="reached", words="用得好", **clerk)
    refused("care.done", give_care, care=found[new.pk].pk, channel="phone", outcome="reached", words="", **clerk)
    refused("relation.field_missing", leave_out_care, care=found[old.pk].pk, why=" ", **clerk)
    assert note_late_care(actor=SYSTEM, now=later(days=30)) == 0
    assert note_late_care(actor=SYSTEM, now=later(days=31)) == 1
    assert [line.is_over for line in due_for(actor_of("1301"), later(days=31), most=9)] == [True]
    leave_out_care(care=found[old.pk].pk, why="客户出国", actor=actor_of("1001"), now=later(days=32))
    SHELF.fill(system_now() + dt.timedelta(minutes=1))
    key = "relations.care_given"
    (whole,) = ask(Asked((key,), ("H01",), DAY, DAY, minimum_sample={key: 1}))
    assert (whole[key].value, whole[key].n) == (0.5, 2)
    assert find_due(actor=SYSTEM, now=later(days=35)) == 1  # a month after the first welcome, by the same rule
    by_tenure, _by_segment = balance(actor_of("1301"), later(days=32))
    groups = {one.code: (one.heads, one.due, one.given) for one in by_tenure.groups}
    assert groups == {"new": (1, 1, 1), "long": (1, 1, 0), "unknown": (1, 0, 0)}
    assert by_tenure.tells == ""  # two acts tell nothing


@pytest.mark.django_db
@pytest.mark.req("CUS-22")
def test_care_is_never_given_without_consent_and_vanishes_with_an_erased_file(cast, opened, actor_of):
    row = opened(now=later(days=-40), customer_since=DAY - dt.timedelta(days=40), agrees=())
    find_due(actor=SYSTEM, now=NOW)
    care = CareDue.objects.get()
    say = {"care": care.pk, "channel": "hall", "outcome": "reached", "words": "", "now": NOW}
    refused("customer.consent_missing", give_care, actor=actor_of("1001"), **say)
    refused("relation.unknown", give_care, actor=actor_of("2001"), **say)
    Customer.objects.filter(pk=row.pk).update(state="erased")
    assert due_for(actor_of("1301"), NOW, most=9) == []
    refused("relation.unknown", give_care, actor=actor_of("1001"), **say)


@pytest.mark.django_db
@pytest.mark.req("CUS-23")
def test_goodwill_adds_up_by_how_contacts_ended(cast, opened, actor_of):
    row, boss = opened(), actor_of("1301")
    for outcome, days in (("reached", 1), ("declined", 2), ("no_answer", 3)):
        note_contact(customer=row.pk, said=Said("phone", "care", False, outcome), actor=boss, now=later(days=days))
    note_contact(customer=row.pk, said=Said("hall", "service", False), actor=boss, now=later(days=4))
    assert goodwill_of(row, later(days=5)) == (2 - 1 + 0 + 1, 4)
    assert goodwill_of(row, later(days=900)) == (0, 0)  # older contacts count no more


@given(st.lists(st.tuples(st.integers(1, 300), st.floats(0, 1)), min_size=2, max_size=5))
def test_the_test_of_balance_agrees_with_that_of_scipy(rows):
    from scipy.stats import chi2_contingency

    groups = [Group(str(n), "", due, due, round(due * share)) for n, (due, share) in enumerate(rows)]
    told = balance_of(groups)
    given_acts = [one.given for one in groups]
    if told.p is None:
        return
    known = chi2_contingency([given_acts, [one.due - one.given for one in groups]], correction=False)
    assert told.chi_square == pytest.approx(known.statistic, rel=1e-9, abs=1e-9)
    assert told.p == pytest.approx(known.pvalue, rel=1e-7, abs=1e-12)


def test_no_chi_square_is_no_evidence():
    assert [round(chi_square_beyond(0.0, freedom), 9) for freedom in (1, 2, 3, 4)] == [1, 1, 1, 1]


@pytest.mark.django_db
@pytest.mark.req("CUS-08")
def test_what_is_left_out_of_special_care_needs_a_word_and_becomes_a_case_without_a_name(cast, opened, actor_of):
    row = opened("陈阿婆", agrees=("special_needs",))
    clerk = {"customer": row.pk, "hall": cast.hall, "actor": actor_of("1001"), "now": NOW}
    refused("special_care.none", note_special_care, done=(), why="", **clerk)
    set_tag(customer=row.pk, code="elderly", actor=actor_of("1301"), now=NOW)
    refused("relation.field_missing", note_special_care, done=("lane",), why="", **clerk)
    note_special_care(done=("lane", "seat", "slow"), why="", **clerk)
    assert (SpecialCare.objects.get().left_out, Case.objects.count()) == (0, 0)
    note_special_care(done=("lane", "slow"), why="老花镜借出未还", **{**clerk, "now": later(minutes=5)})
    last = SpecialCare.objects.first()
    assert (last.left_out, last.ticks) == (1, {"lane": True, "seat": False, "slow": True})
    case = Case.objects.get(pk=last.case)
    assert (case.kind, case.owner_id, case.hall_id) == ("rectification", cast.people["1301"], cast.hall)
    refused("hall.unknown", note_special_care, done=(), why="x", **{**clerk, "hall": cast.other_hall})
