"""Calling by edited rules, compiled: the plan of `queueing.rules.calling` over arrays.

`twin/tests/test_calling_agrees.py` holds this beside the hall's own `plan_call` and `choose`, ticket by ticket.
"""

from __future__ import annotations

import math

import numpy as np

from yingting.twin.engine.arrays import Books, Classes, Fate, Flags, Legs, Records, Seats, Seconds, Take, When, Whole
from yingting.twin.engine.kernels import kernel

WAITING, LONGEST, TIME, FORCED = int(When.WAITING), int(When.LONGEST), int(When.TIME), int(When.FORCED)
AGED, PRIORITY, RATIO = int(Take.AGED), int(Take.PRIORITY), int(Take.RATIO)
OVERDUE, CARE = -2, -1
ABANDONED = int(Fate.ABANDONED)


@kernel
def unlink(leg: int, lane: int, head: Whole, tail: Whole, ahead: Whole, behind: Whole) -> None:
    """Take a leg out of its lane."""
    if ahead[leg] < 0:
        head[lane] = behind[leg]
    else:
        behind[ahead[leg]] = behind[leg]
    if behind[leg] < 0:
        tail[lane] = ahead[leg]
    else:
        ahead[behind[leg]] = ahead[leg]


@kernel
def leave(
    leg: int, lane: int, head: Whole, tail: Whole, ahead: Whole, behind: Whole, legs: Legs, out: Records
) -> None:  # fmt: skip
    """Let a leg go whose patience has ended."""
    out.done_s[leg] = out.joined_s[leg] + legs.patience_s[leg]
    out.fate[leg] = ABANDONED
    unlink(leg, lane, head, tail, ahead, behind)


@kernel
def choose_by_book(
    now: float, seat: int, stint: int, n_tiers: int, mine: Whole, legs: Legs, seats: Seats, classes: Classes, books: Books,
    out: Records, head: Whole, tail: Whole, ahead: Whole, behind: Whole, rank: Seconds, came: Seconds, origin: Whole,
    moved: Flags, credit: Whole,
) -> int:  # fmt: skip
    """Return the leg that the seat's book calls, taken out of its lane, or -1; `credit` remembers its ratios."""
    book = seats.book[stint]
    n_queues = seats.serves.shape[1]
    mask = 0
    for place in range(mine.size):
        mask |= 1 << mine[place]

    # Who waits: how many in each queue and since when, after those who have lost patience are gone.
    waiting = np.zeros(n_queues, np.int64)
    oldest = np.full(n_queues, math.inf)
    for lane in range(n_queues * n_tiers):
        other = head[lane]
        while other >= 0:
            following = behind[other]
            leaves = out.joined_s[other] + legs.patience_s[other]
            if leaves <= now:
                leave(other, lane, head, tail, ahead, behind, legs, out)
            else:
                q = lane // n_tiers
                waiting[q] += 1
                oldest[q] = min(oldest[q], max(out.joined_s[other], rank[other]))
            other = following

    # The stage and the order of each queue.
    first, last = books.first_rule[book], books.first_rule[book + 1]
    stage_of = np.full(n_queues, -9, np.int64)
    kind_of = np.zeros(n_queues, np.int64)
    most = n_queues + 1
    turn_rule, turn_queue = np.full(most, -1, np.int64), np.full(most, -1, np.int64)
    due = np.zeros(max(1, books.share.size), np.int64)
    stage = 0
    for rule in range(first, last):
        share_from, share_to = books.first_share[rule], books.first_share[rule + 1]
        wanted = books.queues[rule] if books.queues[rule] else mask
        if books.take[rule] == RATIO:
            wanted = 0
            for place in range(share_from, share_to):
                wanted |= 1 << books.share_queue[place]
        if not _holds(now, rule, books.of[rule] if books.of[rule] else wanted, waiting, oldest, books):
            continue
        if books.take[rule] == RATIO:
            total = 0
            for place in range(share_from, share_to):
                q = books.share_queue[place]
                due[place] = credit[seat, place]
                if (mask >> q) & 1 and waiting[q]:
                    due[place] += books.share[place]
                    total += books.share[place]
            stage = _turns(
                rule, share_from, share_to, mask, waiting, due, stage, stage_of, kind_of, turn_rule, turn_queue, books
            )
        else:
            any_fresh = False
            for place in range(mine.size):
                q = mine[place]
                if (wanted >> q) & 1 and stage_of[q] == -9:
                    stage_of[q] = stage
                    kind_of[q] = books.take[rule]
                    any_fresh = True
            if any_fresh:
                stage += 1
    for place in range(mine.size):
        if stage_of[mine[place]] == -9:
            stage_of[mine[place]] = stage
            kind_of[mine[place]] = books.otherwise[book]

    # Whom that puts first.
    best, best_stage, best_level, best_instant = -1, 0, 0, 0.0
    limit = books.max_wait_s[book]
    for place in range(mine.size):
        q = mine[place]
        for tier in range(n_tiers):
            other = head[q * n_tiers + tier]
            while other >= 0:
                since = max(out.joined_s[other], rank[other])
                if limit > 0.0 and since <= now - limit:
                    at_stage, level, instant = OVERDUE, 0, since
                elif books.care_first[book] and tier == 0:
                    at_stage, level, instant = CARE, 0, rank[other]
                elif kind_of[q] == AGED:
                    at_stage, level, instant = stage_of[q], tier, rank[other]
                else:
                    at_stage = stage_of[q]
                    level = classes.level[legs.klass[other]] if kind_of[q] == PRIORITY else 0
                    instant = rank[other] if moved[other] else max(came[other], rank[other])
                if (
                    best < 0
                    or at_stage < best_stage
                    or (
                        at_stage == best_stage
                        and (
                            level < best_level
                            or (
                                level == best_level
                                and (
                                    instant < best_instant or (instant == best_instant and origin[other] < origin[best])
                                )
                            )
                        )
                    )
                ):
                    best, best_stage, best_level, best_instant = other, at_stage, level, instant
                other = behind[other]
    if best >= 0:
        if best_stage >= 0 and best_stage < most and turn_rule[best_stage] >= 0:
            _pay(seat, turn_rule[best_stage], turn_queue[best_stage], mask, waiting, due, credit, books)
        unlink(best, legs.queue[best] * n_tiers + classes.tier[legs.klass[best]], head, tail, ahead, behind)
    return best


