"""Two computations of the same day agree: the fold of the journal's facts, and questions to the tables of the queue."""

import datetime as dt
from collections import Counter as Tally
from itertools import pairwise
from zoneinfo import ZoneInfo

import hypothesis.strategies as st
import pyarrow as pa
import pytest
from django.db import transaction
from django.db.models import Max
from hypothesis import HealthCheck, Phase, given, settings

from yingting.domains.queueing.actions import days
from yingting.domains.queueing.models import CounterSession, Handling, Ticket
from yingting.domains.queueing.queries.labels import labels_for
from yingting.domains.queueing.tables import COUNTER_TIME, PREFIXES, STINTS, VISITS, Labels, fold_day
from yingting.domains.queueing.tests.test_fold import STEPS, Hall
from yingting.foundation.journal.models import Fact
from yingting.foundation.journal.settled import Window, facts_of_day
from yingting.foundation.people.models import Person
from yingting.foundation.sites.models import Counter
from yingting.kernel.refusals import Refusal

SHANGHAI = ZoneInfo("Asia/Shanghai")
LATER = dt.timedelta(hours=1)


def folded(hall, day, now=None):
    facts = facts_of_day(Window(PREFIXES, (now or dt.datetime.now(dt.UTC)) + LATER), hall, day)
    return fold_day(facts, labels_for(hall, facts))


def asked(ticket: Ticket) -> dict:
    """One visit as the tables tell it; from the journal only what no table keeps: when it last queued, what it was."""
    handlings = list(Handling.objects.filter(ticket=ticket).order_by("started_at", "pk"))
    own = Fact.objects.filter(subject=ticket.pk)
    call = own.filter(kind="ticket.called").order_by("-version").first()
    entry = own.filter(
        kind__in=("ticket.issued", "ticket.returned", "ticket.transferred"), version__lt=call.version if call else 0
    ).aggregate(at=Max("occurred_at"))["at"]
    ways = [fact.data["way_s"] for fact in own.filter(kind="ticket.started") if fact.data["way_s"] is not None]
    lengths = [(one.ended_at - one.started_at).total_seconds() for one in handlings
               if one.ended_at and one.outcome != "lapsed"]  # fmt: skip
    businesses = {business for one in handlings for business in one.businesses}
    local = ticket.issued_at.astimezone(SHANGHAI)
    return {
        "visit": str(ticket.pk),
        "ticket": ticket.number,
        "business_day": ticket.business_day,
        "queue": ticket.queue.name,
        "business": ticket.business.name,
        "priority_class": ticket.priority.name,
        "kind": None if not handlings else "combined" if len(businesses) > 1 or any(h.kind == "combined" for h in handlings) else "single",
        "outcome": outcome(ticket),
        "issued_at": ticket.issued_at,
        "called_at": ticket.first_called_at,
        "started_at": ticket.started_at,
        "finished_at": ticket.ended_at if ticket.state == "finished" else None,
        "left_at": ticket.ended_at if ticket.state == "left" else None,
        "wait_s": (ticket.first_called_at - ticket.issued_at).total_seconds() if ticket.first_called_at else None,
        "wait_last_s": (call.occurred_at - entry).total_seconds() if call else None,
        "way_s": pytest.approx(sum(ways), abs=1e-6) if ways else None,
        "handling_s": pytest.approx(sum(lengths), abs=1e-6) if lengths else None,
        "counter": handlings[-1].counter.number if handlings else None,
        "clerk": handlings[-1].clerk.staff_no if handlings else None,
        "transfers": ticket.transfers,
        "quoted_low_min": ticket.quoted_low_min,
        "quoted_high_min": ticket.quoted_high_min,
        "rating": ticket.rating,
        "issue_minute_local": local.hour * 60 + local.minute,
        "weekday": local.weekday(),
        "source": "journal", "hall": "H01", "precision_s": 0, "abandonment_recorded": True,
        "rating_asked": own.filter(kind="ticket.rating_asked").exists(), "quoted_by": 0,
        **dict.fromkeys(("customer", "segment", "level", "known_by")),
    }  # fmt: skip


def outcome(ticket: Ticket) -> str:
    own = Fact.objects.filter(subject=ticket.pk)
    if ticket.state == "finished":
        return "served"
    if ticket.state == "left":
        before = own.get(version=own.get(kind="ticket.left").version - 1)
        return "no_show" if before.kind == "ticket.missed" else "abandoned"
    if ticket.state == "lapsed":
        was = own.get(kind="ticket.lapsed").data["was"]
        return {"serving": "served", "called": "no_show", "missed": "no_show"}.get(was, "abandoned")
    return "open"


def asked_stint(one: Handling) -> dict:
    ended = one.ended_at if one.outcome != "lapsed" else None
    return {
        "stint": str(one.pk),
        "visit": str(one.ticket_id),
        "kind": one.kind,
        "counter": Counter.objects.get(pk=one.counter_id).number,
        "clerk": Person.objects.get(pk=one.clerk_id).staff_no,
        "started_at": one.started_at,
        "finished_at": ended,
        "handling_s": (ended - one.started_at).total_seconds() if ended else None,
        "outcome": outcome(one.ticket),
    }


