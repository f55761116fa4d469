"""What the days of a demo's halls are made of: the twin's model of each, from the catalogue and counters of the cast.

The same model draws the customers who come in the demo (`customers.py`) and lives through the weeks before its first day
(`demo_past.py`). It counts with the clerks who are there every day; what the floor staff and the duty manager do besides (other
ways shown, the reserve counter, forced diversion) is no part of it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from yingting.kernel.clocks import second_of_day
from yingting.planning.almanac import fullness
from yingting.planning.cast import CATALOGUE, COUNTERS
from yingting.planning.troupe import Part
from yingting.twin.engine.arrays import Enter
from yingting.twin.hall import HallModel, Klass, Law, Length, Need, Stint, Then

OPENS, CLOSES, SLOT_S = dt.time(8, 30), dt.time(18), 1800.0
# Clerks have lunch one after the other: the first at this time, the next when four fifths of it are over.
LUNCH_AT, LUNCH_S, LUNCH_APART_S = dt.time(11, 40), 1800.0, 1440.0
# Customers a half hour from 08:30 to 18:00: two peaks, mid-morning and mid-afternoon, and a quiet noon.
FULL_DAY = (46, 51, 53, 53, 49, 42, 32, 22, 22, 30, 38, 43, 45, 47, 45, 41, 34, 25, 10)
SHARES = {
    "fee": 0.17, "invoice": 0.08, "query": 0.11, "change": 0.13, "addon": 0.08, "open": 0.05, "portin": 0.02, "install": 0.05,
    "move": 0.03, "sim": 0.10, "transfer": 0.02, "ask": 0.12, "complain": 0.04,
}  # fmt: skip
# The counter's time with a customer is more than the handling: the way to the counter, and a breath after.
WAY_S, BREATH_S = 16.5, 6.6
CALLED_AGAIN_S, GIVEN_UP_S, NEXT_AFTER_MISS_S = 35.0, 30.0, 3.0  # what a clerk does when nobody comes
SECOND_SHARE = 0.07  # of the visits are for a second business too, at the same counter
_SECOND_S, _SPREAD = 110.0, 0.6
_SENT_ON, _SENT_TO = 0.03, {"A": "ask", "B": "ask", "C": "change"}  # whose need turns out to be another, by queue
_COMES_AGAIN, _AGAIN_FOR, _AGAIN_AFTER_S = 0.02, ("change", "install", "query"), 2700.0  # it was not settled: to ask
_PATIENCE = Length(5400.0, law=Law.EXPONENTIAL)
_KLASSES = (Klass("care", 0.06, tier=0), Klass("vip", 0.094, head_start_min=5.0), Klass("normal", 0.846))


def model_of(part: Part) -> HallModel:
    """Return an ordinary day of a demo's hall: `part.full` times as full as FULL_DAY, with the clerks who are there every day.

    >>> from yingting.planning.troupe import PARTS
    >>> model_of(PARTS[0]).counters, round(model_of(PARTS[0]).a_day)
    (('2', '3', '4', '5'), 815)
    """
    counters = [counter for counter in part.seats if counter not in part.reserve]
    rates = tuple(tuple(part.full * each * share for share in SHARES.values()) for each in FULL_DAY)
    return HallModel(
        opens_s=second_of_day(OPENS), slot_s=SLOT_S, rates=rates, needs=_needs(), stints=_stints(counters), klasses=_KLASSES,
        busyness=400.0, takes_in_order=True, absent_wait_s=CALLED_AGAIN_S + GIVEN_UP_S + NEXT_AFTER_MISS_S,
    )  # fmt: skip


def model_on(part: Part, day: dt.date) -> HallModel:
    """Return a demo's hall as it is on a day: the almanac says how full it is."""
    model, full = model_of(part), fullness(day)
    return replace(model, rates=tuple(tuple(full * each for each in slot) for slot in model.rates))


def _needs() -> tuple[Need, ...]:
    expected = {
        code: (letter, float(seconds))
        for _, _, letter, types in CATALOGUE.values()
        for code, _, _, _, _, seconds, _ in types
    }
    return tuple(_need(code, *expected[code]) for code in SHARES)


def _need(code: str, letter: str, handling_s: float) -> Need:
    whole = handling_s + WAY_S + BREATH_S
    alone = Length(whole, _SPREAD * handling_s / whole)
    both = Length(whole + _SECOND_S, _SPREAD * (handling_s + _SECOND_S / 2) / (whole + _SECOND_S))
    then = [Then(_SENT_ON, _SENT_TO[letter], Enter.AGE)]
    if code in _AGAIN_FOR:
        then.append(Then(_COMES_AGAIN, "ask", Enter.NEW, _AGAIN_AFTER_S))
    return Need(
        code, letter, ((1.0 - SECOND_SHARE, alone), (SECOND_SHARE, both)), _PATIENCE, absent=0.025, comes_back=0.5, then=tuple(then)
    )  # fmt: skip


def _stints(counters: Sequence[str]) -> tuple[Stint, ...]:
    opens, lunch, closes = second_of_day(OPENS), second_of_day(LUNCH_AT), second_of_day(CLOSES)
    found = []
    for place, counter in enumerate(counters):
        queues, goes = tuple(COUNTERS[counter]), lunch + place * LUNCH_APART_S
        found.append(Stint(counter, opens, goes, queues))
        found.append(Stint(counter, goes + LUNCH_S, closes, queues, drains=True))
    return tuple(found)
