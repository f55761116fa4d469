"""The settings of fair comparison: one frozen value, edited as a rule, handed into every function here that judges units.

Sources of the defaults: intervals of 95 % are the custom of the field; 90 % for ranks and "more likely than 95 % to be
better" for pairs follow Goldstein & Spiegelhalter (1996), "League tables and their limitations", J. R. Stat. Soc. A 159,
385-443. Four units are the fewest with which the spread between units can be estimated at all (see shrinking.py).
"""

from __future__ import annotations

from dataclasses import dataclass

from yingting.kernel.shapes import Named, said
from yingting.kernel.words import gettext_noop


@dataclass(frozen=True, slots=True)
class TrafficClass(Named):
    """Halls with at least this many visits a day, up to the next class."""

    from_visits: int = said(gettext_noop("From visits a day"), low=0, high=100_000, default=0)


@dataclass(frozen=True, slots=True)
class Fairness:
    """How units are compared. `draws` and `seed` fix the simulation of ranks: the same input gives the same output."""

    level: float = said(
        gettext_noop("Level of the interval"),
        help=gettext_noop("How often the interval holds the true value: 0.95 is nineteen times out of twenty."),
        low=0.5, high=0.999, default=0.95,
    )  # fmt: skip
    rank_level: float = said(gettext_noop("Level of the rank range"), low=0.5, high=0.999, default=0.9)
    apart: float = said(
        gettext_noop("Told apart from this probability on"),
        help=gettext_noop("Two units are told apart when the one is better than the other at least this surely."),
        low=0.5, high=0.999, default=0.95,
    )  # fmt: skip
    least_cases: int = said(
        gettext_noop("Fewest cases"),
        help=gettext_noop("A unit with fewer cases is not rated: it is listed apart and has no rank."),
        low=1, high=10_000, default=30,
    )  # fmt: skip
    least_units: int = said(
        gettext_noop("Fewest units of a peer group"),
        help=gettext_noop("A smaller group is compared within the next wider one, and the page says so."),
        low=4, high=1000, default=5,
    )  # fmt: skip
    pooled_cases: int = said(
        gettext_noop("Weight of the common spread"),
        help=gettext_noop("The spread of all units counts like this many cases beside a unit's own spread."),
        low=1, high=100, default=4,
    )  # fmt: skip
    draws: int = said(gettext_noop("Draws of the rank simulation"), low=200, high=20_000, default=2000)
    seed: int = said(gettext_noop("Seed of the rank simulation"), low=0, high=2**31 - 1, default=0)
    traffic: tuple[TrafficClass, ...] = said(
        gettext_noop("Traffic classes"),
        help=gettext_noop("Halls are compared with halls of the same type and the same traffic."),
        default=(),
    )  # fmt: skip


def peer_groups(hall_type: str, visits_a_day: float | None, traffic: tuple[TrafficClass, ...]) -> tuple[str, ...]:
    """Return the peer groups of a hall from narrow to wide: (type and traffic, type); traffic unknown: (type,).

    >>> classes = (TrafficClass("quiet", "较少", "Quiet", 0), TrafficClass("busy", "较多", "Busy", 200))
    >>> peer_groups("flagship", 200.0, classes), peer_groups("flagship", 199.9, classes)
    (('flagship/busy', 'flagship'), ('flagship/quiet', 'flagship'))
    >>> peer_groups("flagship", None, classes)
    ('flagship',)
    """
    below = [one for one in traffic if visits_a_day is not None and visits_a_day >= one.from_visits]
    if not below:
        return (hall_type,)
    return (f"{hall_type}/{max(below, key=lambda one: one.from_visits).code}", hall_type)
