"""The journal only grows, takes only facts of the catalogue, and remembers the first answer to a request key."""

import uuid
from dataclasses import dataclass

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from yingting.foundation.journal.catalogue import kinds
from yingting.foundation.journal.facts import ReferenceChanged
from yingting.foundation.journal.models import Fact
from yingting.foundation.journal.recording import first_answer, record
from yingting.kernel.actors import SYSTEM

pytestmark = pytest.mark.django_db


def one_fact(now, **more):
    record(
        ReferenceChanged("unit", {}, {"name": "x"}),
        actor=SYSTEM,
        now=now,
        **{"subject": uuid.uuid4(), "version": 1, **more},
    )


@pytest.mark.parametrize(
    "change", [lambda rows: rows.update(kind="x"), lambda rows: rows.delete()], ids=["update", "delete"]
)
def test_the_database_refuses_to_change_or_delete_a_fact(now, change):
    one_fact(now)
    with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
        change(Fact.objects.all())
    assert Fact.objects.get().kind == "reference.changed"


def test_a_second_fact_of_the_same_version_is_refused(now):
    subject = uuid.uuid4()
    one_fact(now, subject=subject)
    with pytest.raises(IntegrityError), transaction.atomic():
        one_fact(now, subject=subject)
    one_fact(now, subject=subject, version=None)
    assert list(Fact.objects.filter(subject=subject).order_by("version").values_list("version", flat=True)) == [1, 2]


def test_a_request_key_is_remembered_per_hall(now):
    here, there = uuid.uuid4(), uuid.uuid4()
    one_fact(now, hall=here, request_key="press-0001")
    one_fact(now, hall=there, request_key="press-0001")
    with pytest.raises(IntegrityError), transaction.atomic():
        one_fact(now, hall=here, request_key="press-0001")
    assert first_answer(hall=here, request_key="press-0001").hall == here
    assert first_answer(hall=here, request_key="press-0002") is None


def test_only_facts_of_the_catalogue_can_be_recorded(now):
    @dataclass(frozen=True)
    class Stray:
        """Not entered into the catalogue."""

    with pytest.raises(KeyError):
        record(Stray(), subject=uuid.uuid4(), version=1, actor=SYSTEM, now=now)
    assert not Fact.objects.exists()


def test_every_kind_of_fact_is_namespaced_past_tense_and_documented():
    for kind, cls in kinds().items():
        assert kind.count(".") == 1, kind
        assert (cls.__doc__ or "").strip(), kind
