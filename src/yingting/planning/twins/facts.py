"""Facts of the twin: what was asked of it, how that ended, what snapshot logs brought.

Questions, answers and snapshots stay in their rows; facts carry digests and counts.
"""

from __future__ import annotations

from dataclasses import dataclass

from yingting.foundation.journal.catalogue import fact


@fact("twin.asked")
@dataclass(frozen=True, slots=True)
class TwinAsked:
    """Somebody asked the twin of a hall, or of the halls of a unit (`kind` "many"); `kind` as in the run, `question` is the
    SHA-256 of its text.
    """

    kind: str
    question: str


@fact("twin.answered")
@dataclass(frozen=True, slots=True)
class TwinAnswered:
    """A run ended: its state, the digest of what the answer is made from and of the answer itself, and how long it took."""

    kind: str
    state: str
    inputs: str
    answer: str
    seconds: float


@fact("twin.snapshots_taken")
@dataclass(frozen=True, slots=True)
class SnapshotsTaken:
    """A snapshot log of the hall was taken in: the SHA-256 of the file, its rows, those that were new, here already, bad."""

    file: str
    rows: int
    taken: int
    repeated: int
    bad: int


@fact("twin.snapshots_forgotten")
@dataclass(frozen=True, slots=True)
class SnapshotsForgotten:
    """All snapshots of the hall were removed: how many rows."""

    rows: int
