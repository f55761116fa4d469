"""The refusals of peaks, each with its sentence."""

from yingting.kernel.refusals import declare
from yingting.kernel.words import gettext_noop as _

ALERT_OVER = declare("alert.over", _("This alert is over or answered already. Look again."))
WORDS_NEEDED = declare("alert.words_needed", _("Say in a few words what you did."), status=422)
MEASURE_UNKNOWN = declare("alert.measure_unknown", _("This is no measure for this alert."), status=422)
