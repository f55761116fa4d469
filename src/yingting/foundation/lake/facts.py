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
