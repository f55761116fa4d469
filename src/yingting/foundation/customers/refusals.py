"""What the customer file refuses, each code once."""

from __future__ import annotations

from yingting.kernel.refusals import declare
from yingting.kernel.words import gettext_noop as _

CUSTOMER_UNKNOWN = declare(
    "customer.unknown", _("There is no such customer file, or it is not in your care."), status=404
)
CUSTOMER_GONE = declare("customer.gone", _("This file has been merged or erased. Search for the customer again."))
PHONE_FORM = declare("customer.phone_form", _("This is not a telephone number. Please check it."), status=422)
LEFT_ALONE = declare(
    "customer.left_alone", _("This customer has asked not to be contacted. Do not call or write unasked.")
)
CONSENT_MISSING = declare(
    "customer.consent_missing", _("The customer has not agreed to this purpose. Ask first, at the next visit.")
)
KNOWN_ALREADY = declare(
    "customer.known_already",
    _("This customer has a file already: %(who)s. Open it, or say that this is another person."),
)
OUTDATED = declare(
    "customer.outdated", _("Somebody changed this file meanwhile. Load it again and look at what changed.")
)
ID_NUMBER_FORM = declare(
    "customer.id_number_form",
    _(
        "The identity number is not right: 18 characters, the last one checks the others. Please compare it with the document."
    ),
    status=422,
)
NAME_MISSING = declare("customer.name_missing", _("Write down the customer's name."), status=422)
CODE_UNKNOWN = declare("customer.code_unknown", _("This choice is not in the rules in force any more."), status=422)
WHY_MISSING = declare("customer.why_missing", _("Say in a few words why."), status=422)
NEED_CONSENT = declare(
    "customer.need_consent",
    _("Special needs are sensitive personal data: note them only after the customer has agreed to it apart."),
)
PERSON_UNFIT = declare("customer.person_unfit", _("This person does not look after customers there."), status=422)
SAME_FILE = declare("customer.same_file", _("This is one and the same file."), status=422)
OTHER_ID_NUMBER = declare(
    "customer.other_id_number",
    _("The two files have different identity numbers. Merge them only if you know why, and say it."),
)
OUT_OF_HOURS = declare("customer.out_of_hours", _("Customers are contacted from %(first)s to %(last)s only."))
REQUEST_UNKNOWN = declare(
    "customer.request_unknown", _("There is no such request, or it is not in your care."), status=404
)
REQUEST_OVER = declare("customer.request_over", _("This request has been answered already."))
NOT_VERIFIED = declare("customer.not_verified", _("Check who asks first, and write down how."))
ANSWER_MISSING = declare("customer.answer_missing", _("Write what the customer is told."), status=422)
LINK_OVER = declare(
    "customer.link_over", _("This link is not valid any more. Ask in the hall for a new one."), status=404
)
TOO_MANY_REQUESTS = declare(
    "customer.too_many", _("Too many requests from here. Please wait a minute, then try again."), status=429
)
ROW_KEY_TWICE = declare(
    "customer.row_twice", _("The same customer number stands in line %(line)s already."), status=422
)
ROW_VALUE = declare("customer.row_value", _("“%(value)s” cannot be read as %(column)s."), status=422)
ROW_UNIT = declare("customer.row_unit", _("There is no unit “%(value)s” in your care."), status=422)
FILE_MISSING = declare("customer.file_missing", _("Choose a file."), status=422)
PROOF_MISSING = declare("customer.proof_missing", _("Say how it was checked who asks."), status=422)
