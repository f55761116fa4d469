"""The record of a ticket: tap by tap, full or not, fixed, made up, corrected, and never for the wrong ticket."""

import dataclasses

import pytest

from yingting.domains.queueing.facade import fresh_setup, ticket_at
from yingting.domains.queueing.models import Ticket
from yingting.domains.selling.models import RecommendationRecord
from yingting.domains.selling.queries.advice import advice_for
from yingting.domains.selling.queries.rules_in_force import RECOMMENDING
from yingting.domains.selling.rules import Answer, Offer, Recommending, Stand
from yingting.domains.selling.tests.conftest import FULL, HAS, NO, PARTS, PERHAPS, YES
from yingting.foundation.journal.models import Fact
from yingting.foundation.rulebook.kinds import choices_of
from yingting.foundation.sites.models import Hall
from yingting.kernel.refusals import Refusal
from yingting.kernel.shapes import Named


def refused(code, do):
    before = list(RecommendationRecord.objects.order_by("pk").values()), Fact.objects.count()
    with pytest.raises(Refusal) as no:
        do()
    assert no.value.code == code
    assert (list(RecommendationRecord.objects.order_by("pk").values()), Fact.objects.count()) == before


def advice(hall, ticket):
    return advice_for(fresh_setup(hall.cast.hall), ticket_at(ticket), now=hall.now)


@pytest.mark.req("SAL-02")
def test_four_taps_make_one_record_that_is_full_with_the_fourth(hall):
    ticket = hall.at_counter("change")
    fullness = [
        hall.record(ticket, {part: answer}).is_full
        for part, answer in zip(PARTS, (YES, PERHAPS, HAS, YES), strict=True)
    ]
    assert fullness == [False, False, False, True]
    row = RecommendationRecord.objects.get()
    assert (row.ticket_id, row.entry, row.version, row.is_late, row.by_id) == (
        ticket,
        1,
        4,
        False,
        hall.cast.people["1001"],
    )
    assert row.answers == {
        "phone": ["accepted", "trade-in", ""],
        "plan": ["interested", "fit", ""],
        "broadband": ["unsuitable", "", "has"],
        "addon": ["accepted", "cloud", ""],
    }
    fact = Fact.objects.filter(subject=row.pk).order_by("version").last()
    assert (fact.kind, fact.version, fact.data["ticket"], fact.data["full"]) == (
        "recommendation.recorded", 4, str(ticket), True,
    )  # fmt: skip
    assert fact.data["answers"][2] == ["broadband", "unsuitable", "", "has"]


def test_the_same_answer_again_changes_nothing_and_another_one_does(hall):
    ticket = hall.at_counter()
    first = hall.record(ticket, {"phone": YES})
    assert hall.record(ticket, {"phone": YES}) == first
    assert hall.record(ticket, {"phone": NO}).answers["phone"].result == "declined"
    assert [fact.version for fact in Fact.objects.filter(kind="recommendation.recorded").order_by("id")] == [1, 2]


def test_a_no_ends_it_and_the_rest_counts_as_done(hall):
    ticket = hall.at_counter()
    hall.record(ticket, {"phone": YES})
    assert not advice(hall, ticket).is_full
    entry = hall.record(ticket, {"plan": NO})
    assert entry.is_full
    now = advice(hall, ticket)
    assert ([row.result for row in now.parts], now.next_part, now.is_stopped) == (
        ["accepted", "declined", "stopped", "stopped"], "", True,
    )  # fmt: skip
    hall.record(ticket, {"plan": HAS})
    now = advice(hall, ticket)
    assert ([row.result for row in now.parts], now.next_part, now.is_full) == (
        ["accepted", "unsuitable", "", ""], "broadband", False,
    )  # fmt: skip


def test_how_many_refusals_end_it_is_data(hall):
    hall.rule(RECOMMENDING, dataclasses.replace(RECOMMENDING.shipped, stop_after=2))
    ticket = hall.at_counter()
    assert not hall.record(ticket, {"phone": NO}).is_full
    assert hall.record(ticket, {"plan": NO}).is_full


