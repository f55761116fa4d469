"""What appointments refuse, each code once. A refusal to somebody outside tells nothing about anybody else's bookings."""

from __future__ import annotations

from yingting.kernel.refusals import declare
from yingting.kernel.words import gettext_noop as _

UNKNOWN = declare("booking.unknown", _("There is no such booking, or the link is not right."), status=404)
NOT_BOOKABLE = declare(
    "booking.not_bookable", _("This business cannot be booked in this hall. Please come and take a number.")
)
NO_SLOT = declare("booking.no_slot", _("This time cannot be booked. Please choose another one."))
FULL = declare("booking.full", _("This time has just been taken. Please choose another one."))
HOLD_OVER = declare(
    "booking.hold_over", _("The place was held too long ago and is free again. Please choose a time once more.")
)
ENDED = declare("booking.ended", _("This booking is over. Please load the page again."))
CHANGED = declare("booking.changed_meanwhile", _("This booking has just changed. Please load the page again."))
NAME_MISSING = declare("booking.name_missing", _("Please enter a name that we may call you by."), status=422)
CHANGE_LATE = declare(
    "booking.change_late",
    _("It is too late to change this booking here. Please come as booked, cancel it, or call the hall."),
)
OPEN_LIMIT = declare("booking.open_limit", _("A person may have %(count)s open bookings. Change or cancel one first."))
DAY_LIMIT = declare(
    "booking.day_limit", _("A person may book %(count)s times for one day. Change or cancel that booking first.")
)
SAME_TIME = declare("booking.same_time", _("There is a booking at this time with this number already."))
WAITING_PERIOD = declare(
    "booking.waiting_period",
    _(
        "Booked times were missed several times, so nothing can be booked until %(until)s. You can always take a number in the hall."
    ),
)
CHOICE_UNKNOWN = declare("booking.choice_unknown", _("Choose one of the answers."), status=422)
WORDS_MISSING = declare("booking.words_missing", _("Please write a word on why."), status=422)
NOT_OVER = declare("booking.not_over", _("The customer may still come: the time for it is not over."))
NOT_TOUCHED = declare("booking.not_touched", _("This booking stands as it is; there is nothing to decide."))
DOOR_CLOSED = declare(
    "booking.door_closed", _("The hall is closed then, so the booking cannot stand. Offer another time.")
)
BLOCK_UNKNOWN = declare("booking.block_unknown", _("There is no such waiting period in your care."), status=404)
APPEAL_THERE = declare("booking.appeal_there", _("An objection has been made already. You get an answer by telephone."))
NO_APPEAL = declare("booking.no_appeal", _("This waiting period cannot be objected to."))
APPEAL_UNKNOWN = declare("booking.appeal_unknown", _("There is no such objection, or it has been decided."), status=404)
APPEAL_OTHER_PERSON = declare(
    "booking.appeal_other_person", _("Somebody else has to decide: you noted this objection or one of the no-shows.")
)
OTHER_DAY = declare(
    "booking.other_day", _("This booking is for %(day)s, %(time)s. Come back then, or take a number for today.")
)
OVER = declare(
    "booking.over",
    _("You booked %(time)s. That time is over and the place is gone. You can take a number now, like everybody."),
)
SEVERAL = declare("booking.several", _("Please enter the telephone number that you booked with."), status=422)
PAGES_CLOSED = declare(
    "booking.pages_closed", _("Nothing can be booked here. Please come and take a number."), status=404
)
LIMITED = declare(
    "booking.limited",
    _(
        "With this number nothing more can be booked just now. Change or cancel a booking by its link, or come and take a number."
    ),
)
CODE_WRONG = declare(
    "booking.code_wrong", _("This is not the code shown in the hall now. Look at the ticket machine."), status=422
)
FORM_AGAIN = declare("booking.form_again", _("Please open the page again and choose a time."), status=422)
