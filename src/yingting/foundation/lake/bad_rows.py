"""Bad rows: each with its line, its column, what stood there, and why it cannot be taken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from yingting.kernel.words import gettext_noop as _

SHOWN_CHARACTERS = 40
LONGEST_TEXT = 200

REASONS = {
    "columns": _("The line has %(detail)s columns, the heading has another number."),
    "missing": _("Nothing is written here, but every row needs it."),
    "not_a_time": _("This is not a date with a time in one of the known formats; name the format in the mapping."),
    "not_a_number": _("This is not a number."),
    "negative": _("This number is below zero."),
    "not_whole": _("This is not a whole number."),
    "unknown_value": _("This value is not in the value map of the mapping."),
    "too_long": _("This text is longer than 200 characters."),
    "backwards": _("This is earlier than %(detail)s, which it should follow."),
    "too_far_apart": _("This is many hours after %(detail)s, which it follows: a wrong clock or a forgotten finish."),
    "in_future": _("This lies in the future: the machine's clock is wrong."),
    "too_old": _(
        "This lies before %(detail)s: the machine's clock was probably wrong. "
        "If the date is right, set checks.earliest in the mapping."
    ),
    "cut_off": _(
        "This day lies %(detail)s days from the rest of the file: the machine's clock was probably wrong. "
        "If the date is right, raise checks.largest_gap_days in the mapping."
    ),
}


@dataclass(frozen=True, slots=True, order=True)
class BadRow:
    """One reason against one row. `value` is shortened; `reason` is a key of REASONS, `detail` its parameter."""

    line: int
    column: str
    value: str
    reason: str
    detail: str = ""

    def sentence(self, translate: Callable[[str], str] = str) -> str:
        """Return the reason as a sentence, through the given translation."""
        return translate(REASONS[self.reason]) % {"detail": self.detail}
