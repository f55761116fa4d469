"""Why a hall cannot be answered, in words: what a calibration says, and what only many halls can say. English message ids."""

from __future__ import annotations

from yingting.kernel.words import gettext_noop
from yingting.twin.calibrating.reasons import WORDS as CALIBRATING

WORDS: dict[str, str] = CALIBRATING | {
    "forecast_too_few": gettext_noop(
        "%(days)s open days are too few for a forecast: at least %(least)s are needed."
    ),
    "cannot_run": gettext_noop("The hall cannot be run like that: %(problem)s"),
    "no_day": gettext_noop("The hall is closed on that day."),
    "worker_died": gettext_noop("The process that worked on this hall ended unexpectedly. Ask again; the log says more."),
    "failed": gettext_noop("A defect (%(error)s) stopped the answer for this hall. Ask again; the log says more."),
}  # fmt: skip
