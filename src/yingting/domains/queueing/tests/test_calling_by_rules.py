"""Edited rules in a hall: the database calls whom the pure plan names, the journal says why, a version begins on its day."""

import dataclasses
import datetime as dt

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yingting.domains.queueing.actions import calling, issuing, moving, sessions
from yingting.domains.queueing.actions.stepping import statement_params
from yingting.domains.queueing.models import CounterSession, Ticket
from yingting.domains.queueing.queries import setup as setups
from yingting.domains.queueing.queries.calling_rules import CALLING
from yingting.domains.queueing.queries.setup import class_levels, fresh_setup
from yingting.domains.queueing.queries.tickets import ticket_place
from yingting.domains.queueing.rules import Place
from yingting.domains.queueing.rules.calling import (
    CallingRule,
    CallingRules,
    HeadStart,
    Order,
    Standing,
    Take,
    When,
    WorkProfile,
    choose,
    plan_call,
    rules_of_counter,
)
from yingting.domains.queueing.statements import calling as by_rules
from yingting.domains.queueing.tests.screens import set_clock
from yingting.domains.queueing.tests.test_calling import refused
from yingting.domains.queueing.tests.test_calling_rules import MINUTE, rulebooks
from yingting.domains.queueing.tests.test_plans import generic_plan, on_postgresql
from yingting.foundation.editing.rulebook.actions import publish_rule
from yingting.foundation.journal.models import Fact
from yingting.foundation.sites.models import Hall, Unit
from yingting.kernel.clocks import HallClock, system_now
from yingting.kernel.ids import new_id
from yingting.kernel.refusals import Refusal

MIX = CallingRules(rules=(CallingRule("mix", take=Take.RATIO, ratio="A:2 B:1 C:1"),))


@pytest.fixture
def publish(cast, actor_of, now):
    """Publish calling rules for the hall of the cast."""

    def write(rules, *, day=None, unit="H01", at=now):
        return publish_rule(
            CALLING, unit=Unit.objects.get(code=unit).pk, rule=rules, valid_from=day or at.date(), actor=actor_of("9901"), now=at
        )  # fmt: skip

    return write


class Floor:
    """Issue, sit down and call in the hall of the cast."""

    def __init__(self, cast, actor_of, now):
        self.cast, self.now = cast, now
        self.guide, self.clerk, self.manager = (actor_of(n) for n in ("1101", "1001", "1201"))

    def issue(self, business="fee", minute=0, **more):
        at = self.now + minute * MINUTE
        return issuing.issue_ticket(
            hall=self.cast.hall, business=self.cast.businesses[business], actor=self.guide, now=at, **more
        )

    def sit(self, counter="3"):
        return sessions.open_counter(
            hall=self.cast.hall, counter=self.cast.counters[counter], actor=self.clerk, now=self.now
        )

    def call(self, seat, minute=10, **more):
        at = self.now + minute * MINUTE
        return calling.call_next(
            hall=self.cast.hall, session=seat.id, counter=seat.counter, actor=self.clerk, now=at, **more
        )

    def drain(self, seat, minute=10):
        order = []
        while True:
            try:
                ticket = self.call(seat, minute)
            except Refusal as no:
                if no.code != "queue.nobody_waits":
                    raise
                return order
            order.append(ticket)
            calling.mark_no_show(
                hall=self.cast.hall, ticket=ticket.id, actor=self.clerk, now=self.now + minute * MINUTE
            )


@pytest.fixture
def floor(cast, actor_of, now):
    return Floor(cast, actor_of, now)


def numbers(called):
    return [ticket.number for ticket in called]


# ---------------------------------------------------------------------------------------------- the database and the plan
waiting = st.lists(
    st.tuples(
        st.sampled_from("ABC"), st.sampled_from(["care", "vip", "normal"]), st.integers(-60, 0), st.integers(0, 1),
        st.sampled_from([None, None, None, "3", "4"]), st.integers(-5, 5), st.booleans(),
    ),
    max_size=9,
)  # fmt: skip


