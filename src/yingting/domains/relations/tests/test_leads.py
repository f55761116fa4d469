"""Leads (CUS-26): a promised day kept or not, the business card, referrals from the lobby, never without consent."""

import datetime as dt

import pytest

from yingting.domains.floor.models import Referral
from yingting.domains.relations.actions.leading import (
    Followed,
    Interest,
    end_lead,
    follow_lead,
    open_lead,
    remind_of_leads,
)
from yingting.domains.relations.evidence import SHELF
from yingting.domains.relations.models import Lead, LeadStep
from yingting.domains.relations.queries.leads import leads_for, referred
from yingting.domains.relations.rules.managing import LeadState
from yingting.domains.relations.tests.conftest import DAY, NOW, later, refused
from yingting.foundation.customers.keeping import set_left_alone
from yingting.foundation.customers.models import Contact
from yingting.foundation.lake.asking import ask
from yingting.foundation.lake.question import Question as Asked
from yingting.foundation.notify.models import Message
from yingting.foundation.sites.models import Counter
from yingting.kernel.actors import SYSTEM
from yingting.kernel.clocks import system_now

pytestmark = pytest.mark.django_db


def on(days):
    return DAY + dt.timedelta(days=days)


def lead_of(row, actor, owner="1001", days=3, **more):
    return open_lead(customer=row.pk, interest=Interest("home", owner, on(days), **more), actor=actor, now=NOW)


def in_time(first=DAY, last=None):
    SHELF.fill(system_now() + dt.timedelta(minutes=1))
    key = "relations.leads_in_time"
    (found,) = ask(Asked((key,), ("H01",), first, last or on(60), minimum_sample={key: 1}))
    return found[key].value, found[key].n


@pytest.mark.req("CUS-26")
def test_a_lead_is_followed_to_its_end_each_promise_kept_or_not(cast, lake, opened, actor_of):
    row, clerk = opened(), actor_of("1001")
    lead = lead_of(row, clerk, note="想装全屋智能")
    refused("lead.open", open_lead, customer=row.pk, interest=Interest("home", "1001", on(9)), actor=clerk, now=NOW)
    refused(
        "relation.code_unknown",
        open_lead,
        customer=row.pk,
        interest=Interest("boat", "1001", on(9)),
        actor=clerk,
        now=NOW,
    )
    refused(
        "relation.day_past",
        open_lead,
        customer=row.pk,
        interest=Interest("device", "1001", on(-1)),
        actor=clerk,
        now=NOW,
    )
    refused(
        "relation.owner_unknown",
        open_lead,
        customer=row.pk,
        interest=Interest("device", "0000", on(1)),
        actor=clerk,
        now=NOW,
    )
    said = Followed("phone", "interested", "周末看样品", next_on=on(10), has_card=True)
    follow_lead(lead=lead, said=said, actor=clerk, now=later(days=3))
    kept = Lead.objects.get()
    assert (kept.next_on, kept.has_card, kept.note.open()) == (on(10), True, "想装全屋智能")
    assert in_time() == (1, 1)
    follow_lead(lead=lead, said=Followed("hall", "reached", end=LeadState.WON), actor=clerk, now=later(days=12))
    assert (Lead.objects.get().state, Contact.objects.count()) == ("won", 2)
    assert in_time() == (0.5, 2)
    refused("relation.changed", follow_lead, lead=lead, said=said, actor=clerk, now=later(days=13))
    lead_of(row, clerk, days=20)  # a won lead may be followed by another one


@pytest.mark.req("CUS-26")
def test_nobody_is_called_without_consent_or_against_the_wish(cast, opened, actor_of):
    silent, alone = opened(agrees=()), opened("李娜")
    clerk = actor_of("1001")
    said = Followed("phone", "reached", next_on=on(9))
    refused(
        "customer.consent_missing", follow_lead, lead=lead_of(silent, clerk), said=said, actor=clerk, now=later(days=1)
    )
    lead = lead_of(alone, clerk)
    set_left_alone(customer=alone.pk, is_left_alone=True, how="counter", actor=clerk, now=NOW)
    refused("customer.left_alone", follow_lead, lead=lead, said=said, actor=clerk, now=later(days=1))
    night = dt.datetime(2026, 1, 5, 22, tzinfo=dt.UTC)  # six in the morning there
    refused(
        "customer.out_of_hours", follow_lead, lead=lead_of(opened("王强"), clerk), said=said, actor=clerk, now=night
    )
    assert Contact.objects.count() == 0


@pytest.mark.req("CUS-26")
def test_an_overdue_lead_is_told_once_and_counts_even_when_it_is_ended(cast, lake, opened, actor_of):
    lead = lead_of(opened(), actor_of("1001"))
    assert remind_of_leads(actor=SYSTEM, now=later(days=3)) == 0  # the whole promised day is the owner's
    assert remind_of_leads(actor=SYSTEM, now=later(days=4)) == 1
    assert remind_of_leads(actor=SYSTEM, now=later(days=5)) == 0
    told = Message.objects.filter(kind="relations.lead_overdue").values_list("person__staff_no", flat=True)
    assert sorted(told) == ["1001", "1301"]
    assert [line.is_over for line in leads_for(actor_of("1301"), later(days=5), which="over", most=9)] == [True]
    end_lead(lead=lead, actor=actor_of("1001"), now=later(days=6))
    assert in_time() == (0, 1)
    other = lead_of(opened("李娜"), actor_of("1001"), days=9)
    end_lead(lead=other, actor=actor_of("1001"), now=later(days=6))
    assert LeadStep.objects.get(lead=other).is_void
    assert in_time() == (0, 1)


@pytest.mark.req("CUS-26", "SAL-06")
def test_an_interested_customer_from_the_lobby_becomes_a_lead_once(cast, opened, visited, actor_of):
    row = opened()
    ticket = visited(row, DAY)
    referral = Referral.objects.create(
        hall_id=cast.hall, business_day=DAY, ticket=ticket, counter=Counter.objects.first(), interest="home",
        by_id=cast.people["1001"], at=NOW, ended_at=NOW, result="interested",
    )  # fmt: skip
    boss = actor_of("1301")
    (found,) = referred(boss, NOW)
    assert (found.interest, found.face.id) == ("智能家居", row.pk)
    assert referred(actor_of("2001"), NOW) == []
    ask_for = Interest("home", "1001", on(3), referral=referral.pk)
    open_lead(customer=row.pk, interest=ask_for, actor=boss, now=NOW)
    assert referred(boss, NOW) == []
    refused("lead.referral_taken", open_lead, customer=opened("李娜").pk, interest=ask_for, actor=boss, now=NOW)
