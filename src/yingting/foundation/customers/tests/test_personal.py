"""Files are kept for their time, found, and erased; what is left has no person, and its facts still add up."""

import datetime as dt

import pytest

from yingting.foundation.customers import consents, contacting, keeping
from yingting.foundation.customers.finding import known, present_id, recognise
from yingting.foundation.customers.models import Contact, Customer, Tag
from yingting.foundation.customers.rules import folded
from yingting.foundation.customers.tests.conftest import NOW
from yingting.foundation.journal.recording import facts_of
from yingting.foundation.privacy.retention import erase_what_is_due, find_person, what_is_due
from yingting.foundation.privacy.rules import DataKind
from yingting.kernel.actors import SYSTEM

pytestmark = pytest.mark.django_db


def filled(opened, staff):
    row, clerk = opened("欧阳锋", phone="13800138000", id_number="11010519491231002X"), staff("1001")
    for purpose in ("special_needs", "care"):
        consents.give(customer=row.pk, purpose=purpose, how="counter", actor=clerk, now=NOW)
    keeping.set_tag(customer=row.pk, code="hearing", note="左耳", actor=clerk, now=NOW)
    said = contacting.Said("hall", "service", False, "", "家住体育西路")
    contacting.note_contact(customer=row.pk, said=said, actor=clerk, now=NOW)
    return row


def test_a_file_whose_time_is_over_leaves_a_row_without_a_person(opened, staff):
    row = filled(opened, staff)
    card = row.card
    later = NOW + dt.timedelta(days=365)
    assert [one for one in what_is_due(later) if one.kind == "customers.file"] == []
    much_later = NOW + dt.timedelta(days=732)
    due = [one for one in what_is_due(much_later) if one.kind == "customers.file"]
    assert [(one.count, one.held) for one in due] == [(1, 0)]
    erase_what_is_due(now=much_later)
    left = Customer.objects.get(pk=row.pk)
    assert (left.state, bool(left.name), bool(left.phone), bool(left.id_number)) == ("erased", False, False, False)
    assert (left.phone_key, left.id_number_key, left.name_key) == ("", "", "")
    assert left.card != card
    assert (Tag.objects.count(), bool(Contact.objects.get().words)) == (0, False)
    assert (present_id(row.pk), known([row.pk]), recognise(path="GD/GZ/TH/H01/", card=card)) == (None, {}, ())
    sums = folded(facts_of(row.pk))
    assert (sums.state, sums.consents, sums.contacts, sums.tags) == ("erased", set(), 1, set())
    erase_what_is_due(now=much_later)
    assert len([fact for fact in facts_of(row.pk) if fact["kind"] == "customer.erased"]) == 1


def test_a_visit_lets_the_time_begin_anew_and_a_person_is_found_by_number(opened, staff):
    row = filled(opened, staff)
    from yingting.foundation.customers.finding import note_seen

    note_seen(row.pk, dt.date(2027, 12, 1))
    erase_what_is_due(now=NOW + dt.timedelta(days=732))
    assert Customer.objects.get(pk=row.pk).state == "active"
    for kind, value in (
        (DataKind.PHONE, "13800138000"),
        (DataKind.ID_NUMBER, "11010519491231002X"),
        (DataKind.NAME, "欧阳锋"),
    ):
        found = find_person(actor=SYSTEM, kind=kind, value=value, now=NOW)
        assert [one.kept.record for one in found] == [row.pk]
