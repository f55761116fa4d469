"""Plans of counters put to the trial: the same customers through every plan."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from yingting.twin.drawing import DAYS, Crowd, draw
from yingting.twin.engine.arrays import Fate
from yingting.twin.hall import HallModel
from yingting.twin.measures import Figure, share
from yingting.twin.running import prepare, run
from yingting.twin.staffing.plans import CounterKind, Goal, Plan, stints

_TOO_FEW = 30  # customers in all simulated days: a slot with fewer holds any goal


class Trial:
    """The days on which plans are judged; customers are drawn once. `judged` counts the plans that were simulated.

    `aside` [goal, slot] is asked beyond the goals. `wanted` is the share that each slot must reach.
    """

    def __init__(
        self, model: HallModel, kinds: Sequence[CounterKind], goals: Sequence[Goal], *, seed: int, blocks: range,
        aside: NDArray[np.float64] | float = 0.0,
    ) -> None:  # fmt: skip
        self.model, self.kinds, self.goals = model, tuple(kinds), tuple(goals)
        self.wanted = np.minimum(0.999, np.array([goal.share for goal in goals])[:, None] + aside)
        self.judged = 0
        self._known: dict[bytes, NDArray[np.float64]] = {}
        self.crowds = [draw(model, seed=seed, block=block) for block in blocks]

    def counts(self, plan: Plan) -> NDArray[np.float64]:
        """Return [2, goal, day, slot]: who was served within the limit, and all whose wait ended."""
        key = plan.tobytes()
        if key not in self._known:
            self.judged += 1
            self._known = (
                {key: self._counted(plan)} if len(self._known) > 8 else self._known | {key: self._counted(plan)}
            )
        return self._known[key]

    def shares(self, plan: Plan) -> NDArray[np.float64]:
        """Return [goal, slot]: the share served within the limit, 1 where too few came to say."""
        kept, whole = self.counts(plan).sum(axis=2)
        shares: NDArray[np.float64] = np.where(whole >= _TOO_FEW, kept / np.maximum(whole, 1.0), 1.0)
        return shares

    def short(self, plan: Plan) -> NDArray[np.float64]:
        """Return [goal, slot]: by how much each goal is missed, 0 where it holds."""
        return np.asarray(np.maximum(0.0, self.wanted - self.shares(plan)))

    def figures(self, plan: Plan) -> list[list[Figure]]:
        """Return a figure with its interval for each goal and slot."""
        kept, whole = self.counts(plan)
        return [[share(kept[g, :, s], whole[g, :, s]) for s in range(kept.shape[2])] for g in range(len(self.goals))]

    def _counted(self, plan: Plan) -> NDArray[np.float64]:
        prepared = prepare(replace(self.model, stints=stints(plan, self.kinds, self.model)))

        def block(crowd: Crowd) -> NDArray[np.float64]:
            records = run(prepared, crowd)
            first, slots = int(crowd.days.first[-1]), len(self.model.rates)
            fate = records.fate[:first]
            wait = records.called_s[:first] - records.joined_s[:first]
            over = (fate == int(Fate.SERVED)) | (fate == int(Fate.ABANDONED)) | (fate == int(Fate.UNSERVED))
            day = np.repeat(np.arange(DAYS), np.diff(crowd.days.first))
            cell = day * slots + crowd.slot[:first]
            out = np.empty((2, len(self.goals), DAYS, slots))
            for number, goal in enumerate(self.goals):
                mine = over
                if goal.queue is not None:
                    mine = over & (crowd.legs.queue[:first] == prepared.model.queues.index(goal.queue))
                kept = mine & (fate == int(Fate.SERVED)) & (wait <= goal.limit_s)
                for row, which in enumerate((kept, mine)):
                    out[row, number] = np.bincount(cell[which], minlength=DAYS * slots).reshape(DAYS, slots)
            return out

        with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
            return np.concatenate(list(pool.map(block, self.crowds)), axis=2)
