"""Two at once: one customer gets one file, one consent is given once, and two mergers of one pair do not lose anybody."""

import threading

import pytest
from django.db import connection

from yingting.foundation.customers import consents, merging
from yingting.foundation.customers.contracts import Particulars
from yingting.foundation.customers.finding import present_id
from yingting.foundation.customers.keeping import register
from yingting.foundation.customers.models import Consent, Customer, Merge
from yingting.foundation.customers.tests.conftest import NOW
from yingting.foundation.people.access import actor_for_person
from yingting.foundation.people.models import Person
from yingting.foundation.sites.models import Unit
from yingting.kernel.refusals import Refusal

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts):
    """Let all begin at one moment, each with a connection of its own; return what came of each."""
    gate, outcomes = threading.Barrier(len(acts)), [None] * len(acts)

    def run(n, act):
        try:
            gate.wait()
            outcomes[n] = act()
        except Refusal as refusal:
            outcomes[n] = refusal.code
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n, act)) for n, act in enumerate(acts)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return outcomes


@pytest.fixture
def chief(committed_cast):
    return actor_for_person(Person.objects.get(staff_no="1301"))


def new(chief, phone="13800138000", **more):
    return register(said=Particulars("王芳", phone), unit=Unit.objects.get(code="H01"), actor=chief, now=NOW, **more)


def test_eight_who_register_one_phone_open_one_file(chief):
    outcomes = at_once(*[lambda: new(chief) and "open"] * 8)
    assert sorted(outcomes) == ["customer.known_already"] * 7 + ["open"]
    assert Customer.objects.count() == 1


def test_a_consent_given_by_eight_at_once_stands_once(chief):
    row = new(chief)
    give = {"customer": row.pk, "purpose": "care", "how": "counter", "actor": chief, "now": NOW}
    assert sorted(at_once(*[lambda: consents.give(**give)] * 8)) == [False] * 7 + [True]
    assert Consent.objects.count() == 1


def test_two_files_merged_into_each_other_at_once_leave_one_alive(chief):
    one, other = new(chief), new(chief, "13900139000")
    outcomes = at_once(
        lambda: merging.merge(kept=one.pk, gone=other.pk, why="同一人", actor=chief, now=NOW) and "merged",
        lambda: merging.merge(kept=other.pk, gone=one.pk, why="同一人", actor=chief, now=NOW) and "merged",
    )
    assert sorted(outcomes) == ["customer.gone", "merged"]
    assert (Merge.objects.count(), Customer.objects.filter(state="active").count()) == (1, 1)
    assert present_id(one.pk) == present_id(other.pk)
