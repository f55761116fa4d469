"""Facts of the lake: what was brought in from outside, and by whom (the journal keeps the actor beside each fact)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from yingting.foundation.journal.catalogue import fact


@fact("log.imported")
@dataclass(frozen=True, slots=True)
class LogImported:
    """A foreign log was taken into the lake. `digest` is the SHA-256 of the file's bytes, `source` the mapping it was read with.

    `rows` were read, of which `taken` are new, `repeated` were there already, `bad` could not be taken and `dropped` are
    no tickets.
    """

    digest: str
    file: str
    source: str
    halls: tuple[str, ...]
    first_day: dt.date | None
    last_day: dt.date | None
    rows: int
    taken: int
    repeated: int
    bad: int
    dropped: int


@fact("figure.entered")
@dataclass(frozen=True, slots=True)
class FigureEntered:
    """Somebody entered a figure of a unit (by path) for a period. `number` 1 is the first entry, higher ones are corrections.

    `competitor` is "" for ourselves. The value is amount / 10^scale, money in fen; `source` says where it comes from.
    """

    indicator: str
    unit: str
    competitor: str
    first_day: dt.date
    last_day: dt.date
    number: int
    amount: int
    scale: int
    source: str


@fact("baseline.taken")
@dataclass(frozen=True, slots=True)
class BaselineTaken:
    """The figures before a measure were kept. `digest` is the SHA-256 of everything that the baseline holds.

    Those of a declared baseline were entered by hand, not measured.
    """

    title: str
    halls: tuple[str, ...]
    indicators: tuple[str, ...]
    first_day: dt.date | None
    last_day: dt.date | None
    is_declared: bool
    digest: str
