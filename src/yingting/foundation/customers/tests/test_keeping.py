"""A customer's file from opening to merging: what is refused, what stays as history, and that the facts add up to the rows."""

import datetime as dt

import pytest

from yingting.foundation.customers import consents, contacting, keeping, merging
from yingting.foundation.customers.contracts import Particulars
from yingting.foundation.customers.finding import ids_of, known, present_id
from yingting.foundation.customers.models import Customer, Duplicate, ManagerTerm, Standing, Tag
from yingting.foundation.customers.rules import folded
from yingting.foundation.customers.tests.conftest import NOW
from yingting.foundation.journal.models import Fact
from yingting.foundation.journal.recording import facts_of
from yingting.kernel.refusals import Refusal

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def agrees_with_its_facts(row):
    """Assert that the facts of a file add up to its rows."""
    row = Customer.objects.get(pk=row.pk)
    sums = folded(facts_of(row.pk))
    assert (sums.state, sums.segment, sums.level) == (row.state, row.segment, row.level)
    assert sums.is_left_alone == row.is_left_alone
    assert sums.consents == set(consents.consents_of([row.pk]).get(row.pk, ()))
    term = ManagerTerm.objects.filter(customer=row, until__isnull=True).first()
    assert sums.manager == (str(term.person_id) if term else None)
    assert facts_of(row.pk)[-1]["version"] == row.version


@pytest.mark.req("CUS-05", "CUS-25")
def test_a_customer_is_registered_once_unless_it_is_another_person(opened, staff):
    first = opened("王芳", phone="138 0013 8000")
    with pytest.raises(Refusal) as refused:
        opened("王小芳", phone="+86 13800138000")
    assert refused.value.code == "customer.known_already"
    assert refused.value.params == {"who": "王** 138****8000"}
    assert Customer.objects.count() == 1
    second = opened("王小芳", phone="+86 13800138000", is_another=True)
    assert Duplicate.objects.values_list("by", flat=True).get() == "phone"
    assert (first.segment, first.level, second.segment) == ("public", "standard", "public")


@pytest.mark.req("CUS-05")
@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"phone": "1380013800a0"}, ""),  # letters are dropped as dashes are
        ({"phone": "12345"}, "customer.phone_form"),
        ({"id_number": "110105194912310021"}, "customer.id_number_form"),
        ({"id_number": "11010519491231002X"}, ""),
        ({"id_number": "E12345678"}, ""),
        ({"name": "  "}, "customer.name_missing"),
    ],
)
def test_what_cannot_be_is_refused_in_words(opened, said, code):
    if not code:
        opened(**{"name": "张伟", **said})
        return
    with pytest.raises(Refusal) as refused:
        opened(**{"name": "张伟", **said})
    assert refused.value.code == code
    assert Customer.objects.count() == 0


@pytest.mark.req("CUS-01", "CUS-10", "CUS-14")
def test_classes_and_managers_keep_their_history(opened, staff):
    row = opened()
    keeping.set_segment(customer=row.pk, code="big", why="年消费", actor=staff("1301"), now=NOW + HOUR)
    keeping.set_level(customer=row.pk, code="gold", actor=staff("1301"), now=NOW + HOUR)
    clerk, guide = staff("1001"), staff("1101")
    keeping.assign_manager(customer=row.pk, person=clerk.person, why="新指派", actor=staff("1301"), now=NOW + HOUR)
    keeping.assign_manager(customer=row.pk, person=guide.person, why="调岗", actor=staff("1301"), now=NOW + 2 * HOUR)
    history = Standing.objects.filter(customer=row, what="segment").values_list("code", "until")
    assert list(history) == [("big", None), ("public", NOW + HOUR)]
    assert list(ManagerTerm.objects.filter(customer=row).values_list("person_id", "until")) == [
        (guide.person, None), (clerk.person, NOW + 2 * HOUR)]  # fmt: skip
    assert known([row.pk])[row.pk].manager == guide.person
    agrees_with_its_facts(row)


@pytest.mark.req("CUS-04", "CUS-07")
def test_a_special_need_rests_on_its_own_consent_and_goes_with_it(opened, staff):
    row, clerk = opened(), staff("1001")
    with pytest.raises(Refusal) as refused:
        keeping.set_tag(customer=row.pk, code="hearing", actor=clerk, now=NOW)
    assert refused.value.code == "customer.need_consent"
    assert not Tag.objects.exists()
    keeping.set_tag(customer=row.pk, code="paper_bill", actor=clerk, now=NOW)
    consents.give(customer=row.pk, purpose="special_needs", how="counter", actor=clerk, now=NOW)
    keeping.set_tag(customer=row.pk, code="hearing", note="左耳", actor=clerk, now=NOW)
    assert known([row.pk])[row.pk].tags == ("hearing", "paper_bill")
    consents.withdraw(customer=row.pk, purpose="special_needs", how="counter", actor=clerk, now=NOW + HOUR)
    assert list(Tag.objects.values_list("code", flat=True)) == ["paper_bill"]
    assert "hearing" not in str(list(Fact.objects.values_list("data", flat=True)))
    agrees_with_its_facts(row)


