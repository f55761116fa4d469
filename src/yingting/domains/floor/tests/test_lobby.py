"""Help with one key, referrals from the counter, the green channel: who may, what is kept, what is refused."""

import datetime as dt
import threading

import pytest
from django.db import connection

from yingting.domains.floor.actions import granting, helping, receiving, referring
from yingting.domains.floor.contracts import Asked, NextStep
from yingting.domains.floor.jobs import look_after_the_lobby
from yingting.domains.floor.models import GreenGrant, HelpCall, Referral
from yingting.domains.floor.queries.lobby import (
    grant_of,
    grants_of_day,
    help_for,
    open_help,
    own_referrals,
    referrals_for,
)
from yingting.domains.floor.queries.lobby_rules import HELP, REFERRING, HelpCalls, HelpKind, Referring
from yingting.domains.floor.rules import HelpResult, ReferralResult
from yingting.domains.queueing.actions import days, issuing, sessions
from yingting.domains.queueing.facade import GREEN_CHANNEL, Entitlement, fresh_setup
from yingting.domains.queueing.models import Ticket
from yingting.domains.queueing.queries.green_channel import GreenChannel
from yingting.domains.queueing.tests.screens import Hands, set_clock
from yingting.foundation.editing.rulebook.actions import publish_rule
from yingting.foundation.journal.models import Fact
from yingting.foundation.live import publishing
from yingting.foundation.people.access import actor_for_device
from yingting.foundation.sites.models import Device, Unit
from yingting.kernel.refusals import Refusal

KEY = "guide-0123456789abcdef"
MINUTE = dt.timedelta(minutes=1)


def publish(kind, rule, actor, now):
    publish_rule(
        kind, unit=Unit.objects.get(code="GD").pk, rule=rule, valid_from=now.date(), actor=actor, now=now, reason="test"
    )


def facts(prefix):
    return [
        (fact.kind, fact.version, fact.actor_label, fact.data)
        for fact in Fact.objects.filter(kind__startswith=prefix).order_by("id")
    ]


@pytest.fixture
def at_counter(hands):
    """The clerk 王芳 at counter 1, serving somebody."""
    hands.open("1")
    ticket = hands.issue()
    hands.call("1")
    hands.start("1", ticket.id)
    return ticket


@pytest.fixture
def hall(open_hall):
    return open_hall.hall


@pytest.fixture
def ask(hall, at_counter, actor_of, now):
    def do(who="1001", at=now, key=None):
        return helping.ask_help(hall=hall, actor=actor_of(who), now=at, request_key=key).id

    return do


@pytest.fixture
def refuses():
    """A refusal says its code and leaves rows and journal as they were."""

    def check(code, do):
        before = (
            Fact.objects.count(),
            *(list(m.objects.order_by("pk").values()) for m in (HelpCall, Referral, GreenGrant)),
        )
        with pytest.raises(Refusal) as refused:
            do()
        assert refused.value.code == code
        after = (
            Fact.objects.count(),
            *(list(m.objects.order_by("pk").values()) for m in (HelpCall, Referral, GreenGrant)),
        )
        assert after == before
        return refused.value

    return check


# ------------------------------------------------------------------------------------------------ help with one key
def test_help_is_asked_taken_and_done_with_people_and_minutes(hall, ask, at_counter, actor_of, open_hall, now):
    call = ask()
    setup = fresh_setup(hall)
    assert [(row.kind.code, row.counter, row.number, row.by_name) for row in open_help(setup, now=now)] == [
        ("check", "1", at_counter.number, "王芳")
    ]
    helping.take_help(hall=hall, call=call, actor=actor_of("1101"), now=now + MINUTE)
    helping.finish_help(hall=hall, call=call, actor=actor_of("1101"), now=now + 4 * MINUTE)
    assert open_help(setup, now=now + 4 * MINUTE) == ()
    row = HelpCall.objects.get()
    assert (row.result, row.taken_by_id, row.version) == ("done", open_hall.people["1101"], 3)
    counter = str(open_hall.counters["1"])
    assert facts("help.") == [
        ("help.asked", 1, "1001", {"help": "check", "counter": counter, "ticket": str(at_counter.id)}),
        ("help.taken", 2, "1101", {"minutes": 1.0}),
        ("help.ended", 3, "1101", {"result": "done", "minutes": 4.0, "helped_min": 3.0}),
    ]


