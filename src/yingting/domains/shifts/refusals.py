"""The refusals of shifts, each with its sentence."""

from yingting.kernel.refusals import declare
from yingting.kernel.words import gettext_noop as _

PERSON_UNKNOWN = declare(
    "shifts.person_unknown", _("There is no such person on the counters of this hall."), status=422
)
TERMS_WRONG = declare(
    "shifts.terms_wrong",
    _("Least hours may not be above most hours; a week has 1 to 7 days on duty, 0 to 60 hours, and 0 to 24 hours of rest."),
    status=422,
)  # fmt: skip
CHANGED = declare(
    "shifts.changed_meanwhile", _("Somebody has changed this meanwhile. Look at it before you change it again.")
)
SPAN_WRONG = declare(
    "shifts.span_wrong", _("The last day may not be before the first, nor more than a year after it."), status=422
)
ABSENCE_OVERLAPS = declare(
    "shifts.absence_overlaps", _("This person is entered as absent on one of these days already.")
)
ABSENCE_UNKNOWN = declare("shifts.absence_unknown", _("There is no such absence in this hall."), status=404)
OFF_POST_ALREADY = declare("shifts.off_post_already", _("This person is off post on one of these days already."))
OFF_POST_UNKNOWN = declare(
    "shifts.off_post_unknown", _("There is no such time off post in this hall, or it has ended."), status=404
)
EXAM_OPEN_ENDED = declare(
    "shifts.exam_open_ended",
    _("After a failed exam nobody knows the last day off post: it ends when the passed resit is entered."),
    status=422,
)  # fmt: skip
OWN_RETURN = declare("shifts.own_return", _("Somebody else has to put you back on post."), status=403)
WORDS_MISSING = declare("shifts.words_missing", _("Say in a few words what this rests on."), status=422)
LICENCE_UNKNOWN = declare(
    "shifts.licence_unknown", _("There is no such licence in the rules of this hall."), status=422
)
NO_HALL = declare("shifts.no_hall", _("You work in no hall that has rosters."), status=404)
WISH_LATE = declare(
    "shifts.wish_late",
    _("Wishes for this week were possible until %(day)s. Speak to whoever plans the roster."),
    status=422,
)
WISH_FAR = declare("shifts.wish_far", _("Wishes are taken for the next %(weeks)s weeks only."), status=422)
WISH_MANY = declare("shifts.wish_many", _("You have %(count)s wishes in that week already. Withdraw one first."))
WISH_THERE = declare("shifts.wish_there", _("You have a wish for that day already. Withdraw it first."))
WISH_UNKNOWN = declare("shifts.wish_unknown", _("There is no such wish, or it is not yours."), status=404)
WISH_ANSWERED = declare("shifts.wish_answered", _("This wish has been answered or withdrawn already."))
WEEK_WRONG = declare("shifts.week_wrong", _("A roster begins on a Monday, and its cells lie in its week."), status=422)
WEEK_PAST = declare("shifts.week_past", _("This week is over. Its roster stays as it was."), status=422)
ROSTER_UNKNOWN = declare("shifts.roster_unknown", _("There is no such roster in your care."), status=404)
ROSTER_PUBLISHED = declare(
    "shifts.roster_published", _("This roster is no draft any more. Make a new draft of the week.")
)
SHIFT_UNKNOWN = declare("shifts.shift_unknown", _("There is no such shift in this hall on that day."), status=422)
LUNCH_WRONG = declare(
    "shifts.lunch_wrong", _("The lunch break does not lie in the time that this shift has for it."), status=422
)
CELL_TWICE = declare("shifts.cell_twice", _("A person has one cell a day."), status=422)
PERSON_GONE = declare(
    "shifts.person_gone", _("%(name)s does not work at the counters of this hall any more. Take the shifts out first.")
)
PERSON_AWAY = declare("shifts.person_away", _("%(name)s is absent or off post on %(day)s: no shift is possible then."))
