"""The words of codes on the screens of peaks."""

from yingting.domains.peaks.rules import Measure
from yingting.kernel.words import gettext_noop as _

MEASURES: dict[Measure, str] = {
    Measure.OPEN_COUNTER: _("Counter opened"),
    Measure.SEND_GUIDE: _("Guide sent"),
    Measure.CROWD_CARE: _("Crowd care started"),
    Measure.FORCED_MODE: _("Forced diversion started"),
    Measure.REMIND_CLERK: _("Clerk reminded"),
    Measure.OTHERWISE: _("Handled otherwise"),
}
# What the facts of an alert are called where its life is told.
MOMENTS: dict[str, str] = {
    "raised": _("Raised"),
    "escalated": _("Rose to a higher level"),
    "eased": _("Fell to a lower level"),
    "seen": _("Seen"),
    "acted": _("Acted on"),
    "lapsed": _("Nobody acted in time"),
    "ended": _("Over"),
}
