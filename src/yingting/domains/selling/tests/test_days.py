"""The day's figures: what counts, what is left out, who has open records."""

import dataclasses

import pytest

from yingting.domains.queueing.facade import fresh_setup
from yingting.domains.selling.queries.days import clerk_day, hall_day
from yingting.domains.selling.queries.rules_in_force import RECOMMENDING
from yingting.domains.selling.rules import Rate, Tally
from yingting.domains.selling.tests.conftest import FULL, HAS, NO, PERHAPS, YES


def clerk(hall, staff_no="1001"):
    setup = fresh_setup(hall.cast.hall)
    return clerk_day(setup, setup.day(hall.now), hall.cast.people[staff_no])


def whole(hall):
    setup = fresh_setup(hall.cast.hall)
    return hall_day(setup, setup.day(hall.now))


@pytest.mark.req("SAL-02")
def test_the_rate_is_full_combinations_of_the_tickets_that_count(hall):
    for answers in (FULL, {"phone": NO}, {"phone": YES, "plan": PERHAPS}, {}):
        ticket = hall.served()
        if answers:
            hall.record(ticket, answers)
    hall.served("complain")
    cared = hall.served(priority=hall.cast.priorities["care"])
    hall.record(cared, {"phone": YES})
    hall.at_counter()  # not finished: not counted yet
    day = clerk(hall)
    assert day.tally == Tally(due=4, left_out=2, recorded=3, full=2, offered=8, accepted=6)
    assert day.rate == Rate(2, 4, None, True)
    assert [row.ticket.number for row in day.open] == ["A004", "A003"]
    assert [row.ticket.number for row in day.rows] == ["Z001", "C001", "A004", "A003", "A002", "A001"]


def test_the_hall_counts_each_clerk_and_each_part(hall):
    hall.record(hall.served(), {**FULL, "plan": HAS})
    hall.open("4", "1002")
    for _ in range(2):
        hall.served("open", "4")
    day = whole(hall)
    assert [(one.staff_no, one.tally.full, one.tally.due, one.tally.open) for one in day.clerks] == [
        ("1002", 0, 2, 2), ("1001", 1, 1, 0),
    ]  # fmt: skip
    assert (day.tally, day.rate) == (Tally(3, 0, 1, 1, 3, 3), Rate(1, 3, None, True))
    assert {row.part.code: row.results for row in day.parts} == {
        "phone": (1, 0, 0, 0), "plan": (0, 0, 0, 1), "broadband": (1, 0, 0, 0), "addon": (1, 0, 0, 0),
    }  # fmt: skip


def test_target_and_the_least_number_for_a_percentage_are_data(hall):
    hall.rule(RECOMMENDING, dataclasses.replace(RECOMMENDING.shipped, target_percent=50, percent_from=2))
    hall.record(hall.served(), FULL)
    assert clerk(hall).rate == Rate(1, 1, None, False)
    hall.served()
    assert clerk(hall).rate == Rate(1, 2, 50, False)
    hall.served()
    assert clerk(hall).rate == Rate(1, 3, 33, True)


def test_a_day_without_tickets_is_neither_good_nor_bad(hall):
    assert (clerk(hall).rate, whole(hall).clerks) == (Rate(0, 0, None, False), ())


def test_a_page_of_the_day_costs_the_same_number_of_queries_however_many_tickets(hall, django_assert_num_queries):
    hall.record(hall.served(), FULL)
    whole(hall)
    for _ in range(3):
        hall.record(hall.served(), FULL)
    setup = fresh_setup(hall.cast.hall)
    day = setup.day(hall.now)
    with django_assert_num_queries(4):
        hall_day(setup, day)
