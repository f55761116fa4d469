"""What customers are texted about their bookings: on which occasion, in which words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from yingting.kernel.filling import unknown
from yingting.kernel.shapes import said
from yingting.kernel.titled import Titled
from yingting.kernel.words import gettext_noop as _

# What the words of a text may name.
NAMES = ("hall", "day", "time", "business", "papers", "number", "link")


class Occasion(Titled):
    """What a text is about."""

    BOOKED = "booked", _("Booked, or moved to another time")
    REMINDER = "reminder", _("Reminder")
    TOUCHED = "touched", _("Cannot stand: another time is offered")
    CANCELLED = "cancelled", _("Cancelled by the hall")


@dataclass(frozen=True, slots=True)
class TextLine:
    """The text of one occasion. It may name {hall}, {day}, {time}, {business}, {papers}, {number} and {link}."""

    occasion: Occasion = said(_("Occasion"))
    is_on: bool = said(_("Is sent"), default=True)
    words: str = said(_("Words"), is_long=True, default="")
    words_en: str = said(_("Words in English"), is_long=True, default="")


@dataclass(frozen=True, slots=True)
class BookingTexts:
    """The texts about bookings, at most one for each occasion."""

    lines: tuple[TextLine, ...] = said(_("Texts"), default=())

    def line(self, occasion: Occasion | None) -> TextLine | None:
        """Return the text that is sent on an occasion, None for none."""
        return next((one for one in self.lines if one.occasion is occasion and one.is_on), None)


def problems_of(rule: BookingTexts) -> Iterable[tuple[str, str, dict[str, object]]]:
    """Yield what is wrong: the field, a sentence, its parameters."""
    seen: set[Occasion] = set()
    for n, line in enumerate(rule.lines):
        if line.occasion in seen:
            yield f"lines-{n}-occasion", _("This occasion has a text already."), {}
        seen.add(line.occasion)
        if not line.words.strip():
            yield f"lines-{n}-words", _("Write what the customer is to read."), {}
        for name, text in (("words", line.words), ("words_en", line.words_en)):
            for stranger in unknown(text, NAMES):
                yield f"lines-{n}-{name}", _("There is no {%(name)s}. Known are: %(known)s."), {
                    "name": stranger, "known": " ".join(f"{{{one}}}" for one in NAMES),
                }  # fmt: skip


def key_of(instant: dt.datetime) -> str:
    """Return the key under which a text is once: about this booking at this time, or since it cannot stand.

    >>> key_of(dt.datetime(2026, 1, 5, 9, tzinfo=dt.timezone(dt.timedelta(hours=8))))
    '2026-01-05T01:00:00Z'
    """
    return instant.astimezone(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def is_in_reach(starts_at: dt.datetime, reminder_h: int, at: dt.datetime) -> bool:
    """Lies an instant in the hours before a booking in which its customer is reminded? 0 hours: never.

    >>> nine = dt.datetime(2026, 1, 6, 9, tzinfo=dt.UTC)
    >>> [is_in_reach(nine, 24, nine - dt.timedelta(hours=hours)) for hours in (25, 24, 1, 0)]
    [False, True, True, False]
    """
    return starts_at - dt.timedelta(hours=reminder_h) <= at < starts_at
