"""The refusals of takings, each with its sentence."""

from yingting.kernel.refusals import declare
from yingting.kernel.words import gettext_noop as _

AMOUNT_WRONG = declare("takings.amount_wrong", _("“%(value)s” is no amount. Write it as 1234.50."), status=422)
METHOD_UNKNOWN = declare("takings.method_unknown", _("There is no such payment method in this hall."), status=422)
DAY_WRONG = declare("takings.day_wrong", _("Takings are entered for today or one of the 31 days before."), status=422)
ENTRY_OUTDATED = declare(
    "takings.outdated", _("%(who)s has entered this day meanwhile. Look at it before you correct it."), status=409
)
