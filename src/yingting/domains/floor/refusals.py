"""The floor's refusals, each with its sentence."""

from yingting.kernel.refusals import declare
from yingting.kernel.words import gettext_noop as _

POST_UNKNOWN = declare("floor.post_unknown", _("There is no such post in this hall."), status=422)
STANDING = declare("floor.standing", _("You are at post “%(post)s” already. Leave it first."))
NOT_STANDING = declare("floor.not_standing", _("You are at no post now."))
PERSON_UNKNOWN = declare("floor.person_unknown", _("There is no such person who may guide in this hall."), status=422)
SHIFT_SPAN = declare("floor.shift_span", _("A shift ends after it begins, on the same day."), status=422)
SHIFT_OVERLAP = declare("floor.shift_overlap", _("This person is planned at a post then already."))
SHIFT_PAST = declare("floor.shift_past", _("Posts are planned for today and tomorrow."), status=422)
SHIFT_UNKNOWN = declare("floor.shift_unknown", _("There is no such shift in this hall."), status=404)
FIELD_WRONG = declare("floor.field_wrong", _("Please check the field “%(label)s”."), status=422)
OUTCOME_UNKNOWN = declare("floor.outcome_unknown", _("Choose what the customer does next."), status=422)
REASON_UNKNOWN = declare("floor.reason_unknown", _("Choose one of the reasons."), status=422)
DIVERSION_UNKNOWN = declare("floor.diversion_unknown", _("There is no such diversion in this hall."), status=404)
DIVERSION_ENDED = declare("floor.diversion_ended", _("The result of this diversion has been noted already."))
ROVING_UNKNOWN = declare("floor.roving_unknown", _("There is no such visit on the move in this hall."), status=404)
ROVING_RUNNING = declare("floor.roving_running", _("You are serving a customer on the move. Finish that first."))
ROVING_ENDED = declare("floor.roving_ended", _("This visit on the move has ended already."))
TASK_UNKNOWN = declare("floor.task_unknown", _("There is no such task here."), status=422)
NOTE_EMPTY = declare("floor.note_empty", _("The note is empty."), status=422)
NOTE_PERSONAL = declare(
    "floor.note_personal",
    _("No phone or document numbers here: the ticket is enough to find the customer."),
    status=422,
)
HELP_UNKNOWN = declare("floor.help_unknown", _("There is no such call for help in this hall."), status=404)
HELP_TAKEN = declare("floor.help_taken", _("%(name)s is on the way already."))
HELP_NOT_TAKEN = declare("floor.help_not_taken", _("Nobody has come yet. Cancel the call if you need nobody any more."))
HELP_ENDED = declare("floor.help_ended", _("This call for help is over."))
HELP_NOT_FOR_YOU = declare("floor.help_not_for_you", _("This call is for somebody else."), status=403)
HELP_KIND_UNKNOWN = declare("floor.help_kind_unknown", _("Choose one of the kinds of help."), status=422)
INTEREST_UNKNOWN = declare("floor.interest_unknown", _("Choose one of the interests."), status=422)
REFERRED_ALREADY = declare("floor.referred_already", _("This customer has been referred for that already."))
REFERRAL_UNKNOWN = declare("floor.referral_unknown", _("There is no such referral in this hall."), status=404)
REFERRAL_TAKEN = declare("floor.referral_taken", _("%(name)s takes care of this customer already."))
REFERRAL_ENDED = declare("floor.referral_ended", _("The result of this referral has been noted already."))
REFERRAL_NOT_YOURS = declare("floor.referral_not_yours", _("Take the referral on first."), status=403)
GREEN_GRANTED = declare("floor.green_granted", _("This number has the green channel already."))
PAPER_UNKNOWN = declare("floor.paper_unknown", _("Choose what the customer has shown."), status=422)
VERB_UNKNOWN = declare("floor.verb_unknown", _("This page is older than the program. Load it again."), status=422)
MANAGER_NONE = declare(
    "floor.manager_none", _("This customer has no account manager, or none is known. The customer stays with you.")
)
MANAGER_ASKED = declare(
    "floor.manager_asked", _("The account manager has been asked already. The customer stays with you.")
)
MANAGER_CALL_UNKNOWN = declare(
    "floor.manager_call_unknown", _("There is no such request, or it is for somebody else."), status=404
)
MANAGER_ANSWERED = declare("floor.manager_answered", _("This request has been answered or taken back already."))
