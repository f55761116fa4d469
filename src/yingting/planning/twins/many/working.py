"""Answer a question to many halls, slice by slice: halls are read from the lake one after another and worked on by processes.

Only workers and commands import this: it brings the compiler along.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.conf import settings

from yingting.domains.queueing.queries.calling_rules import CALLING
from yingting.domains.queueing.queries.setup import fresh_setup, hall_now
from yingting.domains.queueing.tables import VISITS
from yingting.foundation.catalogue.limits import limits_of
from yingting.foundation.lake.engine import reading_engine
from yingting.foundation.lake.shelves import lake_with
from yingting.foundation.rulebook.reading import in_force
from yingting.foundation.sites.models import Hall
from yingting.kernel.canonical import digest
from yingting.kernel.clocks import business_day
from yingting.planning.hall_rules import books_of
from yingting.planning.twins.data import elsewhere, letters_of
from yingting.planning.twins.days import facts_of
from yingting.planning.twins.kinds import TERMS, TwinTerms
from yingting.planning.twins.many.actions import begin_many, end_many, is_wanted, keep_hall
from yingting.planning.twins.models import ManyAnswer, ManyRun, RunState
from yingting.planning.twins.questions import WhatIf, kept, opened
from yingting.twin.asking import Cancelled
from yingting.twin.hall import Klass
from yingting.twin.many.answering import READ
from yingting.twin.many.jobs import Effort, HallFacts, HallJob, ManyQuestion, Try, as_text, why_not
from yingting.twin.many.processes import over_processes

log = logging.getLogger(__name__)
SLICE_S = 20.0  # other tasks wait so long at most, and for the halls that are at work then


def answer(run: UUID, *, slice_s: float = SLICE_S, workers: int | None = None) -> bool:
    """Answer halls of a run for so many seconds; True while halls are left."""
    row = ManyRun.objects.select_related("unit").get(pk=run)
    hall = ManyAnswer.objects.filter(run=row).values_list("hall", flat=True)[0]
    if not begin_many(run=run, now=hall_now(hall)):
        return False
    jobs = _jobs(row, time.monotonic() + slice_s)
    try:
        for rows in over_processes(
            jobs, workers or settings.TWIN_PROCESSES, is_cancelled=lambda: not is_wanted(run=run)
        ):
            keep_hall(run=run, rows=rows)
    except Cancelled:
        return False
    except Exception:  # a defect: the run must not stay open for ever
        log.exception("run %s of many halls failed", run)
        end_many(run=run, state=RunState.FAILED, now=hall_now(hall))
        return False
    if ManyAnswer.objects.filter(run=row, state=RunState.WAITING).exists():
        return True
    end_many(run=run, state=RunState.DONE, now=hall_now(hall))
    return False


def _jobs(row: ManyRun, until: float) -> Iterator[HallJob]:
    """Yield the jobs of halls that wait, each read when it is asked for, until the slice is over (one at least)."""
    waiting = ManyAnswer.objects.filter(run=row, state=RunState.WAITING).select_related("hall__unit")
    question = opened(WhatIf, row.question)
    with reading_engine() as engine:
        for place, one in enumerate(waiting.order_by("hall__code")):
            if place and time.monotonic() > until:
                return
            try:
                job = job_of(one.hall, question, row.asked_at, engine)
            except Exception as defect:  # one hall's settings or files must not stop the others
                log.exception("hall %s of many could not be read", one.hall.code)
                keep_hall(run=row.pk, rows=[why_not(one.hall.code, [("failed", {"error": type(defect).__name__})])])
                continue
            yield job


def job_of(hall: Hall, question: WhatIf, asked_at: dt.datetime, engine: Any) -> HallJob:
    """Return a hall's job: its visits of the last finished days, and all that a twin needs beside them."""
    today = business_day(asked_at, hall.timezone)
    terms: TwinTerms = in_force(TERMS, path=hall.unit.path, day=today).rule
    days = [today - dt.timedelta(days=back) for back in range(terms.learns_days, 0, -1)]
    found = lake_with(VISITS).table(engine, VISITS, [hall.code], days[0], days[-1])
    visits = found.select(*READ).to_pyarrow()
    setup, rules = fresh_setup(hall.pk), in_force(CALLING, path=hall.unit.path, day=question.date).rule
    counters = {one.number for one in setup.counters.values()} | set(visits["counter"].drop_null().to_pylist())
    limits, known = limits_of(hall.unit.path, today), facts_of(hall, [*days, question.date])
    facts = HallFacts(
        days=tuple(known[day.toordinal()] for day in days), asked=known[question.date.toordinal()], timezone=hall.timezone,
        letters=tuple(sorted(letters_of(hall).items())), elsewhere=elsewhere(hall, days[0], days[-1], engine),
        klasses=tuple(
            Klass(one.name, 0.0, one.tier, float(one.head_start_min))
            for one in sorted(setup.priorities.values(), key=lambda one: one.name)
        ),
        books=books_of(rules, sorted(counters)), limits_s=(limits.wait_min * 60.0, limits.challenge_min * 60.0),
    )  # fmt: skip
    effort = Effort(terms.worlds, terms.many_days, terms.half_width / 100)
    asked = ManyQuestion(Try(question.levers), effort, int(digest(kept(question))[:8], 16))
    return HallJob(hall.code, as_text(facts), as_text(asked), visits)
