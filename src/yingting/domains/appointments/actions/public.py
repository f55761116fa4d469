"""What a customer does alone on the phone: confirms a held place, with the notice that was shown."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from yingting.domains.appointments.actions.booking import confirm
from yingting.domains.appointments.contracts import Given
from yingting.domains.appointments.models import Booking
from yingting.domains.appointments.refusals import DAY_LIMIT, LIMITED, OPEN_LIMIT, SAME_TIME, WAITING_PERIOD
from yingting.foundation.journal.writing import writing
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal

_ABOUT_THE_PERSON = (OPEN_LIMIT, DAY_LIMIT, SAME_TIME, WAITING_PERIOD)


@dataclass(frozen=True, slots=True)
class Filled:
    """The form of a customer. `papers` are the names of those ticked, `notice` the version of the notice that was shown, and
    `language` the page's.
    """

    name: str
    phone: str
    need: str = ""
    papers: tuple[str, ...] = ()
    wants_reminder: bool = False
    notice: str = ""
    language: str = ""


def confirm_own(*, booking: UUID, filled: Filled, actor: Actor, now: dt.datetime) -> Given:
    """Confirm a held place for the person who typed this number.

    The number is not proven, so no refusal says what is known under it: whatever a person may not do is booking.limited.
    Raises Refusal booking.limited, booking.hold_over, booking.name_missing, customer.phone_form, booking.unknown.
    """
    try:
        with writing():
            given = confirm(
                booking=booking, name=filled.name, phone=filled.phone, need=filled.need, papers=filled.papers,
                wants_reminder=filled.wants_reminder, actor=actor, now=now,
            )  # fmt: skip
            Booking.objects.filter(pk=booking, notice="").update(notice=filled.notice[:16], language=filled.language)
    except Refusal as refusal:
        raise Refusal(LIMITED) if refusal.code in _ABOUT_THE_PERSON else refusal from None
    return given
