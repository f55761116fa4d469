"""What may be asked of a twin: a day of a kind, and measures to try on it. Plain data, kept as canonical JSON."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from yingting.kernel.canonical import canonical, digest
from yingting.kernel.words import gettext_noop as _
from yingting.twin.levers import (
    ByAppointment,
    Calling,
    Closed,
    Divert,
    Faster,
    Lever,
    MoreCounters,
    Open,
    Serves,
    Volume,
)
from yingting.twin.written import read, written

Sentence = tuple[str, dict[str, str]]
Q = TypeVar("Q")


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Try measures on a day: its date (ISO), so that its weekday, its kind and the month are known."""

    day: str
    levers: tuple[Lever, ...]
    title: str = ""

    @property
    def date(self) -> dt.date:
        """The day."""
        return dt.date.fromisoformat(self.day)


@dataclass(frozen=True, slots=True)
class Ahead:
    """How many customers come on so many days from the first one (ISO)."""

    first: str
    days: int = 14

    @property
    def first_day(self) -> dt.date:
        """The first day."""
        return dt.date.fromisoformat(self.first)


@dataclass(frozen=True, slots=True)
class CountersNeeded:
    """Which counters a day (ISO) needs so that in every half hour this share of the customers is served within the limit.

    `volume`: with so many times the hall's customers (1.0: as they come). `counters`: with at most so many of them (0: those
    that the hall has). Both together size another hall, or a new one, whose customers are like this hall's.
    """

    day: str
    share: float = 0.9
    volume: float = 1.0
    counters: int = 0

    @property
    def date(self) -> dt.date:
        """The day."""
        return dt.date.fromisoformat(self.day)


def kept(question: object) -> str:
    """Return the text that is kept of a question."""
    return canonical(written(question))


def opened(shape: type[Q], text: str) -> Q:
    """Return a question of that shape that was kept."""
    return read(shape, json.loads(text))


def digest_of(*parts: object) -> str:
    """Return one digest of what an answer is made from."""
    return digest(canonical([str(part) for part in parts]))


def in_words(levers: Sequence[Lever]) -> Iterator[Sentence]:
    """Yield a sentence for each measure: English msgid and values."""
    for lever in levers:
        yield _sentence(lever)


def _sentence(lever: Lever) -> Sentence:
    match lever:
        case MoreCounters(opens_s=opens, closes_s=closes, count=count, queues=queues):
            values = {"count": str(count), "from": clock(opens), "until": clock(closes), "queues": ", ".join(queues)}
            if queues:
                return _("%(count)s more counters from %(from)s to %(until)s for queues %(queues)s"), values
            return _("%(count)s more counters from %(from)s to %(until)s for every queue"), values
        case Closed(counter=counter, starts_s=starts, ends_s=ends):
            return _("counter %(counter)s closed from %(from)s to %(until)s"), _span(counter, starts, ends)
        case Open(counter=counter, starts_s=starts, ends_s=ends):
            return _("counter %(counter)s stays open from %(from)s to %(until)s"), _span(counter, starts, ends)
        case Serves(counters=counters, queues=queues):
            if queues:
                values = {"counters": ", ".join(counters), "queues": ", ".join(queues)}
                return _("counters %(counters)s serve queues %(queues)s"), values
            return _("counters %(counters)s serve every queue (combined service)"), {"counters": ", ".join(counters)}
        case Divert(share=share, needs=needs):
            if needs:
                values = {"share": f"{share:.0%}", "needs": ", ".join(needs)}
                return _("%(share)s of %(needs)s done elsewhere"), values
            return _("%(share)s of all customers served elsewhere"), {"share": f"{share:.0%}"}
        case Faster(by=by, needs=needs):
            values = {"change": f"{by - 1:+.0%}", "needs": ", ".join(needs)}
            if needs:
                return _("handling time %(change)s for %(needs)s"), values
            return _("handling time %(change)s for every business"), values
        case ByAppointment(share=share):
            return _("%(share)s of the customers come by appointment"), {"share": f"{share:.0%}"}
        case Calling(books=books):
            return (_("called by other rules"), {}) if books else (_("called in the shipped order"), {})
        case Volume(by=by):
            return _("customers %(change)s"), {"change": f"{by - 1:+.0%}"}


def _span(counter: str, starts: float, ends: float) -> dict[str, str]:
    return {"counter": counter, "from": clock(starts), "until": clock(ends)}


def clock(seconds: float) -> str:
    """Return a second of the day as a clock shows it.

    >>> clock(36900.0)
    '10:15'
    """
    return f"{int(seconds) // 3600:02d}:{int(seconds) % 3600 // 60:02d}"
