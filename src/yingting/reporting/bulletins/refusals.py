"""Refusals of bulletins."""

from __future__ import annotations

from yingting.kernel.refusals import declare
from yingting.kernel.words import gettext_noop as _

UNKNOWN = declare("bulletin.unknown", _("There is no such bulletin, or it is not in your care."), status=404)
NO_KIND = declare("bulletin.no_kind", _("This unit issues no bulletin of this kind."), status=422)
NOT_OVER = declare("bulletin.not_over", _("The period ends on %(day)s. Issue the bulletin when its last day is over."))
NOT_A_DRAFT = declare(
    "bulletin.not_a_draft", _("An issued bulletin never changes. Put it right with a new one that refers to it.")
)
NOT_IN_FORCE = declare("bulletin.not_in_force", _("This bulletin is not in force: it is a draft, or it was withdrawn."))
TWICE = declare(
    "bulletin.twice",
    _("There is a bulletin of this kind for these days already: %(number)s. Withdraw it first, or correct it."),
)
DUTY_UNCLEAR = declare(
    "bulletin.duty_unclear", _("Every duty says what is done, by whom (a person or a post) and by when."), status=422
)
DUTY_LATE = declare("bulletin.duty_late", _("A duty cannot be due before the bulletin is issued: %(day)s."), status=422)
DUTY_VACANT = declare(
    "bulletin.duty_vacant", _("Nobody is in the post that has a duty: %(post)s. Name a person."), status=422
)
NOBODY = declare("bulletin.nobody", _("The bulletin would go to nobody: nobody holds the roles that its kind names."))
CONFIRMED = declare("bulletin.confirmed", _("You have confirmed this bulletin already."))
REASON_MISSING = declare("bulletin.reason_missing", _("Say why."), status=422)
DUTY_SETTLED = declare("bulletin.duty_settled", _("This duty is not waiting for that: look again."))
NOT_YOURS = declare("bulletin.not_yours", _("Only who has the duty says that it is done."), status=403)
SAME_PERSON = declare("bulletin.same_person", _("Somebody else has to check a duty than the one who has it done."))
NO_TEMPLATE = declare("bulletin.no_template", _("This is no Word template (.docx) that can be opened."), status=422)
TEMPLATE_TOO_BIG = declare("bulletin.template_too_big", _("A template has at most %(limit)s MB."), status=422)
PLACEHOLDER_UNKNOWN = declare(
    "bulletin.placeholder_unknown", _("The template names what a bulletin does not have: %(names)s."), status=422
)
TEMPLATE_WRONG = declare("bulletin.template_wrong", _("The template cannot be filled in: %(detail)s"), status=422)
FINDING_OPEN = declare(
    "bulletin.finding_open",
    _("%(number)s cannot be quoted yet: a finding is not confirmed, or may still be objected to."),
)