@pytest.mark.req("SAL-05")
def test_the_opening_question_fits_business_and_customer(hall):
    def scripts(business, **more):
        ticket = hall.at_counter(business, **more)
        found = {row.part.code: row.offer.script for row in advice(hall, ticket).parts}
        hall.finish("3", ticket)
        return found

    plain, opening = scripts("fee"), scripts("open")
    assert plain["phone"] == "您的手机用了多久？您有兴趣了解以旧换新吗？"
    assert opening["phone"] == "您用新号，有兴趣了解入网购机优惠吗？"
    assert plain["addon"] == opening["addon"]
    assert all("有兴趣了解" in script for script in plain.values())
    assert scripts("complain") == {}
    vip = Offer("plan", "vip", "星级专享", script="您有兴趣了解星级专享套餐吗？", customers=("vip",))
    shipped = RECOMMENDING.shipped
    hall.rule(RECOMMENDING, dataclasses.replace(shipped, offers=(*shipped.offers, vip)))
    assert scripts("fee", priority=hall.cast.priorities["vip"])["plan"] == vip.script
    assert scripts("fee")["plan"] == plain["plan"]


def test_nothing_is_recommended_with_a_complaint_and_the_care_lane_is_left_to_the_clerk(hall):
    ticket = hall.at_counter("complain")
    assert (advice(hall, ticket).stand, advice(hall, ticket).parts) == (Stand.EXEMPT, ())
    refused("selling.exempt", lambda: hall.record(ticket, {"phone": YES}))
    hall.finish("3", ticket)
    cared = hall.at_counter("fee", priority=hall.cast.priorities["care"])
    assert advice(hall, cared).stand is Stand.OPTIONAL
    assert hall.record(cared, FULL).is_full


def test_a_hall_without_offers_recommends_nothing(hall):
    hall.rule(RECOMMENDING, Recommending(parts=(Named("phone", "手机"),)))
    ticket = hall.at_counter()
    assert advice(hall, ticket).stand is Stand.EXEMPT
    refused("selling.exempt", lambda: hall.record(ticket, {"phone": YES}))


def test_an_answer_must_be_one_of_the_rule(hall):
    ticket = hall.at_counter()
    for part, answer in (
        ("tv", YES), ("phone", Answer("bought")), ("phone", Answer("stopped")), ("phone", Answer("accepted", "fit")),
    ):  # fmt: skip
        refused("selling.answer_unknown", lambda part=part, answer=answer: hall.record(ticket, {part: answer}))
    refused("selling.answer_unknown", lambda: hall.record(ticket, {}))
    refused("selling.reason_unknown", lambda: hall.record(ticket, {"phone": Answer("unsuitable")}))
    refused("selling.reason_unknown", lambda: hall.record(ticket, {"phone": Answer("unsuitable", reason="ugly")}))


def test_it_is_recorded_by_the_clerk_who_serves_and_not_before(hall):
    hall.open("3")
    ticket = hall.issue().id
    refused("ticket.not_yours", lambda: hall.record(ticket, {"phone": YES}))
    hall.call("3")
    refused("selling.not_served", lambda: hall.record(ticket, {"phone": YES}))
    hall.start("3", ticket)
    refused("ticket.not_yours", lambda: hall.record(ticket, {"phone": YES}, "1201"))
    refused("access.refused", lambda: hall.record(ticket, {"phone": YES}, "1101"))
    refused("ticket.unknown", lambda: hall.record(ticket, {"phone": YES}, "2001"))
    hall.record(ticket, {"phone": YES})
    hall.finish("3", ticket)
    other = hall.cast.other_hall
    from yingting.domains.selling.actions.recording import record_recommendation

    refused(
        "ticket.unknown",
        lambda: record_recommendation(
            hall=other, ticket=ticket, answers={"plan": YES}, actor=hall.actor_of("1001"), now=hall.now
        ),
    )


def test_finishing_waits_for_no_record(hall):
    ticket = hall.at_counter()
    hall.finish("3", ticket)
    assert (Ticket.objects.get(pk=ticket).state, RecommendationRecord.objects.count()) == ("finished", 0)


