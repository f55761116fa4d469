"""Who is to be texted about a booking, in which words; and whether a text that waits is still true."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext, override, pgettext

from yingting.domains.appointments.models import Booking
from yingting.domains.appointments.queries.leaving import left_alone
from yingting.domains.appointments.queries.rules_in_force import terms_at
from yingting.domains.appointments.queries.text_rules import texts_at
from yingting.domains.appointments.rules.public import number_of
from yingting.domains.appointments.rules.states import Cause, State
from yingting.domains.appointments.rules.texts import Occasion, TextLine, is_in_reach, key_of
from yingting.foundation.catalogue.papers import papers_of
from yingting.foundation.editing.naming import in_language, named
from yingting.foundation.live.links import outside_link
from yingting.foundation.sites.models import Hall
from yingting.foundation.texts.asking import Texting
from yingting.foundation.texts.kinds import TextKind, Waiting
from yingting.foundation.texts.reading import TextState, TextTold, texts_about
from yingting.kernel.clocks import business_day
from yingting.kernel.filling import filled
from yingting.kernel.words import gettext_noop as _

BOOKED, CANCELLED = State.BOOKED.value, State.CANCELLED.value
FRESH = dt.timedelta(hours=1)  # who booked longer ago than this knows it
ON_THE_WAY = (TextState.WAITING, TextState.SENT)


def code_of(occasion: Occasion) -> str:
    """Return the code of an occasion's texts."""
    return f"booking.{occasion.value}"


# ------------------------------------------------------------------------------------------------ who is told what
def to_text(hall: Hall, now: dt.datetime, language: str) -> list[Texting]:
    """Return the texts that the customers of a hall are to get now, without those that they got before.

    Each is in the language in which the customer booked, and in `language` where that is not known.

    Nobody is texted who asked to be left alone or took the consent to service messages back; reminded is who asked for it.
    """
    path, today = hall.unit.path, business_day(now, hall.timezone)
    still = Q(state=BOOKED) | Q(state=CANCELLED, cause=Cause.HALL_CLOSED.value, ended_at__gt=now - FRESH)
    with_number = Booking.objects.select_related("business__business_class", "slot").exclude(phone="")
    rows = list(with_number.filter(still, hall=hall, starts_at__gt=now).order_by("starts_at", "pk"))
    if not rows:
        return []
    rule, hours = texts_at(path, today), terms_at(path, today).reminder_h
    told = texts_about([row.pk for row in rows])
    due = [(row, rule.line(_occasion(row, hours, now, told.get(row.pk, ())))) for row in rows]
    new = [(row, line) for row, line in due if line and text_of(line.occasion, row, told.get(row.pk, ())) is None]
    alone = left_alone({row.customer_id for row, _line in new if row.customer_id is not None})
    return [_texting(hall, line, row, now, language) for row, line in new if row.customer_id not in alone]


def _texting(hall: Hall, line: TextLine, row: Booking, now: dt.datetime, language: str) -> Texting:
    with override(row.language or language):
        key, words = _key(line.occasion, row), _words(hall, line, row)
    return Texting(code_of(line.occasion), row.pk, key, row.phone.open(), words, row.starts_at - now)


def halls_to_text() -> list[UUID]:
    """Return the halls with bookings that somebody may have to be told of; for the worker."""
    rows = Booking.objects.filter(Q(state=BOOKED) | Q(state=CANCELLED, cause=Cause.HALL_CLOSED.value))
    return list(rows.order_by("hall").values_list("hall", flat=True).distinct())


def _occasion(row: Booking, reminder_h: int, now: dt.datetime, told: Sequence[TextTold]) -> Occasion | None:
    if row.state == CANCELLED:
        return Occasion.CANCELLED
    if row.touched_at is not None:
        return Occasion.TOUCHED
    is_due = row.wants_reminder and row.reminded_at is None and is_in_reach(row.starts_at, reminder_h, now)
    if row.changed_at > now - FRESH and not (is_due and text_of(Occasion.BOOKED, row, told)):
        return Occasion.BOOKED
    return Occasion.REMINDER if is_due and reminder_told(row, told, reminder_h) is None else None


