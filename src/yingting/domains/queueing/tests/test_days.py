"""Business days: the hall's local date, nothing deleted, a clean morning."""

import datetime as dt

import pytest

from yingting.domains.queueing.actions import calling, days, issuing, serving, sessions
from yingting.domains.queueing.models import CounterSession, HallDay, Ticket
from yingting.foundation.journal.models import Fact
from yingting.kernel.refusals import Refusal

DAY = dt.timedelta(days=1)


def issue(cast, actor, at):
    return issuing.issue_ticket(hall=cast.hall, business=cast.businesses["fee"], actor=actor, now=at)


def test_the_business_day_is_the_halls_local_date_not_utcs(cast, actor_of):
    # 08:40 on 6 January in Shanghai is still 5 January in UTC.
    issue(cast, actor_of("1101"), dt.datetime(2026, 1, 6, 0, 40, tzinfo=dt.UTC))
    assert Ticket.objects.get().business_day == dt.date(2026, 1, 6)


def test_the_next_day_opens_cleanly_and_yesterday_is_kept(cast, actor_of, now):
    guide, clerk = actor_of("1101"), actor_of("1001")
    seat = sessions.open_counter(hall=cast.hall, counter=cast.counters["1"], actor=clerk, now=now)
    issue(cast, guide, now), issue(cast, guide, now)
    served = calling.call_next(hall=cast.hall, session=seat.id, counter=seat.counter, actor=clerk, now=now)
    serving.start_handling(hall=cast.hall, ticket=served.id, actor=clerk, now=now)
    days._opened.clear()  # another process opens the next morning

    fresh = issue(cast, guide, now + DAY)
    assert fresh.number == "A001"
    assert sorted(Ticket.objects.values_list("business_day", "number", "state")) == [
        (dt.date(2026, 1, 5), "A001", "lapsed"), (dt.date(2026, 1, 5), "A002", "lapsed"), (dt.date(2026, 1, 6), "A001", "waiting"),
    ]  # fmt: skip
    assert CounterSession.objects.get().state == "closed"
    closed = Fact.objects.get(kind="day.closed")
    assert closed.data == {"lapsed": 2, "sessions": 1}
    assert closed.occurred_at == dt.datetime(
        2026, 1, 5, 10, 0, tzinfo=dt.UTC
    )  # 18:00 local: when it should have been closed
    with pytest.raises(Refusal) as no:
        calling.call_next(hall=cast.hall, session=seat.id, counter=seat.counter, actor=clerk, now=now + DAY)
    assert no.value.code == "session.closed"


def test_closing_a_day_twice_changes_nothing_the_second_time(cast, actor_of, now):
    manager = actor_of("1201")
    issue(cast, manager, now)
    assert days.close_day(hall=cast.hall, day=now.date(), actor=manager, now=now) == 1
    facts = Fact.objects.count()
    assert days.close_day(hall=cast.hall, day=now.date(), actor=manager, now=now) == 0
    assert Fact.objects.count() == facts
    assert HallDay.objects.get().closed_at == now


def test_a_day_with_a_customer_at_a_counter_is_not_closed(cast, actor_of, now):
    manager, clerk = actor_of("1201"), actor_of("1001")
    seat = sessions.open_counter(hall=cast.hall, counter=cast.counters["1"], actor=clerk, now=now)
    ticket = issue(cast, manager, now)
    calling.call_next(hall=cast.hall, session=seat.id, counter=seat.counter, actor=clerk, now=now)
    serving.start_handling(hall=cast.hall, ticket=ticket.id, actor=clerk, now=now)
    with pytest.raises(Refusal) as no:
        days.close_day(hall=cast.hall, day=now.date(), actor=manager, now=now)
    assert (no.value.code, no.value.params) == ("day.open", {"count": 1})
    assert Ticket.objects.get().state == "serving"


def test_a_closed_day_takes_nobody_until_a_duty_manager_opens_it_again(cast, actor_of, now):
    manager, clerk = actor_of("1201"), actor_of("1001")
    issue(cast, manager, now)
    days.close_day(hall=cast.hall, day=now.date(), actor=manager, now=now)
    facts = Fact.objects.count()
    for act in (
        lambda: issue(cast, manager, now),
        lambda: sessions.open_counter(hall=cast.hall, counter=cast.counters["1"], actor=clerk, now=now),
    ):
        with pytest.raises(Refusal) as no:
            act()
        assert no.value.code == "day.closed"
    with pytest.raises(Refusal) as no:
        days.reopen_day(hall=cast.hall, day=now.date(), actor=clerk, now=now)
    assert no.value.code == "access.refused"
    assert Fact.objects.count() == facts

    days.reopen_day(hall=cast.hall, day=now.date(), actor=manager, now=now)
    assert issue(cast, manager, now).number == "A002"
    assert days.close_day(hall=cast.hall, day=now.date(), actor=manager, now=now) == 1
    assert Fact.objects.filter(kind="day.closed").count() == 2
