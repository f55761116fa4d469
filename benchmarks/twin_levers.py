"""What levers do, beside a table that another prototype measured (twin-anchors §2j).

    python benchmarks/twin_levers.py [--days 1000]

The table's hall is not written down. This one was found by search: two counters for everything, two for the quick needs, two for
the long ones, and two peaks a day. It comes within .004 of all 32 figures, though not within their chance (.0002 to .0014), so it
is a hall like that one and not the same. Exits with 1 when a figure lies further off.
"""

from __future__ import annotations

import argparse
import math
import sys

from twin_halls import A_DAY, CLOSES_S, CV, MEANS_S, MIX, NEEDS, PATIENCE_S, SLOT_S, SLOTS, VIP

from yingting.twin.asking import Exactness, simulate
from yingting.twin.hall import HallModel, Klass, Law, Length, Need, Stint
from yingting.twin.levers import Divert, Faster, Lever, MoreCounters, Volume, pulled

LEVERS: dict[str, tuple[Lever, ...]] = {
    "base": (), "+1 counter": (MoreCounters(0.0, CLOSES_S),), "30 % of A, C diverted": (Divert(0.3, ("A", "C")),),
    "service -20 %": (Faster(0.8),),
}  # fmt: skip
TOLD = {
    600: ((0.9878, 0.0109), (0.9963, 0.0036), (0.9893, 0.0094), (0.9959, 0.0039)),
    780: ((0.9651, 0.0288), (0.9878, 0.0115), (0.9716, 0.0228), (0.9885, 0.0107)),
    900: ((0.9347, 0.0490), (0.9759, 0.0218), (0.9501, 0.0369), (0.9795, 0.0185)),
    1080: ((0.8497, 0.0944), (0.9400, 0.0479), (0.8971, 0.0672), (0.9544, 0.0377)),
}
SKILLS = ("ABCD", "ABCD", "AC", "AC", "BD", "BD")
PEAKS, WIDTH, HEIGHT = (4, 17), 2.5, 1.5
SLACK = 0.004


def two_peaks() -> HallModel:
    """The hall that the search found."""
    shape = [1 + sum(HEIGHT * math.exp(-(((slot - peak) / WIDTH) ** 2) / 2) for peak in PEAKS) for slot in range(SLOTS)]
    rates = tuple(tuple(A_DAY * part / sum(shape) * MIX[need] for need in NEEDS) for part in shape)
    patience = Length(PATIENCE_S, 1.0, Law.EXPONENTIAL)
    return HallModel(
        0.0, SLOT_S, rates,
        tuple(Need(need, need, ((1.0, Length(MEANS_S[need], CV)),), patience) for need in NEEDS),
        tuple(Stint(str(at), 0.0, CLOSES_S, tuple(skills), drains=True) for at, skills in enumerate(SKILLS, start=1)),
        (Klass("normal", 1 - VIP), Klass("vip", VIP, 0)),
    )  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=1000)
    options = parser.parse_args()
    hall, furthest = two_peaks(), 0.0
    print("within 10 min / left, ours and the table's\n  a day  " + "".join(f"{name:<32}" for name in LEVERS))
    for volume, row in TOLD.items():
        halls = [pulled(hall, (Volume(volume / A_DAY), *levers)) for levers in LEVERS.values()]
        cells = []
        for outcome, (kept, left) in zip(
            simulate(halls, seed=5, exact=Exactness(0.0, options.days, options.days)), row, strict=True
        ):
            ours = outcome.within(with_left=True).value, outcome.left().value
            furthest = max(furthest, abs(ours[0] - kept), abs(ours[1] - left))
            cells.append(f"{ours[0]:.4f}/{ours[1]:.4f}  {kept:.4f}/{left:.4f}")
        print(f"{volume:7d}  " + "".join(f"{cell:<32}" for cell in cells), flush=True)
    print(f"  furthest apart: {furthest:.4f} (at most {SLACK})")
    return int(furthest > SLACK)


if __name__ == "__main__":
    sys.exit(main())