@kernel
def _holds(now: float, rule: int, counted: int, waiting: Whole, oldest: Seconds, books: Books) -> bool:
    """Whether the rule's condition holds; `counted` are the queues that it counts."""
    when = books.when[rule]
    if when == WAITING:
        people = 0
        for q in range(waiting.size):
            if (counted >> q) & 1:
                people += waiting[q]
        return bool(people >= books.at_least[rule])
    if when == LONGEST:
        since = now
        for q in range(waiting.size):
            if (counted >> q) & 1:
                since = min(since, oldest[q])
        return bool(math.floor((now - since) / 60.0) >= books.at_least[rule])
    if when == TIME:
        return bool(books.starts_s[rule] <= now < books.ends_s[rule])
    if when == FORCED:
        is_forced = False
        for stretch in range(books.forced.shape[0]):
            is_forced |= books.forced[stretch, 0] <= now < books.forced[stretch, 1]
        return is_forced
    return True


@kernel
def _turns(
    rule: int, share_from: int, share_to: int, mask: int, waiting: Whole, due: Whole, stage: int, stage_of: Whole,
    kind_of: Whole, turn_rule: Whole, turn_queue: Whole, books: Books,
) -> int:  # fmt: skip
    """Give the queues of a ratio their stages: most credit first, queues with nobody last; return the next free stage."""
    done = np.zeros(share_to - share_from + 1, np.bool_)
    for _ in range(share_to - share_from):
        chosen, is_there = -1, False
        for place in range(share_from, share_to):
            q = books.share_queue[place]
            if done[place - share_from] or not (mask >> q) & 1:
                continue
            there = waiting[q] > 0
            if chosen < 0 or (there and not is_there) or (there and is_there and due[place] > due[chosen]):
                chosen, is_there = place, there
        if chosen < 0:
            break
        done[chosen - share_from] = True
        q = books.share_queue[chosen]
        if stage_of[q] == -9:
            stage_of[q] = stage
            kind_of[q] = AGED
            turn_rule[stage], turn_queue[stage] = rule, q
            stage += 1
    return stage


@kernel
def _pay(
    seat: int, rule: int, queue: int, mask: int, waiting: Whole, due: Whole, credit: Whole, books: Books
) -> None:  # fmt: skip
    """Write down the credits after a call from `queue`: everybody who is there has got a share, the called one pays for all."""
    if not waiting[queue]:
        return
    total, chosen = 0, -1
    for place in range(books.first_share[rule], books.first_share[rule + 1]):
        q = books.share_queue[place]
        if (mask >> q) & 1 and waiting[q]:
            credit[seat, place] = due[place]
            total += books.share[place]
            if q == queue:
                chosen = place
    if chosen >= 0:
        credit[seat, chosen] -= total
