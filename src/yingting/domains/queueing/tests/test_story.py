"""A visit from the door to the rating, through the actions."""

import datetime as dt

import pytest

from yingting.domains.queueing.actions import calling, issuing, moving, serving, sessions
from yingting.domains.queueing.models import Ticket
from yingting.domains.queueing.refusals import NOBODY_WAITS
from yingting.domains.queueing.rules import fold_ticket
from yingting.foundation.journal.recording import facts_of
from yingting.kernel.actors import Actor, ActorKind
from yingting.kernel.refusals import Refusal


@pytest.mark.req("QUE-01", "QUE-36")
def test_a_visit_from_the_door_to_the_rating(cast, actor_of, now):
    guide, clerk = actor_of("1101"), actor_of("1001")
    seat = sessions.open_counter(hall=cast.hall, counter=cast.counters["1"], actor=clerk, now=now)

    issued = issuing.issue_ticket(hall=cast.hall, business=cast.businesses["fee"], actor=guide, now=now)
    assert (issued.number, issued.ahead, issued.low_min, issued.high_min) == ("A001", 0, 0, 1)

    later = now + dt.timedelta(minutes=2)
    called = calling.call_next(hall=cast.hall, session=seat.id, counter=seat.counter, actor=clerk, now=later)
    assert (called.number, called.waited_s, called.rule) == ("A001", 120.0, "longest_wait")
    serving.start_handling(hall=cast.hall, ticket=issued.id, actor=clerk, now=later + dt.timedelta(seconds=20))
    done = serving.finish(hall=cast.hall, ticket=issued.id, actor=clerk, now=later + dt.timedelta(seconds=100))
    assert (done.state, done.version) == ("finished", 4)

    customer = Actor(ActorKind.CUSTOMER, issued.id, "customer")
    moving.rate(hall=cast.hall, ticket=issued.id, score=5, actor=customer, now=later + dt.timedelta(minutes=3))
    row = Ticket.objects.get(pk=issued.id)
    folded = fold_ticket(facts_of(issued.id))
    assert (folded.state, folded.version, folded.rating, folded.number) == (
        row.state,
        row.version,
        row.rating,
        row.number,
    )
    with pytest.raises(Refusal) as no:
        calling.call_next(hall=cast.hall, session=seat.id, counter=seat.counter, actor=clerk, now=later)
    assert no.value.code == NOBODY_WAITS
