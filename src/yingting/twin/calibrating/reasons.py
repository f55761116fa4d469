"""What a calibration asks of the data, and what it says when the data cannot carry it. Sentences are English message ids."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from yingting.kernel.words import gettext_noop

WORDS: dict[str, str] = {
    "row_not_a_number": gettext_noop("The row has no time, or a time that is not a number."),
    "row_not_counted": gettext_noop(
        "The row does not say in whole numbers how many wait, how many counters are open, or which number is served."
    ),
    "row_outside_the_day": gettext_noop("A time of the row lies outside its day."),
    "row_clock_runs_back": gettext_noop("The row is called before it was issued, or ends before it begins."),
    "row_no_call": gettext_noop("The row is said to be served but was never called."),
    "row_twice": gettext_noop("The row is there twice."),
    "row_negative": gettext_noop("The row has a negative number of people or counters."),
    "row_number_falls": gettext_noop("The number that is served falls below an earlier one of the same day."),
    "row_after_a_gap": gettext_noop("The record has a gap before this row."),
    "row_day_impossible": gettext_noop("The day of the row lies outside the days that the hall can have recorded."),
    "row_unknown_name": gettext_noop("The row names a need, queue, counter, clerk or class that is not listed."),
    "too_few_days": gettext_noop("Only %(days)s days can be used; %(wanted)s are needed."),
    "too_few_visits": gettext_noop("Only %(visits)s visits can be used; %(wanted)s are needed."),
    "too_many_bad_rows": gettext_noop("%(share)s of the rows cannot be used; at most %(most)s may be bad."),
    "no_calls": gettext_noop("No visit was ever called: nothing can be said about service."),
    "no_services": gettext_noop("Only %(visits)s services have a beginning and an end; %(wanted)s are needed."),
    "clock_broken": gettext_noop("The clock is broken: %(share)s of the days lie where the hall cannot have recorded."),
    "no_counters": gettext_noop("Nothing says which counters were open."),
    "never_waited": gettext_noop("The record shows nobody waiting: how fast counters work when it matters is not seen."),
    "need_pooled": gettext_noop("Need %(need)s has only %(visits)s services; it takes the times of its queue."),
    "patience_assumed": gettext_noop("Nobody is seen leaving: the model lets nobody leave."),
    "patience_few": gettext_noop("Only %(left)s people left while waiting for %(need)s: patience comes from the hall."),
    "patience_when_called": gettext_noop("Who left is noticed only when called: patience is known less well."),
    "few_weekdays": gettext_noop("Weekday %(weekday)s was seen on %(days)s days: its level leans on the other days."),
    "short_record": gettext_noop("%(days)s days are too few to see effects of the month."),
    "coarse_clock": gettext_noop("Times are known to %(seconds)s seconds only: waits are compared as that clock shows them."),
    "fit_is_poor": gettext_noop("The fitted law for %(need)s lies %(distance)s from the data."),
    "slack_large": gettext_noop(
        "Counters serving %(queues)s are busy %(factor)s times as long as the services alone: work or absence is not recorded."
    ),
    "services_inferred": gettext_noop("Service times are not recorded: they are inferred from how fast the numbers move."),
    "day_pace_varies": gettext_noop("From day to day the hall's pace varies by %(spread)s; the bands contain it."),
    "check_off": gettext_noop("Run on its own days the model gives %(simulated)s within the limit, seen was %(observed)s."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """A statement: a code of `WORDS` and what fills its blanks."""

    code: str
    values: tuple[tuple[str, float | str], ...] = ()

    def __post_init__(self) -> None:
        """Refuse a code that has no words."""
        if self.code not in WORDS:
            raise KeyError(self.code)

    @property
    def english(self) -> str:
        """The sentence for the log and the command.

        >>> Said("too_few_days", (("days", 2), ("wanted", 5))).english
        'Only 2 days can be used; 5 are needed.'
        """
        filled = {name: f"{one:.3g}" if isinstance(one, float) else one for name, one in self.values}
        return WORDS[self.code] % filled


@dataclass(frozen=True, slots=True)
class Fault:
    """A row (its number, from 0) that cannot be used, and why (a code of `WORDS`)."""

    row: int
    code: str


class CannotCalibrate(ValueError):
    """The data cannot carry a model: `reasons` says everything that is missing, `faults` the rows that are bad."""

    def __init__(self, reasons: Iterable[Said], faults: tuple[Fault, ...] = ()) -> None:
        """Keep the reasons and the faults."""
        self.reasons, self.faults = tuple(reasons), faults
        super().__init__(" ".join(one.english for one in self.reasons))


@dataclass(frozen=True, slots=True)
class Demands:
    """What a calibration asks, with defaults for a service hall.

    `days`, `visits`, `services`: fewer are refused. `bad_share`: more bad rows are refused. `visits_per_need`: a need with
    fewer services is pooled into its queue. `left_per_need`: fewer leavers and the need takes the hall's patience.
    `skill_share`, `skill_visits`: a counter serves a queue from so large a share of its services and so many of them.
    `away_s`: a counter without a customer so long, while somebody waited for it, was away; `idle_s`: so long in any case.
    `month_days`: from so many days on effects of the month are sought; `month_ends` are the last days of its parts.
    `shortest_s`: shorter services are taken as this long. `gap_s`: a longer silence between snapshots is a gap.
    `first_day`, `last_day`: ordinals between which a day can lie (0: any). `ks_poor`: a worse distance is said.
    `pace_half_life_days`: a training day counts half for the counters' slack when so much older than the last;
    `level_half_life_days`: for the level of arrivals and the mix of needs (with 21 days and more the data choose).
    """

    days: int = 5
    visits: int = 200
    services: int = 100
    bad_share: float = 0.2
    visits_per_need: int = 40
    left_per_need: int = 20
    skill_share: float = 0.01
    skill_visits: int = 3
    away_s: float = 120.0
    idle_s: float = 5400.0
    month_days: int = 28
    month_ends: tuple[int, ...] = (5, 20)
    shortest_s: float = 1.0
    gap_s: float = 1800.0
    first_day: int = 0
    last_day: int = 0
    slot_s: float = 1800.0
    ks_poor: float = 0.08
    pace_half_life_days: float = 14.0
    level_half_life_days: float = 4.0
