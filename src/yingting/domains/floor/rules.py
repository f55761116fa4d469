"""Pure decisions of the floor: what is missing, who is absent, when care is due, whether a form is filled in rightly."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from enum import StrEnum

from yingting.domains.floor.refusals import FIELD_WRONG, NOTE_PERSONAL
from yingting.kernel.refusals import Refusal


class Outcome(StrEnum):
    """What follows when a customer has said what they need."""

    TICKET = "ticket"
    SELF_SERVICE = "self_service"
    ONLINE = "online"
    ROVING = "roving"
    LATER = "later"


class Result(StrEnum):
    """How a diversion ended. A customer's no is a result like any other and blocks nothing (SLF-04)."""

    DONE = "done"
    BACK = "back"
    REFUSED = "refused"


class RovingResult(StrEnum):
    """How a visit on the move ended: done there, on to a counter, or broken off."""

    DONE = "done"
    COUNTER = "counter"
    STOPPED = "stopped"


class HelpResult(StrEnum):
    """How a call for help ends by hand; what is open at the end of the day ends by itself."""

    DONE = "done"
    CANCELLED = "cancelled"


class ReferralResult(StrEnum):
    """What became of a customer who was referred to the lobby. What nobody answered by the end of the day lapses."""

    INTERESTED = "interested"
    DONE = "done"
    NOT_NOW = "not_now"
    NOT_FOUND = "not_found"


class ManagerAnswer(StrEnum):
    """How an account manager answers who is asked to take a customer over. What is not accepted stays with who asked."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"  # by the clerk who asked
    UNANSWERED = "unanswered"  # the day ended


class Assist(StrEnum):
    """What a guard helps with (QUE-17), and any guide at the machines (SLF-03)."""

    TICKET = "ticket"
    KIOSK = "kiosk"
    ORDER = "order"


class FieldKind(StrEnum):
    """Kinds of field of a pre-acceptance form."""

    TEXT = "text"
    NUMBER = "number"
    CHOICE = "choice"
    DATE = "date"


# Longest answer in one field, and longest note: a slip of paper, not a letter.
FIELD_LENGTH = 120
NOTE_LENGTH = 300
# So many digits in a row, or in the groups of a mobile number, are somebody's number.
_NUMBER = re.compile(r"\d{7,}|\d{3}[ -]\d{4}[ -]\d{4}")


def plain_note(text: str) -> str:
    """Return a short note between colleagues as it is kept. Raises Refusal floor.note_personal when it holds a long number.

    >>> plain_note("  wants 1000M,  by the window ")
    'wants 1000M, by the window'
    """
    kept = " ".join(text.split())[:FIELD_LENGTH]
    if _NUMBER.search(kept):
        raise Refusal(NOTE_PERSONAL)
    return kept


def missing_papers(papers: Sequence[tuple[str, str, bool | None]]) -> tuple[str, ...]:
    """Return the names of the papers that the customer does not have; one that nobody asked about (None) is not missing.

    >>> missing_papers([("identity card", "", True), ("address", "", False), ("letter", "", None)])
    ('address',)
    """
    return tuple(name for name, _english, has in papers if has is False)


def checked_value(label: str, kind: FieldKind, value: str, *, choices: Sequence[str], is_required: bool) -> str:
    """Return an answer as it is kept. Raises Refusal floor.field_wrong when it does not fit the field.

    >>> checked_value("Old plan", FieldKind.CHOICE, " 59 ", choices=("59", "99"), is_required=True)
    '59'
    >>> checked_value("Day", FieldKind.DATE, "", choices=(), is_required=False)
    ''
    """
    value = " ".join(value.split())
    if not value:
        if is_required:
            raise Refusal(FIELD_WRONG, label=label)
        return ""
    if len(value) > FIELD_LENGTH or not _fits(kind, value, choices):
        raise Refusal(FIELD_WRONG, label=label)
    return value


def _fits(kind: FieldKind, value: str, choices: Sequence[str]) -> bool:
    if kind is FieldKind.NUMBER:
        return value.replace(".", "", 1).isdecimal()
    if kind is FieldKind.CHOICE:
        return value in choices
    if kind is FieldKind.DATE:
        try:
            dt.date.fromisoformat(value)
        except ValueError:
            return False
    return True


def overlaps(starts: dt.time, ends: dt.time, others: Iterable[tuple[dt.time, dt.time]]) -> bool:
    """Does a span of the day share time with one of the others? Spans that only touch do not.

    >>> overlaps(dt.time(9), dt.time(12), [(dt.time(12), dt.time(14))])
    False
    """
    return any(starts < end and begin < ends for begin, end in others)


def is_absent(starts: dt.time, ends: dt.time, local: dt.time, *, grace_min: int, stood: bool) -> bool:
    """Is a planned post without its person, the grace from its beginning over and the shift not (QUE-31)?

    >>> is_absent(dt.time(9), dt.time(12), dt.time(9, 11), grace_min=10, stood=False)
    True
    >>> is_absent(dt.time(9), dt.time(12), dt.time(9, 10), grace_min=10, stood=False)
    False
    """
    since = (local.hour * 60 + local.minute) - (starts.hour * 60 + starts.minute)
    return not stood and since > grace_min and local < ends


def care_is_due(last: dt.datetime | None, now: dt.datetime, repeat_min: int) -> bool:
    """Is a task of crowd care to be done (again)? Once done it rests for its interval.

    >>> at = dt.datetime(2026, 1, 5, 2, 0, tzinfo=dt.UTC)
    >>> care_is_due(None, at, 10), care_is_due(at, at + dt.timedelta(minutes=9), 10), care_is_due(at, at + dt.timedelta(minutes=10), 10)
    (True, False, True)
    """
    return last is None or now - last >= dt.timedelta(minutes=repeat_min)
