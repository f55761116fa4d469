"""Answer the questions to a hall's twin: calibrate from the hall's visits, simulate, keep what came out.

Only workers and commands import this: it brings the compiler along.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections import OrderedDict
from dataclasses import replace
from typing import Any
from uuid import UUID

from yingting.domains.queueing.queries.calling_rules import CALLING
from yingting.domains.queueing.queries.setup import fresh_setup, hall_now
from yingting.foundation.catalogue.limits import limits_of
from yingting.foundation.rulebook.reading import in_force
from yingting.kernel.canonical import canonical
from yingting.kernel.clocks import business_day
from yingting.kernel.words import gettext_noop as _
from yingting.planning.hall_rules import books_of
from yingting.planning.twins.actions import begin_run, end_run, tell_progress
from yingting.planning.twins.answers import answer_of, fit_report, refusal_of
from yingting.planning.twins.data import klasses_of, visits_between
from yingting.planning.twins.days import facts_of
from yingting.planning.twins.foreseeing import counters_answer, forecast_answer
from yingting.planning.twins.kinds import TERMS, TwinTerms
from yingting.planning.twins.models import RunKind, RunState, TwinRun
from yingting.planning.twins.questions import Ahead, CountersNeeded, WhatIf, digest_of, opened
from yingting.planning.twins.snapshots.fitting import (
    fit_of_snapshots,
    learned,
    snapshots_digest,
    snapshots_instead,
)
from yingting.twin.asking import Cancelled, Exactness
from yingting.twin.calibrating.fitted import Fit
from yingting.twin.calibrating.fitting import fit_visits
from yingting.twin.calibrating.predicting import drawn_models
from yingting.twin.calibrating.reasons import CannotCalibrate
from yingting.twin.calibrating.report import report
from yingting.twin.calibrating.visits import Visits
from yingting.twin.forecasting.forecast import TooFewDaysError
from yingting.twin.hall import HallModel, ModelError
from yingting.twin.levers import of_all
from yingting.twin.worlds import ask

log = logging.getLogger(__name__)
_TELL_EVERY_S = 0.5
_fits: OrderedDict[str, Fit] = OrderedDict()  # the last few calibrations of this worker, by what they are made from
_FITS_KEPT = 8


def answer(run: UUID) -> None:
    """Answer a question to the twin."""
    work_out(run, _Question)


def work_out(run: UUID, of: type[Work]) -> None:
    """Work out a run: done, refused with reasons, failed, or cancelled on the way."""
    row = TwinRun.objects.select_related("hall__unit").get(pk=run)
    if not begin_run(run=run, now=hall_now(row.hall_id)):
        return
    work = of(row)
    try:
        state, body = RunState.DONE, work.answered()
    except Cancelled:
        return
    except CannotCalibrate as no:
        state, body = RunState.REFUSED, refusal_of(no) | work.learned
    except CannotAnswerError as no:
        state, body = RunState.REFUSED, no.body
    except TooFewDaysError as few:
        state, body = RunState.REFUSED, {"said": [[few.sentence[0], dict(few.sentence[1])]]}
    except ModelError as no:
        state, body = RunState.REFUSED, {"problems": list(no.problems)}
    except Exception:  # a defect: the run must not stay open for ever
        log.exception("run %s of the twin failed", run)
        state, body = RunState.FAILED, {}
    end_run(run=run, state=state, answer=canonical(body), inputs=work.inputs, now=hall_now(row.hall_id))


class CannotAnswerError(Exception):
    """A run that cannot be answered; `body` is kept as its answer and says why."""

    def __init__(self, body: dict[str, Any]) -> None:
        """Keep what is said."""
        self.body = body
        super().__init__(canonical(body))


class Work:
    """One run while it is worked out, and what a worker knows of its hall."""

    def __init__(self, row: TwinRun) -> None:
        self.row, self.hall = row, row.hall
        self.today = business_day(row.asked_at, row.hall.timezone)
        self.terms: TwinTerms = in_force(TERMS, path=row.hall.unit.path, day=self.today).rule
        limits = limits_of(row.hall.unit.path, self.today)
        self.limits_s = (limits.wait_min * 60.0, limits.challenge_min * 60.0)
        self.inputs, self.told_at = "", 0.0
        self.learned: dict[str, Any] = {}

    def answered(self) -> dict[str, Any]:
        """Return what came out; each kind of work has its own."""
        raise NotImplementedError

    # ---------------------------------------------------------------------------------------------- the hall
    def fit(self) -> Fit:
        """Calibrate from the last finished days, or take what this worker remembers of the same days."""
        self.tell(0.02, _("Reading the visits"))
        last = self.today - dt.timedelta(days=1)
        first = last - dt.timedelta(days=self.terms.learns_days - 1)
        visits = visits_between(self.hall, first, last)
        days = [first + dt.timedelta(days=ahead) for ahead in range(self.terms.learns_days)]
        facts = facts_of(self.hall, days)
        looks = snapshots_instead(self.hall, visits, self.terms.learns_days)
        self.learned = learned(None, looks)
        shown = digest_of(self.hall.pk, first, last, _shown(visits), sorted(facts.items()), snapshots_digest(looks))
        self.inputs = digest_of(self.row.kind, self.row.question, shown, self.terms, self.limits_s)
        if shown not in _fits:
            self.tell(0.1, _("Calibrating"))
            open_facts = {day: one for day, one in facts.items() if one.opens_s is not None}
            _fits[shown] = (
                fit_visits(visits, open_facts, klasses=klasses_of(self.hall, visits.names.klasses))
                if looks is None
                else fit_of_snapshots(self.hall, looks)
            )
            while len(_fits) > _FITS_KEPT:
                _fits.popitem(last=False)
        _fits.move_to_end(shown)
        self.learned = learned(_fits[shown], looks)
        return _fits[shown]

    def foretold(self, question: Ahead) -> dict[str, Any]:
        """Forecast the customers of the days that are asked about. Raises TooFewDaysError."""
        self.tell(0.02, _("Reading the visits"))
        last = self.today - dt.timedelta(days=1)
        first = last - dt.timedelta(days=self.terms.looks_back_days - 1)
        visits = visits_between(self.hall, first, last)
        span = (question.first_day - first).days + question.days
        facts = facts_of(self.hall, [first + dt.timedelta(days=ahead) for ahead in range(span)])
        self.inputs = digest_of(self.row.kind, self.row.question, _shown(visits), sorted(facts.items()))
        self.tell(0.3, _("Comparing ways to forecast"))
        return forecast_answer(visits, facts, question)

    # ---------------------------------------------------------------------------------------------- how far
    wanted = True

    def tell(self, share: float, step: str, *, at_once: bool = False) -> None:
        """Write down how far the run is, twice a second at most; notice when it is no longer wanted."""
        if not at_once and time.monotonic() - self.told_at < _TELL_EVERY_S:
            return
        self.told_at = time.monotonic()
        self.wanted = tell_progress(run=self.row.pk, share=share, step=step)
        if not self.wanted:
            raise Cancelled


class _Question(Work):
    """A question to the twin."""

    def answered(self) -> dict[str, Any]:
        if self.row.kind == RunKind.FORECAST:
            return self.foretold(opened(Ahead, self.row.question))
        fit = self.fit()
        return self.of_fit(fit) | self.learned

    def of_fit(self, fit: Fit) -> dict[str, Any]:
        if self.row.kind == RunKind.FIT:
            self.tell(0.5, _("Running the past days again"))
            return fit_report(fit, report(fit, limits_s=self.limits_s))
        if self.row.kind == RunKind.COUNTERS:
            return self.counters(fit, opened(CountersNeeded, self.row.question))
        return self.what_if(fit, opened(WhatIf, self.row.question))

    def what_if(self, fit: Fit, question: WhatIf) -> dict[str, Any]:
        worlds = self.worlds(fit, question)
        levers = of_all(question.levers, worlds[0].counters)
        exact = Exactness(self.terms.half_width / 100, 200, self.terms.most_days)
        found = ask(
            worlds, levers, seed=int(self.inputs[:8], 16), exact=exact, limits_s=self.limits_s,
            progress=lambda share: self.tell(0.3 + 0.7 * share, _("Simulating days")), is_cancelled=lambda: not self.wanted,
        )  # fmt: skip
        return answer_of(found, question, self.limits_s)

    def counters(self, fit: Fit, question: CountersNeeded) -> dict[str, Any]:
        facts = facts_of(self.hall, [question.date])[question.date.toordinal()]
        numbers = len(fresh_setup(self.hall.pk).counters)
        return counters_answer(
            fit.model(facts), question, self.limits_s[0], numbers, int(self.inputs[:8], 16),
            lambda share: self.tell(0.3 + 0.7 * share, _("Trying counters")), lambda: not self.wanted,
        )  # fmt: skip

    def worlds(self, fit: Fit, question: WhatIf) -> tuple[HallModel, ...]:
        """The hall on the asked day: as fitted, and as it may be too, each with the calling rules in force."""
        self.tell(0.25, _("Drawing versions of the hall"))
        facts = facts_of(self.hall, [question.date])[question.date.toordinal()]
        rules = in_force(CALLING, path=self.hall.unit.path, day=question.date).rule
        fitted = fit.model(facts)
        drawn = drawn_models(fit, self.terms.worlds - 1, int(self.inputs[8:16], 16), facts=facts)
        return tuple(replace(model, books=books_of(rules, model.counters)) for model in (fitted, *drawn))


def _shown(visits: Visits) -> str:
    """A digest of visits."""
    columns = ("day", "issued_s", "called_s", "finished_s", "left_s")
    return digest_of(visits.elsewhere, *(getattr(visits, name).tobytes().hex() for name in columns))
