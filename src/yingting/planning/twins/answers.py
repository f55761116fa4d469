"""What came out, as plain JSON values that are kept and shown: figures with their intervals and day bands."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import numpy as np

from yingting.planning.twins.questions import WhatIf
from yingting.twin.asking import Slot
from yingting.twin.calibrating.checking import Check
from yingting.twin.calibrating.fitted import Fit
from yingting.twin.calibrating.predicting import DayFigures
from yingting.twin.calibrating.reasons import CannotCalibrate, Said
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
def fit_report(fit: Fit, check: Check) -> Json:
    """Return how well a calibration fits: what it learned from, needs, counters, and its own days run again."""
    days = [dt.date.fromordinal(int(day)) for day in fit.visits.days]
    busyness = fit.arrivals.levels.dispersion.busyness
    return {
        "first": days[0].isoformat(), "last": days[-1].isoformat(), "days": len(days), "visits": len(fit.visits),
        "bad_rows": len(fit.faults),
        "needs": [
            {
                "name": service.need, "queue": need.queue, "visits": service.n, "mean_s": plain(service.mean_s),
                "cv": plain(service.law.cv), "parts": len(need.service), "distance": plain(service.distance),
                "patience_s": plain(need.patience.mean_s) if need.patience else None,
            }
            for service, need in zip(fit.services, fit.needs(), strict=True)
        ],
        "busyness_cv": plain(1 / math.sqrt(busyness)) if math.isfinite(busyness) and busyness > 0 else 0.0,
        "counters": [
            {"number": one.code, "pace": plain(one.factor), "error": plain(one.error)} for one in fit.paces
        ],
        "observed": _day(check.observed), "simulated": _day(check.simulated),
        "slots": [
            {"at_s": one.starts_s, "observed_s": plain(one.observed_mean_s), "simulated_s": plain(one.simulated_mean_s)}
            for one in check.slots
        ],
        "said": [_said(one) for one in fit.said],
    }  # fmt: skip


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
