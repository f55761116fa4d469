"""Entitlements: granted once for a reason, used once at a counter, over after their day; campaigns that bring them."""

import datetime as dt
import threading

import pytest
from django.db import IntegrityError, connection, transaction

from yingting.domains.relations.actions.entitling import (
    Announced,
    TakenPart,
    end_entitlements,
    grant_entitlement,
    open_offering,
    register_for,
    use_entitlement,
)
from yingting.domains.relations.evidence import SHELF
from yingting.domains.relations.models import Entitlement, EntitlementUse, Registration
from yingting.domains.relations.queries.entitlements import entitlements_of, expiring, figures_of, offering_of
from yingting.domains.relations.tests.conftest import DAY, NOW, later, refused
from yingting.foundation.customers.merging import merge
from yingting.foundation.lake.asking import ask
from yingting.foundation.lake.question import Question as Asked
from yingting.foundation.people.access import actor_for_person
from yingting.foundation.people.models import Person
from yingting.foundation.sites.models import Unit
from yingting.kernel.actors import SYSTEM
from yingting.kernel.clocks import system_now
from yingting.kernel.refusals import Refusal

pytestmark = pytest.mark.django_db


def granted(customer, actor, now=NOW, benefit="virus_check"):
    return grant_entitlement(customer=customer.pk, benefit=benefit, actor=actor, now=now)


@pytest.mark.req("CUS-21")
def test_an_entitlement_is_granted_for_three_months_and_used_once(cast, opened, actor_of):
    row, clerk = opened(), actor_of("1001")
    made = granted(row, clerk)
    assert Entitlement.objects.get().last_on == dt.date(2026, 4, 5)
    refused(
        "entitlement.granted", grant_entitlement, customer=row.pk, benefit="virus_check", actor=clerk, now=later(days=9)
    )
    refused("relation.code_unknown", grant_entitlement, customer=row.pk, benefit="gold", actor=clerk, now=NOW)
    use = {"entitlement": made, "hall": cast.hall, "actor": clerk}
    assert use_entitlement(**use, now=later(days=30)) == row.pk
    refused("entitlement.used", use_entitlement, **use, now=later(days=31))
    with pytest.raises(IntegrityError), transaction.atomic():  # the database itself lets it happen once
        EntitlementUse.objects.create(entitlement_id=made, hall_id=cast.hall, business_day=DAY, at=NOW)
    other = granted(row, clerk, benefit="tune_up")
    refused("entitlement.over", use_entitlement, **{**use, "entitlement": other}, now=later(days=91))
    # Another hall of the city may serve it: a customer walks into any of them.
    use_entitlement(entitlement=other, hall=cast.other_hall, actor=actor_of("2001"), now=later(days=90))
    refused("hall.unknown", use_entitlement, entitlement=other, hall=cast.hall, actor=actor_of("2001"), now=NOW)


def test_what_was_granted_under_a_merged_file_is_not_granted_again_and_may_be_used(cast, opened, actor_of):
    kept, gone, clerk = opened("张伟"), opened("张炜"), actor_of("1001")
    made = granted(gone, clerk)
    merge(kept=kept.pk, gone=gone.pk, why="同一人", actor=actor_of("9001"), now=later(hours=1))
    refused(
        "entitlement.granted",
        grant_entitlement,
        customer=kept.pk,
        benefit="virus_check",
        actor=clerk,
        now=later(hours=2),
    )
    assert [one.row.pk for one in entitlements_of(kept.pk, NOW)] == [made]
    assert use_entitlement(entitlement=made, hall=cast.hall, actor=clerk, now=later(days=1)) == kept.pk


def test_what_expires_soon_is_listed_and_counted_once_it_is_over(cast, lake, opened, actor_of):
    first, second, third = opened(), opened("李娜"), opened("王强")
    clerk, boss = actor_of("1001"), actor_of("1301")
    used = granted(first, clerk)
    granted(second, clerk)
    granted(third, clerk, now=later(days=60))
    assert expiring(boss, later(days=30), 9) == []
    soon = later(days=80)
    assert len(expiring(boss, soon, 9)) == 2
    use_entitlement(entitlement=used, hall=cast.hall, actor=clerk, now=soon)
    assert [one.row.customer_id for one in expiring(boss, soon, 9)] == [second.pk]
    assert end_entitlements(actor=SYSTEM, now=soon) == 0
    assert end_entitlements(actor=SYSTEM, now=later(days=95)) == 1
    assert end_entitlements(actor=SYSTEM, now=later(days=96)) == 0
    SHELF.fill(system_now() + dt.timedelta(minutes=1))
    key = "relations.entitlements_used"
    (found,) = ask(Asked((key,), ("H01",), DAY, later(days=90).date(), minimum_sample={key: 1}))
    assert (found[key].value, found[key].n) == (0.5, 2)  # the third is still open


@pytest.mark.req("SAL-10", "SAL-11", "CUS-21")
def test_a_campaign_registers_once_brings_its_entitlement_and_tells_what_came_of_it(cast, opened, actor_of):
    row, clerk, boss = opened(), actor_of("1001"), actor_of("9001")
    unit = Unit.objects.get(code="GZ").pk
    last = DAY + dt.timedelta(days=30)
    refused("relation.unknown", open_offering, announced=Announced(unit, "甲", DAY, last), actor=clerk, now=NOW)
    refused("offering.span", open_offering, announced=Announced(unit, "甲", last, DAY), actor=boss, now=NOW)
    made = open_offering(announced=Announced(unit, "开业同庆", DAY, last, "tune_up"), actor=boss, now=NOW)
    part = TakenPart("家里三口人，宽带 100M", is_told=True, is_offered=True, result="taken")
    register_for(offering=made, customer=row.pk, part=part, actor=clerk, now=later(days=1))
    again = {"offering": made, "customer": row.pk, "part": part, "actor": clerk}
    refused("offering.registered", register_for, **again, now=later(days=2))
    refused("offering.closed", register_for, **{**again, "customer": opened("李娜").pk}, now=later(days=40))
    kept = Registration.objects.get()
    assert (kept.entitlement.benefit, kept.learnt.open(), kept.has_learnt) == ("tune_up", "家里三口人，宽带 100M", True)
    use_entitlement(entitlement=kept.entitlement_id, hall=cast.hall, actor=clerk, now=later(days=3))
    told = figures_of(boss, offering_of(boss, made))
    assert (told.registered, told.learnt, told.told, told.offered, told.taken, told.used) == (1, 1, 1, 1, 1, 1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.req("CUS-21")
def test_two_counters_never_use_one_entitlement_twice(committed_cast, opened):
    row, cast = opened(), committed_cast
    made = granted(row, actor_for_person(Person.objects.get(staff_no="1001")))
    answers = []

    def use(staff_no):
        try:
            actor = actor_for_person(Person.objects.get(staff_no=staff_no))
            use_entitlement(entitlement=made, hall=cast.hall, actor=actor, now=later(days=1))
            answers.append("used")
        except Refusal as refusal:
            answers.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=use, args=(no,)) for no in ("1001", "1101", "1201", "1301")]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(answers) == ["entitlement.used"] * 3 + ["used"]
    assert EntitlementUse.objects.count() == 1
