"""Simulated days of a hall as its twin knows it: what a wait model learns from beside the hall's own days.

Only workers and commands import this: it brings the compiler along.
"""

from __future__ import annotations

import datetime as dt
import logging

from yingting.domains.queueing.queries.setup import fresh_setup
from yingting.foundation.rulebook.reading import in_force
from yingting.foundation.sites.models import Hall
from yingting.planning.twins.data import klasses_of, visits_between
from yingting.planning.twins.days import facts_of
from yingting.planning.twins.kinds import TERMS
from yingting.twin.calibrating.fitting import fit_visits
from yingting.twin.calibrating.reasons import CannotCalibrate
from yingting.twin.hall import ModelError
from yingting.twin.seeing import Sample, from_hall, joined

log = logging.getLogger(__name__)
DAYS = 100  # for each of the days to come
AHEAD = 5


def simulated_days(hall: Hall, today: dt.date) -> Sample | None:
    """Return states and waits of simulated days like the next ones, or None for a hall whose visits make no twin.

    The twin learns from the visits in the lake, be they the hall's own or those of a log that was brought in.
    """
    terms = in_force(TERMS, path=hall.unit.path, day=today).rule
    days = [today - dt.timedelta(days=back) for back in range(terms.learns_days, 0, -1)]
    visits = visits_between(hall, days[0], days[-1])
    open_facts = {day: one for day, one in facts_of(hall, days).items() if one.opens_s is not None}
    setup = fresh_setup(hall.pk)
    expected_s = {one.name: float(one.expected_s) for one in setup.businesses.values()}
    coming = [
        one
        for one in facts_of(hall, (today + dt.timedelta(days=ahead) for ahead in range(AHEAD))).values()
        if one.opens_s is not None
    ]
    try:
        fit = fit_visits(visits, open_facts, klasses=klasses_of(hall, visits.names.klasses))
        parts = [from_hall(fit.model(one), days=DAYS, seed=one.day, expected_s=expected_s) for one in coming]
    except (CannotCalibrate, ModelError) as no:
        log.info("hall %s has no twin to learn waits from: %s", hall.code, no)
        return None
    return joined(parts) if parts else None
