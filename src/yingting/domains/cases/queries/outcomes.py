"""What the cases that ran by an edition came to, counted from their tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from uuid import UUID

from yingting.domains.cases.models import Case, CaseState, Clock, Cycle, StepVisit
from yingting.domains.cases.rules.outcomes import Outcome, Share, outcome_of
from yingting.foundation.people.access import under
from yingting.foundation.people.permissions import Permission
from yingting.kernel.actors import Actor

HOUR = 3600


def outcome_for(actor: Actor, editions: Collection[UUID]) -> Outcome:
    """Return what the cases of these editions came to, in the reader's part of the tree. Only cases that were closed after
    being handled have a time; of merged, withdrawn and foreign ones there is a count only.
    """
    cases = Case.objects.filter(under("unit__path", actor.paths(Permission.CASE_CONFIGURE)), edition__in=editions)
    closed = cases.filter(state=CaseState.CLOSED)
    late = (
        Clock.objects.filter(case__in=closed, sort="rule", breached_at__isnull=False).values("case").distinct().count()
    )
    times = closed.values_list("received_at", "closed_at")
    hours = [(end - begin).total_seconds() / HOUR for begin, end in times if begin and end]
    once = Cycle.objects.filter(case__in=cases, n=1, outcome=CaseState.CLOSED)
    again = Cycle.objects.filter(case__in=cases, n=2).count()
    spent: dict[str, list[float]] = defaultdict(list)
    visits = StepVisit.objects.filter(case__in=cases, left_at__isnull=False)
    for step, entered, left in visits.values_list("step", "entered_at", "left_at"):
        if left:
            spent[step].append((left - entered).total_seconds() / HOUR)
    return outcome_of(
        cases=cases.count(), hours=hours, timely=len(hours) - late, reopened=Share(again, once.count()), steps=spent
    )
