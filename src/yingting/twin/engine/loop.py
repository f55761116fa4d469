"""The event loop: who joins which line, which seat calls whom, when each is done. Compiled; no randomness, no statistics.

Everything random stands in the legs (`drawing`), so one block of customers can be put through two halls and compared customer
by customer, and the plain reference (`reference`) must give the same records.

At one instant things happen in this order: services end (by seat) and later legs join, stints open (by seat), customers come.
Who has lost patience leaves before anybody is called at that instant. A seat that is free serves whoever joins; a seat that
becomes free calls by its rules; a seat whose stint has ended finishes its customer first.
"""

from __future__ import annotations

import math

import numpy as np

from yingting.twin.engine.arrays import Books, Classes, Days, Enter, Fate, Legs, Records, Seats, Seconds, Whole
from yingting.twin.engine.choosing import ABANDONED, choose_by_book, leave, unlink
from yingting.twin.engine.kernels import kernel

INF = math.inf
TICK_S = 1e-6  # the hall's clock counts microseconds: one stands before another by that much
NOBODY = -1
SOMEBODY = -2  # at a seat since before the simulation began
TAKEN = 1 << 62  # the turn of a seat that is not free
SEAT = 1 << 20  # a turn is a count times SEAT plus the seat
SERVED, ABSENT, UNSERVED = int(Fate.SERVED), int(Fate.ABSENT), int(Fate.UNSERVED)
NEW, LAST, FIRST, BACK = int(Enter.NEW), int(Enter.LAST), int(Enter.FIRST), int(Enter.BACK)


@kernel
def push(times: Seconds, codes: Whole, size: int, time: float, code: int) -> int:
    """Put an event among those to come, the next of (time, code) last; return how many there are.

    A hall has as many as busy counters: shifting a few of them costs less than the guesses of a heap.
    """
    place = size
    while place > 0 and (times[place - 1] < time or (times[place - 1] == time and codes[place - 1] < code)):
        times[place], codes[place] = times[place - 1], codes[place - 1]
        place -= 1
    times[place], codes[place] = time, code
    return size + 1


@kernel
def send_home(now: float, barred: Whole, turn: Whole, closes_s: Seconds) -> float:
    """Take the turn from free seats whose stint has ended, before the first open one that may serve; return when to look again.

    `barred` has 0 for each seat that may serve, else TAKEN.
    """
    lowest, again = TAKEN, INF
    for seat in range(turn.size):
        lowest = min(lowest, (turn[seat] | barred[seat]) if closes_s[seat] > now else TAKEN)
    for seat in range(turn.size):
        if closes_s[seat] > now:
            again = min(again, closes_s[seat])
        elif turn[seat] < lowest:
            turn[seat] = TAKEN
        elif turn[seat] < TAKEN:
            again = -INF
    return again