def test_three_presses_call_once_and_a_new_counter_calls_anew(ask, hands, hall, actor_of, now):
    assert ask() == ask() == ask(key=KEY)
    assert HelpCall.objects.count() == 1
    hands.finish("1", HelpCall.objects.get().ticket_id)
    sessions.close_counter(hall=hall, session=hands.seats["1"][1].id, actor=actor_of("1001"), now=hands.now)
    hands.open("2")
    again = ask()
    assert list(HelpCall.objects.order_by("asked_at", "id").values_list("counter__number", "result", "ticket")) == [
        ("1", "cancelled", HelpCall.objects.first().ticket_id),
        ("2", "", None),
    ]
    assert HelpCall.objects.get(ended_at__isnull=True).pk == again


def test_a_repeated_request_gets_its_first_answer_even_after_the_end(ask, hall, actor_of, now):
    call = ask(key=KEY)
    helping.end_own_help(hall=hall, call=call, result=HelpResult.CANCELLED, actor=actor_of("1001"), now=now)
    assert ask(key=KEY) == call
    assert HelpCall.objects.count() == 1


def test_a_kind_and_words_may_follow_and_change_who_is_called(ask, hall, actor_of, now):
    call = ask()
    setup = fresh_setup(hall)
    for who, calls in (("1101", 1), ("1201", 1), ("1301", 1), ("1001", 0)):
        assert len(help_for(setup, actor_of(who), now=now)) == calls, who
    helping.describe_help(hall=hall, call=call, kind="mood", text=" 声音大 ", actor=actor_of("1001"), now=now)
    assert [(row.kind.code, row.text) for row in open_help(setup, now=now)] == [("mood", "声音大")]
    assert [len(help_for(setup, actor_of(who), now=now)) for who in ("1101", "1201", "1301")] == [0, 1, 1]
    assert facts("help.")[-1] == ("help.described", 2, "1001", {"help": "mood", "length": 3})


def test_the_first_kind_of_the_halls_own_rule_is_the_keys(ask, actor_of, now):
    publish(HELP, HelpCalls(5, (HelpKind("printer", "打印机"),)), actor_of("9901"), now)
    ask()
    assert HelpCall.objects.get().kind == "printer"


def test_nobody_comes_in_time_and_the_call_goes_up_once(ask, hall, actor_of, now):
    publish(HELP, HelpCalls(3, (HelpKind("check", "核对", duty_manager=False),)), actor_of("9901"), now)
    call = ask()
    setup = fresh_setup(hall)
    assert help_for(setup, actor_of("1201"), now=now) != (), "a duty manager issues numbers too: a guide among guides"
    helping.raise_late_help(hall=hall, actor=actor_of("9901"), now=now + 2.9 * MINUTE)
    assert not open_help(setup, now=now)[0].is_raised
    assert [helping.raise_late_help(hall=hall, actor=actor_of("9901"), now=now + n * MINUTE) for n in (3, 4)] == [1, 0]
    assert open_help(setup, now=now)[0].is_raised
    assert facts("help.")[-1][0::3] == ("help.raised", {"minutes": 3.0})
    helping.take_help(hall=hall, call=call, actor=actor_of("1301"), now=now + 5 * MINUTE)
    assert helping.raise_late_help(hall=hall, actor=actor_of("9901"), now=now + 9 * MINUTE) == 0


def test_a_taken_call_does_not_go_up(ask, hall, actor_of, now):
    helping.take_help(hall=hall, call=ask(), actor=actor_of("1101"), now=now)
    assert helping.raise_late_help(hall=hall, actor=actor_of("9901"), now=now + 30 * MINUTE) == 0


