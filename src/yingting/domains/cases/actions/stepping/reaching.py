"""What follows when something that was told reaches the customer."""

from __future__ import annotations

import datetime as dt

from yingting.domains.cases.actions.stepping.clocking import reach, stop
from yingting.domains.cases.actions.stepping.turns import Turn
from yingting.domains.cases.facts import CaseAnswered, PromiseEnded
from yingting.domains.cases.models import Cycle, Message, Promise
from yingting.domains.cases.rules.processes import Mark


def answer_reached(taken: Turn, answer: Message, at: dt.datetime) -> None:
    """An answer reached the customer: the cycle it was given in is answered, promises are judged. A case that was closed
    meanwhile has no clocks that could begin or end.
    """
    cycle = Cycle.objects.get(case=taken.case, n=answer.cycle)
    if cycle.answered_at is None:
        Cycle.objects.filter(pk=cycle.pk).update(answered_at=at)
        if taken.is_open and answer.cycle == taken.case.cycle:
            reach(taken, Mark.ANSWERED, at)
        taken.note(CaseAnswered(answer.pk, answer.channel, at))
    for promise in Promise.objects.filter(case=taken.case, cycle__lte=answer.cycle, kept__isnull=True):
        kept = at <= promise.due_at
        Promise.objects.filter(pk=promise.pk).update(kept=kept)
        stop(taken, f"promise.{promise.pk}", at)
        taken.note(PromiseEnded(promise.pk, kept))