@pytest.mark.req("SAL-02")
def test_a_record_is_fixed_after_its_grace_and_corrected_by_a_new_entry_with_its_reason(hall):
    ticket = hall.at_counter()
    hall.record(ticket, FULL)
    hall.finish("3", ticket)
    hall.pass_(10)
    hall.record(ticket, {"phone": PERHAPS})
    hall.pass_(1)
    refused("selling.fixed", lambda: hall.record(ticket, {"phone": YES}))
    refused("selling.why_needed", lambda: hall.correct(ticket, {"phone": YES}, "  "))
    refused("ticket.not_yours", lambda: hall.correct(ticket, {"phone": YES}, "x", "1002"))
    first = RecommendationRecord.objects.get()
    entry = hall.correct(ticket, {"phone": YES}, "按错了  键")
    assert (entry.entry, entry.answers["phone"].result, entry.answers["plan"].result) == (2, "accepted", "accepted")
    old, new = RecommendationRecord.objects.order_by("entry")
    assert (old.pk, old.is_current, old.answers["phone"][0]) == (first.pk, False, "interested")
    assert (new.is_current, new.why, new.is_full) == (True, "按错了 键", True)
    fact = Fact.objects.get(kind="recommendation.corrected")
    assert (fact.data["earlier"], fact.data["why_length"], "why" in fact.data) == (str(first.pk), 5, False)


def test_the_supervisor_may_correct_on_a_later_day_and_the_figure_of_that_day_changes(hall, now):
    ticket = hall.at_counter()
    hall.record(ticket, {"phone": NO})
    hall.finish("3", ticket)
    hall.pass_(24 * 60)
    refused("selling.day_over", lambda: hall.record(ticket, {"plan": YES}))
    assert hall.correct(ticket, {"phone": HAS}, "录错", "1201").is_full is False
    assert Fact.objects.get(kind="recommendation.corrected").business_day == now.date()
    assert RecommendationRecord.objects.get(is_current=True).business_day == now.date()


def test_there_is_nothing_to_correct_without_a_record(hall):
    ticket = hall.served()
    refused("selling.nothing_to_correct", lambda: hall.correct(ticket, {"phone": YES}, "x", "1201"))


def test_what_was_left_out_is_made_up_for_the_rest_of_the_day_and_says_so(hall):
    ticket = hall.served()
    hall.pass_(180)
    entry = hall.record(ticket, {"phone": YES})
    assert (entry.is_late, entry.is_full) == (True, False)
    hall.pass_(60)
    assert hall.record(ticket, dict.fromkeys(PARTS[1:], HAS)).is_full
    refused("selling.fixed", lambda: hall.record(ticket, {"phone": HAS}))


def test_rules_that_contradict_themselves_are_refused(hall):
    shipped = RECOMMENDING.shipped
    for wrong in (
        dataclasses.replace(shipped, parts=(*shipped.parts, Named("phone", "又一个"))),
        dataclasses.replace(shipped, parts=(*shipped.parts, Named("", "无编码"))),
        dataclasses.replace(shipped, offers=(Offer("tv", "tv", "电视"),)),
    ):
        with pytest.raises(Refusal) as no:
            hall.rule(RECOMMENDING, wrong)
        assert no.value.code == "rule.wrong"


def test_what_is_shipped_can_be_edited_as_it_is(hall):
    path = Hall.objects.select_related("unit").get(pk=hall.cast.hall).unit.path
    shipped = RECOMMENDING.shipped
    assert len(shipped.parts) == 4
    businesses = dict(choices_of("floor.businesses", path))
    assert {code for offer in shipped.offers for code in offer.businesses} <= set(businesses)
    assert set(shipped.exempt_businesses) <= set(businesses)
    assert set(shipped.optional_customers) <= {code for code, _name in choices_of("priorities", path)}
    assert all(offer.script and offer.script_en and offer.name_en for offer in shipped.offers)
    assert "assumption" in RECOMMENDING.source