def test_help_refusals_change_nothing(ask, hall, hands, actor_of, open_hall, refuses, now):
    call = ask()
    common = {"hall": hall, "now": now}
    refuses("access.refused", lambda: helping.ask_help(**common, actor=actor_of("1101")))
    refuses("session.unknown", lambda: helping.ask_help(**common, actor=actor_of("1002")))
    refuses("hall.unknown", lambda: helping.ask_help(**common, actor=actor_of("2001")))
    mine = {**common, "call": call, "actor": actor_of("1001")}
    refuses("floor.help_kind_unknown", lambda: helping.describe_help(**mine, kind="tea", text=""))
    refuses("floor.note_personal", lambda: helping.describe_help(**mine, kind="check", text="号码 138 0013 8000"))
    refuses(
        "floor.help_unknown",
        lambda: helping.describe_help(**{**mine, "actor": actor_of("1002")}, kind="check", text=""),
    )
    refuses("floor.help_not_taken", lambda: helping.end_own_help(**mine, result=HelpResult.DONE))
    refuses("floor.help_unknown", lambda: helping.take_help(**{**common, "call": hall}, actor=actor_of("1101")))
    refuses("access.refused", lambda: helping.take_help(**mine))
    refuses("hall.unknown", lambda: helping.take_help(**{**mine, "actor": actor_of("2001")}))
    refuses("floor.help_not_for_you", lambda: helping.finish_help(**{**mine, "actor": actor_of("1101")}))
    helping.describe_help(**mine, kind="second", text="")
    refuses("floor.help_not_for_you", lambda: helping.take_help(**{**mine, "actor": actor_of("1101")}))
    helping.take_help(**{**mine, "actor": actor_of("1201")})
    refused = refuses("floor.help_taken", lambda: helping.take_help(**{**mine, "actor": actor_of("1301")}))
    assert refused.params == {"name": "赵敏"}
    helping.end_own_help(**mine, result=HelpResult.DONE)
    refuses("floor.help_ended", lambda: helping.take_help(**{**mine, "actor": actor_of("1301")}))
    refuses("floor.help_ended", lambda: helping.end_own_help(**mine, result=HelpResult.CANCELLED))
    refuses("floor.help_ended", lambda: helping.describe_help(**mine, kind="check", text=""))


# ------------------------------------------------------------------------------------------------ referrals
@pytest.fixture
def refer(hall, at_counter, actor_of, now):
    def do(interest="plan5g", note="", who="1001", key=None, ticket=at_counter.id, at=now):
        return referring.refer_customer(
            hall=hall, ticket=ticket, interest=interest, note=note, actor=actor_of(who), now=at, request_key=key
        ).id

    return do


@pytest.mark.req("SAL-06")
def test_a_referral_goes_from_the_counter_to_a_guide_and_its_result_comes_back(
    hall, refer, at_counter, actor_of, open_hall, now
):
    row = refer("home", " 问过摄像头 ", key=KEY)
    assert refer("home", "问过摄像头", key=KEY) == row
    setup, guide = fresh_setup(hall), actor_of("1101")
    assert [
        (item.number, item.interest.code, item.note, item.counter, item.by_name)
        for item in referrals_for(setup, guide.id, now=now)
    ] == [(at_counter.number, "home", "问过摄像头", "1", "王芳")]
    referring.take_referral(hall=hall, referral=row, actor=guide, now=now + MINUTE)
    assert referrals_for(setup, actor_of("1201").id, now=now) == ()
    referring.end_referral(
        hall=hall, referral=row, result=ReferralResult.INTERESTED, note="周末再来看", actor=guide, now=now + 6 * MINUTE
    )
    assert referrals_for(setup, guide.id, now=now) == ()
    (mine,) = own_referrals(setup, actor_of("1001"), now=now + 10 * MINUTE)
    assert (mine.taken_by_name, mine.result, mine.result_note) == ("李明", "interested", "周末再来看")
    assert facts("referral.") == [
        ("referral.made", 1, "1001",
         {"ticket": str(at_counter.id), "counter": str(open_hall.counters["1"]), "interest": "home"}),
        ("referral.taken", 2, "1101", {"minutes": 1.0}),
        ("referral.ended", 3, "1101", {"result": "interested", "minutes": 6.0}),
    ]  # fmt: skip


