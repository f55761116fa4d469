"""Small rules and inputs for tests, with weights that are easy to reckon with."""

import datetime as dt
from fractions import Fraction

from yingting.reporting.scorecards.rules import Inputs, Month, Value
from yingting.reporting.scorecards.shapes import Bound, Dimension, Gate, Item, Normal, Scorecard, Terms

JANUARY = Month(dt.date(2026, 1, 1))
LIMITS = {"wait": Fraction(10)}
TERMS = Terms(service_floor=60, rated_floor=60, settling_days=3)
RULE = Scorecard(
    (
        Item("wait", Dimension.WAITS, 30, Normal.ANCHORS, at_zero=20, at_full=8),
        Item("within", Dimension.WAITS, 10, Normal.ANCHORS, at_zero=50, at_full=90),
        Item("speed", Dimension.HANDLING, 30, Normal.ANCHORS, at_zero=60, at_full=100),
        Item("sold", Dimension.PEOPLE, 20, Normal.TARGET, is_service=False),
        Item("machines", Dimension.FACILITIES, 10, Normal.ANCHORS, at_zero=0, at_full=40),
    ),
    (Gate("wait", Bound.WAIT), Gate("speed", Bound.VALUE, 80)),
)


def value(key, number, n=100, *, unit="share", better_is="higher", target=None, minimum_sample=30):
    return Value(key, unit, better_is, number, n, target, minimum_sample)


def inputs(**changed):
    """Waits 14 min (50 points), 70 % within (50), speed 90 % (75), sold 0.3 of 0.4 (75), machines 40 % (100)."""
    values = {
        "wait": value("wait", 840.0, unit="seconds", better_is="lower"),
        "within": value("within", 0.7),
        "speed": value("speed", 0.9),
        "sold": value("sold", 0.3, target=0.4),
        "machines": value("machines", 0.4),
    } | changed
    return Inputs({key: one for key, one in values.items() if one is not None}, LIMITS)