def test_nobody_turns_to_a_customer_without_consent_or_against_the_wish(opened, staff):
    row, clerk = opened(), staff("1001")
    assert contacting.refusal_to_contact(row.pk, "care", NOW).code == "customer.consent_missing"
    consents.give(customer=row.pk, purpose="care", how="counter", actor=clerk, now=NOW)
    contacting.may_contact(row.pk, "care", NOW, by_call=True)
    late = NOW.replace(hour=13)  # 21:00 here
    assert contacting.refusal_to_contact(row.pk, "care", late, by_call=True).code == "customer.out_of_hours"
    said = contacting.Said("phone", "care", True, "reached", "一切都好")
    contacting.note_contact(customer=row.pk, said=said, purpose="care", actor=clerk, now=NOW)
    keeping.set_left_alone(customer=row.pk, is_left_alone=True, how="counter", actor=clerk, now=NOW)
    with pytest.raises(Refusal, match="asked not to be contacted"):
        contacting.note_contact(customer=row.pk, said=said, purpose="care", actor=clerk, now=NOW)
    assert contacting.contacts_of(row.pk).count() == 1
    agrees_with_its_facts(row)


def test_two_files_become_one_by_a_person_who_says_why(opened, staff):
    kept, gone = opened("张伟"), opened("张伟", monthly_fen=9900)
    clerk, chief = staff("1001"), staff("1301")
    for row, purpose in ((kept, "care"), (gone, "marketing"), (gone, "care")):
        consents.give(customer=row.pk, purpose=purpose, how="counter", actor=clerk, now=NOW)
    consents.withdraw(customer=gone.pk, purpose="care", how="own_page", actor=clerk, now=NOW + HOUR)
    keeping.set_tag(customer=gone.pk, code="mornings", actor=clerk, now=NOW)
    keeping.set_left_alone(customer=gone.pk, is_left_alone=True, how="counter", actor=clerk, now=NOW)
    keeping.assign_manager(customer=gone.pk, person=clerk.person, why="指派", actor=chief, now=NOW)
    merging.merge(kept=kept.pk, gone=gone.pk, why="同一客户换号", actor=chief, now=NOW + 2 * HOUR)
    merged = known([kept.pk])[kept.pk]
    assert (merged.tags, merged.is_left_alone, merged.manager) == (("mornings",), True, clerk.person)
    assert consents.consents_of([kept.pk]) == {kept.pk: {"marketing"}}
    assert (ids_of(kept.pk), present_id(gone.pk)) == ({kept.pk, gone.pk}, kept.pk)
    left = Customer.objects.get(pk=gone.pk)
    assert (left.state, bool(left.phone), left.phone_key, left.name_key) == ("merged", False, "", "")
    agrees_with_its_facts(kept)
    agrees_with_its_facts(gone)


def test_files_with_two_identity_numbers_are_merged_only_by_whoever_is_sure(opened, staff):
    kept, gone = opened(id_number="11010519491231002X"), opened(id_number="440106199001011235")
    question = {"kept": kept.pk, "gone": gone.pk, "why": "证件换发", "actor": staff("1301"), "now": NOW}
    with pytest.raises(Refusal) as refused:
        merging.merge(**question)
    assert refused.value.code == "customer.other_id_number"
    assert ids_of(kept.pk) == {kept.pk}
    merging.merge(**question, is_sure=True)
    assert ids_of(kept.pk) == {kept.pk, gone.pk}


def test_an_outdated_form_changes_nothing_and_no_name_gets_into_the_facts(opened, staff):
    row = opened("欧阳锋")
    keeping.correct(
        customer=row.pk, said=Particulars("欧阳峰", phone="13900139000"), version=1, actor=staff("1001"), now=NOW
    )
    with pytest.raises(Refusal) as refused:
        keeping.correct(customer=row.pk, said=Particulars("甲"), version=1, actor=staff("1001"), now=NOW)
    assert refused.value.code == "customer.outdated"
    row.refresh_from_db()
    assert (row.name.open(), row.phone.open(), row.version) == ("欧阳峰", "13900139000", 2)
    told = str(list(Fact.objects.filter(subject=row.pk).values_list("data", flat=True)))
    assert "欧阳" not in told
    assert "13900139000" not in told


def test_a_hall_of_the_same_city_notes_consent_and_contact_but_does_not_class(opened, staff):
    row, neighbour = opened(unit="H01"), staff("2001")
    consents.give(customer=row.pk, purpose="care", how="counter", actor=neighbour, now=NOW)
    said = contacting.Said("hall", "service", False)
    contacting.note_contact(customer=row.pk, said=said, actor=neighbour, now=NOW)
    with pytest.raises(Refusal):
        keeping.set_level(customer=row.pk, code="gold", actor=neighbour, now=NOW)
    with pytest.raises(Refusal):
        keeping.assign_manager(customer=row.pk, person=None, why="撤换", actor=neighbour, now=NOW)
    agrees_with_its_facts(row)


def test_an_outsider_neither_opens_nor_changes_a_file(opened, staff):
    row = opened(unit="H01")
    with pytest.raises(Refusal):
        opened(actor="2001", phone="13700137000")
    with pytest.raises(Refusal):
        keeping.set_segment(customer=row.pk, code="big", actor=staff("2001"), now=NOW)
    assert Customer.objects.count() == 1