def test_referral_refusals_change_nothing(hall, refer, hands, actor_of, refuses, now):
    refuses("floor.interest_unknown", lambda: refer("gold"))
    refuses("floor.note_personal", lambda: refer(note="联系 13800138000"))
    refuses("access.refused", lambda: refer(who="1101"))
    refuses("session.unknown", lambda: refer(who="1201"))
    waiting = hands.issue().id
    refuses("ticket.not_yours", lambda: refer(ticket=waiting))
    row = refer()
    refuses("floor.referred_already", lambda: refer())
    refer("device")
    guide = {"hall": hall, "referral": row, "actor": actor_of("1101"), "now": now}
    done = {"result": ReferralResult.DONE, "note": ""}
    refuses("floor.referral_not_yours", lambda: referring.end_referral(**guide, **done))
    refuses("floor.referral_unknown", lambda: referring.take_referral(**{**guide, "referral": hall}))
    refuses("access.refused", lambda: referring.take_referral(**{**guide, "actor": actor_of("1001")}))
    refuses("hall.unknown", lambda: referring.take_referral(**{**guide, "actor": actor_of("2001")}))
    referring.take_referral(**guide)
    refused = refuses("floor.referral_taken", lambda: referring.take_referral(**{**guide, "actor": actor_of("1201")}))
    assert refused.params == {"name": "李明"}
    referring.end_referral(**guide, **done)
    refuses("floor.referral_ended", lambda: referring.end_referral(**guide, **done))


def test_interests_are_the_halls_own(refer, actor_of, refuses, now):
    publish(REFERRING, Referring(REFERRING.shipped.interests[:1]), actor_of("9901"), now)
    refuses("floor.interest_unknown", lambda: refer("home"))
    refer("plan5g")


def test_the_end_of_the_day_closes_what_is_open_and_dates_it_on_that_day(
    hall, ask, refer, hands, actor_of, at_counter, now
):
    call, taken, left = ask(), refer("home"), refer("device")
    referring.take_referral(hall=hall, referral=taken, actor=actor_of("1101"), now=now)
    assert look_after_the_lobby() == 0
    set_clock(hall, now + 15 * MINUTE)
    assert look_after_the_lobby() == 1  # the call goes up
    set_clock(hall, now + dt.timedelta(days=2))
    assert [look_after_the_lobby(), look_after_the_lobby()] == [3, 0]
    assert HelpCall.objects.get(pk=call).result == "day_end"
    assert set(Referral.objects.values_list("result", flat=True)) == {"lapsed"}
    ended = Fact.objects.filter(kind__in=("help.ended", "referral.ended"))
    assert set(ended.values_list("business_day", flat=True)) == {dt.date(2026, 1, 5)}
    own = own_referrals(fresh_setup(hall), actor_of("1001"), now=now + dt.timedelta(days=2))
    assert {row.id for row in own} == {taken, left}
    assert own_referrals(fresh_setup(hall), actor_of("1001"), now=now + dt.timedelta(days=8)) == ()


def test_a_day_closed_by_hand_closes_them_too(hall, ask, hands, at_counter, actor_of, now):
    ask()
    hands.finish("1", at_counter.id)
    days.close_day(hall=hall, day=dt.date(2026, 1, 5), actor=actor_of("1201"), now=hands.now)
    assert look_after_the_lobby() == 1
    assert HelpCall.objects.get().result == "day_end"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("what", ["help", "referral", "green"])
