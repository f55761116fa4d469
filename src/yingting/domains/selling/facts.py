"""Facts of selling: ids and codes only. What a customer said and why a record was corrected stay in the tables."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from yingting.foundation.journal.catalogue import fact

Answers = tuple[tuple[str, str, str, str], ...]


@fact("recommendation.recorded")
@dataclass(frozen=True, slots=True)
class RecommendationRecorded:
    """What came of the combined recommendation with a ticket (SAL-02), written again with every change of the record.

    `answers` are (part, result, offer, reason), all codes; `stand` is required, optional or exempt; `late`: the visit was
    over for longer than the grace.
    """

    ticket: UUID
    business: UUID
    clerk: UUID | None
    stand: str
    answers: Answers
    full: bool
    late: bool


@fact("recommendation.corrected")
@dataclass(frozen=True, slots=True)
class RecommendationCorrected:
    """A fixed record got a new entry in the place of the earlier one. The reason stays in the table; here is its length."""

    ticket: UUID
    business: UUID
    clerk: UUID | None
    stand: str
    answers: Answers
    full: bool
    earlier: UUID
    why_length: int


@fact("idle_task.marked")
@dataclass(frozen=True, slots=True)
class IdleTaskMarked:
    """A clerk for whom nobody waited did a suggested task, or put it off (SAL-07); `quiet_s` since the last customer."""

    task: str
    done: bool
    quiet_s: float
