"""What a business may go through: steering in forced diversion, risk business elsewhere, verification, reports."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yingting.domains.queueing.actions import complaints, issuing, moving, serving, sessions, steering, verifying
from yingting.domains.queueing.actions.calling import call_next
from yingting.domains.queueing.actions.modes import end_forced_mode, start_forced_mode
from yingting.domains.queueing.contracts import (
    BusinessSheet,
    Channel,
    Operation,
    OperationRow,
    SteerHow,
    SteeringRule,
    Step,
)
from yingting.domains.queueing.models import SteeringComplaint, Ticket
from yingting.domains.queueing.queries.complaints import complaints_of
from yingting.domains.queueing.queries.designated import nearest_hall
from yingting.domains.queueing.queries.setup import fresh_setup
from yingting.domains.queueing.queries.sheets import (
    DESIGNATED,
    RESTRICTED_LIST,
    SHEET,
    STEERING_RULE,
    DesignatedHalls,
    DesignatedRow,
    coverage,
    is_complete,
)
from yingting.domains.queueing.queries.shipped_sheets import RESTRICTED, SHEETS, STEERING
from yingting.domains.queueing.rules import Place, distance_km, fold_ticket, is_steered, strongest
from yingting.foundation.catalogue.models import BusinessClass, BusinessType
from yingting.foundation.editing.rulebook.actions import publish_rule
from yingting.foundation.journal.models import Fact
from yingting.foundation.people.access import actor_for_device
from yingting.foundation.people.models import Person
from yingting.foundation.rulebook.reading import in_force
from yingting.foundation.sites.models import Device, Hall, Ownership, Unit
from yingting.kernel.actors import Actor, ActorKind
from yingting.kernel.refusals import Refusal

pytestmark = pytest.mark.django_db


def kiosk_of(hall):
    return actor_for_device(Device.objects.get_or_create(hall_id=hall, kind="kiosk", name="取号机")[0])


@pytest.fixture
def issue(cast, now):
    def take(business="fee", **more):
        return issuing.issue_ticket(
            hall=cast.hall, business=cast.businesses[business], actor=kiosk_of(cast.hall), now=now, **more
        )

    return take


@pytest.fixture
def forced(cast, now, actor_of):
    return start_forced_mode(hall=cast.hall, reason="月末高峰", actor=actor_of("1201"), now=now)


@pytest.fixture
def publish(cast, now, actor_of):
    def write(kind, rule, *, unit="GD", key=""):
        return publish_rule(
            kind,
            unit=Unit.objects.get(code=unit).pk,
            rule=rule,
            valid_from=now.date(),
            actor=actor_of("9901"),
            now=now,
            key=key,
        )

    # The rules of these tests begin on the day of the tests, which must not be past.
    return write


@pytest.fixture
def serve(cast, now, actor_of):
    """Take a ticket to a counter of 王芳 and begin."""
    clerk = actor_of("1001")
    seat = sessions.open_counter(hall=cast.hall, counter=cast.counters["3"], actor=clerk, now=now)

    def begin(issued):
        called = call_next(hall=cast.hall, session=seat.id, counter=seat.counter, actor=clerk, now=now)
        assert called.id == issued.id
        serving.start_handling(hall=cast.hall, ticket=issued.id, actor=clerk, now=now)
        return clerk

    return begin


def refusal_of(act, *args, **kwargs):
    with pytest.raises(Refusal) as refused:
        act(*args, **kwargs)
    return refused.value


def facts(*kinds):
    return [(fact.kind, fact.data) for fact in Fact.objects.filter(kind__in=kinds).order_by("id")]


# ------------------------------------------------------------------------------------------------ steering
@pytest.mark.req("QUE-10")
@pytest.mark.req("QUE-19")
def test_restricted_business_is_steered_in_forced_mode_and_the_refusal_says_where_to(cast, issue, forced):
    refused = refusal_of(issue, "fee")
    assert (refused.code, refused.status) == ("queue.steered", 409)
    assert {name: refused.params[name] for name in ("business", "to", "place", "minutes", "script")} == {
        "business": "话费缴纳", "to": "self_service", "place": "大厅自助服务区", "minutes": 1,
        "script": "现在人多，自助机办这项更快；需要的话同事陪您操作。",
    }  # fmt: skip
    assert not Ticket.objects.exists()
    assert facts("ticket.issued", "steering.insisted") == []


def test_other_business_is_not_steered(cast, issue, forced):
    assert issue("open").number == "B001"


@pytest.mark.req("QUE-10")
def test_a_customer_who_insists_gets_the_ticket_and_the_override_is_recorded_with_its_reason(cast, issue, forced):
    issued = issue("fee", insists=" 要用现金 ")
    assert issued.number == "A001"
    [(_kind, data)] = facts("steering.insisted")
    assert data == {
        "ticket": str(issued.id), "business": str(cast.businesses["fee"]), "channel": "kiosk", "to": "self_service", "reason": "要用现金"
    }  # fmt: skip


def test_a_retry_of_an_insisting_customer_gets_the_same_ticket_and_one_override(cast, issue, forced):
    first = issue("fee", insists="要用现金", request_key="k" * 20)
    assert issue("fee", insists="要用现金", request_key="k" * 20).id == first.id
    assert len(facts("steering.insisted")) == 1
    assert Ticket.objects.count() == 1


@pytest.mark.parametrize("mode", ["care", "care class", "exempt class"])
def test_exempt_customers_go_straight_through(cast, issue, forced, publish, mode):
    if mode == "exempt class":
        publish(STEERING_RULE, replace(STEERING, exempt=("care", "vip")))
    more = {
        "care": {"care": True}, "care class": {"priority": cast.priorities["care"]}, "exempt class": {"priority": cast.priorities["vip"]}
    }[mode]  # fmt: skip
    assert issue("fee", **more).number
    assert facts("steering.insisted", "steering.offered") == []


@given(st.booleans(), st.booleans(), st.booleans(), st.text(max_size=5))
def test_an_exempt_customer_is_never_diverted(is_forced, steers, is_restricted, insists):
    assert not is_steered(
        is_forced=is_forced, steers=steers, is_restricted=is_restricted, is_exempt=True, insists=insists
    )


@given(st.booleans(), st.booleans(), st.booleans(), st.booleans(), st.text(min_size=1, max_size=9).filter(str.strip))
def test_nobody_who_insists_is_refused(is_forced, steers, is_restricted, is_exempt, insists):
    assert not is_steered(
        is_forced=is_forced, steers=steers, is_restricted=is_restricted, is_exempt=is_exempt, insists=insists
    )


def test_nothing_is_steered_in_normal_mode_and_a_reason_then_is_no_override(cast, issue, forced, now, actor_of):
    end_forced_mode(hall=cast.hall, actor=actor_of("1201"), now=now)
    assert issue("fee", insists="要用现金").number == "A001"
    assert facts("steering.insisted") == []


def test_a_hall_may_only_mention_the_other_channel(cast, issue, forced, publish):
    publish(STEERING_RULE, replace(STEERING, in_forced=SteerHow.MENTION), unit="H01")
    assert issue("fee").number == "A001"


@pytest.mark.req("QUE-21")
def test_offers_and_what_became_of_them_are_facts(cast, now, forced):
    kiosk, fee = kiosk_of(cast.hall), cast.businesses["fee"]
    about = {"hall": cast.hall, "business": fee, "channel": "kiosk", "actor": kiosk, "now": now}
    offer = steering.offer_other_channel(**about)
    steering.offer_other_channel(**about)
    steering.accept_other_channel(**about, offer=offer)
    steering.accept_other_channel(**about, offer=offer)
    told = {"business": str(fee), "channel": "kiosk", "to": "self_service"}
    assert facts("steering.offered", "steering.accepted") == [
        ("steering.offered", told), ("steering.offered", told), ("steering.accepted", told)
    ]  # fmt: skip


def test_only_an_offer_of_this_hall_for_this_business_is_accepted(cast, now, forced, actor_of):
    kiosk = kiosk_of(cast.hall)
    offer = steering.offer_other_channel(
        hall=cast.hall, business=cast.businesses["fee"], channel="kiosk", actor=kiosk, now=now
    )
    for hall, business, offered, actor, code in (
        (cast.hall, "query", offer, kiosk, "queue.not_offered"),
        (cast.hall, "fee", cast.hall, kiosk, "queue.not_offered"),
        (cast.other_hall, "fee", offer, kiosk_of(cast.other_hall), "queue.not_offered"),
        (cast.hall, "fee", offer, actor_of("1001"), "access.refused"),
        (cast.hall, "fee", offer, actor_of("2001"), "hall.unknown"),
    ):
        refused = refusal_of(
            steering.accept_other_channel, hall=hall, business=cast.businesses[business], offer=offered, channel="kiosk",
            actor=actor, now=now,
        )  # fmt: skip
        assert refused.code == code
    assert facts("steering.accepted") == []


# ------------------------------------------------------------------------------------------------ rules as data
@pytest.mark.req("QUE-19")
def test_five_classes_with_fifteen_items_are_shipped_and_the_check_names_those_without_a_business(cast, now):
    assert (len({item.group for item in RESTRICTED.items}), len(RESTRICTED.items)) == (5, 15)
    rows = coverage(path="GD/", day=now.date())
    covered = {row.item.code for row in rows if not row.is_missing}
    assert covered == {
        "recharge", "arrears", "voucher", "bill", "balance", "allowance", "invoice", "data-pack", "value-added"
    }  # fmt: skip
    assert [name for name, _ in next(row.businesses for row in rows if row.item.code == "bill")] == ["账单详单查询"]
    assert not is_complete(rows)
    kind = BusinessClass.objects.get(code="pay")
    for code in ("printing", "functions", "kit", "app"):
        BusinessType.objects.create(business_class=kind, code=code, name=code)
    assert is_complete(coverage(path="GD/", day=now.date()))


def test_every_shipped_sheet_and_rule_passes_its_own_check(cast):
    assert [list(SHEET.check(sheet, "GD/")) for sheet in SHEETS.values()] == [[]] * len(SHEETS)
    for kind in (RESTRICTED_LIST, STEERING_RULE, DESIGNATED):
        assert list(kind.check(kind.shipped, "GD/")) == []


@pytest.mark.parametrize(("sheet", "field"), [
    (replace(SHEETS["fee"], other_channel=Channel.COUNTER), "other_channel"),
    (replace(SHEETS["fee"], other_place=" "), "other_place"),
    (replace(SHEETS["fee"], is_risk=True), "restricted"),
    (replace(SHEETS["fee"], operations=(OperationRow(Operation.APPLY, False, True, True, True),)), "operations"),
    (BusinessSheet(operations=(OperationRow(Operation.APPLY), OperationRow(Operation.APPLY))), "operations"),
])  # fmt: skip
def test_a_sheet_that_leads_nowhere_is_refused(cast, sheet, field):
    assert field in [name for name, _, _ in SHEET.check(sheet, "GD/")]


@pytest.mark.parametrize(("rule", "field"), [
    (replace(STEERING, exempt=()), "exempt"), (replace(STEERING, in_normal=SteerHow.STEER), "in_normal"),
    (SteeringRule(), "reasons"), (replace(STEERING, reasons=(Step(" "),)), "reasons"),
])  # fmt: skip
def test_the_care_lane_cannot_be_unticked_and_there_is_always_a_reason_to_choose(cast, publish, rule, field):
    refused = refusal_of(publish, STEERING_RULE, rule)
    assert (refused.code, refused.params["field"]) == ("rule.wrong", field)
    assert in_force(STEERING_RULE, path="GD/", day=dt.date(2030, 1, 1)).number == 0


def test_a_rule_that_begins_later_is_read_on_its_day(cast, now, publish, actor_of, monkeypatch):
    from yingting.domains.queueing.queries import setup as reading

    monkeypatch.setattr(reading, "system_now", lambda: now)
    unit = Unit.objects.get(code="GD").pk
    later = now.date() + dt.timedelta(days=1)
    publish_rule(SHEET, unit=unit, rule=BusinessSheet(), valid_from=later, actor=actor_of("9901"), now=now, key="fee")
    before = fresh_setup(cast.hall)
    assert before.businesses[cast.businesses["fee"]].sheet == SHEETS["fee"]
    assert reading.setup_of(cast.hall) is before
    monkeypatch.setattr(reading, "system_now", lambda: now + dt.timedelta(days=1))
    assert reading.setup_of(cast.hall).businesses[cast.businesses["fee"]].sheet == BusinessSheet()


@pytest.mark.req("SLF-07")
def test_a_sheet_says_which_channel_does_which_operation(cast):
    rows = {row.operation: (row.counter, row.self_service, row.online) for row in SHEETS["addon"].operations}
    assert rows == dict.fromkeys(Operation, (True, True, True))
    assert not SHEETS["sim"].is_at_terminal
    assert SHEETS["fee"].is_at_terminal


# ------------------------------------------------------------------------------------------------ designated halls
def leave_to(publish, business, *halls):
    publish(DESIGNATED, DesignatedHalls(rows=(DesignatedRow(business, halls),)))


@pytest.mark.req("QUE-37")
def test_risk_business_is_refused_with_the_nearest_hall_its_distance_and_hours(cast, issue, publish):
    leave_to(publish, "sim", "H02")
    Hall.objects.filter(code="H01").update(latitude=23.1367, longitude=113.3200)
    Hall.objects.filter(code="H02").update(latitude=23.1291, longitude=113.2644)
    refused = refusal_of(issue, "sim")
    wanted = ("hall", "code", "address", "distance", "hours", "business")
    assert (refused.code, {name: refused.params[name] for name in wanted}) == ("queue.not_here", {
        "hall": "体育西营业厅", "code": "H02", "address": "天河区体育西路 2 号", "distance": "5.7", "hours": "08:30–18:00",
        "business": "补换卡",
    })  # fmt: skip
    assert not Ticket.objects.exists()
    assert issue("transfer").number == "B001"  # other risk business is still done here


def test_without_coordinates_the_distance_stays_open_and_after_hours_the_next_opening_is_told(cast, now, publish):
    leave_to(publish, "sim", "H02")
    late = now + dt.timedelta(hours=10)
    other = nearest_hall(fresh_setup(cast.hall), cast.businesses["sim"], now=late)
    assert (other.distance_km, other.hours) == (None, "01-06 08:30")


def test_where_no_hall_does_it_a_colleague_helps(cast, issue, publish):
    leave_to(publish, "sim", "NOWHERE")
    assert refusal_of(issue, "sim").code == "queue.nowhere_near"


@pytest.mark.req("QUE-37")
def test_where_nobody_designated_halls_every_own_hall_does_risk_business(cast, issue):
    Hall.objects.filter(code="H01").update(ownership=Ownership.OTHER_BUILT_OTHER_RUN)
    assert refusal_of(issue, "sim").params["code"] == "H02"
    Hall.objects.filter(code="H01").update(ownership=Ownership.OWN, config_version=99)
    assert issue("sim").number == "B001"


def test_a_clerk_cannot_add_what_the_hall_does_not_do(cast, now, issue, serve, publish):
    leave_to(publish, "sim", "H02")
    issued = issue("fee")
    clerk = serve(issued)
    about = {"hall": cast.hall, "ticket": issued.id, "business": cast.businesses["sim"], "actor": clerk, "now": now}
    assert refusal_of(serving.add_business, **about).code == "queue.not_here"
    assert refusal_of(serving.next_business, **about).code == "queue.not_here"
    assert refusal_of(moving.transfer_ticket, **about, place=Place.AGE).code == "queue.not_here"
    assert Ticket.objects.get().version == 3


def test_distance_is_zero_on_the_spot_and_half_the_earth_across():
    assert distance_km(23.1, 113.3, 23.1, 113.3) == 0
    assert round(distance_km(0, 0, 0, 180)) == 20015


# ------------------------------------------------------------------------------------------------ verification
def verify(cast, issued, clerk, now, how="identity_again", **more):
    return verifying.verify_identity(
        hall=cast.hall, ticket=issued.id, how=verifying.How(how), actor=clerk, now=now, **more
    )


def finish(cast, issued, clerk, now):
    return serving.finish(hall=cast.hall, ticket=issued.id, actor=clerk, now=now)


@pytest.mark.req("QUE-38")
@pytest.mark.req("SEC-04")
def test_risk_business_is_finished_only_after_the_identity_was_checked_again(cast, now, issue, serve):
    issued = issue("sim")
    clerk = serve(issued)
    assert refusal_of(finish, cast, issued, clerk, now).code == "ticket.verification_needed"
    assert Ticket.objects.get().state == "serving"
    verify(cast, issued, clerk, now)
    assert finish(cast, issued, clerk, now).state == "finished"
    [(_kind, data)] = facts("ticket.verified")
    assert (data["how"], data["second"]) == ("identity_again", None)
    told = Fact.objects.filter(subject=issued.id).order_by("version").values("kind", "version", "data")
    assert fold_ticket(told).state == "finished"


@pytest.mark.req("QUE-38")
def test_the_change_of_an_owner_needs_a_second_person_who_supervises_this_hall(cast, now, issue, serve):
    issued = issue("transfer")
    clerk = serve(issued)
    people = cast.people
    for how, second, code in (
        ("identity_again", None, "ticket.second_person_needed"),
        ("second_person", None, "ticket.second_person_needed"),
        ("second_person", people["1001"], "ticket.second_person_unfit"),  # oneself
        ("second_person", people["1101"], "ticket.second_person_unfit"),  # a guide
        ("second_person", people["2001"], "ticket.second_person_unfit"),  # of another hall
        ("second_person", cast.hall, "ticket.second_person_unfit"),  # nobody
    ):
        assert refusal_of(verify, cast, issued, clerk, now, how, second=second).code == code
    assert facts("ticket.verified") == []
    verify(cast, issued, clerk, now, "second_person", second=people["1201"])
    assert finish(cast, issued, clerk, now).state == "finished"
    assert facts("ticket.verified")[0][1]["second"] == str(people["1201"])


def test_somebody_who_has_left_cannot_confirm(cast, now, issue, serve):
    issued = issue("transfer")
    clerk = serve(issued)
    Person.objects.filter(staff_no="1201").update(is_active=False)
    second = cast.people["1201"]
    assert (
        refusal_of(verify, cast, issued, clerk, now, "second_person", second=second).code
        == "ticket.second_person_unfit"
    )


def test_what_was_not_done_after_all_is_said_so_instead_of_being_checked(cast, now, issue, serve):
    issued = issue("transfer")
    clerk = serve(issued)
    verify(cast, issued, clerk, now, "not_done")
    assert finish(cast, issued, clerk, now).state == "finished"


def test_risk_business_added_at_the_counter_is_verified_too(cast, now, issue, serve):
    issued = issue("fee")
    clerk = serve(issued)
    about = {"hall": cast.hall, "ticket": issued.id, "actor": clerk, "now": now}
    assert refusal_of(verify, cast, issued, clerk, now).code == "ticket.verification_unneeded"
    serving.add_business(**about, business=cast.businesses["sim"])
    assert (
        refusal_of(serving.next_business, **about, business=cast.businesses["fee"]).code == "ticket.verification_needed"
    )
    serving.add_business(**about, business=cast.businesses["transfer"])
    assert Ticket.objects.get().needs_verification == "second_person"
    verify(cast, issued, clerk, now, "second_person", second=cast.people["1301"])
    serving.next_business(**about, business=cast.businesses["sim"])
    assert refusal_of(finish, cast, issued, clerk, now).code == "ticket.verification_needed"


def test_a_wish_corrected_before_it_began_needs_no_verification_and_one_begun_keeps_it(cast, now, issue, serve):
    first = issue("sim")
    clerk = serve(first)
    about = {"hall": cast.hall, "actor": clerk, "now": now, "place": Place.FIRST, "queue": cast.queues["A"]}
    moving.transfer_ticket(**about, ticket=first.id, business=cast.businesses["fee"])
    assert Ticket.objects.get(pk=first.id).needs_verification == "identity_again"
    second = issue("sim")
    moving.transfer_ticket(
        **{**about, "actor": Actor(ActorKind.SYSTEM, None, "system")}, ticket=second.id, business=cast.businesses["fee"]
    )
    assert Ticket.objects.get(pk=second.id).needs_verification == ""


def test_only_the_own_counter_verifies(cast, now, issue, serve, actor_of):
    issued = issue("sim")
    serve(issued)
    assert refusal_of(verify, cast, issued, actor_of("1002"), now).code == "ticket.not_yours"
    assert refusal_of(verify, cast, issued, actor_of("2001"), now).code == "hall.unknown"
    assert facts("ticket.verified") == []


def test_the_strongest_need_wins():
    assert strongest("", "identity_again", "second_person", "identity_again") == "second_person"


# ------------------------------------------------------------------------------------------------ reports
def customer(issued):
    return Actor(ActorKind.CUSTOMER, issued.id, "customer")


@pytest.mark.req("SLF-04")
def test_a_customer_reports_having_been_forced_and_the_management_takes_care(cast, now, issue, actor_of):
    issued = issue("fee")
    about = {"hall": cast.hall, "now": now}
    step = complaints.report_forced_to_kiosk(**about, ticket=issued.id, channel="phone", actor=customer(issued))
    again = refusal_of(
        complaints.report_forced_to_kiosk, **about, ticket=issued.id, channel="phone", actor=customer(issued)
    )
    assert again.code == "complaint.reported_already"
    [seen] = complaints_of(fresh_setup(cast.hall), now=now)
    assert (seen.number, seen.channel, seen.is_open) == ("A001", "phone", True)
    later = now + dt.timedelta(minutes=6)
    complaints.acknowledge_complaint(
        hall=cast.hall, complaint=step.id, answer="已道歉", actor=actor_of("1301"), now=later
    )
    [seen] = complaints_of(fresh_setup(cast.hall), now=later)
    assert (seen.is_open, seen.acknowledged_by, seen.answer) == (False, "陈刚", "已道歉")
    assert facts("finding.forced_to_kiosk", "finding.acknowledged") == [
        ("finding.forced_to_kiosk", {"ticket": str(issued.id), "channel": "phone"}), ("finding.acknowledged", {"minutes": 6.0})
    ]  # fmt: skip


def test_who_may_report_and_who_may_take_care(cast, now, issue, actor_of):
    issued = issue("fee")
    about = {"hall": cast.hall, "now": now}
    for actor, ticket, code in (
        (actor_of("1001"), None, "access.refused"), (actor_of("2001"), None, "hall.unknown"),
        (actor_of("1001"), issued.id, "access.refused"), (kiosk_of(cast.hall), cast.hall, "ticket.unknown"),
    ):  # fmt: skip
        refused = refusal_of(complaints.report_forced_to_kiosk, **about, ticket=ticket, channel="phone", actor=actor)
        assert refused.code == code
    assert not SteeringComplaint.objects.exists()
    step = complaints.report_forced_to_kiosk(**about, channel="kiosk", actor=kiosk_of(cast.hall))
    for who, complaint, answer, code in (
        ("1001", step.id, "好", "access.refused"), ("2001", step.id, "好", "hall.unknown"),
        ("1201", cast.hall, "好", "complaint.unknown"), ("1201", step.id, " ", "reason.needed"),
    ):  # fmt: skip
        refused = refusal_of(
            complaints.acknowledge_complaint, **about, complaint=complaint, answer=answer, actor=actor_of(who)
        )
        assert refused.code == code
    assert SteeringComplaint.objects.get().state == "open"
    complaints.acknowledge_complaint(**about, complaint=step.id, answer="好", actor=actor_of("1201"))
    done = refusal_of(complaints.acknowledge_complaint, **about, complaint=step.id, answer="好", actor=actor_of("1201"))
    assert done.code == "complaint.done"
