"""The rule of the customers' pages, and the code that proves being in the hall."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.utils.crypto import constant_time_compare, salted_hmac

from yingting.domains.appointments.rules.public import CODE_DIGITS, PublicBooking, code_turn, problems_of
from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook.kinds import Kind, Problem, declare
from yingting.foundation.rulebook.reading import in_force
from yingting.kernel.words import gettext_noop as _

NOTICE = (
    "我们保存您的姓名和手机号，只用于这次预约：到厅时找到它、时间有变时联系您。您写的需求和勾选的材料交给台席，以便提前准备。"
    "姓名和手机号加密保存，到期删除；您可以随时取消预约，并要求查看、更正或删除。"
)
NOTICE_EN = (
    "We keep your name and your telephone number for this booking only: to find it when you come, and to reach you when the time"
    " has to change. What you write about your need and the papers that you tick go to the counter, so that it can prepare."
    " Name and number are kept encrypted and erased in time; you can cancel at any time, and ask to see, correct or delete them."
)


def _check(rule: PublicBooking, _path: str) -> Iterable[Problem]:
    for field, sentence in problems_of(rule):
        yield field, sentence, {}


PUBLIC = declare(
    Kind(
        code="appointments.public",
        title=_("Booking by phone"),
        purpose=_(
            "The pages on which customers book and arrive: the notice with its version, how often one may knock."
        ),
        shape=PublicBooking,
        shipped=PublicBooking(notice=NOTICE, notice_en=NOTICE_EN),
        source=_("APT-01; the law on personal information asks for the notice. The numbers are ours."),
        permission=Permission.APPOINTMENTS_PLAN,
        check=_check,
        position=42,
    )
)


def public_booking(path: str, day: dt.date) -> PublicBooking:
    """Return the rule of the customers' pages in force for a unit on a day."""
    return in_force(PUBLIC, path=path, day=day).rule


def hall_code(hall: UUID, rule: PublicBooking, now: dt.datetime) -> str:
    """Return the code that the hall shows now: digits that change with time and that nobody outside can reckon."""
    return _code(hall, code_turn(now, rule.code_min))


def is_hall_code(hall: UUID, rule: PublicBooking, code: str, now: dt.datetime) -> bool:
    """Was the code shown in the hall now or a moment ago? The one before still holds."""
    turn = code_turn(now, rule.code_min)
    given = "".join(sign for sign in code if sign.isdigit())
    return any(constant_time_compare(given, _code(hall, one)) for one in (turn, turn - 1))


def _code(hall: UUID, turn: int) -> str:
    digest = salted_hmac("yingting.appointments.hall_code", f"{hall}:{turn}", algorithm="sha256").digest()
    return f"{int.from_bytes(digest[:8]) % 10**CODE_DIGITS:0{CODE_DIGITS}d}"