def test_of_two_guides_at_once_exactly_one_wins(committed_cast, actor_of, now, what, monkeypatch):
    if connection.vendor == "sqlite":
        pytest.skip("the tests' database of SQLite lives in memory and cannot be shared by threads")
    monkeypatch.setattr(publishing._notifier, "add", lambda _hall: None)  # its thread would keep the database open
    hall = committed_cast.hall
    set_clock(hall, now)
    hands = Hands(committed_cast)
    hands.open("1")
    ticket, waiting = hands.issue(), hands.issue()
    hands.call("1")
    clerk = {"hall": hall, "actor": actor_of("1001"), "now": now}
    if what == "help":
        call = helping.ask_help(**clerk).id
        take = lambda actor: helping.take_help(hall=hall, call=call, actor=actor, now=now)  # noqa: E731
    elif what == "referral":
        row = referring.refer_customer(**clerk, ticket=ticket.id, interest="home", note="").id
        take = lambda actor: referring.take_referral(hall=hall, referral=row, actor=actor, now=now)  # noqa: E731
    else:
        grant = {"hall": hall, "ticket": waiting.id, "entitlement": "veteran", "shown": "优待证", "now": now}
        take = lambda actor: granting.grant_green(**grant, actor=actor)  # noqa: E731
    actors, gate, got = [actor_of("1101"), actor_of("1201")], threading.Barrier(2), []

    def go(actor):
        try:
            gate.wait()
            take(actor)
            got.append("won")
        except Refusal as no:
            got.append(no.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=(actor,)) for actor in actors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lost = {"help": "floor.help_taken", "referral": "floor.referral_taken", "green": "floor.green_granted"}[what]
    assert sorted(got) == sorted(["won", lost])
    kind = {"help": "help.taken", "referral": "referral.taken", "green": "green.granted"}[what]
    assert Fact.objects.filter(kind=kind).count() == 1


# ------------------------------------------------------------------------------------------------ the green channel
@pytest.fixture
def grant(hall, actor_of, now):
    def do(ticket, entitlement="veteran", shown="优待证", who="1101", key=None):
        return granting.grant_green(
            hall=hall,
            ticket=ticket,
            entitlement=entitlement,
            shown=shown,
            actor=actor_of(who),
            now=now,
            request_key=key,
        ).id

    return do


@pytest.fixture
def receive(open_hall, actor_of, now):
    def do(entitlement="veteran", shown="优待证", care=False, key=KEY, who="1101"):
        asked = Asked(open_hall.businesses["fee"], care, {}, "", {}, entitlement, shown)
        return receiving.receive_customer(
            hall=open_hall.hall, asked=asked, then=NextStep("ticket"), actor=actor_of(who), now=now, request_key=key
        )

    return do


@pytest.mark.req("CUS-24")
def test_a_grant_at_issue_gives_the_class_and_is_on_record(hall, hands, receive, open_hall, actor_of, now):
    plain = hands.issue()
    got = receive()
    assert receive().ticket == got.ticket
    row = Ticket.objects.get(pk=got.ticket)
    assert (row.priority.code, row.tier) == ("green", 1)
    granted = GreenGrant.objects.get()
    assert (granted.entitlement, granted.shown, granted.by_id) == ("veteran", "优待证", open_hall.people["1101"])
    assert facts("green.") == [
        ("green.granted", 1, "1101", {"ticket": str(got.ticket), "entitlement": "veteran", "moved": True})
    ]
    hands.open("1")
    assert hands.call("1").id == got.ticket, "its head start puts it before who came just before"
    assert Ticket.objects.get(pk=plain.id).state == "waiting"
    file = grant_of(fresh_setup(hall), got.ticket)
    assert (file.entitlement.name, file.shown, file.shown_en, file.by_name) == (
        "退役军人",
        "优待证",
        "Veteran's card",
        "李明",
    )


@pytest.mark.req("CUS-24")
def test_the_care_lane_stays_first_and_keeps_its_class(hands, receive, grant):
    green = receive().ticket
    care = receive(care=True, key="guide-another-key-0000").ticket
    late = hands.issue(care=True)
    grant(late.id)
    assert Ticket.objects.get(pk=care).priority.code == Ticket.objects.get(pk=late.id).priority.code == "care"
    assert GreenGrant.objects.count() == 3
    assert [fact[3]["moved"] for fact in facts("green.")] == [True, False, False]
    hands.open("3")
    called = []
    for _ in range(3):
        ticket = hands.call("3")
        called.append(ticket.id)
        hands.serve("3", ticket.id)
    assert called == [care, late.id, green]


