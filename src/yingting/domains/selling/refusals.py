"""Selling's refusals, each with its sentence."""

from yingting.kernel.refusals import declare
from yingting.kernel.words import gettext_noop as _

EXEMPT = declare(
    "selling.exempt", _("Nothing is recommended with this business. The customer came for something else.")
)
NOT_SERVED = declare("selling.not_served", _("A recommendation is recorded once the customer is at the counter."))
ANSWER_UNKNOWN = declare("selling.answer_unknown", _("There is no such part, offer or result."), status=422)
REASON_UNKNOWN = declare("selling.reason_unknown", _("Choose why it is not suitable."), status=422)
FIXED = declare("selling.fixed", _("This record is fixed by now. Correct it, and say why."))
WHY_NEEDED = declare("selling.why_needed", _("Say in a few words why it is corrected."), status=422)
NOTHING_TO_CORRECT = declare("selling.nothing_to_correct", _("There is no record of this ticket to correct."))
DAY_OVER = declare("selling.day_over", _("Records can be made up on the same day only."))
TASK_UNKNOWN = declare("selling.task_unknown", _("This task is not suggested now."), status=422)
