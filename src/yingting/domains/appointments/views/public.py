"""What the customers' pages of bookings share: nobody indexes or keeps them, refusals are told in a customer's words, links."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest

from yingting.domains.appointments.queries.public import PublicHall
from yingting.domains.appointments.refusals import FORM_AGAIN
from yingting.domains.queueing.views.links import public_link
from yingting.foundation.editing.naming import in_language
from yingting.foundation.editing.public import page_for_customers
from yingting.kernel.refusals import Refusal

AN_HOUR = 3600
KNOCKS_A_MINUTE = 600  # a hall's guest network shows all its phones under one address
WRONG_SECRETS_A_MINUTE = 30
for_customers = page_for_customers("appointments/public/refused.html")


def instant_of(request: HttpRequest, name: str = "starts_at") -> dt.datetime:
    """Return the instant that was posted. Raises Refusal booking.form_again when it is none."""
    try:
        found = dt.datetime.fromisoformat(request.POST.get(name, ""))
    except ValueError:
        raise Refusal(FORM_AGAIN) from None
    if found.tzinfo is None:
        raise Refusal(FORM_AGAIN)
    return found


def notice_of(hall: PublicHall) -> str:
    """Return the notice on personal data in the reader's language."""
    return in_language(hall.rule.notice, hall.rule.notice_en)


def book_link(request: HttpRequest, code: str) -> str:
    """Return the full address on which customers of a hall book."""
    return public_link(request, "appointments:book", code)


def own_link(request: HttpRequest, secret: str) -> str:
    """Return the full address of a booking's own page."""
    return public_link(request, "appointments:own", secret)


def here_link(request: HttpRequest, code: str, hall_code: str) -> str:
    """Return the full address on which who is in the hall arrives by phone; it holds the code that the hall shows now."""
    return f"{public_link(request, 'appointments:here', code)}?c={hall_code}"