def compare(hall, day) -> Tally:
    rows = folded(hall, day)
    tickets = Ticket.objects.filter(hall=hall, business_day=day).order_by("pk")
    assert sorted(rows.visits, key=lambda row: row["visit"]) == [asked(ticket) for ticket in tickets]
    by_id = {row["stint"]: row for row in rows.stints}
    handlings = [asked_stint(one) for one in Handling.objects.filter(hall=hall, ticket__business_day=day)]
    assert {key: {name: row[name] for name in handlings[0]} for key, row in by_id.items()} == {
        one["stint"]: one for one in handlings
    }
    told = {
        row["session"]: (row["counter"], row["clerk"], row["opened_at"], row["closed_at"], row["open_s"])
        for row in rows.counter_time
    }  # fmt: skip
    sessions = CounterSession.objects.filter(hall=hall, business_day=day)
    assert told == {
        str(one.pk): (
            one.counter.number, one.clerk.staff_no, one.opened_at, one.closed_at,
            (one.closed_at - one.opened_at).total_seconds() if one.closed_at else told[str(one.pk)][-1],
        )
        for one in sessions
    }  # fmt: skip
    # The rows fit the declared columns, all of them and no other.
    for table, some in ((VISITS, rows.visits), (STINTS, rows.stints), (COUNTER_TIME, rows.counter_time)):
        assert all(list(row) == table.schema.names for row in some)
        assert pa.Table.from_pylist(list(some), schema=table.schema).to_pylist() == list(some)
    return Tally(row["outcome"] for row in rows.visits)


@pytest.mark.slow
@pytest.mark.req("QUE-01", "QUE-02")
def test_the_fold_of_any_day_agrees_with_the_tables_of_the_queue(cast, actor_of, now):
    outcomes = Tally()

    @settings(
        max_examples=200, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, phases=[Phase.generate]
    )  # fmt: skip
    @given(STEPS, st.sampled_from(["open", "closed", "overrun"]))
    def play(steps, ending):
        days._opened.clear()
        with transaction.atomic():
            hall = Hall(cast, actor_of, now)
            for verb, pick, seconds in steps:
                try:
                    with transaction.atomic():
                        hall.step(verb, pick, seconds)
                except Refusal:
                    pass
            if ending == "closed" and not Ticket.objects.filter(state="serving").exists():
                days.close_day(hall=cast.hall, day=now.date(), actor=hall.manager, now=hall.now)
            if (
                ending == "overrun"
            ):  # nobody closed the day: the next morning's first ticket does, even for those served
                hall.now = now + dt.timedelta(days=1)
                days._opened.clear()
                hall.step("issue", 0, 0)
            outcomes.update(compare(cast.hall, now.date()))
            transaction.set_rollback(True)

    play()
    assert min(outcomes[one] for one in ("served", "abandoned", "no_show", "open")) >= 5, outcomes


def fact(version, kind, at, **data):
    t0 = dt.datetime(2026, 1, 5, 2, tzinfo=dt.UTC)
    return {
        "kind": f"ticket.{kind}", "subject": "v", "version": version, "occurred_at": t0 + dt.timedelta(seconds=at),
        "business_day": t0.date(), "hall": "h", "data": data,
    }  # fmt: skip


ISSUED = fact(
    1, "issued", 0, number="A001", queue="q", business="b", priority="p", quoted_low_min=None, quoted_high_min=None
)
CALLED = fact(2, "called", 60, counter="c", session="s", clerk="k", waited_s=60.0)


def test_a_fact_that_is_not_settled_yet_hides_what_follows_it():
    started = fact(
        3, "started", 70, handling="h", session="s", counter="c", clerk="k", businesses=["b"], business_kind="single"
    )
    labels = Labels("H01", "Asia/Shanghai")
    assert [row["outcome"] for row in fold_day([ISSUED, CALLED, started], labels).visits] == ["open"]
    (visit,) = fold_day([ISSUED, started], labels).visits
    assert (visit["called_at"], visit["started_at"]) == (None, None)
    assert fold_day([CALLED], labels).visits == ()


def test_a_visit_called_late_at_night_keeps_the_halls_own_day_and_minute():
    late = {**ISSUED, "occurred_at": dt.datetime(2026, 1, 5, 15, 59, tzinfo=dt.UTC)}
    (visit,) = fold_day([late], Labels("H01", "Asia/Shanghai")).visits
    assert (visit["issue_minute_local"], visit["weekday"]) == (23 * 60 + 59, 0)
    assert (visit["queue"], visit["counter"], visit["kind"], visit["handling_s"]) == ("q", None, None, None)


def test_parking_and_resuming_one_business_is_one_single_visit_of_two_stints():
    steps = [
        ISSUED, CALLED,
        fact(3, "recalled", 80, counter="c", calls=2),
        fact(4, "started", 90, handling="s1", session="s", counter="c", clerk="k", businesses=["b"], business_kind="single"),
        fact(5, "parked", 150, handling="s1", handled_s=60.0, reason="copy"),
        fact(6, "started", 200, handling="s2", session="s", counter="c", clerk="k", businesses=["b"], business_kind="single"),
        fact(7, "finished", 230, handling="s2", handled_s=30.0),
    ]  # fmt: skip
    rows = fold_day(steps, Labels("H01", "Asia/Shanghai"))
    (visit,) = rows.visits
    assert (visit["kind"], visit["outcome"], visit["wait_s"], visit["way_s"], visit["handling_s"]) == (
        "single", "served", 60.0, 10.0, 90.0,
    )  # fmt: skip
    assert [(one["stint"], one["called_at"] is not None, one["handling_s"]) for one in rows.stints] == [
        ("s1", True, 60.0), ("s2", False, 30.0),
    ]  # fmt: skip
    assert all(early["finished_at"] <= late["started_at"] for early, late in pairwise(rows.stints))
