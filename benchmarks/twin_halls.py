"""The halls that the twin is measured on, the numbers that every engine gets, and when engines agree.

The hall day of twin-anchors §1b names neither the skills nor the profile; ours are written here. A flat day of 26 half hours,
600 customers expected, four log-normal needs, six counters of which specialists are taken first, 10 % in the care lane, who
loses patience leaves, whoever has a number at closing is still served.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from yingting.twin.hall import HallModel, Klass, Law, Length, Need, Stint
from yingting.twin.measures import Figure, share

SLOTS, SLOT_S, A_DAY = 26, 1800.0, 600.0
CLOSES_S = SLOTS * SLOT_S
MEANS_S = {"A": 180.0, "B": 300.0, "C": 90.0, "D": 420.0}
MIX = {"A": 0.40, "B": 0.25, "C": 0.20, "D": 0.15}
CV, VIP, PATIENCE_S, LIMIT_S = 0.8, 0.1, 1800.0, 600.0
SKILLS = ("AC", "AC", "ABC", "ABC", "ABCD", "ABCD")
"""What each counter serves, in the order in which free counters are taken."""
GAP_S = CLOSES_S / A_DAY
NEEDS = tuple(MEANS_S)
SIGMA = math.sqrt(math.log1p(CV * CV))
MU = {need: math.log(mean) - SIGMA * SIGMA / 2 for need, mean in MEANS_S.items()}

MMC = {"rate": 7.2, "servers": 8, "mean": 1.0}
EXACT_MMC = {"waits": 0.701533, "mean": 0.876916}

Days = NDArray[np.float64]
"""One row a simulated day: came, served within the limit, left without service, served, their waits together in seconds."""
FIGURES = {"within 10 min": (1, 0), "left": (2, 0), "mean wait s": (4, 3)}


def hall_day(volume: float = 1.0) -> HallModel:
    """The hall day as the twin takes it."""
    rates = tuple(tuple(A_DAY / SLOTS * MIX[need] for need in NEEDS) for _ in range(SLOTS))
    patience = Length(PATIENCE_S, 1.0, Law.EXPONENTIAL)
    return HallModel(
        0.0, SLOT_S, rates,
        tuple(Need(need, need, ((1.0, Length(MEANS_S[need], CV)),), patience) for need in NEEDS),
        tuple(Stint(str(at), 0.0, CLOSES_S, tuple(skills), drains=True) for at, skills in enumerate(SKILLS, start=1)),
        (Klass("normal", 1 - VIP), Klass("vip", VIP, 0)), takes_in_order=True, volume=volume, volume_at_most=volume,
    )  # fmt: skip


def steady_hall(customers: int) -> HallModel:
    """M/M/8, as one long day."""
    span = customers / MMC["rate"]
    return HallModel(
        0.0, span, ((float(customers),),), (Need("a", "A", ((1.0, Length(MMC["mean"], 1.0, Law.EXPONENTIAL)),)),),
        tuple(Stint(str(seat), 0.0, span, ("A",), drains=True) for seat in range(int(MMC["servers"]))),
    )  # fmt: skip


def figures(days: Days) -> dict[str, Figure]:
    """The three figures that are compared, each with its 95 % interval (days are independent)."""
    return {name: share(days[:, part], days[:, whole]) for name, (part, whole) in FIGURES.items()}


def apart(one: Figure, other: Figure) -> float:
    """By how many standard errors of their difference two figures lie apart."""
    return abs(one.value - other.value) / (math.hypot(one.half_width, other.half_width) / 1.96)
