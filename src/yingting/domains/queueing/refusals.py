"""The queue's refusals, each with its sentence."""

from yingting.kernel.refusals import declare
from yingting.kernel.words import gettext_noop as _

HALL_CLOSED = declare("queue.hall_closed", _("The hall is closed now. It opens again: %(opens)s."))
NOT_OFFERED = declare(
    "queue.not_offered", _("This hall does not do this business. Choose another, or ask a colleague."), status=422
)
PRIORITY_UNKNOWN = declare("queue.priority_unknown", _("There is no such priority class in this hall."), status=422)
ENTITLEMENT_UNKNOWN = declare(
    "queue.entitlement_unknown", _("The green channel of this hall has no such entitlement today."), status=422
)
KEY_REUSED = declare(
    "request.key_reused", _("This request key was used for something else. Send a fresh key."), status=422
)
TICKET_UNKNOWN = declare("ticket.unknown", _("There is no such ticket in this hall today."), status=404)
TICKET_MOVED_ON = declare(
    "ticket.moved_on", _("This ticket has moved on meanwhile: it is now “%(state)s”. Look again.")
)
NOT_YOURS = declare("ticket.not_yours", _("This ticket is not at your counter."), status=403)
SESSION_UNKNOWN = declare("session.unknown", _("There is no such counter session. Sign in at a counter."), status=404)
SESSION_CLOSED = declare("session.closed", _("Your counter is closed. Sign in at a counter."))
SESSION_OLD = declare("session.old", _("This session is from another day. Sign in at the counter again."))
SESSION_PAUSED = declare("session.paused", _("Your counter is paused. Resume it to call."))
SESSION_BUSY = declare("session.busy", _("You still have ticket %(number)s. Finish, park, transfer or mark it first."))
NOBODY_WAITS = declare("queue.nobody_waits", _("Nobody is waiting for your counter."), status=404)
COUNTER_UNKNOWN = declare("counter.unknown", _("There is no such counter in this hall."), status=404)
COUNTER_TAKEN = declare("counter.taken", _("Somebody is signed in at counter %(number)s already."))
CLERK_ELSEWHERE = declare(
    "clerk.elsewhere", _("%(staff_no)s is signed in at counter %(number)s. Sign out there first.")
)
CLERK_UNKNOWN = declare("clerk.unknown", _("There is no such clerk in this hall."), status=422)
REASON_NEEDED = declare("reason.needed", _("Give a reason."), status=422)
QUEUE_UNKNOWN = declare("queue.unknown", _("There is no such queue in this hall."), status=404)
TOO_FEW_BEHIND = declare("ticket.too_few_behind", _("Nobody waits behind you: there is nobody to let go first."))
RATED_ALREADY = declare("ticket.rated_already", _("This visit has been rated. Thank you."))
RATE_AFTER = declare("ticket.rate_after", _("You can rate after the visit."))
SCORE_RANGE = declare("ticket.score_range", _("Choose from 1 to 5."), status=422)
DAY_CLOSED = declare("day.closed", _("The hall has been closed for today. A duty manager can open the day again."))
DAY_OPEN = declare("day.open", _("%(count)s customers are still at a counter. Finish them before closing the day."))
TOO_MANY = declare(
    "screen.too_many", _("Too many requests from here. Please wait a minute, then try again."), status=429
)
MODE_FORCED = declare("mode.forced", _("The hall is in forced diversion already."))
MODE_NORMAL = declare("mode.normal", _("The hall is in normal mode already."))
WAITS_UNUSABLE = declare("waits.unusable", _("This is no wait model that can be told from: %(problem)s."), status=422)
WAITS_WEAK = declare(
    "waits.weak",
    _("The wait model held %(held)s of 100 waits, %(least)s are needed. The hall keeps what it has."),
    status=422,
)
STEERED = declare(
    "queue.steered",
    _(
        "Just now “%(business)s” goes faster here: %(other)s, %(place)s, about %(minutes)s min. The counter does it too: say why."
    ),
)
NOT_HERE = declare(
    "queue.not_here",
    _(
        "This hall does not do “%(business)s”. The nearest that does: %(hall)s, %(address)s, %(distance)s km, hours %(hours)s."
    ),
)
NOWHERE_NEAR = declare(
    "queue.nowhere_near",
    _("This hall does not do “%(business)s”, and no other hall is entered for it. A colleague finds the way for you."),
)
VERIFICATION_NEEDED = declare(
    "ticket.verification_needed",
    _("This is risk business: check the identity again or have a second person confirm, then go on."),
)
VERIFICATION_UNNEEDED = declare("ticket.verification_unneeded", _("Nothing is left to verify for this ticket."))
SECOND_PERSON_NEEDED = declare(
    "ticket.second_person_needed", _("This business needs a second person who confirms it."), status=422
)
SECOND_PERSON_UNFIT = declare(
    "ticket.second_person_unfit",
    _("The second person is somebody else who supervises this hall. Staff number or password do not fit."),
    status=422,
)
COMPLAINT_UNKNOWN = declare("complaint.unknown", _("There is no such report in this hall."), status=404)
COMPLAINT_DONE = declare("complaint.done", _("A colleague has taken care of this report already."))
REPORTED_ALREADY = declare("complaint.reported_already", _("Your report is with the hall manager already."))
CUSTOMER_NOT_FOUND = declare(
    "ticket.customer_not_found",
    _("No file within reach has this number. Check it with the customer, or register a new file."),
    status=404,
)
CUSTOMER_SEVERAL = declare(
    "ticket.customer_several", _("Several files have this number. The counter will ask which of them it is.")
)
KNOWN_ALREADY = declare(
    "ticket.known_already", _("It is known already who has this number. A colleague can correct it at the counter.")
)