@pytest.mark.req("QUE-36")
def test_the_database_calls_whom_the_plan_names_for_the_reason_that_the_plan_gives(cast, floor, now):
    seat, setup = floor.sit(), fresh_setup(cast.hall)
    levels, classes = class_levels(setup), {row.code: row for row in setup.priorities.values()}
    business, letters = next(iter(setup.businesses)), {queue.id: queue.letter for queue in setup.queues.values()}

    def put(n, row):
        letter, kind, minute, transfers, sent_to, moved, is_booked = row
        came = now + minute * MINUTE + n * dt.timedelta(milliseconds=1)
        ranked = classes[kind]
        return Ticket(
            hall_id=cast.hall, business_day=now.date(), number=f"{letter}{n:03}", channel="api", queue_id=cast.queues[letter],
            business_id=business, priority_id=ranked.id, tier=ranked.tier, issued_at=came, changed_at=came,
            rank_at=came - ranked.head_start_min * MINUTE + moved * MINUTE, queued_at=came, transfers=transfers,
            expected_s=60, quoted_ahead=0, for_counter_id=cast.counters[sent_to] if sent_to else None,
            booking=new_id() if is_booked else None,
        )  # fmt: skip

    def standing(row):
        letter = setup.queues[row.queue_id].letter
        return Standing(
            row.pk, letter, row.tier, levels[row.priority_id], row.rank_at, row.issued_at, row.queued_at, row.transfers,
            row.for_counter_id is not None, row.booking is not None,
        )  # fmt: skip

    def by_database(plan, line):
        params = statement_params(
            setup, actor=floor.clerk, now=now, request_key=None, session=seat.id, clerk=floor.clerk.id, book=7
        )
        row = by_rules.call_by_plan(params, plan, line, queues=cast.queues, levels=levels)
        CounterSession.objects.filter(pk=seat.id).update(ticket=None)
        return row

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(rulebooks(), waiting, st.booleans())
    def same(rules, rows, forced):
        made = rules_of_counter(rules, "3") or rules_of_counter(CallingRules(max_wait_min=480), "3")
        with transaction.atomic():
            Ticket.objects.bulk_create(put(n, row) for n, row in enumerate(rows))
            left = {
                row.pk: standing(row)
                for row in Ticket.objects.all()
                if row.for_counter_id in (None, cast.counters["3"])
            }
            while True:
                line = by_rules.line_now(
                    hall=cast.hall, day=now.date(), session=seat.id, counter=seat.counter, letters=letters
                )
                plan = plan_call(
                    made, queues="ABC", line=line.queues, now=now,
                    local=dt.time(10), forced=forced, turns=line.turns,
                )  # fmt: skip
                choice, row = choose(plan, left.values()), by_database(plan, line)
                assert row["id"] == (choice and choice.ticket.id)
                if choice is None:
                    break
                assert (row["rule"], row["told"]) == (choice.rule.value, choice.told)
                kept = CounterSession.objects.values_list("turns", flat=True).get(pk=seat.id)
                assert kept == (line.turns if choice.turns is None else choice.turns)
                assert Fact.objects.filter(subject=row["id"]).values_list("data__rule", "data__told", "data__book").get() == (
                    choice.rule.value, choice.told, 7,
                )  # fmt: skip
                del left[choice.ticket.id]
            assert left == {}
            transaction.set_rollback(True)

    same()


@on_postgresql
@pytest.mark.django_db
@pytest.mark.parametrize("way", ["scanned", "sorted"])
def test_calling_by_rules_reads_no_table_from_end_to_end(way):
    plan = generic_plan(by_rules.texts()[way])
    # The hall's own row may be read either way: once statistics say that there are two halls, a scan of them is cheaper.
    assert "Seq Scan on queueing" not in plan, plan


def test_the_line_of_a_hall_counts_those_who_wait_for_any_counter(cast, floor, now):
    for minute, business in enumerate(("fee", "fee", "open", "install")):
        ticket = floor.issue(business, minute, care=minute == 1)
    moving.transfer_ticket(
        hall=cast.hall, ticket=ticket.id, place=Place.LAST, counter=cast.counters["4"], actor=floor.manager, now=now
    )
    letters = {queue: letter for letter, queue in cast.queues.items()}
    for number, directed in (("3", None), ("4", by_rules.Line(1, now, 0))):
        line = by_rules.line_now(
            hall=cast.hall, day=now.date(), session=None, counter=cast.counters[number], letters=letters
        )
        assert line.queues == {"A": by_rules.Line(2, now, 1), "B": by_rules.Line(1, now + 2 * MINUTE, 0)}
        assert (line.directed and line.directed.waiting, line.turns) == (directed and 1, "")


