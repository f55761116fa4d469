"""Facts of scorecards. Points are exact fractions as text ("215/3"), None where the card is not rated."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from yingting.foundation.journal.catalogue import fact


@fact("score.frozen")
@dataclass(frozen=True, slots=True)
class ScoreFrozen:
    """A hall's card of a period was frozen; `digest` is the SHA-256 of the text that holds its rules, inputs and result."""

    first: dt.date
    last: dt.date
    digest: str
    points: str | None
    gate: str | None


@fact("score.correction_proposed")
@dataclass(frozen=True, slots=True)
class CorrectionProposed:
    """Somebody proposed to put another value or other points in the place of a frozen card's. The card stays as it is."""

    card: str
    about: str
    what: str
    amount: str
    reason: str
    evidence: str


@fact("score.correction_confirmed")
@dataclass(frozen=True, slots=True)
class CorrectionConfirmed:
    """Another person confirmed a correction: from now on the corrected total stands beside the frozen one."""

    card: str
    note: str


@fact("score.correction_refused")
@dataclass(frozen=True, slots=True)
class CorrectionRefused:
    """Another person refused a correction."""

    card: str
    note: str
