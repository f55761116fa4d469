"""A hall calibrated from its snapshots, where its own visits are too few. Only workers import this."""

from __future__ import annotations

import datetime as dt

import numpy as np

from yingting.foundation.sites.models import Hall
from yingting.planning.twins.days import facts_of
from yingting.planning.twins.questions import digest_of
from yingting.planning.twins.snapshots.kept import last_snapshots
from yingting.twin.calibrating.fitted import Fit
from yingting.twin.calibrating.fitting import fit_snapshots
from yingting.twin.calibrating.reasons import Demands
from yingting.twin.calibrating.snapshots import Snapshots
from yingting.twin.calibrating.visits import Visits, usable


def snapshots_instead(hall: Hall, visits: Visits, days: int) -> Snapshots | None:
    """Return the snapshots that the twin learns from: those of the last days that there are any of, so many at most.

    None where the visits are enough for a calibration (they win), or the hall has no snapshots.
    """
    good, _faults = usable(visits)
    wanted = Demands()
    if len(good) >= wanted.visits and len(good.days) >= wanted.days:
        return None
    return last_snapshots(hall, days)


def fit_of_snapshots(hall: Hall, rows: Snapshots) -> Fit:
    """Return the hall that its snapshots show. Raises CannotCalibrate."""
    return fit_snapshots(rows, facts_of(hall, [dt.date.fromordinal(int(day)) for day in np.unique(rows.day)]))


def snapshots_digest(rows: Snapshots | None) -> str:
    """Return a digest of snapshots; empty where there are none."""
    if rows is None:
        return ""
    columns = ("day", "at_s", "queue", "waiting", "counters", "number")
    return digest_of(rows.queues, *(getattr(rows, name).tobytes().hex() for name in columns))


def learned(fit: Fit | None, rows: Snapshots | None) -> dict[str, object]:
    """Return what an answer says about where it comes from: visits or snapshots, of how many days, until which."""
    days = rows.day if fit is None and rows is not None else fit.visits.days if fit is not None else np.zeros(0, int)
    if not len(days):
        return {}
    until, count = dt.date.fromordinal(int(days.max())).isoformat(), len(np.unique(days))
    return {"learned": {"from": "visits" if rows is None else "snapshots", "days": count, "until": until}}