# ---------------------------------------------------------------------------------------------- a hall with rules
def test_a_rule_decides_and_the_journal_keeps_which_with_the_words_values(cast, floor, publish):
    publish(CallingRules(rules=(CallingRule("宽带高峰", when=When.WAITING, at_least=2, queues=("C",)),)))
    for n, business in enumerate(("fee", "install", "install")):
        floor.issue(business, n)
    called = floor.drain(floor.sit())
    assert numbers(called) == ["C001", "A001", "C002"]
    told = {"rule": "waiting", "number": 1, "name": "宽带高峰", "count": 2, "limit": 2}
    assert [(ticket.rule, ticket.told) for ticket in called] == [
        ("waiting", told),
        ("longest_wait", {}),
        ("longest_wait", {}),
    ]
    fact = Fact.objects.get(subject=called[0].id, kind="ticket.called")
    assert (fact.data["rule"], fact.data["told"], fact.data["book"]) == ("waiting", told, 1)


def test_a_retry_gets_the_first_answer_with_the_same_reason(floor, publish):
    publish(CallingRules(max_wait_min=5))
    floor.issue()
    seat = floor.sit()
    first = floor.call(seat, request_key="press-0001")
    assert (first.rule, first.told) == ("max_wait", {"limit": 5})
    assert floor.call(seat, request_key="press-0001") == first
    refused("session.busy", floor.call, seat)


def test_a_counter_calls_in_the_ratio_and_another_profile_is_not_bound_by_it(floor, publish):
    publish(
        dataclasses.replace(
            MIX, profiles=(WorkProfile("综合", ("3",)),), rules=(dataclasses.replace(MIX.rules[0], profile="综合"),)
        )
    )
    for n in range(4):
        for business in ("fee", "open", "install"):
            floor.issue(business, n)
    order = "".join(number[0] for number in numbers(floor.drain(floor.sit("3"))))
    assert (order[:4].count("A"), order[:4].count("B"), order[:4].count("C")) == (2, 1, 1)
    assert (order[4:8].count("A"), order[4:8].count("B"), order[4:8].count("C")) == (2, 1, 1)
    assert len(order) == 12


def test_skills_hold_under_rules_too(cast, floor, publish):
    from yingting.domains.queueing.models import PersonSkill
    from yingting.foundation.catalogue.models import BusinessClass

    publish(CallingRules(rules=(CallingRule("C", queues=("C",)),)))
    for code in ("pay", "plan"):
        PersonSkill.objects.create(person_id=floor.clerk.id, business_class=BusinessClass.objects.get(code=code))
    floor.issue("install")
    floor.issue("fee", 1)
    assert numbers(floor.drain(floor.sit())) == ["A001"]


def test_the_nearest_units_rules_hold(floor, publish):
    publish(CallingRules(otherwise=Order.ARRIVAL, care_first=False), unit="GD")
    floor.issue("fee")
    floor.issue("fee", 1, care=True)
    seat = floor.sit()
    assert floor.call(seat).rule == "arrival"


def test_forced_diversion_switches_rules_on(cast, floor, publish, now):
    from yingting.domains.queueing.actions.modes import start_forced_mode

    publish(CallingRules(rules=(CallingRule("分流", when=When.FORCED, queues=("C",)),)))
    for minute, business in enumerate(("fee", "install", "install")):
        floor.issue(business, minute)
    seat = floor.sit()
    first = floor.call(seat)
    assert (first.number, first.rule) == ("A001", "longest_wait")
    calling.mark_no_show(hall=cast.hall, ticket=first.id, actor=floor.clerk, now=now)
    start_forced_mode(hall=cast.hall, reason="人多", actor=floor.manager, now=now)
    assert floor.call(seat).rule == "forced"


