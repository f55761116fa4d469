"""What came of deliveries, in words for those who look after the channels."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from django.db.models import Model, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext

from yingting.foundation.notify.carrying import Reason
from yingting.foundation.notify.models import Channel, Delivery
from yingting.foundation.notify.words import in_words
from yingting.kernel.words import gettext_noop as _

SHOWN = 12
M = TypeVar("M", bound=Model)
WORDS: dict[Reason, str] = {
    Reason.UNREACHABLE: _("No answer: the service cannot be reached, or took too long."),
    Reason.REFUSED: _("The service refused it (HTTP %(number)s). Is the key in the address still valid?"),
    Reason.REJECTED: _("The service rejected it (its code %(number)s). Look up the code in the robot's manual."),
    Reason.UNREADABLE: _("The kept address cannot be read any more. Enter it again."),
    Reason.UNUSABLE: _("The address is not complete. Compare it with the manual."),
}


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one delivery, in the reader's language."""

    at: dt.datetime
    title: str
    in_words: str
    is_test: bool
    is_waiting: bool
    is_bad: bool


def in_short(sent_at: dt.datetime | None, failed_at: dt.datetime | None, reason: str, number: int | None) -> str:
    """Return what came of a text that was to leave the house, in the reader's language."""
    why = gettext(WORDS[Reason(reason)]) % {"number": number} if reason else ""
    if sent_at:
        return gettext("The service accepted it. Look there whether it arrived.")
    if failed_at:
        return gettext("Given up.") + " " + why
    return gettext("Will be tried again.") + " " + why if reason else gettext("Waits to be sent.")


def _result(row: Delivery) -> Result:
    told = in_short(row.sent_at, row.failed_at, row.reason, row.number)
    title = in_words(row.notice.title, row.notice.params) if row.notice else ""
    waiting = row.sent_at is None and row.failed_at is None
    return Result(row.created_at, title, told, row.notice_id is None, waiting, bool(row.reason) and not row.sent_at)


def results_of(channel: Channel) -> list[Result]:
    """Return what a channel sent lately, the newest first."""
    rows = Delivery.objects.filter(channel=channel).select_related("notice").order_by("-created_at", "-id")
    return [_result(row) for row in rows[:SHOWN]]


def last_results(channels: QuerySet[Channel]) -> dict[UUID, Result]:
    """Return the last result of each channel that has one."""
    rows = newest_of(Delivery.objects.select_related("notice"), channels)
    return {row.channel_id: _result(row) for row in rows}


def newest_of(rows: QuerySet[M], channels: QuerySet[Channel]) -> QuerySet[M]:
    """Return the newest of an outbox's rows for each of these channels that has one."""
    newest = rows.filter(channel=OuterRef("pk")).order_by("-created_at", "-id").values("pk")[:1]
    return rows.filter(pk__in=channels.annotate(last=Subquery(newest)).values("last"))
