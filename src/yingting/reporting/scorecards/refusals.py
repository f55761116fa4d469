"""Refusals of scorecards."""

from __future__ import annotations

from yingting.kernel.refusals import declare
from yingting.kernel.words import gettext_noop as _

MONTH_WRONG = declare("score.month_wrong", _("This is not a month: %(value)s. Write it as 2026-01."), status=422)
NOT_SETTLED = declare("score.not_settled", _("%(month)s can be frozen from %(day)s on: late facts may still come in."))
DAY_OPEN = declare("score.day_open", _("Close the day %(day)s of hall %(hall)s first."))
ALREADY_FROZEN = declare(
    "score.already_frozen", _("This month is frozen already. Mistakes are put right by corrections.")
)
NO_HALLS = declare("score.no_halls", _("There is no hall here whose card could be frozen."))
CORRECTION_WRONG = declare(
    "score.correction_wrong",
    _("A correction names a line or dimension, a number that fits it, and its reason."),
    status=422,
)
SAME_PERSON = declare(
    "score.same_person", _("Somebody else has to decide on a correction than the one who proposed it.")
)
DECIDED = declare("score.decided", _("This correction has been decided already."))
UNKNOWN = declare("score.unknown", _("There is no such correction, or it is not in your care."), status=404)
NOT_FROZEN = declare("score.not_frozen", _("Only a frozen card is corrected. This month is not frozen yet."))
