"""Try calling rules out on the people who wait in a hall now. Nothing is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from yingting.domains.queueing.contracts import CounterInfo, HallSetup, Priority, QueueInfo
from yingting.domains.queueing.models import CounterSession, Ticket, TicketState
from yingting.domains.queueing.queries.calling_rules import CALLING
from yingting.domains.queueing.queries.setup import class_levels
from yingting.domains.queueing.queries.tickets import standing_of
from yingting.domains.queueing.rules import minutes_text
from yingting.domains.queueing.rules.calling import CallingRules, Choice, Standing
from yingting.domains.queueing.rules.preview import Move, calls_of, moves
from yingting.foundation.rulebook.reading import in_force
from yingting.kernel.clocks import elapsed_s

# What a page shows: how many people are put in order, and for how many of the next calls the reason is told.
SHOWN, NEXT = 100, 5


@dataclass(frozen=True, slots=True)
class WaitingNow:
    """A person who waits, in words."""

    id: UUID
    number: str
    queue: QueueInfo
    priority: Priority | None
    waited_s: float
    head_start_min: int


@dataclass(frozen=True, slots=True)
class NextCall:
    """One of the next calls: who, and by which rule (words by `views.words.why_sentence`)."""

    who: WaitingNow
    rule: str
    told: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """A person who waits with the place by the rules in force and by the proposed ones."""

    who: WaitingNow
    move: Move

    @property
    def minutes(self) -> str:
        """Whole minutes waited, as in sentences."""
        return minutes_text(self.who.waited_s)


@dataclass(frozen=True, slots=True)
class CallingPreview:
    """What a counter would do next by the rules in force and by the proposed ones."""

    counter: CounterInfo
    book: int
    in_force: tuple[NextCall, ...]
    proposed: tuple[NextCall, ...]
    rows: tuple[Row, ...]
    moved: int
    has_new_head_starts: bool


def preview_calling(
    setup: HallSetup, rules: CallingRules | None, *, counter: CounterInfo, now: dt.datetime
) -> CallingPreview:
    """Return what the counter would do next. Without `rules`, the rules in force are proposed.

    The clerk can do everything; nobody comes and nobody else calls meanwhile.
    """
    day = setup.day(now)
    present = in_force(CALLING, path=setup.path, day=day)
    proposed = present.rule if rules is None else rules
    tickets, people = _waiting(setup, counter.id, day, now)
    queues = [setup.queues[queue].letter for queue in counter.queues]
    turns = (
        CounterSession.objects.filter(counter=counter.id, business_day=day).exclude(state="closed").values_list("turns", flat=True).first()
    )  # fmt: skip

    def calls(book: CallingRules) -> list[Choice]:
        return calls_of(
            book, tickets, number=counter.number, queues=queues, now=now, local=now.astimezone(ZoneInfo(setup.timezone)).time(),
            forced=setup.forced is not None, turns=turns or "", at_most=SHOWN,
        )  # fmt: skip

    before, after = calls(present.rule), calls(proposed)
    listed = moves(before, after)
    return CallingPreview(
        counter, present.number, _told(before, people), _told(after, people),
        tuple(Row(people[move.id], move) for move in listed), sum(move.before != move.after for move in listed),
        proposed.head_starts != present.rule.head_starts,
    )  # fmt: skip


def _told(calls: Sequence[Choice], people: Mapping[UUID, WaitingNow]) -> tuple[NextCall, ...]:
    return tuple(NextCall(people[call.ticket.id], call.rule.value, call.told) for call in calls[:NEXT])


def _waiting(
    setup: HallSetup, counter: UUID, day: dt.date, now: dt.datetime
) -> tuple[list[Standing], dict[UUID, WaitingNow]]:
    levels = class_levels(setup)
    tickets, people = [], {}
    rows = Ticket.objects.filter(
        hall=setup.id, business_day=day, state=TicketState.WAITING, queue__in=list(setup.queues)
    )
    for row in rows.order_by("tier", "rank_at", "id"):
        if row.for_counter_id not in (None, counter):
            continue
        queue = setup.queues[row.queue_id]
        tickets.append(standing_of(row, setup, levels))
        people[row.pk] = WaitingNow(
            row.pk, row.number, queue, setup.priorities.get(row.priority_id), elapsed_s(row.queued_at, now),
            int(elapsed_s(row.rank_at, row.issued_at) // 60),
        )  # fmt: skip
    return tickets, people
