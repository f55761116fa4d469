"""Trying calling rules out: who moves, why, who may look, and that nothing is written."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from yingting.domains.queueing.models import Ticket
from yingting.domains.queueing.queries.calling_preview import preview_calling
from yingting.domains.queueing.queries.calling_rules import CALLING
from yingting.domains.queueing.queries.setup import fresh_setup
from yingting.domains.queueing.rules.calling import (
    PRIORITY_NEVER_FIRST,
    CallingRule,
    CallingRules,
    HeadStart,
    Take,
)
from yingting.foundation.journal.models import Fact
from yingting.foundation.people.models import Person
from yingting.foundation.rulebook.kinds import as_body, choices_of, kinds

C_FIRST = CallingRules(rules=(CallingRule("宽带优先", queues=("C",)),))


@pytest.fixture
def line(hands):
    """Two pay, one buys broadband, one comes by the care lane."""
    taken = [hands.issue("fee"), hands.issue("fee"), hands.issue("install"), hands.issue("fee", care=True)]
    return [ticket.number for ticket in taken]


def page(staff_no, body="", *, hall="H01", method="post", **more):
    client = Client()
    if staff_no:
        client.force_login(Person.objects.get(staff_no=staff_no))
    sent = {"body": json.dumps(as_body(CALLING, body)) if isinstance(body, CallingRules) else body, **more}
    return getattr(client, method)(reverse("queueing:calling-preview", args=[hall]), sent)


def picture(cast, rules, now):
    setup = fresh_setup(cast.hall)
    return preview_calling(setup, rules, counter=setup.counters[cast.counters["3"]], now=now)


def test_the_preview_tells_who_moves_and_changes_nothing(cast, hands, line):
    rows, facts = list(Ticket.objects.order_by("id").values()), Fact.objects.count()
    found = picture(cast, C_FIRST, hands.now)
    assert [(row.who.number, row.move.before, row.move.after, row.move.places) for row in found.rows] == [
        ("Z001", 1, 1, 0), ("C001", 4, 2, 2), ("A001", 2, 3, -1), ("A002", 3, 4, -1),
    ]  # fmt: skip
    assert (found.moved, found.has_new_head_starts) == (3, False)
    assert [(call.who.number, call.rule) for call in found.proposed[:2]] == [("Z001", "care"), ("C001", "always")]
    assert (list(Ticket.objects.order_by("id").values()), Fact.objects.count()) == (rows, facts)


def test_rules_that_change_no_place_say_so_and_new_head_starts_are_for_new_numbers(cast, hands, line):
    found = picture(cast, CallingRules(head_starts=(HeadStart("vip", 30),)), hands.now)
    assert (found.moved, found.has_new_head_starts) == (0, True)
    assert picture(cast, None, hands.now).moved == 0


def test_the_preview_is_what_the_counter_then_does(cast, hands, line, actor_of):
    from yingting.foundation.editing.rulebook.actions import publish_rule
    from yingting.foundation.sites.models import Unit

    rules = CallingRules(rules=(CallingRule("比例", take=Take.RATIO, ratio="C:2 A:1"),), care_first=False)
    hands.open("3")
    told = [call.who.number for call in picture(cast, rules, hands.now).proposed]
    publish_rule(
        CALLING, unit=Unit.objects.get(code="H01").pk, rule=rules, valid_from=hands.now.date(), actor=actor_of("9901"), now=hands.now
    )  # fmt: skip
    done = []
    for _ in told:
        ticket = hands.call("3")
        done.append(ticket.number)
        hands.miss("3", ticket.id)
    assert done == told


def test_the_page_speaks_in_words(hands, line):
    shown = page("9901", C_FIRST, counter="3").content.decode()
    assert "规则“宽带优先”优先办理此队列" in shown
    assert "其中 3 位的先后会变" in shown
    assert "提前 2 位" in shown
    shown = page("9901", PRIORITY_NEVER_FIRST, counter="3").content.decode()
    assert "在您的队列中最先到" in shown
    assert "还没有提出新规则" in page("9901", method="get").content.decode()


def test_an_empty_hall_has_nothing_to_try_on(open_hall):
    assert "现在没有人在等这个台席" in page("9901", C_FIRST).content.decode()


@pytest.mark.parametrize(
    ("who", "hall", "status"),
    [("", "H01", 302), ("1001", "H01", 403), ("1301", "H02", 404), ("9001", "H01", 403), ("9901", "H01", 200), ("1301", "H01", 200)],
)  # fmt: skip
def test_who_may_configure_the_hall_may_try_its_rules(open_hall, who, hall, status):
    assert page(who, C_FIRST, hall=hall).status_code == status


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("{", "读不懂"),
        ("[1]", "读不懂"),
        (CallingRules(rules=(CallingRule("X 优先", queues=("X",)),)), "本厅没有的队列 X"),
        (CallingRules(rules=(CallingRule("混合", take=Take.RATIO, ratio="2:1"),)), "A:2 B:1 C:1"),
    ],
)
def test_a_rule_that_cannot_be_taken_is_refused_in_words(open_hall, body, words):
    answer = page("9901", body)
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_a_counter_that_is_not_there_is_refused(open_hall):
    assert page("9901", C_FIRST, counter="99").status_code == 404


def test_the_kind_is_in_the_rulebook_with_its_lists_and_its_preview(cast):
    assert kinds()["queueing.calling"] is CALLING
    assert CALLING.preview == "queueing:calling-preview"
    assert choices_of("queues", "GD/GZ/TH/H01/")[0] == ("A", "A 缴费与套餐")
    assert choices_of("counters", "GD/GZ/TH/H01/")[0] == ("1", "1")
    assert ("vip", "星级客户") in choices_of("priorities", "GD/GZ/TH/H01/")