@kernel
def run_days(legs: Legs, days: Days, seats: Seats, classes: Classes, books: Books, out: Records) -> None:
    """Run every day of the block and write what became of each leg into `out` (`blank_records`)."""
    count, n_seats = legs.at_s.size, seats.seats
    n_stints, n_queues = seats.serves.shape
    n_tiers = 1
    for klass in range(classes.tier.size):
        n_tiers = max(n_tiers, classes.tier[klass] + 1)

    # The queues of each stint, one after another.
    queue_from = np.zeros(n_stints + 1, np.int64)
    queue_list = np.empty(n_stints * n_queues, np.int64)
    at = 0
    for k in range(n_stints):
        for q in range(n_queues):
            if seats.serves[k, q]:
                queue_list[at] = q
                at += 1
        queue_from[k + 1] = at

    # Lanes (queue by tier) are linked lists in the order of rank; `ahead`, `behind` link the legs that wait.
    head = np.full(n_queues * n_tiers, NOBODY, np.int64)
    tail = np.full(n_queues * n_tiers, NOBODY, np.int64)
    ahead, behind = np.empty(count, np.int64), np.empty(count, np.int64)
    rank, came, origin = np.empty(count), np.empty(count), np.arange(count)
    moved = np.zeros(count, np.bool_)

    firsts, follows = days.first[days.first.size - 1], legs.follow.size > 0
    most = n_seats + count - firsts + 1
    times, codes = np.empty(most), np.empty(most, np.int64)
    stint_of, leg_of = np.empty(n_seats, np.int64), np.empty(n_seats, np.int64)
    # Of the free seats the one with the lowest turn takes a customer; the count in it grows as seats become free.
    turn, closes_s = np.empty(n_seats, np.int64), np.empty(n_seats)
    barred = np.full((n_queues, n_seats), TAKEN)
    credit = np.zeros((n_seats, max(1, books.share.size)), np.int64)

    for day in range(days.first.size - 1):
        size = 0
        stint_of[:] = NOBODY
        turn[:], closes_s[:] = TAKEN, INF
        credit[:] = 0
        turns, closing_s = 0, INF
        for seat in range(n_seats):
            leg_of[seat] = NOBODY
            if seats.busy_until_s[seat] > -INF:
                leg_of[seat] = SOMEBODY
                size = push(times, codes, size, seats.busy_until_s[seat], seat)
        now = -INF
        comes, comes_end = days.first[day], days.first[day + 1]
        opens = 0

        while True:
            # ---- what happens next: `joins` a leg, `frees` a seat
            joins = frees = NOBODY
            time_opens = seats.opens_s[opens] if opens < n_stints else INF
            time_comes = legs.at_s[comes] if comes < comes_end else INF
            if size and times[size - 1] <= time_opens and times[size - 1] <= time_comes:
                size -= 1
                now, code = times[size], codes[size]
                if code >= n_seats:
                    joins = code - n_seats
                else:
                    frees = code
                    leg = leg_of[frees]
                    leg_of[frees] = NOBODY
                    if leg >= 0:
                        out.done_s[leg] = now
                        out.fate[leg] = ABSENT if legs.is_absent[leg] else SERVED
                        after = legs.follow[leg] if follows else NOBODY
                        if after >= 0:
                            origin[after], moved[after] = origin[leg], moved[leg]
                            if legs.gap_s[leg] > 0.0:
                                size = push(times, codes, size, now + legs.gap_s[leg], n_seats + after)
                            else:
                                joins = after
            elif opens < n_stints and time_opens <= time_comes:
                now = time_opens
                seat = seats.seat[opens]
                stint_of[seat] = opens
                closes_s[seat] = seats.closes_s[opens]
                closing_s = min(closing_s, closes_s[seat])
                for q in range(n_queues):
                    barred[q, seat] = 0 if seats.serves[opens, q] else TAKEN
                if leg_of[seat] == NOBODY:
                    frees = seat
                opens += 1
            elif comes < comes_end:
                now = time_comes
                joins = comes
                comes += 1
            else:
                break

            # ---- a leg joins its line, or a free seat takes it
            if joins >= 0:
                q, klass = legs.queue[joins], legs.klass[joins]
                tier = classes.tier[klass]
                lane = q * n_tiers + tier
                entering = NEW if joins < firsts else legs.enter[joins]
                since = legs.since_s[joins] if joins < firsts else now
                out.joined_s[joins] = since
                if entering == NEW:
                    origin[joins], moved[joins] = joins, False
                    first, ranks = since, since - classes.head_start_s[klass]
                else:
                    first = out.joined_s[origin[joins]]
                    while head[lane] >= 0 and out.joined_s[head[lane]] + legs.patience_s[head[lane]] <= now:
                        leave(head[lane], lane, head, tail, ahead, behind, legs, out)
                    while tail[lane] >= 0 and out.joined_s[tail[lane]] + legs.patience_s[tail[lane]] <= now:
                        leave(tail[lane], lane, head, tail, ahead, behind, legs, out)
                    if entering == LAST:
                        ranks = now if tail[lane] < 0 else max(now, rank[tail[lane]] + TICK_S)
                    elif entering == FIRST:
                        ranks = now if head[lane] < 0 else min(now, rank[head[lane]] - TICK_S)
                    else:
                        ranks = first - classes.head_start_s[klass]
                    moved[joins] = moved[joins] or entering != BACK

                if closing_s <= now:
                    closing_s = send_home(now, barred[q], turn, closes_s)
                lowest = TAKEN
                for seat in range(n_seats):
                    lowest = min(lowest, turn[seat] | barred[q, seat])
                if lowest < TAKEN:
                    taker = lowest % SEAT
                    turn[taker] = TAKEN
                    leg_of[taker] = joins
                    out.called_s[joins] = now
                    out.stint[joins] = stint_of[taker]
                    size = push(times, codes, size, now + legs.work_s[joins] * seats.pace[stint_of[taker]], taker)
                else:
                    came[joins], rank[joins] = first, ranks
                    other = tail[lane]
                    while other >= 0 and (
                        rank[other] > ranks or (rank[other] == ranks and origin[other] > origin[joins])
                    ):
                        other = ahead[other]
                    ahead[joins] = other
                    if other < 0:
                        behind[joins] = head[lane]
                        head[lane] = joins
                    else:
                        behind[joins] = behind[other]
                        behind[other] = joins
                    if behind[joins] < 0:
                        tail[lane] = joins
                    else:
                        ahead[behind[joins]] = joins

            # ---- a seat looks for its next customer
            if frees >= 0 and stint_of[frees] >= 0 and turn[frees] == TAKEN:
                k = stint_of[frees]
                is_over = seats.closes_s[k] <= now
                leg = NOBODY
                if not is_over or seats.drains[k]:
                    if seats.book[k] >= 0:
                        leg = choose_by_book(
                            now, frees, k, n_tiers, queue_list[queue_from[k] : queue_from[k + 1]], legs, seats, classes, books,
                            out, head, tail, ahead, behind, rank, came, origin, moved, credit,
                        )  # fmt: skip
                    else:
                        # Mostly nobody waits at all, which one sum of bits tells sooner than a look into each lane.
                        nobody = NOBODY
                        for lane in range(head.size):
                            nobody &= head[lane]
                        for tier in range(n_tiers if nobody != NOBODY else 0):
                            for place in range(queue_from[k], queue_from[k + 1]):
                                lane = queue_list[place] * n_tiers + tier
                                other = head[lane]
                                while other >= 0 and out.joined_s[other] + legs.patience_s[other] <= now:
                                    leave(other, lane, head, tail, ahead, behind, legs, out)
                                    other = head[lane]
                                if other >= 0 and (
                                    leg < 0
                                    or rank[other] < rank[leg]
                                    or (rank[other] == rank[leg] and origin[other] < origin[leg])
                                ):
                                    leg = other
                            if leg >= 0:
                                break
                        if leg >= 0:
                            lane = legs.queue[leg] * n_tiers + classes.tier[legs.klass[leg]]
                            unlink(leg, lane, head, tail, ahead, behind)
                if leg >= 0:
                    leg_of[frees] = leg
                    out.called_s[leg] = now
                    out.stint[leg] = k
                    size = push(times, codes, size, now + legs.work_s[leg] * seats.pace[k], frees)
                elif not is_over:
                    turn[frees] = frees + (0 if seats.in_order else turns)
                    turns += SEAT

        # ---- the day is over: who still waits
        over = max(days.ends_s, now)
        for lane in range(n_queues * n_tiers):
            other = head[lane]
            while other >= 0:
                gone = out.joined_s[other] + legs.patience_s[other]
                out.done_s[other] = min(gone, over)
                out.fate[other] = ABANDONED if gone <= over else UNSERVED
                other = behind[other]
            head[lane] = tail[lane] = NOBODY
