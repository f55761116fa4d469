"""Whatever happens to tickets, folding the journal gives the tables."""

import datetime as dt
from collections import Counter
from uuid import UUID

import hypothesis.strategies as st
import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings

from yingting.domains.queueing.actions import calling, days, issuing, moving, serving, sessions
from yingting.domains.queueing.contracts import Booked
from yingting.domains.queueing.models import CounterSession, Handling, Ticket, TicketState
from yingting.domains.queueing.rules import Place, fold_ticket
from yingting.foundation.journal.models import Fact
from yingting.foundation.journal.recording import facts_of
from yingting.kernel.actors import Actor, ActorKind
from yingting.kernel.ids import new_id
from yingting.kernel.refusals import Refusal

VERBS = [
    *(
        "issue",
        "issue",
        "issue",
        "care",
        "call",
        "call",
        "start",
        "start",
        "finish",
        "finish",
        "recall",
        "miss",
        "return",
    ),
    *(
        "transfer",
        "send",
        "entitle",
        "park",
        "resume",
        "add",
        "next",
        "leave",
        "back",
        "ask",
        "rate",
        "pause",
        "unpause",
        "close",
    ),
]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "issue",
                "issue",
                "issue",
                "care",
                "booked",
                "call",
                "call",
                "start",
                "start",
                "finish",
                "finish",
                "recall",
                "miss",
                "return",
                "transfer",
                "send",
                "entitle",
                "park",
                "resume",
                "add",
                "next",
                "leave",
                "back",
                "ask",
                "rate",
                "pause",
                "unpause",
                "close",
            ]
        ),
        st.integers(0, 7),
        st.integers(-90, 400),  # seconds that the clock moves: it may jump back
    ),
    min_size=15,
    max_size=80,
)
# Mostly a ticket that the step fits; now and then any, so that refusals are walked too.
FITS = {
    "start": ["called"], "recall": ["called"], "miss": ["called"], "finish": ["serving"], "park": ["serving"], "add": ["serving"],
    "next": ["serving"], "ask": ["serving", "finished"], "return": ["missed"], "resume": ["parked"], "rate": ["finished"],
    "transfer": ["waiting", "called", "serving"], "send": ["waiting", "called", "serving"], "leave": ["waiting", "missed"],
    "back": ["waiting"], "entitle": ["waiting"],
}  # fmt: skip


class Hall:
    """The hall of the cast with two clerks at counters, driven step by step."""

    def __init__(self, cast, actor_of, now):
        self.cast, self.now = cast, now
        self.guide, self.manager = actor_of("1101"), actor_of("1201")
        self.clerks = [actor_of("1001"), actor_of("1002")]
        self.seats = [
            sessions.open_counter(hall=cast.hall, counter=cast.counters[n], actor=clerk, now=now)
            for n, clerk in zip("36", self.clerks, strict=True)
        ]
        self.tickets: list[UUID] = []

    def step(self, verb: str, pick: int, seconds: int) -> None:
        self.now += dt.timedelta(seconds=seconds)
        side = pick % 2
        clerk, seat = self.clerks[side], self.seats[side]
        common = {"hall": self.cast.hall, "now": self.now}
        fitting = list(
            Ticket.objects.filter(pk__in=self.tickets, state__in=FITS.get(verb, []))
            .order_by("pk")
            .values_list("pk", flat=True)
        )
        choice = self.tickets if pick == 7 else fitting or self.tickets
        ticket = choice[pick % len(choice)] if choice else None
        businesses = sorted(self.cast.businesses.values())
        business = businesses[pick % len(businesses)]
        if verb in ("issue", "care"):
            issued = issuing.issue_ticket(**common, business=business, actor=self.guide, care=verb == "care")
            self.tickets.append(issued.id)
            return
        if verb == "booked":
            rank = self.now + dt.timedelta(minutes=5 * pick - 20)
            more = {"booked": Booked(new_id(), rank, "booked"), "care": pick == 6}
            self.tickets.append(issuing.issue_ticket(**common, business=business, actor=self.guide, **more).id)
            return
        if verb == "call":
            calling.call_next(**common, session=seat.id, counter=seat.counter, actor=clerk)
            return
        if verb in ("pause", "unpause", "close"):
            paused = CounterSession.objects.filter(clerk__in=[c.id for c in self.clerks], state="paused").first()
            if verb == "unpause" and paused is not None and pick != 7:  # most of the time there is something to resume
                seat, clerk = paused, next(c for c in self.clerks if c.id == paused.clerk_id)
            act = {"pause": sessions.pause, "unpause": sessions.unpause, "close": sessions.close_counter}[verb]
            more = {"reason": "lunch"} if verb == "pause" else {}
            act(**common, session=seat.id, actor=clerk, **more)
            return
        if ticket is None:
            return
        at = Ticket.objects.get(pk=ticket).session
        serving_clerk = clerk if at is None else next(c for c in self.clerks if c.id == at.clerk_id)
        mine = {**common, "ticket": ticket, "actor": serving_clerk}
        customer = {**common, "ticket": ticket, "actor": Actor(ActorKind.CUSTOMER, ticket, "customer")}
        queues = sorted(self.cast.queues.values())
        verbs = {
            "start": lambda: serving.start_handling(**mine),
            "finish": lambda: serving.finish(**mine),
            "recall": lambda: calling.recall(**mine),
            "miss": lambda: calling.mark_no_show(**mine),
            "return": lambda: calling.return_ticket(**mine),
            "transfer": lambda: moving.transfer_ticket(
                **{**mine, "actor": self.manager},
                place=list(Place)[pick % 3],
                queue=queues[pick % len(queues)],
                business=business,
            ),
            "send": lambda: moving.transfer_ticket(
                **{**mine, "actor": self.manager}, place=list(Place)[pick % 3], counter=self.seats[1 - side].counter
            ),
            "entitle": lambda: moving.entitle(**{**mine, "actor": self.guide}, entitlement="veteran"),
            "park": lambda: serving.park(**mine, reason="copy"),
            "resume": lambda: serving.resume(**{**mine, "actor": clerk}, session=seat.id),
            "add": lambda: serving.add_business(**mine, business=business),
            "next": lambda: serving.next_business(**mine, business=business),
            "leave": lambda: moving.leave(**customer),
            "back": lambda: moving.step_back(**customer, places=1 + pick),
            "ask": lambda: serving.ask_rating(**mine),
            "rate": lambda: moving.rate(**customer, score=1 + pick % 5),
        }
        verbs[verb]()


