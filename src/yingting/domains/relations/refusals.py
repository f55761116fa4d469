"""What relations refuse, each code once."""

from __future__ import annotations

from yingting.kernel.refusals import declare
from yingting.kernel.words import gettext_noop as _

NOT_THERE = declare("relation.unknown", _("There is no such entry, or it is not in your care."), status=404)
CHANGED = declare("relation.changed", _("Somebody was faster: this has changed meanwhile. Look at it again."))
FIELD_MISSING = declare("relation.field_missing", _("Please fill in “%(field)s”."), status=422)
DAY_PAST = declare("relation.day_past", _("This day has passed. Choose a later one."), status=422)
CODE_UNKNOWN = declare("relation.code_unknown", _("“%(code)s” is not in the rule in force here."), status=422)
OWNER_UNKNOWN = declare(
    "relation.owner_unknown", _("Nobody with this staff number may look after customers here."), status=422
)
NOT_FREQUENT = declare(
    "teaching.not_frequent", _("This customer is not a frequent visitor now; there is nothing to teach.")
)
TEACHING_OPEN = declare("teaching.open", _("This customer has a teaching plan already."))
TEACHING_SILENT = declare("teaching.no_contact", _("Note the contact first: nobody is taught without a word."))
ENTITLED = declare("entitlement.granted", _("The customer has this entitlement already, for the same reason."))
ENTITLEMENT_USED = declare("entitlement.used", _("This entitlement was used already, on %(day)s. It holds once."))
ENTITLEMENT_OVER = declare("entitlement.over", _("This entitlement was valid until %(day)s."))
OFFERING_SPAN = declare(
    "offering.span", _("The last day must not be before the first, and must not have passed."), status=422
)
OFFERING_CLOSED = declare("offering.closed", _("This campaign does not run today."))
REGISTERED = declare("offering.registered", _("This customer takes part in the campaign already."))
LEAD_OPEN = declare("lead.open", _("There is an open lead for this customer and interest already."))
REFERRAL_TAKEN = declare("lead.referral_taken", _("This referral has become a lead already."))
VISIT_PLANNED = declare("site_visit.planned", _("A visit for this purpose is planned already."))
CARE_DONE = declare("care.done", _("This act of care has been settled already."))
TOLD_ALREADY = declare("notice.told", _("The customer has been told already."))
NOBODY_CARED = declare("notice.nobody", _("There is no customer of these segments with an account manager here."))
NO_CHECKLIST = declare("special_care.none", _("Nothing is owed to this customer by the checklist."))
