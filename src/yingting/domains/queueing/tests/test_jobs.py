"""The worker closes business days that are over."""

import datetime as dt

import pytest

from yingting.domains.queueing import jobs
from yingting.domains.queueing.actions import calling, issuing, serving, sessions
from yingting.domains.queueing.models import CounterSession, HallDay, Ticket
from yingting.foundation.journal.models import Fact

SIX_PM = dt.datetime(2026, 1, 5, 10, 0, tzinfo=dt.UTC)  # 18:00 in Shanghai: the hall of the cast closes


@pytest.fixture
def at(monkeypatch):
    def set_clock(instant):
        monkeypatch.setattr(jobs, "hall_now", lambda hall: instant)

    return set_clock


@pytest.fixture
def day(cast, actor_of, now):
    """A day with one waiting ticket and one clerk at a counter."""
    seat = sessions.open_counter(hall=cast.hall, counter=cast.counters["1"], actor=actor_of("1001"), now=now)
    issuing.issue_ticket(hall=cast.hall, business=cast.businesses["fee"], actor=actor_of("1101"), now=now)
    return seat


def test_a_day_stays_open_until_half_an_hour_after_closing(day, at):
    at(SIX_PM + dt.timedelta(minutes=29))
    assert jobs.close_days_that_are_over() == 0
    assert HallDay.objects.get().closed_at is None
    at(SIX_PM + dt.timedelta(minutes=30))
    assert jobs.close_days_that_are_over() == 1
    assert HallDay.objects.get().closed_at == SIX_PM + dt.timedelta(minutes=30)
    assert Ticket.objects.get().state == "lapsed"
    assert CounterSession.objects.get().state == "closed"


def test_closing_twice_changes_nothing(day, at):
    at(SIX_PM + dt.timedelta(hours=1))
    assert jobs.close_days_that_are_over() == 1
    facts = Fact.objects.count()
    assert jobs.close_days_that_are_over() == 0
    assert Fact.objects.count() == facts


def test_a_day_with_a_customer_at_a_counter_stays_open(cast, actor_of, day, now, at):
    clerk = actor_of("1001")
    called = calling.call_next(hall=cast.hall, session=day.id, counter=day.counter, actor=clerk, now=now)
    serving.start_handling(hall=cast.hall, ticket=called.id, actor=clerk, now=now)
    at(SIX_PM + dt.timedelta(hours=1))
    assert jobs.close_days_that_are_over() == 0
    assert HallDay.objects.get().closed_at is None
    assert Ticket.objects.get().state == "serving"


def test_a_day_whose_date_is_past_is_closed_at_any_hour(day, at):
    at(SIX_PM + dt.timedelta(hours=8))
    assert jobs.close_days_that_are_over() == 1