def test_a_grant_while_waiting_moves_the_ticket_and_keeps_its_wait(hands, grant):
    first, second = hands.issue(), hands.issue()
    before = Ticket.objects.get(pk=second.id)
    grant(second.id, "soldier", "士兵证", key=KEY)
    grant(second.id, "soldier", "士兵证", key=KEY)
    row = Ticket.objects.get(pk=second.id)
    assert (row.priority.code, row.issued_at, row.version) == ("green", before.issued_at, 2)
    assert before.rank_at - row.rank_at == 20 * MINUTE
    hands.open("1")
    assert [hands.call("1").id] == [second.id] != [first.id]


def test_green_refusals_change_nothing(hall, hands, grant, receive, open_hall, actor_of, refuses, now):
    ticket = hands.issue()
    refuses("queue.entitlement_unknown", lambda: grant(ticket.id, "king", "crown"))
    refuses("floor.paper_unknown", lambda: grant(ticket.id, shown="借书证"))
    refuses("floor.paper_unknown", lambda: receive(shown=""))
    refuses("queue.entitlement_unknown", lambda: receive("king", "crown"))
    refuses("access.refused", lambda: grant(ticket.id, who="1001"))
    refuses("hall.unknown", lambda: grant(ticket.id, who="2001"))
    refuses("ticket.unknown", lambda: grant(hall))
    grant(ticket.id)
    refuses("floor.green_granted", lambda: grant(ticket.id))
    called = hands.issue()
    hands.open("1")
    hands.call("1")
    hands.serve("1", ticket.id)
    assert hands.call("1").id == called.id
    refuses("ticket.moved_on", lambda: grant(called.id))
    assert Ticket.objects.get(pk=called.id).priority.code == "normal"


def test_neither_the_kiosk_nor_anybody_gives_the_class_without_a_grant(hall, hands, open_hall, actor_of, now, refuses):
    kiosk = actor_for_device(Device.objects.create(hall_id=hall, kind="kiosk", name="取号机"))
    wish = {"hall": hall, "business": open_hall.businesses["fee"], "now": now}
    green = open_hall.priorities["green"]
    refuses("queue.priority_unknown", lambda: issuing.issue_ticket(**wish, actor=kiosk, priority=green))
    refuses("access.refused", lambda: issuing.issue_ticket(**wish, actor=kiosk, entitlement="veteran"))
    refuses("queue.priority_unknown", lambda: issuing.issue_ticket(**wish, actor=actor_of("1101"), priority=green))
    assert issuing.issue_ticket(**wish, actor=kiosk, priority=open_hall.priorities["vip"]).number == "A001"


def test_entitlements_have_their_days_and_their_class(hall, hands, grant, actor_of, refuses, now):
    day = now.date()
    rows = (
        Entitlement("exam", "考生", shows="准考证", since=day + dt.timedelta(days=1)),
        Entitlement("star", "星级", shows="贵宾卡", priority="vip", until=day),
        Entitlement("none", "无", shows="证", priority="missing"),
    )
    publish(GREEN_CHANNEL, GreenChannel(rows), actor_of("9901"), now)
    set_clock(hall, now)
    ticket = hands.issue()
    refuses("queue.entitlement_unknown", lambda: grant(ticket.id, "exam", "准考证"))
    refuses("queue.entitlement_unknown", lambda: grant(ticket.id, "none", "证"))
    grant(ticket.id, "star", "贵宾卡")
    assert Ticket.objects.get(pk=ticket.id).priority.code == "vip"


def test_grants_count_by_guide(hall, hands, grant, now):
    for who in ("1101", "1101", "1201"):
        grant(hands.issue().id, who=who)
    counts, rows = grants_of_day(fresh_setup(hall), dt.date(2026, 1, 5))
    assert counts == (("李明", 2), ("赵敏", 1))
    assert [(row.number, row.code) for row in rows] == [("A003", "veteran"), ("A002", "veteran"), ("A001", "veteran")]
