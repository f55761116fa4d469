"""Build a fitted hall from its own visits, or from snapshots where tickets are missing; or say honestly why not."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from yingting.twin.calibrating.arrivals import count_arrivals, fit_arrivals
from yingting.twin.calibrating.days import DayFacts
from yingting.twin.calibrating.doubts import doubts
from yingting.twin.calibrating.fitted import Fit
from yingting.twin.calibrating.laws import Mixed
from yingting.twin.calibrating.patience import fit_patience
from yingting.twin.calibrating.reasons import CannotCalibrate, Demands, Fault, Said
from yingting.twin.calibrating.seats import Roster, Seating, fit_seating, pools, usual_stints
from yingting.twin.calibrating.services import Pace, Service, fit_paces, fit_services
from yingting.twin.calibrating.slackness import fit_slack
from yingting.twin.calibrating.snapshots import Rebuilt, Snapshots, planned, rebuild, usable_rows
from yingting.twin.calibrating.unseen import unseen_patience
from yingting.twin.calibrating.visits import Outcome, Visits, usable
from yingting.twin.hall import Appointments, Klass

_INFERRED_CV = (
    0.8  # what services of counters vary by where only their mean is seen (Brown et al. 2005 find 0.9 to 1.2)
)
_ABSENT_LEAN = 50.0
_NORMAL = (Klass("normal"),)


def fit_visits(
    visits: Visits, facts: Mapping[int, DayFacts] | None = None, *, demands: Demands | None = None,
    klasses: Sequence[Klass] = (), booked: str = "", days: Sequence[int] = (), seed: int = 0,
) -> Fit:  # fmt: skip
    """Return the hall that these visits show.

    `facts` are the days' kinds, hours and counters where known (a day without counters takes them from who served whom).
    `klasses` are the hall's priority classes in the order of `visits.names.klasses` (their shares come from the data);
    `booked` is the class of those who come by appointment. `days`: only these train. Raises CannotCalibrate.
    """
    demands = demands or Demands()
    good, faults = usable(visits, demands.first_day, demands.last_day)
    refuse_bad_rows(faults, len(visits), demands)
    good = good.of_days(np.array(days)) if len(days) else good
    _refuse_small(good, faults, demands)
    services = fit_services(good, demands)
    paces = fit_paces(good, services)
    known = {int(day): (facts or {}).get(int(day), DayFacts(int(day))) for day in good.days}
    if not (good.counter >= 0).any() and any(one.stints is None for one in known.values()):
        raise CannotCalibrate([Said("no_counters")], faults)
    seating = _seating(good, known, paces, demands)
    seen = {one.day: one.stints for one in seating.rosters}
    known = {day: one if one.stints is not None else replace(one, stints=seen[day]) for day, one in known.items()}
    shares, plan = _klasses(good, tuple(klasses) or tuple(Klass(name) for name in good.names.klasses), booked)
    fit = Fit(
        good, known, demands, fit_arrivals(count_arrivals(good, facts or {}, demands), demands), services,
        fit_patience(good, demands), paces, seating, _absent(good), _diverted(good), shares, plan, (), {}, (), faults,
    )  # fmt: skip
    every = tuple(stint for one in known.values() for stint in one.stints or ())
    return _finished(fit, pools(good.names.queues, every), seed)


def fit_snapshots(
    rows: Snapshots, kinds: Mapping[int, DayFacts] | None = None, *, demands: Demands | None = None,
    days: Sequence[int] = (), seed: int = 0,
) -> Fit:  # fmt: skip
    """Return the hall that snapshots show; a need is a queue. `kinds` say holidays. Raises CannotCalibrate."""
    demands = demands or Demands()
    chosen = rows.only(np.isin(rows.day, np.array(days))) if len(days) else rows
    _, faults = usable_rows(chosen, demands)
    refuse_bad_rows(faults, len(chosen), demands)
    return fit_rebuilt(rebuild(chosen, demands), kinds, demands=demands, seed=seed)


def fit_rebuilt(
    rebuilt: Rebuilt, kinds: Mapping[int, DayFacts] | None = None, *, demands: Demands | None = None,
    days: Sequence[int] = (), seed: int = 0,
) -> Fit:  # fmt: skip
    """Return the hall that rebuilt tickets show, from these days (none named: all). Raises CannotCalibrate."""
    demands = demands or Demands()
    visits = rebuilt.visits.of_days(np.array(days)) if len(days) else rebuilt.visits
    _refuse_small(visits, rebuilt.faults, demands)
    if not (visits.waited_s > 0).any() or not rebuilt.calls.sum():
        raise CannotCalibrate([Said("never_waited")], rebuilt.faults)
    facts = {int(day): planned(rebuilt, (kinds or {}).get(int(day), DayFacts(int(day)))) for day in visits.days}
    services = _inferred(visits, rebuilt)
    rosters = tuple(Roster(day, one.stints or ()) for day, one in facts.items())
    counters = tuple(dict.fromkeys(stint.counter for one in rosters for stint in one.stints))
    nothing = np.zeros((len(counters), len(visits.names.queues)))
    seating = Seating(counters, visits.names.queues, nothing, nothing > 0, rosters, usual_stints(rosters))
    none, paces = (0.0,) * len(services), tuple(Pace(name, 0, 1.0, 0.0) for name in counters)
    clocks = {int(day): rebuilt.clocks[int(day)] for day in visits.days}
    arrivals = fit_arrivals(count_arrivals(visits, facts, demands), demands)
    fit = Fit(
        visits, facts, demands, arrivals, services, unseen_patience(rebuilt, visits.names.needs), paces, seating, none, none,
        _NORMAL, None, (), clocks, (), rebuilt.faults,
    )  # fmt: skip
    return _finished(fit, rebuilt.pools, seed)


def refuse_bad_rows(faults: tuple[Fault, ...], rows: int, demands: Demands) -> None:
    """Raise CannotCalibrate when the clock is broken or too many rows are bad."""
    clock = sum(fault.code == "row_day_impossible" for fault in faults)
    reasons = []
    if rows and clock / rows > demands.bad_share:
        reasons.append(Said("clock_broken", (("share", f"{clock / rows:.0%}"),)))
    if rows and len(faults) / rows > demands.bad_share:
        reasons.append(
            Said("too_many_bad_rows", (("share", f"{len(faults) / rows:.0%}"), ("most", f"{demands.bad_share:.0%}")))
        )
    if reasons:
        raise CannotCalibrate(reasons, faults)


def _refuse_small(visits: Visits, faults: tuple[Fault, ...], demands: Demands) -> None:
    reasons = []
    if len(visits.days) < demands.days:
        reasons.append(Said("too_few_days", (("days", len(visits.days)), ("wanted", demands.days))))
    if len(visits) < demands.visits:
        reasons.append(Said("too_few_visits", (("visits", len(visits)), ("wanted", demands.visits))))
    if not np.isfinite(visits.called_s).any():
        reasons.append(Said("no_calls"))
    if reasons:
        raise CannotCalibrate(reasons, faults)


def _finished(fit: Fit, of_pools: Sequence[tuple[str, ...]], seed: int) -> Fit:
    fit = replace(fit, slack=fit_slack(fit, of_pools, seed=seed))
    return replace(fit, said=doubts(fit))


def _seating(visits: Visits, facts: Mapping[int, DayFacts], paces: tuple[Pace, ...], demands: Demands) -> Seating:
    """The seating that the visits show, with the counters that the facts name in place of what is seen."""
    seating = fit_seating(visits, paces, demands)
    rosters = tuple(
        one if (stints := facts[one.day].stints) is None else Roster(one.day, stints) for one in seating.rosters
    )
    return replace(seating, rosters=rosters, usual=usual_stints(rosters))


def _inferred(visits: Visits, rebuilt: Rebuilt) -> tuple[Service, ...]:
    """Services where only numbers move: counter time while somebody waited, over the numbers called in it, by pool."""
    hall = float(rebuilt.exposure_s.sum() / max(1.0, rebuilt.calls.sum()))
    sigma = math.sqrt(math.log1p(_INFERRED_CV**2))
    law = Mixed((1.0,), (0.0,), (sigma,))
    pool_of = {queue: place for place, pool in enumerate(rebuilt.pools) for queue in pool}
    found = []
    for need, name in enumerate(visits.names.needs):
        place = pool_of.get(name)
        calls = rebuilt.calls[place] if place is not None else 0.0
        exposure = rebuilt.exposure_s[place] if place is not None else 0.0
        mean = (exposure + 10 * hall) / (calls + 10)
        n = int((visits.need == need).sum())
        found.append(
            Service(name, n, math.nan, mean, mean * _INFERRED_CV / math.sqrt(calls + 10), law, math.nan, calls < 10)
        )
    return tuple(found)


def _absent(visits: Visits) -> tuple[float, ...]:
    """The share of each need that did not come when called, leaning on the hall's."""
    missed = (visits.outcome == Outcome.NO_SHOW) & ~visits.is_booked
    called = visits.came | missed
    whole = missed.sum() / max(1, called.sum())
    mine = [visits.need == need for need in range(len(visits.names.needs))]
    return tuple(
        float(((missed & one).sum() + _ABSENT_LEAN * whole) / ((called & one).sum() + _ABSENT_LEAN)) for one in mine
    )


def _diverted(visits: Visits) -> tuple[float, ...]:
    """The share of each need that was sent elsewhere."""
    sent = dict(visits.elsewhere)
    here = np.bincount(visits.need, minlength=len(visits.names.needs))
    return tuple(
        sent.get(name, 0) / max(1.0, sent.get(name, 0) + float(here[place]))
        for place, name in enumerate(visits.names.needs)
    )


def _klasses(visits: Visits, klasses: tuple[Klass, ...], booked: str) -> tuple[tuple[Klass, ...], Appointments | None]:
    """The classes with the shares of those who did not book, and what is known of those who did."""
    own = visits.klass[~visits.is_booked]
    counted = np.bincount(own, minlength=len(klasses)) if len(own) else np.eye(len(klasses))[0]
    share = counted / counted.sum()
    found = tuple(replace(one, share=float(share[place])) for place, one in enumerate(klasses))
    if not booked or not visits.is_booked.any():
        return found, None
    missing = (visits.outcome == Outcome.NO_SHOW) & visits.is_booked
    plan = Appointments(float(visits.is_booked.mean()), booked, no_show=float(missing.sum() / visits.is_booked.sum()))
    return found, plan
