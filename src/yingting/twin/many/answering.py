"""Answer one hall of many. The function that every runner calls: it knows no process, no cluster, no database, and never raises.

Its rows depend on the job alone: the order in which visits arrive, the number of workers and the place of work change nothing.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Iterator
from dataclasses import replace

import pyarrow as pa

from yingting.twin.asking import Exactness
from yingting.twin.calibrating.checking import check_by_simulation
from yingting.twin.calibrating.fitted import Fit
from yingting.twin.calibrating.fitting import fit_visits
from yingting.twin.calibrating.predicting import DayFigures, drawn_models
from yingting.twin.calibrating.reasons import CannotCalibrate
from yingting.twin.calibrating.tabled import COLUMNS, as_visits
from yingting.twin.calibrating.visits import Visits
from yingting.twin.forecasting.forecast import TooFewDaysError
from yingting.twin.forecasting.of_visits import foresee
from yingting.twin.hall import HallModel, Klass, ModelError
from yingting.twin.levers import of_all
from yingting.twin.many.jobs import (
    Foresee,
    HallFacts,
    HallJob,
    HallRow,
    Learn,
    ManyQuestion,
    Try,
    from_text,
    inputs_of,
    number,
    seeds_of,
    why_not,
)
from yingting.twin.measures import Figure
from yingting.twin.worlds import Answer, Side, ask

log = logging.getLogger(__name__)
ORDER = ("business_day", "issued_at", "visit")
READ = (*COLUMNS, "visit")  # the columns of the fact table that a job needs


def answer_hall(job: HallJob) -> list[HallRow]:
    """Return the rows of a hall; one row that says why, where it cannot be answered."""
    inputs = ""
    try:
        facts, question = from_text(HallFacts, job.facts), from_text(ManyQuestion, job.question)
        visits = _visits(job.visits, facts)
        inputs = inputs_of(job, visits)
        return [replace(row, inputs=inputs) for row in _answered(job.hall, facts, question, visits)]
    except CannotCalibrate as no:
        return [why_not(job.hall, [(one.code, dict(one.values)) for one in no.reasons], inputs)]
    except TooFewDaysError as few:
        values = {name: str(value) for name, value in few.sentence[1].items()}
        return [why_not(job.hall, [("forecast_too_few", values)], inputs)]
    except ModelError as no:
        return [why_not(job.hall, [("cannot_run", {"problem": one}) for one in no.problems], inputs)]
    except Exception as defect:  # one hall's defect must not take the others along
        log.exception("hall %s of many failed", job.hall)
        return [why_not(job.hall, [("failed", {"error": type(defect).__name__})], inputs)]


def _visits(rows: pa.Table, facts: HallFacts) -> Visits:
    """The visits in an order of their own: sums of rounded numbers depend on the order, and answers must not."""
    ordered = rows.sort_by([(name, "ascending") for name in ORDER])
    return replace(as_visits(ordered, facts.timezone, dict(facts.letters)), elsewhere=facts.elsewhere)


def _answered(hall: str, facts: HallFacts, question: ManyQuestion, visits: Visits) -> Iterator[HallRow]:
    match question.what:
        case Foresee(first=first, days=days):
            yield from _foreseen(hall, facts, visits, first, days)
        case Learn():
            yield from _learned(hall, _fit(facts, visits), facts.limits_s)
        case Try():
            yield from _tried(hall, _fit(facts, visits), facts, question)


def _fit(facts: HallFacts, visits: Visits) -> Fit:
    known = {one.code: one for one in facts.klasses}
    klasses = tuple(known.get(name, Klass(name, 0.0)) for name in visits.names.klasses)
    days = {one.day: one for one in facts.days if one.opens_s is not None}
    return fit_visits(visits, days, klasses=klasses)


# ---------------------------------------------------------------------------------------------- measures
_FIGURES: tuple[tuple[str, Callable[[Side], Figure]], ...] = (
    ("within", Side.within),
    ("challenge", lambda side: side.within(1)),
    ("left", Side.left),
    ("wait_s", Side.wait_s),
    ("p90_s", Side.p90_s),
    ("used", Side.used),
)


def _tried(hall: str, fit: Fit, facts: HallFacts, question: ManyQuestion) -> Iterator[HallRow]:
    day, effort = facts.asked, question.effort
    if day is None or day.opens_s is None:
        yield why_not(hall, [("no_day", {})])
        return
    assert isinstance(question.what, Try)
    of_worlds, of_days = seeds_of(question.seed, hall)
    drawn = drawn_models(fit, effort.worlds - 1, of_worlds, facts=day)
    worlds: tuple[HallModel, ...] = tuple(replace(one, books=facts.books) for one in (fit.model(day), *drawn))
    levers = of_all(question.what.levers, worlds[0].counters)
    exact = Exactness(effort.half_width, min(200, effort.most_days), effort.most_days)
    found = ask(worlds, levers, seed=of_days, exact=exact, threads=1, limits_s=facts.limits_s)
    for name, of in _FIGURES:
        change = found.difference(of)
        yield HallRow(
            hall, name, number(of(found.before).value), number(of(found.after).value), number(change.value), number(change.low),
            number(change.high),
        )  # fmt: skip
    yield from _plain_rows(hall, found)


def _plain_rows(hall: str, found: Answer) -> Iterator[HallRow]:
    """Figures that are known for sure: customers expected a day, counter hours."""
    for name, now, then in (
        ("customers", found.before.model.a_day, found.after.model.a_day),
        ("counter_hours", found.before.counter_hours(), found.after.counter_hours()),
    ):
        yield HallRow(hall, name, number(now), number(then), number(then - now))


# ---------------------------------------------------------------------------------------------- learning, foreseeing
def _learned(hall: str, fit: Fit, limits_s: tuple[float, ...]) -> Iterator[HallRow]:
    """The training days: `now` as they were seen, `then` run again."""
    check = check_by_simulation(fit, limits_s=limits_s)
    seen, made = (_by_name(one, len(check.days)) for one in (check.observed, check.simulated))
    for name, value in seen.items():
        yield HallRow(hall, name, number(value), number(made[name]), number(made[name] - value))


def _by_name(figures: DayFigures, days: int) -> dict[str, float]:
    return {
        "within": figures.within[0], "challenge": figures.within[1], "wait_s": figures.mean_s, "p90_s": figures.p90_s,
        "left": figures.abandonment, "customers": figures.customers / days,
    }  # fmt: skip


def _foreseen(hall: str, facts: HallFacts, visits: Visits, first: int, days: int) -> Iterator[HallRow]:
    """Customers by day (`customers:2026-01-05`) with the band for nine days of ten."""
    found = foresee(visits, {one.day: one for one in facts.days}, first, days).found
    levels = sorted(found.total_bands)
    low, high = found.total_bands[levels[0]], found.total_bands[levels[-1]]
    for place in range(days):
        on = dt.date.fromordinal(first + place).isoformat()
        yield HallRow(
            hall, f"customers:{on}", None, number(found.totals[place]), None, number(low[place]), number(high[place])
        )
