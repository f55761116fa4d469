"""What the event loop reads and writes: plain arrays, one tuple for each noun. Times are seconds of the day.

A *leg* is one wait and one service of a visit. The first leg of a visit begins when the customer comes; a leg may be followed
by another: at once in another line (a transfer), or later (fetching papers, coming back after a missed call, coming back
because it was not settled). A *stint* is a stretch of time in which a seat (a counter with its clerk) is open; a lunch break
is the gap between two stints of one seat.
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Seconds = NDArray[np.float64]
Whole = NDArray[np.int64]
Small = NDArray[np.int32]
Flags = NDArray[np.bool_]


class Fate(IntEnum):
    """How a leg ended. NEVER: the leg did not begin (its visit ended before)."""

    NEVER = 0
    SERVED = 1
    ABANDONED = 2
    ABSENT = 3
    UNSERVED = 4


class Enter(IntEnum):
    """Where a later leg enters its line.

    NEW: as a new visit. A transfer goes behind everybody (LAST), by the age of the visit (AGE) or before everybody (FIRST).
    BACK: to the old place, after a missed call or an errand.
    """

    NEW = 0
    LAST = 1
    AGE = 2
    FIRST = 3
    BACK = 4


class When(IntEnum):
    """When a rule holds."""

    ALWAYS = 0
    WAITING = 1
    LONGEST = 2
    TIME = 3
    FORCED = 4


class Take(IntEnum):
    """Who goes first of a rule's queues."""

    AGED = 0
    PRIORITY = 1
    ARRIVAL = 2
    RATIO = 3


class Legs(NamedTuple):
    """The customers of a block of days; every array has one entry a leg.

    First legs stand first, day after day (`Days.first`), sorted by `at_s` within a day; later legs follow in any order and are
    reached by `follow` (-1: none; where no leg follows any, `follow`, `gap_s` and `enter` are empty). `since_s` is when the wait
    began: `at_s`, or earlier for those who already wait when a simulation begins in the middle of a day. `work_s` is at a seat
    of pace 1. `patience_s` may be infinite. `is_absent`: does not come when called; then `work_s` is how long the counter waits
    for nothing.
    """

    at_s: Seconds
    since_s: Seconds
    queue: Small
    klass: Small
    work_s: Seconds
    patience_s: Seconds
    is_absent: Flags
    follow: Whole
    gap_s: Seconds
    enter: Small

    def after(self, leg: int) -> int:
        """Return the leg that follows one, -1 where none does."""
        return int(self.follow[leg]) if self.follow.size else -1


class Days(NamedTuple):
    """`first[d]` is the first leg of day d, `first[d + 1]` is one past its last. `ends_s`: nobody waits longer than that."""

    first: Whole
    ends_s: float


class Seats(NamedTuple):
    """When seats are open and what they serve.

    Stints are sorted by (`opens_s`, seat), those of one seat do not overlap. `serves[k, q]`: stint k calls from queue q.
    `book[k]`: which calling rules it follows, -1 for the shipped order. `drains[k]`: goes on after its end while somebody waits.
    `busy_until_s` (one entry a seat): a customer who is already there when the simulation begins; -inf: nobody.
    `in_order`: of several free seats the first in order takes the customer, else the one that has been free longest.
    """

    seats: int
    seat: Small
    opens_s: Seconds
    closes_s: Seconds
    serves: Flags
    pace: Seconds
    book: Small
    drains: Flags
    busy_until_s: Seconds
    in_order: bool


class Classes(NamedTuple):
    """Priority classes: `tier` 0 is the care lane, `head_start_s` counts as having waited, `level` 0 is the highest class."""

    tier: Small
    head_start_s: Seconds
    level: Small


class Books(NamedTuple):
    """Calling rules as numbers, one book for each counter that has rules. Codes are those of `When` and `Take`.

    Rules of book b are `first_rule[b]` to `first_rule[b + 1]`, shares of rule r `first_share[r]` to `first_share[r + 1]`. Queues
    are sets of bits; 0 means what an empty list means in the rule. `forced` holds the stretches of forced diversion.
    """

    max_wait_s: Seconds
    care_first: Flags
    otherwise: Small
    first_rule: Small
    when: Small
    of: Whole
    at_least: Small
    starts_s: Seconds
    ends_s: Seconds
    queues: Whole
    take: Small
    first_share: Small
    share_queue: Small
    share: Small
    forced: Seconds


class Records(NamedTuple):
    """What became of every leg: when it joined its line, was called and was done (nan: never), at which stint, and its fate.

    For who left without service `done_s` is the moment of leaving. The wait is `called_s` (or `done_s`) less `joined_s`.
    """

    joined_s: Seconds
    called_s: Seconds
    done_s: Seconds
    stint: Small
    fate: Small


def blank_records(count: int, firsts: int = 0) -> Records:
    """Return records of so many legs, none of which has begun. Of the first legs, `firsts` of them, those values that the loop
    is sure to write are not filled in.
    """
    joined, done, fate = np.empty(count), np.empty(count), np.empty(count, np.int32)
    joined[firsts:], done[firsts:], fate[firsts:] = np.nan, np.nan, 0
    return Records(joined, np.full(count, np.nan), done, np.full(count, -1, np.int32), fate)
