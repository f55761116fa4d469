"""The refusals of detection, each with its sentence."""

from yingting.kernel.refusals import declare
from yingting.kernel.words import gettext_noop as _

UNKNOWN = declare("detection.unknown", _("There is nothing like this, or it is not in your care."), status=404)
DRAWN_ALREADY = declare("audit.drawn_already", _("This period is in a round already, of this unit or of one above it."))
PERIOD_RUNS = declare("audit.period_runs", _("This period is not over yet."), status=422)
NO_ACTS = declare("audit.no_acts", _("Nobody revealed or exported anything in this period."))
OWN_ACT = declare("audit.own_act", _("Nobody judges their own act. Leave it to another auditor."), status=403)
SAME_UNIT = declare("audit.same_unit", _("The rule asks for an auditor of another unit than the person's."), status=403)
JUDGED_ALREADY = declare("audit.judged_already", _("Another auditor has judged this already."))
VERDICT_MISSING = declare("audit.verdict", _("Choose what you find."), status=422)
WORDS_MISSING = declare("audit.words", _("Say it in a few words."), status=422)
NOT_JUDGED = declare("audit.not_judged", _("%(n)s acts are not judged yet."))
ROUND_CLOSED = declare("audit.closed", _("This round is closed."))
NO_FINDING = declare("audit.no_finding", _("A violation case needs a finding “not in order” about a person."))
CASE_ALREADY = declare("audit.case_already", _("A violation case was opened already."))
NOBODY_ELSE = declare(
    "audit.nobody_else", _("Nobody but this person holds the post that leads violation cases. Ask your administrator.")
)
