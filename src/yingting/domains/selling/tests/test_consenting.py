"""Offers to known customers: by segment and level with consent only, none to who wants none, and the rate leaves those out."""

import datetime as dt

import pytest
from django.urls import reverse

from yingting.domains.queueing.facade import fresh_setup, ticket_at
from yingting.domains.selling.queries.advice import advice_for
from yingting.domains.selling.queries.days import hall_day
from yingting.domains.selling.queries.figures import rows_of_day
from yingting.domains.selling.queries.rules_in_force import RECOMMENDING
from yingting.domains.selling.rules import NOBODY_KNOWN, Consent, Offer, Recommending, Who, suggested
from yingting.domains.selling.tests.conftest import YES
from yingting.foundation.customers import consents
from yingting.foundation.customers.models import Customer
from yingting.foundation.people.models import Person
from yingting.foundation.sites.models import Hall
from yingting.kernel.refusals import Refusal
from yingting.kernel.shapes import Named

DAY = dt.date(2026, 1, 5)
BY_CLASS = Recommending(
    parts=(Named("plan", "套餐"), Named("tv", "电视")),
    offers=(
        Offer("plan", "any", "按用量选套餐"),
        Offer("plan", "big", "集团套餐", segments=("big",)),
        Offer("plan", "gold", "金卡套餐", levels=("gold",)),
        Offer("tv", "gold-tv", "金卡电视", levels=("gold",)),
    ),
)


@pytest.fixture
def customer(hall, now):
    unit = Hall.objects.get(pk=hall.cast.hall).unit_id
    return Customer.objects.create(
        unit_id=unit,
        name="张三",
        phone="13900000001",
        level="gold",
        segment="public",
        registered_at=now,
        last_seen_on=DAY,
    )


@pytest.fixture
def says(hall, customer, actor_of):
    """The customer gives or withdraws the consent to offers."""

    def one(yes):
        do = consents.give if yes else consents.withdraw
        do(customer=customer.pk, purpose="marketing", how="counter", actor=actor_of("1001"), now=hall.now)

    return one


def stand(hall, ticket):
    return advice_for(fresh_setup(hall.cast.hall), ticket_at(ticket), now=hall.now)


def offers(advice):
    return {row.part.code: row.offer.code for row in advice.parts}


@pytest.mark.parametrize(
    ("who", "codes"),
    [
        (NOBODY_KNOWN, {"plan": "any"}),
        (Who(Consent.NOT_ASKED, "big", "gold"), {"plan": "any"}),
        (Who(Consent.GIVEN, "public", "silver"), {"plan": "any"}),
        (Who(Consent.GIVEN, "big", "silver"), {"plan": "big"}),
        (Who(Consent.GIVEN, "public", "gold"), {"plan": "gold", "tv": "gold-tv"}),
        (Who(Consent.WITHDRAWN, "big", "gold"), {}),
        (Who(Consent.LEFT_ALONE, "big", "gold"), {}),
    ],
)
def test_offers_by_class_need_the_consent_and_who_wants_none_gets_none(who, codes):
    assert {part: offer.code for part, offer in suggested(BY_CLASS, ("x", "x/y"), "normal", who).items()} == codes


@pytest.mark.req("SAL-05")
def test_the_consent_is_looked_at_before_every_use(hall, customer, says):
    hall.rule(RECOMMENDING, BY_CLASS)
    ticket = hall.at_counter(customer=customer.pk, known_by="phone")
    assert offers(stand(hall, ticket)) == {"plan": "any"}
    says(True)
    assert offers(stand(hall, ticket)) == {"plan": "gold", "tv": "gold-tv"}
    hall.pass_(1)
    says(False)
    advice = stand(hall, ticket)
    assert (advice.stand.value, offers(advice), advice.who.consent.value) == ("exempt", {}, "withdrawn")
    with pytest.raises(Refusal) as refused:
        hall.record(ticket, {"plan": YES})
    assert refused.value.code == "selling.exempt"


def test_the_panel_says_why_nothing_is_offered(client, hall, customer, says):
    ticket = hall.at_counter(customer=customer.pk, known_by="phone")
    client.force_login(Person.objects.get(staff_no="1001"))
    address = reverse("selling:ticket-panel", args=[ticket])
    assert "已撤回" not in client.get(address).content.decode()
    says(True)
    says(False)
    page = client.get(address).content.decode()
    assert "已撤回营销推荐授权" in page
    assert "selling-part-" not in page
    Customer.objects.update(is_left_alone=True)
    assert "不被打扰" in client.get(address).content.decode()


def test_a_ticket_of_who_wants_none_is_not_in_the_rate_and_a_past_one_stays(hall, customer, says):
    says(True)
    before = hall.served(customer=customer.pk, known_by="phone")
    hall.record(before, {"plan": YES})
    hall.pass_(5)
    says(False)
    hall.pass_(1)
    hall.served(customer=customer.pk, known_by="phone")
    hall.served()
    setup = fresh_setup(hall.cast.hall)
    tally = hall_day(setup, DAY).tally
    assert (tally.due, tally.left_out, tally.offered, tally.accepted) == (2, 1, 1, 1)
    assert [(row["consent"], row["stand"]) for row in rows_of_day(setup, DAY)] == [
        ("given", "required"), ("withdrawn", "exempt"), ("unknown", "required"),
    ]  # fmt: skip


def test_a_merged_file_brings_the_consents_of_the_one_that_is_kept(hall, customer, says, now):
    gone = Customer.objects.create(
        unit_id=customer.unit_id, phone="13900000002", registered_at=now, last_seen_on=DAY, level="gold"
    )
    ticket = hall.at_counter(customer=gone.pk, known_by="phone")
    Customer.objects.filter(pk=gone.pk).update(state="merged", merged_into=customer)
    assert stand(hall, ticket).who.consent is Consent.NOT_ASKED
    says(True)
    assert stand(hall, ticket).who.consent is Consent.GIVEN
    Customer.objects.filter(pk=customer.pk).update(state="erased")
    assert stand(hall, ticket).who is NOBODY_KNOWN
