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
