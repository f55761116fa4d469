"""What customers meet on their own phones when they book: the notice, the bounds on knocking, the number of a booking."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from yingting.kernel.shapes import said
from yingting.kernel.words import gettext_noop as _


@dataclass(frozen=True, slots=True)
class PublicBooking:
    """The pages on which customers book."""

    is_open: bool = said(_("Customers may book on their phones"), default=True)
    notice: str = said(_("Notice on personal data"), is_long=True, default="")
    notice_en: str = said(_("Notice in English"), is_long=True, default="")
    notice_version: str = said(
        _("Version of the notice"), default="1", help=_("Kept with every booking; change it with the text.")
    )
    arrive_from_min: int = said(
        _("Arriving by phone from"), unit=_("minutes before"), low=0, high=240, default=60,
        help=_("From then on the customer's page has the button. At kiosk, guide and counter one may arrive at any time of the day."),
    )  # fmt: skip
    code_min: int = said(
        _("Hall code changes every"), unit=_("minutes"), low=5, high=720, default=60,
        help=_("Shown on the kiosk and at the desk. Who arrives by phone types it: it proves being in the hall."),
    )  # fmt: skip
    of_address: int = said(
        _("Places held from one network address"), unit=_("an hour"), low=1, high=1000, default=30,
        help=_("All phones on the hall's own network share one."),
    )  # fmt: skip
    of_hall: int = said(_("Places held in one hall"), unit=_("an hour"), low=1, high=10000, default=300)


NUMBER_DIGITS = 8
CODE_DIGITS = 4


def number_of(booking: UUID) -> str:
    """Return the number of a booking, as it is typed at a kiosk: eight digits. Two bookings of a day may share one, seldom.

    >>> number_of(UUID(int=7)), number_of(UUID(int=2**64 + 123456789))
    ('00000007', '33008405')
    """
    return f"{booking.int % 10**NUMBER_DIGITS:0{NUMBER_DIGITS}d}"


_SECRET = re.compile(r"/b/([A-Za-z0-9_-]{8,24})/?")


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody typed or scanned to be found by: the secret of a link, the number of a booking, or a telephone number."""

    secret: str = ""
    number: str = ""
    phone: str = ""


def typed(text: str) -> Typed:
    """Read what was typed or scanned at the kiosk. Eight digits are a booking's number; a scanner types the whole address.

    >>> typed("https://hall.example/b/aBc-123_x0/"), typed("1234 5678").number, typed("138 0013 8000").phone
    (Typed(secret='aBc-123_x0', number='', phone=''), '12345678', '13800138000')
    >>> typed("hello")
    Typed(secret='', number='', phone='')
    """
    if found := _SECRET.search(text):
        return Typed(secret=found.group(1))
    digits = "".join(sign for sign in text if sign.isdigit())
    if len(digits) == NUMBER_DIGITS:
        return Typed(number=digits)
    return Typed(phone=digits) if len(digits) > NUMBER_DIGITS else Typed()


def code_turn(now: dt.datetime, code_min: int) -> int:
    """Return the count of the stretch of time in which a hall code holds.

    >>> nine = dt.datetime(2026, 1, 5, 9, tzinfo=dt.UTC)
    >>> code_turn(nine + dt.timedelta(minutes=61), 60) - code_turn(nine, 60)
    1
    """
    return int(now.timestamp() // (code_min * 60))


def problems_of(rule: PublicBooking) -> Iterable[tuple[str, str]]:
    """Yield what no single field can see: (field, sentence).

    >>> list(problems_of(PublicBooking(notice="n", notice_version="")))
    [('notice_version', 'A notice needs a version, so that each booking can name it.')]
    """
    if rule.notice.strip() and not rule.notice_version.strip():
        yield "notice_version", _("A notice needs a version, so that each booking can name it.")
