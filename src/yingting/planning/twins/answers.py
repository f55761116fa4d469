"""What came out, as plain JSON values that are kept and shown: figures with their intervals and day bands."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import numpy as np

from yingting.planning.twins.questions import WhatIf
from yingting.twin.asking import Slot
from yingting.twin.calibrating.fitted import Fit
from yingting.twin.calibrating.predicting import DayFigures
from yingting.twin.calibrating.reasons import CannotCalibrate, Said
from yingting.twin.calibrating.report import FitReport, NeedReport
from yingting.twin.measures import Figure
from yingting.twin.worlds import Answer, Side

Json = dict[str, Any]
_PICTURE_EVERY = 10  # minutes


def answer_of(found: Answer, question: WhatIf, limits_s: tuple[float, ...]) -> Json:
    """Return an answer: `before`, `after` and `difference` by figure, the day in slots, and the people waiting by the clock."""
    return {
        "limits_s": list(limits_s),
        "day": question.day,
        "days": found.before.days,
        "worlds": len(found.before.worlds),
        "customers": plain(found.before.model.a_day),
        "before": _side(found.before),
        "after": _side(found.after),
        "difference": {
            "within": figure_of(found.difference(Side.within)),
            "challenge": figure_of(found.difference(lambda side: side.within(1))),
            "left": figure_of(found.difference(Side.left)),
            "wait_s": figure_of(found.difference(Side.wait_s)),
            "p90_s": figure_of(found.difference(Side.p90_s)),
            "used": figure_of(found.difference(Side.used)),
        },
        "staff_hours": plain(found.staff_hours()),
    }


def _side(side: Side) -> Json:
    waiting = side.waiting()[:, ::_PICTURE_EVERY]
    return {
        "within": figure_of(side.within()),
        "challenge": figure_of(side.within(1)),
        "left": figure_of(side.left()),
        "wait_s": figure_of(side.wait_s()),
        "p90_s": figure_of(side.p90_s()),
        "used": figure_of(side.used()),
        "seats": side.seats(),
        "counter_hours": plain(side.counter_hours()),
        "slots": [_slot(one) for one in side.by_slot()],
        "waiting": [[plain(value) for value in row] for row in waiting],
    }


def _slot(slot: Slot) -> Json:
    return {
        "at_s": slot.at_s, "came": plain(slot.came.value), "within": figure_of(slot.within), "p90_s": plain(slot.p90_s),
        "left": plain(slot.left.value), "counters": plain(slot.counters), "used": plain(slot.used),
    }  # fmt: skip


def figure_of(figure: Figure) -> list[float | None]:
    """Return [value, low, high, day_low, day_high]."""
    return [plain(one) for one in (figure.value, figure.low, figure.high, figure.day_low, figure.day_high)]


def plain(value: float) -> float | None:
    """Return a number as it is kept: five decimals, None for what is no number."""
    return None if not math.isfinite(value) else round(float(value), 5)


# ---------------------------------------------------------------------------------------------- calibration
def fit_report(fit: Fit, found: FitReport) -> Json:
    """Return how well a calibration fits: what it learned from, needs, counters, and its own days run again."""
    days = [dt.date.fromordinal(int(day)) for day in fit.visits.days]
    busyness = found.arrivals.busyness
    return {
        "first": days[0].isoformat(), "last": days[-1].isoformat(), "days": len(days), "visits": len(fit.visits),
        "bad_rows": len(found.faults),
        "needs": [
            {
                "name": one.need, "queue": one.queue, "visits": one.n, **_handling(one, need.mean_s if fit.clocks else None),
                "cv": plain(one.cv), "parts": len(one.parts), "distance": plain(one.distance),
                "patience_s": plain(one.patience.length.mean_s) if one.patience else None,
                "absent": plain(one.absent), "diverted": plain(one.diverted),
            }
            for one, need in zip(found.needs, fit.needs(), strict=True)
        ],
        "busyness_cv": plain(1 / math.sqrt(busyness)) if math.isfinite(busyness) and busyness > 0 else 0.0,
        "counters": [
            {"number": one.code, "pace": plain(one.factor), "error": plain(one.error)} for one in found.paces
        ],
        "skills": [[one.counter, list(one.serves)] for one in found.skills],
        "observed": _day(found.check.observed), "simulated": _day(found.check.simulated),
        "slots": [
            {"at_s": one.starts_s, "observed_s": plain(one.observed_mean_s), "simulated_s": plain(one.simulated_mean_s)}
            for one in found.check.slots
        ],
        "said": [_said(one) for one in found.said],
    }  # fmt: skip


def _handling(need: NeedReport, inferred_s: float | None) -> Json:
    """The mean handling time with its interval. From snapshots it is what the counters' pace comes to, and has none."""
    if inferred_s is not None:
        return {"mean_s": plain(inferred_s), "low_s": None, "high_s": None}
    return {"mean_s": plain(need.mean_s), "low_s": plain(need.low_s), "high_s": plain(need.high_s)}


def _day(figures: DayFigures) -> Json:
    return {
        "customers": plain(figures.customers), "within": plain(figures.within[0]), "challenge": plain(figures.within[1]),
        "mean_s": plain(figures.mean_s), "p90_s": plain(figures.p90_s), "left": plain(figures.abandonment),
    }  # fmt: skip


def refusal_of(no: CannotCalibrate) -> Json:
    """Return why the data cannot carry a model."""
    codes, counts = np.unique([one.code for one in no.faults], return_counts=True)
    return {
        "reasons": [_said(one) for one in no.reasons],
        "rows": [[str(code), int(count)] for code, count in zip(codes, counts, strict=True)],
    }


def _said(said: Said) -> Json:
    return {"code": said.code, "values": dict(said.values)}
