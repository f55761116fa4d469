"""What may be asked of the search for counters, and what it says of goals that cannot be held."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from yingting.kernel.words import gettext_noop
from yingting.twin.hall import HallModel, ModelError
from yingting.twin.staffing.plans import CounterKind, Goal, Plan
from yingting.twin.staffing.trials import Trial

Sentence = tuple[str, Mapping[str, object]]

# By whether the goal lies within what the simulated days can tell, and whether it is one queue's.
_UNMET = {
    (True, False): gettext_noop("%(time)s: %(share)s %%, so near to the goal of %(goal)s %% that chance decides."),
    (True, True): gettext_noop(
        "%(time)s, queue %(queue)s: %(share)s %%, so near to the goal of %(goal)s %% that chance decides."
    ),
    (False, False): gettext_noop(
        "%(time)s: only %(share)s %% with all counters that may be opened; the goal is %(goal)s %%."
    ),
    (False, True): gettext_noop(
        "%(time)s, queue %(queue)s: only %(share)s %% with all counters that may be opened; the goal is %(goal)s %%."
    ),
}


def unmet(judge: Trial, plan: Plan) -> tuple[Sentence, ...]:
    """Return a sentence for each goal and slot that a plan does not hold."""
    said: list[Sentence] = []
    figures = judge.figures(plan)
    for number, (goal, row) in enumerate(zip(judge.goals, judge.short(plan), strict=True)):
        for slot in np.flatnonzero(row):
            figure = figures[number][slot]
            at = judge.model.opens_s + int(slot) * judge.model.slot_s
            values: dict[str, object] = {
                "time": f"{int(at // 3600):02d}:{int(at % 3600 // 60):02d}", "share": round(100 * figure.value, 1),
                "goal": round(100 * goal.share, 1),
            }  # fmt: skip
            if goal.queue is not None:
                values["queue"] = goal.queue
            text = _UNMET[figure.high >= goal.share, goal.queue is not None]
            said.append((text, values))
    return tuple(said)


def check(model: HallModel, kinds: Sequence[CounterKind], goals: Sequence[Goal]) -> None:
    """Raise ModelError for kinds and goals that contradict themselves or the hall; it says everything that is wrong."""
    queues = {need.queue for need in model.needs}
    able = {queue for kind in kinds if kind.at_most > 0 for queue in kind.queues}
    problems = [f"no kind of counter serves queue {queue}" for queue in sorted(queues - able)]
    problems += [
        f"kind {kind.code}: {kind.at_least} to {kind.at_most}"
        for kind in kinds
        if not 0 <= kind.at_least <= kind.at_most
    ]
    problems += [f"kind {kind.code}: a cost of {kind.cost}" for kind in kinds if not kind.cost > 0]
    problems += [
        f"kind {kind.code} serves {one}, where nobody waits"
        for kind in kinds
        for one in sorted(set(kind.queues) - queues)
    ]
    problems += [f"a goal of {goal.share}" for goal in goals if not 0 < goal.share < 1]
    problems += [
        f"a goal for queue {goal.queue}, where nobody waits" for goal in goals if goal.queue not in {None, *queues}
    ]
    if len({kind.code for kind in kinds}) < len(kinds) or not goals:
        problems.append("kinds must have codes of their own, and there must be a goal")
    if problems:
        raise ModelError(problems)
