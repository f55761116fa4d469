"""The refusals of cases, each with its sentence."""

from yingting.kernel.refusals import declare
from yingting.kernel.words import gettext_noop as _

UNKNOWN = declare("case.unknown", _("There is no such case, or it is not yours to see."), status=404)
PROCESS_UNKNOWN = declare("case.process_unknown", _("There is no such process here."), status=422)
CHANNEL_UNKNOWN = declare("case.channel_unknown", _("There is no such channel here."), status=422)
CHANNEL_NUMBER = declare(
    "case.channel_number", _("This number of the channel is registered already: look for it in the queue.")
)
CHOICE_UNKNOWN = declare("case.choice_unknown", _("Choose one of the values for “%(field)s”."), status=422)
CLOSED = declare("case.closed", _("This case is closed. Reopen it if it is not settled."))
CHANGED = declare(
    "case.changed", _("Somebody else changed this case just now. Look at it again, then repeat your step.")
)
STEP_WRONG = declare("case.step_wrong", _("The process does not go from here to that step."), status=422)
STEP_NEEDS = declare("case.step_needs", _("Still missing here: %(needs)s."), status=422)
OWNER_ONLY = declare(
    "case.owner_only", _("Only who holds the case may do this. Ask for it, or let it be handed over."), status=403
)
PERSON_UNKNOWN = declare("case.person_unknown", _("There is no such person who may handle this case."), status=422)
STAFF_UNKNOWN = declare("case.staff_unknown", _("There is no such staff number."), status=422)
HANDOVER_SELF = declare("case.handover_self", _("You hold this case already."), status=422)
HANDOVER_OPEN = declare("case.handover_open", _("A hand-over is waiting for an answer already."))
HANDOVER_NONE = declare("case.handover_none", _("No hand-over of this case waits for your answer."))
BOUNCED = declare(
    "case.bounced", _("The case was passed on %(most)s times. Your supervisor decides now who handles it.")
)
CLOSER_IS_DOER = declare(
    "case.closer_is_doer", _("Who handled the case cannot close it: let another person check and close.")
)
CALLER_IS_DOER = declare(
    "case.caller_is_doer", _("Who handled the case cannot make the call back: let another person call.")
)
GATE = declare("case.gate", _("The case cannot be closed yet. Still missing: %(needs)s."), status=422)
EARLY = declare("case.early", _("This cannot have happened before the case was received."), status=422)
FUTURE = declare("case.future", _("This lies in the future."), status=422)
REOPEN_LATE = declare("case.reopen_late", _("The time for reopening is over. Open a new case that refers to this one."))
REOPEN_OPEN = declare("case.reopen_open", _("This case is open already."))
MERGE_SELF = declare("case.merge_self", _("A case cannot be merged into itself."), status=422)
MERGED = declare("case.merged", _("This case was merged into %(number)s. Go on there."))
WORDS_MISSING = declare("case.words_missing", _("Say why, in a few words."), status=422)
CONSULT_NONE = declare("case.consult_none", _("No question about this case waits for your answer."), status=404)
FINDING_UNKNOWN = declare("case.finding_unknown", _("There is no such finding, or it is not yours to see."), status=404)
FINDING_STATE = declare("case.finding_state", _("This finding stands elsewhere by now. Look at it again."))
FINDING_SAME = declare(
    "case.finding_same", _("Somebody else must do this: you had a part in this finding."), status=403
)
FINDING_TWO = declare("case.finding_two", _("Name a person or a unit, not both."), status=422)
FINDING_STEP = declare("case.finding_step", _("The process has no such step."), status=422)
APPEAL_LATE = declare("case.appeal_late", _("The time for an objection is over."))
APPEAL_NOT_YOURS = declare("case.appeal_not_yours", _("Only who is found answerable may object."), status=403)
PENALTY_EARLY = declare(
    "case.penalty_early",
    _("This is decided once the finding stands: confirmed and not objected to in time, or upheld."),
)
PENALTY_DONE = declare("case.penalty_done", _("What follows from this finding is decided already."))
PENALTY_DAY = declare(
    "case.penalty_day",
    _("A measure holds from today or a later day; where there is no measure there is no day."),
    status=422,
)
RUNG_NOT_YOURS = declare("case.rung_not_yours", _("Only who was told may acknowledge this."), status=403)
RUNG_DONE = declare("case.rung_done", _("This is acknowledged already."))
GUIDANCE_NONE = declare("case.guidance_none", _("There is no such guidance, or it is answered already."), status=404)
NOT_SUPPORT = declare("case.not_support", _("Only requests for support are rated."), status=422)
NOT_FRONT = declare("case.not_front", _("Only the unit that asked for support rates it."), status=403)
NOT_HANDLED = declare("case.not_handled", _("Nobody has handled this request yet."))
SUPPORT_RATED = declare("case.support_rated", _("This request is rated already."))
POINTS_WRONG = declare("case.points_wrong", _("Give each item 1 to %(most)s points."), status=422)
LINK_SELF = declare("case.link_self", _("A case cannot be linked with itself."), status=422)
LINK_NONE = declare("case.link_none", _("There is no such link, or it is taken back already."), status=404)
LINK_GROWN = declare(
    "case.link_grown", _("One of these cases was split off the other: that stays as it is."), status=422
)
NOT_GRUMBLE = declare("case.not_grumble", _("Only a grumble can become a complaint in this way."), status=422)
REMEDY_UNKNOWN = declare("remedy.unknown", _("There is no such linked action, or it is not yours to see."), status=404)
REMEDY_STATE = declare("remedy.state", _("This is not open to this step now. Look at it again."))
REMEDY_OWNER_ONLY = declare("remedy.owner_only", _("Only who is to do it may say so."), status=403)
REMEDY_VERIFIER_ONLY = declare(
    "remedy.verifier_only", _("Only who checks it may decide this: never who did it."), status=403
)
REMEDY_SAME = declare("remedy.same", _("Who does it and who checks it must be two people."), status=422)
PAST = declare("case.past", _("Choose a day that lies ahead."), status=422)
EFFECT_BY_DOER = declare(
    "case.effect_by_doer", _("Who handled it cannot judge its effect: let another person look."), status=403
)
CLOCK_BY_LAW = declare("case.clock_by_law", _("This limit is set by law and cannot be changed for one case."))
CLOCK_UNKNOWN = declare("case.clock_unknown", _("There is no such clock on this case."), status=404)
CORRECTION_OPEN = declare("case.correction_open", _("A correction of this clock waits for a decision already."))
CORRECTION_NONE = declare("case.correction_none", _("No correction of this clock waits for a decision."), status=404)
CORRECTION_SELF = declare(
    "case.correction_self",
    _("A correction is decided by another person than who proposed it or who handles the case."), status=403,
)  # fmt: skip
VERSION_FORM = declare(
    "case.version_form", _("If-Match holds the version of the case, a whole number in quotes."), status=422
)
PUBLIC_CLOSED = declare(
    "case.public_closed", _("This page is not open here. Please speak to any colleague in the hall."), status=404
)
WHAT_MISSING = declare("case.what_missing", _("Please write what happened."), status=422)
TOO_LONG = declare("case.too_long", _("Please use at most %(most)s characters."), status=422)
PHONE_FORM = declare(
    "case.phone_form", _("This does not look like a telephone number. Correct it, or leave it empty."), status=422
)
CONSENT_MISSING = declare(
    "case.consent_missing", _("You left a number: please confirm that we may use it for this matter."), status=422
)
CHOOSE = declare("case.choose", _("Please choose one of the answers."), status=422)
FORM_AGAIN = declare("case.form_again", _("This could not be sent. Please send it once more."), status=422)
FORM_SENT = declare(
    "case.form_sent",
    _("You sent this form before. Send it once more for a new matter, or add to the first one by its number."),
)
PICTURES_ONLY = declare("case.pictures_only", _("Only pictures can be added here (JPEG or PNG)."), status=422)
PICTURES_MOST = declare("case.pictures_most", _("Please add at most %(most)s pictures."), status=422)
FOLLOW_UNKNOWN = declare(
    "case.follow_unknown", _("Number and digits do not go together. Please look at both again."), status=404
)
WITHDRAW_ASKED = declare("case.withdraw_asked", _("You asked for this already. Somebody will end the matter."))
RATED = declare("case.rated", _("You rated this already. Thank you."))
RATE_EARLY = declare("case.rate_early", _("You can rate this once you have been answered."))
STILL_OPEN = declare("case.still_open", _("We are still working on this. Write to us what is missing."))
LIST_UNKNOWN = declare("case.list_unknown", _("There is no such way of reading lists here: %(name)s."), status=422)
LIST_FILE = declare("case.list_file", _("Choose the file with the list first."), status=422)
LIST_EMPTY = declare("case.list_empty", _("Nothing is written in “%(column)s”, but every row needs it."), status=422)
LIST_MOMENT = declare(
    "case.list_moment",
    _("“%(value)s” in “%(column)s” is no date with a time in a known form. Name its form in the way of reading."), status=422,
)  # fmt: skip
LIST_VALUE = declare(
    "case.list_value", _("“%(value)s” in “%(column)s” has no meaning here yet. Say in the way of reading what it means."),
    status=422,
)  # fmt: skip
LIST_PERSON = declare(
    "case.list_person",
    _("Nobody here has the staff number “%(value)s” (“%(column)s”). Say in the way of reading who stands for it."), status=422,
)  # fmt: skip
LIST_HANDLER = declare(
    "case.list_handler",
    _("“%(value)s” may not handle cases now, and this one is open. Name another handler."),
    status=422,
)
LIST_UNIT = declare("case.list_unit", _("“%(value)s” is no unit in your charge."), status=422)
LIST_BACKWARDS = declare(
    "case.list_backwards", _("The moments of this case do not follow each other, or lie in the future. Correct its dates."),
    status=422,
)  # fmt: skip
LIST_STEP = declare("case.list_step", _("Line %(line)s: the process has no step “%(step)s”."), status=422)
LIST_PATH = declare(
    "case.list_path", _("Line %(line)s: the process does not go from “%(before)s” to “%(step)s”."), status=422
)