# ---------------------------------------------------------------------------------------------- dates in force, and the line
def test_a_version_that_begins_tomorrow_holds_from_the_first_act_of_tomorrow_without_a_restart(
    cast, floor, publish, now
):
    set_clock(cast.hall, now)
    tomorrow = now + dt.timedelta(days=1)
    publish(CallingRules(otherwise=Order.ARRIVAL, care_first=False), day=tomorrow.date())
    floor.issue("fee")
    floor.issue("fee", 1, care=True)
    assert [ticket.rule for ticket in floor.drain(floor.sit())] == ["care", "longest_wait"]

    # The night passes without anybody changing anything: only the time goes on.
    setups._setups[cast.hall] = dataclasses.replace(fresh_setup(cast.hall), clock=HallClock(system_now(), tomorrow, 1))
    Hall.objects.filter(pk=cast.hall).update(clock_anchor_real=system_now(), clock_anchor_hall=tomorrow)
    next_day = Floor.__new__(Floor)
    next_day.__dict__ = floor.__dict__ | {"now": tomorrow}
    next_day.issue("fee")
    next_day.issue("fee", 1, care=True)
    assert [ticket.rule for ticket in next_day.drain(next_day.sit())] == ["arrival", "arrival"]


def test_new_head_starts_are_for_new_numbers_those_who_wait_keep_their_place(cast, floor, publish):
    vip = cast.priorities["vip"]
    before = floor.issue("fee", 0, priority=vip)
    ranks = dict(Ticket.objects.values_list("id", "rank_at"))
    publish(CallingRules(head_starts=(HeadStart("vip", 30),)))
    after = floor.issue("fee", 2, priority=vip)

    assert dict(Ticket.objects.filter(pk__in=ranks).values_list("id", "rank_at")) == ranks
    row = Ticket.objects.get(pk=after.id)
    assert row.issued_at - row.rank_at == 30 * MINUTE
    assert numbers(floor.drain(floor.sit())) == [after.number, before.number]


def test_publishing_rules_leaves_every_waiting_ticket_as_it_is_and_is_in_the_journal(floor, publish):
    for n, kind in enumerate(("fee", "open", "install")):
        floor.issue(kind, n)
    rows = list(Ticket.objects.order_by("id").values())
    version = publish(MIX)
    assert list(Ticket.objects.order_by("id").values()) == rows
    fact = Fact.objects.get(kind="rule.published")
    assert (fact.subject, fact.data["kind"], fact.data["body"]["rules"][0]["ratio"]) == (
        version.pk,
        "queueing.calling",
        "A:2 B:1 C:1",
    )


def test_rules_for_queues_that_the_hall_does_not_have_are_refused_there_and_taken_for_the_province(publish):
    rules = CallingRules(rules=(CallingRule("X", queues=("X",)),))
    no = refused("rule.wrong", publish, rules)
    assert "X" in no.params["sentence"]
    assert publish(rules, unit="GD").number == 1


BOOKS = {
    "shipped": CallingRules(),
    "class first": CallingRules(otherwise=Order.PRIORITY),
    "by arrival": CallingRules(otherwise=Order.ARRIVAL),
    "never first": CallingRules(otherwise=Order.ARRIVAL, care_first=False),
    "strict for A": CallingRules(rules=(CallingRule("strict", queues=("A",), take=Take.PRIORITY),)),
}


@pytest.mark.req("QUE-02")
@pytest.mark.parametrize("name", BOOKS)
def test_people_ahead_are_those_whom_the_rules_call_before(cast, actor_of, now, publish, name):
    set_clock(cast.hall, now)
    publish(BOOKS[name])
    floor = Floor(cast, actor_of, now)
    vip = {"priority": cast.priorities["vip"]}
    wishes = ({}, vip, {}, {"care": True}, vip, {"care": True}, {})
    quoted = [floor.issue("fee", 3 * n, **wish) for n, wish in enumerate(wishes)]
    setup = fresh_setup(cast.hall)
    shown = {one.number: ticket_place(setup, one.id, now=now).ahead for one in quoted}
    seat = floor.sit()
    called = []
    for minute in range(40, 40 + len(quoted)):
        called.append(floor.call(seat, minute).number)
        CounterSession.objects.update(ticket=None)
    assert [shown[number] for number in called] == list(range(len(quoted)))
    # What was told at the issue held among those who waited then.
    order = {number: place for place, number in enumerate(called)}
    for n, one in enumerate(quoted):
        assert one.ahead == sum(order[other.number] < order[one.number] for other in quoted[:n])
