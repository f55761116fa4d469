"""The rule of texts about bookings, declared."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from yingting.domains.appointments.rules.texts import BookingTexts, Occasion, TextLine, problems_of
from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook.kinds import Kind, Problem, declare
from yingting.foundation.rulebook.reading import in_force
from yingting.kernel.words import gettext_noop as _

_LINES = (
    TextLine(
        Occasion.BOOKED, True,
        "【{hall}】您已预约{day}{time}办理{business}，预约号{number}。所需材料：{papers}。查看、改约或取消：{link}",
        "{hall}: booked for {day}, {time}: {business}. Number {number}. Please bring: {papers}. See, change or cancel: {link}",
    ),
    TextLine(
        Occasion.REMINDER, True,
        "【{hall}】提醒您：{day}{time}来厅办理{business}，预约号{number}。所需材料：{papers}。来不了请改约或取消：{link}",
        "{hall}: a reminder of {day}, {time}: {business}. Number {number}. Please bring: {papers}. Cannot come? {link}",
    ),
    TextLine(
        Occasion.TOUCHED, True,
        "【{hall}】抱歉，您预约的{day}{time}本厅不能办理{business}。请选择其他时间：{link}",
        "{hall}: we are sorry, your booking of {day}, {time} ({business}) cannot stand. Please choose another time: {link}",
    ),
    TextLine(
        Occasion.CANCELLED, True,
        "【{hall}】抱歉，您预约的{day}{time}办理{business}已由本厅取消，不计爽约。重新预约：{link}",
        "{hall}: we are sorry, the hall cancelled your booking of {day}, {time} ({business}). It does not count. Book anew: {link}",
    ),
)  # fmt: skip


def _check(rule: BookingTexts, _path: str) -> Iterable[Problem]:
    yield from problems_of(rule)


TEXTS = declare(
    Kind(
        code="appointments.texts",
        title=_("Texts about bookings"),
        purpose=_("What customers are texted when they booked, before they come, and when the hall cannot keep the time."),
        shape=BookingTexts,
        shipped=BookingTexts(lines=_LINES),
        source=_("APT-01 asks for a reminder; the words are ours."),
        permission=Permission.APPOINTMENTS_PLAN,
        check=_check,
        position=43,
    )
)  # fmt: skip


def texts_at(path: str, day: dt.date) -> BookingTexts:
    """Return the texts in force for a unit on a day."""
    return in_force(TEXTS, path=path, day=day).rule
