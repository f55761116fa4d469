"""Refusals of the twin, each with its sentence."""

from yingting.kernel.refusals import declare
from yingting.kernel.words import gettext_noop as _

RUN_UNKNOWN = declare("twin.run_unknown", _("This question to the twin is not known here."), status=404)
RUN_OVER = declare("twin.run_over", _("This question has been answered or cancelled already."))
TOO_MANY = declare(
    "twin.too_many",
    _("%(count)s questions of this hall are waiting for an answer. Wait for them, or cancel one."),
    status=409,
)
NO_LEVER = declare("twin.no_lever", _("Nothing is changed: choose at least one measure to try."), status=422)
MANY_WAITING = declare(
    "twin.many_waiting",
    _("%(count)s of your questions about many halls are waiting for an answer. Wait for them, or cancel one."),
    status=409,
)
NO_HALL = declare("twin.no_hall", _("There is no hall in this unit that could be asked."), status=422)