def check(hall: Hall) -> None:
    """The journal's fold equals the rows, and the rows agree with each other."""
    for row in Ticket.objects.filter(pk__in=hall.tickets):
        facts = facts_of(row.pk)
        folded = fold_ticket(facts)
        open_handling = Handling.objects.filter(ticket=row, ended_at__isnull=True).values_list("pk", flat=True).first()

        assert folded.state == row.state
        assert folded.version == row.version == len(facts)
        assert (folded.number, folded.tier, folded.calls, folded.transfers, folded.rating) == (
            row.number, row.tier, row.calls, row.transfers, row.rating,
        )  # fmt: skip
        for name in ("queue", "business", "priority"):
            assert getattr(folded, name) == str(getattr(row, f"{name}_id"))
        for name in ("counter", "session", "for_counter"):
            assert (getattr(folded, name) or None) == (
                str(getattr(row, f"{name}_id")) if getattr(row, f"{name}_id") else None
            )
        assert folded.booking == (str(row.booking) if row.booking else None)
        assert folded.open_handling == (str(open_handling) if open_handling else None)
        assert dt.datetime.fromisoformat(folded.rank_at) == row.rank_at
        instants = [fact["occurred_at"] for fact in facts]
        assert instants == sorted(instants), "a clock that jumps back must not reorder a visit"
    holders = CounterSession.objects.filter(ticket__isnull=False).values_list("ticket_id", flat=True)
    assert sorted(holders) == sorted(
        Ticket.objects.filter(state__in=(TicketState.CALLED, TicketState.SERVING)).values_list("pk", flat=True)
    )


@pytest.mark.slow
@pytest.mark.req("QUE-01")
def test_the_fold_of_the_journal_equals_the_tables_after_any_sequence(cast, actor_of, now):
    walked = Counter(dict.fromkeys((*FITS, "issue", "care", "booked", "call", "pause", "unpause", "close"), 0))

    # No shrinking: an example takes a second of database work, and the first failing one is readable enough.
    @settings(
        max_examples=100,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=True,
        phases=[Phase.generate],
    )
    @given(STEPS, st.booleans())
    def play(steps, closes):
        days._opened.clear()
        with transaction.atomic():
            hall = Hall(cast, actor_of, now)
            for verb, pick, seconds in steps:
                facts_before = Fact.objects.count()
                try:
                    with transaction.atomic():
                        hall.step(verb, pick, seconds)
                except Refusal:
                    assert Fact.objects.count() == facts_before, "a refusal leaves nothing behind"
                else:
                    walked[verb] += 1
            check(hall)
            if closes:
                Ticket.objects.filter(state=TicketState.SERVING).exists() or days.close_day(
                    hall=cast.hall, day=now.date(), actor=hall.manager, now=hall.now
                )
                check(hall)
            transaction.set_rollback(True)

    play()
    assert min(walked.values()) >= 5, f"every kind of step must really have been taken: {walked}"