def text_of(occasion: Occasion, row: Booking, told: Sequence[TextTold]) -> TextTold | None:
    """Return the text of an occasion about a booking as it is now, None when there is none."""
    return next((one for one in told if (one.kind, one.key) == (code_of(occasion), _key(occasion, row))), None)


def reminder_told(row: Booking, told: Sequence[TextTold], reminder_h: int) -> TextTold | None:
    """Return the text that reminds of a booking; one made or moved so late needs no other than the text which told of that."""
    if (reminder := text_of(Occasion.REMINDER, row, told)) is not None:
        return reminder
    booked = text_of(Occasion.BOOKED, row, told)
    return booked if booked is not None and is_in_reach(row.starts_at, reminder_h, booked.asked_at) else None


def _key(occasion: Occasion, row: Booking) -> str:
    return key_of(row.touched_at if occasion is Occasion.TOUCHED and row.touched_at else row.starts_at)


# ------------------------------------------------------------------------------------------------ in which words
def _words(hall: Hall, line: TextLine, row: Booking) -> str:
    """Fill in a text, in the active language."""
    zone = ZoneInfo(hall.timezone)
    local, until = row.starts_at.astimezone(zone), row.slot.ends_at.astimezone(zone)
    papers = papers_of([row.business], path=hall.unit.path, day=row.business_day)[row.business_id]
    names = [in_language(*paper) for paper in papers]
    values = {
        "hall": named(hall.unit), "day": date_format(local, "MONTH_DAY_FORMAT"), "time": f"{local:%H:%M}–{until:%H:%M}",
        "business": named(row.business), "papers": pgettext("between papers", ", ").join(names) or gettext("nothing special"),
        "number": number_of(row.pk), "link": _link(line.occasion, row, hall.code),
    }  # fmt: skip
    return " ".join(filled(in_language(line.words, line.words_en), values).split())


def _link(occasion: Occasion, row: Booking, hall: str) -> str:
    """The page that helps on, as a phone outside of the house reaches it; without such an address, words."""
    is_over = occasion is Occasion.CANCELLED
    page = reverse("appointments:book", args=[hall]) if is_over else reverse("appointments:own", args=[row.secret])
    return outside_link(page) or gettext("at the hall")


# ------------------------------------------------------------------------------------------------ still true?
def _wanted(occasion: Occasion) -> Callable[[Collection[Waiting], dt.datetime], set[UUID]]:
    state = CANCELLED if occasion is Occasion.CANCELLED else BOOKED

    def wanted(texts: Collection[Waiting], _now: dt.datetime) -> set[UUID]:
        """Those about bookings that stand as the texts tell, of customers who still want to be told."""
        rows = {row.pk: row for row in Booking.objects.filter(pk__in={text.about for text in texts}, state=state)}
        alone = left_alone({row.customer_id for row in rows.values() if row.customer_id is not None})
        return {
            text.id
            for text in texts
            if (row := rows.get(text.about)) is not None
            and row.customer_id not in alone
            and (row.touched_at is None or occasion in (Occasion.TOUCHED, Occasion.CANCELLED))
            and _key(occasion, row) == text.key
        }

    return wanted


ON_BOOKED = TextKind(code_of(Occasion.BOOKED), _("Booking: confirmed"), _wanted(Occasion.BOOKED))
ON_REMINDER = TextKind(code_of(Occasion.REMINDER), _("Booking: reminder"), _wanted(Occasion.REMINDER))
ON_TOUCHED = TextKind(code_of(Occasion.TOUCHED), _("Booking: cannot stand"), _wanted(Occasion.TOUCHED))
ON_CANCELLED = TextKind(code_of(Occasion.CANCELLED), _("Booking: cancelled by the hall"), _wanted(Occasion.CANCELLED))
