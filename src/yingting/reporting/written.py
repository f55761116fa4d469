"""Values, days and times as people read them: rounded in one place."""

from __future__ import annotations

from collections.abc import Callable

from yingting.kernel.words import gettext_noop as _

Translate = Callable[[str], str]

WEEKDAYS = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))
KINDS = {"single": _("single"), "combined": _("combined"), None: _("not recorded")}
NOT_RATED = _("not rated")


def minutes(seconds: float) -> str:
    """Write seconds as minutes, without needless digits.

    >>> minutes(600), minutes(90), minutes(20)
    ('10', '1.5', '0.33')
    """
    return f"{seconds / 60:.2f}".rstrip("0").rstrip(".")


def duration(seconds: float, t: Translate) -> str:
    """Write a duration: seconds below two minutes, else minutes with one digit."""
    if seconds < 120:
        return t(_("%(count)s s")) % {"count": f"{seconds:.0f}" if seconds == int(seconds) else f"{seconds:.1f}"}
    return t(_("%(count)s min")) % {"count": f"{seconds / 60:.1f}"}


def percent(share: float) -> str:
    """Write a share as a percentage with one digit. Rounding never claims all or nothing.

    >>> percent(0.44223), percent(0.99989), percent(1.0), percent(0.0002)
    ('44.2 %', '>99.9 %', '100.0 %', '<0.1 %')
    """
    if 0.9995 <= share < 1:
        return ">99.9 %"
    if 0 < share < 0.0005:
        return "<0.1 %"
    return f"{share * 100:.1f} %"


def clock(minute: int) -> str:
    """Write a minute of the day as a clock time.

    >>> clock(510)
    '08:30'
    """
    return f"{minute // 60:02d}:{minute % 60:02d}"
